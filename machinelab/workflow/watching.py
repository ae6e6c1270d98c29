"""Packets printed as they come, for `run --live`."""

from collections.abc import Callable

from .. import guide
from ..align.matches import compile_step
from ..analysis import reading
from ..engine.topology import RunningLab
from ..model import Event, Experiment, Lab, Trace
from ..render.table import LiveTable
from ..render.terminal import TerminalStyle
from .completion import OnEvent


def printer(lab: Lab, experiment: Experiment, terminal: TerminalStyle, say: Callable[[str], None]) -> OnEvent:
    """Prints each packet as it comes, annotated as far as can be known by then: whose step its hop and pattern fit, or whose reply it is."""
    patterns = [compile_step(step) for step in experiment.steps if not step.never]
    requested: dict[object, list[str]] = {}  # exchange → the steps that its request fits
    words = guide.words(reading.guide_of(lab), experiment.id)
    table: list[LiveTable] = []

    def on_event(event: Event, where: RunningLab) -> None:
        names = Trace((), where.nodes).names()
        if not table:
            table.append(
                LiveTable(terminal, list(where.nodes), [step.id for step in experiment.steps], words)
            )
            say(table[0].head())
        exchange = next((message.exchange for message in event.messages if message.exchange), None)
        waiting = requested.get(exchange.key, []) if exchange and exchange.reply else []
        fits = [
            p.step
            for p in patterns
            if (p.step.reply_to in waiting if p.step.reply_to else p.hop.matches(event, names))
            and p.sees.matches(event.fields)
        ]
        fits.sort(key=lambda step: step.optional)  # what has to come is likelier than what may
        if exchange and not exchange.reply:
            requested[exchange.key] = [step.id for step in fits]
        for line in table[0].lines(event, names, [(step, 1) for step in fits[:1]]):
            say(line)

    return on_event
