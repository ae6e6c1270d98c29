"""What a picture shows, as data: one class a kind. Drawn as text and as SVG by render/pictures, and by nothing else.

A lab's function works the data out of a run. To show a picture at an earlier moment, the function is given the run as it was
then (`Run.until`): so data hold no moments but those that the picture itself is about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .evidence import Interface

if TYPE_CHECKING:
    from .outcome import Run


class PlacedNode(NamedTuple):
    """A node of a topology, with its feet in networks; `what` says in a few words what runs there."""

    name: str
    interfaces: tuple[Interface, ...]
    what: str = ""


@dataclass(frozen=True, slots=True)
class Topology:
    """Networks as (name, subnet), and the nodes that stand in them."""

    networks: tuple[tuple[str, str], ...]
    nodes: tuple[PlacedNode, ...]


class Hop(NamedTuple):
    """A stretch of a packet's way: the node that sent it there, the network, its addresses on that network.

    `changed`: what that node had turned into what before it sent the packet on, a line each.
    """

    node: str
    network: str
    src: str
    dst: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PacketPath:
    """One packet's way over the topology. `end` is the node where it ended; `packet` what it is called."""

    packet: str
    hops: tuple[Hop, ...]
    end: str


class Transition(NamedTuple):
    """From one state to another. `why` is what causes it; `packets` are those that made it happen in this run, if any did."""

    source: str
    target: str
    why: str
    packets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class States:
    """A state machine: its states in the order to draw them, and its transitions. `now`: who is in which state, as (who, state)."""

    states: tuple[str, ...]
    transitions: tuple[Transition, ...]
    now: tuple[tuple[str, str], ...] = ()


class HeaderField(NamedTuple):
    """A field of a header: its name, its length in bits, and this packet's value as people read it."""

    name: str
    bits: int
    value: str


@dataclass(frozen=True, slots=True)
class Bytes:
    """A header as the RFCs draw it, 32 bits a row, with a packet's values. `source` is the RFC and section."""

    packet: str
    fields: tuple[HeaderField, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree, and all below it. `on_path`: the search came here. `notes` are what was found, a line each."""

    name: str
    children: tuple["Branch", ...] = ()
    on_path: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree and the path that was searched."""

    root: Branch


class Slot(NamedTuple):
    """A place in a row. `mark`: "" as it was, "new", "here" (what the picture is about), "gone"."""

    text: str
    mark: str = ""


class SlotRow(NamedTuple):
    """Slots side by side under a name: an array, a page, one entry of a table. `note` stands below them."""

    name: str
    slots: tuple[Slot, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Slots:
    """Rows of slots. `heads` name the columns where all rows have the same."""

    rows: tuple[SlotRow, ...]
    heads: tuple[str, ...] = ()


class Span(NamedTuple):
    """Something that lasts: from `start` to `stop` in the timeline's unit; equal, it is a moment. `mark` as a slot's, or "bad"."""

    start: float
    stop: float
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows over one axis of time, as (name, spans). `unit` is what the axis counts."""

    rows: tuple[tuple[str, tuple[Span, ...]], ...]
    unit: str = "ms"


class Transfer(NamedTuple):
    """Something that is asked for and then comes: its phases in order, in the waterfall's unit. `note` stands beside its bars."""

    name: str
    phases: tuple[Span, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Transfers side by side over one axis of time, a line each: streams of a connection, requests of a page, jobs of a pool.

    `legend` says what the marks of phases mean ("" the first); a phase's own text is not drawn, but told in words.
    """

    transfers: tuple[Transfer, ...]
    legend: tuple[tuple[str, str], ...]
    unit: str = "ms"


@dataclass(frozen=True, slots=True)
class Matrix:
    """What meets what: `cells[row][column]` is one of the signs whose meaning `legend` gives. `here`: the cells of this run."""

    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    legend: tuple[tuple[str, str], ...]
    here: tuple[tuple[int, int], ...] = ()


class Flight(NamedTuple):
    """What one side sends before it waits for the other: when the first of it left, from whom to whom, and what it is.

    `mark`: "here" for what the picture is about.
    """

    time: float
    source: str
    target: str
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Flights:
    """Flights between two parties, in order; time goes downwards. `trips` are the round trips: from which flight to which, and
    what each is for. `unit` is what times count."""

    parties: tuple[str, str]
    flights: tuple[Flight, ...]
    trips: tuple[tuple[int, int, str], ...] = ()
    unit: str = "ms"


class Edge(NamedTuple):
    """From one node of a graph to another; `weight` is what is written on it, `marked` whether it belongs to what is shown."""

    source: str
    target: str
    weight: str = ""
    marked: bool = False


class GraphNode(NamedTuple):
    """A node of a graph, with what else is to be said of it."""

    name: str
    text: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and directed edges, drawn in layers from the sources down."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[Edge, ...]


Drawing = (
    Topology | PacketPath | States | Bytes | Tree | Slots | Timeline | Waterfall | Flights | Matrix | Graph
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a lab declares: of one run of one of `experiments`, or of any if none is named; the first is shown by default.

    `data` works out what it shows; None where this run has nothing to show. `caption` is one sentence: the text alternative
    begins with it.
    """

    id: str
    title: str
    caption: str
    data: Callable[["Run"], Drawing | None]
    experiments: tuple[str, ...] = ()
