"""A connection to Redis: which reply answers which request, and what nobody has asked for.

Redis's documentation, "Redis serialization protocol specification" (pipelining, pushes), "Redis replication"; replication.c.
"""

import re
from collections import deque
from dataclasses import dataclass

from ....model import Exchange
from ...core import PacketInfo, Stream
from .commands import MESSAGES, SUBSCRIPTIONS, name
from .values import KINDS, LINE, PUSH, Scan, many, words

NEWLINE = ord("\n")
SYNC = re.compile(rb"\*\d\r\n\$[45]\r\nP?SYNC\r\n", re.IGNORECASE)
WATCHED = re.compile(rb"\+\d+\.\d+ \[\d+ ")  # a line of MONITOR
UNTIL = re.compile(rb"\$EOF:([ -~]{40})\r\n")
SIZED = re.compile(rb"\$(\d{1,18})\r\n")
PATIENCE = 1 << 16  # requests of one connection that may wait for their replies


@dataclass(slots=True)
class Transaction:
    """A request, and the frame of its reply (0: none yet). `time` of the request in nanoseconds, `due` replies are still to come."""

    key: tuple[object, ...]
    command: str
    request: int
    time: int
    due: int = 1
    reply: int = 0


@dataclass(frozen=True, slots=True)
class MessageState:
    """What a message is: request, reply, push, replicated (a master's to its replica), rdb (its snapshot), alive (a bare newline)."""

    kind: str
    transaction: Transaction | None = None


