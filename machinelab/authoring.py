"""What a lab.py imports: the words labs are written in, and a few ready-made pieces. Nothing here touches the outside.

A lab may be several files: `lab.py`, which ends with the `LAB`, and others beside it (`from .questions import QUESTIONS`).
"""

from collections.abc import Callable, Iterable

from .model import (
    Alone,
    Answer,
    At,
    Background,
    Branch,
    Bytes,
    Choice,
    Drawing,
    Edge,
    Event,
    Experiment,
    Fields,
    Flight,
    Flights,
    Gather,
    Graph,
    GraphNode,
    HeaderField,
    Headline,
    Hop,
    Item,
    Lab,
    Lane,
    Matrix,
    PacketPath,
    Picture,
    PlacedNode,
    Plot,
    Question,
    Run,
    Series,
    Slot,
    SlotRow,
    Slots,
    Span,
    States,
    Step,
    Text,
    Timeline,
    Topology,
    Track,
    Transfer,
    Transition,
    Tree,
    Value,
    Waterfall,
)

__all__ = [
    "ARP",
    "NEIGHBOURS",
    "Alone",
    "Answer",
    "At",
    "Background",
    "Branch",
    "Bytes",
    "Choice",
    "Drawing",
    "Edge",
    "Event",
    "Experiment",
    "Fields",
    "Flight",
    "Flights",
    "Gather",
    "Graph",
    "GraphNode",
    "HeaderField",
    "Headline",
    "Hop",
    "Item",
    "Lab",
    "Lane",
    "Matrix",
    "PacketPath",
    "Picture",
    "PlacedNode",
    "Plot",
    "Question",
    "Run",
    "Series",
    "Slot",
    "SlotRow",
    "Slots",
    "Span",
    "States",
    "Step",
    "Text",
    "Timeline",
    "Topology",
    "Track",
    "Transfer",
    "Transition",
    "Tree",
    "Value",
    "Waterfall",
    "always",
    "choices",
    "counted",
    "field_of",
    "harm",
    "listed",
    "node_of",
    "observe",
    "often",
    "packets_of",
    "seen",
    "some",
]

ARP = Background("arp", "arp")
"""Who has this address? On every Ethernet, before the first packet and now and then after."""

NEIGHBOURS = Background("neighbours", "icmpv6.type in {133..136}")
"""The same question in IPv6: neighbour and router discovery (RFC 4861 §4)."""


def counted(step: str) -> Callable[[Run], int]:
    """An answer: how often a step was seen, retries and all."""

    def answer(run: Run) -> int:
        return len(run.claims(step))

    return answer


def packets_of(step: str) -> Callable[[Run], frozenset[str]]:
    """An answer: any of the packets that are this step, by any number that they were seen under."""

    def answer(run: Run) -> frozenset[str]:
        return frozenset(
            str(sighting.number) if event.sightings else event.id
            for event in run.claims(step)
            for sighting in event.way
        )

    return answer


def field_of(step: str, name: str) -> Callable[[Run], Answer]:
    """An answer: the first value of a field in the first message of a step. Flags are 0 and 1, bytes are in hex."""

    def answer(run: Run) -> Answer:
        run.first(step)  # KeyError where it was not seen
        value = run.items(step)[0].fields[name][0].value
        if isinstance(value, bytes):
            return value.hex()
        return int(value) if isinstance(value, bool) else value

    return answer


def node_of(step: str, *, sender: bool = False) -> Callable[[Run], str]:
    """An answer: the node that the first packet of a step went to (or came from)."""

    def answer(run: Run) -> str:
        event = run.first(step)
        return run.node(event.src if sender else event.dst)

    return answer


def always(answer: Answer) -> Callable[[Run], Answer]:
    """The same answer whatever the run: what somebody thinks who does not look."""
    return lambda run: answer


def choices(*letters: str) -> dict[str, Callable[[Run], Answer]]:
    """Choices that are wrong unless the run makes them right; the worksheet replies to each by its letter."""
    return {letter: always(letter) for letter in letters}


def seen(step: str, there: str, missing: str) -> Callable[[Run], str]:
    """An answer: one letter if the run shows a step, another if it does not."""
    return lambda run: there if run.claims(step) else missing


def observe(id: str, experiment: str, *steps: str, **wrong: str) -> Question:
    """A question: point at a packet of these steps. The wrong twins point at other steps (their names with _ for spaces)."""

    def right(run: Run) -> frozenset[str]:
        return frozenset[str]().union(*(packets_of(step)(run) for step in steps))

    twins = {name.replace("_", " "): packets_of(other) for name, other in wrong.items()}
    return Question(id, experiment, "observe", right, twins, needs=steps)


NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def some(count: int, noun: str, plural: str = "") -> str:
    """`one server`, `three servers`, `no queries`, `41 orders`: a number up to twelve in words, and its noun."""
    number = NUMBERS[count] if 0 <= count < len(NUMBERS) else f"{count:,}"
    return f"{number} {noun if count == 1 else plural or noun + 's'}"


def often(count: int) -> str:
    """`once`, `twice`, `three times`."""
    return {1: "once", 2: "twice"}.get(count) or some(count, "time")


def listed(words: Iterable[object]) -> str:
    """`root`, `root and tld`, `root, tld and auth1`."""
    texts = [str(word) for word in words]
    return " and ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def harm(text: str) -> Headline:
    """A headline of a run in which something was lost, or an attack came through."""
    return Headline(text, harm=True)
