"""PostgreSQL's protocol, version 3: PostgreSQL's documentation, "Frontend/Backend Protocol", "Message Formats"."""

from collections.abc import Callable

from ...core import Application, Part, Short, View
from .names import CLIENT, COMPLAINTS, SERVER, UNTYPED
from .session import Conversation, MessageState


class Reader:
    """The rest of one message: `at` moves on as fields are read, and never beyond `stop`."""

    __slots__ = ("at", "group", "stop", "view")

    def __init__(self, view: View, at: int, stop: int) -> None:
        self.view, self.at, self.stop, self.group = view, at, stop, "pgsql"

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return self.stop - self.at

    def uint(self, name: str, size: int, *, signed: bool = False) -> int:
        """A number, kept as a field unless it has no name. Raises Short."""
        if self.left < size:
            raise Short
        value = int.from_bytes(self.view.data[self.at : self.at + size], "big", signed=signed)
        if name:
            self._add(name, value, size)
        self.at += size
        return value

    def text(self, name: str, before: int = 0) -> str:
        """Characters up to a zero byte, which is part of the field; `before` bytes in front of them are too. Raises Short."""
        end = self.view.data.find(b"\0", self.at + before, self.stop)
        if end < 0:
            raise Short
        value = self.view.data[self.at + before : end].decode("utf-8", "replace")
        self._add(name, value, end + 1 - self.at)
        self.at = end + 1
        return value

    def octets(self, name: str, size: int) -> None:
        """So many bytes. Raises Short."""
        if size < 0 or self.left < size:
            raise Short
        self._add(name, self.view.data[self.at : self.at + size], size)
        self.at += size

    def value(self) -> None:
        """A value with its length before it; −1 is NULL."""
        size = self.uint("pgsql.val.length", 4, signed=True)
        if size > 0:
            self.octets("pgsql.val.data", size)

    def _add(self, name: str, value: int | str | bytes, size: int) -> None:
        self.view.add((name, value, self.at, self.at + size, self.view.buffer, 0, self.group))


def dissect(view: View, part: Part) -> None:
    """Type, length, and what the type says follows."""
    start, stop, buffer = part.start, part.stop, view.buffer
    view.add(("pgsql", "", start, stop, buffer, 0, "pgsql"))
    state = part.state if isinstance(part.state, MessageState) else MessageState()
    if state.lone:
        _lone(view, start, state.lone)
        return
    typed = view.data[start] != 0
    try:
        reader = Reader(view, start + typed, stop)
        if reader.left < 4:
            raise Short
        said, read = _kind(view, start, stop, part.to_server, state)
        view.add(("pgsql.type", said, start, start + typed, buffer, 0, "pgsql"))
        reader.uint("pgsql.length", 4)
        view.add(("pgsql.frontend", part.to_server, start, start, buffer, 0, "pgsql"))
        read(reader)
    except Short:
        if not view.quoted:
            view.add(view.broken("pgsql", start))


Read = Callable[[Reader], None]


def _kind(view: View, start: int, stop: int, to_server: bool, state: MessageState) -> tuple[str, Read]:
    letter = chr(view.data[start])
    if letter == "\0":
        code = int.from_bytes(view.data[start + 4 : min(start + 8, stop)], "big")
        return (UNTYPED[code], _request) if code in UNTYPED else ("Startup message", _startup)
    if not to_server:
        return SERVER.get(letter, "Unknown"), FROM_SERVER.get(letter, _nothing)
    if letter == "p":
        return PROOFS.get(state.proof, (CLIENT["p"], _nothing))
    return CLIENT.get(letter, "Unknown"), FROM_CLIENT.get(letter, _nothing)


def _lone(view: View, start: int, said: str) -> None:
    """One byte that says whether the server will encrypt."""
    name = "pgsql.ssl_response" if said.startswith("SSL") else "pgsql.gssenc_response"
    view.add(("pgsql.type", said, start, start, view.buffer, 0, "pgsql"))
    view.add((name, repr(chr(view.data[start])), start, start + 1, view.buffer, 0, "pgsql"))


def _nothing(reader: Reader) -> None:
    pass


def _startup(reader: Reader) -> None:
    reader.uint("pgsql.version_major", 2)
    reader.uint("pgsql.version_minor", 2)
    while reader.left > 1:
        reader.text("pgsql.parameter_name")
        reader.text("pgsql.parameter_value")


def _request(reader: Reader) -> None:
    if reader.uint("pgsql.request_code", 4) == 80877102:
        _key(reader)


def _key(reader: Reader) -> None:
    reader.uint("pgsql.pid", 4)
    reader.uint("pgsql.key", 4)


def _query(reader: Reader) -> None:
    reader.text("pgsql.query")


def _parse(reader: Reader) -> None:
    reader.text("pgsql.statement")
    reader.text("pgsql.query")
    _types(reader)


def _types(reader: Reader) -> None:
    for _ in range(reader.uint("", 2)):
        reader.uint("pgsql.oid.type", 4)


def _formats(reader: Reader) -> None:
    for _ in range(reader.uint("", 2)):
        reader.uint("pgsql.format", 2)


def _bind(reader: Reader) -> None:
    reader.text("pgsql.portal")
    reader.text("pgsql.statement")
    _formats(reader)
    for _ in range(reader.uint("", 2)):
        reader.value()
    _formats(reader)


