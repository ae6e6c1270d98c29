"""Predicates on a single value, and on all the values that an event has for a field."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from ..model import Fields
from .errors import FilterError
from .literals import OCTETS, Constant, InvalidLiteral, constant, octets
from .syntax import Word
from .terms import Term
from .tree import Predicate

Check = Callable[[Any], bool]

MAX_PATTERN_LENGTH = 512  # characters of a regular expression
MATCH_TIMEOUT = 0.25  # seconds one match may take; against catastrophic backtracking

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "===": operator.eq, "!=": operator.ne, "!==": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def quantified(of: Term, passes: Check, every: bool) -> Predicate:
    """Whether any (or every) value passes; no value, no pass."""
    get = of.get
    if every:
        return lambda fields: bool(values := get(fields)) and all(passes(value) for value in values)
    return _any_plain(of.name, passes) if of.plain else _any(get, passes)


def any_equal(name: str, wanted: Any) -> Predicate:
    """Whether any value equals a constant: the most frequent filter, so the fastest code."""

    def test(fields: Fields) -> bool:
        for item in fields.get(name, ()):  # noqa: SIM110 - a generator costs twice the loop
            if item[1] == wanted:
                return True
        return False

    return test


def _any(get: Callable[[Fields], Sequence[Any]], passes: Check) -> Predicate:
    def test(fields: Fields) -> bool:
        for value in get(fields):  # noqa: SIM110
            if passes(value):
                return True
        return False

    return test


def _any_plain(name: str, passes: Check) -> Predicate:
    def test(fields: Fields) -> bool:
        for item in fields.get(name, ()):  # noqa: SIM110
            if passes(item[1]):
                return True
        return False

    return test


def check(relation: str, wanted: Constant, kind: str) -> Check:
    """Whether a value stands in that relation to a constant; to a prefix, by the bits of the prefix."""
    compare, value = OPERATORS[relation], wanted.value
    if wanted.bits is not None:
        hidden = (32 if kind == "ipv4" else 128) - wanted.bits
        return lambda found: found >= 0 and compare(found >> hidden, value >> hidden)
    if kind == "knob" and relation in SWAPPED:
        return lambda found: compare(*_in_order(found, value))
    return lambda found: compare(found, value)


def _in_order(left: str, right: str) -> tuple[Any, Any]:
    """Two knobs as numbers if both are, else as text."""
    try:
        return float(left), float(right)
    except ValueError:
        return left, right


def membership(read: Sequence[tuple[Constant, Constant | None]], kind: str) -> Check:
    """Whether a value is one of a set."""
    singles = frozenset(low.value for low, high in read if high is None and low.bits is None)
    ranges = [(low.value, high.value) for low, high in read if high is not None]
    nets = [check("==", low, kind) for low, high in read if high is None and low.bits is not None]
    if not ranges and not nets:
        return singles.__contains__

    def among(value: Any) -> bool:
        if value in singles or any(low <= value <= high for low, high in ranges):
            return True
        return any(net(value) for net in nets)

    return among


def containing(of: Term, literal: Word, text: str) -> Check:
    """Whether a value holds the literal; an empty one is nowhere."""
    kind = of.type.kind
    try:
        # Part of a hardware address will do, which `constant` would not take.
        needle: Any = (
            octets(literal, kind) if kind in OCTETS else constant(literal, of.type, of.text, text).value
        )
    except InvalidLiteral as invalid:
        raise FilterError(
            invalid.why or f"{literal.text} is not bytes.", text, literal.start, invalid.hint
        ) from None
    return lambda found: bool(needle) and needle in found


def matching(literal: Word, text: str) -> Check:
    """A case-insensitive regular expression over bytes, as Wireshark's (PCRE2, caseless, never UTF)."""
    # 25 ms, and few filters need it. Python's own `re` cannot be stopped.
    import regex

    if literal.kind != "string":
        raise FilterError(
            "matches needs a pattern in quotes.", text, literal.start, f'Write "{literal.text}".'
        )
    if len(literal.text) > MAX_PATTERN_LENGTH:
        raise FilterError(f"The pattern is longer than {MAX_PATTERN_LENGTH} characters.", text, literal.start)
    try:
        pattern = regex.compile(
            literal.text.encode("utf-8", "surrogateescape"), regex.IGNORECASE | regex.VERSION0
        )
    except (regex.error, RecursionError, OverflowError) as error:
        raise FilterError(f"The pattern cannot be read: {error}.", text, literal.start) from None

    def passes(found: Any) -> bool:
        subject = found if isinstance(found, bytes) else found.encode("utf-8", "surrogatepass")
        try:
            return pattern.search(subject, timeout=MATCH_TIMEOUT) is not None
        except TimeoutError:
            hint = "Write it without a repeat inside a repeat."
            raise FilterError(
                "The pattern takes too long on these packets.", text, literal.start, hint
            ) from None

    return passes
