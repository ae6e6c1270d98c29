"""Literals converted to the type of the field they are compared with, and field values converted for comparison."""

import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from .. import fields
from ..errors import nearest
from ..fields import FieldType
from ..model import Value
from .errors import FilterError
from .syntax import Word

NUMBERS = {"uint", "int"}
CLOCKS = {"time", "duration"}
OCTETS = {"bytes", "ether"}
ADDRESSES = {"ipv4": 32, "ipv6": 128}
_CALLED = {
    "bool": "true or false", "uint": "a number", "int": "a number", "float": "a number", "string": "characters", "bytes": "bytes",
    "ipv4": "an IPv4 address", "ipv6": "an IPv6 address", "ether": "a hardware address", "time": "seconds since 1970",
    "duration": "seconds", "none": "a protocol",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal read for a type: `value` compares with what `comparable` gives; `bits` is a prefix's length; `shown` is for people."""

    value: Any
    shown: str
    bits: int | None = None


class InvalidLiteral(Exception):
    """A literal that is not a value of the type."""

    def __init__(self, why: str = "", hint: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


def constant(word: Word, kind: FieldType, beside: str, text: str) -> Constant:
    """The literal as a value of that type; `beside` is what it is compared with, named in errors. Raises FilterError."""
    try:
        found = _READERS[kind.kind](word, kind)
        return (
            replace(found, shown=described(beside, found.value))
            if beside in fields.registry() and kind.names
            else found
        )
    except InvalidLiteral as invalid:
        said = f'"{word.text}"' if word.kind == "string" else word.text
        why = invalid.why or f"{said} is not {_CALLED[kind.kind]}, which {beside} is."
        raise FilterError(why, text, word.start, invalid.hint) from None


def described(name: str, value: Value) -> str:
    """A value for people: as `tshark -T fields` prints it, and the standard's word where there is one: `1 (A)`."""
    if name not in fields.registry():
        return value.hex(":") if isinstance(value, bytes) else str(value)
    word = fields.word(name, value)
    return f"{fields.show(name, value)} ({word})" if word else fields.show(name, value)


def is_number(text: str) -> bool:
    """Whether a bare word is a number, whole or not."""
    try:
        _decimal(text)
    except InvalidLiteral:
        return False
    return True


def integer(text: str) -> int:
    """Decimal, 0x hexadecimal, 0b binary or 0 octal. Raises InvalidLiteral."""
    octal = re.fullmatch(r"([-+]?)0([0-7]+)", text)
    if "_" in text or not text.isascii():
        raise InvalidLiteral
    try:
        return int(f"{octal[1]}0o{octal[2]}" if octal else text, 0)
    except ValueError:
        raise InvalidLiteral from None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(integer(text))
    except InvalidLiteral:
        pass
    if not re.fullmatch(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?", text, re.ASCII):
        raise InvalidLiteral
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidLiteral from None


def _boolean(word: Word, _: FieldType) -> Constant:
    if word.text.lower() in {"true", "false"}:
        value = word.text.lower() == "true"
    elif word.kind == "word" and not word.text.startswith("-"):
        value = integer(word.text) != 0
    else:
        raise InvalidLiteral
    return Constant(value, str(int(value)))


def _number(word: Word, kind: FieldType) -> Constant:
    names = {name.lower(): number for number, name in kind.names.items()}
    found = names.get(word.text.lower()) if word.kind != "char" else ord(word.text[:1] or "\0")
    if found is None:
        found = _numeral(word, kind)
    return Constant(found, str(found))


def _numeral(word: Word, kind: FieldType) -> int:
    if kind.names and (word.kind != "word" or not is_number(word.text)):
        words = [name for name in kind.names.values() if name]
        raise InvalidLiteral(
            f"{word.text!r} is neither a number nor one of the field's words.",
            nearest(word.text.upper(), words),
        )
    if word.kind != "word" or not is_number(word.text):
        raise InvalidLiteral
    number = integer(word.text)
    if number < 0 and kind.kind == "uint":
        raise InvalidLiteral("It is never negative.")
    return number


def _float(word: Word, _: FieldType) -> Constant:
    if word.kind != "word":
        raise InvalidLiteral
    return Constant(float(_decimal(word.text)), word.text)


def _clock(word: Word, kind: FieldType) -> Constant:
    """Seconds, as the nanoseconds the kit keeps."""
    if word.kind != "word" or not is_number(word.text):
        raise InvalidLiteral(
            hint="Write seconds since 1970: dates are not understood." if kind.kind == "time" else ""
        )
    return Constant(int(_decimal(word.text) * 1_000_000_000), word.text)


def _string(word: Word, _: FieldType) -> Constant:
    if word.kind == "word" and is_number(word.text):
        raise InvalidLiteral(hint=f'Write "{word.text}" if you mean the characters.')
    return Constant(word.text, word.text)


def _knob(word: Word, _: FieldType) -> Constant:
    return Constant(word.text, word.text)


def octets(word: Word, kind: str = "bytes") -> bytes:
    """A byte string: 00:11, 00-11, 0011, 17 (one byte), "characters" (not beside an address). Raises InvalidLiteral."""
    if word.kind != "word" and kind != "bytes":
        raise InvalidLiteral
    if word.kind != "word":
        return word.text.encode("utf-8", "surrogateescape")
    if not is_number(word.text):
        return _pairs(word.text)
    number = integer(word.text)
    if not 0 <= number <= 255:
        raise InvalidLiteral(f"{word.text} is too large for a byte.", "Part the bytes with colons: 01:02.")
    return bytes([number])


def _pairs(text: str) -> bytes:
    pairs = re.fullmatch(
        r"[0-9a-fA-F]{2}(?:([:\-.]?)[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2})*|[0-9a-fA-F]{2}|(?:[0-9a-fA-F]{4}\.?)+",
        text,
    )
    if pairs is None:
        raise InvalidLiteral
    return bytes.fromhex(re.sub(r"[:.-]", "", text))


def _bytes(word: Word, _: FieldType) -> Constant:
    value = octets(word)
    return Constant(value, value.hex(":"))


def _ether(word: Word, _: FieldType) -> Constant:
    if word.kind != "word" or not re.search(r"[:.-]", word.text):
        raise InvalidLiteral
    value = _pairs(word.text)
    if len(value) != 6:
        raise InvalidLiteral(
            f"{word.text} has {len(value)} bytes, a hardware address six.",
            "Compare a part: eth.src[0:3] == 00:11:22.",
        )
    return Constant(value, value.hex(":"))


def _address(word: Word, kind: FieldType) -> Constant:
    if word.kind != "word":
        raise InvalidLiteral(hint="Leave the quotes off.")
    maker = ipaddress.IPv4Network if kind.kind == "ipv4" else ipaddress.IPv6Network
    try:
        network = maker(word.text, strict=False)
    except ValueError:
        raise InvalidLiteral from None
    bits = network.prefixlen if "/" in word.text else None
    value = int(network.network_address)
    return Constant(value, word.text, None if bits == ADDRESSES[kind.kind] else bits)


def _none(word: Word, _: FieldType) -> Constant:
    raise InvalidLiteral("A protocol can only be there or not.", "Ask for one of its fields.")


_READERS: dict[str, Callable[[Word, FieldType], Constant]] = {
    "bool": _boolean, "uint": _number, "int": _number, "float": _float, "string": _string, "knob": _knob, "bytes": _bytes,
    "ether": _ether, "ipv4": _address, "ipv6": _address, "time": _clock, "duration": _clock, "none": _none,
}  # fmt: skip


@lru_cache(maxsize=65536)
def _as_address(value: Value) -> int:
    try:
        return int(ipaddress.ip_address(value))  # type: ignore[arg-type]
    except ValueError:
        return -1


@lru_cache(maxsize=65536)
def _as_octets(value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return bytes.fromhex(re.sub(r"[:.-]", "", str(value)))
    except ValueError:
        return b""


def comparable(kind: str) -> Callable[[Value], Any] | None:
    """The conversion of a field's value to what constants of its kind compare with; None if none is needed."""
    if kind in ADDRESSES:
        return _as_address
    return _as_octets if kind in OCTETS else str if kind == "knob" else None


def same_family(left: str, right: str) -> bool:
    """Whether fields of two kinds can be compared with each other."""
    families: Sequence[set[str]] = (NUMBERS | {"float"}, OCTETS)
    return left == right or any(left in family and right in family for family in families)
