"""A DNS message in one line."""

import struct

from ..fields.dns import OPCODES, RCODES, TYPES
from .core import Short
from .dns_names import walk_name

FLAGS = (("aa", 0x0400), ("tc", 0x0200), ("rd", 0x0100), ("ra", 0x0080), ("ad", 0x0020), ("cd", 0x0010))
COUNTS = (("answer", "answers"), ("authority", "authority"), ("additional", "additional"))


def summary(payload: bytes) -> str:
    """`A? www.example.test  rd do`, `NOERROR  2 answers  aa`."""
    if len(payload) < 12:
        return "malformed"
    _, flags, questions, answers, authority, _ = struct.unpack_from("!HHHHHH", payload)
    words = [name for name, mask in FLAGS if flags & mask]
    if not flags & 0x8000:
        return "  ".join(filter(None, (_question(payload, questions, flags), " ".join(words))))
    count = (
        f"{answers} answer{'' if answers == 1 else 's'}"
        if answers or not authority
        else f"{authority} authority"
    )
    rcode = flags & 15
    return "  ".join(filter(None, (RCODES.get(rcode, f"RCODE{rcode}"), count, " ".join(words))))


def _question(payload: bytes, questions: int, flags: int) -> str:
    opcode = flags >> 11 & 15
    verb = "" if opcode == 0 else OPCODES.get(opcode, f"OPCODE{opcode}") + " "
    try:
        name, at, _, _ = walk_name(payload, 12, 0, len(payload))
        kind = payload[at] << 8 | payload[at + 1]
    except (Short, IndexError):
        return f"{verb}malformed" if questions else f"{verb}no question"
    return f"{verb}{TYPES.get(kind, f'TYPE{kind}')}? {'.' if name == '<Root>' else name}"
