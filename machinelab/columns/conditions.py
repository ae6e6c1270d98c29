"""A display filter analysed: its tree, the fields that it names, and bytes that every matching packet must hold."""

from ..fields import registry
from ..filter.build import build
from ..filter.parser import parse
from ..filter.syntax import Compare, Test, Word
from ..filter.terms import FieldVocabulary
from ..filter.tree import leaves

SHORTEST = 3  # bytes; shorter ones are not worth a search
ESCAPE = 3  # characters of an escape that a piece of shown text may begin with


def required_bytes(test: Test) -> bytes:
    """Bytes that a message must hold to meet a condition on its text; empty if none are known.

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
    """A filter as a tree, each part of it checked. Raises FilterError."""
    test = parse(text)
    if test is not None:
        build(test, FieldVocabulary(), text)
    return test


def names(text: str) -> frozenset[str]:
    """All fields that a filter names."""
    test = parse(text)
    if test is None:
        return frozenset()
    return frozenset(of.name for leaf in leaves(build(test, FieldVocabulary(), text)) for of in leaf.terms)
