"""A lab's pictures: which there are, and what each shows of a run. Who draws them, and where, is not known here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .. import catalog
from ..catalog import networks
from ..errors import UsageError, nearest
from ..model import Drawing, Interface, Lab, Picture, Run, Topology
from .reading import Reading

TOPOLOGY = "topology"
MOST = 4000  # events of a run that a picture is worked out from: to look into one takes up to 0.4 ms


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of one run. `drawing` None: this run has nothing to show. `omitted` says what was left out, if anything was."""

    lab: str
    picture: Picture
    experiment: str
    origin: str
    drawing: Drawing | None
    omitted: str = ""


def available(lab: Lab) -> list[Picture]:
    """The topology, then what the lab declares."""
    return [of_topology(lab), *lab.pictures]


def named(lab: Lab, id: str) -> Picture:
    """The picture of that id. Raises UsageError, with the nearest spelling, if there is none."""
    found = {picture.id: picture for picture in available(lab)}
    if id not in found:
        known = [*found, *(plot.id for plot in lab.plots)]
        fix = nearest(id, known) or f"Choose one of: {', '.join(known)}."
        raise UsageError(f"{lab.id} has no picture {id!r}.", fix)
    return found[id]


def of_topology(lab: Lab) -> Picture:
    """The lab's map: from its compose file, on the addresses that the nodes have in the run."""
    title = catalog.entry(lab.id).title

    def data(run: Run) -> Drawing:
        return _addressed(networks.topology(lab), run)

    return Picture(TOPOLOGY, f"{title}: the lab", "The lab's networks, and the nodes on them.", data)


def _addressed(drawn: Topology, run: Run) -> Topology:
    """The same on a run's own addresses: an instance beside others has other ones."""
    prefixes: dict[str, str] = {}

    def own(node: str, foot: Interface) -> Interface:
        found = next(
            (
                each
                for each in run.trace.nodes.get(node, ())
                if each.network == foot.network and "." in each.address
            ),
            None,
        )
        if found is None:
            return foot
        prefixes[foot.network] = found.address.rpartition(".")[0] + ".0/24"
        return Interface(foot.network, found.address)

    nodes = tuple(
        node._replace(interfaces=tuple(own(node.name, foot) for foot in node.interfaces))
        for node in drawn.nodes
    )
    return Topology(tuple((name, prefixes.get(name, subnet)) for name, subnet in drawn.networks), nodes)


def of(lab: Lab, experiment: str) -> Iterator[Picture]:
    """The pictures that an experiment may have."""
    return (each for each in available(lab) if not each.experiments or experiment in each.experiments)


def default_experiment(lab: Lab, picture: Picture, asked: str | None) -> str | None:
    """Of which experiment a picture is shown: the one asked for, else the first it is of; None: of any. Raises UsageError."""
    if asked is None:
        return picture.experiments[0] if picture.experiments else None
    lab.experiment(asked)
    if picture.experiments and asked not in picture.experiments:
        fix = f"Choose one of: {', '.join(picture.experiments)}."
        raise UsageError(f"The picture {picture.id} is not of {asked}.", fix)
    return asked


def show(picture: Picture, found: Reading, until: int | None = None) -> Shown:
    """A picture of a run, as it was at a moment (ns since the epoch) or at its end."""
    run, omitted = (found.run, "") if picture.id == TOPOLOGY else bounded(found.run)
    if until is not None:
        run = run.until(until)
    return Shown(found.lab.id, picture, found.experiment.id, found.origin, picture.data(run), omitted)


def bounded(run: Run) -> tuple[Run, str]:
    """What a picture is worked out from: the run, or of a long one its first events, with the sentence that says so."""
    events = run.trace.events
    if len(events) <= MOST:
        return run, ""
    short = replace(run, trace=replace(run.trace, events=events[:MOST])).until(events[MOST - 1].time)
    return short, f"Of the first {MOST:,} events; those after them are left out."
