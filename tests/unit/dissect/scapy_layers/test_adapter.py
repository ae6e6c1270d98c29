"""Scapy's layers as our fields: the values are Scapy's, the places cover the bytes, and nothing hostile gets through."""

import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, Raw, Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.scapy_layers import table
from machinelab.dissect.scapy_layers.adapter import read
from machinelab.dissect.scapy_layers.names import named
from machinelab.dissect.scapy_layers.values import Unfit, converted
from machinelab.dissect.scapy_layers.wireshark import NAMES, TITLES, TURNED
from machinelab.dissect.walk import Walker
from machinelab.fields import scapy_layers as described
from machinelab.model import Event
from tests.captures import scapy_frames

NAMED = list(scapy_frames.packets())
SETTINGS = settings(max_examples=150, deadline=None)


def seen(frame: Frame) -> Event:
    return event(Walker().frame(frame), Cache())


def ours(item: Event) -> list[Raw]:
    """What Scapy gave: the fields behind the last header of our own."""
    ordered = list(item.content.ordered())
    at = max(
        place
        for place, raw in enumerate(ordered)
        if raw[6].split("/")[0] in ("udp", "tcp", "ip", "ipv6", "eth") and raw[0] not in ("eth.trailer",)
    )
    start = next(
        (
            place
            for place, raw in enumerate(ordered)
            if raw[0] in TITLES.values() or raw[0].startswith("scapy.")
        ),
        at + 1,
    )
    return ordered[start:]


@pytest.mark.parametrize("name", NAMED)
def test_what_was_data_has_a_name(name: str) -> None:
    protocol, _ = scapy_frames.packets()[name]
    item = seen(scapy_frames.frames()[name])
    assert "data" not in item.fields
    assert "_ws.malformed" not in item.fields
    layers = str(item.fields["frame.protocols"][0].value).split(":")
    assert TITLES.get((protocol, described.HOMES[protocol].header), protocol) in layers


def _scapys(protocol: str, packet: object) -> list[tuple[str, object]]:
    """Name and value of each plain field of Scapy's own layers, from the protocol's first on."""
    found: list[tuple[str, object]] = []
    layer = packet
    while layer is not None and type(layer).__name__ != "NoPayload":
        for field in layer.fields_desc:  # type: ignore[attr-defined]
            name, kind = named(protocol, type(layer), field)
            if (
                kind.kind == "none"
                or name in TURNED
                or (kind.kind == "bytes" and name in NAMES.values())
                or (field.isconditional and not field._evalcond(layer))
            ):
                continue
            value = layer.getfieldval(field.name)  # type: ignore[attr-defined]
            try:
                for each in value if isinstance(value, list) and field.islist else [value]:
                    found.append((name, converted(kind, each)))
            except Unfit:
                continue
        layer = layer.payload  # type: ignore[attr-defined]
        if type(layer).__name__ in ("Ether", "IP", "Raw", "Padding"):
            break
    return found


PARSED = [name for name in NAMED if not name.startswith("snmp")]


@pytest.mark.parametrize("name", PARSED)
def test_values_are_scapys_own(name: str) -> None:
    protocol, crafted = scapy_frames.packets()[name]
    header = described.header(protocol)
    layer = type(crafted)(bytes(crafted))
    while layer is not None and type(layer).__name__ in ("Ether", "Dot3", "IP", "IPv6", "UDP", "TCP", "LLC"):
        layer = layer.payload
    assert type(layer).__name__ != "NoPayload", header
    got: dict[str, list[object]] = {}
    for raw in ours(seen(scapy_frames.frames()[name])):
        got.setdefault(raw[0], []).append(raw[1])
    wanted = _scapys(protocol, layer)
    assert len(wanted) >= 3
    for field, value in wanted:
        kind = fields.registry()[field].kind
        if value in ("", b"") and field not in got:
            continue
        if kind == "bytes":
            assert any(
                isinstance(each, bytes) and each.startswith(bytes(value)[:6]) for each in got[field]
            ), field  # type: ignore[arg-type]
        else:
            assert value in got[field] or any(str(value) in str(each) for each in got[field]), (
                field,
                value,
                got.get(field),
            )


def rebuilt(raws: Sequence[Raw], start: int, data: bytes, buffer: str = "frame") -> bytes:
    """The bytes as the spans of plain fields have them; a hole is a byte that no field stands in."""
    covered = bytearray(len(data))
    for name, _, first, stop, where, mask, _ in raws:
        if where == buffer and fields.registry()[name].kind != "none":
            for at in range(first, stop):
                own = mask >> (8 * (stop - 1 - at)) & 0xFF if mask else 0xFF
                covered[at] |= own
    return bytes(octet & own for octet, own in zip(data[start:], covered[start:], strict=True))


@pytest.mark.parametrize("name", NAMED)
def test_every_bit_stands_in_a_field(name: str) -> None:
    frame = scapy_frames.frames()[name]
    found = ours(seen(frame))
    start = found[0][2]
    if name.startswith("snmp"):  # the tags and lengths between its values are the encoding's own
        assert {raw[1] for raw in found} >= {"public", "1.3.6.1.2.1.1.1.0", 77}
        return
    assert rebuilt(found, start, frame.data) == frame.data[start:]


