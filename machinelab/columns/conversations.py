"""Whole dissection of some packets of a long capture, without a walk through all of it.

What the dissector must know of other packets (streams, reassembly, replies) stands in packets of the same conversation. So
only those are walked, and what counts over the whole capture (`tcp.stream`, `ip.stream` …) is counted from the columns.
Odd packets (fragments, tunnels, errors that quote others) tie conversations together: all packets between their addresses
are one conversation here.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..dissect.core import Flow, Frame, Note
from ..dissect.network import Addresses
from ..dissect.opening import Opening
from ..dissect.packet import Cache, event
from ..dissect.walk import Walker
from ..model import Event
from .fields import FIELDS
from .headers import IPV4, IPV6, TCP, UDP, Headers, Mask

Ids = npt.NDArray[np.int64]
ODD_GROUP = 0
FIRST, MANY = 16, 15  # creations in one frame that are told apart
KINDS = ("udp", "tcp", 8, 32)  # streams by protocol, address pairs by the bytes of a pair
SYN, ACK = 2, 16


class Births:
    """Which frames open which numbered things; the number of each is its place among them."""

    def __init__(self) -> None:
        self._found: dict[object, list[int]] = {kind: [] for kind in KINDS}
        self._sorted: dict[object, Ids] = {}

    def add(self, kind: object, keys: Sequence[int]) -> None:
        """Enter the births of a kind, as `frame number * FIRST + place in the frame`."""
        self._found[kind] += keys

    def number(self, kind: object, key: int) -> int:
        """The number of what is born there."""
        if kind not in self._sorted:
            self._sorted[kind] = np.sort(np.asarray(self._found[kind], np.int64))
        return int(np.searchsorted(self._sorted[kind], key))


class Conversations:
    """The conversations of a capture, and its packets dissected within them."""

    def __init__(self, headers: Headers) -> None:
        self.headers = headers

    def frame(self, row: int) -> Frame:
        """The packet as the other reader gives it."""
        index = self.headers.index
        start = int(index.offset[row])
        data = bytes(index.data[start : start + int(index.captured[row])])
        source = index.sources[index.source[row]]
        return Frame(int(index.time[row]), data, int(index.length[row]), source, index.comments(row))

    @cached_property
    def groups(self) -> Ids:
        """Each packet's conversation: 0 for all that odd packets may have to do with, −1 for packets on their own."""
        pairs, ends = self._pairs, self._conversations
        groups = np.where(ends >= 0, ends + 1, -1)
        groups[self.headers.odd] = ODD_GROUP
        touched = self._touched
        if len(touched):
            groups[np.isin(pairs, touched) & (pairs >= 0)] = ODD_GROUP
        return groups

    @cached_property
    def _pairs(self) -> Ids:
        """Each plain packet's pair of addresses, whichever way round, numbered; −1 where it has none."""
        pairs = np.full(self.headers.count, -1, np.int64)
        taken = 0
        for network, name in ((IPV4, "ip"), (IPV6, "ipv6")):
            rows = np.nonzero(self.headers.rows_of((network,)))[0]
            if not len(rows):
                continue
            source, target = self._numbered(name, rows)
            key = np.minimum(source, target) << 32 | np.maximum(source, target)
            _, inverse = np.unique(key, return_inverse=True)
            pairs[rows] = inverse + taken
            taken += int(inverse.max()) + 1
        return pairs

    def _numbered(self, name: str, rows: Ids) -> tuple[Ids, Ids]:
        """Source and destination as numbers below 2³², equal for equal addresses."""
        source, target = (FIELDS[f"{name}.{end}"](self.headers).values[rows] for end in ("src", "dst"))
        if name == "ip":
            return source.astype(np.int64), target.astype(np.int64)
        _, inverse = np.unique(np.concatenate([source, target]), return_inverse=True)
        return inverse[: len(rows)].astype(np.int64), inverse[len(rows) :].astype(np.int64)

    @cached_property
    def _conversations(self) -> Ids:
        """Each plain IP packet's conversation (addresses, protocol, ports); −1 for what is no IP."""
        headers, pairs = self.headers, self._pairs
        proto = headers.shape.proto.astype(np.int64)
        ports = np.zeros(headers.count, np.int64)
        for number in (UDP, TCP):
            rows = np.nonzero(proto == number)[0]
            here = headers.index.offset[rows] + headers.shape.transport[rows]
            source, target = headers.two[here].astype(np.int64), headers.two[here + 2].astype(np.int64)
            ports[rows] = np.where(
                self._forward(rows, source, target), source << 16 | target, target << 16 | source
            )
        found = np.full(headers.count, -1, np.int64)
        rows = np.nonzero(pairs >= 0)[0]
        _, first = np.unique(pairs[rows] << 8 | proto[rows], return_inverse=True)
        _, inverse = np.unique(first.astype(np.int64) << 32 | ports[rows], return_inverse=True)
        found[rows] = inverse
        return found

    def _forward(self, rows: Ids, source: Ids, target: Ids) -> Mask:
        """Whether a packet goes from the lower address (or, of one machine with itself, port) to the higher."""
        headers = self.headers
        forward = source <= target
        for network, name in ((IPV4, "ip"), (IPV6, "ipv6")):
            own = np.nonzero(headers.shape.network[rows] == network)[0]
            if len(own):
                one, other = self._numbered(name, rows[own])
                forward[own] = np.where(one == other, forward[own], one < other)
        return forward

    @cached_property
    def _touched(self) -> Ids:
        """The address pairs that odd packets speak of, inside and out, as far as plain packets have them too."""
        odd = np.nonzero(self.headers.odd)[0]
        if not len(odd):
            return np.zeros(0, np.int64)
        seen = _Seen()
        walker = _Recorder(seen)
        for row in odd:
            walker.at(int(row), self.frame(int(row)), 0, 0)
        headers, found = self.headers, list[int]()
        for network, size in ((IPV4, 4), (IPV6, 16)):
            rows = np.nonzero(headers.rows_of((network,)))[0]
            _, first = np.unique(self._pairs[rows], return_index=True)
            for row in rows[first]:
                at = int(headers.index.offset[row]) + int(headers.shape.at[row]) + (12 if size == 4 else 8)
                addresses = bytes(headers.index.data[at : at + 2 * size])
                if addresses in seen.pairs or addresses[size:] + addresses[:size] in seen.pairs:
                    found.append(int(self._pairs[row]))
        return np.asarray(found, np.int64)

    @cached_property
    def births(self) -> Births:
        """What is numbered over the whole capture, and where each begins."""
        births = Births()
        headers, groups = self.headers, self.groups
        plain = groups > ODD_GROUP
        for network, size in ((IPV4, 8), (IPV6, 32)):
            births.add(size, self._firsts(np.nonzero(plain & headers.rows_of((network,)))[0], self._pairs))
        again = self._opened_again()
        for proto, kind in ((UDP, "udp"), (TCP, "tcp")):
            rows = np.nonzero(plain & (headers.shape.proto == proto))[0]
            if proto == TCP and len(again):
                rows = rows[~np.isin(groups[rows], again)]
            births.add(kind, self._firsts(rows, groups))
        self._walk_births(births, again)
        return births

    def _firsts(self, rows: Ids, ids: Ids) -> list[int]:
        if not len(rows):
            return []
        _, first = np.unique(ids[rows], return_index=True)
        found: list[int] = ((rows[first] + 1) * FIRST).tolist()
        return found

    def _opened_again(self) -> Ids:
        """TCP conversations that may be several connections: a SYN comes later that does not repeat the first packet's."""
        headers = self.headers
        rows = np.nonzero((self.groups > ODD_GROUP) & (headers.shape.proto == TCP))[0]
        if not len(rows):
            return rows
        here = headers.index.offset[rows] + headers.shape.transport[rows]
        opening = headers.data[here + 13] & (SYN | ACK) == SYN
        number = headers.four[here + 4]
        groups, first, inverse = np.unique(self.groups[rows], return_index=True, return_inverse=True)
        repeated = opening[first][inverse] & (number == number[first][inverse])
        again = opening & ~repeated
        again[first] = False
        found: Ids = groups[np.unique(inverse[again])]
        return found

    def _walk_births(self, births: Births, again: Ids) -> None:
        """Where the columns do not tell, a walk does."""
        odd = _Recorder(_Seen())
        for row in self.rows(ODD_GROUP):
            odd.at(int(row), self.frame(int(row)), 0, 0)
        for kind in KINDS:
            births.add(kind, odd.born[kind])
        for group in again:
            walker = _Recorder(_Seen())
            for row in self.rows(int(group)):
                walker.at(int(row), self.frame(int(row)), 0, 0)
            births.add("tcp", walker.born["tcp"])

    @cached_property
    def _order(self) -> tuple[Ids, Ids]:
        order = np.argsort(self.groups, kind="stable")
        return order, self.groups[order]

    def _pair_born(self, row: int) -> int:
        """The packet that first had this one's pair of addresses; for odd ones, whose walk knows, itself."""
        pair = int(self._pairs[row])
        return int(self._pair_firsts[pair]) if pair >= 0 and self.groups[row] > ODD_GROUP else row

    @cached_property
    def _pair_firsts(self) -> Ids:
        rows = np.nonzero(self._pairs >= 0)[0]
        _, first = np.unique(self._pairs[rows], return_index=True)
        return rows[first]

    def rows(self, group: int) -> Ids:
        """The packets of a conversation, in order."""
        order, groups = self._order
        start, stop = np.searchsorted(groups, [group, group + 1])
        return order[start:stop]

    @cached_property
    def _stations(self) -> Ids:
        """`eth.stream` of each packet; −1 where it has none."""
        headers = self.headers
        found = np.full(headers.count, -1, np.int64)
        links = np.asarray([source.link for source in headers.index.sources] or [0])
        rows = np.nonzero((links[headers.index.source] == 1) & (headers.index.captured >= 14))[0]
        here = headers.index.offset[rows]
        wide = np.uint64(32)
        target = headers.two[here].astype(np.uint64) << wide | headers.four[here + 2]
        source = headers.two[here + 6].astype(np.uint64) << wide | headers.four[here + 8]
        low, high = np.minimum(source, target), np.maximum(source, target)
        _, one = np.unique(low, return_inverse=True)
        _, other = np.unique(high, return_inverse=True)
        _, first, inverse = np.unique(
            one.astype(np.int64) << 32 | other, return_index=True, return_inverse=True
        )
        rank = np.empty(len(first), np.int64)
        rank[np.argsort(first)] = np.arange(len(first))
        found[rows] = rank[inverse]
        return found

    def events(self, wanted: Ids) -> Iterator[Event]:
        """The events of these packets (row numbers), conversation by conversation."""
        groups = self.groups[wanted]
        alone = wanted[groups < 0]
        for row in alone:
            yield from self._walk(np.asarray([row]), {int(row)})
        for group in np.unique(groups[groups >= 0]):
            yield from self._walk(self.rows(int(group)), set(wanted[groups == group].tolist()))

    def _walk(self, rows: Ids, wanted: set[int]) -> Iterator[Event]:
        walker, cache = _Numbered(self.births), Cache()
        time = self.headers.index.time
        notes = []
        for row in rows.tolist():
            walker.pair(self._pair_born(row))
            note = walker.at(row, self.frame(row), int(time[0]), int(time[max(0, row - 1)]))
            note.ethernet = int(self._stations[row])
            if row in wanted:
                notes.append(note)
        for note in notes:
            yield event(note, cache)


