"""DNS: every record, against dnslib's reading of the same bytes; names that mean harm; one line for each message."""

import struct
import time

import dnslib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Short
from machinelab.dissect.protocols.dns.names import LOOP, walk_name
from machinelab.dissect.protocols.dns.summary import summary
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers
from tests.unit.dissect.test_packet import read

EVENTS = pcap.load(containers.RECORDS).events
MESSAGES = [e for e in EVENTS if len(e.messages) == 1 and "_ws.malformed" not in e and "dns.id" in e]


def payload(item: Event) -> bytes:
    identity = item.fields["dns.id"][0]
    layer = item.fields["dns"][0]
    return item.content.buffers()[identity.buffer][identity.start : layer.stop]


def question(name: bytes, kind: int = 1, **_: object) -> bytes:
    return struct.pack("!HHHHHH", 7, 0x100, 1, 0, 0, 0) + name + struct.pack("!HH", kind, 1)


def carried(message: bytes) -> Event:
    """A message in a real frame, in place of the one it had."""
    head = bytearray(
        next(
            f.data for f in containers.packets() if f.data[12:14] == b"\x08\0" and f.data[36:38] == b"\0\x35"
        )[:42]
    )
    head[16:18] = struct.pack("!H", 28 + len(message))
    head[38:40] = struct.pack("!H", 8 + len(message))
    return read(bytes(head) + message)[0]


@pytest.mark.parametrize("item", MESSAGES, ids=lambda item: str(item.number))
def test_as_dnslib_reads_it(item: Event) -> None:
    try:
        other = dnslib.DNSRecord.parse(payload(item))
    except dnslib.DNSError:
        pytest.skip("dnslib cannot read it")
    assert item["dns.id"] == other.header.id
    assert item["dns.flags.opcode"] == other.header.opcode
    assert item.values("dns.flags.rcode") in ([], [other.header.rcode])
    assert item.values("dns.qry.type") == [q.qtype for q in other.questions]
    records = [*other.rr, *other.auth, *other.ar]
    assert item.values("dns.resp.ttl") == [r.ttl for r in records if r.rtype != dnslib.QTYPE.OPT]
    assert item.values("dns.a") == [str(r.rdata) for r in records if r.rtype == dnslib.QTYPE.A]
    mine = [str(r.rdata.get_label()).rstrip(".") for r in records if r.rtype == dnslib.QTYPE.NS]
    assert [str(value).replace("<Root>", "") for value in item.values("dns.ns")] == mine


def test_there_are_enough_of_them() -> None:
    assert len(MESSAGES) > 80
    kinds = {kind for item in MESSAGES for kind in item.values("dns.resp.type")}
    assert {
        1,
        2,
        5,
        6,
        12,
        13,
        15,
        16,
        28,
        33,
        35,
        39,
        41,
        43,
        44,
        46,
        47,
        48,
        50,
        51,
        52,
        64,
        65,
        257,
    } <= kinds


def test_flags_share_two_bytes_and_each_has_its_bits() -> None:
    item = MESSAGES[1]
    bits = [f for name, found in item.fields.items() for f in found if name.startswith("dns.flags.")]
    assert len({(f.start, f.stop) for f in bits}) == 1
    assert sum(f.mask for f in bits) == 0xFFFF
    whole = int(item["dns.flags"])
    for field in bits:
        shift = (field.mask & -field.mask).bit_length() - 1
        assert int(field.value) == (whole & field.mask) >> shift


@pytest.mark.parametrize(
    "name",
    [b"\xc0\x0c", b"\xc0\x0e\xc0\x0c", b"\1a\xc0\x0c", b"\xff\xff", b"\xc0"],
    ids=lambda name: name.hex(),
)
def test_names_that_go_in_circles_end(name: bytes) -> None:
    item = carried(question(name))
    assert item["dns.count.queries"] == 1
    assert "_ws.malformed" in item or item["dns.qry.name"] == LOOP


def test_a_compression_bomb_costs_little() -> None:
    """60 kB of names, each a chain of pointers as long as it may be."""
    chain = b"\1a" + b"".join(struct.pack("!H", 0xC000 | 12 + 2 * n) for n in range(120))
    record = struct.pack("!HHHIH", 0xC000 | 12 + 2 + 2 * 118, 1, 1, 0, 0)
    message = struct.pack("!HHHHHH", 1, 0x8000, 0, 5000, 0, 0) + chain + record * 4900
    began = time.process_time()
    item = carried(message[:65000])
    assert "_ws.malformed" in item
    assert time.process_time() - began < 2


@settings(max_examples=300)
@given(st.binary(max_size=300), st.integers(0, 300))
def test_any_bytes_are_a_name_or_none(data: bytes, at: int) -> None:
    try:
        name = walk_name(data, at, 0, len(data))
    except Short:
        return
    assert at < name.after <= len(data)
    assert name.text.isprintable()


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_have_a_line(data: bytes) -> None:
    assert summary(data).isprintable()


def test_what_a_terminal_would_obey_is_written_out() -> None:
    item = carried(question(b"\5\x1b[31m\2\x00\x07\0"))
    assert item["dns.qry.name"] == "\\033[31m.\\000\\a"


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("query", "A? www.example.test  ad"),
        ("referral", "NOERROR  referral to sub.example.test: ns.sub.example.test, DS  do"),
        ("nxdomain", "NXDOMAIN  aa do"),
    ],
)
def test_one_line(number: str, line: str) -> None:
    assert line in {item.content.summary() for item in MESSAGES}, number
