"""The list of events: number, time, hop, protocol, step, summary. Only the lines on the screen are ever made."""

from collections.abc import Sequence

from rich.style import Style

from ...render.terminal import cells, pad
from .evidence import Evidence, PacketLine
from .pane import Pane, Piece, ends

SAMPLE = 400  # lines looked at for the columns' widths
SIGNS = {"never": "✗", "unclaimed": "?", "odd": "!", "retry": "↻"}


class PacketList(Pane):
    """The list."""

    id_ = "events"
    called = "packets"

    def __init__(self) -> None:
        super().__init__()
        self.evidence: Evidence | None = None
        self.shown: Sequence[int] = ()
        self.marks: frozenset[str] = frozenset()
        self.note = ""
        self.whole = False  # whether there is time to look into packets: not before the first paint
        self._columns = (4, 6, 16, 8, 12)

    def fill_with(self, evidence: Evidence, shown: Sequence[int]) -> None:
        """Show these places of the evidence."""
        self.evidence, self.shown = evidence, shown
        lines = [self._line(index) for index in range(min(SAMPLE, len(shown)))]
        last = self._line(len(shown) - 1) if shown else None
        numbers = [cells(line.id) for line in lines] + ([cells(last.id)] if last else [])
        times = [len(f"{line.ms:.1f}") for line in lines] + ([len(f"{last.ms:.1f}")] if last else [])
        self._columns = (
            max([2, *numbers]),
            max([5, *times]),
            max([11, *(cells(self.terminal.text(line.hop)) for line in lines)]),
            max([4, *(cells(line.protocol) for line in lines)]),
            max([0, *(cells(self.terminal.text(line.step)) for line in lines)]),
        )
        self.refresh()

    def _line(self, index: int) -> PacketLine:
        assert self.evidence is not None
        return self.evidence.line(self.shown[index])

    def count(self) -> int:
        """See Pane."""
        return len(self.shown)

    def widths(self, width: int) -> tuple[int, int, int, int, int]:
        """Number, time, hop, protocol, step: as wide as they need be, as far as there is room; 0 for a column left out."""
        number, ms, hop, protocol, step = self._columns
        width = self.size.width or width  # the title has no scroll bar beside it, and the same columns
        share = 44 if not step else 24 if width >= 72 else 30
        hop = min(hop, max(11, width * share // 100))
        protocol = min(protocol, 10) if width >= 100 else 0
        step = min(max(4, step), max(10, width * 20 // 100)) if width >= 56 and step else 0
        if width < 40:
            ms = 0
        return number, ms, hop, protocol, step

    def head(self, width: int) -> list[Piece]:
        """The names of the columns are the title."""
        number, ms, hop, protocol, step = self.widths(width)
        parts = [f" {'#':>{number + 1}}"]
        parts += [f"{'ms':>{ms}}"] if ms else []
        parts.append(pad("from → to", hop))
        parts += [pad("proto", protocol)] if protocol else []
        parts += [pad("step", step)] if step else []
        left = "  ".join([*parts, "what it says"])
        return ends(
            [(left, self.title_style)], [(f"{self.note} ", self.title_style)], width, self.title_style
        )

    def draw(self, index: int, width: int) -> list[Piece]:
        """One event."""
        line, p = self._line(index), self.palette
        number, ms, hop, protocol, step = self.widths(width)
        here = index == self.cursor
        quiet = line.state in ("carrier", "background")
        text = p.dim if quiet else p.text
        state = "odd" if self._strange(index, line) else line.state
        sign = "●" if line.id in self.marks else SIGNS.get(state, " ")
        warn = p.bad if line.state == "never" else p.warn
        front = "▸" if here else " "
        pieces: list[Piece] = [
            (front, p.number),
            (sign, warn if sign != "●" else p.good),
            (f"{line.id:>{number}}", p.dim if quiet else p.number),
        ]
        if ms:
            pieces.append((f"  {line.ms:>{ms}.1f}", p.dim))
        pieces.append(("  " + pad(self._hop(self.terminal.text(line.hop), hop), hop), text))
        if protocol:
            pieces.append(("  " + pad(self.terminal.cut(line.protocol, protocol), protocol), p.dim))
        if step:
            shown = pad(self.terminal.cut(self.terminal.text(line.step), step), step)
            pieces.append(
                ("  " + shown, p.dim if quiet else warn if line.state in ("never", "unclaimed") else p.step)
            )
        used = sum(cells(text) for text, _ in pieces)
        pieces.append(
            ("  " + self.terminal.cut(self.terminal.text(line.summary), max(1, width - used - 2)), text)
        )
        return [(text, self.over(style, index)) for text, style in pieces]

    def _hop(self, text: str, width: int) -> str:
        """The hop in its column: where it is too wide, each end keeps its beginning and end, and a short one lends its room."""
        src, arrow, dst = text.partition(" → ")
        if cells(text) <= width or not arrow:
            return self.terminal.squeeze(text, width)
        room = width - cells(arrow)
        half = room // 2
        left = max(half, room - cells(dst))
        return (
            self.terminal.squeeze(src, left)
            + arrow
            + self.terminal.squeeze(dst, max(room - min(left, cells(src)), half))
        )

    def _strange(self, index: int, line: PacketLine) -> bool:
        plain = line.state not in ("never", "unclaimed", "retry")
        return self.whole and plain and self.evidence is not None and self.evidence.odd(self.shown[index])

    def fill(self, index: int) -> Style:
        """The cursor's bar goes to the edge."""
        return self.over(self.palette.text, index)
