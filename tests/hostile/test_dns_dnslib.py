"""Mutated DNS messages: where dnslib parses one, our fields have the same records. dnslib is a judge that shares no code with us."""

import random

import dnslib
import pytest

from machinelab.dissect.core import Frame, Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.walk import Walker
from machinelab.model import Event, Field, Fields
from tests.captures import containers

from . import mutate

MANY = 4000
# dnslib's own ways, in which we differ knowingly.
#   names: it takes any octets in a label, lets names be longer than 255 octets, and prints them escaped its own way;
#   trailing octets: it ignores them, as we do but for `dns.extraneous.data`;
#   addresses: it reads 4 or 16 octets whatever the record's length says, and goes on from there;
#   OPT: it has options for the data, class and TTL mean other things.
OPT = 41
VALUES = {1: "dns.a", 28: "dns.aaaa"}


SIZES = {1: 4, 28: 16}


def _lengths(found: Fields, kind: int) -> list[Field]:
    """The lengths of the records of a type."""
    groups = {item.group for item in found.get("dns.resp.type", ()) if item.value == kind}
    return [
        item
        for item in found.get("dns.resp.len", ())
        if item.group in groups and not _names_types(found, item.group)
    ]


def _names_types(found: Fields, group: str) -> bool:
    """Whether a record's data names types itself, as NSEC's does."""
    return sum(item.group == group for item in found["dns.resp.type"]) > 1


def parsed(message: bytes) -> dnslib.DNSRecord | None:
    """What dnslib reads; None where it gives up."""
    try:
        return dnslib.DNSRecord.parse(message)
    except (dnslib.DNSError, ValueError, IndexError, KeyError, TypeError, AttributeError):
        return None


def datagrams() -> list[bytes]:
    """The messages over UDP in IPv4 of the captures."""
    frames = [*containers.packets(containers.RECORDS), *containers.packets(containers.CRAFTED)]
    return [
        frame.data
        for frame in frames
        if frame.data[12:14] == b"\x08\x00" and frame.data[14] == 0x45 and frame.data[23] == 17 and frame.data[20:22] in (b"\0\0", b"\x40\0")
        and 53 in (int.from_bytes(frame.data[34:36], "big"), int.from_bytes(frame.data[36:38], "big"))
    ]  # fmt: skip


def seen(data: bytes) -> Event:
    return event(Walker().frame(Frame(0, data, len(data), Source(0, 1))), Cache())


def check(data: bytes, record: dnslib.DNSRecord) -> int:
    """Compare every record; how many there were."""
    found = seen(data).fields
    if "_ws.malformed" in found or "dns.id" not in found:
        return 0
    assert found["dns.id"][0].value == record.header.id
    assert found["dns.flags.response"][0].value == bool(record.header.qr)
    if not all(item.value == SIZES[name] for name in SIZES for item in _lengths(found, name)):
        return 0
    records = [*record.rr, *record.auth, *record.ar]
    kinds: dict[str, object] = {}
    for item in found.get("dns.resp.type", ()):  # a record's own stands before those that its bitmap names
        kinds.setdefault(item.group, item.value)
    assert list(kinds.values()) == [each.rtype for each in records]
    plain = [each for each in records if each.rtype != OPT]
    assert [item.value for item in found.get("dns.resp.ttl", ())] == [each.ttl for each in plain]
    assert [item.value for item in found.get("dns.resp.class", ())] == [each.rclass for each in plain]
    for kind, name in VALUES.items():
        ours = [str(item.value) for item in found.get(name, ())]
        theirs = [str(each.rdata) for each in records if each.rtype == kind]
        if len(ours) == len(theirs):
            assert [text.lower() for text in ours] == [text.lower() for text in theirs] or kind == 28
    return len(records)


@pytest.mark.parametrize("seed", range(4))
def test_where_dnslib_parses_we_agree(seed: int) -> None:
    dice, known = random.Random(seed), datagrams()
    frames = [Frame(0, data, len(data), Source(0, 1)) for data in known]
    agreed = compared = 0
    for _ in range(MANY // 4):
        data = dice.choice(known)
        inside = mutate.packet(data[42:], dice, [frame._replace(data=frame.data[42:]) for frame in frames])
        length = (8 + len(inside)).to_bytes(2, "big")
        total = (28 + len(inside)).to_bytes(2, "big")
        whole = data[:16] + total + data[18:38] + length + data[40:42] + inside
        record = parsed(inside)
        if record is None:
            continue
        compared += 1
        agreed += check(whole, record)
    assert compared > 100
    assert agreed > 100


def test_the_captures_themselves() -> None:
    assert sum(check(data, record) for data in datagrams() if (record := parsed(data[42:])) is not None) > 50
