"""The bytes themselves, with the spans of the fields in question marked: by `[ ]`, or by colour where there is colour."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from .terminal import TerminalStyle

Span = tuple[int, int]
"""Where a field stands: first byte, and the one after its last."""

WHOLE = 64
"""Lines up to which a buffer is shown whole; of a longer one, its head and what is near a mark."""

_HEAD, _NEAR = 4, 2
_PRINTED = bytes(byte if 0x20 <= byte < 0x7F else ord(".") for byte in range(256))


def hexdump(data: bytes, spans: Iterable[Span], terminal: TerminalStyle, indent: str = "") -> Iterator[str]:
    """The lines of a dump: offset, sixteen bytes (fewer where the look is narrow), and their ASCII."""
    per = next((n for n in (16, 8) if terminal.width >= len(indent) + 11 + 4 * n), 4)
    marks = innermost((start, min(stop, len(data))) for start, stop in spans)
    digits = max(4, len(f"{len(data):x}"))
    last = -1
    for index in _chosen(len(data), marks, per):
        if index > last + 1:
            yield f"{indent}{' ' * digits}  {terminal.draw('…')} {(index - last - 1) * per} bytes"
        yield f"{indent}{index * per:0{digits}x}  {_line(data, index * per, per, marks, terminal)}"
        last = index
    if (rest := len(data) - (last + 1) * per) > 0:
        yield f"{indent}{' ' * digits}  {terminal.draw('…')} {rest} bytes"


def innermost(spans: Iterable[Span]) -> list[Span]:
    """The spans that hold no other, in order, those that overlap made one: flags that share two bytes are marked once."""
    ordered = sorted(
        {(start, stop) for start, stop in spans if 0 <= start < stop}, key=lambda s: (s[0], -s[1])
    )
    kept: list[Span] = []
    nearest_stop: int | None = None
    for start, stop in reversed(ordered):
        if nearest_stop is None or nearest_stop > stop:
            kept.append((start, stop))
            nearest_stop = stop
    return _joined(reversed(kept))


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, stop in spans:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def _chosen(length: int, marks: Sequence[Span], per: int) -> list[int]:
    lines = -(-length // per)
    if lines <= WHOLE:
        return list(range(lines))
    wanted = set(range(_HEAD))
    for start, stop in marks:
        first, final = start // per, (stop - 1) // per
        wanted.update(range(first - _NEAR, min(final, first + WHOLE) + _NEAR + 1))
        if len(wanted) > WHOLE:
            break
    return sorted(index for index in wanted if 0 <= index < lines)[: 2 * WHOLE]


def _line(data: bytes, at: int, per: int, marks: Sequence[Span], terminal: TerminalStyle) -> str:
    row = data[at : at + per]
    end = at + len(row)
    marks = [(start, stop) for start, stop in marks if start < end and stop > at]
    if not any(start >= at or stop <= end for start, stop in marks) and not (marks and terminal.colour):
        return _unmarked(row, per)
    inside = {i for start, stop in marks for i in range(max(start, at), min(stop, at + per))}
    starts = {start for start, _ in marks}
    stops = {stop for _, stop in marks}
    pieces: list[tuple[str, bool]] = []
    for offset, byte in enumerate(row, at):
        opens, closes = offset in starts, offset in stops and offset > at
        between = offset in inside and offset - 1 in inside and not opens
        pieces.append((_gap(opens, closes, offset - at == 8, terminal.colour), between))
        pieces.append((f"{byte:02x}", offset in inside))
    bracket = "]" if end in stops and not terminal.colour else " "
    plain = [(char, offset in inside) for offset, char in enumerate(_ascii(row), at)]
    return f"{_painted(pieces, terminal)}{bracket}{_gaps(row, per)}  {_painted(plain, terminal)}"


def _unmarked(row: bytes, per: int) -> str:
    """A line in which no mark begins or ends."""
    halves = "  ".join(half.hex(" ") for half in (row[:8], row[8:]) if half)
    return f" {halves} {_gaps(row, per)}  {_ascii(row)}"


def _gaps(row: bytes, per: int) -> str:
    """What stands for the bytes that a short line lacks."""
    return " " * (3 * (per - len(row)) + (1 if per == 16 and len(row) <= 8 else 0))


def _ascii(row: bytes) -> str:
    return row.translate(_PRINTED).decode("ascii")


def _gap(opens: bool, closes: bool, middle: bool, colour: bool) -> str:
    """What stands before a byte: a space, or the brackets that open and close a mark; one more space in the middle."""
    if colour or not (opens or closes):
        return "  " if middle else " "
    if opens and closes:
        return "][" if middle else "|"
    if middle:
        return " [" if opens else "] "
    return "[" if opens else "]"


def _painted(pieces: Sequence[tuple[str, bool]], terminal: TerminalStyle) -> str:
    runs = groupby(pieces, key=lambda piece: piece[1])
    return "".join(
        terminal.paint("".join(text for text, _ in run), "mark" if marked else "") for marked, run in runs
    )
