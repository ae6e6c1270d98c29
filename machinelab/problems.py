"""What is wrong with a lab's files, gathered rather than thrown: an author is told everything at once."""

from pathlib import Path
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing to mend: where (`line` from 1; 0: the file as a whole), what, and how (`fix` starts with a verb)."""

    path: Path
    line: int
    message: str
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.message}" + (f"\n    {self.fix}" if self.fix else "")
