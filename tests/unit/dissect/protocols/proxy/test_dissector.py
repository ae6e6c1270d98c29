"""The PROXY protocol, on the load-balancing lab's own capture and on headers made by hand; no bytes make it fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Source, View
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.protocols.proxy import dissector as proxy
from machinelab.dissect.walk import Walker
from machinelab.model import Event
from machinelab.sources import pcap
from tests import ROOT
from tests.unit.correlate.wires import TCP, Wire

REFERENCE = ROOT / "labs/load-balancing/reference/doors.pcapng"
EVENTS = pcap.load(REFERENCE).events
HEAD = proxy.MAGIC + b"\x21"
V2 = HEAD + b"\x11\x00\x0c" + bytes([198, 18, 72, 21, 198, 18, 72, 7]) + b"\x9c\x40\x0c\x38"
V6 = HEAD + b"\x21\x00\x24" + bytes(15) + b"\1" + bytes(15) + b"\2" + b"\x9c\x40\x0c\x38"
TOLD = HEAD + b"\x11\x00\x13" + V2[16:] + b"\x05\x00\x04abcd"
UNIX = HEAD + b"\x31\x00\xd8" + b"/client".ljust(108, b"\0") + b"/proxy".ljust(108, b"\0")
LOCAL = proxy.MAGIC + b"\x20\x00\x00\x00"
V1 = b"PROXY TCP4 198.18.72.21 198.18.72.7 40000 3128\r\n"
UNKNOWN = b"PROXY UNKNOWN whatever\r\n"


def dissected(message: bytes) -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(0, message, len(message), Source(0, 1)), 0, 0)
    proxy.dissect(View(info, message, "frame", out), Part(proxy.APPLICATIONS[0], 0, len(message)))
    return out


def values(message: bytes) -> dict[str, object]:
    return {item[0]: item[1] for item in dissected(message)}


def announced() -> Event:
    return next(item for item in EVENTS if "proxy" in item)


def test_the_proxy_names_the_client_before_its_bytes() -> None:
    said = announced()
    assert said.protocol == "PROXY" and said["proxy.version"] == 2 and said["proxy.v2.cmd"] == 1
    asked = next(e for e in EVENTS if "/told" in e.values("http.request.uri") and e["tcp.dstport"] == 3128)
    assert (said["proxy.src.ipv4"], said["proxy.srcport"]) == (asked["ip.src"], asked["tcp.srcport"])
    assert (said["proxy.dst.ipv4"], said["proxy.dstport"]) == (asked["ip.dst"], asked["tcp.dstport"])


def test_what_follows_is_read_as_what_it_looks_like() -> None:
    stream = announced().stream
    after = [e for e in EVENTS if e.stream == stream and e.protocol == "HTTP"]
    assert [e.content.summary().split()[0] for e in after] == ["GET", "200"]
    assert all(":proxy:http" in str(e["frame.protocols"]) for e in after)


@pytest.mark.parametrize("message", [V1, V2, V6], ids=["v1", "v2", "v2 of IPv6"])
def test_both_versions_say_the_same(message: bytes) -> None:
    found = values(message)
    assert (found["proxy.srcport"], found["proxy.dstport"]) == (40000, 3128)
    assert proxy.size_of(message) == len(message) == proxy.size_of(message + b"GET / HTTP/1.1")


def test_what_else_there_is_to_tell() -> None:
    found = values(TOLD)
    assert (found["proxy.v2.tlv.type"], found["proxy.v2.tlv.length"], found["proxy.v2.tlv.value"]) == (
        5,
        4,
        b"abcd",
    )


def test_sockets_of_one_machine() -> None:
    assert values(UNIX)["proxy.v2.src.unix"] == b"/client".ljust(108, b"\0")


def test_nobody_in_particular() -> None:
    assert values(LOCAL)["proxy.v2.cmd"] == 0 and values(UNKNOWN)["proxy.v1.unknown"] == "whatever"


@pytest.mark.parametrize("message", [V1, V2, V6, TOLD, UNIX, LOCAL, UNKNOWN])
def test_cut_off_anywhere_it_is_waited_for_and_read_as_far_as_it_goes(message: bytes) -> None:
    for size in range(len(message)):
        assert proxy.size_of(message[:size]) in (0, len(message))
        for item in dissected(message[:size]):
            assert 0 <= item[2] <= item[3] <= size


@pytest.mark.parametrize("message", [V1, V2, V6, TOLD, UNIX, LOCAL, UNKNOWN])
def test_it_has_a_summary(message: bytes) -> None:
    assert proxy.summary(message, Part(proxy.APPLICATIONS[0], 0, len(message))).startswith("PROXY v")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"", b"PROXY ", b"PROXY TCP4 ", HEAD]), st.binary(max_size=300))
def test_any_bytes_are_read(start: bytes, rest: bytes) -> None:
    message = start + rest
    proxy.size_of(message)
    dissected(message)
    proxy.summary(message, Part(proxy.APPLICATIONS[0], 0, len(message)))


def test_header_and_request_in_one_segment_are_two_messages() -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    for data in (V1 + request, V2 + request):
        found = read(data, 8081)
        assert [message.protocol for message in found.messages] == ["PROXY", "HTTP"]
        assert "http" not in found.content.message_fields(0)
        assert found.content.message_fields(1)["http.request.method"][0].value == "GET"
        assert str(found["frame.protocols"]) == "eth:ethertype:ip:tcp:proxy:http"


def test_what_nobody_knows_after_it_is_left_alone() -> None:
    assert [message.protocol for message in read(V2 + b"\x00\x01\x02", 8081).messages] == ["PROXY"]


def test_on_a_port_that_somebody_is_known_by_it_is_not_looked_for() -> None:
    assert read(V1, 80).messages == ()


def read(payload: bytes, port: int) -> Event:
    frame = Wire(dst=("198.19.0.9", port), payload=payload, proto=TCP, flags=0x18).frame()
    return event(Walker().frame(frame), Cache())
