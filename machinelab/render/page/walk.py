"""A run as a walkthrough: what the templates put onto the page, and the data that its script steps through.

`walk.html` holds the walkthrough alone, to be included wherever a page has a `walk`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from ...analysis.view import EventRow, View, label, note
from ...model import Figure, Topology
from ..detail import value_text
from ..escape import terminal
from ..ladder_svg import ladder_svg
from ..pictures import as_svg, layout, words
from .chart import chart
from .document import data
from .illustrated import Illustrated
from .lanes import lanes
from .moments import Illustrate, Moments, Plate
from .packets import Packets
from .prose import Fence, to_html
from .stage import Stage, hop, stage

MOST = 300  # packets with their fields and bytes
BUDGET = 800_000  # characters of fields and bytes: a page stays one that a mail takes
KEY = 8  # fields that stand with a packet in print

Section = Callable[[str], str]
"""The guide's Markdown for a step or background entry; "" gives the experiment's opening."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a walkthrough is made of beside the packets: the guide, the lab's map, plots, and pictures that follow the reader."""

    section: Section = lambda step: ""
    topology: Topology | None = None
    figures: Sequence[Figure] = ()
    pictures: Sequence[Illustrate] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A packet, or several alike, in a line of a chapter. `said` is what the guide has to say of it."""

    ids: tuple[str, ...]
    hop: str
    step: str
    said: str
    ms: float


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the guide says of a step at the first packet that takes it, and the packets that follow until the next one.

    `fields` are those that the step is about: name, value, meaning.
    """

    id: str
    ids: str
    hop: str
    step: str
    ms: float
    summary: str
    prose: Markup
    fields: tuple[tuple[str, str, str], ...] = ()
    more: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the packet list. `told`: it begins a chapter."""

    id: str
    ms: float
    hop: str
    step: str
    summary: str
    quiet: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The walkthrough of one run."""

    opening: Markup
    stage: Stage | None
    lab: Markup
    chapters: tuple[Chapter, ...]
    aside: tuple[Chapter, ...]
    plates: tuple[Plate, ...]
    ladder: Markup
    rows: tuple[Listed, ...]
    left_out: str
    data: Markup
    figures: tuple[Markup, ...]


def walk(view: View, rows: Sequence[EventRow], sources: Sources) -> Walk:
    """The walkthrough of these rows of a view."""
    packets = Packets(view)
    whole = fill(packets, rows)
    stops = [row for row in rows if row.steps] or list(rows)
    moments = Moments([row.event.time for row in stops])
    plates = tuple(moments.add(illustrate) for illustrate in sources.pictures)
    drawn = stage(sources.topology, view, rows) if sources.topology else None
    beside = {plate.id for plate in plates} | {figure.plot.id for figure in sources.figures}
    prose = _Prose(view, packets, sources.section, Illustrated(view.experiment.id, beside))
    chapters, aside = tuple(prose.chapters(rows)), tuple(prose.aside(rows))
    told = {chapter.id for chapter in (*chapters, *aside)}
    said: dict[str, int] = {}
    known = {
        "rows": [_listing(view, row, said) for row in rows],
        "said": list(said),
        "ways": drawn.ways if drawn else {},
        "stops": [row.event.id for row in stops],
        **packets.encoded(),
        **moments.encoded(),
    }
    return Walk(
        to_html(sources.section(""), 2, Illustrated(view.experiment.id, beside, plates)),
        drawn,
        _whole(sources.topology),
        chapters,
        aside,
        plates,
        Markup(ladder_svg(view, [row.event for row in rows], links=True)),
        tuple(_listed(view, row, row.event.id in told) for row in rows),
        left_out(view, len(whole), len(rows)),
        data(known),
        tuple(
            chart(each, _zero(each, rows)) if each.plot.lanes is None else lanes(each)
            for each in sources.figures
        ),
    )


def _zero(figure: Figure, rows: Sequence[EventRow]) -> float | None:
    """When the time of a plot's axis begins, in ms of this run; None where it shows no time, or the run has not come so far."""
    begins = figure.plot.since[0] if figure.plot.since else ""
    return next((row.ms for row in rows if any(step.id == begins for step, _ in row.steps)), None)


def _whole(drawn: Topology | None) -> Markup:
    """The lab's whole map, with addresses and what runs where; empty where there is none."""
    return as_svg.inline(layout(drawn), words(drawn)) if drawn else Markup("")


def _listing(view: View, row: EventRow, said: dict[str, int]) -> list[object]:
    """What the script must know of a row: its id, whose hop it is, whether it answers, whether something is amiss with it,
    when it was (ms since the run's first event), and the number of what is said of it; `said` numbers what is said of rows.
    """
    src, _, dst = hop(view, row)
    sentence = terminal(" ".join(filter(None, (view.words.sentence(step.id) for step, _ in row.steps))), None)
    return [
        row.event.id,
        terminal(src),
        terminal(dst),
        int(row.answers),
        int(row.state in ("never", "unclaimed")),
        round(row.ms, 3),
        said.setdefault(sentence, len(said)),
    ]


