"""Protocols hand over by the registry, each way shown by a toy protocol; and none imports another."""

import ast
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from machinelab.dissect.core import Application, Frame, PacketInfo, Part, Sender, Source, Stream, View
from machinelab.dissect.dissection import Named
from machinelab.dissect.fast_path import fast_fields
from machinelab.dissect.handover import Handover
from machinelab.dissect.packet import Cache, Packet, event
from machinelab.dissect.protocols.tls.data import ApplicationData
from machinelab.dissect.protocols.tls.records import DATA, Record
from machinelab.dissect.registry import tables
from machinelab.dissect.subdissector import Subdissector
from machinelab.dissect.walk import Walker
from machinelab.model import Event, Exchange
from tests import ROOT
from tests.unit.correlate.wires import total
from tests.unit.dissect.protocols.tls.tls_made import events, packet_info

PROTOCOLS = ROOT / "machinelab/dissect/protocols"
# What a protocol's folder may import of another's: formats that several protocols carry, read by those who know their meaning.
FORMATS = {
    (
        "tls",
        "x509",
    ): "a certificate is a format of its own (RFC 5280), and TLS's handshake carries it as a field",
    ("jwt", "json"): "a token's two halves are JSON texts (RFC 7519 §3)",
    ("oauth2", "json"): "its parameters are members of a JSON text, read by the JSON reader (RFC 6749 §5.1)",
    (
        "oauth2",
        "form",
    ): "its parameters are pairs of a form, in bodies and in addresses (RFC 6749 §4.1.1, appendix B)",
}
UPGRADE = b"GET /chat HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: toy\r\n\r\n"
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: Toy\r\nX-Mode: 7\r\n\r\n"


class ToySession:
    """A byte of length, then as many. What it says is asked by the client, answered by the server."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.seen: list[bytes] = []

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        return 1 + data[start]

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        self.seen.append(payload)
        return Exchange(("toy", self.stream.number), not to_server), len(self.seen)


def dissect(view: View, part: Part) -> None:
    view.add(("data", "", part.start, part.stop, view.buffer, 0, "data"))
    text = view.data[part.start + 1 : part.stop]
    view.add(("data.data", text, part.start + 1, part.stop, view.buffer, 0, "data"))


def sizes(payload: bytes) -> Iterator[int]:
    """Of each message in a datagram: told by its first byte."""
    at = 0
    while at < len(payload):
        yield 1 + payload[at]
        at += 1 + payload[at]


TOY = Application(
    "TOY", "data", ToySession, dissect, lambda payload, part: f"toy {payload[1:].decode()}", split=sizes
)


def say(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def packets(*payloads: tuple[bool, bytes], port: int = 80, udp: bool = False) -> list[Event]:
    """One conversation, each payload a packet of its own; True: from the client."""
    walker, cache, found = Walker(), Cache(), []
    sent = {True: 1000, False: 5000}
    for number, (to_server, payload) in enumerate(payloads):
        ends = (40001, port) if to_server else (port, 40001)
        if udp:
            header = struct.pack("!HHHH", *ends, 8 + len(payload), 0)
        else:
            numbers = sent[to_server], sent[not to_server]
            header = struct.pack("!HHIIBBHHH", *ends, *numbers, 0x50, 0x18, 500, 0, 0)
            sent[to_server] += len(payload)
        hosts = (bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
        size, proto = 20 + len(header) + len(payload), 17 if udp else 6
        parts = (0x45, 0, size, number, 0, 64, proto, 0, *(hosts if to_server else hosts[::-1]))
        bare = struct.pack("!BBHHHBBH4s4s", *parts)
        ip = bare[:10] + struct.pack("!H", total(bare)) + bare[12:]
        data = bytes(12) + b"\x08\x00" + ip + header + payload
        frame = Frame(number * 1000, data, len(data), Source(0, 1))
        found.append((walker.frame(frame), cache))
    return [event(info, cache) for info, cache in found]


def said(item: Event) -> list[object]:
    return item.values("data.data")


def test_no_protocol_imports_another() -> None:
    found = set()
    for path in PROTOCOLS.rglob("*.py"):
        own = path.relative_to(PROTOCOLS).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= {(own, other) for other in imported(path, node) if other != own}
    assert found - FORMATS.keys() == set()
    assert FORMATS.keys() - found == set(), "an exception that nobody needs any more"
    assert all(FORMATS.values())


def imported(path: Path, node: ast.AST) -> Iterator[str]:
    """The protocols that an import names."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        inside = path.relative_to(ROOT).with_suffix("").parts
        base = inside[: len(inside) - node.level] if node.level else ()
        name = ".".join([*base, *([node.module] if node.module else [])])
        names = [f"{name}.{alias.name}" for alias in node.names]
    else:
        return
    for name in names:
        if name.startswith("machinelab.dissect.protocols.") and name.split(".")[3] in known():
            yield name.split(".")[3]