def _execute(reader: Reader) -> None:
    reader.text("pgsql.portal")
    reader.uint("pgsql.returns", 4)


def _described(reader: Reader) -> None:
    """Describe and Close: of a portal or of a statement."""
    name = "pgsql.portal" if reader.uint("", 1) == ord("P") else "pgsql.statement"
    reader.text(name)


def _call(reader: Reader) -> None:
    reader.uint("pgsql.oid", 4)
    _formats(reader)
    for _ in range(reader.uint("", 2)):
        reader.value()
    reader.uint("pgsql.format", 2)


def _copy_data(reader: Reader) -> None:
    reader.octets("pgsql.copydata", reader.left)


def _copy_failure(reader: Reader) -> None:
    reader.text("pgsql.error")


def _copy_begins(reader: Reader) -> None:
    reader.uint("pgsql.format", 1)
    # Of the columns' formats tshark 4.4 shows all but two, and so do we: they are all the same as the first.
    for _ in range(max(0, reader.uint("", 2) - 2)):
        reader.uint("pgsql.format", 2)


def _authentication(reader: Reader) -> None:
    how = reader.uint("pgsql.authtype", 4)
    if how in (4, 5):
        reader.octets("pgsql.salt", 2 if how == 4 else 4)
    elif how == 8:
        reader.octets("pgsql.auth.gssapi_sspi.data", reader.left)
    elif how == 10:
        while reader.left > 1:
            reader.text("pgsql.auth.sasl.mech")
    elif how in (11, 12):
        reader.octets("pgsql.auth.sasl.data", reader.left)


def _password(reader: Reader) -> None:
    reader.text("pgsql.password")


def _gss(reader: Reader) -> None:
    reader.octets("pgsql.auth.gssapi_sspi.data", reader.left)


def _sasl_first(reader: Reader) -> None:
    reader.text("pgsql.auth.sasl.mech")
    size = reader.uint("pgsql.auth.sasl.data.length", 4, signed=True)
    if size > 0:
        reader.octets("pgsql.auth.sasl.data", size)


def _sasl_next(reader: Reader) -> None:
    reader.octets("pgsql.auth.sasl.data", reader.left)


def _parameter(reader: Reader) -> None:
    reader.text("pgsql.parameter_name")
    reader.text("pgsql.parameter_value")


def _columns(reader: Reader) -> None:
    for number in range(1, reader.uint("pgsql.field.count", 2) + 1):
        reader.group = f"pgsql/Columns/{number}"
        reader.text("pgsql.col.name")
        reader.uint("pgsql.oid.table", 4)
        reader.uint("pgsql.col.index", 2)
        reader.uint("pgsql.oid.type", 4)
        reader.uint("pgsql.val.length", 2, signed=True)
        reader.uint("pgsql.col.typemod", 4, signed=True)
        reader.uint("pgsql.format", 2)


def _row(reader: Reader) -> None:
    for number in range(1, reader.uint("pgsql.field.count", 2) + 1):
        reader.group = f"pgsql/Columns/{number}"
        reader.value()


def _tag(reader: Reader) -> None:
    reader.text("pgsql.tag")


def _status(reader: Reader) -> None:
    reader.uint("pgsql.status", 1)


def _complaint(reader: Reader) -> None:
    """Errors and notices: a letter and a text each, up to a zero byte."""
    while reader.left > 0 and reader.view.data[reader.at]:
        letter = chr(reader.view.data[reader.at])
        reader.text(f"pgsql.{COMPLAINTS.get(letter, 'text')}", before=1)


def _notification(reader: Reader) -> None:
    reader.uint("pgsql.pid", 4)
    reader.text("pgsql.condition")
    if reader.left > 1:
        reader.text("pgsql.text")


def _older(reader: Reader) -> None:
    reader.uint("pgsql.version_supported_minor", 4)
    for _ in range(reader.uint("pgsql.number_nonsupported_options", 4)):
        reader.text("pgsql.nonsupported_option")


FROM_CLIENT: dict[str, Read] = {
    "Q": _query, "P": _parse, "B": _bind, "E": _execute, "D": _described, "C": _described, "F": _call,
    "d": _copy_data, "f": _copy_failure,
}  # fmt: skip
FROM_SERVER: dict[str, Read] = {
    "R": _authentication, "K": _key, "S": _parameter, "C": _tag, "t": _types, "T": _columns, "D": _row,
    "E": _complaint, "N": _complaint, "Z": _status, "A": _notification, "V": Reader.value, "G": _copy_begins,
    "H": _copy_begins, "W": _copy_begins, "d": _copy_data, "v": _older,
}  # fmt: skip
PROOFS: dict[int, tuple[str, Read]] = {
    3: ("Password message", _password), 4: ("Password message", _password), 5: ("Password message", _password),
    7: ("GSSResponse message", _gss), 8: ("GSSResponse message", _gss), 9: ("GSSResponse message", _gss),
    10: ("SASLInitialResponse message", _sasl_first), 11: ("SASLResponse message", _sasl_next),
}  # fmt: skip


def summary(payload: bytes, part: Part) -> str:
    """`COMMIT`, `done: COMMIT`, `ready`: from `pgsql_summary`, which only a reader's screen needs."""
    from .summary import summary as line

    return line(payload, part)


APPLICATIONS = (Application("PGSQL", "pgsql", Conversation, dissect, summary, tcp=(5432,)),)
