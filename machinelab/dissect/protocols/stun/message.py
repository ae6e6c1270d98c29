"""Recognizes STUN messages and TURN's ChannelData among other datagrams: RFC 8489 §5, §6.3; RFC 8656 §12.4."""

COOKIE = b"\x21\x12\xa4\x42"
HEADER = 20
CHANNELS = range(0x4000, 0x5000)  # RFC 8656 §12
KINDS = {0: "request", 1: "indication", 0x10: "success", 0x11: "error"}


def is_message(payload: bytes | bytearray, start: int = 0) -> bool:
    """Two zero bits, the cookie, a length that is a multiple of four and fits: RFC 8489 §5, §6.3."""
    size = len(payload) - start
    return (
        size >= HEADER
        and payload[start] < 0x40
        and payload[start + 4 : start + 8] == COOKIE
        and payload[start + 3] % 4 == 0
        and (payload[start + 2] << 8 | payload[start + 3]) == size - HEADER
    )


def is_channel(payload: bytes | bytearray) -> bool:
    """A channel's number and a length that fits; over UDP the filling may be left out (RFC 8656 §12.5)."""
    if len(payload) < 4 or payload[0] << 8 | payload[1] not in CHANNELS:
        return False
    length = payload[2] << 8 | payload[3]
    return 4 + length <= len(payload) < 4 + length + 4