def _listed(view: View, row: EventRow, told: bool) -> Listed:
    step, summary = label(row, view.several), row.event.content.summary()
    return Listed(row.event.id, row.ms, row.hop, step, summary, row.quiet, told)


def fill(
    packets: Packets, rows: Sequence[EventRow], most: int = MOST, budget: int = BUDGET
) -> frozenset[str]:
    """Encodes packets until there are enough: what each step began with and what is amiss, then what else the steps are
    about, then the others. Gives their ids."""
    for row in ranked(rows)[:most]:
        if packets.size > budget:
            break
        packets.add(row)
    return frozenset(row.event.id for row in rows if row.event.id in packets)


def ranked(rows: Sequence[EventRow]) -> list[EventRow]:
    """The rows, those first that a reader needs most."""
    begun: set[str] = set()

    def rank(row: EventRow) -> int:
        fresh = {step.id for step, _ in row.steps} - begun
        begun.update(fresh)
        return 0 if fresh or row.state in ("never", "unclaimed") else 1 if row.steps else 2

    ranks = [(rank(row), place) for place, row in enumerate(rows)]
    return [rows[place] for _, place in sorted(ranks)]


def left_out(view: View, whole: int, all: int) -> str:
    """Said before the reader looks for what is not there; empty if everything is."""
    if whole == all:
        return ""
    first = "those that begin a step or that no step explains first, " if view.lab else ""
    return (
        f"The fields and bytes of {whole} of these {all} packets are on this page ({first}in the order they came). "
        "The inspector shows those of all, and a page exported with a filter those that pass it."
    )


class _Prose:
    """The guide's sections at the packets that they are about, each printed once."""

    def __init__(self, view: View, packets: Packets, section: Section, fence: Fence) -> None:
        self.view, self.packets, self.section, self.fence = view, packets, section, fence
        self._said: set[str] = set()
        self._noted: set[str] = set()

    def chapters(self, rows: Sequence[EventRow]) -> Iterator[Chapter]:
        """A chapter begins at each packet of which the guide has something new to say."""
        found: list[tuple[EventRow, Markup, list[EventRow]]] = []
        for row in rows:
            if not row.steps and row.state not in ("never", "unclaimed"):
                continue
            # A TLS record may hold both a step and background: both are described there, since a packet has one place on the page.
            beside = [row.background] if row.background else []
            prose = self._fresh([*(step.id for step, _ in row.steps), *beside])
            if prose or not found:
                found.append((row, prose, []))
            else:
                found[-1][2].append(row)
        for row, prose, rest in found:
            yield self._chapter(row, prose, rest)

    def aside(self, rows: Sequence[EventRow]) -> Iterator[Chapter]:
        """What the guide says of the traffic beside the point."""
        for row in rows:
            prose = self._fresh([row.background]) if row.quiet and row.background else Markup("")
            if prose:
                yield self._chapter(row, prose, [])

    def _fresh(self, ids: Sequence[str]) -> Markup:
        """The sections of these steps that were not printed before."""
        fresh = [id for id in dict.fromkeys(ids) if id not in self._said]
        self._said.update(fresh)
        return Markup("\n").join(to_html(text, 4, self.fence) for id in fresh if (text := self.section(id)))

    def _chapter(self, row: EventRow, prose: Markup, rest: Sequence[EventRow]) -> Chapter:
        sentence = note(row, self.view.words, self._noted)
        said = prose or (Markup("<p>{}</p>").format(terminal(sentence)) if sentence else Markup(""))
        about = dict.fromkeys(
            (item.name, value_text(item), meaning)
            for item, meaning in self.packets.about(row, told=bool(prose))
        )
        return Chapter(
            row.event.id,
            " ".join([row.event.id, *(other.event.id for other in rest)]),
            row.hop,
            label(row, self.view.several),
            row.ms,
            row.event.content.summary(),
            said,
            tuple(about)[:KEY],
            tuple(self._lines(rest)),
        )

    def _lines(self, rows: Sequence[EventRow]) -> Iterator[Line]:
        """Packets that take the same step one after another, the same way, in one line."""

        def kind(row: EventRow) -> tuple[str, str]:
            return row.hop, label(row, self.view.several)

        for (way, step), alike in groupby(rows, kind):
            same = list(alike)
            sentence = note(same[0], self.view.words, self._noted) if len(same) == 1 else ""
            yield Line(tuple(row.event.id for row in same), way, step, sentence, same[0].ms)
