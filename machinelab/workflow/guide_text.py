"""The guide's text with a reader's own values and packets in it: each experiment's newest run, else its shipped reference.

What a single reference stands for: analysis/guide_values.py. A knob's value (`--set`) is checked in running.py.
"""

from collections.abc import Callable, Sequence
from functools import cache, cached_property, partial

from ..analysis import reading
from ..analysis.guide_values import Values
from ..analysis.plots import Recorded
from ..analysis.reading import Reading
from ..analysis.selection import chosen
from ..errors import LabError
from ..guide import (
    Fence,
    Guide,
    PictureFence,
    Reference,
    introductions,
    section,
    substitute,
    substitute_section,
    visible,
)
from ..model import Lab, Run
from ..render import table
from ..render.terminal import TerminalStyle
from .illustrations import Illustrations

NARROW = TerminalStyle(width=78)


class ReaderValues:
    """Where a guide's values and packets come from. `found` is the run that is being read; others are opened when named.

    `part`: only these lines of the guide are read (the first is 1). `whole`: no packets of a fence are folded.
    """

    def __init__(
        self,
        found: Reading,
        terminal: TerminalStyle = NARROW,
        shipped: bool = False,
        part: range | None = None,
        whole: bool = False,
    ) -> None:
        self.found = found
        self.terminal = terminal
        self.shipped, self.part, self.whole = shipped, part, whole
        self.open: Callable[[str], Reading | None] = cache(self._open)
        self.recorded: Recorded = cache(partial(reading.open_recorded, found.lab))
        self._told: Callable[[Fence], frozenset[str]] = cache(self._sentences)

    def _open(self, experiment: str) -> Reading | None:
        if experiment in ("", self.found.experiment.id):
            return self.found
        instance = self.found.info.instance if self.found.info else "default"
        try:
            return reading.open_lab(self.found.lab, experiment, instance=instance, shipped=self.shipped)
        except LabError:
            return None

    def _open_run(self, experiment: str) -> Run | None:
        home = self.open(experiment)
        return home.run if home else None

    def value(self, reference: Reference) -> str | None:
        """The value as people read it, with the standard's word where it has one."""
        return Values(self.found.lab, self.found.run, self._open_run).value(reference)

    def packets(self, fence: Fence) -> Sequence[str] | None:
        """The table rows of a fence's steps. What an earlier fence has said of a step is not said again."""
        home = self.open(fence.experiment)
        if home is None:
            return None
        part = self.part or range(fence.line)
        before = [each for each in self.found.guide.fences if each.line in part and each.line < fence.line]
        read = {sentence for each in before for sentence in self._told(each)}
        events = chosen(home.run, fence)
        return list(table.table(home.view(), self.terminal, events, fold=not self.whole, said=read))

    def _sentences(self, fence: Fence) -> frozenset[str]:
        """What a fence says of its steps."""
        home = self.open(fence.experiment)
        if home is None:
            return frozenset()
        words, steps = home.view().words, home.run.alignment.steps_of()
        shown = {step.id for event in chosen(home.run, fence) for step, _ in steps.get(event.id, ())}
        return frozenset(words.sentence(step) for step in shown)

    def picture(self, fence: PictureFence) -> Sequence[str] | None:
        """A picture of the run that is being read, or of another of the lab's."""
        return self.illustrations.text(fence, self.terminal)

    def image(self, fence: PictureFence) -> str | None:
        """None of a reader's own: the text above it says all."""
        return ""

    @cached_property
    def illustrations(self) -> Illustrations:
        """Where pictures come from."""
        return Illustrations(self.found, self.open, self.shipped, self.recorded)


class Sections:
    """The guide's sections with the reader's own values in them, filled in when first asked for."""

    def __init__(self, found: Reading, shipped: bool = False) -> None:
        self.found, self.shipped = found, shipped
        self.markdown = cache(self._substituted)

    def _substituted(self, step: str) -> str:
        """The section of a step or background entry as Markdown; of "" the experiment's opening."""
        book, experiment = self.found.guide, self.found.run.alignment.experiment.id
        found = section(book, experiment, step) if step else book.by_experiment.get(experiment)
        if found is None:
            return ""
        return f"## {found.title}\n\n{substitute_section(book, found, self._values).strip()}"

    @cached_property
    def _values(self) -> "ReaderValues":
        return ReaderValues(self.found, shipped=self.shipped)


def text(
    found: Reading,
    terminal: TerminalStyle = NARROW,
    *,
    shipped: bool = False,
    alone: bool = False,
    whole: bool = False,
) -> str:
    """The guide's Markdown with the reader's values, opened with what it is good for in place of its front matter.

    `terminal` is what packets must fit into. `alone`: no more of it than the part on the experiment that is being read.
    `whole`: packets of steps that repeat are not folded.
    """
    part = _part(found) if alone else None
    plain = TerminalStyle(terminal.width, unicode=terminal.unicode)
    values = ReaderValues(found, plain, shipped, part, whole)
    if part:
        rest = f"The whole guide, from the beginning: `machinelab guide {found.lab.id}`"
        return "\n".join([_placed(substitute(found.guide, values, part), found), "---", "", rest, ""])
    everything = _placed(substitute(found.guide, values), found)
    if everything.startswith("---\n"):
        everything = everything.partition("\n---\n")[2].lstrip("\n")
    title, _, rest = everything.partition("\n")
    return "\n".join([title, "", *opening(found.lab, found.guide), rest])


def _placed(text: str, found: Reading) -> str:
    """The guide's text with each experiment's place below its heading (on the core path, or further), and what happened in the run that is read."""
    lab = found.lab
    path = [experiment.id for experiment in lab.core_path] if lab.further else []
    happened = found.view().happened

    lines = text.split("\n")
    for place, id in reversed([*introductions(text)]):
        said = []
        if path:
            where = f"Core path, {path.index(id) + 1} of {len(path)}" if id in path else "Further"
            said += ["", f"*{where}: `machinelab run {lab.id} {id}`*"]
        if happened and id == found.experiment.id:
            said += ["", f"**What happened** ({found.origin}): {visible(happened.whole)}"]
        lines[place:place] = said
    return "\n".join(lines)


def _part(found: Reading) -> range | None:
    """The guide's lines from the heading that introduces the experiment to the next of its rank; None if it has none."""
    section = found.guide.by_experiment.get(found.experiment.id)
    if section is None:
        return None
    after = (s.line for s in found.guide.sections if s.line > section.line and s.level <= section.level)
    return range(section.line, next(after, len(found.guide.text.split("\n")) + 1))


def opening(lab: Lab, guide: Guide) -> list[str]:
    """What a reader can explain afterwards, what to know before, how long it takes and how much memory, as Markdown."""
    lines = [f"*{guide.minutes or lab.minutes} minutes; the lab takes about {lab.memory} MB of memory.*", ""]
    if lab.further:
        path = ", ".join(f"`{experiment.id}`" for experiment in lab.core_path)
        lines += [f"The core path, in this order: {path}. The other experiments go further.", ""]
    for said, items in (("Afterwards you can:", guide.able), ("Know before:", guide.know)):
        lines += [said, "", *(f"- {item}" for item in items), ""] if items else []
    return lines