class _Seen(Addresses):
    """Remembers which address pairs were asked about; `born` counts those that were new."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: set[bytes] = set()
        self.fresh: list[int] = []

    def find(self, addresses: bytes) -> tuple[int, str, str]:
        """As ever, and remember."""
        if addresses not in self._pairs:
            self.fresh.append(len(addresses))
        self.pairs.add(addresses)
        return super().find(addresses)


class _Row(Walker):
    """A walk through some of a capture's packets, each with its own number and neighbours."""

    def at(self, row: int, frame: Frame, first: int, previous: int) -> Note:
        """The note of a packet, by its place in the capture."""
        self._number, self._first, self._previous = row, first, previous
        return self.frame(frame)


class _Recorder(_Row):
    """Notes what begins where."""

    def __init__(self, seen: _Seen) -> None:
        super().__init__()
        self._addresses = self._seen = seen
        self.born: dict[object, list[int]] = {kind: [] for kind in KINDS}
        self._here: list[object] = []

    def at(self, row: int, frame: Frame, first: int, previous: int) -> Note:
        """The note of a packet; what it opens is written down."""
        self._here = []
        self._seen.fresh = []
        note = super().at(row, frame, first, previous)
        for kind in KINDS:
            times = self._here.count(kind) + self._seen.fresh.count(kind)  # type: ignore[arg-type]
            self.born[kind] += [note.number * FIRST + min(place, MANY) for place in range(times)]
        return note

    def _new(
        self, note: Note, key: tuple[int, bytes], kind: str, ports: bytes, opening: Opening | None = None
    ) -> Flow:
        before = self._counts[kind]
        flow = super()._new(note, key, kind, ports, opening)
        if self._counts[kind] > before:
            self._here.append(kind)
        return flow


