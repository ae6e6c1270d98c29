"""Multipath TCP's option: RFC 8684 §3 (and RFC 6824, its first version). What subflows belong together is not worked out."""

from ipaddress import ip_address

from ....model import Field
from ...core import View

CAPABLE, JOIN, DSS, ADD, REMOVE, PRIORITY, FAIL, CLOSE, RESET = range(9)
PREFIX = "tcp.options.mptcp."
Bits = tuple[tuple[str, int], ...]
CAPABLE_FLAGS: Bits = (("checksumreq.flags", 0x80), ("extensibility.flag", 0x40))
DSS_FLAGS: Bits = (
    ("datafin.flag", 0x10),
    ("dseqn8.flag", 0x08),
    ("dseqnpresent.flag", 0x04),
    ("dataack8.flag", 0x02),
    ("dataackpresent.flag", 0x01),
)
RESET_FLAGS: Bits = (("flag_U.flag", 8), ("flag_V.flag", 4), ("flag_W.flag", 2), ("flag_T.flag", 1))


class _Reader:
    """The option's bytes from the subtype on, read one after the other; what is not there is left out."""

    def __init__(self, view: View, at: int, stop: int, group: str) -> None:
        self.view, self.at, self.stop, self.group = view, at, stop, group

    def number(self, name: str, size: int) -> None:
        """The next `size` bytes as a number."""
        if self.at + size <= self.stop:
            value = int.from_bytes(self.view.data[self.at : self.at + size], "big")
            self._add(name, value, size)
            self.at += size

    def octets(self, name: str, size: int) -> None:
        """The next `size` bytes as they are."""
        if size > 0 and self.at + size <= self.stop:
            self._add(name, self.view.data[self.at : self.at + size], size)
            self.at += size

    def bits(self, names: Bits, whole: str = "") -> int:
        """A byte of flags, each under its mask."""
        value = self.view.data[self.at]
        if whole:
            self._add(whole, value, 1)
        for name, mask in names:
            shift = (mask & -mask).bit_length() - 1
            bit: int = value >> shift & mask >> shift
            self._add(name, bool(bit) if name.startswith("flag_") else bit, 1, mask)
        self.at += 1
        return value

    @property
    def left(self) -> int:
        return self.stop - self.at

    def _add(self, name: str, value: int | bytes, size: int, mask: int = 0) -> None:
        self.view.add(
            Field(PREFIX + name, value, self.at, self.at + size, self.view.buffer, mask, self.group)
        )


def dissect(view: View, at: int, stop: int, group: str) -> None:
    """The subtype, and what it has."""
    if stop - at < 1:
        return
    view.protocols.append("mptcp")
    reader = _Reader(view, at, stop, group)
    kind = view.data[at] >> 4
    if kind in READERS and stop - at >= 2:
        READERS[kind](reader)
    else:
        reader.bits((("subtype", 0xF0),))


def _capable(reader: _Reader) -> None:
    """RFC 8684 §3.1. The version decides which hash the last flag means."""
    version = reader.bits((("subtype", 0xF0), ("version", 0x0F))) & 15
    hash: Bits = (("sha1.flag", 0x01), ("reserved.flag", 0x3E))
    if version:
        hash = (("nomoresubflows.flag", 0x20), ("sha256.flag", 0x01), ("reserved.flag", 0x1E))
    reader.bits((*CAPABLE_FLAGS, *hash), "flags")
    reader.number("sendkey", 8)
    reader.number("recvkey", 8)
    if reader.left in (2, 4):
        reader.number("datalvllen", 2)
        reader.number("checksum", 2)


def _join(reader: _Reader) -> None:
    """RFC 8684 §3.2: a token and a number in the SYN, proof in the two packets after it."""
    size = reader.left
    if size == 22:
        reader.bits((("subtype", 0xF0),))
        reader.at += 1
        reader.octets("sendhmac", 20)
        return
    reader.bits((("subtype", 0xF0), ("backup.flag", 0x01)), "flags")
    reader.number("addrid", 1)
    if size == 10:
        reader.number("recvtok", 4)
    else:
        reader.number("sendtrunchmac", 8)
    reader.number("sendrand", 4)


def _data_sequence(reader: _Reader) -> None:
    """RFC 8684 §3.3: where a piece of the subflow belongs in the whole."""
    reader.bits((("subtype", 0xF0),))
    flags = reader.bits(DSS_FLAGS, "flags")
    if flags & 1:
        reader.number("rawdataack", 8 if flags & 2 else 4)
    if flags & 4:
        reader.number("rawdataseqno", 8 if flags & 8 else 4)
        reader.number("subflowseqno", 4)
        reader.number("datalvllen", 2)
        reader.number("checksum", 2)


def _add_address(reader: _Reader) -> None:
    """RFC 8684 §3.4.1, of version 1."""
    reader.bits((("subtype", 0xF0), ("echo", 0x01)))
    reader.number("addrid", 1)
    size = 16 if reader.left >= 16 else 4
    if reader.left >= size:
        address = str(ip_address(reader.view.data[reader.at : reader.at + size]))
        name = "tcp.options.mptcp.ipv6" if size == 16 else "tcp.options.mptcp.ipv4"
        reader.view.add(
            Field(name, address, reader.at, reader.at + size, reader.view.buffer, 0, reader.group)
        )
        reader.at += size
    if reader.left in (2, 10):
        reader.number("port", 2)
    reader.number("addaddrtrunchmac", 8)


def _priority(reader: _Reader) -> None:
    reader.bits((("subtype", 0xF0), ("backup.flag", 0x01)))
    reader.number("addrid", 1)


def _remove(reader: _Reader) -> None:
    reader.bits((("subtype", 0xF0),))
    while reader.left:
        reader.number("addrid", 1)


def _fail(reader: _Reader) -> None:
    reader.bits((("subtype", 0xF0),))
    reader.at += 1
    reader.number("rawdataseqno", 8)


def _close(reader: _Reader) -> None:
    reader.bits((("subtype", 0xF0),))
    reader.at += 1
    reader.number("recvkey", 8)


def _reset(reader: _Reader) -> None:
    reader.bits((("subtype", 0xF0), *RESET_FLAGS))
    reader.number("rst_reason", 1)


READERS = {
    CAPABLE: _capable,
    JOIN: _join,
    DSS: _data_sequence,
    ADD: _add_address,
    REMOVE: _remove,
    PRIORITY: _priority,
    FAIL: _fail,
    CLOSE: _close,
    RESET: _reset,
}
