"""The line that asks: a filter, a text to search for, an answer, a file's name. Completion, history, and errors under the caret."""

from collections.abc import Callable, Sequence

from rich.style import Style
from textual import events
from textual.message import Message
from textual.widgets import Input

from ...errors import LabError
from ...render.terminal import TerminalStyle
from .bars import Bar
from .complete import Offer
from .palette import Palette
from .pane import Piece

Completer = Callable[[str, int], Offer]


class Prompt(Input):
    """One line of input."""

    DEFAULT_CSS = """
    Prompt, Prompt:focus { border: none; padding: 0; height: 1; background: $surface; }
    """
    ALLOW_SELECT = False

    class Done(Message):
        """Enter was pressed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Dropped(Message):
        """Escape was pressed."""

    def __init__(self, below: Bar) -> None:
        super().__init__(id="prompt", select_on_focus=False)
        self.below = below
        self.label = ""
        self.history: Sequence[str] = ()
        self.completer: Completer | None = None
        self.explain: Callable[[str], str] = lambda word: ""
        self.palette: Palette | None = None
        self.terminal = TerminalStyle()
        self._back = 0
        self._offer = Offer(0, ())
        self._turn = -1
        self._held = False

    def ask(
        self,
        label: str,
        text: str = "",
        history: Sequence[str] = (),
        completer: Completer | None = None,
    ) -> None:
        """Begin to ask."""
        self.label, self.history, self.completer = label, history, completer
        self._back, self._turn = 0, -1
        self._offer = Offer(0, ())
        self.value = text
        self.cursor_position = len(text)
        self.suggest()

    def complain(self, error: LabError) -> None:
        """Show what is wrong, under the place where it is."""
        from ...filter import FilterError

        if self.palette is None:
            return
        bad, warn = self.palette.bad + Style(bgcolor=self.palette.bar.bgcolor), self.palette.bar
        said, hint = self.terminal.text(error.message), self.terminal.text(error.hint)
        if isinstance(error, FilterError):
            self.below.say([(" " * error.position + "^", bad)], [(f" {said}", bad), (f"  {hint}", warn)])
        else:
            self.below.say([(f" {said}", bad)], [(f" {hint}", warn)])

    def suggest(self) -> None:
        """Show what may follow."""
        if self.palette is None:
            return
        self._offer = self.completer(self.value, self.cursor_position) if self.completer else Offer(0, ())
        self.below.say(*self._lines(-1))

    def _lines(self, chosen: int) -> list[list[Piece]]:
        p = self.palette
        assert p is not None
        words = self._offer.words
        first: list[Piece] = [(f" {self.label} ", p.key)]
        start = max(0, chosen - 2)
        for index, word in enumerate(words[start:], start):
            first.append((f" {self.terminal.text(word, 40)} ", p.mark if index == chosen else p.bar))
        word = words[chosen] if 0 <= chosen < len(words) else (words[0] if len(words) == 1 else "")
        said = self.explain(word) if word else ""
        keys = (
            "Enter: do it   Esc: leave it"
            + ("   Tab: complete" if words else "")
            + ("   ↑: before" if self.history else "")
        )
        return [first, [(" " + self.terminal.text(said or keys), p.bar)]]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer anew, unless it was our own doing."""
        event.stop()
        if self._held:
            self._held = False
            return
        self._turn = -1
        self.suggest()

    def on_key(self, event: events.Key) -> None:
        """Tab, up, down and escape are ours; all else is the line's."""
        key = event.key
        acts: dict[str, Callable[[], object]] = {
            "tab": lambda: self._complete(1),
            "shift+tab": lambda: self._complete(-1),
            "up": lambda: self._recall(1),
            "down": lambda: self._recall(-1),
            "escape": lambda: self.post_message(self.Dropped()),
            "ctrl+c": lambda: self.post_message(self.Dropped()),
            "enter": lambda: self.post_message(self.Done(self.value)),
        }
        if key in acts:
            event.stop()
            event.prevent_default()
            acts[key]()

    def _complete(self, by: int) -> None:
        words = self._offer.words
        if not words:
            return
        self._turn = (self._turn + by) % len(words)
        word, rest = words[self._turn], self.value[self.cursor_position :]
        self._put(self.value[: self._offer.start] + word, rest)
        self.below.say(*self._lines(self._turn))

    def _put(self, text: str, rest: str = "") -> None:
        if self.value != text + rest:
            self._held = True
            self.value = text + rest
        self.cursor_position = len(text)

    def _recall(self, by: int) -> None:
        if self.history:
            self._back = max(0, min(self._back + by, len(self.history)))
            self._put(self.history[-self._back] if self._back else "")
