"""A run's map and pictures for a file that leaves the machine: of what may leave it, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ..analysis import pictures
from ..analysis.pictures import Shown
from ..analysis.reading import Reading
from ..analysis.view import View
from ..model import Event, Item, Run, Topology

Illustrate = Callable[[int | None], Shown]
"""A picture of the run as it was at a moment (ns since the epoch), or at its end (None)."""


def pictures_of(found: Reading, view: View) -> list[Illustrate]:
    """The pictures of a run beside its map, worked out from the view's events: those are masked where the run's own are not."""
    seen = replace(found, run=_as_in(found.run, view))
    known = pictures.of(found.lab, found.experiment.id)
    return [partial(pictures.show, picture, seen) for picture in known if picture.id != pictures.TOPOLOGY]


def topology_of(found: Reading) -> Topology | None:
    """The lab's map on the run's addresses; None where it is no run of the lab."""
    drawing = pictures.show(pictures.of_topology(found.lab), found).drawing
    return drawing if isinstance(drawing, Topology) else None


def _as_in(run: Run, view: View) -> Run:
    """The run with the view's events in the place of its own."""
    if view.trace is run.trace:
        return run
    events = {event.id: event for event in view.trace.events}
    claims = tuple(
        replace(
            claim,
            items=tuple(map(partial(_item, events), claim.items)),
            retries=tuple(map(partial(_item, events), claim.retries)),
            pieces=tuple(tuple(map(partial(_item, events), pieces)) for pieces in claim.pieces),
        )
        for claim in run.alignment.claims
    )
    return replace(run, trace=view.trace, alignment=replace(run.alignment, claims=claims))


def _item(events: dict[str, Event], item: Item) -> Item:
    return item._replace(event=events.get(item.event.id, item.event))
