"""TCP's byte stream put together again, one direction at a time, and cut into messages: RFC 9293 §3.4, §3.10.7.4."""

from collections import deque
from collections.abc import Iterator

from . import registry
from .core import Flow, PacketInfo, Part, Piece, Session
from .recognition import displaced

LIMIT = 1 << 20  # bytes that may wait behind a gap before the gap is given up
LEAST = 256  # bytes that a segment counts for there: of a million with one byte each, none is found in time
LONGEST = 1 << 24  # bytes a message may take: more than any protocol here has, less than would hurt
REMEMBERED = 4  # messages whose segments may come once more when they are whole already
HALF = 1 << 31
MASK = (1 << 32) - 1


class Segments:
    """One direction: the next sequence number, what waits behind a gap, and the beginning of an unfinished message."""

    __slots__ = ("_done", "_flow", "_held", "_pending", "_pieces", "_repeats", "_waiting", "next")

    def __init__(self, flow: Flow) -> None:
        self.next = -1
        self._flow = flow
        self._waiting: dict[int, tuple[PacketInfo, bytes, int]] = {}
        self._held = 0
        self._pending = bytearray()
        self._pieces: list[tuple[PacketInfo, int, int]] = []  # where in the unfinished message: offset, size
        self._repeats: list[tuple[PacketInfo, int, int]] = []
        self._done: deque[tuple[int, Part, int]] = deque(
            maxlen=REMEMBERED
        )  # where it began, and the frame that completed it

    def add(self, info: PacketInfo, seq: int, payload: bytes, at: int) -> list[Part]:
        """Take a segment whose payload stands at `at` of its frame's buffer; give the messages it completes."""
        if self.next < 0:
            self.next = seq
        ahead = (seq - self.next) & MASK
        if ahead >= HALF:  # before what we wait for: repeated, wholly or in part
            known = MASK + 1 - ahead
            self._again(info, known, payload)
            if known >= len(payload):
                return []
            payload, at = payload[known:], at + known
        elif ahead:
            return self._hold(info, seq, payload, at)
        parts: list[Part] = []
        self._take(info, info, payload, at, parts)
        if self._waiting:
            self._catch_up(info, parts)
        return parts

    def cut(self, seq: int, payload: bytes, at: int) -> list[Part]:
        """The beginning of a message of whose segment the capture did not keep all; none, where one began before it."""
        session, application = self._flow.session, self._flow.application
        if (
            session is None
            or application is None
            or self._pending
            or self._waiting
            or self.next not in (-1, seq)
        ):
            return []
        if getattr(session, "handover", None) is not None:
            return []
        size = session.size(payload, 0, self._flow.to_server)
        if size < 0 or 0 < size <= len(payload):
            return []
        return [
            Part(
                application,
                at,
                at + len(payload),
                to_server=self._flow.to_server,
                framing=application.framing,
                session=session,
                announced=size,
            )
        ]

    def finished(self, info: PacketInfo) -> list[Part]:
        """The sender is done: what is there may be a message that ends with the stream, if its protocol knows such."""
        ends = getattr(self._flow.session, "ends", None)
        if ends is None or self._waiting or not ends(self._pending, self._flow.to_server):
            return []
        size = len(self._pending)
        if info.number not in {piece.number for piece, _, _ in self._pieces}:
            self._pieces.append((info, size, 0))
        part = self._part(info, 0, size, None)
        self._drop()
        return [part]

    def _again(self, info: PacketInfo, known: int, payload: bytes) -> None:
        """Bytes sent once more that belong to the unfinished message: their frame is one of its frames."""
        start = len(self._pending) - known
        stop = min(start + len(payload), len(self._pending))
        if stop > max(start, 0):
            self._repeats.append((info, max(start, 0), stop - max(start, 0)))
        elif start < 0:
            self._late(info, (self.next - known) & MASK, payload)

    def _late(self, info: PacketInfo, seq: int, payload: bytes) -> None:
        """Bytes sent once more of a message that spans segments and is whole already: their frame is one of its frames too."""
        for began, part, frame in self._done:
            offset = (seq - began) & MASK
            if part.data is not None and offset < len(part.data):
                size = min(len(payload), len(part.data) - offset)
                part.pieces = tuple(
                    sorted(
                        (*part.pieces, Piece(info.number, offset, size)),
                        key=lambda piece: (piece.offset, piece.frame),
                    )
                )
                info.within = frame
                return

    def acknowledged(self, ack: int) -> list[tuple[PacketInfo, list[Part]]]:
        """The other side has everything before `ack`: bytes missing before that are missing from the capture only.

        The messages that waited behind such a hole, each with the packet of its own side that completes it.
        """
        found: list[tuple[PacketInfo, list[Part]]] = []
        while self._waiting:
            first = min(self._waiting, key=lambda seq: (seq - self.next) & MASK)
            if (ack - first) & MASK >= HALF or ack == first:
                break
            self._skip(first)
            found += self._in_place()
        return found

    def lost(self, following: int) -> None:
        """What stands before this number will not come."""
        if self.next < 0 or (following - self.next) & MASK < HALF:
            self._skip(following)

    def _hold(self, info: PacketInfo, seq: int, payload: bytes, at: int) -> list[Part]:
        held = self._waiting.get(seq)
        if held is None or len(held[1]) < len(payload):
            self._held += _held_size(payload) - (_held_size(held[1]) if held else 0)
            self._waiting[seq] = (info, payload, at)
        parts: list[Part] = []
        if self._held > LIMIT:
            self._skip(min(self._waiting, key=lambda seq: (seq - self.next) & MASK))
            self._catch_up(info, parts)
        return parts

    def _skip(self, seq: int) -> None:
        self._drop()
        self.next = seq

    def _drop(self) -> None:
        self._pending.clear()
        self._pieces.clear()
        self._repeats.clear()

    def _catch_up(self, now: PacketInfo, parts: list[Part]) -> None:
        """Use what waited, as far as it now joins on: the packet that has closed the gap completes it."""
        for info, payload, _ in self._joining():
            self._take(now, info, payload, -1, parts)

    def _in_place(self) -> Iterator[tuple[PacketInfo, list[Part]]]:
        """Use what waited, as far as it now joins on: each segment completes its own messages, as if there were no gap."""
        for info, payload, at in self._joining():
            parts: list[Part] = []
            self._take(info, info, payload, at, parts)
            if parts:
                yield info, parts

    def _joining(self) -> Iterator[tuple[PacketInfo, bytes, int]]:
        """The segments that waited, without what is known of them, up to the next gap; and where they stand in their frames."""
        for seq in sorted(self._waiting, key=lambda seq: (seq - self.next + HALF) & MASK):
            known = (self.next - seq) & MASK
            if known >= HALF:
                return
            info, payload, at = self._waiting.pop(seq)
            self._held -= _held_size(payload)
            if known < len(payload):
                yield info, payload[known:], at + known

    def _take(self, now: PacketInfo, info: PacketInfo, payload: bytes, at: int, parts: list[Part]) -> None:
        """The next bytes of the stream, from the frame of `info`; `at` is −1 if they do not stand in the frame of `now`."""
        self.next = (self.next + len(payload)) & MASK
        before = len(self._pending)
        self._pieces.append((info, before, len(payload)))
        self._pending += payload
        to_server, start = self._flow.to_server, 0
        while start < len(self._pending):
            session = self._session(start)
            if session is None:
                self._drop()
                return
            size = session.size(self._pending, start, to_server)
            if size < 0 or size > LONGEST:
                if displaced(self._flow, bytes(self._pending[start:])):
                    to_server = self._flow.to_server
                    continue
                self._drop()
                return
            if size == 0 or start + size > len(self._pending):
                if len(self._pending) - start > LONGEST:
                    self._drop()
                    return
                break
            self._flow.fits = True
            parts.append(
                self._part(now, start, start + size, at - before if at >= 0 and start >= before else None)
            )
            start += size
        self._forget(start)

    def _part(self, now: PacketInfo, start: int, stop: int, shift: int | None) -> Part:
        application, flow = self._flow.application, self._flow
        assert application is not None
        if shift is not None:
            return Part(
                application, start + shift, stop + shift, to_server=flow.to_server, framing=application.framing, session=flow.session
            )  # fmt: skip
        data, pieces = bytes(self._pending[start:stop]), []
        for info, offset, size in self._pieces + self._repeats:
            first, last = max(offset, start), min(offset + size, stop)
            if first < last or (size == 0 and offset == stop):
                pieces.append(Piece(info.number, first - start, last - first))
                info.within = now.number
        pieces.sort(key=lambda piece: (piece.offset, piece.frame))
        part = Part(
            application, 0, len(data), data, tuple(pieces), to_server=flow.to_server, buffer="Reassembled TCP", framing=application.framing,
            session=flow.session,
        )  # fmt: skip
        self._done.append(((self.next - len(self._pending) + start) & MASK, part, now.number))
        return part

    def _session(self, start: int) -> Session | None:
        """Who reads what comes next: the same session, or the protocol that it has handed the stream over to."""
        flow = self._flow
        handover = getattr(flow.session, "handover", None)
        if handover is None:
            return flow.session
        assert flow.application is not None
        header, protocol = flow.application.layer, registry.successor(handover, bytes(self._pending[start:]))
        flow.stream.handover = handover
        session = protocol.session(flow.stream) if protocol and protocol.session else None
        for each in (flow, flow.other) if session and flow.other else ():
            each.application, each.session = protocol, session
            each.announced = "" if handover.replaces else header
        return session

    def _forget(self, start: int) -> None:
        """Drop the bytes that went into messages."""
        if start == 0:
            return
        del self._pending[:start]
        self._pieces = _later(self._pieces, start)
        self._repeats = _later(self._repeats, start)


def _held_size(payload: bytes) -> int:
    return max(len(payload), LEAST)


def _later(pieces: list[tuple[PacketInfo, int, int]], start: int) -> list[tuple[PacketInfo, int, int]]:
    """What is left of the pieces when the first `start` bytes are gone."""
    return [
        (info, max(0, offset - start), size - max(0, start - offset))
        for info, offset, size in pieces
        if offset + size > start
    ]
