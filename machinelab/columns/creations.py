"""What is numbered over a whole capture (streams, address pairs), and which packet opens each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..dissect.core import Flow, Frame, PacketInfo
from ..dissect.decode_as import DecodeAs
from ..dissect.network import Addresses
from ..dissect.tcp_header import TcpHeader
from ..dissect.walk import Walker

Ids = npt.NDArray[np.integer[Any]]
FIRST, MANY = 16, 15  # creations in one frame that are told apart
KINDS = ("udp", "tcp", 8, 32)  # streams by protocol, address pairs by the bytes of a pair


class CreationIndex:
    """Which frames open which numbered things; the number of each is its place among them.

    `pairs`: of the address pairs that slow-path packets speak of, the birth of each.
    """

    def __init__(self) -> None:
        self.pairs: dict[bytes, int] = {}
        self._found: dict[object, list[int]] = {kind: [] for kind in KINDS}
        self._sorted: dict[object, Ids] = {}

    def add(self, kind: object, keys: Sequence[int]) -> None:
        """Enter the creations of a kind, as `frame number * FIRST + place in the frame`."""
        self._found[kind] += keys

    def number(self, kind: object, key: int) -> int:
        """The number of what is created there."""
        if kind not in self._sorted:
            self._sorted[kind] = np.sort(np.asarray(self._found.pop(kind), np.int64))
        return int(np.searchsorted(self._sorted[kind], key))


class RowWalker(Walker):
    """A walk through some of a capture's packets, each with its own number and neighbours."""

    def at(self, row: int, frame: Frame, first: int, previous: int) -> PacketInfo:
        """The first pass's record of a packet, by its place in the capture."""
        self._number, self._first, self._previous = row, first, previous
        return self.frame(frame)


class _Seen(Addresses):
    """`created`: the address pairs looked up, and for each (frame, place in it) where it was new."""

    def __init__(self) -> None:
        super().__init__()
        self.created: dict[bytes, int] = {}
        self.number = 0
        self._places = dict.fromkeys((8, 32), 0)

    def begin(self, number: int) -> None:
        """The frame that is looked at from now on."""
        self.number = number
        self._places = dict.fromkeys((8, 32), 0)

    def find(self, addresses: bytes) -> tuple[int, str, str]:
        """The number and text of a pair; a new one is recorded."""
        if addresses not in self._pairs:
            size = len(addresses)
            self.created[addresses] = self.number * FIRST + min(self._places[size], MANY)
            self._places[size] += 1
        return super().find(addresses)


class Recorder(RowWalker):
    """Notes what begins where."""

    def __init__(self, decode_as: DecodeAs | None = None) -> None:
        super().__init__(decode_as=decode_as)
        self._addresses = self._seen = _Seen()
        self.created: dict[object, list[int]] = {"udp": [], "tcp": []}
        self._here: list[str] = []
        self.bridged: dict[
            int, tuple[bytes, ...]
        ] = {}  # row → the pairs of stations in Ethernet frames inside tunnels
        self._row = 0

    def _bridge(self, info: PacketInfo, pair: bytes) -> None:
        super()._bridge(info, pair)
        self.bridged[self._row] = (*self.bridged.get(self._row, ()), pair)

    @property
    def pairs(self) -> dict[bytes, int]:
        """Address pairs (as they first stood in a header), and the creation of each."""
        return self._seen.created

    @property
    def flows(self) -> list[Flow]:
        """The conversations seen, each way round on each network."""
        return list(self._flows.values())

    @property
    def names(self) -> set[bytes]:
        """The conversations seen, both ways round: U or T, addresses, ports."""
        return {name for _, name in self._flows}

    def at(
        self, row: int, frame: Frame, first: int = 0, previous: int = 0, streams: bool = True
    ) -> PacketInfo:
        """The first pass's record of a packet; what it opens is written down (of `streams`, if they are asked for)."""
        self._here, self._row = [], row
        self._seen.begin(row + 1)
        info = super().at(row, frame, first, previous)
        for kind in ("udp", "tcp") if streams else ():
            times = self._here.count(kind)
            self.created[kind] += [info.number * FIRST + min(place, MANY) for place in range(times)]
        return info

    def _new(
        self,
        info: PacketInfo,
        key: tuple[int, bytes],
        kind: str,
        ports: bytes,
        header: TcpHeader | None = None,
    ) -> Flow:
        before = self._counts[kind]
        flow = super()._new(info, key, kind, ports, header)
        if self._counts[kind] > before:
            self._here.append(kind)
        return flow


class Numbered(RowWalker):
    """A walk in which streams and address pairs get their numbers in the whole capture."""

    def __init__(
        self, creations: CreationIndex, secrets: object = None, decode_as: DecodeAs | None = None
    ) -> None:
        super().__init__(secrets, decode_as)
        self._creations = creations
        self._addresses = self._counted = _Counted(creations)
        self._places: dict[str, int] = {}

    def pair(self, row: int) -> None:
        """The packet that first had the addresses of the one that comes now."""
        self._counted.first = row + 1

    def at(self, row: int, frame: Frame, first: int, previous: int) -> PacketInfo:
        """The first pass's record of a packet."""
        self._places = {"udp": 0, "tcp": 0}
        return super().at(row, frame, first, previous)

    def _new(
        self,
        info: PacketInfo,
        key: tuple[int, bytes],
        kind: str,
        ports: bytes,
        header: TcpHeader | None = None,
    ) -> Flow:
        place = self._places[kind]
        number = self._creations.number(kind, info.number * FIRST + min(place, MANY))
        self._counts[kind] = number
        flow = super()._new(info, key, kind, ports, header)
        if self._counts[kind] > number:
            self._places[kind] += 1
        return flow


class _Counted(Addresses):
    """Address pairs with their numbers in the whole capture. `first`: the frame that a fast-path pair is created in."""

    def __init__(self, creations: CreationIndex) -> None:
        super().__init__()
        self.first = 0
        self._creations = creations

    def find(self, addresses: bytes) -> tuple[int, str, str]:
        """As ever, with the right number for a new pair."""
        if addresses not in self._pairs:
            size, known = len(addresses), self._creations.pairs
            back = addresses[size // 2 :] + addresses[: size // 2]
            key = known.get(addresses, known.get(back, self.first * FIRST))
            self._counts[size] = self._creations.number(size, key)
        return super().find(addresses)
