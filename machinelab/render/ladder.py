"""A run as a sequence diagram: the nodes are columns, time runs downwards, every message is an arrow with its step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ..analysis.view import EventRow, View, duration, label
from ..model import Event
from .remarks import remarks
from .terminal import TerminalStyle, cells, pad

CLOSEST = 8  # columns between two lifelines; with less, an arrow has no room to be one
WIDEST = 30
NOTABLE = 5_000_000  # ns; a shorter silence is not drawn, however busy the rest is
OFTEN = 10  # a silence is drawn if it is so many times the usual gap

_QUIET = ("carrier", "background")


def ladder(
    view: View,
    terminal: TerminalStyle,
    events: Sequence[Event] | None = None,
    nodes: Sequence[str] = (),
    every: bool = False,
) -> Iterator[str]:
    """The lines of the diagram. `nodes`: these columns first, in this order; others follow as they appear.

    Carriers and background are folded into one line each time, unless `every`. Where the columns have no room for all
    nodes, a list of hops in its place.
    """
    for _, lines in groups(view, terminal, events, nodes, every):
        yield from lines


def groups(
    view: View,
    terminal: TerminalStyle,
    events: Sequence[Event] | None = None,
    nodes: Sequence[str] = (),
    every: bool = False,
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The same in pieces: the ids of the events that a piece shows (none: heads and silences), and its lines."""
    rows = list(view.rows(view.once(events)))
    drawn = [row for row in rows if every or row.state not in _QUIET]
    columns = _columns(drawn, nodes, terminal)
    unanswered = _unanswered(view)
    plan = _plan(rows, drawn, columns, terminal)
    yield (), list(plan.heads())
    usual = _usual_gap(rows)
    before: EventRow | None = None
    folded: list[EventRow] = []
    for row in rows:
        if not every and row.state in _QUIET:
            folded.append(row)
            continue
        yield tuple(quiet.event.id for quiet in folded), list(plan.fold(folded))
        folded = []
        if before and row.event.time - before.event.time >= max(NOTABLE, OFTEN * usual):
            yield (), list(plan.gap(row.event.time - before.event.time))
        yield (
            (row.event.id,),
            list(plan.arrow(row, _caption(view, row, row.event.id in unanswered, terminal))),
        )
        before = row
    yield tuple(quiet.event.id for quiet in folded), list(plan.fold(folded))


def _ends(row: EventRow) -> tuple[str, str]:
    return row.path[0], row.path[-1]


def _columns(rows: Sequence[EventRow], first: Sequence[str], terminal: TerminalStyle) -> list[str]:
    seen = dict.fromkeys(first)
    # The longest paths first, so that a node that forwards packets is drawn between its neighbours.
    for row in sorted(rows, key=lambda row: -len(row.path)):
        seen.update(dict.fromkeys(row.path))
    used = {end for row in rows for end in row.path}
    return [node for node in seen if node in used]


def _usual_gap(rows: Sequence[EventRow]) -> int:
    times = [row.event.time for row in rows]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return int(median(gaps)) if gaps else 0


def _unanswered(view: View) -> frozenset[str]:
    """Ids of events with a request that no message of the trace answers."""
    asked: dict[tuple[object, ...], str] = {}
    answered = set()
    for event in view.trace.events:
        for exchange in (message.exchange for message in event.messages):
            if exchange and exchange.reply:
                answered.add(exchange.key)
            elif exchange:
                asked.setdefault(exchange.key, event.id)
    return frozenset(id for key, id in asked.items() if key not in answered)


def _caption(view: View, row: EventRow, unanswered: bool, terminal: TerminalStyle) -> str:
    step = terminal.text(label(row, view.several))
    parts = [f"{step}:" if row.steps else step, terminal.text(row.event.content.summary())]
    parts += ["(retry)"] if row.retry else []
    parts += ["(no reply)"] if unanswered else []
    parts += [f"({remark})" for remark in remarks(row.event)]
    return " ".join(filter(None, parts))