def test_a_hole_would_be_seen() -> None:
    frame = scapy_frames.frames()["ntp"]
    found = [raw for raw in ours(seen(frame)) if raw[0] != "ntp.stratum"]
    assert rebuilt(found, found[0][2], frame.data) != frame.data[found[0][2] :]


def check(item: Event) -> None:
    buffers = item.content.buffers()
    for name, value, first, stop, buffer, mask, _ in item.content.ordered():
        kind = fields.registry()[name]
        assert 0 <= first <= stop <= len(buffers[buffer]), name
        assert mask < 1 << 8 * max(stop - first, 1), name
        assert fields.shown(kind, value) is not None


@pytest.mark.parametrize("name", NAMED)
def test_cut_at_every_length(name: str) -> None:
    whole = scapy_frames.frames()[name]
    for size in range(14, len(whole.data)):
        check(seen(whole._replace(data=whole.data[:size], length=size)))


def test_a_layer_that_gives_up_says_so_and_keeps_what_it_read() -> None:
    data = bytes(scapy_frames.packets()["ospf-hello"][1]["OSPF_Hdr"])[:30]
    out: list[Raw] = []
    layers, at, following, well = read("ospf", data, 0, len(data), "frame", out)
    assert (layers, following, well) == (["ospf"], None, False)
    assert at <= len(data)
    assert ("ospf.srcrouter", "1.1.1.1", 4, 8, "frame", 0, "ospf") in out
    short = scapy_frames.frames()["ospf-hello"]
    cut = seen(short._replace(data=short.data[:62], length=62))
    assert "_ws.malformed" in cut.fields
    assert (
        "_ws.short" in seen(short._replace(data=short.data[:62])).fields
    )  # the capture cut it, not the sender


@SETTINGS
@given(st.sampled_from(sorted(described.HOMES)), st.binary(max_size=300))
def test_any_bytes_as_any_protocol(protocol: str, data: bytes) -> None:
    out: list[Raw] = []
    try:
        _, at, _, _ = read(protocol, data, 0, len(data), "frame", out)
    except ImportError:
        return
    assert 0 <= at <= len(data)
    for name, value, first, stop, _, _, _ in out:
        assert 0 <= first <= stop <= len(data)
        assert fields.registry()[name]
        fields.show(name, value)


@SETTINGS
@given(st.sampled_from(NAMED), st.data())
def test_mutants_stay_inside(name: str, data: st.DataObject) -> None:
    frame = scapy_frames.frames()[name]
    octets = bytearray(frame.data)
    for at, value in data.draw(
        st.dictionaries(st.integers(14, len(octets) - 1), st.integers(0, 255), max_size=6)
    ).items():
        octets[at] = value
    check(seen(frame._replace(data=bytes(octets))))


def test_wireshark_names_are_known_and_scapy_names_are_described() -> None:
    registry = fields.registry()
    assert {name for name in (*NAMES.values(), *TITLES.values()) if name not in registry} == set()
    assert registry["scapy.ntp.delay"].kind == "float"
    assert "NTPHeader" in registry["scapy.ntp.stratum"].meaning
    assert registry["scapy.ospf.ospf_lsa_hdr.age"].kind == "uint"
    assert "scapy.ntp.strotum" not in registry
    assert registry.get("scapy.nothing.at_all") is None


def test_ports_and_numbers_lead_to_protocols_that_scapy_has() -> None:
    for known in (
        *table.UDP.values(),
        *table.TCP.values(),
        *table.PROTOCOLS.values(),
        *table.ETHERTYPES.values(),
        table.SPANNING_TREE,
        *table.CISCO.values(),
    ):
        assert described.header(known.protocol) is not None


LIST = """
import sys
from machinelab.dissect.core import Frame, Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.walk import Walker
item = event(Walker().frame(Frame(0, bytes.fromhex(sys.argv[1]), 0, Source(0, 1))), Cache())
print(item.content.summary())
assert "udp.srcport" in item.fields and "tcp.flags" not in item.fields
assert "scapy" not in sys.modules, "for a list and a header's filter"
assert item.fields.get("ntp.stratum")
assert "scapy" in sys.modules and "scapy.all" not in sys.modules
"""


def test_scapy_is_imported_when_a_packet_is_looked_at_and_for_no_list() -> None:
    frame = scapy_frames.frames()["ntp"].data.hex()
    told = subprocess.run([sys.executable, "-c", LIST, frame], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("NTP  123 → 40000  48 bytes")


def test_a_fragment_is_not_read() -> None:
    whole = scapy_frames.frames()["ospf-hello"]
    octets = bytearray(whole.data)
    octets[20] = 0x20  # more fragments
    found = seen(Frame(0, bytes(octets), len(octets), Source(0, 1)))
    assert "ospf" not in found.fields


def test_a_layer_that_no_module_of_the_protocol_has_is_known_once_it_was_met() -> None:
    """A list of NTP's private requests may hold a plain `Packet`: found by mutants of a capture."""
    from scapy.packet import Packet

    from machinelab import fields
    from machinelab.dissect.scapy_layers.names import title_of

    assert title_of("ntp", Packet) == "scapy.ntp.packet"
    assert fields.registry()["scapy.ntp.packet"].kind == "none"