class Conversation:
    """One connection, from its first packet on.

    `size` runs ahead of `observe`, so what it must know of a snapshot that is coming it finds out by itself.
    """

    __slots__ = (
        "_acks", "_coming", "_monitored", "_replica", "_scans", "_serial", "_silent", "_skip", "_stream", "_subscribed", "_syncing",
        "_waiting",
    )  # fmt: skip

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._scans = {True: Scan(), False: Scan()}
        self._waiting: deque[Transaction] = deque()
        self._acks: deque[tuple[object, ...]] = deque()
        self._serial = 0
        self._syncing = False  # the client has asked to be a replica
        self._coming = False  # the next string of the server is a snapshot, without CR LF behind it
        self._replica = ""  # what the server's messages are since then: "rdb", "replicated"
        self._monitored = self._subscribed = False
        self._silent, self._skip = False, 0

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """Bytes of the next message: 0 not known yet, −1 none of ours."""
        if not to_server and self._syncing:
            if data[start] == NEWLINE:
                return 1  # "I am still at it": replication.c, syncWithMaster
            if self._coming:
                return self._snapshot(data, start)
        if data[start] not in KINDS:
            return _inline(data, start) if to_server else -1
        size = self._scans[to_server].size(data, start)
        if to_server and size > 0 and SYNC.match(data, start):
            self._syncing = True
        elif self._syncing and size > 0 and data.startswith(b"+FULLRESYNC", start):
            self._coming = True
        return size

    def _snapshot(self, data: bytes | bytearray, start: int) -> int:
        """`$<bytes>` and so many, or `$EOF:<40 characters>` and all up to these."""
        if found := SIZED.match(data, start):
            size = found.end() + int(found[1]) - start
        elif found := UNTIL.match(data, start):
            end = data.find(found[1], found.end())
            size = end + len(found[1]) - start if end >= 0 else 0
        else:
            size = 0 if len(data) - start < 64 else -1
        if size and start + size <= len(data):
            self._coming = False
        return size

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """A request opens an exchange; the server's next message closes the oldest one, unless nobody asked for it."""
        if to_server:
            return self._asked(payload, info)
        if payload[:1] == b"\n":
            return None, MessageState("alive")
        if self._replica:
            return self._replicated(payload, info)
        said = words(payload, 0, 2)
        if self._unasked(payload, said):
            return self._confirmed(payload, info, said)
        if not self._waiting:
            return None, MessageState("reply")
        known = self._waiting[0]
        known.due -= 1
        if known.due < 1:
            self._waiting.popleft()
        self._learn(known.command, payload)
        return self._answered(known, info, "reply")

    def _asked(self, payload: bytes, info: PacketInfo) -> tuple[Exchange | None, object]:
        asked = words(payload, 0, 3) if payload[:1] == b"*" else payload.split()[:3]
        command = name(asked)
        if not command:
            return None, MessageState("request")
        opened = Transaction(self._key(info), command, info.number, info.time)
        if self._replica and command == "REPLCONF ACK":
            return (Exchange(self._acks.popleft(), True) if self._acks else None), MessageState("request")
        if command in SUBSCRIPTIONS:
            opened.due = max(1, (many(payload, 0) or len(payload.split())) - 1)
        if self._unanswered(command, [each.upper() for each in asked]):
            return None, MessageState("request", opened)
        if len(self._waiting) < PATIENCE:
            self._waiting.append(opened)
        return Exchange(opened.key, False, b" ".join(asked).decode("utf-8", "replace")), MessageState(
            "request", opened
        )

    def _unanswered(self, command: str, asked: list[bytes]) -> bool:
        """Whether the client has told the server not to reply: CLIENT REPLY OFF, ON, SKIP."""
        if command == "CLIENT REPLY" and len(asked) > 2:
            self._silent = asked[2] == b"OFF" or (self._silent and asked[2] != b"ON")
            if asked[2] == b"SKIP":
                self._skip = 2
        self._skip, skipped = max(self._skip - 1, 0), self._skip > 0
        return self._silent or skipped

    def _unasked(self, payload: bytes, said: list[bytes]) -> bool:
        """A push, a published message as RESP2 has it, a line of MONITOR; and what confirms a subscription."""
        if payload[0] == PUSH or (self._monitored and WATCHED.match(payload)):
            return True
        if not said:
            return False
        confirms = bool(self._waiting) and self._waiting[0].command in SUBSCRIPTIONS
        return (self._subscribed and said[0] in MESSAGES) or (confirms and _upper(said[0]) in SUBSCRIPTIONS)

    def _confirmed(
        self, payload: bytes, info: PacketInfo, said: list[bytes]
    ) -> tuple[Exchange | None, object]:
        known = self._waiting[0] if self._waiting else None
        if known is None or not said or _upper(said[0]) != known.command:
            return None, MessageState("push")
        self._subscribed = True
        known.due -= 1
        if known.due < 1:
            self._waiting.popleft()
        return self._answered(known, info, "push" if payload[0] == PUSH else "reply")

    def _answered(self, known: Transaction, info: PacketInfo, kind: str) -> tuple[Exchange | None, object]:
        known.reply = known.reply or info.number
        return Exchange(known.key, True), MessageState(kind, known)

    def _learn(self, command: str, payload: bytes) -> None:
        if command == "MONITOR":
            self._monitored = payload.startswith(b"+OK")
        elif command == "PSYNC" and payload.startswith((b"+FULLRESYNC", b"+CONTINUE")):
            self._replica = "rdb" if payload.startswith(b"+F") else "replicated"
        elif command == "SYNC":
            self._replica = "replicated"

    def _replicated(self, payload: bytes, info: PacketInfo) -> tuple[Exchange | None, object]:
        kind, self._replica = self._replica, "replicated"
        if kind == "replicated" and name(words(payload, 0, 2)) == "REPLCONF GETACK":
            key = self._key(info)
            self._acks.append(key)
            return Exchange(key, False, "REPLCONF GETACK"), MessageState(kind)
        return None, MessageState(kind)

    def _key(self, info: PacketInfo) -> tuple[object, ...]:
        self._serial += 1
        return "resp", info.frame.source.index, self._stream.number, self._serial


def _upper(word: bytes) -> str:
    return word.decode("latin-1").upper()


def _inline(data: bytes | bytearray, start: int) -> int:
    """A request as a person types it: one line of printable characters ("Inline commands")."""
    end = data.find(b"\n", start, start + LINE)
    line = bytes(data[start : end if end >= 0 else start + LINE])
    if not line.rstrip(b"\r").decode("utf-8", "replace").replace("\t", " ").isprintable():
        return -1
    return end + 1 - start if end >= 0 else 0 if len(data) - start < LINE else -1
