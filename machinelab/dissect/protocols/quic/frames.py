"""Frames of QUIC: what each type is followed by. RFC 9000 §19, RFC 9221 §4."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...core import Short
from ...varint import varint

PADDING, ACK, ACK_ECN, CRYPTO, STREAM, NEW_CONNECTION_ID, CLOSE, CLOSE_APPLICATION = (
    0,
    2,
    3,
    6,
    8,
    0x18,
    0x1C,
    0x1D,
)
FIN, LEN, OFF = 1, 2, 4  # bits of a STREAM frame's type: RFC 9000 §19.8
TOKEN = 16  # bytes of a stateless reset token, §10.3
CRYPTO_ERROR = 0x100  # from here on an error code is a TLS alert: §20.1
MOST = 4096  # frames of a packet that are read; ranges of one ACK

# What follows the types that are numbers only.
NUMBERS: dict[int, tuple[str, ...]] = {
    0x04: ("rsts.stream_id", "rsts.application_error_code", "rsts.final_size"),
    0x05: ("ss.stream_id", "ss.application_error_code"),
    0x10: ("md.maximum_data",),
    0x11: ("msd.stream_id", "msd.maximum_stream_data"),
    0x12: ("ms.max_streams",),
    0x13: ("ms.max_streams",),
    0x14: ("sb.stream_data_limit",),
    0x15: ("sdb.stream_id", "sb.stream_data_limit"),
    0x16: ("sib.stream_limit",),
    0x17: ("sib.stream_limit",),
    0x19: ("rci.sequence",),
}
EMPTY = (0x01, 0x1E)  # PING, HANDSHAKE_DONE


@dataclass(slots=True)
class QuicFrame:
    """A frame: its fields (name, value, start, stop, mask) without the protocol's prefix; `data` is where its content stands.

    `number` is the stream's id or the offset of CRYPTO; `whole`: nothing of it is missing.
    """

    type: int
    start: int
    stop: int = 0
    fields: list[tuple[str, int | bytes | str | bool, int, int, int]] = field(default_factory=list)
    stream: int = 0
    offset: int = 0
    fin: bool = False
    data: tuple[int, int] = (0, 0)
    connection_id: bytes = b""
    whole: bool = True


class Reader:
    """Reads one frame's fields, one after the other. Raises Short."""

    __slots__ = ("at", "data", "frame")

    def __init__(self, data: bytes, start: int) -> None:
        self.data = data
        kind, self.at = varint(data, start, len(data))
        self.frame = QuicFrame(kind, start)
        self.frame.fields.append(("frame_type", kind, start, self.at, 0))

    def number(self, name: str) -> int:
        """A number of variable length."""
        start = self.at
        value, self.at = varint(self.data, start, len(self.data))
        self.frame.fields.append((name, value, start, self.at, 0))
        return value

    def octets(self, name: str, size: int, *, text: bool = False) -> bytes:
        """So many bytes."""
        if self.at + size > len(self.data):
            raise Short
        value = self.data[self.at : self.at + size]
        shown = value.decode("utf-8", "replace") if text else value
        self.frame.fields.append((name, shown, self.at, self.at + size, 0))
        self.at += size
        return value

    def byte(self, name: str) -> int:
        """One byte as a number."""
        value = self.octets(name, 1)[0]
        _, _, start, stop, mask = self.frame.fields.pop()
        self.frame.fields.append((name, value, start, stop, mask))
        return value


def frames(plain: bytes) -> Iterator[QuicFrame]:
    """The frames of a packet's content, in order; the last one is not whole where the bytes contradict themselves."""
    at, count = 0, 0
    while at < len(plain) and count < MOST:
        count += 1
        if plain[at] == PADDING:
            found = _padding(plain, at)
        else:
            try:
                reader = Reader(plain, at)
            except Short:
                yield QuicFrame(-1, at, len(plain), whole=False)
                return
            found = reader.frame
            try:
                _read(reader)
                found.stop = reader.at
            except Short:
                found.stop, found.whole = len(plain), False
        yield found
        if not found.whole:
            return
        at = found.stop


