"""The field tree: names, values and what they mean here. What the step is about is marked."""

from collections.abc import Sequence

from rich.style import Style

from ...analysis.view import EventRow, View
from ...analysis.words import meaning_of
from ...model import Event, Field
from ...render.detail import concerned
from ...render.terminal import cells, pad
from .field_nodes import FieldNode, nodes, same_place
from .pane import Pane, Piece, ends

NAMES = 34  # columns a name is given at most, so that the values stand below each other


class FieldTree(Pane):
    """The tree of the packet under the cursor."""

    id_ = "tree"
    called = "fields"

    def __init__(self) -> None:
        super().__init__()
        self.view: View | None = None
        self.row: EventRow | None = None
        self.lines: Sequence[FieldNode] = ()
        self.folds: dict[str, bool] = {}
        self._chosen: tuple[str, str] | None = None
        self._concerned: dict[str, bool] = {}
        self._names = 10

    def set_row(self, view: View, row: EventRow) -> None:
        """Show another packet: the cursor stays on the field it is on, else goes to what the step is about."""
        self.view, self.row, self._concerned = view, row, {}
        self._grow()
        if not self._find(self._chosen):
            self.cursor = self.start()
        self.top = max(0, self.cursor - self.room // 2)
        self.show()

    def start(self) -> int:
        """Where to begin: a field that the step asks for and the guide explains, else one it is about, else the topmost layer."""
        steps = [step for step, _ in self.row.steps] if self.row else []
        about = [i for i, node in enumerate(self.lines) if node.about and not node.group]
        in_pattern = [i for i in about if any(self.lines[i].name in step.sees for step in steps)]
        explained = [
            i for i in in_pattern if any(self._explained(step.id, self.lines[i].name) for step in steps)
        ]
        layers = [i for i, node in enumerate(self.lines) if node.group and node.depth == 0]
        return next(iter([*explained, *in_pattern, *about, *layers[-1:]]), 0)

    def _explained(self, step: str, name: str) -> bool:
        """Whether the guide has words of its own for a field in this step."""
        return self.view is not None and self.view.words.meaning(step, name) not in (
            "",
            self.view.words.meaning("", name),
        )

    def _find(self, key: tuple[str, str] | None) -> bool:
        place = next((i for i, node in enumerate(self.lines) if node.key == key), -1)
        if place >= 0:
            self.cursor = place
        return place >= 0

    def _grow(self) -> None:
        assert self.row is not None
        event: Event = self.row.event
        layers = list(
            dict.fromkeys((f.group or f.name).partition("/")[0] for fs in event.fields.values() for f in fs)
        )
        main = self._main(layers, event)

        def closed(path: str, depth: int) -> bool:
            key = "/".join(part for part in path.split("/") if not part.isdigit())
            return self.folds.get(key, depth == 0 and path not in main)

        self.lines = nodes(event, closed, self._about)
        widths = [cells(n.name) + 2 * n.depth for n in self.lines if not n.group]
        self._names = min(NAMES, max([10, *widths]))
        self.cursor = min(self.cursor, max(0, len(self.lines) - 1))

    def _main(self, layers: Sequence[str], event: Event) -> set[str]:
        """The layers that are open at first: the topmost, and those the step asks about."""
        about = {
            (f.group or f.name).partition("/")[0]
            for fs in event.fields.values()
            for f in fs
            if self._about(f.name)
        }
        return about | set(layers[-1:])

    def _about(self, name: str) -> bool:
        if self.view is None or self.row is None or not self.row.steps:
            return False
        if name not in self._concerned:
            self._concerned[name] = concerned(self.view, self.row, name)
        return self._concerned[name]

    @property
    def node(self) -> FieldNode | None:
        """The line under the cursor."""
        return self.lines[self.cursor] if self.cursor < len(self.lines) else None

    def meaning(self, node: FieldNode) -> str:
        """What a field means in this step."""
        if self.view is None or self.row is None:
            return ""
        name = node.field.name if node.field else node.name
        return meaning_of(self.view.words, tuple(step.id for step, _ in self.row.steps), name)[0]

    def choose(self, field: Field) -> None:
        """Put the cursor on a field, opening what it is folded in."""
        path = field.group or field.name.partition(".")[0]
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            self.folds["/".join(p for p in parts[:depth] if not p.isdigit())] = False
        self._grow()
        place = next((i for i, n in enumerate(self.lines) if n.field and same_place(n.field, field)), None)
        if place is not None:
            self.cursor = place
            self._chosen = self.lines[place].key
        self.show()

    def seek(self, name: str) -> bool:
        """Put the cursor on the first field of that name; whether there is one."""
        found = self.row.event.fields.get(name, ()) if self.row else ()
        if found:
            self.choose(found[0])
        return bool(found)

    def go(self, to: int) -> None:
        """See Pane; the field chosen is kept for the next packet."""
        super().go(to)
        if self.node:
            self._chosen = self.node.key

    def fold(self, shut: bool) -> None:
        """Close the group under the cursor (or the one it stands in), or open it."""
        node = self.node
        if node is None:
            return
        if shut and (not node.group or node.closed):
            above = node.path if not node.group else node.path.rpartition("/")[0]
            self.go(next((i for i, n in enumerate(self.lines) if n.group and n.path == above), self.cursor))
            return
        if node.group and node.closed != shut:
            self.folds[node.key[0]] = shut
            self._grow()
            self.show()
        elif not shut:
            self.move(1)

    def toggle(self) -> None:
        """Open what is closed, close what is open."""
        if self.node:
            self.fold(self.node.group and not self.node.closed)

    def clicked(self, index: int, x: int) -> None:
        """A click on a group's sign folds it."""
        node = self.lines[index]
        self.go(index)
        if node.group and x <= 2 * node.depth + 2:
            self.toggle()

    def count(self) -> int:
        """See Pane."""
        return len(self.lines)

    def head(self, width: int) -> list[Piece]:
        """`fields  packet 5`."""
        said = f"packet {self.row.event.id} " if self.row and self.row.event.id.isdecimal() else ""
        style = self.title_style
        return ends([(" fields", style)], [(said, style)], width, style)

    def draw(self, index: int, width: int) -> list[Piece]:
        """One line."""
        node, p = self.lines[index], self.palette
        sign = ("▸ " if node.closed else "▾ ") if node.group else ("● " if node.about else "  ")
        front = "  " * node.depth
        style = p.heading if node.group else p.name
        pieces: list[Piece] = [(front, p.text), (sign, p.code if node.about else p.dim)]
        if node.group:
            pieces += [(self.terminal.text(node.name), style), ("  " + self.terminal.text(node.value), p.dim)]
        else:
            room = max(4, min(self._names, width * 58 // 100) - 2 * node.depth + 2)
            name = self.terminal.squeeze(self.terminal.text(node.name), room)
            pieces += [(pad(name, room) + "  ", style), (self.terminal.text(node.value), p.value)]
            left = width - sum(cells(text) for text, _ in pieces)
            if left > 16 and (said := self.meaning(node)):
                pieces.append(("  " + self.terminal.cut(self.terminal.text(said), left - 2), p.dim))
        return [(text, self.over(style, index)) for text, style in _fit(pieces, width, self)]

    def fill(self, index: int) -> Style:
        """The cursor's bar goes to the edge."""
        return self.over(self.palette.text, index)


def _fit(pieces: Sequence[Piece], width: int, pane: Pane) -> list[Piece]:
    """The last piece that has room is cut, so that a long value ends in an ellipsis."""
    kept: list[Piece] = []
    for text, style in pieces:
        if width <= 0:
            break
        shown = pane.terminal.cut(text, width)
        kept.append((shown, style))
        width -= cells(shown)
    return kept
