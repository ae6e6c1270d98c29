"""Whole dissection of some packets of a long capture, without a walk through all of it.

What the dissector must know of other packets (streams, reassembly, replies) stands in packets of the same conversation. So
only those are walked, and what counts over the whole capture (`tcp.stream`, `ip.stream` …) is counted from the columns.
Slow-path packets (fragments, tunnels, errors that quote others) tie conversations together: they, and all conversations that they
are of or speak of, are one conversation here. So are those of an application that `shares` what it learns.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from ..dissect.core import Frame, PacketInfo
from ..dissect.packet import Cache, event
from ..model import Event
from .creations import FIRST, CreationIndex, Ids, Numbered, Recorder, RowWalker
from .fields import FIELDS
from .headers import IPV4, IPV6, TCP, UDP, Headers, Mask
from .recognised import Recognised

SLOW_GROUP = 0
KEPT = 50_000  # packets of the conversations walked last that are kept: some 50 MB
SYN, ACK = 2, 16


class Conversations:
    """The conversations of a capture, and its packets dissected within them."""

    def __init__(self, headers: Headers) -> None:
        self.headers = headers
        self._walked: dict[int, dict[int, PacketInfo]] = {}
        self._kept = 0

    def frame(self, row: int) -> Frame:
        """The packet as the other reader gives it."""
        index = self.headers.index
        start = int(index.offset[row])
        data = bytes(index.data[start : start + int(index.captured[row])])
        source = index.sources[index.source[row]]
        return Frame(index.moment(row), data, int(index.length[row]), source, index.comments(row))

    @cached_property
    def groups(self) -> Ids:
        """Each packet's conversation: 0 for all that slow-path packets may have to do with, −1 for packets on their own."""
        ends = self._conversations
        groups = np.where(ends >= 0, ends + 1, -1)
        groups[self.headers.slow] = SLOW_GROUP
        touched = np.union1d(self._touched, ends[self._telling])
        if len(touched):
            groups[np.isin(ends, touched)] = SLOW_GROUP
        del self._conversations  # the groups say all of it that is asked for from now on
        return groups

    @property
    def mostly_one(self) -> bool:
        """Whether most packets are in the conversation that all slow-path packets tie together: it is walked with its first packet."""
        return 2 * int(np.count_nonzero(self.groups == SLOW_GROUP)) > len(self.groups)

    @cached_property
    def _telling(self) -> Ids:
        """The fast-path packets of applications whose conversations tell each other what they mean."""
        known = [n for n, each in enumerate(self.headers.applications, 1) if each.shares]
        rows: Ids = np.nonzero(np.isin(self.headers.shape.application, known) & (self._pairs >= 0))[0]
        return rows

    @cached_property
    def _pairs(self) -> Ids:
        """Each fast-path packet's pair of addresses, whichever way round, numbered; −1 where it has none."""
        pairs = np.full(self.headers.count, -1, np.int32)
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
        """Each fast-path IP packet's conversation (addresses, protocol, ports); −1 for what is no IP."""
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
        found = np.full(headers.count, -1, np.int32)
        rows = np.nonzero(pairs >= 0)[0]
        _, first = np.unique(pairs[rows].astype(np.int64) << 8 | proto[rows], return_inverse=True)
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
    def _slow_alone(self) -> Recorder:
        """A walk through the slow-path packets: which addresses and conversations they speak of, inside and out."""
        walker = Recorder(self.headers.decode_as)
        for row in np.nonzero(self.headers.slow)[0].tolist():
            walker.at(row, self.frame(row))
        return walker

    @cached_property
    def slow_stand_alone(self) -> bool:
        """Whether the header fields of slow-path packets are known from slow-path packets: no DNS message over TCP is begun in others."""
        flows = [flow for flow in self._slow_alone.flows if flow.stream.kind == "tcp"]
        if any(flow.application and flow.application.layer == "dns" for flow in flows):
            return False
        return not flows or not bool(np.any(self.recognised.of("dns")[self.headers.rows_of((), TCP)]))

    @cached_property
    def recognised(self) -> Recognised:
        """The packets that may be read by a protocol which is recognised by its bytes."""
        return Recognised(self.headers, lambda: self._slow_alone.names)

    def slow_headers(self) -> Iterator[Event]:
        """The slow-path packets, walked by themselves: what stands in their headers is right, what is counted is not."""
        walker, cache, infos = RowWalker(decode_as=self.headers.decode_as), Cache(), []
        for row in np.nonzero(self.headers.slow)[0].tolist():
            infos.append(walker.at(row, self.frame(row), *self._times(row)))
        yield from (event(info, cache) for info in infos)

    def _times(self, row: int) -> tuple[int, int]:
        """When the capture's first packet was seen, and the one before this."""
        index = self.headers.index
        return index.moment(0), index.moment(max(0, row - 1))

    @cached_property
    def _spoken_of(self) -> Ids:
        """The address pairs that slow-path packets speak of, as far as fast-path packets have them too; and those of the telling."""
        found, named = np.unique(self._pairs[self._telling]).tolist(), self._slow_alone.pairs
        if named:
            for row in self._pair_firsts.tolist():
                addresses = self._addresses(row)
                half = len(addresses) // 2
                if addresses in named or addresses[half:] + addresses[:half] in named:
                    found.append(int(self._pairs[row]))
        return np.unique(np.asarray(found, np.int64))

    def _addresses(self, row: int) -> bytes:
        """A fast-path packet's addresses as they stand in its header, source first."""
        index, shape = self.headers.index, self.headers.shape
        skip, size = (12, 8) if shape.network[row] == IPV4 else (8, 32)
        at = int(index.offset[row]) + int(shape.at[row]) + skip
        return bytes(index.data[at : at + size])

    @cached_property
    def _touched(self) -> Ids:
        """The conversations that slow-path packets speak of: those of their ports, and all without ports between their addresses."""
        if not len(self._spoken_of):
            return self._spoken_of
        index, shape, names = self.headers.index, self.headers.shape, self._slow_alone.names
        rows = np.nonzero(np.isin(self._pairs, self._spoken_of))[0]
        ids, first = np.unique(self._conversations[rows], return_index=True)
        found = []
        for id, row in zip(ids.tolist(), rows[first].tolist(), strict=True):
            kind = {UDP: b"U", TCP: b"T"}.get(int(shape.proto[row]))
            at = int(index.offset[row]) + int(shape.transport[row])
            if kind is None or kind + self._addresses(row) + index.data[at : at + 4] in names:
                found.append(id)
        return np.asarray(found, np.int64)

    @cached_property
    def creations(self) -> CreationIndex:
        """What is numbered over the whole capture, and where each begins."""
        creations = CreationIndex()
        headers, groups = self.headers, self.groups
        fast = groups > SLOW_GROUP
        alone = ~np.isin(self._pairs, self._spoken_of)
        for network, size in ((IPV4, 8), (IPV6, 32)):
            creations.add(size, self._firsts(np.nonzero(alone & headers.rows_of((network,)))[0], self._pairs))
        again = self._opened_again()
        for proto, kind in ((UDP, "udp"), (TCP, "tcp")):
            rows = np.nonzero(fast & (headers.shape.proto == proto))[0]
            if proto == TCP and len(again):
                rows = rows[~np.isin(groups[rows], again)]
            creations.add(kind, self._firsts(rows, groups))
        self._walk_creations(creations, again)
        return creations

    def _firsts(self, rows: Ids, ids: Ids) -> list[int]:
        if not len(rows):
            return []
        _, first = np.unique(ids[rows], return_index=True)
        found: list[int] = ((rows[first] + 1) * FIRST).tolist()
        return found

    def _opened_again(self) -> Ids:
        """TCP conversations that may be several connections: a SYN, or the answer to one, has another number than the first, or comes late."""
        headers = self.headers
        rows = np.nonzero((self.groups > SLOW_GROUP) & (headers.shape.proto == TCP))[0]
        if not len(rows):
            return rows
        here = headers.index.offset[rows] + headers.shape.transport[rows]
        flags, number = headers.data[here + 13] & (SYN | ACK), headers.four[here + 4]
        groups, inverse = np.unique(self.groups[rows], return_inverse=True)
        opening = flags & SYN > 0
        first = np.full(len(groups), len(rows))
        others, places = np.unique(inverse[~opening], return_index=True)
        first[others] = np.nonzero(~opening)[0][places]
        again = opening & (np.arange(len(rows)) > first[inverse])
        for kind in (SYN, SYN | ACK):
            own = np.nonzero(flags == kind)[0]
            _, places, back = np.unique(inverse[own], return_index=True, return_inverse=True)
            again[own] |= number[own] != number[own][places][back]
        found: Ids = groups[np.unique(inverse[again])]
        return found

    def _walk_creations(self, creations: CreationIndex, again: Ids) -> None:
        """Where the columns do not tell, a walk does."""
        slow, own = Recorder(self.headers.decode_as), self.rows(SLOW_GROUP)
        # An address pair that slow-path packets speak of may be older than they are: its first fast-path packet knows.
        older = self._pair_firsts[self._spoken_of]
        for row in np.union1d(own, older).tolist():
            slow.at(row, self.frame(row), streams=self.groups[row] == SLOW_GROUP)
        creations.pairs = slow.pairs
        for pair, key in slow.pairs.items():
            creations.add(len(pair), [key])
        for kind in ("udp", "tcp"):
            creations.add(kind, slow.created[kind])
        for group in again:
            walker = Recorder(self.headers.decode_as)
            for row in self.rows(int(group)).tolist():
                walker.at(row, self.frame(row))
            creations.add("tcp", walker.created["tcp"])

    @cached_property
    def _order(self) -> tuple[Ids, Ids]:
        order = np.argsort(self.groups, kind="stable").astype(np.int32)
        return order, self.groups[order]

    def _pair_created(self, row: int) -> int:
        """The packet that first had this one's pair of addresses; for those of the slow path, whose walk knows, itself."""
        pair = int(self._pairs[row])
        return int(self._pair_firsts[pair]) if pair >= 0 else row

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
    def _stations(self) -> tuple[Ids, dict[int, tuple[int, ...]]]:
        """`eth.stream` of each packet; −1 where it has none. And of the frames inside tunnels, by the packets that hold some."""
        headers = self.headers
        found = np.full(headers.count, -1, np.int32)
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
        if not self._slow_alone.bridged:
            return found, {}
        return self._renumbered(found, rows[np.sort(first)])

    def _renumbered(self, found: Ids, firsts: Ids) -> tuple[Ids, dict[int, tuple[int, ...]]]:
        """The same where tunnels hold pairs of stations too: these count in between. `firsts`: the packets that have a new pair."""
        pairs = [bytes(self.frame(row).data[:12]) for row in firsts.tolist()]
        seen = [(row, 0, pair) for row, pair in zip(firsts.tolist(), pairs, strict=True)]
        inside = self._slow_alone.bridged
        seen += [(row, 1 + place, pair) for row, each in inside.items() for place, pair in enumerate(each)]
        numbers: dict[bytes, int] = {}
        for _, _, pair in sorted(seen):
            if pair not in numbers:
                numbers[pair[6:] + pair[:6]] = numbers[pair] = len(set(numbers.values()))
        table = np.asarray([numbers[pair] for pair in pairs], np.int32)
        turned = np.where(found >= 0, table[found], -1) if len(table) else found
        return turned, {row: tuple(numbers[pair] for pair in each) for row, each in inside.items()}

    def events(self, wanted: Ids) -> Iterator[Event]:
        """The events of these packets (row numbers), conversation by conversation."""
        if not len(wanted):
            return
        groups = self.groups[wanted]
        alone = wanted[groups < 0]
        for row in alone:
            yield from self._walk(np.asarray([row]), {int(row)})
        order = np.argsort(groups, kind="stable")
        found, first = np.unique(groups[order], return_index=True)
        for group, rows in zip(found.tolist(), np.split(wanted[order], first[1:]), strict=True):
            if group >= 0:
                yield from self._within(group, rows.tolist())

    def _within(self, group: int, wanted: list[int]) -> Iterator[Event]:
        """Packets of one conversation. Those walked last are kept, unless they are long: a list goes through them page by page."""
        rows = self.rows(group)
        if len(rows) > KEPT:
            yield from self._walk(rows, set(wanted))
            return
        walked = self._walked.get(group)
        if walked is None:
            walked = {info.number - 1: info for info in self._infos(rows, set(rows.tolist()))}
            self._keep(group, walked)
        cache = Cache()
        for row in wanted:
            yield event(walked[row], cache)

    def _keep(self, group: int, walked: dict[int, PacketInfo]) -> None:
        while self._walked and self._kept + len(walked) > KEPT:
            self._kept -= len(self._walked.pop(next(iter(self._walked))))
        self._walked[group] = walked
        self._kept += len(walked)

    def _walk(self, rows: Ids, wanted: set[int]) -> Iterator[Event]:
        cache = Cache()
        for info in self._infos(rows, wanted):
            yield event(info, cache)

    def _infos(self, rows: Ids, wanted: set[int]) -> list[PacketInfo]:
        """The first pass over a conversation; its record of the packets that are wanted."""
        walker = Numbered(self.creations, self.headers.secrets, self.headers.decode_as)
        infos = []
        for row in rows.tolist():
            walker.pair(self._pair_created(row))
            info = walker.at(row, self.frame(row), *self._times(row))
            info.ethernet = int(self._stations[0][row])
            info.bridged = self._stations[1].get(row, ())
            if row in wanted:
                infos.append(info)
        return infos
