"""A DNS message in one line."""

import struct
from _socket import inet_ntoa
from collections import Counter
from typing import NamedTuple

from ....fields.dns import EXTENDED_ERRORS, OPCODES, RCODES, TYPES
from ...core import Short
from .names import ROOT, walk_name
from .zone import rdata, type_name

FLAGS = (("aa", 0x0400), ("tc", 0x0200), ("rd", 0x0100), ("ra", 0x0080), ("ad", 0x0020), ("cd", 0x0010))
LINK_LOCAL_FLAGS = (("c", 0x0400), ("tc", 0x0200), ("t", 0x0100))  # RFC 4795 §2.1.1
A, NS, SOA, OPT, RRSIG, DS = 1, 2, 6, 41, 46, 43
EXTENDED_ERROR = 15
LONGEST = 40  # characters of an answer's data: with its type, its time and the flags it fits beside the step's sentence
SERVERS = 2  # of a referral, by name; the others are counted


QUESTION, RECORD = struct.Struct("!HH"), struct.Struct("!HHIH")


class _Record(NamedTuple):
    """A record as far as a line needs it; its owner and data stand at `owner`, and at `start`:`stop`."""

    section: int
    owner: int
    kind: int
    ttl: int
    start: int
    stop: int


def summary(payload: bytes, layer: str = "dns") -> str:
    """`A? www.example.test  rd do`, `NOERROR  A 198.51.100.80 300 s, +1  aa`, `NOERROR  referral to test: ns1.nic.test, DS  do`."""
    if len(payload) < 12:
        return "malformed"
    _, flags, *counts = struct.unpack_from("!HHHHHH", payload)
    question, records = _read(payload, counts)
    options = next((record for record in records if record.kind == OPT), None)
    words = [name for name, mask in (LINK_LOCAL_FLAGS if layer == "llmnr" else FLAGS) if flags & mask]
    if options is not None and options.ttl & 0x8000:
        words.append("do")
    reply = bool(flags & 0x8000)
    parts = _reply(payload, flags, counts, records, options) if reply else [_verb(flags) + question]
    return "  ".join(filter(None, (*parts, " ".join(words))))


def _read(payload: bytes, counts: list[int]) -> tuple[str, list[_Record]]:
    """The question, and of the records those that say something besides an answer, as far as they can be read."""
    at, question, records = 12, "no question" if not counts[0] else "malformed", list[_Record]()
    read, stop = set[int](), len(payload)  # the offsets of names that were read well
    try:
        for _ in range(counts[0]):
            read.add(at)
            name, at, _, _ = walk_name(payload, at, 0, stop)
            kind, _ = QUESTION.unpack_from(payload, at)
            if len(read) == 1:
                question = f"{TYPES.get(kind, f'TYPE{kind}')}? {_shown(name)}"
            at += 4
        if len(read) > 1:  # several only in multicast DNS: RFC 6762 §6.3
            question += f", +{len(read) - 1}"
        for section in (1, 2, 3):
            for number in range(counts[section]):
                owner = at
                if _pointer(payload, at) in read:
                    at += 2
                else:
                    at = walk_name(payload, at, 0, stop).after
                    read.add(owner)
                kind, _, ttl, size = RECORD.unpack_from(payload, at)
                at += 10
                if section > 1 or kind == OPT or number == 0:
                    records.append(_Record(section, owner, kind, ttl, at, at + size))
                at += size
    except (Short, struct.error):
        pass
    return question, records


def _pointer(payload: bytes, at: int) -> int:
    """Where the pointer at an offset points to; −1 if there is none."""
    return (payload[at] & 63) << 8 | payload[at + 1] if at + 1 < len(payload) and payload[at] >= 192 else -1


def _shown(name: str) -> str:
    return "." if name == ROOT else name


def _verb(flags: int) -> str:
    opcode = flags >> 11 & 15
    return "" if opcode == 0 else OPCODES.get(opcode, f"OPCODE{opcode}") + " "


def _reply(
    payload: bytes, flags: int, counts: list[int], records: list[_Record], options: _Record | None
) -> list[str]:
    rcode = flags & 15 | (options.ttl >> 24 << 4 if options is not None else 0)
    return [
        _verb(flags) + RCODES.get(rcode, f"RCODE{rcode}"),
        _found(payload, flags, counts, records),
        _error(payload[options.start : options.stop] if options is not None else b""),
    ]


def _found(payload: bytes, flags: int, counts: list[int], records: list[_Record]) -> str:
    """The first answer and how many more there are; else what there is in its place."""
    if counts[1]:
        return _answer(payload, counts[1], records[0] if records and records[0].section == 1 else None)
    authority = Counter(record.kind for record in records if record.section == 2)
    if authority[NS] and not authority[SOA]:
        return _referral(
            payload,
            [record for record in records if record.section == 2 and record.kind == NS],
            authority[DS] > 0,
        )
    return "no answer" if flags & 15 == 0 and not flags & 0x0200 else ""


def _answer(payload: bytes, count: int, first: _Record | None) -> str:
    """`A 198.51.100.80 300 s, +1`; of a message that ends before its first answer, how many it was to have."""
    if first is None or first.stop > len(payload):
        return f"{count} answer{'' if count == 1 else 's'}"
    if first.kind == A and first.stop - first.start == 4:  # most answers, and so they take no detour
        more = f", +{count - 1}" if count > 1 else ""
        return f"A {inet_ntoa(payload[first.start : first.stop])} {first.ttl} s{more}"
    text = rdata(payload, first.kind, first.start, first.stop)
    said = text if len(text) <= LONGEST else _cut(text)
    more = f", +{count - 1}" if count > 1 else ""
    return f"{type_name(first.kind)} {said}{' ' if said else ''}{first.ttl} s{more}"


def _cut(text: str) -> str:
    """The words that fit: half of a key or a signature says nothing."""
    whole, _, _ = text[: LONGEST - 1].rpartition(" ")
    return f"{whole} …" if whole else text[: LONGEST - 1] + "…"


def _referral(payload: bytes, servers: list[_Record], signed: bool) -> str:
    """`referral to test: ns1.nic.test, ns2.nic.test, +2, DS`."""
    zone = walk_name(payload, servers[0].owner, 0, len(payload)).text
    names = [rdata(payload, NS, server.start, server.stop).rstrip(".") or "." for server in servers[:SERVERS]]
    more = [f"+{len(servers) - SERVERS}"] if len(servers) > SERVERS else []
    return f"referral to {_shown(zone)}: {', '.join((*names, *more, *(['DS'] if signed else [])))}"


def _error(data: bytes) -> str:
    """The extended error, if the reply's options give one: RFC 8914."""
    at = 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from("!HH", data, at)
        if code == EXTENDED_ERROR and size >= 2 and at + 6 <= len(data):
            number = int.from_bytes(data[at + 4 : at + 6], "big")
            return EXTENDED_ERRORS.get(number, f"extended error {number}").lower()
        at += 4 + size
    return ""
