"""Records as a zone file has them: `www.example.test. 300 A 198.51.100.80`. RFC 1035 §5.1; types without a form, RFC 3597 §5.

dnslib prints what it knows, from the bytes of the message; what it lacks stands in `WRITERS`. It is imported for the first
record that is neither an address nor in that table.
"""

import re
import struct
from _socket import inet_ntoa
from base64 import b32hexencode, b64encode
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from ipaddress import IPv6Address
from typing import Any

from ....fields.dns import TYPES
from ...core import Short
from .names import MOST_LABELS

CLASSES = {3: "CH", 4: "HS", 254: "NONE", 255: "ANY"}  # IN is not said
PLAIN = re.compile(rb"[A-Za-z0-9_-]+").fullmatch  # most labels, and twenty times as fast
QUOTED = b'"\\'
SPECIAL = b'."();@$\\'  # RFC 1035 §5.1: what a name's label must not have bare
Writer = Callable[[bytes, int, int], str]
# Types whose data has the form of another one: CDS, CDNSKEY (RFC 7344), SVCB (RFC 9460), SMIMEA (RFC 8162), SPF (RFC 7208).
SAME = {59: "DS", 60: "DNSKEY", 64: "HTTPS", 53: "TLSA", 99: "TXT"}


def record(message: bytes, owner: int, kind: int, cls: int, ttl: int, start: int, stop: int) -> str:
    """One record: its owner stands at `owner` of the message, its data at `start`:`stop`. Never fails: a form that does not fit is RFC 3597's."""
    try:
        name = name_at(message, owner, len(message))[0]
    except Short:
        name = "?"
    said = "" if cls == 1 else CLASSES.get(cls, f"CLASS{cls}")
    return " ".join(filter(None, (name, str(ttl), said, type_name(kind), rdata(message, kind, start, stop))))


def type_name(kind: int) -> str:
    """`AAAA`, or RFC 3597's `TYPE65280`."""
    return TYPES.get(kind, f"TYPE{kind}")


def rdata(message: bytes, kind: int, start: int, stop: int) -> str:
    """What a record holds."""
    stop = min(stop, len(message))
    if kind in NAMELESS:
        return _alone(kind, message[start:stop])
    return _read(message, kind, start, stop)


# Keys and digests: they hold no names, so that their own bytes say all, and a capture has the same ones over and over.
NAMELESS = {43, 48, 52, 59, 60}


@lru_cache(1024)
def _alone(kind: int, octets: bytes) -> str:
    return _read(octets, kind, 0, len(octets))


def _read(message: bytes, kind: int, start: int, stop: int) -> str:
    if start >= stop:
        return ""
    try:
        text = (
            WRITERS[kind](message, start, stop) if kind in WRITERS else _by_dnslib(message, kind, start, stop)
        )
    except (Short, ValueError, IndexError, KeyError, struct.error):
        text = ""
    if not text:
        return unknown(message, start, stop)
    return text if text.isprintable() else "".join(map(_safe, text))


def _safe(character: str) -> str:
    return (
        character
        if character.isprintable()
        else "".join(f"\\{octet:03d}" for octet in character.encode("utf-8", "replace"))
    )


def unknown(message: bytes, start: int, stop: int) -> str:
    """RFC 3597 §5: the length and the octets."""
    return f"\\# {stop - start} {message[start:stop].hex()}".rstrip()


@cache
def _dnslib() -> Any:
    import dnslib

    return dnslib


def _by_dnslib(message: bytes, kind: int, start: int, stop: int) -> str:
    """dnslib's text of the data; empty where it has no such type, or cannot read it."""
    dnslib = _dnslib()
    known = dnslib.RDMAP.get(SAME.get(kind, TYPES.get(kind, "")))
    if known is None:
        return ""
    # What stands behind the record is not there, so that no type reads on into the next one; pointers go backwards.
    buffer = dnslib.DNSBuffer(message[:stop])
    buffer.offset = start
    try:
        found = known.parse(buffer, stop - start)
        return str(found.toZone()) if buffer.offset == stop else ""
    except (dnslib.DNSError, dnslib.buffer.BufferError, dnslib.bimap.BimapError, TypeError, AttributeError):
        return ""