def known() -> set[str]:
    return {path.parent.name for path in PROTOCOLS.glob("*/__init__.py")}


def test_an_import_of_a_sibling_would_be_found() -> None:
    tree = ast.parse("from ..json.dissector import parse\nfrom ...core import View\nfrom . import framing")
    found = [list(imported(PROTOCOLS / "http1/dissector.py", node)) for node in tree.body]
    assert found == [["json"], [], ["http1"]]


def test_tls_hands_its_data_to_whom_alpn_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables().alpn, "toy", TOY)
    application_messages, record = ApplicationData(Stream("tcp", 0, 0)), Record(kind=DATA)
    application_messages.alpn = "toy"
    application_messages.take(record, say("one") + say("two") + say("three")[:2], packet_info(), True)
    assert [application_message.application for application_message in record.application_messages] == [
        TOY,
        TOY,
    ]
    last = Record(kind=DATA)
    application_messages.take(last, say("three")[2:], packet_info(), True)
    assert [application_message.data for application_message in last.application_messages] == [say("three")]


def test_what_nobody_registered_for_stays_data() -> None:
    application_messages, record = ApplicationData(Stream("tcp", 0, 0)), Record(kind=DATA)
    application_messages.alpn = "nobody/1"
    application_messages.take(record, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", packet_info(), True)
    assert record.application_messages == []


def test_the_decrypted_stream_of_a_capture_goes_by_the_alpn_of_its_handshake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    negotiated = [item for item in events("full") if "http" in item]
    assert negotiated
    assert {name for item in events("full") for name in item.values("tls.handshake.extensions_alpn_str")} == {
        "http/1.1"
    }
    monkeypatch.setitem(tables().alpn, "http/1.1", TOY)
    changed = events("full")
    assert not any("http" in item for item in changed)
    assert any(message.protocol == "TLS" for item in changed for message in item.messages)


@pytest.mark.parametrize("together", [True, False])
def test_http_hands_the_stream_over_after_an_upgrade(together: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables().upgrades, "toy", TOY)
    first = [(False, SWITCHED + say("hello"))] if together else [(False, SWITCHED), (False, say("hello"))]
    found = packets((True, UPGRADE), *first, (True, say("good") + say("day")), port=80)
    assert [m.protocol for item in found for m in item.messages] == ["HTTP", "HTTP", "TOY", "TOY", "TOY"]
    assert [text for item in found for text in said(item)] == [b"hello", b"good", b"day"]
    assert found[1]["http.response.code"] == 101
    content = found[-1].content
    assert isinstance(content, Packet)
    flow = content.info.flow
    assert flow is not None
    assert flow.stream.handover is not None
    assert (flow.stream.handover.upgrade, flow.stream.handover.headers["x-mode"]) == ("toy", "7")
    assert content.summary() == "toy good; toy day"


def test_an_upgrade_inside_tls_hands_over_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables().upgrades, "toy", TOY)
    application_messages = ApplicationData(Stream("tcp", 0, 0))
    records = [Record(kind=DATA) for _ in range(3)]
    for record, (to_server, data) in zip(
        records, [(True, UPGRADE), (False, SWITCHED + say("hello")), (True, say("day"))], strict=True
    ):
        application_messages.take(record, data, packet_info(), to_server)
    layers = [
        [
            application_message.application.layer
            for application_message in record.application_messages
            if application_message.application
        ]
        for record in records
    ]
    assert layers == [["http"], ["http", "data"], ["data"]]


