"""The headers of every packet as columns, for packets on the fast path.

*Fast path*: Ethernet II with at most one tag; IP that is whole, no fragment, no tunnel, nothing between it and UDP, TCP or a
ping; wholly captured. Of these the columns say what the dissector says. All others are *slow-path packets*: they are left to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..dissect.core import Application
from ..dissect.decode_as import DecodeAs
from ..dissect.registry import tables
from ..dissect.secrets import Secrets
from ..dissect.tcp_header import has_accurate_option
from .container import Index
from .records import words

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]

ETHERNET = 1
SLOW, OTHER, ARP, IPV4, IPV6 = range(5)
UDP, TCP, ICMP, ICMPV6 = 17, 6, 1, 58
FIN, SYN, ACK = 1, 2, 16
ACCURATE_ASKED = 0x1C0  # AE, CWR and ECE: RFC 9768 §3.1.1
ACCURATE_KINDS = (172, 174, 253, 254)  # option kinds that may be Accurate ECN's
ERRORS, ERRORS6 = (3, 4, 5, 11, 12), (1, 2, 3, 4)
TAGS = (0x8100, 0x9100)  # a provider's (0x88A8) has fields of its own
STEP = 1 << 17  # packets looked at in one go: what is worked out in between stays small


@dataclass(frozen=True, slots=True)
class Shape:
    """Of each packet: what its network layer is, what that carries, where the headers stand (from the frame's start).

    `network` is ODD, OTHER, ARP, IPV4 or IPV6; `proto` an IP protocol number (0: none); `payload` to `stop` is what UDP or
    TCP carries; `application` counts from 1 in `Headers.applications` (0: none).
    """

    network: npt.NDArray[np.uint8]
    tags: npt.NDArray[np.uint8]
    at: npt.NDArray[np.uint16]
    proto: npt.NDArray[np.uint8]
    transport: npt.NDArray[np.uint16]
    payload: npt.NDArray[np.uint16]
    stop: npt.NDArray[np.int32]
    application: npt.NDArray[np.uint8]


class Headers:
    """The shapes of all packets of a capture, and numbers out of their headers. `keys`: a key log beside the capture's own.

    `decode_as`: protocols on ports of their own.
    """

    def __init__(self, index: Index, keys: bytes = b"", decode_as: DecodeAs | None = None) -> None:
        self.index = index
        self.decode_as = decode_as
        self.secrets = Secrets()
        for text in (keys, *index.secrets):
            self.secrets.feed(text)
        self.count = len(index.offset)
        data = np.frombuffer(index.data, np.uint8) if len(index.data) else np.zeros(0, np.uint8)
        self._one, self._two, self._four = data, words(data, ">u2"), words(data, ">u4")
        # What carries packets: by Ethernet type, IP protocol, UDP port.
        network = {0x0800, 0x0806, 0x86DD}
        self._carriers = [kind for kind in tables().ethertypes if kind not in network]
        self._tunnels = [4, 41, *(n for n, layer in tables().protocols.items() if layer.carries is not None)]
        self._tunnel_ports = list(tables().tunnels)
        self.applications: list[Application] = []
        known, chosen = tables(), decode_as or DecodeAs()
        self._ports = {
            UDP: (self._port_table(chosen.udp), self._port_table(known.udp)),
            TCP: (self._port_table(chosen.tcp), self._port_table(known.tcp)),
        }

    @property
    def data(self) -> Numbers:
        """The file's bytes. Raises LabError where the file has become shorter; so do the others."""
        self.index.data  # noqa: B018 - which looks whether they are all there
        return self._one

    @property
    def two(self) -> Numbers:
        """The 16-bit number (network order) at each byte of the file."""
        self.index.data  # noqa: B018
        return self._two

    @property
    def four(self) -> Numbers:
        """The same with 32 bits."""
        self.index.data  # noqa: B018
        return self._four

    def _port_table(self, known: Mapping[int, Application]) -> npt.NDArray[np.uint8]:
        table = np.zeros(65_536, np.uint8)
        for port, application in known.items():
            if application not in self.applications:
                self.applications.append(application)
            table[port] = self.applications.index(application) + 1
        return table

    @cached_property
    def shape(self) -> Shape:
        """Found once, a step at a time."""
        parts = [self._shape(start, min(start + STEP, self.count)) for start in range(0, self.count, STEP)]
        empty = self._shape(0, 0)
        columns = ("network", "tags", "at", "proto", "transport", "payload", "stop", "application")
        return Shape(
            *(np.concatenate([getattr(part, name) for part in (parts or [empty])]) for name in columns)
        )

    def _shape(self, start: int, stop: int) -> Shape:
        index, count = self.index, stop - start
        offset, captured = index.offset[start:stop], index.captured[start:stop].astype(np.int64)
        network = np.zeros(count, np.uint8)
        tags = np.zeros(count, np.uint8)
        links = np.asarray([source.link for source in index.sources] or [0])
        good = (captured >= 14) & (captured == index.length[start:stop]) & (captured < 65_536)
        good &= links[index.source[start:stop]] == ETHERNET
        kind = np.zeros(count, np.uint16)
        kind[good] = self.two[offset[good] + 12]
        tagged = good & np.isin(kind, TAGS)
        good &= ~tagged | (captured >= 18)
        tagged &= good
        kind[tagged] = self.two[offset[tagged] + 16]
        tags[tagged] = 1
        good &= (kind >= 1536) & ~np.isin(kind, TAGS)
        at = np.where(tagged, 18, 14).astype(np.int64)
        network[good] = np.where(np.isin(kind[good], self._carriers), SLOW, OTHER)
        network[good & (kind == 0x0806)] = ARP
        proto = np.zeros(count, np.uint8)
        transport, end = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self._ipv4(
            np.nonzero(good & (kind == 0x0800))[0], offset, captured, at, network, proto, transport, end
        )
        self._ipv6(
            np.nonzero(good & (kind == 0x86DD))[0], offset, captured, at, network, proto, transport, end
        )
        payload, application = np.zeros(count, np.int64), np.zeros(count, np.uint8)
        self._udp(np.nonzero(proto == UDP)[0], offset, network, proto, transport, end, payload)
        self._tcp(np.nonzero(proto == TCP)[0], offset, network, proto, transport, end, payload)
        self._control(
            np.nonzero((proto == ICMP) | (proto == ICMPV6))[0], offset, network, proto, transport, end
        )
        for number in (UDP, TCP):
            rows = np.nonzero(proto == number)[0]
            application[rows] = self._application(number, offset[rows] + transport[rows])
        return Shape(
            network, tags, at.astype(np.uint16), proto, transport.astype(np.uint16),
            payload.astype(np.uint16), end.astype(np.int32), application,
        )  # fmt: skip

    def _ipv4(self, rows: Numbers, offset: Numbers, captured: Numbers, at: Numbers, network: Numbers, proto: Numbers, transport: Numbers, end: Numbers) -> None:  # fmt: skip
        whole = captured[rows] >= at[rows] + 20
        network[rows[~whole]] = SLOW
        rows = rows[whole]
        here = offset[rows] + at[rows]
        size = (self.data[here] & 15).astype(np.int64) * 4
        length = self.two[here + 2].astype(np.int64)
        carried = self.data[here + 9]
        fast = (size >= 20) & (length >= size) & (at[rows] + length <= captured[rows])
        fast &= (self.two[here + 6] & 0x3FFF == 0) & ~np.isin(carried, self._tunnels)
        self._enter(
            rows, fast, IPV4, carried, at[rows] + size, at[rows] + length, network, proto, transport, end
        )

    def _ipv6(self, rows: Numbers, offset: Numbers, captured: Numbers, at: Numbers, network: Numbers, proto: Numbers, transport: Numbers, end: Numbers) -> None:  # fmt: skip
        whole = captured[rows] >= at[rows] + 40
        network[rows[~whole]] = SLOW
        rows = rows[whole]
        here = offset[rows] + at[rows]
        length = self.two[here + 4].astype(np.int64)
        carried = self.data[here + 6]
        fast = (
            np.isin(carried, (UDP, TCP, ICMPV6)) & (length > 0) & (at[rows] + 40 + length <= captured[rows])
        )
        self._enter(
            rows, fast, IPV6, carried, at[rows] + 40, at[rows] + 40 + length, network, proto, transport, end
        )

    @staticmethod
    def _enter(rows: Numbers, fast: Mask, kind: int, carried: Numbers, start: Numbers, stop: Numbers, network: Numbers, proto: Numbers, transport: Numbers, end: Numbers) -> None:  # fmt: skip
        network[rows] = np.where(fast, kind, SLOW)
        proto[rows[fast]] = carried[fast]
        transport[rows[fast]] = start[fast]
        end[rows[fast]] = stop[fast]

    def _udp(self, rows: Numbers, offset: Numbers, network: Numbers, proto: Numbers, transport: Numbers, end: Numbers, payload: Numbers) -> None:  # fmt: skip
        room = end[rows] - transport[rows]
        enough = room >= 8
        length = np.zeros(len(rows), np.int64)
        length[enough] = self.two[offset[rows[enough]] + transport[rows[enough]] + 4]
        fast = enough & (length >= 8) & (length <= room)
        here = offset[rows[enough]] + transport[rows[enough]]
        fast[enough] &= ~np.isin(self.two[here], self._tunnel_ports) & ~np.isin(
            self.two[here + 2], self._tunnel_ports
        )
        self._leave(rows[~fast], network, proto)
        kept = rows[fast]
        payload[kept] = transport[kept] + 8
        end[kept] = transport[kept] + length[fast]

    def _tcp(self, rows: Numbers, offset: Numbers, network: Numbers, proto: Numbers, transport: Numbers, end: Numbers, payload: Numbers) -> None:  # fmt: skip
        room = end[rows] - transport[rows]
        enough = room >= 20
        size = np.zeros(len(rows), np.int64)
        size[enough] = (self.data[offset[rows[enough]] + transport[rows[enough]] + 12] >> 4).astype(
            np.int64
        ) * 4
        fast = enough & (size >= 20) & (size <= room)
        self._leave(rows[~fast], network, proto)
        payload[rows[fast]] = transport[rows[fast]] + size[fast]

    def _control(self, rows: Numbers, offset: Numbers, network: Numbers, proto: Numbers, transport: Numbers, end: Numbers) -> None:  # fmt: skip
        """Errors quote the packet they are about; ICMPv6 in IPv4 (or the other way round) is nobody's."""
        enough = end[rows] - transport[rows] >= 8
        kind = np.zeros(len(rows), np.uint8)
        kind[enough] = self.data[offset[rows[enough]] + transport[rows[enough]]]
        six = proto[rows] == ICMPV6
        fast = enough & ~np.where(six, np.isin(kind, ERRORS6), np.isin(kind, ERRORS))
        fast &= six == (network[rows] == IPV6)
        self._leave(rows[~fast], network, proto)

    @staticmethod
    def _leave(rows: Numbers, network: Numbers, proto: Numbers) -> None:
        network[rows] = SLOW
        proto[rows] = 0

    def _application(self, proto: int, here: Numbers) -> npt.NDArray[np.uint8]:
        """By the ports, the lower first (`dissect.registry.application`)."""
        source, target = self.two[here], self.two[here + 2]
        lower, higher = np.minimum(source, target), np.maximum(source, target)
        found = np.zeros(len(here), np.uint8)
        for table in self._ports[proto]:
            if table.any():
                for ports in (lower, higher):
                    found = np.where(found > 0, found, table[ports])
        return found

    @cached_property
    def slow(self) -> Mask:
        """The packets that are left to the dissector."""
        slow: Mask = self.shape.network == SLOW
        return slow

    def rows_of(self, network: tuple[int, ...] = (), proto: int = 0) -> Mask:
        """The fast-path packets of these network layers that carry this protocol."""
        if network:
            found: Mask = np.logical_or.reduce([self.shape.network == kind for kind in network])
            return found & (self.shape.proto == proto) if proto else found
        carries: Mask = self.shape.proto == proto
        return carries if proto else ~self.slow

    @cached_property
    def dns(self) -> Mask:
        """DNS messages over UDP with a whole header: the others are read by the dissector."""
        whole: Mask = self.shape.stop >= self.shape.payload.astype(np.int32) + 12
        whole &= (self.shape.proto == UDP) & (self.shape.application == self.application("dns"))
        return whole

    @cached_property
    def closing(self) -> Mask:
        """TCP segments with a FIN: a message that ends with its stream ends in one, also where it brings no data."""
        found = self.shape.proto == TCP
        rows = np.nonzero(found)[0]
        found[rows] = self.data[self.index.offset[rows] + self.shape.transport[rows] + 13] & FIN > 0
        closing: Mask = found
        return closing

    @cached_property
    def counts_marks(self) -> bool:
        """Whether a connection may use Accurate ECN (RFC 9768): asks for it with three flags in its SYN, or shows an option of it.

        What slow-path packets say is not known here, so with any of them it may.
        """
        if self.slow.any():
            return True
        rows = np.nonzero(self.shape.proto == TCP)[0]
        here = self.index.offset[rows] + self.shape.transport[rows]
        if (self.two[here + 12] & (ACCURATE_ASKED | SYN | ACK) == ACCURATE_ASKED | SYN).any():
            return True
        size = self.shape.payload[rows].astype(np.int64) - self.shape.transport[rows]
        marked = np.zeros(len(rows), np.bool_)
        for place in range(20, int(size.max(initial=0))):
            reaches = np.nonzero(size > place)[0]
            marked[reaches] |= np.isin(self.data[here[reaches] + place], ACCURATE_KINDS)
        data = self.index.data
        return any(
            has_accurate_option(bytes(data[at : at + length]), 0, length)
            for at, length in zip(here[marked].tolist(), size[marked].tolist(), strict=True)
        )

    def application(self, layer: str) -> int:
        """An application's number in the shapes; 0 if there is none of that name."""
        return next((n for n, known in enumerate(self.applications, 1) if known.layer == layer), 0)

    def conversation_keys(self, rows: Numbers) -> Numbers:
        """Of packets with ports, numbers that are equal for both ways of a conversation (and may be for two conversations)."""
        shape = self.shape
        here = self.index.offset[rows] + shape.transport[rows]
        one, other = self.two[here].astype(np.int64), self.two[here + 2].astype(np.int64)
        keys: Numbers = (one ^ other) << 16 | (one + other & 0xFFFF)
        four = shape.network[rows] == IPV4
        at = self.index.offset[rows[four]] + shape.at[rows[four]]
        keys[four] |= (self.four[at + 12] ^ self.four[at + 16]).astype(np.int64) << 31
        return keys
