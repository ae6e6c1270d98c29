"""Display filters over columns: what the headers decide for every packet at once, and for which packets they do not.

A condition is answered with *yes*, *no* or *not from here* for each packet. Conditions on values are not interpreted anew:
the filter's own predicate is asked of each different value of a column, and the answer looked up for all packets.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..fields import registry
from ..filter.build import build
from ..filter.checks import OPERATORS
from ..filter.literals import constant
from ..filter.parser import parse
from ..filter.syntax import Compare, Exists, Inside, Join, Not, Test, Word
from ..filter.terms import FieldVocabulary
from ..filter.tree import Leaf, leaves
from ..model import Field, Value
from . import fields
from .fields import Column
from .headers import ARP, ICMP, ICMPV6, IPV4, IPV6, ODD, TCP, UDP, Headers, Mask, Numbers

Codes = npt.NDArray[np.int64]
SHORTEST = 3  # bytes that are worth looking for
ESCAPE = 3  # characters of an escape that a piece of shown text may begin with
CLOCKED = {"uint", "time", "duration"}
MANY = 4096  # different values from which on a plain comparison is left to numpy


class Verdict(NamedTuple):
    """`yes` holds; `open` cannot be told from the headers; all others do not hold."""

    yes: Mask
    open: Mask


class Search:
    """Answers filters over one capture; keeps the columns that it has made."""

    def __init__(self, headers: Headers) -> None:
        self.headers = headers
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
        piece = needle(test)
        if piece and undecided.any():
            undecided &= ~self._searchable | self.holding(piece)
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
        if column is not None:
            return ~headers.odd
        networks, proto = LAYERS[layer]
        if layer == "vlan":
            has = shape.tags > 0
        elif networks is None:
            has = np.ones(headers.count, np.bool_)
        else:
            has = headers.rows_of(networks, proto) if networks or proto else headers.odd
        return ~headers.odd & ~has

    def _known_above(self, layer: str, told: bool) -> Mask:
        """For applications' fields: wherever none reads the payload; in DNS over UDP those `told`, and all that are not DNS's."""
        headers, shape = self.headers, self.headers.shape
        if layer in ("data", "_ws"):
            return np.zeros(headers.count, np.bool_)
        carried = shape.stop > shape.payload
        read = (shape.application > 0) & carried
        unread: Mask = ~headers.odd & ~read
        return unread | fields.dns(headers) if told or layer != "dns" else unread

    @property
    def _searchable(self) -> Mask:
        """Packets whose message stands in their own bytes, and whose names are read from there."""
        return fields.dns(self.headers)

    def holding(self, piece: bytes) -> Mask:
        """The packets in whose bytes a piece stands."""
        index, found = self.headers.index, np.zeros(self.headers.count, np.bool_)
        places = np.fromiter((match.start() for match in re.finditer(re.escape(piece), index.data)), np.int64)
        rows = np.searchsorted(index.offset, places, "right") - 1
        inside = (rows >= 0) & (places + len(piece) <= index.offset[rows] + index.captured[rows])
        found[rows[inside]] = True
        return found

    def _by_number(self, test: Test, text: str, names: Sequence[str]) -> Mask | None:
        """A number's comparison with a constant, where there are many different numbers."""
        column = self.column(names[0]) if len(names) == 1 else None
        if column is None or column.also is not None or column.turn is not fields.plain:
            return None
        kind = registry()[names[0]]
        if kind.kind not in CLOCKED or column.values.dtype.itemsize < 4 or not isinstance(test, Compare):
            return None
        left, right = test.left, test.right
        if not isinstance(left, Word) or not isinstance(right, Word) or test.relation not in OPERATORS:
            return None
        if left.text != names[0] or (right.kind == "word" and right.text in registry()):
            return None
        wanted = constant(right, kind, left.text, text).value
        if not -(2**62) < wanted < 2**62:
            return None
        values = column.values.astype(np.int64, copy=False)
        return np.asarray(OPERATORS[test.relation](values, wanted), np.bool_) & column.present

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
        found: Mask = answers[codes]
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


def _coded(column: Column) -> tuple[Codes, list[tuple[Value, ...]]]:
    rows = np.nonzero(column.present)[0]
    codes: Codes = np.zeros(len(column.present), np.int32)
    values, inverse = _distinct(column.values[rows])
    table: list[tuple[Value, ...]] = [(column.turn(value),) for value in values]
    if column.also is not None:
        others, second = _distinct(column.also[rows])
        pairs, inverse = np.unique(inverse.astype(np.int64) * len(others) + second, return_inverse=True)
        turned = [column.turn(value) for value in others]
        table = [(*table[pair // len(others)], turned[pair % len(others)]) for pair in pairs.tolist()]
    codes[rows] = inverse + 1
    return codes, [(), *table]


def _distinct(values: Numbers) -> tuple[Any, Numbers]:
    """The different values, and for each value its place among them; small numbers without sorting."""
    if values.dtype.kind == "V":
        distinct, inverse = np.unique(values, return_inverse=True)
        return distinct, inverse
    if values.dtype.itemsize <= 2 and len(values):
        there = np.bincount(values, minlength=1) > 0
        return np.nonzero(there)[0].tolist(), (np.cumsum(there) - 1)[values]
    distinct, inverse = np.unique(values, return_inverse=True)
    return distinct.tolist(), inverse


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
    "raw": ((), 0),
}  # fmt: skip


def needle(test: Test) -> bytes:
    """Bytes without which a message cannot meet a condition on its text; empty if that cannot be said.

    Text is shown with escapes (none of which has a letter's own byte), and a name's dots are not on the wire: so it is the
    longest piece between dots of what must be in the text, without what may be an escape's end.
    """
    if not isinstance(test, Compare) or not isinstance(test.left, Word) or not isinstance(test.right, Word):
        return b""
    kind, text = registry().get(test.left.text), test.right.text
    if test.right.kind == "word" and text in registry():
        return b""
    if kind is None or kind.kind != "string" or not text.isascii() or not text.isprintable():
        return b""
    if "\\" in text or '"' in text or "<" in text:
        return b""
    if test.relation == "contains":
        text = text[ESCAPE:]
    elif test.relation not in ("==", "==="):
        return b""
    piece = max(text.split("."), key=len).encode()
    return piece if len(piece) >= SHORTEST else b""


def parsed(text: str) -> Test | None:
    """A filter as a tree, and every part of it made sure of. Raises FilterError."""
    test = parse(text)
    if test is not None:
        build(test, FieldVocabulary(), text)
    return test


def names(text: str) -> frozenset[str]:
    """All fields that a filter speaks of."""
    test = parse(text)
    if test is None:
        return frozenset()
    return frozenset(of.name for leaf in leaves(build(test, FieldVocabulary(), text)) for of in leaf.terms)


__all__ = ["ODD", "Search", "Verdict", "names", "needle", "parsed"]