class _Numbered(_Row):
    """A walk in which streams and address pairs get their numbers in the whole capture."""

    def __init__(self, births: Births) -> None:
        super().__init__()
        self._births = births
        self._addresses = _Counted(births)
        self._places: dict[str, int] = {}
        self._pair = 0

    def pair(self, row: int) -> None:
        """The packet that first had the addresses of the one that comes now."""
        self._pair = row

    def at(self, row: int, frame: Frame, first: int, previous: int) -> Note:
        """The note of a packet."""
        self._places = {"udp": 0, "tcp": 0}
        counted = self._addresses
        assert isinstance(counted, _Counted)
        counted.begin(self._pair + 1)
        return super().at(row, frame, first, previous)

    def _new(
        self, note: Note, key: tuple[int, bytes], kind: str, ports: bytes, opening: Opening | None = None
    ) -> Flow:
        place = self._places[kind]
        number = self._births.number(kind, note.number * FIRST + min(place, MANY))
        self._counts[kind] = number
        flow = super()._new(note, key, kind, ports, opening)
        if self._counts[kind] > number:
            self._places[kind] += 1
        return flow


class _Counted(Addresses):
    """Address pairs with their numbers in the whole capture."""

    def __init__(self, births: Births) -> None:
        super().__init__()
        self._births = births
        self._number = 0
        self._places = {8: 0, 32: 0}

    def begin(self, number: int) -> None:
        """The frame that is looked at from now on."""
        self._number = number
        self._places = {8: 0, 32: 0}

    def find(self, addresses: bytes) -> tuple[int, str, str]:
        """As ever, with the right number for a new pair."""
        size = len(addresses)
        if addresses not in self._pairs:
            key = self._number * FIRST + min(self._places[size], MANY)
            self._counts[size] = self._births.number(size, key)
            self._places[size] += 1
        return super().find(addresses)
