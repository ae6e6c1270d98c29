"""The bytes: a tab for each buffer, the field's bytes marked, and a cursor that finds the field a byte belongs to."""

from collections.abc import Mapping, Sequence

from rich.style import Style

from ...model import Event
from ...render.hexdump import Span
from ...render.terminal import cells
from .pane import Pane, Piece


class BytesPane(Pane):
    """A hex dump of one buffer at a time."""

    id_ = "bytes"
    called = "bytes"

    def __init__(self) -> None:
        super().__init__()
        self.buffers: Mapping[str, bytes] = {}
        self.tab = ""
        self.byte = 0
        self.marked: Span = (0, 0)
        self.around: Span = (0, 0)
        self._tabs: list[tuple[int, int, str]] = []

    def set_event(self, event: Event) -> None:
        """Show another packet's bytes."""
        self.buffers = event.content.buffers()
        if self.tab not in self.buffers:
            self.tab = next(iter(self.buffers), "")
        self.byte, self.marked, self.around = 0, (0, 0), (0, 0)
        self.top = 0
        self.refresh()

    def mark(self, spans: Sequence[tuple[str, Span]], around: Sequence[tuple[str, Span]]) -> None:
        """Mark the bytes of a field, more faintly those of its layer, in the buffer it stands in."""
        first = next((buffer for buffer, _ in (*spans, *around) if buffer in self.buffers), self.tab)
        self.tab = first
        self.marked = next((span for buffer, span in spans if buffer == self.tab), (0, 0))
        self.around = next((span for buffer, span in around if buffer == self.tab), (0, 0))
        if self.chosen[1] > self.chosen[0]:
            self.byte = self.chosen[0]
        self.show()

    @property
    def chosen(self) -> Span:
        """The bytes that are marked, or the layer's where no field's are."""
        return self.marked if self.marked[1] > self.marked[0] else self.around

    @property
    def data(self) -> bytes:
        """The buffer that is shown."""
        return self.buffers.get(self.tab, b"")

    def per(self, width: int) -> int:
        """Bytes to a line."""
        digits = max(4, len(f"{len(self.data):x}"))
        return next((n for n in (32, 16, 8, 4) if width >= digits + 4 + 4 * n + n // 8), 2)

    @property
    def across(self) -> int:
        """Bytes to a line as it is drawn now."""
        return self.per(max(1, self.size.width - 1))

    def count(self) -> int:
        """See Pane."""
        return -(-len(self.data) // self.across)

    def span(self) -> tuple[int, int]:
        """The lines of what is marked; of a long field, its first ones."""
        per = self.across
        if self.has_focus or self.marked[1] <= self.marked[0]:
            return self.byte // per, self.byte // per + 1
        first, last = self.marked[0] // per, (self.marked[1] - 1) // per + 1
        return first, min(last, first + max(1, self.room))

    def next_tab(self, by: int = 1) -> None:
        """Another buffer."""
        names = list(self.buffers)
        if len(names) > 1:
            self.tab = names[(names.index(self.tab) + by) % len(names)]
            self.byte, self.top, self.marked, self.around = 0, 0, (0, 0), (0, 0)
            self.refresh()

    def go_byte(self, to: int) -> None:
        """Move the cursor to a byte."""
        to = max(0, min(to, len(self.data) - 1))
        self.byte = to
        self.post_message(self.Moved(self))
        self.show()

    def move(self, by: int) -> None:
        """A line up or down."""
        self.go_byte(self.byte + by * self.across)

    def go(self, to: int) -> None:
        """To a line."""
        self.go_byte(to * self.across)

    def clicked(self, index: int, x: int) -> None:
        """A byte was pointed at, in hex or as a character."""
        per, digits = self.across, self._digits()
        at = x - digits - 2
        hexes = 3 * per + per // 8 - 1
        if 0 <= at < hexes:
            column = next((i for i in range(per) if at <= 3 * i + i // 8 + 2), per - 1)
        elif 0 <= at - hexes - 2 < per:
            column = at - hexes - 2
        else:
            return
        self.go_byte(index * per + column)

    def clicked_title(self, x: int) -> None:
        """A tab was pointed at."""
        for start, stop, name in self._tabs:
            if start <= x < stop and name != self.tab:
                self.tab, self.byte, self.top = name, 0, 0
                self.marked = self.around = (0, 0)
                self.refresh()

    def _digits(self) -> int:
        return max(4, len(f"{len(self.data):x}"))

    def head(self, width: int) -> list[Piece]:
        """`bytes  [frame 96]  Reassembled TCP 1514`: a tab for each buffer."""
        pieces: list[Piece] = [(" bytes ", self.title_style)]
        self._tabs, at = [], 7
        for name, data in self.buffers.items():
            here = name == self.tab
            text = f" {self.terminal.text(name)} {len(data)} "
            shown = f"[{text.strip()}]" if here and self.palette.plain else text
            self._tabs.append((at, at + cells(shown), name))
            at += cells(shown) + 1
            pieces += [
                (shown, self.palette.mark if here and not self.palette.plain else self.title_style),
                (" ", self.title_style),
            ]
        return pieces

    def draw(self, index: int, width: int) -> list[Piece]:
        """Offset, bytes, characters."""
        per = self.across
        start = index * per
        row = self.data[start : start + per]
        p = self.palette
        pieces: list[Piece] = [
            (f"{start:0{self._digits()}x}", p.dim),
            (self._edge(start, first=True), p.text),
            (" ", p.text),
        ]
        for place, byte in enumerate(row):
            offset = start + place
            style = self._style(offset)
            between = self._between(offset) if place + 1 < len(row) else p.text
            pieces += [(f"{byte:02x}", style), (self._edge(offset + 1), between)]
            if place % 8 == 7 and place + 1 < per:
                pieces.append((" ", between))
        lacking = per - len(row)
        gap = 3 * lacking + (per // 8 - 1 if per > 8 else 0) - (max(0, len(row) - 1) // 8 if per > 8 else 0)
        pieces.append((" " * (max(0, gap) + 1), p.text))
        for place, byte in enumerate(row):
            pieces.append((chr(byte) if 0x20 <= byte < 0x7F else "·", self._style(start + place, dim=True)))
        return pieces

    def _edge(self, offset: int, first: bool = False) -> str:
        """The sign between two bytes: without colour, brackets stand around what is marked."""
        if not self.palette.plain or self.marked[1] <= self.marked[0]:
            return " "
        if offset == self.marked[1] and not first:
            return "]"
        return "[" if offset == self.marked[0] else " "

    def _between(self, offset: int) -> Style:
        """The style of the gap after a byte: marked if both its neighbours are."""
        p = self.palette
        if self.marked[0] <= offset and offset + 1 < self.marked[1]:
            return p.mark
        return p.text + p.layer if self.around[0] <= offset and offset + 1 < self.around[1] else p.text

    def _style(self, offset: int, dim: bool = False) -> Style:
        p = self.palette
        if self.has_focus and offset == self.byte:
            return p.text + p.byte
        if self.marked[0] <= offset < self.marked[1]:
            return p.mark
        base = p.dim if dim else p.text
        return base + p.layer if self.around[0] <= offset < self.around[1] else base
