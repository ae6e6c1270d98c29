"""The lines that are no panes: the title, what the cursor is on in words, and the keys."""

from collections.abc import Callable, Collection, Sequence

from ...analysis.view import duration
from ...errors import LabError
from ...render.table import counted
from ...render.terminal import cells
from .bars import keys, title
from .keys import KEYS, sign
from .pane import Piece
from .pending import Pending, stage
from .selection import Selection
from .workspace import Workspace

LEAST = 24  # columns that are worth beginning a headline in


class Status:
    """Title, status and key line. `message`: a remark in the status line, until the cursor moves."""

    def __init__(self, selection: Selection, workspace: Workspace, pending: Sequence[Pending]) -> None:
        self._selection, self._workspace, self._pending = selection, workspace, pending
        self.message = ""
        self.answering: Callable[[], Collection[str]] = lambda: ()  # what the open question offers to do
        workspace.rearranged = self.update

    def say(self, text: str) -> None:
        """Show a remark."""
        self.message = text
        self.update()

    def fail(self, error: LabError) -> None:
        """The same for an error."""
        self.say(f"✗ {error.message} {error.hint}")

    def update(self) -> None:
        """Draw the three lines anew."""
        workspace, p = self._workspace, self._workspace.palette
        width = workspace.size.width
        left, right = self._title(width)
        workspace.title_bar.say(title(left, right, width, workspace.title_bar.terminal, p))
        workspace.key_bar.say(keys(self._keys(), width, p))
        if not workspace.asking:
            workspace.status_bar.say(*self._status(width))

    def standing(self) -> str:
        """How the run compares with the guide, or what is still under way."""
        if under_way := stage(self._pending):
            return under_way
        view = self._selection.view
        if changed := self._selection.evidence.changed():
            return changed
        if not view.experiment.steps or not view.strict:
            return ""
        return (
            "✓ as the guide says"
            if view.alignment.ok
            else f"✗ {len(view.alignment.missing)} steps missing, {len(view.alignment.unclaimed)} unexplained"
        )

    def verdict(self) -> str:
        """The same, to be added to a remark."""
        standing = self.standing()
        return f"  {standing}" if standing else ""

    def _title(self, width: int) -> tuple[str, str]:
        """What is read, and how it compares; parts are left out where there is no room for them."""
        selection, view = self._selection, self._selection.view
        parts = list(filter(None, (view.lab, view.experiment.id, view.experiment.title))) or [view.origin]
        total = (
            counted(view.trace.events)
            if selection.material.given is None
            else f"{len(selection.evidence)} packets"
        )
        count = total if selection.complete else f"{len(selection.shown)} of {total}"
        tail = list(filter(None, (view.origin if view.lab else "", count, self._length(), self.standing())))
        # What happened tells more than what the experiment is called, and is cut where it is too long.
        if view.happened and len(parts) > 2:
            room = width - 4 - cells(" · ".join((*parts[:2], *tail))) - 3
            happened = self._workspace.title_bar.terminal.cut(view.happened.whole, max(0, room))
            parts[2] = happened if room >= LEAST else parts[2]
        while len(parts) > 2 and cells(" · ".join((*parts, *tail))) + 4 > width:
            parts.pop()
        while len(tail) > 2 and cells(" · ".join((*parts, *tail))) + 4 > width:
            tail.pop(-2)
        return " · ".join(parts), " · ".join(tail)

    def _length(self) -> str:
        evidence = self._selection.evidence
        last = len(evidence) - 1
        return duration(round((evidence.line(last).ms - evidence.line(0).ms) * 1e6)) if last > 0 else ""

    def _keys(self) -> list[tuple[str, str]]:
        there = [key for key in KEYS if key.short and key.where != "worksheet"]
        short = [(sign(key.keys[0]), key.short) for key in there]
        if answering := self.answering():
            asked = [key for key in KEYS if key.where == "worksheet" and key.action in answering]
            back = [("w", "guide"), ("↑↓", "move")]
            others = [pair for pair in short if pair[0] != "w"]
            return [*((sign(key.keys[0]), key.short) for key in asked), *back, *others]
        return [
            ("↑↓", "move"),
            ("Tab", "pane"),
            *sorted(short, key=lambda pair: pair[0] not in ("?", "Space")),
        ]

    def _status(self, width: int) -> list[list[Piece]]:
        p = self._workspace.palette
        terminal = self._workspace.status_bar.terminal
        if self.message:
            return [
                [(f" {line}", p.bar)] for line in terminal.wrap(terminal.text(self.message), width - 2)[:2]
            ]
        tree = self._workspace.tree
        node = tree.node
        if node is None or not self._selection.shown:
            return [[], []]
        head = f"{node.name}  {node.value}" if not node.group else node.path
        first = terminal.cut(terminal.text(head), width // 2)
        said = terminal.text(tree.meaning(node))
        lines = terminal.wrap(said, max(10, width - cells(first) - 4))
        rest = " ".join(lines[1:])
        return [
            [(f" {first}", p.key), (f"  {lines[0]}", p.bar)],
            [(f" {terminal.cut(rest, width - 2)}", p.bar)],
        ]
