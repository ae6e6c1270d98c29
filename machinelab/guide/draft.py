"""A section under construction: the bindings of its heading, and the scope they give to its content."""

import re

from .markdown import COMMENT

KINDS = ("step", "background", "experiment")

ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
BINDING = re.compile(r"([a-z]+)\s*:\s*(.*)", re.DOTALL)


def binds(html: str) -> bool:
    """Whether a comment binds its heading to something."""
    match = COMMENT.fullmatch(html.strip())
    binding = BINDING.fullmatch(match[1]) if match else None
    return bool(binding and binding[1] in KINDS)


class Draft:
    """A section under construction, with its bindings and those it inherits."""

    def __init__(self, title: str, level: int, line: int, above: "Draft | None") -> None:
        self.title, self.level, self.line = title, level, line
        self.above = above
        self.begins = line
        self.sentence = ""
        self.bound: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
        self.only_bindings = True  # so far

    def bindings(self, kind: str) -> list[tuple[str, str]]:
        """Its own bindings of a kind, else those of the nearest enclosing section that has some."""
        return self.bound[kind] or (self.above.bindings(kind) if self.above else [])

    @property
    def experiment(self) -> str:
        """The one experiment it is about, else ""."""
        around = {name for name, _ in self.bindings("step") if name} or {
            id for _, id in self.bindings("experiment")
        }
        return around.pop() if len(around) == 1 else ""

    def scopes(self) -> list[tuple[str, str]]:
        """(experiment, step) that a field's meaning in here is for; "" stands for all."""
        return (
            self.bindings("step")
            or self.bindings("background")
            or [(id, "") for _, id in self.bindings("experiment")]
            or [("", "")]
        )
