"""A filter as a tree of conditions: compiled to a closure, or evaluated to the conditions that an event does not meet."""

from collections.abc import Callable
from dataclasses import dataclass

from ..model import Condition, Fields
from .terms import Term

Predicate = Callable[[Fields], bool]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition. `terms` are the values it asks for, `wanted` what they should be, `unwanted` what they should not."""

    test: Predicate
    terms: tuple[Term, ...]
    wanted: str
    unwanted: str


@dataclass(frozen=True, slots=True)
class Branch:
    """Conditions joined by `and`, `or`, `xor`, or one negated by `not`."""

    how: str
    parts: tuple["Node", ...]


Node = Leaf | Branch


def predicate(node: Node) -> Predicate:
    """The closure of a tree."""
    if isinstance(node, Leaf):
        return node.test
    parts = [predicate(part) for part in node.parts]
    if node.how == "not":
        only = parts[0]
        return lambda fields: not only(fields)
    if len(parts) == 2:
        return _pair(node.how, *parts)
    if node.how == "and":
        return lambda fields: all(part(fields) for part in parts)
    if node.how == "or":
        return lambda fields: any(part(fields) for part in parts)
    return lambda fields: sum(part(fields) for part in parts) % 2 == 1


def _pair(how: str, left: Predicate, right: Predicate) -> Predicate:
    """Two parts, the common case: twice as quick as a loop."""
    if how == "and":
        return lambda fields: left(fields) and right(fields)
    if how == "or":
        return lambda fields: left(fields) or right(fields)
    return lambda fields: left(fields) != right(fields)


def leaves(node: Node) -> list[Leaf]:
    """Every condition of a tree, as written."""
    return [node] if isinstance(node, Leaf) else [leaf for part in node.parts for leaf in leaves(part)]


def failed(node: Node, fields: Fields) -> list[Condition]:
    """Which of the conditions that must all hold do not."""
    return [
        _condition(part, negated, fields)
        for part, negated in _required(node, False)
        if predicate(part)(fields) == negated
    ]


def needed(node: Node) -> frozenset[str]:
    """The fields that have to be there, whatever their values: each stands by itself in a condition that must hold."""
    return frozenset(
        part.terms[0].name
        for part, negated in _required(node, False)
        if isinstance(part, Leaf) and not negated and len(part.terms) == 1 and not part.test({})
    )


def _required(node: Node, negated: bool) -> list[tuple[Node, bool]]:
    """What must all hold (or, `negated`, must all not): `not (a or b)` asks for two things."""
    if isinstance(node, Branch) and node.how == "not":
        return _required(node.parts[0], not negated)
    if isinstance(node, Branch) and node.how == ("or" if negated else "and"):
        return [item for part in node.parts for item in _required(part, negated)]
    return [(node, negated)]


def _condition(node: Node, negated: bool, fields: Fields) -> Condition:
    if isinstance(node, Leaf):
        wanted = node.unwanted if negated else node.wanted
        other = f" ({node.terms[1].found(fields)})" if len(node.terms) > 1 else ""
        return Condition(node.terms[0].text, node.terms[0].found(fields), wanted + other)
    terms = list({of.text: of for leaf in leaves(node) for of in leaf.terms}.values())
    wanted = _in_words(node, alone=len(terms) == 1)
    was = ", ".join(of.found(fields) for of in terms)
    return Condition(", ".join(of.text for of in terms), was, f"not ({wanted})" if negated else wanted)


def _in_words(node: Node, alone: bool) -> str:
    """A branch in words; `alone`: the field has been named already."""
    if isinstance(node, Leaf):
        return node.wanted if alone else f"{node.terms[0].text} {node.wanted}"
    if node.how == "not":
        return f"not ({_in_words(node.parts[0], alone)})"
    return f" {node.how} ".join(
        _in_words(part, alone) if isinstance(part, Leaf) else f"({_in_words(part, alone)})"
        for part in node.parts
    )
