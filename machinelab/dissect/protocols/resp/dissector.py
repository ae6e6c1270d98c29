"""RESP, the protocol of Redis, versions 2 and 3: Redis's documentation, "Redis serialization protocol specification"."""

from ...core import Application, Part, Sender, Short, View
from . import rdb
from .commands import KNOWN, name
from .session import Conversation, MessageState
from .values import AGGREGATES, ATTRIBUTE, BULK, KINDS, PAIRS, STRINGS, length, line_end, words

DEEP = 30  # arrays in arrays, as far as Wireshark reads them
MOST = 4096  # values of one message; of those beyond it is only said that they are there
UNKNOWN = MessageState("")
SECRET = {"AUTH": 1, "HELLO": 3}  # from which word on a request may hold a name and a password


class Reader:
    """The values of one message, one after another. `at` moves on, never beyond `stop`; `count` are those read."""

    __slots__ = ("at", "command", "count", "request", "stop", "view")

    def __init__(self, view: View, part: Part, state: MessageState) -> None:
        self.view, self.at, self.stop = view, part.start, part.stop
        self.request = state.kind in ("request", "replicated") or (not state.kind and part.to_server)
        self.command = ""
        self.count = 0

    def add(self, named: str, value: int | str | bytes | float, start: int, stop: int, group: str) -> None:
        """One field of the message."""
        self.view.add((f"resp.{named}", value, start, stop, self.view.buffer, 0, group))

    def value(self, group: str, depth: int, word: int = -1) -> None:
        """One value; `word` is its place in a request, from 0. Raises Short."""
        if self.at >= self.stop or self.view.data[self.at] not in KINDS:
            raise Short
        end = line_end(self.view.data[: self.stop], self.at)
        if end <= 0:
            raise Short
        self.count += 1
        kind = self.view.data[self.at]
        if kind in STRINGS:
            self._string(kind, end, group, word)
        elif kind in AGGREGATES:
            self._aggregate(kind, end, group, depth)
        else:
            self._scalar(chr(kind), end, group)

    def _scalar(self, kind: str, end: int, group: str) -> None:
        start, written = self.at, self.view.data[self.at + 1 : end].decode("utf-8", "replace")
        self.at = end + 2
        try:
            if kind == ":":
                self.add("integer", int(written), start, self.at, group)
            elif kind == ",":
                self.add("double", float(written), start, self.at, group)
            elif kind == "#":
                self.add("boolean", written == "t", start + 1, end, group)
            else:
                named = {"+": "string", "-": "error", "_": "null", "(": "big_number"}[kind]
                self.add(named, written, start, self.at, group)
        except ValueError:
            raise Short from None

    def _string(self, kind: int, end: int, group: str, word: int) -> None:
        named, start, size = STRINGS[kind], self.at, length(self.view.data, self.at, end)
        if size is None:
            raise Short
        begin, stop = end + 2, end + 2 + max(size, 0)
        self.at = stop + 2 if size >= 0 else begin
        self.add(named, "", start, min(self.at, self.stop), group)
        self.add(f"{named}.length", size, start, begin, group)
        if size > 0 and begin < self.stop:
            self._content(named, begin, min(stop, self.stop), group, word)
        if self.at > self.stop:
            raise Short

    def _content(self, named: str, begin: int, stop: int, group: str, word: int) -> None:
        data = self.view.data[begin:stop]
        if named == "verbatim_string" and data[3:4] == b":":
            self.add(f"{named}.encoding", data[:3].decode("latin-1"), begin, begin + 3, group)
            begin, data = begin + 4, data[4:]
        self.add(f"{named}.value", data, begin, stop, group)
        said = data.decode("utf-8", "replace")
        if self.request and word > 0:
            secret = word >= SECRET.get(self.command, word + 1)
            self.add("password" if secret else "argument", said, begin, stop, group)
        elif self.request and word == 0:
            self.command = said.upper()
        elif not self.request and "\ufffd" not in said:
            self.add("text", said, begin, stop, group)

    def _aggregate(self, kind: int, end: int, group: str, depth: int) -> None:
        named, start, count = AGGREGATES[kind], self.at, length(self.view.data, self.at, end)
        if count is None:
            raise Short
        place = len(self.view.out)
        self.at = end + 2
        self.add(f"{named}.length", count, start, self.at, group)
        if count > 0 and depth > DEEP:
            self.add("array_recursion_too_deep", "", start, self.at, group)
            self.at = self.stop
        else:
            self._elements(count * (2 if kind in PAIRS else 1), group, depth)
        self.view.out.insert(
            place, (f"resp.{named}", "", start, min(self.at, self.stop), self.view.buffer, 0, group)
        )
        if kind == ATTRIBUTE and self.at < self.stop:
            self.value(group, depth)

    def _elements(self, count: int, group: str, depth: int) -> None:
        for number in range(count):
            if self.count >= MOST:
                self.add("cut", True, self.at, self.at, "resp")
                self.at = self.stop
            if self.at >= self.stop:
                return
            self.value(f"{group}/{number + 1}", depth + 1, number if depth == 0 else -1)


