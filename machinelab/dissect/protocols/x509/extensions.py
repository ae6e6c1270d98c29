"""What a certificate's extensions say: RFC 5280 §4.2.1."""

from ...core import Short
from ...cursor import Cursor
from .der import DerNode, inside, node, oid

BOOLEAN, DNS_NAME, KEY_IDENTIFIER = 0x01, 0x82, 0x80
USAGE = (
    "digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
    "cRLSign", "encipherOnly", "decipherOnly",
)  # fmt: skip


class Paper:
    """Where a certificate's fields are put."""

    __slots__ = ("add", "buffer", "data", "group", "known")

    def __init__(self, cursor: Cursor) -> None:
        self.data = cursor.data
        self.buffer = cursor.buffer
        self.group = cursor.group
        self.add = cursor.add
        self.known = {"x509sat.uTF8String", "x509sat.printableString", "x509sat.teletexString"}

    def put(self, name: str, value: "str | int | bytes", start: int, stop: int, mask: int = 0) -> None:
        """A field."""
        self.add((name, value, start, stop, self.buffer, mask, self.group))

    def label(self, name: str, found: DerNode) -> None:
        """A heading over a whole value."""
        self.put(name, "", found.start, found.stop)

    def content(self, name: str, found: DerNode) -> None:
        """A value's content as bytes."""
        self.put(name, self.data[found.body : found.stop], found.body, found.stop)

    def number(self, name: str, found: DerNode) -> None:
        """A value's content as a number."""
        if not 1 <= found.size <= 8:
            raise Short
        self.put(
            name,
            int.from_bytes(self.data[found.body : found.stop], "big", signed=True),
            found.body,
            found.stop,
        )

    def bits(self, name: str, found: DerNode) -> None:
        """A bit string: how many bits do not count, and the bytes (X.690 §8.6)."""
        if found.size < 1:
            raise Short
        self.put("ber.bitstring.padding", self.data[found.body], found.body, found.body + 1)
        self.put(name, self.data[found.body + 1 : found.stop], found.body + 1, found.stop)


def extension(paper: Paper, whole: DerNode) -> None:
    """One extension. What it says is read if it is one of the five that every certificate has."""
    parts = list(inside(paper.data, whole))
    if len(parts) < 2:
        raise Short
    paper.label("x509af.Extension_element", whole)
    which = oid(paper.data, parts[0])
    paper.put("x509af.extension.id", which, parts[0].body, parts[0].stop)
    if parts[1].tag == BOOLEAN and parts[1].size == 1:
        paper.put("x509af.critical", bool(paper.data[parts[1].body]), parts[1].body, parts[1].stop)
    if which in READERS:
        READERS[which](paper, node(paper.data, parts[-1].body, parts[-1].stop))


def _subject_key(paper: Paper, value: DerNode) -> None:
    paper.content("x509ce.SubjectKeyIdentifier", value)


def _authority_key(paper: Paper, value: DerNode) -> None:
    paper.label("x509ce.AuthorityKeyIdentifier_element", value)
    for part in inside(paper.data, value):
        if part.tag == KEY_IDENTIFIER:
            paper.content("x509ce.keyIdentifier", part)


def _constraints(paper: Paper, value: DerNode) -> None:
    paper.label("x509ce.BasicConstraintsSyntax_element", value)
    for part in inside(paper.data, value):
        if part.tag == BOOLEAN and part.size == 1:
            paper.put("x509ce.cA", bool(paper.data[part.body]), part.body, part.stop)
        else:
            paper.number("x509ce.pathLenConstraint", part)


def _usage(paper: Paper, value: DerNode) -> None:
    paper.bits("x509ce.KeyUsage", value)
    start = value.body + 1
    for number, name in enumerate(USAGE):
        at, mask = start + number // 8, 0x80 >> number % 8
        there = at < value.stop
        # Wireshark shows the ninth bit on the first byte where there is no second.
        at = at if there else start
        flag = there and bool(paper.data[at] & mask)
        paper.put(f"x509ce.KeyUsage.{name}", flag, at, at + 1, mask)


def _purposes(paper: Paper, value: DerNode) -> None:
    found = list(inside(paper.data, value))
    paper.put("x509ce.KeyPurposeIDs", len(found), value.body, value.stop)
    for each in found:
        paper.put("x509ce.KeyPurposeId", oid(paper.data, each), each.body, each.stop)


def _names(paper: Paper, value: DerNode) -> None:
    found = list(inside(paper.data, value))
    paper.put("x509ce.GeneralNames", len(found), value.body, value.stop)
    for each in found:
        paper.put("x509ce.GeneralName", each.tag & 31, each.body, each.stop)
        if each.tag == DNS_NAME:
            name = paper.data[each.body : each.stop].decode("utf-8", "replace")
            paper.put("x509ce.dNSName", name, each.body, each.stop)


READERS = {
    "2.5.29.14": _subject_key, "2.5.29.35": _authority_key, "2.5.29.19": _constraints, "2.5.29.15": _usage,
    "2.5.29.37": _purposes, "2.5.29.17": _names,
}  # fmt: skip
