"""Listings made short: a step that repeats is one row, however often it does; a message in several packets is one, too."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from .view import EventRow, listed, noun

LEAST = 2  # rows: one alone takes no less room when it is folded
QUIET = 3  # rows beside the point: two may stand, and tell what such traffic looks like
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


@dataclass(frozen=True, slots=True)
class Quiet(Again):
    """Rows that stand in a row in a listing and are beside the point: known traffic that no step speaks of; three or more."""

    @property
    def said(self) -> str:
        """`9 beside the point: hello ×4, carrier ×5 (packets 12 … 20)`."""
        kinds = ", ".join(f"{name.strip('()')} ×{count}" for name, count in self.counts.items())
        return f"{len(self.rows)} beside the point: {kinds} ({self.events})"


def quieted(rows: Iterable[EventRow]) -> Iterator[EventRow | Again]:
    """All rows, but stretches of those that are beside the point as one."""
    stretch: list[EventRow] = []
    for row in rows:
        if row.quiet:
            stretch.append(row)
            continue
        yield from _hushed(stretch)
        stretch = []
        yield row
    yield from _hushed(stretch)


def _hushed(stretch: list[EventRow]) -> Iterable[EventRow | Again]:
    return [Quiet(tuple(stretch))] if len(stretch) >= QUIET else stretch


def folded(rows: Iterable[EventRow]) -> Iterator[EventRow | Again]:
    """The rows as a listing shows them: those that say something new one by one, stretches of others as an Again.

    A message that comes in parts is one row, which names the packets with the others. A retry and a message in pieces are told
    apart from the step as it is: the first of each is shown. What must not happen, and what nothing explains, is never folded.
    """
    shown: set[Key] = set()
    stretch: list[EventRow] = []
    for key, row in _joined(list(rows)):
        if key is not None and key in shown:
            stretch.append(row)
            continue
        yield from _taken(stretch)
        stretch = []
        if key is not None:
            shown.add(key)
        yield row
    yield from _taken(stretch)


def _joined(rows: list[EventRow]) -> Iterator[tuple[Key | None, EventRow]]:
    """The rows without those that hold a part of a message whose own row is among them: that row names them.

    Into how many packets the network cut a message is no news of its step: the keys are those of the rows as they were.
    """
    own = {row.event.id for row in rows}
    parts: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.whole in own:
            parts[row.whole] = (*parts.get(row.whole, ()), row.event.id)
    for row in rows:
        if row.whole not in own:
            pieces = tuple(dict.fromkeys((*parts.get(row.event.id, ()), *row.pieces)))
            yield _key(row), replace(row, pieces=pieces)


def _taken(stretch: list[EventRow]) -> Iterable[EventRow | Again]:
    return [Again(tuple(stretch))] if len(stretch) >= LEAST else stretch


def _key(row: EventRow) -> Key | None:
    """What a row tells of, without its values; None where each row is news."""
    if row.state in ("never", "unclaimed") or not (row.steps or row.quiet):
        return None
    return (
        tuple(step.id for step, _ in row.steps),
        row.state,
        "" if row.steps else row.background,  # a record may hold both
        row.retry,
        bool(row.whole),
        bool(row.pieces),
    )


def _name(row: EventRow) -> str:
    return ", ".join(step.id for step, _ in row.steps) if row.steps else f"({row.background or row.state})"
