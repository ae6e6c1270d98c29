"""A PostgreSQL message in one line."""

from ....fields.pgsql import AUTHENTICATIONS
from ...core import Part
from .names import CLIENT, COMPLAINTS, SERVER, UNTYPED

STATES = {"I": "ready", "T": "ready, in a transaction", "E": "ready, in a failed transaction"}


def summary(payload: bytes, part: Part) -> str:
    """`query: COMMIT`, `done: COMMIT`, `ready`, `ERROR 42601: syntax error`."""
    letter, body = chr(payload[0]), payload[5:]
    if len(payload) == 1:
        return {"S": "will encrypt", "G": "will encrypt", "N": "will not encrypt"}.get(letter, "malformed")
    if letter == "\0":
        return _greeting(payload)
    names = CLIENT if part.to_server else SERVER
    special = (_CLIENT if part.to_server else _SERVER).get(letter)
    return special(body) if special else names.get(letter, "unknown").lower()


def _strings(data: bytes) -> list[str]:
    return [piece.decode("utf-8", "replace") for piece in data.split(b"\0")]


def _greeting(payload: bytes) -> str:
    code = int.from_bytes(payload[4:8], "big")
    if code in UNTYPED:
        return UNTYPED[code].lower()
    words = _strings(payload[8:])
    said = dict(zip(words[::2], words[1::2], strict=False))
    return "  ".join(filter(None, (f"hello from {said.get('user', '?')}", said.get("options", ""))))


def _authentication(body: bytes) -> str:
    how = int.from_bytes(body[:4], "big")
    return "let in" if how == 0 else f"wants proof: {AUTHENTICATIONS.get(how, how)}"


def _row(body: bytes) -> str:
    at, values = 2, []
    while at + 4 <= len(body):
        size = int.from_bytes(body[at : at + 4], "big", signed=True)
        at += 4
        values.append("NULL" if size < 0 else body[at : at + size].decode("utf-8", "replace"))
        at += max(size, 0)
    return "row: " + ", ".join(values)


def _columns(body: bytes) -> str:
    at, names = 2, []
    while (end := body.find(b"\0", at)) >= 0:
        names.append(body[at:end].decode("utf-8", "replace"))
        at = end + 19  # table, column, type, size, modifier, format
    return "columns: " + ", ".join(names)


def _complaint(body: bytes) -> str:
    said = {COMPLAINTS.get(piece[:1], ""): piece[1:] for piece in _strings(body)}
    return f"{said.get('severity', '')} {said.get('code', '')}: {said.get('message', '')}".strip()


_CLIENT = {
    "Q": lambda body: "query: " + _strings(body)[0],
    "P": lambda body: "parse: " + [*_strings(body), ""][1],
    "d": lambda body: f"copy data, {len(body)} bytes",
}
_SERVER = {
    "R": _authentication,
    "S": lambda body: " = ".join(_strings(body)[:2]),
    "C": lambda body: "done: " + _strings(body)[0],
    "Z": lambda body: STATES.get(body[:1].decode("latin-1"), "ready"),
    "D": _row,
    "T": _columns,
    "E": _complaint,
    "N": _complaint,
    "d": lambda body: f"copy data, {len(body)} bytes",
}
