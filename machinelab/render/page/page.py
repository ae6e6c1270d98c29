"""The page of one run, put together: a policy in it forbids all but its own style and script to load or run."""

from collections.abc import Mapping, Sequence

from ...analysis.view import View, duration
from ...model import Event
from ..headline import headline
from ..table import counted
from ..terminal import TerminalStyle
from ..verdict import verdict
from .document import document
from .walk import Sources, walk

NOTHING = Sources()


def page(
    view: View,
    events: Sequence[Event] | None = None,
    sources: Sources = NOTHING,
    knobs: Mapping[str, str] | None = None,
    links: Sequence[tuple[str, str]] = (),
) -> str:
    """The whole document, of all events or of these. `links`: (words, target) of pages that it stands among."""
    shown = list(view.trace.events if events is None else events)
    rows = list(view.rows(shown))
    return document(
        "experiment.html",
        title=title(view),
        extent=extent(view, shown),
        verdict=judged(view),
        links=links,
        knobs=dict(knobs or view.knobs),
        headline=view.happened.whole if view.happened else "",
        harm=bool(view.happened and view.happened.harm),
        walk=walk(view, rows, sources),
        command=view.command("packets", view.experiment.id) if view.lab else "",
    )


def title(view: View) -> str:
    """`dns · cold · A name nobody has asked for`."""
    return " · ".join(filter(None, (view.lab, view.experiment.id, view.experiment.title))) or "packets"


def extent(view: View, events: Sequence[Event]) -> str:
    """Where it comes from, how much it is, how long it took."""
    everything = view.trace.events
    length = duration(everything[-1].time - everything[0].time) if len(everything) > 1 else ""
    return " · ".join(filter(None, (view.origin, counted(everything, events), length)))


def judged(view: View) -> list[tuple[str, str]]:
    """The verdict's lines, each with the class that says what it is: ok, bad or dim."""
    wide = TerminalStyle(10_000)
    told = headline(view, wide)  # stands above, by itself
    lines = [line.strip() for line in verdict(view, wide) if line not in told]
    style = {"✓": "ok", "✗": "bad"}
    return [(style.get(line[:1], "dim"), line) for line in lines if line]
