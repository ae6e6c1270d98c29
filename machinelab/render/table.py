"""The packet table of a run: each packet beside the guide's step, then the verdict and where to go from there.

Other lists of packets draw their own columns: plain.py (without a guide), page/page.py (HTML), inspector/ui/packet_list.py.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from ..analysis.folding import Again, folded, quieted
from ..analysis.view import EventRow, View, duration, label, note
from ..analysis.words import SILENT, Words
from ..model import Event, Step, Trace
from .terminal import TerminalStyle, cells, pad
from .verdict import verdict

ROOMY = 110
"""Columns from which sentence and packet stand side by side; below, the sentence stands under its packet."""

LONGEST_WAY = 28  # columns for a way in the table: `alice → nat-a → nat-b → bob`

ROOM = 56  # columns for both of them at least: long ways and long ids leave less, and a sentence ten words tall is no help
WIDEST = 180  # a line longer than this is hard to follow with the eye

_MARKS = {"claimed": " ", "never": "✗", "carrier": "·", "background": "·", "unclaimed": "?"}
_MARK_STYLES = {"never": "bad", "unclaimed": "warn"}


def report(
    view: View,
    terminal: TerminalStyle,
    events: Sequence[Event] | None = None,
    go_on: Sequence[tuple[str, str]] = (),
    *,
    every: bool = False,
) -> Iterator[str]:
    """The lines of a whole report: title, table, verdict, and the (label, command) pairs of what to do next.

    With `events` (those a filter left), only their rows; the verdict is of the run all the same. Stretches of traffic beside
    the point are one line, unless `every`.
    """
    yield from title(view, terminal, events)
    yield ""
    if view.named or view.alignment.claims:
        yield from table(view, terminal, events, quiet=not every)
        yield ""
    yield from verdict(view, terminal)
    yield from offers(go_on, terminal)


def said(text: str, terminal: TerminalStyle) -> Iterator[str]:
    """What a command printed, harmless, and a blank line below it; nothing if it printed nothing."""
    yield from (terminal.text(line.expandtabs(), None) for line in text.rstrip("\n").splitlines())
    if text.strip():
        yield ""


def title(view: View, terminal: TerminalStyle, events: Sequence[Event] | None = None) -> list[str]:
    """Which lab, experiment and run this is, and how much there is of it; on two lines where one is too short."""
    experiment = view.experiment
    left = terminal.draw(" · ").join(
        terminal.text(part) for part in (view.lab, experiment.id, experiment.title) if part
    )
    right = terminal.draw(" · ").join(
        terminal.text(part) for part in (view.origin, *_extent(view.trace, events)) if part
    )
    width = min(terminal.width, WIDEST)
    gap = width - cells(left) - cells(right)
    if gap >= 2:
        return [terminal.paint(left, "bold") + " " * gap + right]
    return [terminal.paint(line, "bold") for line in terminal.wrap(left, width)] + terminal.wrap(right, width)


def _extent(trace: Trace, events: Sequence[Event] | None) -> tuple[str, str]:
    length = duration(trace.events[-1].time - trace.events[0].time) if len(trace.events) > 1 else ""
    once = [event for event in trace.events if not event.again]
    shown = None if events is None else [event for event in events if not event.again]
    text = counted(once, shown)
    if len(once) < len(trace.events) and (shown is None or text.startswith(f"{len(shown)} packets")):
        seen = sum(1 for event in trace.events if event.network)
        text = text.replace("packets", f"packets seen {seen} times", 1)
    return text, length


def counted(everything: Sequence[Event], shown: Sequence[Event] | None = None) -> str:
    """How many events of which kind: `16 packets`, `3 of 16 packets`, `16 packets, 40 gc events`.

    Of what is shown, the kinds that are: a list of packets alone is not so many of all evidence.
    """
    kinds = {_kind(event) for event in shown or ()}
    totals: dict[str, int] = {}
    for event in everything:
        if not kinds or _kind(event) in kinds:
            totals[_kind(event)] = totals.get(_kind(event), 0) + 1
    text = ", ".join(f"{n} {kind}" if n == 1 else f"{n} {kind}s" for kind, n in totals.items()) or "0 packets"
    return text if shown is None or len(shown) == sum(totals.values()) else f"{len(shown)} of {text}"


def _kind(event: Event) -> str:
    return "packet" if event.network or event.source == "packets" else f"{event.source} event"


def table(
    view: View,
    terminal: TerminalStyle,
    events: Sequence[Event] | None = None,
    *,
    fold: bool = False,
    quiet: bool = False,
    said: Iterable[str] = (),
) -> Iterator[str]:
    """The table's lines, head and rows. `fold`: rows of steps that were shown already are taken together; `quiet`: only
    stretches of rows beside the point are.

    `said` are sentences that the reader has read already: they are not printed again.
    """
    rows = list(view.rows(view.once(events)))
    shown = list(folded(rows)) if fold else list(quieted(rows)) if quiet else rows
    layout = layout_of([row for row in shown if isinstance(row, EventRow)], terminal, view.several)
    printed = set(said)
    yield layout.head()
    for row in shown:
        yield from layout.again(row) if isinstance(row, Again) else layout.lines(row, view.words, printed)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns' widths. Where the look is narrower than ROOMY, step and sentence stand under the packet."""

    terminal: TerminalStyle
    number: int
    ms: int
    hop: int
    step: int
    what: int
    packet: int
    several: bool = False

    @property
    def stacked(self) -> bool:
        """Whether a row takes a second line for what happens."""
        return self.what == 0

    def head(self) -> str:
        """The line of column names."""
        titles = [
            f"  {'#':>{self.number}}",
            f"{'ms':>{self.ms}}",
            pad(self.terminal.draw("from → to"), self.hop),
        ]
        if not self.stacked:
            titles += [pad("step", self.step), pad("what happens", self.what)]
        return self.terminal.paint("  ".join([*titles, "packet"]), "dim")

    def lines(self, row: EventRow, words: Words, said: set[str]) -> Iterator[str]:
        """The lines of one row; `said` holds the steps whose sentence has been printed."""
        mark = self.terminal.draw(_MARKS.get(row.state, " "))[:1]
        front = f"{row.event.id:>{self.number}}  {row.ms:>{self.ms}.1f}  " + pad(self._hop(row), self.hop)
        front = self.terminal.paint(mark, _MARK_STYLES.get(row.state, "")) + " " + front
        what = "" if row.quiet else self.terminal.text(note(row, words, said))
        # What a retry is has been said then: its step is marked in place of the sentence.
        again = ", again" if row.retry and row.steps and not what else ""
        step = self.terminal.text(label(row, self.several) + again)
        packet = self.terminal.text(row.event.content.summary())
        make = self._stacked if self.stacked else self._beside
        for line in make(front, step, what, packet, row):
            yield self.terminal.paint(line, "dim") if row.quiet else line

    def again(self, rows: Again) -> Iterator[str]:
        """The line that stands for rows of steps that were shown already."""
        indent = " " * (6 + self.number + self.ms)
        front = pad(f"{'':>{1 + self.number}}" + self.terminal.draw("⋮"), len(indent))
        lines = self.terminal.wrap(self.terminal.text(rows.said), self.terminal.width - len(indent))
        for index, line in enumerate(lines):
            yield self.terminal.paint((front if index == 0 else indent) + line, "dim")

    def _hop(self, row: EventRow) -> str:
        """The hop in its column: where it is too wide, each end keeps its beginning and end."""
        hop = self.terminal.text(row.hop)
        if cells(hop) <= self.hop or len(row.path) != 2:
            return self.terminal.squeeze(hop, self.hop)
        arrow = self.terminal.draw(" → ")
        each = (self.hop - cells(arrow)) // 2
        ends = [self.terminal.text(row.src or "?"), self.terminal.text(row.dst or "?")]
        widths = [max(each, self.hop - cells(arrow) - cells(ends[1 - i])) for i in (0, 1)]
        return arrow.join(self.terminal.squeeze(end, width) for end, width in zip(ends, widths, strict=True))

    def _beside(self, front: str, step: str, what: str, packet: str, row: EventRow) -> Iterator[str]:
        tall = 1 if row.quiet else 0
        columns = (
            self.terminal.wrap(step, self.step, tall),
            self.terminal.wrap(what, self.what, tall),
            self.terminal.wrap(packet, self.packet, tall or 3),
        )
        blank = " " * (4 + self.number + self.ms + self.hop + 2)
        for index, (first, second, third) in enumerate(zip_longest(*columns, fillvalue="")):
            head = front if index == 0 else blank
            style = "" if row.quiet else _MARK_STYLES.get(row.state, "step")
            yield f"{head}  {self.terminal.paint(pad(first, self.step), style)}  {pad(second, self.what)}  {third}".rstrip()

    def _stacked(self, front: str, step: str, what: str, packet: str, row: EventRow) -> Iterator[str]:
        if row.quiet:
            named = f"{packet}  {step}" if row.state == "background" else packet
            yield f"{front}  {self.terminal.cut(named, self.packet)}"
            return
        if step and row.steps and not what and cells(packet) + 2 + cells(step) <= self.packet:
            room = self.packet - cells(step)
            yield f"{front}  {pad(packet, room)}{self.terminal.paint(step, 'step')}"
            return
        for index, line in enumerate(self.terminal.wrap(packet, self.packet, 3)):
            yield f"{front if index == 0 else ' ' * (6 + self.number + self.ms + self.hop)}  {line}".rstrip()
        if step and row.steps:
            indent = " " * (6 + self.number + self.ms)
            lead = f"{step}: " if what else step
            body = self.terminal.wrap(lead + what, self.terminal.width - len(indent))
            body[0] = self.terminal.paint(body[0][: len(step)], "step") + body[0][len(step) :]
            yield from (indent + line for line in body)
        elif what:
            indent = " " * (6 + self.number + self.ms)
            style = _MARK_STYLES.get(row.state, "")
            lines = self.terminal.wrap(what, self.terminal.width - len(indent))
            yield from (indent + self.terminal.paint(line, style) for line in lines)


