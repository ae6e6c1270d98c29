"""Comparisons: two packets field by field, two runs step by step."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from ...errors import LabError
from ...render.terminal import TerminalStyle, cells, pad
from .cursor import Cursor
from .filtering import Filtering
from .overlays import Overlays
from .pane import Piece
from .selection import Selection
from .status import Status

if TYPE_CHECKING:
    from ...analysis.comparison import Change, Difference
    from ...model import Event
    from .overlay import OverlayPane


class Comparison:
    """What keys do that compare."""

    def __init__(
        self, selection: Selection, cursor: Cursor, status: Status, overlays: Overlays, filtering: Filtering
    ) -> None:
        self._selection, self._cursor, self._status = selection, cursor, status
        self._overlays, self._filtering = overlays, filtering

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"compare": self._packets, "diff": self._choose_run}

    def _packets(self) -> None:
        """The packet under the cursor with the marked one, field by field."""
        from ...analysis.comparison import packet_changes

        selection, event, run = self._selection, self._selection.event, self._selection.material.run
        others = [id for id in selection.marks if event and id != event.id]
        if event is None or not others:
            self._status.say("Mark a packet with m, go to another, and press c.")
            return
        if run is None:
            self._status.say("There is nothing to compare with yet.")
            return
        evidence = selection.evidence
        other = evidence.event(evidence.place(sorted(others, key=evidence.place)[-1]))
        changes, same = packet_changes(other, event, run, run)
        self._overlays.open(
            f"packets {other.id} and {event.id}",
            lambda width, pane: packet_lines(other, event, changes, same, width, pane),
        )

    def _choose_run(self) -> None:
        """This run and another, step by step."""
        others = dict(self._selection.material.others())
        if not others:
            self._status.say("There is no other run to compare this one with.")
            return
        self._overlays.choose("compare with", list(others), lambda name: self._runs(name, others[name]))

    def _runs(self, name: str, compared: Callable[[], "Difference"]) -> None:
        from ...render.diff import report
        from .side_by_side import LEAST, DiffLine, side_by_side

        try:
            found = compared()
        except LabError as error:
            self._status.fail(error)
            return
        view = self._selection.view
        names = (f"{view.experiment.id} ({view.origin})", name)
        shown: list[DiffLine] = []

        def lines(width: int, pane: "OverlayPane") -> list[list[Piece]]:
            if width < LEAST:
                text = report(found, TerminalStyle(width), names, view.words)
                shown[:] = [DiffLine([(line, _style(line, pane))]) for line in text]
            else:
                shown[:] = side_by_side(found, names, view.words, width, pane.terminal, pane.palette)
            pane.stops = [index for index, line in enumerate(shown) if line.new]
            return [line.pieces for line in shown]

        def then(chosen: int) -> None:
            if id := shown[chosen].id:
                self._filtering.clear()
                self._cursor.move_to_event(id)
            elif shown[chosen].new:
                self._status.say("Only the other run has that: there is no packet of it here.")

        self._overlays.open(
            "two runs", lines, then, how="n: next difference   Enter: to this packet   Esc: back "
        )


def packet_lines(
    left: "Event",
    right: "Event",
    changes: "Sequence[tuple[Change, bool]]",
    same: int,
    width: int,
    pane: "OverlayPane",
) -> list[list[Piece]]:
    """Two packets field by field: first what differs, then what differs in every run."""
    p, terminal = pane.palette, pane.terminal
    made: list[list[Piece]] = [
        [(terminal.cut(terminal.text(f"{e.id}  {e.content.summary()}"), width), style)]
        for e, style in ((left, p.bad), (right, p.good))
    ]
    made.append([])
    for wanted, said in ((False, ""), (True, "These differ from run to run:")):
        some = [change for change, volatile in changes if volatile is wanted]
        made += [[], [(said, p.dim)]] if some and said else []
        made += [line for change in some for line in _beside(change, width, pane)]
    return [*made, [], [(f"{same} fields are the same.", p.dim)]]


def _style(line: str, pane: "OverlayPane") -> Style:
    p = pane.palette
    start = line.lstrip()[:1]
    return (
        {"+": p.good, "-": p.bad, "~": p.warn, "=": p.dim, "✓": p.good, "✗": p.bad}.get(start, p.text)
        if line.startswith("  ") and not line.startswith("   ")
        else p.text
    )


def _beside(change: "Change", width: int, pane: "OverlayPane") -> list[list[Piece]]:
    p, terminal = pane.palette, pane.terminal
    left, right = (
        terminal.text(", ".join(side) or "(not there)", 300) for side in (change.left, change.right)
    )
    front = pad(terminal.text(change.field), min(36, width // 2)) + "  "
    if cells(front) + cells(left) + cells(right) + 3 <= width:
        return [[(front, p.name), (left, p.bad), (" → ", p.dim), (right, p.good)]]
    made: list[list[Piece]] = [[(front, p.name)]]
    for text, style in ((left, p.bad), (right, p.good)):
        made += [[("    ", p.text), (line, style)] for line in terminal.wrap(text, max(8, width - 4), 3)]
    return made
