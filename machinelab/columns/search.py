"""Display filters over columns: what the headers decide for every packet at once, and for which packets they do not.

A condition is answered with *yes*, *no* or *not from here* for each packet. Conditions on values are not interpreted anew:
the filter's own predicate is asked of each different value of a column, and the answer looked up for all packets.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..dissect.scapy_layers.wireshark import TITLES
from ..fields import registry
from ..filter.build import build
from ..filter.checks import OPERATORS
from ..filter.literals import constant
from ..filter.syntax import Compare, Exists, Inside, Join, Not, Test, Word
from ..filter.terms import FieldVocabulary
from ..filter.tree import Leaf
from ..model import Field, Value
from . import conversions, fields
from .conditions import required_bytes
from .fields import Column
from .headers import ARP, ICMP, ICMPV6, IPV4, IPV6, SLOW, TCP, UDP, Headers, Mask, Numbers
from .recognised import Recognised
from .records import FURTHEST

Codes = npt.NDArray[Any]
COUNTED = {
    f"tcp.flags.{name}" for name in ("ae", "cwr", "ece")
}  # a counter, in connections that agreed to it
CLOCKED = {"uint", "time", "duration"}


class Verdict(NamedTuple):
    """`yes` holds; `open` cannot be told from the headers; all others do not hold."""

    yes: Mask
    open: Mask


class Search:
    """Answers filters over one capture; keeps the columns that it has made."""

    def __init__(self, headers: Headers, recognised: Callable[[], Recognised]) -> None:
        self.headers = headers
        self._recognised = recognised
        self._columns: dict[str, Column] = {}
        self._codes: dict[str, tuple[Codes, list[tuple[Value, ...]]]] = {}
        self._known: dict[str, Mask] = {}

    def column(self, name: str) -> Column | None:
        """A field's column; None where it has none."""
        if name not in self._columns and name in fields.FIELDS:
            self._columns[name] = fields.FIELDS[name](self.headers)
        return self._columns.get(name)

    def verdict(self, test: Test, text: str) -> Verdict:
        """What the headers say of a parsed filter."""
        match test:
            case Join(how, parts):
                return _joined(how, [self.verdict(part, text) for part in parts])
            case Not(of):
                yes, undecided = self.verdict(of, text)
                return Verdict(~yes & ~undecided, undecided)
            case Exists() | Compare() | Inside():
                return self._leaf(test, text)

    def _leaf(self, test: Exists | Compare | Inside, text: str) -> Verdict:
        leaf = build(test, FieldVocabulary(), text)
        assert isinstance(leaf, Leaf)
        names = list(dict.fromkeys(of.name for of in leaf.terms))
        known = np.logical_and.reduce([self.known(name) for name in names])
        yes = self._by_number(test, text, names)
        if yes is None:
            yes = self._by_value(leaf, names)
        undecided: Mask = ~known
        piece = required_bytes(test)
        if piece and undecided.any():
            undecided &= self._may_hold(piece)
        return Verdict(yes & known, undecided)

    def known(self, name: str) -> Mask:
        """For which packets the columns tell whether a field is there, and its value."""
        if name not in self._known:
            self._known[name] = self._find_known(name)
        return self._known[name]

    def _find_known(self, name: str) -> Mask:
        headers, shape, layer = self.headers, self.headers.shape, name.split(".", maxsplit=1)[0]
        column = self.column(name)
        if column is not None and column.sure:
            return np.ones(headers.count, np.bool_)
        if layer not in LAYERS:
            return self._known_above(layer, column is not None)
        if name in COUNTED and headers.counts_marks:
            return ~headers.slow & ~headers.rows_of((), TCP)
        if column is not None:
            return ~headers.slow
        networks, proto = LAYERS[layer]
        if layer == "vlan":
            has = shape.tags > 0
        elif networks is None:
            has = np.ones(headers.count, np.bool_)
        else:
            has = headers.rows_of(networks, proto) if networks or proto else headers.slow
        return ~headers.slow & ~has

    def _known_above(self, layer: str, told: bool) -> Mask:
        """For applications' fields: wherever none reads the payload; in DNS over UDP those `told`, and all that are not DNS's."""
        headers, shape = self.headers, self.headers.shape
        if layer in ("data", "_ws"):
            return np.zeros(headers.count, np.bool_)
        if layer == "scapy" or layer in TITLES.values():  # of packets that nobody of ours reads, Scapy tells
            read: Mask = ~headers.slow & (shape.application > 0)
            return read
        # An application's fields stand in its own packets; which application carries a layer such as x509 is not known.
        others = [number for number, each in enumerate(headers.applications, 1) if layer in each.gives]
        numbers = [number for number in (headers.application(layer), self._encrypted, *others) if number]
        theirs = np.isin(shape.application, numbers) if headers.application(layer) else shape.application > 0
        theirs = theirs | self._recognised().of(layer)
        unread: Mask = ~headers.slow & ~(theirs & ((shape.stop > shape.payload) | headers.closing))
        return unread | headers.dns if told or layer != "dns" else unread

    @property
    def _encrypted(self) -> int:
        """The application whose packets may hold any other's fields once decrypted: TLS, where there are keys."""
        return self.headers.application("tls") if len(self.headers.secrets) else 0

    def _may_hold(self, piece: bytes) -> Mask:
        """Which packets may have text with a piece in it. Only of DNS is it known that text stands there as it is shown."""
        headers, shape = self.headers, self.headers.shape
        holding = self.holding(piece)
        streams = (shape.proto == TCP) & (shape.application == headers.application("dns"))
        rows = np.nonzero(streams & (shape.stop > shape.payload))[0]
        found: Mask = holding | ~(headers.dns | streams)
        # A message in several segments: the piece stands in one of them, or across an edge.
        keys = headers.conversation_keys(rows)
        found[rows[np.isin(keys, keys[holding[rows] | self._begun(rows, piece)])]] = True
        return found

    def _begun(self, rows: Numbers, piece: bytes) -> Mask:
        """Which packets end with a piece's beginning."""
        headers = self.headers
        stop = headers.index.offset[rows] + headers.shape.stop[rows]
        size = headers.shape.stop[rows] - headers.shape.payload[rows]
        found = np.zeros(len(rows), np.bool_)
        for count in range(1, len(piece)):
            fits = size >= count
            for place in range(count):
                fits[fits] = headers.data[stop[fits] - count + place] == piece[place]
            found |= fits
        return found

    def holding(self, piece: bytes) -> Mask:
        """The packets in whose bytes a piece stands."""
        index, found = self.headers.index, np.zeros(self.headers.count, np.bool_)
        places = np.fromiter((match.start() for match in re.finditer(re.escape(piece), index.data)), np.int64)
        rows = np.searchsorted(index.offset, places, "right") - 1
        inside = (rows >= 0) & (places + len(piece) <= index.offset[rows] + index.captured[rows])
        found[rows[inside]] = True
        return found

    def _by_number(self, test: Test, text: str, names: Sequence[str]) -> Mask | None:
        """A number's comparison with a constant, which numpy can do for all packets; None if it is no such thing."""
        column = self.column(names[0]) if len(names) == 1 else None
        if column is None or column.convert is not conversions.number or not isinstance(test, Compare):
            return None
        kind, left, right = registry()[names[0]], test.left, test.right
        if not isinstance(left, Word) or not isinstance(right, Word) or test.relation not in OPERATORS:
            return None
        if kind.kind not in CLOCKED or left.text != names[0] or right.text in registry():
            return None
        wanted = constant(right, kind, left.text, text).value
        if not -FURTHEST < wanted < FURTHEST:
            return None
        every = test.relation in ("!=", "===") if test.every is None else test.every
        answers = [
            OPERATORS[test.relation](_wide(values, wanted), wanted)
            for values in (column.values, column.also)
            if values is not None
        ]
        found: Mask = (np.logical_and if every else np.logical_or).reduce(answers)
        return found & column.present

    def _by_value(self, leaf: Leaf, names: Sequence[str]) -> Mask:
        """The predicate's answer to each different value (or pair of values, of two fields), looked up for each packet."""
        coded = [self.codes(name) for name in names]
        codes = coded[0][0]
        distinct: Numbers = np.arange(len(coded[0][1]))
        for more, table in coded[1:]:
            distinct, codes = np.unique(codes.astype(np.int64) * len(table) + more, return_inverse=True)
        answers = np.zeros(len(distinct), np.bool_)
        for place, code in enumerate(distinct.tolist()):
            given, rest = dict[str, tuple[Field, ...]](), code
            for name, (_, table) in zip(reversed(names), reversed(coded), strict=True):
                rest, own = divmod(rest, len(table))
                if table[own]:
                    given[name] = tuple(Field(name, value) for value in table[own])
            answers[place] = leaf.test(given)
        found: Mask = np.take(answers, codes)
        return found

    def codes(self, name: str) -> tuple[Codes, list[tuple[Value, ...]]]:
        """A column as numbers into a table of its different values; 0 is for packets without the field."""
        if name not in self._codes:
            column = self.column(name)
            if column is None:
                self._codes[name] = np.zeros(self.headers.count, np.int32), [()]
            else:
                self._codes[name] = _coded(column)
        return self._codes[name]


