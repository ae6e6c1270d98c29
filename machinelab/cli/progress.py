"""Progress of long work on standard error: one line that is rewritten on a terminal, a line for each change elsewhere."""

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from ..render.escape import terminal

BAR = 20
EVERY = 2.0  # seconds between two lines about one thing where lines stay


@dataclass(slots=True)
class Reporter:
    """Call it with (what, state, fraction or None). `close` clears the line."""

    stream: TextIO
    rewrite: bool
    _last: dict[str, tuple[str, float]] = field(default_factory=dict)
    _shown: bool = False

    def __call__(self, what: str, state: str, fraction: float | None = None, /) -> None:
        """Tell one thing's state."""
        text = f"{terminal(what)}: {terminal(state)}"
        if self.rewrite:
            bar = f" [{'#' * round(BAR * fraction):{BAR}}]" if fraction is not None else ""
            self.stream.write(f"\r\x1b[2K{text[:100]}{bar}")
            self._shown = True
        elif self._due(what, state, fraction):
            self.stream.write(text + "\n")
        self.stream.flush()

    def _due(self, what: str, state: str, fraction: float | None) -> bool:
        """Where lines stay, only what takes long is worth one: building images."""
        if fraction is None:
            return False
        before, told = self._last.get(what, ("", 0.0))
        now = time.monotonic()
        if before == state or (fraction < 1 and now - told < EVERY):
            return False
        self._last[what] = (state, now)
        return True

    def close(self) -> None:
        """Take the line away."""
        if self._shown:
            self.stream.write("\r\x1b[2K")
            self.stream.flush()
            self._shown = False


def on_stderr() -> Reporter:
    """A reporter that suits standard error."""
    return Reporter(sys.stderr, sys.stderr.isatty())
