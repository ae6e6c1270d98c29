"""The bus of a Redis Cluster: what its nodes tell each other. clusterMsg in Redis 8.0's cluster_legacy.h; "Redis cluster specification"."""

import re
from collections import deque
from itertools import islice

from ....model import Exchange
from ...core import Application, PacketInfo, Part, Sender, Short, Stream, View

MAGIC = b"RCmb"
HEADER = 2256  # bytes, up to what is told of other nodes
LONGEST = 1 << 26
PING, PONG, MEET = 0, 1, 2
NAMES = (
    "PING", "PONG", "MEET", "FAIL", "PUBLISH", "FAILOVER_AUTH_REQUEST", "FAILOVER_AUTH_ACK", "UPDATE", "MFSTART", "MODULE", "PUBLISHSHARD",
)  # fmt: skip
ENTRY = 104  # bytes that are told of another node
RANGES = 64  # of one node that are shown
OPEN = 64  # pings of one connection that may wait for their pongs
NUMBERS = (
    ("length", 4, 4), ("version", 8, 2), ("port", 10, 2), ("type", 12, 2), ("count", 14, 2), ("epoch", 16, 8),
    ("config_epoch", 24, 8), ("offset", 32, 8),
)  # fmt: skip
SLOTS, AFTER_SLOTS = 80, 2128  # a bit for each of 16,384


class Conversation:
    """One connection: a node asks, the other replies on the same one."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.serial = 0
        self.open: dict[bool, deque[int]] = {True: deque(maxlen=OPEN), False: deque(maxlen=OPEN)}

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """Bytes of the next message: 0 not known yet, −1 it is none of ours."""
        if not data.startswith(MAGIC[: len(data) - start], start):
            return -1
        if len(data) - start < 8:
            return 0
        length = int.from_bytes(data[start + 4 : start + 8], "big")
        return length if 16 <= length <= LONGEST else -1

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """A PING or a MEET is answered by a PONG of the other side; a PONG may come unasked, when there is news."""
        kind = int.from_bytes(payload[12:14], "big")
        if kind in (PING, MEET):
            self.serial += 1
            self.open[to_server].append(self.serial)
            return Exchange(self._key(info, self.serial), False, NAMES[kind]), None
        waiting = self.open[not to_server]
        if kind == PONG and waiting:
            return Exchange(self._key(info, waiting.popleft()), True), None
        return None, None

    def _key(self, info: PacketInfo, number: int) -> tuple[object, ...]:
        return "redisbus", info.frame.source.index, self.stream.number, number


def dissect(view: View, part: Part) -> None:
    """The fields of one message, each with the bytes it stands in."""
    view.add(("redisbus", "", part.start, part.stop, view.buffer, 0, "redisbus"))
    try:
        _header(view, part.start, part.stop)
    except Short:
        if not view.quoted:
            view.add(view.broken("redisbus", part.start))


def _header(view: View, start: int, stop: int) -> None:
    data, buffer = view.data[:stop], view.buffer
    for name, at, size in NUMBERS:
        if start + at + size > stop:
            raise Short
        value = int.from_bytes(data[start + at : start + at + size], "big")
        view.add((f"redisbus.{name}", value, start + at, start + at + size, buffer, 0, "redisbus"))
    if start + HEADER > stop:
        raise Short
    sender = data[start + 40 : start + 80].decode("latin-1")
    bits = data[start + SLOTS : start + AFTER_SLOTS]
    slots = int.from_bytes(bits, "big").bit_count()
    view.add(("redisbus.sender", sender, start + 40, start + 80, buffer, 0, "redisbus"))
    view.add(("redisbus.slots", slots, start + SLOTS, start + AFTER_SLOTS, buffer, 0, "redisbus"))
    for said in _ranges(bits):
        view.add(("redisbus.slot_range", said, start + SLOTS, start + AFTER_SLOTS, buffer, 0, "redisbus"))
    view.add(("redisbus.state", data[start + 2252], start + 2252, start + 2253, buffer, 0, "redisbus"))
    if int.from_bytes(data[start + 12 : start + 14], "big") in (PING, PONG, MEET):
        _told(view, start + HEADER, stop, int.from_bytes(data[start + 14 : start + 16], "big"))


def _ranges(bits: bytes) -> list[str]:
    """The slots whose bit is set, as `0-5460` or `9546`; bit 0 of the first byte is slot 0. Of a torn map the first few ranges."""
    said = "".join(f"{byte:08b}"[::-1] for byte in bits)
    found = ((each.start(), each.end() - 1) for each in islice(re.finditer("1+", said), RANGES))
    return [f"{first}-{last}" if first < last else str(first) for first, last in found]


def _told(view: View, at: int, stop: int, count: int) -> None:
    """What is told of other nodes: gossip."""
    for number in range(1, count + 1):
        if at + ENTRY > stop:
            raise Short
        group = f"redisbus/Gossip/{number}"
        name = view.data[at : at + 40].decode("latin-1")
        address = view.data[at + 48 : at + 94].split(b"\0", 1)[0].decode("latin-1")
        view.add(("redisbus.gossip.node", name, at, at + 40, view.buffer, 0, group))
        view.add(("redisbus.gossip.address", address, at + 48, at + 94, view.buffer, 0, group))
        at += ENTRY


def summary(payload: bytes, part: Part) -> str:
    """`PING  epoch 3  5461 slots`."""
    kind = int.from_bytes(payload[12:14], "big") if len(payload) >= 14 else len(NAMES)
    name = NAMES[kind] if kind < len(NAMES) else f"type {kind}"
    if len(payload) < HEADER:
        return name
    slots = int.from_bytes(payload[SLOTS:AFTER_SLOTS], "big").bit_count()
    return f"{name}  epoch {int.from_bytes(payload[24:32], 'big')}  {slots} slots"


def is_stream(data: bytes) -> Sender | None:
    """A message's first bytes. Either side may send any of them."""
    return Sender.EITHER if data[:4] == MAGIC and len(data) >= 16 else None


APPLICATIONS = (
    Application(
        "Redis cluster bus",
        "redisbus",
        Conversation,
        dissect,
        summary,
        tcp=(16379,),
        sized=False,
        is_stream=is_stream,
        marks=((0, b"R"),),
    ),
)
