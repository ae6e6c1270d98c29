"""The data types that both passes of the dissection share.

The first pass (`walk`) reads a capture once, in order, and makes a `PacketInfo` for each frame: which stream it belongs to,
which messages it completes, what was reassembled from fragments and segments. The second (`packet`) turns one frame
and its `PacketInfo` into fields with byte spans; it has no state of its own, so it can run for any packet at any time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from itertools import takewhile
from typing import NamedTuple, Protocol

from ..model import Exchange, Field, Value
from .budget import Budget
from .echo_state import Echo
from .handover import Handover
from .tcp_state import Analysis, Direction

Raw = tuple[str, Value, int, int, str, int, str]
"""What a `Field` is made of, in its order. The fields of every packet are plain tuples until one is asked for: they
cost a fifth of a NamedTuple, and the garbage collector leaves them alone. (A `Field` is one of these too.)"""


CLOSED = 16 | 32  # FIN and RST, in `tcp.completeness`


class Short(Exception):
    """The bytes end before the header does, or contradict it. What was read so far is kept; the rest is malformed."""


@dataclass(slots=True)
class Source:
    """A capture interface: `link` is its link type, `name` what the capture calls it, `index` counts from 0."""

    index: int
    link: int
    name: str = ""
    section: int = 1
    described: bool = False


class Frame(NamedTuple):
    """A frame as the file holds it. `time` in nanoseconds, `length` on the wire (the data may be cut short)."""

    time: int
    data: bytes
    length: int
    source: Source
    comments: tuple[str, ...] = ()


class Piece(NamedTuple):
    """A run of bytes of one frame that went into a reassembled buffer: at `offset` there, `size` long."""

    frame: int
    offset: int
    size: int


@dataclass(slots=True)
class Reassembly:
    """A datagram reassembled from fragments. `at` is the number of the frame that completed it (0: not yet)."""

    pieces: list[Piece] = field(default_factory=list)
    data: bytes = b""
    at: int = 0


@dataclass(slots=True)
class Inner:
    """One of the messages in a part. `before` are earlier parts that hold its beginning."""

    exchange: Exchange | None = None
    before: "tuple[Contents, ...]" = ()


@dataclass(slots=True)
class Contents:
    """The state of a part whose boundaries are not those of messages: a TLS record holds several, or a piece of one.

    `inner` are those that end in the part, `frames` those of the capture that the part stands in.
    """

    inner: list[Inner] = field(default_factory=list)
    frames: tuple[int, ...] = ()


@dataclass(slots=True)
class Part:
    """One message of an application protocol, at `start`:`stop` of the frame, or of `data` where it spans several.

    `buffer` names what `start` and `stop` index; `pieces` says which frames the spread ones came from; `framing` is how
    many bytes of the stream stand before the message itself (DNS over TCP: two, for the length). `state` is what the
    protocol's own state noted for the second pass.
    """

    protocol: "Application"
    start: int
    stop: int
    data: bytes | None = None
    pieces: tuple[Piece, ...] = ()
    exchange: Exchange | None = None
    state: object = None
    to_server: bool = True
    buffer: str = "frame"
    framing: int = 0
    session: "Session | None" = None  # the session that determined its length
    number: int = 1  # its position among the messages of its frame, from 1
    announced: int = (
        -1
    )  # of a message of which the capture kept the beginning only: its size, 0 where that does not say

    @property
    def frames(self) -> tuple[int, ...]:
        """The numbers of the frames that hold a part of it, in the order of their bytes; empty: this frame alone."""
        return tuple(dict.fromkeys(piece.frame for piece in self.pieces))

    @property
    def messages(self) -> list[Inner]:
        """The messages that end here: itself, unless its session says otherwise."""
        return self.state.inner if isinstance(self.state, Contents) else [Inner(self.exchange)]


class Sender(Enum):
    """Who sends the bytes that a stream, or one direction of it, begins with."""

    CLIENT = 1
    SERVER = 2
    EITHER = 3


class Session(Protocol):
    """The state of an application in one stream: made with the stream, called in the order of the capture.

    Optional: `ends(data, to_server)`, whether what is there when the stream ends is a whole message; `handover`, a `Handover`
    once its messages are over and the rest of the stream is another protocol's (set by `size` at the latest).
    """

    def size(self, data: "bytes | bytearray", start: int, to_server: bool) -> int:
        """The size of the next message of a byte stream in bytes, framing included. 0: not known yet; −1: not this protocol."""
        ...

    def observe(self, payload: bytes, info: "PacketInfo", to_server: bool) -> tuple[Exchange | None, object]:
        """Take note of a message: the exchange that it belongs to, and the state that its dissection needs."""
        ...


@dataclass(frozen=True, slots=True)
class Application:
    """A protocol on top of UDP or TCP.

    `label` is Wireshark's protocol column, `layer` its name in `frame.protocols`. `session` is made for each stream;
    without one nothing is reassembled, and each segment is dissected alone. `dissect` is given a `View` of the message;
    `summary` gives its line in the packet list. `sized`: Wireshark tells the size of each message (`tcp.pdu.size`). `is_datagram`
    tells whether a datagram is one of its messages, on any port (its second argument: whether the stream is known to be its
    own); what is not, is data. `is_preamble` tells whether a connection that begins so has a header of this protocol before the bytes of another one; `is_stream`,
    who sends a message that begins so, None where it is none of its own: asked on any port, so it must be certain. `marks` are the bytes that a datagram
    or stream recognised so may have at some places (counted from 0, behind the framing), for a quick look at many packets. `head` are
    beginnings of the names of fields that stand nowhere but in the first few bytes: asked for no others, `dissect` may stop
    after those (`View.brief`). `shares`: what one of its streams tells, others are read by (`Stream.shared`). `alpn` are its names in TLS's application-layer
    protocol negotiation (RFC 7301), `upgrades` its tokens in HTTP's Upgrade header. `split` gives the sizes of the messages
    in a datagram, of a protocol that may put several into one; the last one takes what is left. `pairing` are the bytes of a request and of a reply
    that pair the two on one connection (a DNS id), so that a proxy writes others. `gives` are the layers of fields in its messages beside its own: multicast DNS has those of DNS. `alongside` are the protocols that it may share
    its ports with, each datagram known by its first byte (RFC 7983 §7).
    """

    label: str
    layer: str
    session: Callable[["Stream"], Session] | None
    dissect: Callable[["View", "Part"], None]
    summary: Callable[[bytes, "Part"], str]
    udp: tuple[int, ...] = ()
    tcp: tuple[int, ...] = ()
    framing: int = 0
    is_datagram: Callable[[bytes, bool], bool] | None = None
    is_preamble: Callable[[bytes], bool] | None = None
    is_stream: Callable[[bytes], Sender | None] | None = None
    marks: tuple[tuple[int, bytes], ...] = ()
    sized: bool = True
    head: tuple[str, ...] = ()
    shares: bool = False
    alpn: tuple[str, ...] = ()
    upgrades: tuple[str, ...] = ()
    split: Callable[[bytes], Iterable[int]] | None = None
    pairing: tuple[slice, slice] | None = None
    gives: tuple[str, ...] = ()
    alongside: tuple[str, ...] = ()


@dataclass(slots=True)
class Stream:
    """A conversation, numbered as Wireshark numbers it. Times in nanoseconds; `completeness` as `tcp.completeness`, `accurate` what was seen of Accurate ECN (the bits of `tcp_header`).

    `shared` is a notebook that all streams of the capture have in common, an entry for each protocol that needs one.
    `sessions` are what its application keeps, one for each network it was seen on. `secrets` is what encrypted
    messages can be decrypted with. `handover` is how the protocol before handed the stream over to the one that reads it now. `bases` are the initial sequence numbers, by the direction's name (its protocol, addresses and ports as bytes).
    """

    kind: str
    number: int
    first: int
    last: int = 0
    count: int = 0
    completeness: int = 0
    accurate: int = 0
    bases: dict[bytes, int] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    secrets: object = None
    shared: dict[str, object] = field(default_factory=dict)
    handover: Handover | None = None

    def ended_by(self, seq: int, name: bytes) -> bool:
        """Whether a segment that opens a direction with `seq` cannot belong to it: by its number, or since a FIN or RST was seen."""
        return name in self.bases and (self.bases[name] != seq or self.completeness & CLOSED > 0)


class Reassembler(Protocol):
    """Puts one direction of a TCP stream together again. `next` is the sequence number that comes next; −1: not known."""

    next: int

    def add(self, info: "PacketInfo", seq: int, payload: bytes, at: int) -> list[Part]:
        """Take a segment whose payload stands at `at` of its frame's buffer; give the messages it completes."""
        ...

    def cut(self, seq: int, payload: bytes, at: int) -> list[Part]:
        """The beginning of a message of whose segment the capture did not keep all; none, where one began before it."""
        ...

    def finished(self, info: "PacketInfo") -> list[Part]:
        """The sender has closed its direction; give the message that ends with the stream, if there is one."""
        ...

    def acknowledged(self, ack: int) -> "list[tuple[PacketInfo, list[Part]]]":
        """The receiver has everything before `ack`; give the messages that this completes, each with its own packet."""
        ...

    def lost(self, following: int) -> None:
        """The bytes before this sequence number are not in the capture."""
        ...


