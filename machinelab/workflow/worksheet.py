"""A lab's worksheet opened with the learner's runs, and held in the terminal."""

from collections.abc import Callable
from dataclasses import replace
from typing import TextIO

from .. import catalog
from ..analysis import reading
from ..analysis.blind import blind
from ..analysis.reading import Reading
from ..analysis.view import View
from ..errors import UsageError
from ..model import Lab
from ..render import ladder, table
from ..render.terminal import TerminalStyle
from ..render.worksheet import dialogue
from ..sources.decoding import DecodeAs
from ..store import references
from ..worksheet import prose
from ..worksheet.session import Session, fitting
from .running import run

__all__ = ["Session", "hold", "open_file_session", "open_session"]


def open_session(
    lab: Lab, instance: str = "default", decode_as: DecodeAs | None = None, experiment: str = ""
) -> Session:
    """The lab's worksheet, graded from the learner's runs, else from the references; of one experiment, if it is named.

    Raises UsageError if there is none, or none about that experiment.
    """
    words = _prose(lab)
    about = tuple(question for question in lab.questions if experiment in ("", question.experiment))
    if not about:
        asked = dict.fromkeys(question.experiment for question in lab.questions)
        raise UsageError(
            f"The worksheet of {lab.id} has no question about {experiment}.",
            f"It asks about: {', '.join(asked)}.",
        )
    return Session(
        replace(lab, questions=about),
        words,
        lambda name: reading.open_asked(lab, name, instance, decode_as=decode_as),
        instance,
        experiment=experiment,
    )


def open_file_session(found: Reading, file: str, instance: str = "default") -> Session:
    """The questions about the experiment that a capture from elsewhere shows, graded from it.

    `file` is how the capture was named. Raises UsageError if it shows none of the lab's experiments, or none that is asked about.
    """
    lab, id = found.lab, found.experiment.id
    words = _prose(lab)
    fit = fitting(lab, found.experiment, found.run.knobs)
    asked = tuple(question for question in fit if question.experiment == id)
    if not id:
        raise UsageError(
            f"{found.origin} shows none of {lab.id}'s experiments: there is nothing to ask about it.",
            f"If you know which it is, name it: machinelab worksheet {file} EXPERIMENT --guide {lab.id}",
        )
    if not asked:
        raise UsageError(
            f"The worksheet of {lab.id} has no question about {id}.",
            f"See what the guide says of it: machinelab guide {file} {id} --guide {lab.id}",
        )
    return Session(replace(lab, questions=asked), words, lambda _: found, instance, file)


def _prose(lab: Lab) -> prose.Prose:
    file = catalog.worksheet_file(lab.id)
    if not lab.questions or not file.exists():
        raise UsageError(
            f"{lab.id} has no worksheet yet.", f"Read its guide meanwhile: machinelab guide {lab.id}"
        )
    return prose.load(file)


def hold(
    session: Session,
    terminal: TerminalStyle,
    source: TextIO,
    out: TextIO,
    inspect: Callable[[View], None] | None = None,
) -> None:
    """The worksheet, one question after another. Experiments are run right there if the lab is up; `inspect` opens a view full screen."""
    lab, instance = session.lab, session.instance

    def perform(name: str) -> None:
        experiment, knobs = references.parse(name)
        found = run(lab, lab.experiment(experiment), knobs, instance)
        out.writelines(line + "\n" for line in ("", *table.title(blind(found.view()), terminal)))

    def seen(name: str) -> View:
        """The run, blind: a question about it is open."""
        source = session.source(name)
        if not (session.file and isinstance(source, Reading)):
            source = reading.open_asked(lab, name, instance)
        return blind(source.view())

    views = dialogue.Views(
        packets=lambda name: table.table(seen(name), terminal, quiet=True),
        ladder=lambda name: ladder.ladder(seen(name), terminal),
        inspect=(lambda name: inspect(seen(name))) if inspect else None,
    )
    run_here = None if session.file else perform
    dialogue.hold(session, source, out, terminal, run=run_here, views=views)
