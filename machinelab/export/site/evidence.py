"""A lab's runs as the site shows them: each experiment opened once, its page, and where its packets are."""

import re
import shlex
from functools import cache, cached_property

from ... import catalog
from ...analysis import reading
from ...analysis.folding import Again, folded
from ...analysis.reading import Reading
from ...analysis.selection import chosen
from ...analysis.view import EventRow, View, duration, label, note
from ...errors import BrokenLab, LabError
from ...guide import Fence
from ...model import Event, Lab
from ...render.page import page
from ...render.site import prose
from ...render.site.entries import Folded, PacketList, PacketRow, Walk
from ...render.table import counted
from ...store import references
from ...workflow.guide_text import ReaderValues
from ..writing import sources_of


class LabEvidence:
    """A lab with its runs: the reader's newest where `mine` and there is one, else the references."""

    def __init__(self, id: str, mine: bool, instance: str) -> None:
        self.lab: Lab = catalog.load_lab(id)
        self.mine, self.instance = mine, instance
        self.reading = cache(self._open)
        self.walk = cache(self._walk)
        self.told: set[str] = set()

    def _open(self, name: str) -> Reading:
        """`name` is an experiment's id, with knobs turned `cold@type=MX`."""
        if self.mine:
            return reading.open_asked(self.lab, name, self.instance)
        return reading.open_recorded(self.lab, name)

    @cached_property
    def names(self) -> list[str]:
        """What there is to show: each experiment, then those with knobs turned that the worksheet asks about."""
        asked = [
            references.name_of(self.lab.experiment(question.experiment), question.knobs)
            for question in self.lab.questions
        ]
        plain = [experiment.id for experiment in self.lab.in_order]
        return [name for name in dict.fromkeys([*plain, *sorted(asked)]) if self._there(name)]

    def _there(self, name: str) -> bool:
        """Whether there is a run or a reference of it. Raises BrokenLab."""
        try:
            self.reading(name)
        except BrokenLab:
            raise
        except LabError:
            return False
        return True

    @cached_property
    def first(self) -> Reading:
        """The first experiment's, for what belongs to the lab as a whole."""
        return self.reading(self.names[0] if self.names else self.lab.experiments[0].id)

    @cached_property
    def values(self) -> ReaderValues:
        """Where the guide's values come from."""
        return ReaderValues(self.first, shipped=not self.mine)

    def _walk(self, name: str) -> Walk:
        id, knobs = references.parse(name)
        experiment, found = self.lab.experiment(id), self.reading(name)
        events = found.run.trace.events
        length = duration(events[-1].time - events[0].time) if len(events) > 1 else ""
        extent = ", ".join(filter(None, (counted(found.view().once()), length)))
        path = [each.id for each in self.lab.core_path] if self.lab.further else []
        turned = [f"{knob}={value}" for knob, value in knobs.items()]
        return Walk(
            name,
            " · ".join([experiment.title, *turned]),
            f"experiments/{self.lab.id}/{re.sub(r'[^a-z0-9]+', '-', name.lower())}.html",
            shlex.join(["machinelab", "run", self.lab.id, id, *(f"--set={each}" for each in turned)]),
            extent,
            _spoken(found.origin),
            happened.whole if (happened := found.view().happened) else "",
            place=path.index(name) + 1 if name in path else 0,
        )

    def page(self, name: str) -> str:
        """The page that steps through an experiment."""
        found, links = self.reading(name), self._links(name)
        return page(found.view(), None, sources_of(found, shipped=not self.mine), found.run.knobs, links)

    def _links(self, name: str) -> list[tuple[str, str]]:
        """Where an experiment's page leads: to the site, to what the guide says of it, and on along the lab's experiments."""
        at = self.names.index(name)
        before = self.names[at - 1 : at] if at else []
        return [
            ("machinelab", "../../index.html"),
            (
                "The guide",
                f"../../guides/{self.lab.id}.html{self.anchors.get(references.parse(name)[0], '')}",
            ),
            *(("The worksheet", f"../../worksheets/{self.lab.id}.html") for _ in self.lab.questions[:1]),
            *((f"Before it: {other}", f"../../{self.walk(other).href}") for other in before),
            *(
                (f"After it: {other}", f"../../{self.walk(other).href}")
                for other in self.names[at + 1 : at + 2]
            ),
        ]

    @cached_property
    def anchors(self) -> dict[str, str]:
        """The place in the guide that introduces each experiment, as `#a-cold-cache`."""
        anchors = prose.anchors(self.first.guide)
        return {id: f"#{anchors[section.line]}" for id, section in self.first.guide.by_experiment.items()}

    def packets(self, fence: Fence) -> PacketList | None:
        """The packets of a fence, asked for in the guide's order; None where there is no such run."""
        if fence.experiment not in self.names:
            return None
        found = self.reading(fence.experiment)
        view, said = found.view(), set(self.told)
        rows = list(view.rows(view.once(chosen(found.run, fence))))
        # What an earlier fence has said of a step is not said again.
        self.told.update(view.words.sentence(step.id) for row in rows for step, _ in row.steps)
        shown: list[PacketRow | Folded] = []
        for row in folded(rows):
            if isinstance(row, Again):
                shown.append(
                    Folded(row.said, tuple(self._row(fence.experiment, view, each, "") for each in row.rows))
                )
            else:
                shown.append(self._row(fence.experiment, view, row, note(row, view.words, said)))
        return PacketList(self.walk(fence.experiment), tuple(shown))

    def _row(self, name: str, view: View, row: EventRow, sentence: str) -> PacketRow:
        event = row.event
        return PacketRow(
            event.id,
            f"{row.ms:.1f}",
            row.hop,
            label(row, view.several),
            sentence,
            event.content.summary(),
            self.place(name, event.id),
        )

    def place(self, name: str, event: str) -> str:
        """Where a packet stands on its experiment's page."""
        return f"{self.walk(name).href}#e{event}"

    def events(self, experiment: str) -> dict[str, int]:
        """The highest number of each source's events; packets are those of ""."""
        found: dict[str, int] = {}
        for event in self.reading(experiment).run.trace.events:
            source, number = _parted(event)
            found[source] = max(number, found.get(source, 0))
        return found


def _parted(event: Event) -> tuple[str, int]:
    source, _, number = event.id.rpartition(":")
    return source.casefold(), int(number)


def _spoken(origin: str) -> str:
    return "the shipped capture" if origin == "reference" else origin
