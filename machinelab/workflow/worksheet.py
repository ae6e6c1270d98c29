"""A lab's worksheet opened with the learner's runs, and held in the terminal."""

from typing import TextIO

from .. import catalog
from ..analysis import reading
from ..errors import UsageError
from ..model import Lab
from ..render import table
from ..render.terminal import TerminalStyle
from ..render.worksheet import dialogue
from ..sources.decoding import DecodeAs
from ..worksheet import prose
from ..worksheet.session import Session
from .running import run


def open_session(lab: Lab, instance: str = "default", decode_as: DecodeAs | None = None) -> Session:
    """The lab's worksheet, graded from the learner's runs, else from the references. Raises UsageError if it has none."""
    file = catalog.worksheet_file(lab.id)
    if not lab.questions or not file.exists():
        raise UsageError(
            f"{lab.id} has no worksheet yet.", f"Read its guide meanwhile: machinelab guide {lab.id}"
        )
    return Session(
        lab,
        prose.load(file),
        lambda id: reading.open_lab(lab, id, instance=instance, decode_as=decode_as),
        instance,
    )


def hold(session: Session, terminal: TerminalStyle, source: TextIO, out: TextIO) -> None:
    """The worksheet, one question after another. Experiments are run right there if the lab is up."""
    lab, instance = session.lab, session.instance

    def perform(experiment: str) -> None:
        found = run(lab, lab.experiment(experiment), {}, instance)
        out.writelines(line + "\n" for line in table.report(found.view(), terminal))

    def packets(experiment: str) -> list[str]:
        found = reading.open_lab(lab, experiment, instance=instance)
        return list(table.table(found.view(), terminal))

    dialogue.hold(session, source, out, terminal, run=perform, packets=packets)
