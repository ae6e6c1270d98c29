"""A message of RESP in a line: the request as one would type it, the reply as redis-cli shows it."""

from ...core import Part
from .session import MessageState
from .values import AGGREGATES, ATTRIBUTE, KINDS, PAIRS, STRINGS, length, line_end

WORD, WORDS = 24, 5  # characters of one value, values of one message


def summary(payload: bytes, part: Part) -> str:
    """`SET cart:7 book`, `OK`, `(nil)`, `3 elements: a, b, c`, `push: invalidate, …`."""
    state = part.state if isinstance(part.state, MessageState) else MessageState("")
    if state.kind == "alive":
        return "still at it"
    if state.kind == "rdb":
        return f"snapshot  {len(payload)} bytes"
    if payload[:1] not in {bytes((kind,)) for kind in KINDS}:
        return payload.strip().decode("utf-8", "replace")[:80]
    said, _ = _value(payload, 0, 0)
    request = state.kind in ("request", "replicated") or (not state.kind and part.to_server)
    if request and payload[:1] == b"*":
        words, total = _elements(
            payload, line_end(payload, 0) + 2, length(payload, 0, line_end(payload, 0)) or 0
        )
        said = " ".join(words) + (" …" if total > len(words) else "")
    prefix = {"push": "push: ", "replicated": "replicated: "}.get(state.kind, "")
    return prefix + said


def _value(data: bytes, at: int, depth: int) -> tuple[str, int]:
    """A value's words, and where it ends (of a long aggregate: where its reading ended)."""
    end = line_end(data, at) if at < len(data) else 0
    if end <= 0 or data[at] not in KINDS:
        return "…", len(data)
    kind, written = data[at], data[at + 1 : end].decode("utf-8", "replace")
    if kind in AGGREGATES:
        return _aggregate(data, at, end, depth)
    if kind in STRINGS:
        size = length(data, at, end)
        if size is None or size < 0:
            return "(nil)", end + 2
        text = data[end + 2 : end + 2 + size].decode("utf-8", "replace")
        return _short(text, size), end + 2 + size + 2
    if kind == ord("_"):
        return "(nil)", end + 2
    return {"t": "true", "f": "false"}.get(written, written) if kind == ord("#") else written[:80], end + 2


def _aggregate(data: bytes, at: int, end: int, depth: int) -> tuple[str, int]:
    kind, count = data[at], length(data, at, end)
    if count is None or count < 0:
        return "(nil)", end + 2
    if kind == ATTRIBUTE or depth > 1:
        return "…", len(data)
    total = count * 2 if kind in PAIRS else count
    what = {"map": "pair", "set": "member"}.get(AGGREGATES[kind], "element")
    words, _ = _elements(data, end + 2, total, depth + 1)
    head = f"{count} {what}{'' if count == 1 else 's'}"
    return (f"{head}: {', '.join(words)}" + (", …" if total > len(words) else "")) if words else head, len(
        data
    )


def _elements(data: bytes, at: int, total: int, depth: int = 1) -> tuple[list[str], int]:
    words: list[str] = []
    while len(words) < min(total, WORDS) and at < len(data):
        said, at = _value(data, at, depth)
        words.append(said)
    return words, total


def _short(text: str, size: int) -> str:
    first = (text.splitlines() or [""])[0]
    if len(first) == len(text) <= WORD:
        return text
    return f"{first[:WORD]}…  {size} bytes"