def _wide(values: Numbers, wanted: int) -> Numbers:
    """The values, of a type that the other number fits into as well."""
    limits = np.iinfo(values.dtype)
    return values if limits.min <= wanted <= limits.max else values.astype(np.int64)


def _coded(column: Column) -> tuple[Codes, list[tuple[Value, ...]]]:
    rows = np.nonzero(column.present)[0]
    values, inverse = distinct(column.values[rows])
    table: list[tuple[Value, ...]] = [(column.convert(value),) for value in values]
    if column.also is not None:
        others, second = distinct(column.also[rows])
        pairs, inverse = np.unique(inverse.astype(np.int64) * len(others) + second, return_inverse=True)
        turned = [column.convert(value) for value in others]
        table = [(*table[pair // len(others)], turned[pair % len(others)]) for pair in pairs.tolist()]
    smallest = np.uint8 if len(table) < 255 else np.uint16 if len(table) < 65_535 else np.int32
    codes: Codes = np.zeros(len(column.present), smallest)
    codes[rows] = inverse + 1
    return codes, [(), *table]


def distinct(values: Numbers) -> tuple[Any, Numbers]:
    """The different values, and for each value its place among them; small numbers without sorting."""
    if values.dtype.kind == "V":
        found, inverse = np.unique(values, return_inverse=True)
        return found, inverse
    if values.dtype.itemsize <= 2 and len(values):
        there = np.bincount(values, minlength=1) > 0
        return np.nonzero(there)[0].tolist(), (np.cumsum(there) - 1)[values]
    found, inverse = np.unique(values, return_inverse=True)
    return found.tolist(), inverse


def _joined(how: str, parts: Sequence[Verdict]) -> Verdict:
    yes = [part.yes for part in parts]
    undecided: Mask = np.logical_or.reduce([part.open for part in parts])
    if how == "and":
        all_: Mask = np.logical_and.reduce(yes)
        maybe = np.logical_and.reduce([part.yes | part.open for part in parts])
        return Verdict(all_, maybe & ~all_)
    if how == "or":
        any_: Mask = np.logical_or.reduce(yes)
        return Verdict(any_, undecided & ~any_)
    return Verdict(np.logical_xor.reduce(yes) & ~undecided, undecided)


# For each layer below the applications: who may have a field of it that is no column. None: anyone.
LAYERS: dict[str, tuple[tuple[int, ...] | None, int]] = {
    "frame": (None, 0), "eth": (None, 0), "vlan": ((), 0), "arp": ((ARP,), 0), "ip": ((IPV4,), 0), "ipv6": ((IPV6,), 0),
    "udp": ((), UDP), "tcp": ((), TCP), "icmp": ((), ICMP), "icmpv6": ((), ICMPV6), "sll": ((), 0), "null": ((), 0),
    "raw": ((), 0), **dict.fromkeys(
        ("ieee8021ad", "ieee8021ah", "llc", "gre", "mpls", "pweth", "pwethcw", "ppp", "pppoes", "pppoed", "pppoe", "vxlan", "geneve",
         "nflog", "radiotap", "wlan"),
        ((), 0),
    ),
}  # fmt: skip


__all__ = ["SLOW", "Search", "Verdict"]
