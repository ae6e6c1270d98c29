"""The page put together. Whatever comes off the wire is escaped here; a policy in the page forbids all else to load or run."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files

from ...analysis.view import EventRow, View, duration, label
from ...model import Event, Figure
from ..escape import html
from ..ladder_svg import ladder_svg
from ..table import counted
from ..terminal import TerminalStyle
from ..verdict import verdict
from .chart import chart
from .lanes import lanes
from .packet import packet
from .prose import to_html

MOST = 300  # packets shown with their fields and bytes, some 25 KB each; the table has them all

_NUMERIC = {"#": ' class="num"', "ms": ' class="num"'}

Section = Callable[[str], str]
"""The guide's Markdown for a step or background entry; "" gives the experiment's opening."""


def page(
    view: View,
    events: Sequence[Event] | None = None,
    section: Section = lambda step: "",
    figures: Sequence[Figure] = (),
) -> str:
    """The whole document."""
    return "\n".join(_document(view, events, section, figures)) + "\n"


def _document(
    view: View, events: Sequence[Event] | None, section: Section, figures: Sequence[Figure]
) -> Iterator[str]:
    shown = list(view.trace.events if events is None else events)
    rows = list(view.rows(shown))
    title = html(" · ".join(filter(None, (view.lab, view.experiment.id, view.experiment.title))) or "packets")
    css, script = _asset("page.css"), _asset("page.js")
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy(css, script)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title><style>{css}</style></head><body>"
    yield '<a class="skip" href="#packets">To the packets</a>'
    yield f"<header><h1>{title}</h1>"
    yield f'<p class="dim">{html(_extent(view, shown))}</p>{_verdict(view)}</header><main>'
    if opening := section(""):
        yield f'<section aria-label="The experiment">{to_html(opening, 2)}</section>'
    if figures:
        yield '<section><h2 id="plots">What the numbers show</h2>'
        yield from (chart(figure) if figure.plot.lanes is None else lanes(figure) for figure in figures)
        yield "</section>"
    whole = chosen(rows)
    linked = frozenset(rows[place].event.id for place in whole)
    yield '<section><h2 id="ladder">Who asks whom</h2>'
    yield f'<div class="wide" tabindex="0" role="region" aria-labelledby="ladder">{ladder_svg(view, shown, links=linked)}</div></section>'
    yield '<section><h2 id="packets">The packets</h2>'
    yield from _left_out(view, rows, whole)
    yield from _table(view, rows, whole)
    yield from _steps()
    yield from _packets(view, [row for place, row in enumerate(rows) if place in whole], section)
    yield "</section></main>"
    yield "<footer>Written by machinelab. Field names are Wireshark's. This page loads nothing from elsewhere.</footer>"
    yield f"<script>{script}</script></body></html>"


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(css: str, script: str) -> str:
    """Only our own style and script, told by their hashes: what a packet says cannot become either."""
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (css, script)]
    return f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; base-uri 'none'; form-action 'none'"


def _extent(view: View, events: Sequence[Event]) -> str:
    everything = view.trace.events
    length = duration(everything[-1].time - everything[0].time) if len(everything) > 1 else ""
    return " · ".join(filter(None, (view.origin, counted(everything, events), length)))


def _verdict(view: View) -> str:
    lines = [line.strip() for line in verdict(view, TerminalStyle(10_000))]
    style = {"✓": "ok", "✗": "bad"}
    return "".join(f'<p class="{style.get(line[:1], "dim")}">{html(line)}</p>' for line in lines if line)


def chosen(rows: Sequence[EventRow], most: int = MOST) -> frozenset[int]:
    """The places of the packets that are shown whole: all, or of many first what each step began with and what is amiss,
    then what else the steps are about, then the others, from the start on."""
    begun: set[str] = set()

    def rank(place: int) -> tuple[int, int]:
        row = rows[place]
        fresh = {step.id for step, _ in row.steps} - begun
        begun.update(fresh)
        return (0 if fresh or row.state in ("never", "unclaimed") else 1 if row.steps else 2), place

    ranks = [rank(place) for place in range(len(rows))]
    return frozenset(place for _, place in sorted(ranks)[:most])


def _left_out(view: View, rows: Sequence[EventRow], whole: frozenset[int]) -> Iterator[str]:
    """Said before the reader looks for what is not there."""
    if len(whole) < len(rows):
        first = "those that begin a step or that no step explains first, " if view.lab else ""
        yield (
            f'<p class="dim">The fields and bytes of {len(whole)} of these {len(rows)} packets are on this page '
            f"({first}in the order they came): their numbers are links. The inspector shows those of all, and a page "
            "exported with a filter those that pass it.</p>"
        )


def _table(view: View, rows: Sequence[EventRow], whole: frozenset[int]) -> Iterator[str]:
    yield '<div class="wide" tabindex="0" role="region" aria-labelledby="packets"><table>'
    heads = ("#", "ms", "from → to", "step", "what it says")
    yield (
        "<thead><tr>"
        + "".join(f'<th scope="col"{_NUMERIC.get(head, "")}>{head}</th>' for head in heads)
        + "</tr></thead><tbody>"
    )
    for place, row in enumerate(rows):
        id = html(row.event.id)
        number = f'<a href="#p{id}">{id}</a>' if place in whole else id
        quiet = ' class="quiet"' if row.quiet else ""
        yield (
            f'<tr{quiet} data-packet="{id}"><td class="num">{number}</td><td class="num">{row.ms:.1f}</td><td>{html(row.hop)}</td>'
            f'<td class="step">{html(label(row, view.several))}</td><td>{html(row.event.content.summary())}</td></tr>'
        )
    yield "</tbody></table></div>"


def _steps() -> Iterator[str]:
    yield '<div class="steps" role="group" aria-label="Steps">'
    yield '<button type="button" data-do="back">◀ Back</button><button type="button" data-do="next">Next step ▶</button>'
    yield '<button type="button" data-do="play" aria-pressed="false">Play</button>'
    yield '<button type="button" data-do="all" aria-pressed="false">Show all</button><output aria-live="polite"></output></div>'


def _packets(view: View, rows: Sequence[EventRow], section: Section) -> Iterator[str]:
    said: set[str] = set()
    for row in rows:
        yield from packet(view, row, section, said)
