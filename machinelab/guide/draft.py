"""A section while it is read: what its heading is bound to, and what that means for what stands in it."""

import re

KINDS = ("step", "background", "experiment")

ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.DOTALL)
BINDING = re.compile(r"([a-z]+)\s*:\s*(.*)", re.DOTALL)


def binds(html: str) -> bool:
    """Whether a comment binds its heading to something."""
    match = COMMENT.fullmatch(html.strip())
    binding = BINDING.fullmatch(match[1]) if match else None
    return bool(binding and binding[1] in KINDS)


class Draft:
    """A section while it is read, and what holds within it."""

    def __init__(self, title: str, level: int, line: int, above: "Draft | None") -> None:
        self.title, self.level, self.line = title, level, line
        self.above = above
        self.begins = line
        self.sentence = ""
        self.bound: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
        self.fresh = True  # nothing but bindings so far

    def within(self, kind: str) -> list[tuple[str, str]]:
        """What it is bound to, or else the nearest section around it."""
        return self.bound[kind] or (self.above.within(kind) if self.above else [])

    @property
    def experiment(self) -> str:
        """The one experiment it is about, else ""."""
        around = {name for name, _ in self.within("step") if name} or {
            id for _, id in self.within("experiment")
        }
        return around.pop() if len(around) == 1 else ""

    def scopes(self) -> list[tuple[str, str]]:
        """(experiment, step) that a field's meaning in here is for; "" stands for all."""
        return (
            self.within("step")
            or self.within("background")
            or [(id, "") for _, id in self.within("experiment")]
            or [("", "")]
        )