@dataclass(slots=True)
class Flow:
    """One direction of a stream, as seen on one network. `to_server` is true for client to server.

    `fits`: its application has read a message of this direction. `recognised`: the frame by whose bytes it was recognised. `scale` is the shift of its windows (RFC 7323 §2.2): −1 not known, for its SYN was not seen; −2 not offered.
    """

    stream: Stream
    application: Application | None
    session: Session | None
    to_server: bool
    name: bytes
    other: "Flow | None" = None
    segments: "Reassembler | None" = None
    scale: int = -1
    announced: str = ""  # the layer of the header that its connection began with, once that is over
    sequence: Direction | None = None  # TCP's, for its analysis
    fits: bool = False
    recognised: int = 0
    tunnel: "Layer | None" = None  # what reads its datagrams, where those carry packets
    guests: dict[str, Session] = field(
        default_factory=dict
    )  # of protocols that share its ports, by their layer


class Outer(NamedTuple):
    """A datagram that carries a packet: its flow, which of the stream's packets it is, and when the one before was seen."""

    flow: Flow
    pnum: int
    before: int


class PacketInfo:
    """The result of the first pass for one frame. Streams are numbered; −1 where there is none."""

    __slots__ = (
        "addresses", "analysis", "before", "bridged", "data", "dst", "echo", "ethernet", "exchange", "first", "flow", "frame",
        "hardware", "number", "outer", "parts", "pnum", "previous", "protocol", "quoted", "reassembly", "src", "streams", "time", "within",
    )  # fmt: skip

    def __init__(self, number: int, frame: Frame, first: int, previous: int) -> None:
        self.number = number
        self.frame = frame
        self.data = frame.data
        self.time = frame.time
        self.first = first
        self.previous = previous
        self.addresses = b""
        self.analysis: Analysis | None = None  # what a TCP segment means
        self.echo: Echo | None = None
        self.exchange: Exchange | None = None  # of a packet that is a whole message by itself, as a ping is
        self.quoted: Flow | None = None  # the stream of the packet that an ICMP error is about
        self.ethernet = -1
        self.bridged: tuple[int, ...] = ()  # the same of the Ethernet frames that tunnels in it carry
        self.outer: tuple[Outer, ...] = ()  # the datagrams that carry the packet that `flow` is about
        self.hardware = ("", "")
        self.streams: tuple[int, ...] = ()
        self.flow: Flow | None = None
        self.pnum = 0
        self.before = 0
        self.src = ""
        self.dst = ""
        self.protocol = ""
        self.parts: tuple[Part, ...] = ()
        self.reassembly: Reassembly | None = None
        self.within = 0  # the frame that completes the message which part of this segment belongs to


