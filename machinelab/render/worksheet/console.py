"""A terminal to talk to: lines read from a stream, paragraphs written to another, fit for what it can show."""

from collections.abc import Iterable
from typing import TextIO

from ...errors import LabError
from ..terminal import TerminalStyle, bare

INDENT = "  "


class Leave(Exception):
    """The learner has had enough for now: no error, and none reaches a caller of the worksheet."""


class Console:
    """Where a worksheet is held. Everything printed is escaped here, but for `lines`."""

    def __init__(self, source: TextIO, out: TextIO, terminal: TerminalStyle) -> None:
        if reconfigure := getattr(source, "reconfigure", None):
            reconfigure(errors="replace")
        self.source = source
        self.out = out
        self.terminal = terminal

    def read(self, prompt: str) -> str:
        """One line from the learner. The end of the input is the end of the worksheet."""
        self.out.write(self.terminal.draw(prompt))
        self.out.flush()
        line = self.source.readline()
        if not line:
            raise Leave
        if not self.source.isatty():  # no terminal echoes what was typed, so the transcript does
            self.lines([self.terminal.text(line.strip())])
        return line.strip()

    def say(self, *texts: str, style: str = "") -> None:
        """The kit's own words, a paragraph each."""
        for text in texts:
            self.lines(
                self.terminal.paint(line, style)
                for line in self.terminal.hang(self.terminal.text(text, None), "")
            )

    def prose(self, markdown: str) -> None:
        """Markdown as the terminal shows it: paragraphs wrapped, lists and code line by line."""
        for block in filter(None, markdown.split("\n\n")):
            verbatim = block.lstrip("\n").startswith(("    ", "```", "- ", "* ", "|", "1. "))
            for text in block.splitlines() if verbatim else [bare(" ".join(block.split()))]:
                self.lines(self.terminal.hang(self.terminal.text(text, None), INDENT))

    def marked(self, mark: str, text: str) -> None:
        """A paragraph behind ✓, ✗ or ·."""
        drawn = self.terminal.draw(mark)
        style = {"✓": "good", "✗": "bad"}.get(mark, "")
        first, *rest = self.terminal.hang(self.terminal.text(bare(text), None), f"{INDENT}{drawn} ")
        self.lines([first.replace(drawn, self.terminal.paint(drawn, style) if style else drawn, 1), *rest])

    def complain(self, error: LabError) -> None:
        """An error that does not end the worksheet."""
        self.marked("·", f"{error.message} {error.hint}".strip())

    def lines(self, lines: Iterable[str]) -> None:
        """Lines as they are."""
        self.out.writelines(line + "\n" for line in lines)

    def flush(self) -> None:
        """Let all that was said be seen."""
        self.out.flush()