def _padding(plain: bytes, at: int) -> QuicFrame:
    """A run of PADDING counts as one frame, as Wireshark has it."""
    stop = at + len(plain) - at - len(plain[at:].lstrip(b"\0"))
    found = QuicFrame(PADDING, at, stop)
    found.fields = [("frame_type", PADDING, at, at + 1, 0), ("padding_length", stop - at, at, at, 0)]
    return found


def _read(reader: Reader) -> None:
    kind = reader.frame.type
    if kind in NUMBERS:
        for name in NUMBERS[kind]:
            value = reader.number(name)
            if name.endswith("stream_id"):
                reader.frame.stream = value
    elif kind in (ACK, ACK_ECN):
        _ack(reader)
    elif kind == CRYPTO:
        reader.frame.offset = reader.number("crypto.offset")
        _content(reader, "crypto.crypto_data", reader.number("crypto.length"))
    elif STREAM <= kind < STREAM + 8:
        _stream(reader)
    elif kind == 0x07:
        reader.octets("nt.token", reader.number("nt.length"))
    elif kind == NEW_CONNECTION_ID:
        _new_connection_id(reader)
    elif kind in (0x1A, 0x1B):
        reader.octets(f"path_{'challenge' if kind == 0x1A else 'response'}.data", 8)
    elif kind in (CLOSE, CLOSE_APPLICATION):
        _close(reader)
    elif kind in (0x30, 0x31):
        size = reader.number("dg.length") if kind & 1 else len(reader.data) - reader.at
        reader.octets("dg", size)
    elif kind not in EMPTY:
        raise Short


def _ack(reader: Reader) -> None:
    """RFC 9000 §19.3."""
    reader.number("ack.largest_acknowledged")
    reader.number("ack.ack_delay")
    ranges = reader.number("ack.ack_range_count")
    reader.number("ack.first_ack_range")
    if ranges > MOST:
        raise Short
    for _ in range(ranges):
        reader.number("ack.gap")
        reader.number("ack.ack_range")
    if reader.frame.type == ACK_ECN:
        for name in ("ect0_count", "ect1_count", "ecn_ce_count"):
            reader.number(f"ack.{name}")


def _content(reader: Reader, name: str, size: int) -> None:
    """What a CRYPTO or STREAM frame carries; all of it that is there, where it says more."""
    start = reader.at
    reader.octets(name, size)
    reader.frame.data = start, reader.at


def _stream(reader: Reader) -> None:
    """RFC 9000 §19.8, §2.1."""
    found = reader.frame
    first = found.fields[0]
    for name, bit in (("fin", FIN), ("len", LEN), ("off", OFF)):
        found.fields.append((f"stream.{name}", bool(found.type & bit), first[2], first[3], bit))
    found.fin = bool(found.type & FIN)
    found.stream = reader.number("stream.stream_id")
    _, _, start, stop, _ = found.fields[-1]
    found.fields.append(("stream.initiator", found.stream & 1, start, stop, 1))
    found.fields.append(("stream.direction", found.stream >> 1 & 1, start, stop, 2))
    if found.type & OFF:
        found.offset = reader.number("stream.offset")
    size = reader.number("stream.length") if found.type & LEN else len(reader.data) - reader.at
    _content(reader, "stream_data", size)


def _new_connection_id(reader: Reader) -> None:
    """RFC 9000 §19.15."""
    reader.number("nci.sequence")
    reader.number("nci.retire_prior_to")
    reader.frame.connection_id = reader.octets("nci.connection_id", reader.byte("nci.connection_id.length"))
    reader.octets("nci.stateless_reset_token", TOKEN)


def _close(reader: Reader) -> None:
    """RFC 9000 §19.19."""
    if reader.frame.type == CLOSE:
        code = reader.number("cc.error_code")
        if CRYPTO_ERROR <= code < 2 * CRYPTO_ERROR:
            _, _, _, stop, _ = reader.frame.fields[-1]
            reader.frame.fields.append(("cc.error_code.tls_alert", code & 0xFF, stop - 1, stop, 0))
        reader.number("cc.frame_type")
    else:
        reader.number("cc.error_code.app")
    reader.octets("cc.reason_phrase", reader.number("cc.reason_phrase.length"), text=True)
