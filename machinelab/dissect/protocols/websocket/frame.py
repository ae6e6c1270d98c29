"""The header of a WebSocket frame, and its payload without the mask: RFC 6455 §5.2, §5.3."""

from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
CONTROL = 8  # opcodes from here on are control frames', which are never fragmented: RFC 6455 §5.5
LONGEST_CONTROL = 125
FIN, COMPRESSED, MASKED = 0x80, 0x40, 0x80
KEY = 4  # bytes


class Header(NamedTuple):
    """A frame's header. `size` in bytes, masking key included; `length` of the payload in bytes."""

    first: int
    size: int
    length: int
    key: bytes

    @property
    def opcode(self) -> int:
        """What the payload is: RFC 6455 §5.2."""
        return self.first & 0x0F

    @property
    def final(self) -> bool:
        """Whether the message ends with this frame."""
        return self.first & FIN != 0

    @property
    def compressed(self) -> bool:
        """Whether RSV1 is set, which marks a compressed message where permessage-deflate was agreed on: RFC 7692 §6."""
        return self.first & COMPRESSED != 0

    @property
    def control(self) -> bool:
        """Whether it is a Close, a Ping or a Pong, which may stand between the fragments of a message."""
        return self.opcode >= CONTROL


def header(data: bytes | bytearray, start: int) -> Header | None:
    """The header at `start`; None while it is not complete."""
    if len(data) - start < 2:
        return None
    length, at = data[start + 1] & 0x7F, start + 2
    wide = {126: 2, 127: 8}.get(length, 0)
    keyed = KEY if data[start + 1] & MASKED else 0
    if len(data) - at < wide + keyed:
        return None
    if wide:
        length = int.from_bytes(data[at : at + wide], "big")
    at += wide
    return Header(data[start], at + keyed - start, length, bytes(data[at : at + keyed]))


def possible(data: bytes | bytearray, start: int) -> bool:
    """Whether these bytes may be a frame's: a known opcode, and a control frame neither fragmented nor long (RFC 6455 §5.5)."""
    first = data[start]
    opcode = first & 0x0F
    if opcode not in {CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG}:
        return False
    if opcode < CONTROL:
        return True
    return first & FIN != 0 and (len(data) - start < 2 or data[start + 1] & 0x7F <= LONGEST_CONTROL)


def unmasked(payload: bytes, key: bytes) -> bytes:
    """The payload XORed with the key, over and over: RFC 6455 §5.3."""
    if not key or not payload:
        return payload
    whole = (key * (len(payload) // KEY + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(len(payload), "big")
