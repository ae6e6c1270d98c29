"""Records in zone-file form: dnslib's text and our own writers', from the bytes of messages."""

import struct

import dnslib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Short
from machinelab.dissect.protocols.dns import zone
from tests.captures import containers

SETTINGS = settings(max_examples=200, deadline=None)
# A type's number, its data on the wire, its text. The RFC's own examples where it has one.
RECORDS = [
    (1, "c6336450", "198.51.100.80"),
    (28, "20010db8000000000000000000000050", "2001:db8::50"),
    (2, "036e7331036e69630474657374" + "00", "ns1.nic.test."),
    (5, "0177" + "00", "w."),
    (13, "0341524d054c696e7578", '"ARM" "Linux"'),
    (15, "000a046d61696c0474657374" + "00", "10 mail.test."),
    (16, "0568656c6c6f0361223b", '"hello" "a\\";"'),
    (33, "000000050050046d61696c0474657374" + "00", "0 5 80 mail.test."),
    (39, "0474657374" + "00", "test."),
    (43, "ecd60d02" + "ab" * 32, "60630 13 2 " + "AB" * 32),
    (51, "0100000a04aabbccdd", "1 0 10 aabbccdd"),
    (51, "0100000000", "1 0 0 -"),
    # RFC 5155 appendix A, of 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example
    (50, "0101000c04aabbccdd1417" + "4eb2409fe28bcb4887a1836f957f0a8425e27b" + "0007220000000002" + "90",
     "1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA RRSIG DNSKEY NSEC3PARAM"),
    (64, "0001" + "00" + "0001" + "0003" + "026832", "1 . alpn=h2"),
    (65, "0000" + "0474657374" + "00", "0 test."),
    (256, "000a0001" + b"ftp://ftp1.example.com/public".hex(), '10 1 "ftp://ftp1.example.com/public"'),
    (250, "0468" + b"mac".hex() + "00" + "000000000005" + "012c" + "0002" + "ffff" + "0007" + "0000" + "0000", "hmac. 5 300 2 //8= 7 0 0"),
    (65280, "0a000001", "\\# 4 0a000001"),  # RFC 3597 §5
    (1, "c633", "\\# 2 c633"),  # too short for an address
]  # fmt: skip


@pytest.mark.parametrize(("kind", "wire", "text"), RECORDS, ids=lambda item: str(item)[:24])
def test_what_a_record_holds(kind: int, wire: str, text: str) -> None:
    data = bytes.fromhex(wire)
    message = bytes(12) + data + b"\0behind"
    assert zone.rdata(message, kind, 12, 12 + len(data)) == text


def test_a_record_in_one_line() -> None:
    name = b"\3www\7example\4test\0"
    message = bytes(12) + name + b"\xc6\x33\x64\x50"
    start = 12 + len(name)
    assert zone.record(message, 12, 1, 1, 300, start, start + 4) == "www.example.test. 300 A 198.51.100.80"
    assert zone.record(message, 12, 1, 3, 300, start, start + 4) == "www.example.test. 300 CH A 198.51.100.80"
    assert (
        zone.record(message, 12, 65280, 1, 0, start, start + 4)
        == "www.example.test. 0 TYPE65280 \\# 4 c6336450"
    )


def test_names_are_escaped_and_pointers_followed() -> None:
    message = bytes(12) + b"\4a.b\x07\0" + b"\1x\xc0\x0c"
    assert zone.name_at(message, 12, len(message)) == ("a\\.b\\007.", 18)
    assert zone.name_at(message, 18, len(message)) == ("x.a\\.b\\007.", 22)
    loop = bytes(12) + b"\xc0\x0c"
    assert zone.record(loop, 12, 1, 1, 5, 14, 14) == "? 5 A"


@SETTINGS
@given(st.integers(0, 300), st.binary(max_size=80), st.integers(0, 60), st.integers(0, 60))
def test_any_bytes_give_a_line(kind: int, data: bytes, start: int, size: int) -> None:
    message = bytes(12) + data
    assert zone.record(message, 12, kind, 1, 5, 12 + start, 12 + start + size).isprintable()


def _records(message: bytes) -> list[tuple[int, int, int, int, int]]:
    """Owner, type, TTL, start and stop of each record, read by the standard's own walk."""
    _, _, questions, *counts = struct.unpack_from("!HHHHHH", message)
    at, found = 12, list[tuple[int, int, int, int, int]]()
    for _ in range(questions):
        at = zone.name_at(message, at, len(message))[1] + 4
    for _ in range(sum(counts)):
        owner, at = at, zone.name_at(message, at, len(message))[1]
        kind, _, ttl, size = struct.unpack_from("!HHIH", message, at)
        found.append((owner, kind, ttl, at + 10, at + 10 + size))
        at += 10 + size
    return found


def test_every_record_of_the_captures_reads_back_as_it_was() -> None:
    """dnslib reads our line as a zone file's and packs the very bytes again."""
    checked = 0
    for packet in containers.packets(containers.RECORDS):
        data = packet.data
        if data[12:14] != b"\x08\x00" or data[23] != 17 or 53 not in struct.unpack_from("!HH", data, 34):
            continue
        message = data[42:]
        try:
            records = _records(message)
        except (Short, struct.error):  # the captures hold broken messages, too
            continue
        for _, kind, _, start, stop in records:
            known = dnslib.RDMAP.get(zone.type_name(kind))
            if kind not in (1, 2, 5, 6, 12, 15, 28, 33, 43, 48) or known is None:
                continue
            text = zone.rdata(message, kind, start, stop)
            again = dnslib.RR.fromZone(f"x. 5 IN {zone.type_name(kind)} {text}")[0].rdata
            buffer = dnslib.DNSBuffer(message)
            buffer.offset = start
            assert again == known.parse(buffer, stop - start)
            checked += 1
    assert checked > 20