def dissect(view: View, part: Part) -> None:
    """What the message is, then its values, each at its bytes."""
    start, stop, state = part.start, part.stop, part.state
    view.add(("resp", "", start, stop, view.buffer, 0, "resp"))
    known = state if isinstance(state, MessageState) else UNKNOWN
    reader = Reader(view, part, known)
    _about(reader, known, part)
    try:
        _message(reader, known, start, stop)
    except Short:
        if not view.quoted:
            view.add(view.broken("resp", start))


def _message(reader: Reader, known: MessageState, start: int, stop: int) -> None:
    view = reader.view
    if start >= stop:
        raise Short
    if known.kind == "alive":
        reader.add("keepalive", "", start, stop, "resp")
    elif known.kind == "rdb" and view.data[start] == BULK:
        begin = view.data.find(b"\n", start, stop) + 1
        rdb.dissect(view, begin or stop, stop)
    elif view.data[start] not in KINDS:
        _inline(reader, start, stop)
    else:
        reader.value("resp", 0)


def _about(reader: Reader, state: MessageState, part: Part) -> None:
    """Which way it goes, and what it belongs to."""
    start, known, frame = part.start, state.transaction, reader.view.info.number
    if state.kind in ("request", "replicated"):
        payload = reader.view.data[start : part.stop]
        asked = words(payload, 0, 2) if payload[:1] == b"*" else payload.split()[:2]
        if command := name(asked):
            reader.add("command", command, start, start, "resp")
    if state.kind == "replicated":
        reader.add("replicated", True, start, start, "resp")
    if state.kind == "push":
        reader.add("out_of_band", True, start, start, "resp")
    if known is None:
        return
    if state.kind == "request":
        if known.reply:
            reader.add("response_in", known.reply, start, start, "resp")
        return
    reader.add("response_to", known.request, start, start, "resp")
    reader.add("answers", known.command, start, start, "resp")
    if known.reply == frame:
        reader.add("time", reader.view.info.time - known.time, start, start, "resp")


def _inline(reader: Reader, start: int, stop: int) -> None:
    """A request as a person types it: words with spaces between them."""
    line = reader.view.data[start:stop]
    if not reader.request or not line.endswith(b"\n"):
        raise Short
    reader.add("inline", line.rstrip(b"\r\n").decode("utf-8", "replace"), start, stop, "resp")
    at = start
    for number, word in enumerate(line.split()):
        at = reader.view.data.index(word, at)
        if number:
            secret = number >= SECRET.get(reader.command, number + 1)
            said = word.decode("utf-8", "replace")
            reader.add("password" if secret else "argument", said, at, at + len(word), "resp")
        else:
            reader.command = word.decode("latin-1").upper()
        at += len(word)


def summary(payload: bytes, part: Part) -> str:
    """`SET key value`, `OK`, `1) 2 elements`: from `summary`, which only a reader's screen needs."""
    from .summary import summary as line

    return line(payload, part)


def is_stream(data: bytes) -> Sender | None:
    """A request: an array whose first string is one of Redis's commands. Replies look like too much else."""
    found = words(data, 0, 1) if data[:1] == b"*" else []
    return Sender.CLIENT if found and found[0].decode("latin-1").upper() in KNOWN else None


APPLICATIONS = (
    Application(
        "RESP",
        "resp",
        Conversation,
        dissect,
        summary,
        tcp=(6379,),
        sized=False,
        is_stream=is_stream,
        marks=((0, b"*"),),
    ),
)
