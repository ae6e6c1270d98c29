"""Lanes in the terminal: time runs down, places run across, and each line is a moment at which something moved.

orders/0
    ms  0         5         10
   0.0                              leader broker1
  12.3  ░░░░░                       log end 5
  14.1  ░░░░░2                      broker2 5
  14.9  █████2                      high watermark 5
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from ..model import Figure, Lane, Track
from .figure import number
from .terminal import TerminalStyle, cells

CLOCK = 9  # columns of the moment
NARROWEST, WIDEST = 16, 44  # columns of the places
MOMENTS = 60  # lines of one lane; changes in between are shown with the next
FILL, FULL = "░", "█"
PLAIN = {FILL: "-", FULL: "#"}


class Timed(NamedTuple):
    """A line, and the moment that it shows; None where it shows none."""

    text: str
    when: float | None = None


def lanes(figure: Figure, terminal: TerminalStyle) -> Iterator[str]:
    """All lanes of a figure, one below the other; before them what its signs mean."""
    return (line.text for line in timed(figure, terminal))


def timed(figure: Figure, terminal: TerminalStyle) -> Iterator[Timed]:
    """The same, each line with its moment, in milliseconds since the run began."""
    if not figure.lanes:
        yield Timed("  Nothing moves in this run.")
        yield Timed("")
        return
    yield from map(Timed, _key(figure, terminal))
    yield Timed("")
    for lane in figure.lanes:
        yield from _lane(lane, terminal)
        yield Timed("")


def _key(figure: Figure, terminal: TerminalStyle) -> Iterator[str]:
    """What each sign is: those that fill the lane, then the letters."""
    named: dict[str, str] = {}
    for lane in figure.lanes:
        fills = [track for track in lane.tracks if not track.sign]
        for track, sign in zip(fills, (FILL, FULL), strict=False):
            named.setdefault(_sign(sign, terminal), track.name)
        for track in lane.tracks:
            if track.sign:
                named.setdefault(track.sign, track.name)
    yield from (
        "  " + line
        for line in terminal.flow(
            [terminal.text(f"{sign} {name}") for sign, name in named.items()], "   ", terminal.width - 2
        )
    )


def _sign(sign: str, terminal: TerminalStyle) -> str:
    return sign if terminal.unicode else PLAIN[sign]


def _lane(lane: Lane, terminal: TerminalStyle) -> Iterator[Timed]:
    yield Timed(terminal.paint(terminal.text(lane.name), "bold"))
    places = [place for track in lane.tracks for _, place in track.points]
    if not places:
        return
    room = max(NARROWEST, min(WIDEST, terminal.width - CLOCK - 26))
    scale = Scale(min(places), max(places), room)
    yield Timed(f"{'ms':>{CLOCK}}  {scale.head()}".rstrip())
    now: dict[str, int] = {}
    for moment, moved, notes in moments(lane):
        now.update(moved)
        said = [
            *(terminal.text(note) for note in notes),
            *(terminal.text(f"{name} {place}") for name, place in moved.items()),
        ]
        drawn = scale.draw(lane, now, terminal)
        lead = f"{number(round(moment, 1)):>{CLOCK}}  {drawn}{' ' * (room + 2 - cells(drawn))}"
        for text in terminal.hang(", ".join(said), lead, " " * (CLOCK + room + 4)):
            yield Timed(text, moment)


def moments(lane: Lane) -> Iterator[tuple[float, Mapping[str, int], list[str]]]:
    """Each moment at which something moved: what did, to where, and what is to be known from then on. At most MOMENTS."""
    when: dict[float, tuple[dict[str, int], list[str]]] = {}
    for x, note in lane.notes:
        when.setdefault(x, ({}, []))[1].append(note)
    for track in lane.tracks:
        for x, place in track.points:
            when.setdefault(x, ({}, []))[0][track.name] = place
    whole = sorted(when)
    step = -(-len(whole) // MOMENTS)
    for start in range(0, len(whole), max(step, 1)):
        group = whole[start : start + step]
        moved: dict[str, int] = {}
        notes: list[str] = []
        for x in group:
            moved |= when[x][0]
            notes += when[x][1]
        yield group[-1], moved, notes


class Scale:
    """From places to columns: some columns a place, or some places a column."""

    def __init__(self, low: int, high: int, room: int) -> None:
        self.low, self.high, self.room = low, high, room
        span = max(high - low, 1)
        self.each = float(min(3, (room - 1) // span)) if span < room else (room - 1) / span

    def column(self, place: int) -> int:
        """The column in which a place begins."""
        return min(self.room - 1, max(0, int((place - self.low) * self.each)))

    def head(self) -> str:
        """The numbers above: the first, the last, and round ones between them where there is room."""
        row = [" "] * (self.room + 12)
        step = next(by for power in range(12) for by in (10**power, 2 * 10**power, 5 * 10**power) if by * self.each >= 8 or by > self.high)  # fmt: skip
        marks = [self.low, *range((self.low // step + 1) * step, self.high + 1, step)]
        for place, following in pairwise([*marks, self.high + 10 * step]):
            at, text = self.column(place), str(place)
            if following == self.high + 10 * step or self.column(following) > at + len(text):
                row[at : at + len(text)] = text
        return "".join(row).rstrip()

    def draw(self, lane: Lane, now: Mapping[str, int], terminal: TerminalStyle) -> str:
        """The lane at one moment: filled as far as it is, with the letters where they are; two in one place are a `+`."""
        row = [" "] * self.room
        fills = [track for track in lane.tracks if not track.sign]
        for track, sign in zip(fills, (FILL, FULL), strict=False):
            if track.name in now:
                for column in range(self.column(now[track.name])):
                    row[column] = _sign(sign, terminal)
        taken: dict[int, str] = {}
        for track in lane.tracks:
            if track.sign and track.name in now:
                column = self.column(now[track.name])
                taken[column] = "+" if column in taken else _letter(track)
        for column, letter in taken.items():
            row[column] = letter
        return "".join(row).rstrip()


def _letter(track: Track) -> str:
    return track.sign[:1]
