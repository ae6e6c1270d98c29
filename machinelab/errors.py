"""What a person is told when something is wrong: one clear line, then what to do about it."""

from pathlib import Path
from typing import NamedTuple


class LabError(Exception):
    """Something a person can mend: `message` says what went wrong, `hint` what to do (it starts with a verb).

    The exit code of the command follows from the class (design: 2 usage, 3 the engine, 4 a broken lab).
    """

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(LabError):
    """The command line asks for something that is not there: an unknown lab, knob, field, file."""

    exit_code = 2


class EngineError(LabError):
    """The container engine, or something in it, did not do what was asked."""

    exit_code = 3


class BrokenLab(LabError):
    """A lab's own files contradict themselves: the author's mistake, not the learner's."""

    exit_code = 4


class Problem(NamedTuple):
    """One thing to mend in a lab's files, gathered rather than raised so that an author hears of all at once: where (`line` from 1; 0: the file as a whole), what, and how (`fix` starts with a verb)."""

    path: Path
    line: int
    message: str
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.message}" + (f"\n    {self.fix}" if self.fix else "")


def nearest(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """The hint `Did you mean …?` for a misspelt word, or an empty string if nothing is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(dict.fromkeys(known)), n=3, cutoff=0.6)
    return f"Did you mean {', '.join(near)}?" if near else ""
