"""Listings made short: rows of steps that the listing has shown already are taken together, wherever several stand in a row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from .view import EventRow, listed, noun

LEAST = 2  # rows: one alone takes no less room when it is folded
NAMED = 4  # packets that a fold names one by one; of more it names the first and the last

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """Rows that stand in a row in a listing, each of steps (or of background) that it has shown before; two or more."""

    rows: tuple[EventRow, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows are of which step, or of which background entry in brackets, in the order of their first."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[_name(row)] = found.get(_name(row), 0) + 1
        return found

    @property
    def steps(self) -> str:
        """`dnskey again, ×2`; `others, others-served again, ×9 each`; `data ×40, ack ×20 again`."""
        counts = self.counts
        if len(set(counts.values())) > 1:
            return ", ".join(f"{name} ×{count}" for name, count in counts.items()) + " again"
        each = " each" if len(counts) > 1 else ""
        return f"{', '.join(counts)} again, ×{next(iter(counts.values()))}{each}"

    @property
    def events(self) -> str:
        """`packets 9 and 11`, `packets 59 … 344`: the first and the last of many, with others between them or not."""
        ids = [row.event.id for row in self.rows]
        said = listed(ids) if len(ids) <= NAMED else f"{ids[0]} … {ids[-1]}"
        return f"{noun(ids[0]) if len({noun(id) for id in ids}) == 1 else 'event'}s {said}"

    @property
    def said(self) -> str:
        """What a listing shows in place of the rows, on one line; nothing is escaped yet."""
        return f"{self.steps} ({self.events})"


def folded(rows: Iterable[EventRow]) -> Iterator[EventRow | Again]:
    """The rows as a listing shows them: those that say something new one by one, stretches of others as an Again.

    A retry, a part of a message and a message in pieces are told apart from the step as it is: the first of each is shown. What
    must not happen, and what nothing explains, is never folded.
    """
    shown: set[Key] = set()
    stretch: list[EventRow] = []
    for row in rows:
        key = _key(row)
        if key is not None and key in shown:
            stretch.append(row)
            continue
        yield from _taken(stretch)
        stretch = []
        if key is not None:
            shown.add(key)
        yield row
    yield from _taken(stretch)


def unfolded(lines: Iterable[EventRow | Again]) -> list[EventRow]:
    """All rows again."""
    return list(chain.from_iterable(line.rows if isinstance(line, Again) else (line,) for line in lines))


def _taken(stretch: list[EventRow]) -> Iterable[EventRow | Again]:
    return [Again(tuple(stretch))] if len(stretch) >= LEAST else stretch


def _key(row: EventRow) -> Key | None:
    """What a row tells of, without its values; None where each row is news."""
    if row.state in ("never", "unclaimed") or not (row.steps or row.quiet):
        return None
    return (
        tuple(step.id for step, _ in row.steps),
        row.state,
        row.background,
        row.retry,
        bool(row.whole),
        bool(row.pieces),
    )


def _name(row: EventRow) -> str:
    return ", ".join(step.id for step, _ in row.steps) if row.steps else f"({row.background or row.state})"
