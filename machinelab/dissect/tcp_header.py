"""The numbers of a TCP header that the first pass needs: RFC 9293 §3.1, and the options that change what others mean."""

from collections.abc import Iterator

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ECE, CWR = 0x40, 0x80  # and AE, in the byte before
ACCURATE = (172, 174)  # Accurate ECN's options: RFC 9768 §3.2.3
ACCURATE_TRIALS = (b"\xac\xc0", b"\xac\xc1")  # and its experiment numbers from before
ACCURATE_SYN, ACCURATE_SYN_ACK, ACCURATE_OPTION = 1, 2, 4  # what of it a connection has shown


class TcpHeader:
    """The numbers of a TCP header that decide about streams: RFC 9293 §3.1."""

    __slots__ = ("ack", "anew", "cookie", "flags", "sacks", "seq", "size", "window")

    def __init__(self, data: bytes, at: int) -> None:
        self.seq = int.from_bytes(data[at + 4 : at + 8], "big")
        self.ack = int.from_bytes(data[at + 8 : at + 12], "big")
        self.size = (data[at + 12] >> 4) * 4
        self.flags = data[at + 13]
        self.window = data[at + 14] << 8 | data[at + 15]
        self.anew = False  # the same ports as a conversation before
        self.cookie = False  # a Fast Open cookie is among the options of a SYN
        self.sacks: tuple[tuple[int, int], ...] = ()


def window_scale(data: bytes, start: int, size: int) -> int:
    """The shift that a SYN offers (RFC 7323 §2.2); −2 if it offers none."""
    for kind, at, length in _options(data, start, size):
        if kind == 3 and length >= 3:
            return min(data[at + 2], 14)
    return -2


def mss_at(data: bytes, start: int, size: int) -> int:
    """Where the largest segment size that a SYN asks for stands (RFC 9293 §3.7.1); 0 if it does not say."""
    return next((at + 2 for kind, at, length in _options(data, start, size) if kind == 2 and length == 4), 0)


def has_cookie(data: bytes, start: int, size: int) -> bool:
    """Whether the options hold a Fast Open cookie: RFC 7413 §4.1.1, or the experiment's number from before (§9)."""
    return any(
        (kind == 34 and length > 2) or (kind == 254 and length > 4 and data[at + 2 : at + 4] == b"\xf9\x89")
        for kind, at, length in _options(data, start, size)
    )


def accurate_setup(data: bytes, at: int) -> int:
    """Whether a SYN asks for Accurate ECN, or an answer to it agrees: RFC 9768 §3.1.1, as a bit of `Stream.accurate`."""
    high, flags = data[at + 12] & 1, data[at + 13]
    if not flags & ACK:
        return ACCURATE_SYN if high and flags & CWR and flags & ECE else 0
    agrees = (flags & CWR and not high) or (high and not flags & ECE)
    return ACCURATE_SYN_ACK if agrees else 0


def has_accurate_option(data: bytes, start: int, size: int) -> bool:
    """Whether the options hold one of Accurate ECN's, by its own kind or as the experiment that it was."""
    return any(
        kind in ACCURATE or (kind in (253, 254) and length >= 4 and data[at + 2 : at + 4] in ACCURATE_TRIALS)
        for kind, at, length in _options(data, start, size)
    )


def sack_blocks(data: bytes, start: int, size: int) -> tuple[tuple[int, int], ...]:
    """What has arrived beyond a gap, as (first, next) numbers on the wire: RFC 2018 §3."""
    for kind, at, length in _options(data, start, size):
        if kind == 5:
            edges = [
                int.from_bytes(data[edge : edge + 4], "big") for edge in range(at + 2, at + length - 3, 4)
            ]
            return tuple(zip(edges[::2], edges[1::2], strict=False))
    return ()


def _options(data: bytes, start: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each option that is whole."""
    at, stop = start + 20, min(start + size, len(data))
    while at < stop:
        kind = data[at]
        if kind == 0:
            return
        if kind == 1:
            at += 1
            continue
        if at + 1 >= stop or data[at + 1] < 2 or at + data[at + 1] > stop:
            return
        yield kind, at, data[at + 1]
        at += data[at + 1]
