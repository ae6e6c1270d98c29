"""A lab's plots: their numbers, from the runs there are. Who draws them, and where, is not known here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from .. import catalog
from ..errors import UsageError, nearest
from ..model import Choice, Figure, Lab, Plot, Run
from ..store import references, runs
from . import pictures, reading

Recorded = Callable[[str], reading.Reading]
"""Gives the shipped capture of that name: an experiment, or one with knobs turned."""

MOST = 40  # runs that one picture is made of: the newest


def named(lab: Lab, id: str | None) -> list[Plot]:
    """The plot asked for, or all. Raises UsageError if there is none."""
    if not lab.plots:
        raise UsageError(f"{lab.id} has no plots.", f"Look at its events instead: machinelab events {lab.id}")
    found = [plot for plot in lab.plots if id in (None, plot.id)]
    if not found:
        known = [plot.id for plot in lab.plots]
        raise UsageError(
            f"{lab.id} has no plot {id!r}.", nearest(id or "", known) or f"Choose one of: {', '.join(known)}."
        )
    return found


def figure(
    lab: Lab,
    plot: Plot,
    instance: str = "default",
    shipped: bool = False,
    experiment: str | None = None,
    recorded: Recorded | None = None,
) -> Figure:
    """A plot of the reader's own runs and, where they have none (or if `shipped`), of the reference.

    `experiment`: of which, where the plot may be one of any; else the newest run, whichever it is of. `recorded`: where references
    come from, if they are open already. Raises UsageError.
    """
    if plot.lanes is not None:
        return of_one(lab, plot, _newest(lab, plot, instance, shipped, experiment))
    found = [] if shipped else _own(lab, plot, instance)
    found = found or shipped_of(lab, plot, recorded)
    made = [entry.run for entry in found]
    return Figure(
        lab.id,
        plot,
        tuple(plot.series(made)),
        tuple(entry.origin for entry in found) if found[0].own else (found[0].origin,),
        _missing(lab, plot, made),
    )


def shipped_of(lab: Lab, plot: Plot, recorded: Recorded | None = None) -> list[reading.Reading]:
    """The references that a plot is made of: the experiment's, and those with nothing but its knobs turned, in the order of the values."""
    names = references.recorded(catalog.reference_folder(lab.id))
    opened = recorded or partial(reading.open_recorded, lab)
    found = [opened(lab.experiment(plot.experiment).id)]
    for name in names:
        experiment, knobs = references.parse(name)
        if experiment == plot.experiment and knobs and knobs.keys() <= {plot.over, plot.by}:
            found.append(opened(name))
    knob = lab.experiment(plot.experiment).knobs.get(plot.over)
    order = knob.options if isinstance(knob, Choice) else ()
    return sorted(found, key=lambda entry: _place(order, entry.run.knobs.get(plot.over, "")))


def _place(order: Sequence[str], value: str) -> int:
    return order.index(value) if value in order else len(order)


def of_one(lab: Lab, plot: Plot, entry: reading.Reading) -> Figure:
    """A plot with lanes, of one run."""
    short = _bounded(entry)
    lanes = plot.lanes(short.run) if plot.lanes is not None else ()
    return Figure(lab.id, plot, (), (short.origin,), (), tuple(lanes))


def _bounded(entry: reading.Reading) -> reading.Reading:
    """The same, of a long run its first events alone, which its origin then says."""
    run, omitted = pictures.bounded(entry.run)
    return replace(entry, run=run, origin=f"{entry.origin} ({omitted.rstrip('.')})") if omitted else entry


def _newest(lab: Lab, plot: Plot, instance: str, shipped: bool, experiment: str | None) -> reading.Reading:
    """The newest run of the plot's experiment, or of the one asked for, or of any; where there is none, the reference."""
    wanted = plot.experiment or experiment
    if experiment and experiment != wanted:
        raise UsageError(f"The plot {plot.id} is of {plot.experiment}.", f"Leave {experiment} out.")
    if wanted:
        lab.experiment(wanted)
    if not shipped:
        folder = runs.folder_of(lab.id, instance)
        for id in reversed(runs.listing(lab.id, instance)):
            made = runs.read(folder / str(id)).experiment
            if wanted in (None, "", made):
                return reading.open_lab(lab, made, instance=instance, run=id, most=pictures.MOST + 1)
    return reading.open_reference(lab, wanted or lab.core_path[0].id)


def _own(lab: Lab, plot: Plot, instance: str) -> list[reading.Reading]:
    """The reader's runs of the experiment that went as they should, oldest first."""
    folder = runs.folder_of(lab.id, instance)
    ids = [
        id
        for id in runs.listing(lab.id, instance)
        if runs.read(folder / str(id)).experiment == plot.experiment
    ]
    most = pictures.MOST + 1
    opened = [
        reading.open_lab(lab, plot.experiment, instance=instance, run=id, most=most) for id in ids[-MOST:]
    ]
    # Whether a run went as it should is not known of one that is not read to its end.
    return [_bounded(each) for each in opened if each.ok or len(each.run.trace.events) >= most]


def _missing(lab: Lab, plot: Plot, made: Sequence[Run]) -> tuple[str, ...]:
    knob = lab.experiment(plot.experiment).knobs.get(plot.over)
    options = knob.options if isinstance(knob, Choice) else ()
    return tuple(option for option in options if option not in {run.knobs.get(plot.over) for run in made})