def name_at(message: bytes, at: int, stop: int) -> tuple[str, int]:
    """The name at an offset, absolute and escaped, and where it ends. Raises Short where there is none."""
    labels, after, jumps = list[str](), 0, 0
    while True:
        if at >= stop:
            raise Short
        size = message[at]
        if size >= 192:
            if at + 1 >= stop or jumps > MOST_LABELS:
                raise Short
            after = after or at + 2
            at, stop, jumps = (size & 63) << 8 | message[at + 1], len(message), jumps + 1
        elif size >= 64 or at + size >= stop:
            raise Short
        elif size == 0:
            return ".".join(labels) + ".", after or at + 1
        else:
            label = message[at + 1 : at + 1 + size]
            labels.append(label.decode() if PLAIN(label) else "".join(map(_octet, label)))
            at += 1 + size


def _octet(octet: int) -> str:
    if octet in SPECIAL:
        return "\\" + chr(octet)
    return chr(octet) if 32 < octet < 127 else f"\\{octet:03d}"


def string(octets: bytes) -> str:
    """Characters in quotes."""
    return (
        '"'
        + "".join("\\" + chr(o) if o in QUOTED else chr(o) if 32 <= o < 127 else f"\\{o:03d}" for o in octets)
        + '"'
    )


def _strings(message: bytes, at: int, stop: int) -> Iterator[str]:
    while at < stop:
        end = at + 1 + message[at]
        if end > stop:
            raise Short
        yield string(message[at + 1 : end])
        at = end


def _all_strings(message: bytes, at: int, stop: int) -> str:
    return " ".join(_strings(message, at, stop))


def _name(message: bytes, at: int, stop: int) -> str:
    text, after = name_at(message, at, stop)
    if after != stop:
        raise Short
    return text


def _number_and_name(message: bytes, at: int, stop: int) -> str:
    return f"{int.from_bytes(message[at : at + 2], 'big')} {_name(message, at + 2, stop)}"


def _types(octets: bytes) -> Iterator[str]:
    """The bitmaps of types: RFC 4034 §4.1.2."""
    at = 0
    while at + 2 <= len(octets):
        window, size = octets[at], octets[at + 1]
        for place, octet in enumerate(octets[at + 2 : at + 2 + size]):
            for bit in range(8):
                if octet & 0x80 >> bit:
                    yield type_name(window << 8 | place << 3 | bit)
        at += 2 + size


def _salted(message: bytes, at: int, stop: int) -> tuple[str, int]:
    """What NSEC3 and its parameters begin with: RFC 5155 §3.3."""
    algorithm, flags, iterations, size = struct.unpack_from("!BBHB", message, at)
    after = at + 5 + size
    if after > stop:
        raise Short
    return f"{algorithm} {flags} {iterations} {message[at + 5 : after].hex() or '-'}", after


def _nsec3(message: bytes, at: int, stop: int) -> str:
    begin, at = _salted(message, at, stop)
    end = at + 1 + message[at]
    if end > stop:
        raise Short
    hashed = b32hexencode(message[at + 1 : end]).decode().rstrip("=").lower()
    return " ".join((begin, hashed, *_types(message[end:stop])))


def _nsec3_parameters(message: bytes, at: int, stop: int) -> str:
    text, after = _salted(message, at, stop)
    if after != stop:
        raise Short
    return text


def _uri(message: bytes, at: int, stop: int) -> str:
    """RFC 7553 §4.1."""
    priority, weight = struct.unpack_from("!HH", message, at)
    return f"{priority} {weight} {string(message[at + 4 : stop])}"


def _tsig(message: bytes, at: int, stop: int) -> str:
    """RFC 8945 §4.2; it has no form in zone files, and is printed as dig does."""
    algorithm, at = name_at(message, at, stop)
    high, low, fudge, size = struct.unpack_from("!HIHH", message, at)
    end = at + 10 + size
    original, error, other = struct.unpack_from("!HHH", message, end)
    if end + 6 + other != stop:
        raise Short
    mac = b64encode(message[at + 10 : end]).decode()
    return " ".join(
        filter(
            None,
            (
                algorithm,
                str(high << 32 | low),
                str(fudge),
                str(size),
                mac,
                str(original),
                str(error),
                str(other),
            ),
        )
    )


def _address(message: bytes, at: int, stop: int) -> str:
    if stop - at != 4:
        raise Short
    return inet_ntoa(message[at:stop])


def _address6(message: bytes, at: int, stop: int) -> str:
    return str(IPv6Address(message[at:stop]))


WRITERS: dict[int, Writer] = {
    1: _address, 2: _name, 5: _name, 12: _name, 13: _all_strings, 16: _all_strings, 18: _number_and_name, 28: _address6, 36: _number_and_name,
    39: _name, 50: _nsec3, 51: _nsec3_parameters, 250: _tsig, 256: _uri,
}  # fmt: skip
