"""A parsed guide and its parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import Problem


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it up to the next. `line` counts from 1; `text` is Markdown, bindings left out.

    `steps` are (experiment, step), with experiment "" for all that have the step. `sentence` is the first one, plain.
    """

    title: str
    level: int
    line: int
    text: str
    sentence: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    background: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that is taken from the reader's own trace: `text` as written, `@cold/ask-root.dns.id[2]`.

    `experiment` is the one written, else that of the section it stands in, else "". `index` counts from 1. From `start` to
    `stop` are its columns on the line, counted from 0, its backticks included; −1 where it goes over the line's end.
    """

    text: str
    experiment: str
    step: str
    field: str
    index: int
    line: int
    start: int = -1
    stop: int = -1

    def beside(self) -> "Reference":
        """The same where its section stands beside a run: an experiment that is not written is the run's own, if that has the step."""
        return self if "/" in self.text.partition(".")[0] else replace(self, experiment="")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a guide says of a field: plain text, one paragraph. `references` are the value references in it."""

    text: str
    line: int
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Fence:
    """A block that holds packets of an experiment: all, or those of `steps`, each (first, last), the same twice for one step.

    `line` and `last_line` are those of the fence's own marks, `mark` is how it begins.
    """

    experiment: str
    steps: tuple[tuple[str, str], ...]
    line: int
    last_line: int
    text: str
    mark: str = "```"

    @property
    def named(self) -> tuple[str, ...]:
        """The steps that it names, each once."""
        return tuple(dict.fromkeys(step for pair in self.steps for step in pair))


@dataclass(frozen=True, slots=True)
class PictureFence:
    """A block that holds a picture as text: `id` is the picture's, `experiment` the one it is of, "" for the picture's own.

    `line` and `last_line` are those of the fence's own marks, `mark` is how it begins, `image` the line of the image below it, 0 if there is none.
    """

    id: str
    experiment: str
    line: int
    last_line: int
    text: str
    image: int = 0
    mark: str = "```"

    @property
    def file(self) -> str:
        """The name of its SVG file, without the ending."""
        return f"{self.id}-{self.experiment}" if self.experiment else self.id


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture, for `check` to follow."""

    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide, read. Keys of `by_step` are (experiment or "", step); of `meanings` (experiment or "", step or "", field).

    `minutes` 0: not said. `able` is what a reader will be able to do, `know` what to know before. `intro` is the Markdown
    between the title and the first heading. `blocks` are the first and last lines of code and front matter. `problems` are what `check` tells.
    `servers` are the products the lab runs, as README lists them.
    """

    path: Path
    text: str
    title: str = ""
    shelf: str = ""
    minutes: int = 0
    able: tuple[str, ...] = ()
    know: tuple[str, ...] = ()
    intro: str = ""
    sections: tuple[Section, ...] = ()
    by_step: Mapping[tuple[str, str], Section] = field(default_factory=dict)
    by_background: Mapping[str, Section] = field(default_factory=dict)
    by_experiment: Mapping[str, Section] = field(default_factory=dict)
    meanings: Mapping[tuple[str, str, str], Meaning] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    fences: tuple[Fence, ...] = ()
    links: tuple[Link, ...] = ()
    blocks: tuple[tuple[int, int], ...] = ()
    problems: tuple[Problem, ...] = ()
    servers: str = ""
    pictures: tuple[PictureFence, ...] = ()

    def prose(self) -> Iterator[tuple[int, str]]:
        """Its lines with their numbers, without packets, front matter and other blocks of code."""
        code = {number for first, last in self.blocks for number in range(first, last + 1)}
        return ((number, line) for number, line in enumerate(self.text.split("\n"), 1) if number not in code)
