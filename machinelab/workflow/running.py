"""Runs of a lab that is up: an experiment, or a learner's own command, captured and read against the guide."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.progress import Progress, silent
from ..engine.topology import topology
from ..errors import LabError, UsageError, nearest
from ..model import Choice, Experiment, Lab
from ..store import runs

# Dissecting, aligning and reading cost 0.2 s of a processor to import: a wrong knob is said without them.
if TYPE_CHECKING:
    from ..analysis.reading import Reading
    from ..sources.decoding import DecodeAs
    from .completion import OnEvent


def settings(experiment: Experiment, given: Mapping[str, str]) -> dict[str, str]:
    """All knobs with their values. Raises UsageError for a knob or a value that there is not."""
    for name, value in given.items():
        knob = experiment.knobs.get(name)
        if knob is None:
            known = list(experiment.knobs)
            hint = nearest(name, known) or (
                f"Its knobs: {', '.join(known)}." if known else "Leave --set out."
            )
            raise UsageError(f"{experiment.id} has no knob {name!r}.", hint)
        if refused := experiment.refusal(name, value):
            near = nearest(value, knob.options) if isinstance(knob, Choice) else ""
            raise UsageError(f"{name} cannot be {value!r}.", near or refused)
    return {**experiment.defaults(), **given}


def run(
    lab: Lab,
    experiment: Experiment,
    given: Mapping[str, str] | None = None,
    instance: str = "default",
    *,
    progress: Progress = silent,
    on_event: "OnEvent | None" = None,
    decode_as: "DecodeAs | None" = None,
) -> "Reading":
    """Run an experiment on a lab that is up, and read it against the guide. `given` are the knobs that are turned.

    `decode_as`, protocols on ports of their own, is remembered with the run.
    """
    from ..analysis import reading
    from ..engine import session
    from .completion import Completion

    knobs = settings(experiment, given or {})
    _import_meanwhile(lab)
    where = topology(lab.id, instance)
    _, folder = runs.create(lab.id, instance)
    completion = Completion(experiment, knobs, where, on_event)
    session.perform(
        lab,
        experiment,
        knobs,
        folder,
        topology=where,
        settled=completion.settled,
        on_data=completion.feed,
        progress=progress,
    )
    _remember(folder, decode_as)
    return reading.open_run(lab, folder)


def attempt(
    lab: Lab,
    node: str,
    argv: Sequence[str],
    instance: str = "default",
    *,
    progress: Progress = silent,
    decode_as: "DecodeAs | None" = None,
) -> "Reading":
    """Run a command of the learner's own on a node, captured and annotated like an experiment."""
    from ..analysis import reading
    from ..engine import session
    from .completion import Completion

    _import_meanwhile(lab)
    where = topology(lab.id, instance)
    _, folder = runs.create(lab.id, instance)
    # Whichever experiment the command will be read as, the servers' own periodic requests are not its question.
    background = tuple({entry: None for each in lab.experiments for entry in each.background})
    completion = Completion(None, {}, where, None, background)
    session.attempt(
        lab,
        node,
        argv,
        folder,
        topology=where,
        settled=completion.settled,
        on_data=completion.feed,
        progress=progress,
    )
    _remember(folder, decode_as)
    return reading.open_run(lab, folder)


def _remember(folder: Path, decode_as: "DecodeAs | None") -> None:
    """Keep the ports given with a run in its `run.json`, so that whoever opens it later reads the same."""
    if decode_as is not None:
        runs.write(folder, replace(runs.read(folder), decode_as=decode_as.rules))


def _import_meanwhile(lab: Lab) -> None:
    """While the nodes work, import what shows a run and read its guide (0.1 s of a processor), so that nobody waits for it afterwards."""

    def load() -> None:
        from ..analysis import reading
        from ..render import json, table, verdict  # noqa: F401 - for whoever imports them next
        from ..sources import timeline  # noqa: F401

        with suppress(LabError):  # raised again where the guide is asked for
            reading.guide_of(lab)

    threading.Thread(target=load, daemon=True).start()
