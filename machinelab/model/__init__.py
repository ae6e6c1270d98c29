"""The nouns of the kit. Frozen, typed, standard library only; everything to the right of a run folder speaks in these.

A *trace* is the *events* of one run in time order. An event has *fields*, each bound to the bytes it stands in. A
*message* is what a step claims: a DNS query may span several frames, and a frame may hold several messages. An
*experiment* says which *steps* its guide promises; the *alignment* says which events were found to be which step.
"""

from .evidence import (
    NANOSECONDS,
    Content,
    Event,
    Exchange,
    Field,
    Fields,
    Interface,
    Item,
    Message,
    Sighting,
    Trace,
    Value,
)
from .lab import (
    Answer,
    At,
    Background,
    Choice,
    Experiment,
    Figure,
    Gather,
    Lab,
    Lane,
    Plot,
    Question,
    Series,
    Step,
    Track,
)
from .outcome import Alignment, Claim, Condition, Missing, Near, Run

__all__ = [
    "NANOSECONDS",
    "Alignment",
    "Answer",
    "At",
    "Background",
    "Choice",
    "Claim",
    "Condition",
    "Content",
    "Event",
    "Exchange",
    "Experiment",
    "Field",
    "Fields",
    "Figure",
    "Gather",
    "Interface",
    "Item",
    "Lab",
    "Lane",
    "Message",
    "Missing",
    "Near",
    "Plot",
    "Question",
    "Run",
    "Series",
    "Sighting",
    "Step",
    "Trace",
    "Track",
    "Value",
]
