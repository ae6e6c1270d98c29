"""Where an HTTP/1.1 message ends, and which reply answers which request: RFC 9112 §6.3, §9.2; RFC 9110 §15.2."""

import re
from collections import deque
from dataclasses import dataclass

from ....model import Exchange
from ...core import PacketInfo, Stream
from ...handover import Handover
from ...registry import show
from .streaming import EventStream, is_event_stream

HEAD = 1 << 16  # bytes that a start line and headers may take: more than any server accepts
NO_BODY = (204, 304)
REQUEST = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} [^\r\n ]+ HTTP/1\.[01]\r?\n")
REPLY = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?\r?\n")
LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\ntransfer-encoding[ \t]*:[^\r\n]*\bchunked[ \t]*\r?\n", re.IGNORECASE)
SIZE = re.compile(rb"0*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
EMPTY_LINE = re.compile(rb"\n\r?\n")  # RFC 9112 §2.2: a bare LF ends a line, too
UNTIL_CLOSE = -2
SWITCHING = b"101"  # RFC 9110 §15.2.2


@dataclass(slots=True)
class Transaction:
    """A request and its final reply. Frame numbers; 0: none. `time` of the request in nanoseconds."""

    key: tuple[object, ...]
    request: int
    time: int
    method: str
    target: str
    host: str
    reply: int = 0


@dataclass(slots=True)
class MessageState:
    """What the first pass knows of one message; `transaction` is None for a reply to nothing that was seen."""

    transaction: Transaction | None


def head_end(data: bytes | bytearray, start: int) -> int:
    """Where the body begins; 0 if the headers are not complete, −1 if they never will be."""
    found = EMPTY_LINE.search(data, start, start + HEAD)
    if found:
        return found.end()
    return -1 if len(data) - start >= HEAD else 0


def line_end(data: bytes | bytearray, start: int) -> tuple[int, int]:
    """Where a line ends, without CR LF or a bare LF, and where the next begins. Raises ValueError where there is no LF."""
    end = data.index(b"\n", start)
    return end - (data[end - 1 : end] == b"\r" and end > start), end + 1


def body_size(head: bytes, method: str) -> int:
    """How long the body is by its headers; `UNTIL_CLOSE`, or −1 for one in chunks. `method` is empty for a request."""
    reply = REPLY.match(head)
    if reply:
        status = int(reply[1])
        if status < 200 or status in NO_BODY or method == "HEAD" or (method == "CONNECT" and status < 300):
            return 0
    if CHUNKED.search(head):
        return -1
    length = LENGTH.search(head)
    return int(length[1]) if length else UNTIL_CLOSE if reply else 0


class Exchanges:
    """The requests of one connection that wait for their replies: replies come in the order of the requests."""

    __slots__ = ("_chunks", "_cutting", "_reading", "_serial", "_stream", "_waiting", "handover")

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._waiting: deque[Transaction] = deque()
        self._serial = 0
        self.handover: Handover | None = None
        self._chunks = {True: 0, False: 0}  # how far into an unfinished message its chunks have been walked
        self._cutting: EventStream | None = (
            None  # the stream of events that the server's next bytes belong to
        )
        self._reading: EventStream | None = None  # the same of the next message that is observed

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """Bytes of the next message, body included. A body that ends with the connection has no size before that; a stream of events is many messages."""
        if self._cutting is not None and not to_server:
            piece, last = self._cutting.size(data, start)
            if last:
                self._cutting = None
            return piece
        line = data.find(b"\n", start, start + HEAD)
        if line < 0:
            return 0 if _may_be(data, start, to_server) else -1
        if not (REQUEST if to_server else REPLY).match(data, start, line + 1):
            return -1
        body = head_end(data, start)
        if body <= 0:
            return body
        head = bytes(data[start:body])
        if not to_server and head[9:12] == SWITCHING:
            self.handover = _handover(head)
        size = body_size(head, "" if to_server else self._method())
        if size >= 0:
            return body - start + size
        if not to_server and is_event_stream(head):
            self._cutting = EventStream(size != UNTIL_CLOSE)
            return body - start
        return 0 if size == UNTIL_CLOSE else self._chunked(data, start, body, to_server)

    def ends(self, data: bytes | bytearray, to_server: bool) -> bool:
        """Whether what is there when the connection ends is a whole message."""
        if self._cutting is not None and not to_server:
            return not self._cutting.chunked and len(data) > 0
        body = head_end(data, 0) if not to_server and REPLY.match(data) else 0
        return body > 0 and body_size(bytes(data[:body]), self._method()) == UNTIL_CLOSE

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """A request opens an exchange, a final reply closes the oldest one; an interim reply (1xx) leaves it open."""
        if to_server:
            self._serial += 1
            opened = self._opened(payload, info)
            self._waiting.append(opened)
            return Exchange(opened.key, False, f"{opened.method} {opened.target}"), MessageState(opened)
        body = head_end(payload, 0)
        if 0 < body < len(payload):
            show(payload[body:], "http.body", self._stream)
        reply = REPLY.match(payload)
        if reply is None and self._reading is not None:
            return None, self._reading.observe(payload)
        self._reading = None
        if reply is None or not self._waiting:
            return None, MessageState(None)
        if reply[1].startswith(b"1") and reply[1] != b"101":
            return None, MessageState(self._waiting[0])
        known = self._waiting.popleft()
        known.reply = info.number
        if (
            is_event_stream(payload)
            and body == len(payload)
            and (size := body_size(payload, known.method)) < 0
        ):
            self._reading = EventStream(size != UNTIL_CLOSE)
        if known.method == "CONNECT" and reply[1].startswith(b"2"):
            self.handover = Handover()  # a tunnel: RFC 9110 §9.3.6
        return Exchange(known.key, True), MessageState(known)

    def _method(self) -> str:
        return self._waiting[0].method if self._waiting else "GET"

    def _opened(self, payload: bytes, info: PacketInfo) -> Transaction:
        head = payload[: head_end(payload, 0)].decode("latin-1")
        method, target, _ = head.split(" ", 2)
        host = re.search(r"\nhost[ \t]*:[ \t]*([^\r\n]*)", head, re.IGNORECASE)
        key = ("http", info.frame.source.index, self._stream.number, self._serial)
        return Transaction(key, info.number, info.time, method, target, host[1].strip() if host else "")

    def _chunked(self, data: bytes | bytearray, start: int, body: int, to_server: bool) -> int:
        """Bytes of a message in chunks: RFC 9112 §7.1. Each chunk is walked once, however often this is asked."""
        at = start + max(self._chunks[to_server], body - start)
        while True:
            self._chunks[to_server] = at - start
            line = SIZE.match(data, at, at + HEAD)
            if line is None:
                whole = b"\n" in data[at : at + 200] or len(data) - at >= HEAD
                return self._done(to_server, -1) if whole else 0
            size = int(line[1], 16)
            if size == 0:
                end = trailer_end(data, line.end())
                return self._done(to_server, end - start) if end else 0
            at = line.end() + size + 2
            if at > len(data):
                return 0

    def _done(self, to_server: bool, size: int) -> int:
        self._chunks[to_server] = 0
        return size


def trailer_end(data: bytes | bytearray, at: int) -> int:
    """Where a message in chunks ends, after its trailer; 0 if that has not come yet."""
    for empty in (b"\r\n", b"\n"):
        if data.startswith(empty, at):
            return at + len(empty)
    end = EMPTY_LINE.search(data, at, at + HEAD)
    return end.end() if end else 0


def _may_be(data: bytes | bytearray, start: int, to_server: bool) -> bool:
    """Whether an unfinished first line can still become one."""
    if len(data) - start >= HEAD:
        return False
    begin = bytes(data[start : start + 8])
    return begin[:1].isalpha() if to_server else b"HTTP/1.".startswith(begin[:7])


def _handover(head: bytes) -> Handover | None:
    """The protocol that a reply of status 101 switches to, from its Upgrade header: RFC 9110 §7.8."""
    lines = head.decode("latin-1").splitlines()[1:]
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
        if name
    }
    upgrade = headers.get("upgrade", "").partition(",")[0].strip().lower()
    return Handover(upgrade, headers) if upgrade else None