def test_an_upgrade_to_what_nobody_reads_leaves_data() -> None:
    found = packets((True, UPGRADE), (False, SWITCHED), (True, say("day")))
    assert [len(item.messages) for item in found] == [1, 1, 0]


def test_a_proxy_header_hands_over_to_whom_the_first_bytes_show(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = Application(
        "TOY",
        "data",
        ToySession,
        dissect,
        TOY.summary,
        is_stream=lambda data: Sender.CLIENT if data[:1] == b"\x05" else None,
    )
    monkeypatch.setattr(tables(), "streams", [*tables().streams, toy])
    header = b"PROXY TCP4 10.0.0.1 10.0.0.2 40001 9999\r\n"
    found = packets((True, header + say("hello")), (False, say("there")), port=9999)
    assert [m.protocol for item in found for m in item.messages] == ["PROXY", "TOY", "TOY"]
    content = found[0].content
    assert isinstance(content, Packet)
    assert content.info.flow is not None
    assert content.info.flow.stream.handover == Handover()


def test_a_body_goes_to_the_reader_of_its_media_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(view: View, start: int, stop: int, known: object) -> str:
        view.add(("data.data", view.data[start:stop], start, stop, view.buffer, 0, "data"))
        return "made of it"

    made: list[object] = []
    monkeypatch.setitem(
        tables().subdissectors, ("media_type", "application/toy"), [Subdissector("media_type", read)]
    )
    monkeypatch.setitem(
        tables().subdissectors,
        ("media_type.content", "application/toy"),
        [Subdissector("media_type.content", lambda view, start, stop, known: made.append(known))],
    )
    reply = b"HTTP/1.1 200 OK\r\nContent-Type: Application/Toy; v=1\r\nContent-Length: 2\r\n\r\nhi"
    found = packets((True, b"GET / HTTP/1.1\r\n\r\n"), (False, reply))
    assert said(found[1]) == [b"hi"]
    assert made == ["made of it"]


def test_http_is_known_by_its_start_lines_on_any_port() -> None:
    request, reply = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n", b"HTTP/1.1 204 No Content\r\n\r\n"
    found = packets((True, request), (False, reply), port=23456)
    assert [m.protocol for item in found for m in item.messages] == ["HTTP", "HTTP"]
    assert found[1]["http.request_in"] == 1
    later = packets((True, b"hello"), (True, request), port=23456)
    assert [bool(item.messages) for item in later] == [False, True]
    assert later[0]["frame.protocols"] == "eth:ethertype:ip:tcp:data"


def test_a_datagram_holds_several_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables().udp, 7777, TOY)
    found = packets((True, say("one") + say("two")), (False, say("three")), port=7777, udp=True)
    assert [[m.protocol for m in item.messages] for item in found] == [["TOY", "TOY"], ["TOY"]]
    assert [said(item) for item in found] == [[b"one", b"two"], [b"three"]]
    content = found[0].content
    assert isinstance(content, Packet)
    assert [[f.value for f in content.message_fields(n)["data.data"]] for n in (0, 1)] == [[b"one"], [b"two"]]
    assert [part.number for part in content.info.parts] == [1, 2]
    assert content.summary() == "toy one; toy two"
    for index, text in enumerate((b"one", b"two")):
        raw = fast_fields(content.info, index, frozenset({"data.data", "udp"}))
        assert raw is not None
        short, whole = Named(raw), content.message_fields(index)
        assert [f.value for f in short["data.data"]] == [text]
        assert list(short["udp"]) == list(whole["udp"])
    assert fast_fields(content.info, 2, frozenset({"data.data"})) is None


def test_a_datagram_whose_last_message_is_cut_short_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables().udp, 7777, TOY)
    (found,) = packets((True, say("one") + say("three")[:3]), port=7777, udp=True)
    assert said(found) == [b"one", b"th"]
