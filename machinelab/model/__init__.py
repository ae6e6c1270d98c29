"""The nouns of the kit (Event, Field, Step, Experiment, Lab, Run …): frozen, typed, standard library only.

Everything to the right of a run folder speaks in these. A *trace* is the *events* of one run in time order. An event has *fields*, each bound to the bytes it stands in. A
*message* is what a step claims: a DNS query may span several frames, and a frame may hold several messages. An
*experiment* says which *steps* its guide promises; the *alignment* says which events were found to be which step.
"""

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from .experiment import (
        TIME,
        Alone,
        At,
        Background,
        Choice,
        Equality,
        Experiment,
        Gather,
        Headline,
        Knob,
        Step,
        Text,
    )
    from .lab import Answer, Figure, Lab, Lane, Plot, Question, Series, Track
    from .outcome import Alignment, Claim, Condition, Missing, Near, Run
    from .pictures import (
        Branch,
        Bytes,
        Drawing,
        Edge,
        Flight,
        Flights,
        Graph,
        GraphNode,
        HeaderField,
        Hop,
        Matrix,
        PacketPath,
        Picture,
        PlacedNode,
        Slot,
        SlotRow,
        Slots,
        Span,
        States,
        Timeline,
        Topology,
        Transfer,
        Transition,
        Tree,
        Waterfall,
    )

__all__ = [
    "NANOSECONDS",
    "TIME",
    "Alignment",
    "Alone",
    "Answer",
    "At",
    "Background",
    "Branch",
    "Bytes",
    "Choice",
    "Claim",
    "Condition",
    "Content",
    "Drawing",
    "Edge",
    "Equality",
    "Event",
    "Exchange",
    "Experiment",
    "Field",
    "Fields",
    "Figure",
    "Flight",
    "Flights",
    "Gather",
    "Graph",
    "GraphNode",
    "HeaderField",
    "Headline",
    "Hop",
    "Interface",
    "Item",
    "Knob",
    "Lab",
    "Lane",
    "Matrix",
    "Message",
    "Missing",
    "Near",
    "PacketPath",
    "Picture",
    "PlacedNode",
    "Plot",
    "Question",
    "Run",
    "Series",
    "Sighting",
    "Slot",
    "SlotRow",
    "Slots",
    "Span",
    "States",
    "Step",
    "Text",
    "Timeline",
    "Topology",
    "Trace",
    "Track",
    "Transfer",
    "Transition",
    "Tree",
    "Value",
    "Waterfall",
]


def __getattr__(name: str) -> object:
    """What speaks of labs and of guides, made when it is first asked for: to list packets takes neither, and 10 ms less."""
    if name in __all__:
        from . import experiment, lab, outcome, pictures

        found: object = next(
            vars(module)[name] for module in (experiment, outcome, lab, pictures) if name in vars(module)
        )
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
