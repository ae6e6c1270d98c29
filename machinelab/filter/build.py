"""A parsed filter resolved: names to fields or knobs, literals to the fields' types."""

import operator
import re

from ..model import Fields
from .checks import OPERATORS, SWAPPED, any_equal, check, containing, matching, membership, quantified
from .errors import FilterError
from .literals import OCTETS, Constant, constant, same_family
from .syntax import Compare, Exists, Inside, Join, Not, Operand, Test, Word
from .terms import Term, Vocabulary, term, wanted_term
from .tree import Branch, Leaf, Node, Predicate


def build(test: Test, names: Vocabulary, text: str) -> Node:
    """The tree of a parsed filter. Raises FilterError where names or types do not fit."""
    match test:
        case Join(how, parts):
            return Branch(how, tuple(build(part, names, text) for part in parts))
        case Not(of):
            return Branch("not", (build(of, names, text),))
        case Exists(operand):
            return _exists(operand, names, text)
        case Inside():
            return _inside(test, names, text)
        case Compare():
            return _compare(test, names, text)


def _exists(operand: Operand, names: Vocabulary, text: str) -> Leaf:
    of = wanted_term(operand, names, text)
    if of.type.kind == "knob":
        raise FilterError(
            f"{of.name} is always there.", text, operand.start, f"Say what it should be: {of.name} == yes."
        )
    if of.text == of.name:
        name = of.name
        return Leaf(lambda fields: name in fields, (of,), "present", "absent")
    get, zero_is_nothing = of.get, of.type.kind == "uint"
    test: Predicate = (
        (lambda fields: any(get(fields))) if zero_is_nothing else (lambda fields: bool(get(fields)))
    )
    return Leaf(
        test, (of,), "other than 0" if zero_is_nothing else "present", "0" if zero_is_nothing else "absent"
    )


def _compare(test: Compare, names: Vocabulary, text: str) -> Leaf:
    left = term(test.left, names, text)
    right = None if names.literal_right else term(test.right, names, text)
    relation, every = test.relation, test.every
    if every is None:
        every = relation in {"!=", "==="}
    if left is not None and right is not None:
        return _two_fields(left, relation, right, every, text, test.right.start)
    if left is None and right is not None and relation not in {"contains", "matches"}:
        left, relation, literal = right, SWAPPED.get(relation, relation), test.left
    else:
        literal = test.right
    if left is None:
        raise _nothing_to_compare(test, names, text)
    if not isinstance(literal, Word):
        wanted_term(literal, names, text)
        raise FilterError("A value was expected here.", text, literal.start)
    if relation in {"contains", "matches"}:
        return _search(left, relation, literal, every, text)
    return _with_constant(left, relation, constant(literal, left.type, left.text, text), every)


def _with_constant(of: Term, relation: str, wanted: Constant, every: bool) -> Leaf:
    said = {"==": "", "===": "", "!=": "not ", "!==": "not "}.get(relation, f"{relation} ") + wanted.shown
    opposite = wanted.shown if relation in {"!=", "!=="} else f"not {said}"
    if relation == "==" and of.plain and not every:
        return Leaf(any_equal(of.name, wanted.value), (of,), said, opposite)
    return Leaf(quantified(of, check(relation, wanted, of.type.kind), every), (of,), said, opposite)


def _nothing_to_compare(test: Compare, names: Vocabulary, text: str) -> FilterError:
    if isinstance(test.left, Word) and (
        test.left.kind != "word" or not re.match("[a-zA-Z@]", test.left.text)
    ):
        return FilterError(
            "There is no field on either side.",
            text,
            test.left.start,
            "Name a field, and compare it with a value.",
        )
    return names.unknown(text[test.left.start : test.left.stop], text, test.left.start)


def _two_fields(left: Term, relation: str, right: Term, every: bool, text: str, position: int) -> Leaf:
    if relation == "matches":
        raise FilterError("matches needs a pattern in quotes.", text, position)
    kinds = left.type.kind, right.type.kind
    if (
        "none" in kinds
        or not same_family(*kinds)
        or (relation == "contains" and kinds[0] not in OCTETS | {"string"})
    ):
        raise FilterError(
            f"{left.text} and {right.text} are of different kinds and cannot be compared so.", text, position
        )
    compare = OPERATORS.get(relation) or operator.contains
    mine, theirs = left.get, right.get

    def test(fields: Fields) -> bool:
        pairs = [compare(a, b) for a in mine(fields) for b in theirs(fields)]
        return bool(pairs) and (all(pairs) if every else any(pairs))

    return Leaf(test, (left, right), f"{relation} {right.text}", f"not {relation} {right.text}")


def _inside(test: Inside, names: Vocabulary, text: str) -> Leaf:
    of = wanted_term(test.operand, names, text)
    if test.negated and test.every is not None:
        raise FilterError(
            "any and all do not go with not in.",
            text,
            test.operand.start,
            "Write not any … in {…}, or not all … in {…}.",
        )
    read = [
        (_member(low, of, names, text), _member(high, of, names, text) if high else None)
        for low, high in test.members
    ]
    among = membership(read, of.type.kind)
    shown = ", ".join(f"{low.shown}..{high.shown}" if high else low.shown for low, high in read)
    if test.negated:
        return Leaf(
            quantified(of, lambda value: not among(value), True), (of,), f"none of {shown}", f"one of {shown}"
        )
    return Leaf(quantified(of, among, bool(test.every)), (of,), f"one of {shown}", f"none of {shown}")


def _member(word: Word, of: Term, names: Vocabulary, text: str) -> Constant:
    if not names.literal_right and word.kind == "word" and names.type_of(word.text) is not None:
        raise FilterError(
            "A set holds values, not fields.", text, word.start, f"Compare them: {of.text} == {word.text}."
        )
    return constant(word, of.type, of.text, text)


def _search(of: Term, relation: str, literal: Word, every: bool, text: str) -> Leaf:
    kind = of.type.kind
    if kind not in OCTETS | {"string", "knob"}:
        raise FilterError(
            f"{of.text} is neither characters nor bytes: {relation} cannot look into it.", text, literal.start
        )
    check = containing(of, literal, text) if relation == "contains" else matching(literal, text)
    said = f'"{literal.text}"' if literal.kind == "string" else literal.text
    verb = "contains" if relation == "contains" else "matches"
    return Leaf(quantified(of, check, every), (of,), f"one that {verb} {said}", f"none that {verb} {said}")