DEEPEST = 64  # nested headers; what is nested deeper is not dissected


class View:
    """A buffer being dissected: its bytes, its name, the fields found so far, and the first pass's record of its frame."""

    __slots__ = (
        "add",
        "bridges",
        "brief",
        "budget",
        "buffer",
        "buffers",
        "data",
        "depth",
        "info",
        "marks",
        "missing",
        "out",
        "passed",
        "protocols",
        "quoted",
        "taken",
        "wanted",
    )  # fmt: skip

    def __init__(self, info: PacketInfo, data: bytes, buffer: str, out: list[Raw]) -> None:
        self.info = info
        self.data = data
        self.buffer = buffer
        self.out = out
        self.add = out.append
        self.protocols: list[str] = []
        self.marks: list[int] = []
        self.buffers: dict[str, bytes] = {buffer: data}
        self.taken = {buffer: 1}  # how many buffers have a name already
        self.budget = Budget()
        self.depth = 0
        self.missing = 0  # bytes at the packet's end that the capture did not keep
        self.passed = 0  # how many of the datagrams that carry packets were read
        self.bridges = 0  # the same of the Ethernet frames inside tunnels
        self.quoted = False  # inside an ICMP error, which quotes the packet it is about
        self.brief = False  # no more than the application's `head` is wanted
        self.wanted: frozenset[str] | None = (
            None  # the layers of fields that are wanted, costly parts by themselves (`fast_path`); None: all
        )

    @property
    def deep(self) -> bool:
        """Whether headers are nested so deeply that no further one is dissected."""
        return len(self.protocols) > DEEPEST

    def enter(self, data: bytes, buffer: str) -> "View":
        """A view of another buffer of the same packet. The second buffer of one name is called "Name 2", and so on."""
        number = self.taken[buffer] = self.taken.get(buffer, 0) + 1
        if number > 1:
            buffer = f"{buffer} {number}"
        inner = View(self.info, data, buffer, self.out)
        inner.protocols, inner.buffers, inner.depth = self.protocols, self.buffers, self.depth
        inner.passed, inner.bridges, inner.wanted = self.passed, self.bridges, self.wanted
        inner.marks, inner.quoted, inner.taken, inner.budget = (
            self.marks,
            self.quoted,
            self.taken,
            self.budget,
        )
        self.buffers[buffer] = data
        return inner

    def cut(self, beyond: int) -> int:
        """How many of the bytes that a header announces `beyond` the buffer the capture did not keep; the others never were."""
        info = self.info
        return max(0, min(beyond, info.frame.length - len(info.data))) if self.buffer == "frame" else 0

    def broken(self, layer: str, at: int) -> Field:
        """The field that marks bytes that end too early: `_ws.short` where the capture cut them off, else `_ws.malformed`."""
        name = "_ws.short" if self.info.frame.length > len(self.info.data) else "_ws.malformed"
        return Field(name, layer, at, at, self.buffer, 0, name)


def whole(fields: Iterable[Raw], stop: int) -> list[Raw]:
    """Of a header's fields, in order, those before the first that reaches beyond `stop`."""
    return list(takewhile(lambda item: item[3] <= stop, fields))


Dissector = Callable[[View, int, int], None]
"""Appends the fields of the header at `start`, and has what follows, up to `stop`, dissected by its protocol."""


Carrier = Callable[[bytes, int, int], tuple[int, int]]
"""Of a header at `start`, in bytes up to `stop`: the Ethernet type of what it carries, and where that begins; (−1, …): nobody knows."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A protocol below the application, and the numbers that select it: link types, Ethernet types, IP protocols, UDP ports.

    `carries` tells the first pass what is inside a header that carries packets.
    """

    name: str
    dissect: Dissector
    links: tuple[int, ...] = ()
    ethertypes: tuple[int, ...] = ()
    protocols: tuple[int, ...] = ()
    udp: tuple[int, ...] = ()
    carries: Carrier | None = None