# What TCP's own analysis says of a packet, in a word or two beside its arrow.
def _plan(
    rows: Sequence[EventRow], drawn: Sequence[EventRow], columns: Sequence[str], terminal: TerminalStyle
) -> "Plan":
    number = max([3, *(cells(row.event.id) for row in rows)])
    ms = max([6, *(len(f"{row.ms:.1f}") for row in rows)])
    left = number + ms + 6
    room = terminal.width - left - 8
    between = min(WIDEST, room // max(1, len(columns) - 1)) if len(columns) > 1 else WIDEST
    return Plan(
        terminal,
        number,
        ms,
        tuple(columns),
        tuple(left + between * i for i in range(len(columns))),
        between >= CLOSEST,
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything stands: the widths of the margin, the nodes, and the column of each node's lifeline."""

    terminal: TerminalStyle
    number: int
    ms: int
    nodes: tuple[str, ...]
    at: tuple[int, ...]
    fits: bool

    def heads(self) -> Iterator[str]:
        """The nodes' names over their lifelines; on several lines where they would touch."""
        if not self.fits:
            yield self.terminal.paint(f"{'#':>{self.number + 2}}  {'ms':>{self.ms}}", "dim")
            return
        waiting = [
            (at, self.terminal.cut(self.terminal.text(node), 40))
            for node, at in zip(self.nodes, self.at, strict=True)
        ]
        levels: list[str] = []
        while waiting:
            line, waiting = self._level(waiting)
            levels.append(line)
        for line in levels:
            yield self.terminal.paint(line, "bold")
        yield self._over(self._lifelines(), {2: f"{'#':>{self.number}}  {'ms':>{self.ms}}"})

    def _level(self, waiting: Sequence[tuple[int, str]]) -> tuple[str, list[tuple[int, str]]]:
        line = ""
        later: list[tuple[int, str]] = []
        for at, name in waiting:
            start = max(0, min(at - cells(name) // 2, self.terminal.width - cells(name)))
            if later or (line and start < cells(line) + 2):
                later.append((at, name))
            else:
                line = pad(line, start) + name
        return line, later

    def _lifelines(self, sign: str = "│") -> list[str]:
        line = [" "] * (self.at[-1] + 1 if self.at else 0)
        for at in self.at:
            line[at] = self.terminal.draw(sign)
        return line

    def _over(self, line: list[str], texts: dict[int, str]) -> str:
        """Texts laid over a line of single cells, each at its column; wide characters take two, combining ones none."""
        for at, text in texts.items():
            taken: list[str] = []
            for character in text:
                width = cells(character)
                if width:
                    taken += [character, *[""] * (width - 1)]
                elif taken:
                    taken[-1] += character
            line.extend([" "] * (at + len(taken) - len(line)))
            line[at : at + len(taken)] = taken
        return "".join(line).rstrip()

    def arrow(self, row: EventRow, caption: str) -> Iterator[str]:
        """One event: its caption over its arrow, number and time in the margin."""
        margin = f"{row.event.id:>{self.number}}  {row.ms:>{self.ms}.1f}"
        src, dst = _ends(row)
        if not self.fits:
            hop = self.terminal.text(row.hop if src != dst or row.through else src)
            for index, line in enumerate(
                self.terminal.wrap(f"{hop}  {caption}", self.terminal.width - self.number - self.ms - 6)
            ):
                yield (f"  {margin}  " if index == 0 else " " * (self.number + self.ms + 6)) + line
            return
        start, stop = self.at[self.nodes.index(src)], self.at[self.nodes.index(dst)]
        if start == stop:
            yield self._spot(start, caption, margin)
            return
        runs = _runs([self.at[self.nodes.index(node)] for node in row.path])
        yield self._captioned(self._lifelines(), min(runs[0]) + 2, caption, {})
        for number, run in enumerate(runs, start=1):
            yield self._over(self._shaft(run, row, number == len(runs)), {2: margin} if number == 1 else {})

    def _spot(self, at: int, caption: str, margin: str) -> str:
        """What happens on one node: a dot on its lifeline, the caption on that side of it where there is room."""
        line = self._lifelines()
        line[at] = self.terminal.draw("●")
        width, left = cells(caption), at - 2 - self.at[0] - 2
        before = width > self.terminal.width - at - 2 and left > self.terminal.width - at - 2
        if before:
            caption = self.terminal.cut(caption, left)
        start = at - 1 - cells(caption) if before else at + 2
        step = caption.partition(": ")[0]
        whole = self._over(line, {2: margin, start: self.terminal.cut(caption, self.terminal.width - start)})
        return whole.replace(f" {step}:", " " + self.terminal.paint(step, "step") + ":", 1)

    def _captioned(self, line: list[str], at: int, caption: str, others: dict[int, str]) -> str:
        """The caption beside a lifeline, moved to the left where it would not fit in the width, cut where nothing helps."""
        at = max(self.at[0] + 2, min(at, self.terminal.width - cells(caption)))
        step = caption.partition(": ")[0]
        whole = self._over(line, {**others, at: self.terminal.cut(caption, self.terminal.width - at)})
        return whole.replace(f" {step}:", " " + self.terminal.paint(step, "step") + ":", 1)

    def _shaft(self, run: Sequence[int], row: EventRow, last: bool) -> list[str]:
        """`├───◆──▶`, the diamond where a node passes it on; a reply's line is broken, a repeated question's too."""
        line = self._lifelines()
        start, stop = run[0], run[-1]
        broken = row.retry or _is_reply(row)
        for at in range(min(start, stop) + 1, max(start, stop)):
            line[at] = (
                self.terminal.draw("╌" if broken else "─")
                if not (broken and not self.terminal.unicode and at % 2)
                else " "
            )
        line[start] = self.terminal.draw("├" if start < stop else "┤")
        if last:
            line[stop - 1 if start < stop else stop + 1] = self.terminal.draw("▶" if start < stop else "◀")
        for at in run[1:-1] if last else run[1:]:
            line[at] = self.terminal.draw("◆")
        return line

    def gap(self, nanoseconds: int) -> Iterator[str]:
        """A silence: dotted lifelines, and how long it lasted; one more line for a second or more."""
        if not self.fits:
            yield " " * (self.number + self.ms + 6) + self.terminal.draw(f"⋮ {duration(nanoseconds)}")
            return
        lines = 3 if nanoseconds >= 1_000_000_000 else 1
        for index in range(lines):
            text = {2: f"{duration(nanoseconds):>{self.number + 2 + self.ms}}"} if index == lines // 2 else {}
            yield self._over(self._lifelines("⋮"), text)

    def fold(self, rows: Sequence[EventRow]) -> Iterator[str]:
        """One line for packets that are known and not drawn."""
        if not rows:
            return
        counts: dict[str, int] = {}
        for row in rows:
            kind = (
                f"background: {self.terminal.text(row.background)}"
                if row.state == "background"
                else "carriers"
            )
            counts[kind] = counts.get(kind, 0) + 1
        numbers = rows[0].event.id if len(rows) == 1 else f"{rows[0].event.id} to {rows[-1].event.id}"
        text = self.terminal.draw("· ") + ", ".join(
            f"{n} {kind}" if n > 1 else "carrier" if kind == "carriers" else kind
            for kind, n in counts.items()
        )
        if not self.fits or not self.at:  # where everything is folded away there is no column
            line = self.terminal.cut(text, self.terminal.width - self.number - 4)
            yield self.terminal.paint(f"  {numbers:>{self.number}}  {line}", "dim")
            return
        front = {2: self.terminal.cut(f"{numbers:>{self.number}}", self.at[0] - 3)}
        yield self.terminal.paint(
            self._over(
                self._lifelines(),
                {**front, self.at[0] + 2: self.terminal.cut(text, self.terminal.width - self.at[0] - 2)},
            ),
            "dim",
        )


def _runs(columns: Sequence[int]) -> list[list[int]]:
    """A way cut where it turns: each piece goes in one direction, and begins where the one before ended."""
    runs = [list(columns[:2])]
    for at in columns[2:]:
        run = runs[-1]
        if (at > run[-1]) == (run[-1] > run[0]) and at != run[-1]:
            run.append(at)
        else:
            runs.append([run[-1], at])
    return runs


def _is_reply(row: EventRow) -> bool:
    return row.answers or any(message.exchange and message.exchange.reply for message in row.event.messages)
