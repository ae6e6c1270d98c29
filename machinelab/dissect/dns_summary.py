"""A DNS message in one line."""

import struct
from collections import Counter
from typing import NamedTuple

from ..fields.dns import EXTENDED_ERRORS, OPCODES, RCODES, TYPES
from .core import Short
from .dns_names import ROOT, walk_name

FLAGS = (("aa", 0x0400), ("tc", 0x0200), ("rd", 0x0100), ("ra", 0x0080), ("ad", 0x0020), ("cd", 0x0010))
NS, SOA, OPT, RRSIG, DS = 2, 6, 41, 46, 43
EXTENDED_ERROR = 15


class _Record(NamedTuple):
    section: int
    name: str
    kind: int
    ttl: int
    data: bytes


def summary(payload: bytes) -> str:
    """`A? www.example.test  rd do`, `NOERROR  2 answers  aa`, `NOERROR  referral to test: 2 NS  do`."""
    if len(payload) < 12:
        return "malformed"
    _, flags, *counts = struct.unpack_from("!HHHHHH", payload)
    question, records = _read(payload, counts)
    options = next((record for record in records if record.kind == OPT), None)
    words = [name for name, mask in FLAGS if flags & mask]
    if options is not None and options.ttl & 0x8000:
        words.append("do")
    reply = bool(flags & 0x8000)
    parts = _reply(flags, counts, records, options) if reply else [_verb(flags) + question]
    return "  ".join(filter(None, (*parts, " ".join(words))))


def _read(payload: bytes, counts: list[int]) -> tuple[str, list[_Record]]:
    """The question and the records, as far as they can be read."""
    at, question, records = 12, "no question" if not counts[0] else "malformed", list[_Record]()
    try:
        for _ in range(counts[0]):
            name, at, _, _ = walk_name(payload, at, 0, len(payload))
            kind, _ = struct.unpack_from("!HH", payload, at)
            question = f"{TYPES.get(kind, f'TYPE{kind}')}? {_shown(name)}"
            at += 4
        for section in (1, 2, 3):
            for _ in range(counts[section]):
                name, at, _, _ = walk_name(payload, at, 0, len(payload))
                kind, _, ttl, size = struct.unpack_from("!HHIH", payload, at)
                at += 10
                records.append(_Record(section, name, kind, ttl, payload[at : at + size]))
                at += size
    except (Short, struct.error):
        pass
    return question, records


def _shown(name: str) -> str:
    return "." if name == ROOT else name


def _verb(flags: int) -> str:
    opcode = flags >> 11 & 15
    return "" if opcode == 0 else OPCODES.get(opcode, f"OPCODE{opcode}") + " "


def _reply(flags: int, counts: list[int], records: list[_Record], options: _Record | None) -> list[str]:
    rcode = flags & 15 | (options.ttl >> 24 << 4 if options is not None else 0)
    return [
        _verb(flags) + RCODES.get(rcode, f"RCODE{rcode}"),
        _found(flags, counts, records),
        _error(options),
    ]


def _found(flags: int, counts: list[int], records: list[_Record]) -> str:
    """How much there is of an answer; else what there is in its place."""
    if counts[1]:
        return f"{counts[1]} answer{'' if counts[1] == 1 else 's'}"
    authority = Counter(record.kind for record in records if record.section == 2)
    if authority[NS] and not authority[SOA]:
        zone = next(record.name for record in records if record.kind == NS)
        return f"referral to {_shown(zone)}: {authority[NS]} NS{', DS' if authority[DS] else ''}"
    return "no answer" if flags & 15 == 0 and not flags & 0x0200 else ""


def _error(options: _Record | None) -> str:
    """The extended error, if the reply gives one: RFC 8914."""
    data = options.data if options is not None else b""
    at = 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from("!HH", data, at)
        if code == EXTENDED_ERROR and size >= 2 and at + 6 <= len(data):
            number = int.from_bytes(data[at + 4 : at + 6], "big")
            return EXTENDED_ERRORS.get(number, f"extended error {number}").lower()
        at += 4 + size
    return ""