def layout_of(rows: Iterable[EventRow], terminal: TerminalStyle, several: bool) -> Layout:
    """Columns wide enough for these rows, as far as the look has room."""
    rows = list(rows)
    number = max((cells(row.event.id) for row in rows), default=1)
    last = max((row.ms for row in rows), default=0.0)
    hop = max((cells(terminal.text(row.hop)) for row in rows), default=0)
    step = max((cells(terminal.text(label(row, several))) for row in rows), default=0)
    long = max((cells(terminal.text(row.hop)) for row in rows if row.through), default=0)
    way = min(long, LONGEST_WAY)
    return _fit(terminal, max(3, number), max(6, len(f"{last:.1f}")), hop, step, several, way)


def _fit(
    terminal: TerminalStyle, number: int, ms: int, hop: int, step: int, several: bool, way: int = 0
) -> Layout:
    """`way`: the room that a packet's way needs; it is not squeezed as an address is."""
    width = min(terminal.width, WIDEST)
    wide = width >= ROOMY
    front = 2 + number + 2 + ms + 2
    hop = max(
        len("from → to"),
        way,
        min(hop, 34 if width >= 150 else 26 if wide else max(12, (width - front) // 2 - 4)),
    )
    step = max(4, min(step, 26 if width >= 150 else 18))
    rest = width - front - hop - 2 - step - 2
    if not wide or rest < ROOM:
        return Layout(terminal, number, ms, hop, 0, 0, max(10, width - front - hop - 2), several)
    what = rest * 11 // 20
    return Layout(terminal, number, ms, hop, step, what, rest - what - 2, several)


def offers(pairs: Sequence[tuple[str, str]], terminal: TerminalStyle) -> list[str]:
    """What to do next, `Look closer: machinelab inspect dns`: on one line if they fit, else each on its own."""
    if not pairs:
        return []
    one = "     ".join(f"{label}: {command}" for label, command in pairs)
    if 2 + cells(one) <= terminal.width:
        return [
            "  " + "     ".join(f"{label}: {terminal.paint(command, 'command')}" for label, command in pairs)
        ]
    widest = max(cells(label) for label, _ in pairs)
    return [
        f"  {pad(label + ':', widest + 1)} {terminal.paint(command, 'command')}" for label, command in pairs
    ]


@dataclass(slots=True)
class LiveTable:
    """The table as it grows (`run --live`): one call a packet, annotated as far as is known by then.

    `nodes` and `steps` are all that may come, for the columns' widths: a line that is printed cannot be widened.
    """

    terminal: TerminalStyle
    nodes: Sequence[str] = ()
    steps: Sequence[str] = ()
    words: Words = SILENT
    _said: set[str] = field(default_factory=set)
    _start: int | None = None

    @property
    def layout(self) -> Layout:
        """The columns, from the longest names that may come."""
        longest = sorted((cells(self.terminal.text(node)) for node in self.nodes), reverse=True)[:2]
        step = max((cells(self.terminal.text(step)) for step in self.steps), default=0)
        return _fit(self.terminal, 4, 8, sum(longest) + 3, max(step, len("(carrier)")), False)

    def head(self) -> str:
        """The line of column names."""
        return self.layout.head()

    def lines(
        self,
        event: Event,
        names: Mapping[str, str],
        steps: Sequence[tuple[Step, int]] = (),
        state: str = "",
        background: str = "",
    ) -> list[str]:
        """The lines of one packet that has come. `state` as in Row; with `steps` it may be left out."""
        self._start = event.time if self._start is None else self._start
        ms = (event.time - self._start) / 1e6
        src, dst = names.get(event.src, event.src), names.get(event.dst, event.dst)
        row = EventRow(
            event, ms, src, dst, tuple(steps), state or ("claimed" if steps else ""), background=background
        )
        return list(self.layout.lines(row, self.words, self._said))
