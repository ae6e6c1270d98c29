"""A guide's front matter: a little YAML between two lines of ---, which Markdown viewers show as a table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import Problem, nearest

FRONT = ("title", "shelf", "minutes", "servers", "you will be able to", "know before")


class Front:
    """What the front matter says. `length` is how many lines it takes; `problems` what is wrong with it."""

    def __init__(self, lines: Sequence[str], path: Path) -> None:
        self.path = path
        self.length = 0
        self.problems: list[Problem] = []
        self.table = self._read(lines) if lines[0] == "---" else {}
        for name in self.table.keys() - set(FRONT):
            fix = nearest(str(name), FRONT) or f"Use: {', '.join(FRONT)}."
            self._wrong(1, f"The front matter does not know {name!r}.", fix)

    def _wrong(self, line: int, message: str, fix: str) -> None:
        self.problems.append(Problem(self.path, line, message, fix))

    def _read(self, lines: Sequence[str]) -> dict[str, Any]:
        if "---" not in lines[1:]:
            self._wrong(1, "The front matter has no end.", "Close it with a line of ---.")
            return {}
        end = lines.index("---", 1)
        self.length = end + 1
        # 20 ms: only who reads a guide pays.
        import yaml

        try:
            table = yaml.safe_load("\n".join(lines[1:end])) or {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = getattr(error, "problem", None) or error
            self._wrong(2 + (mark.line if mark else 0), f"The front matter is not YAML: {said}.", "Mend it.")
            return {}
        if not isinstance(table, dict):
            self._wrong(1, "The front matter is no table.", "Write lines like minutes: 40.")
            return {}
        return table

    def text(self, name: str) -> str:
        """An entry of one line, "" if it is not there."""
        return str(self.table.get(name, ""))

    def minutes(self) -> int:
        """How long the guide takes; 0 if it does not say."""
        value = self.table.get("minutes", 0)
        if isinstance(value, int) and value >= 0:
            return value
        self._wrong(1, f"minutes is {value!r}.", "Write a whole number.")
        return 0

    def items(self, name: str) -> tuple[str, ...]:
        """An entry that is a list."""
        value = self.table.get(name) or []
        return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)
