"""A subset of Wireshark 4.4's display filters, compiled to predicates on an event's fields.

One grammar for a step's `sees`, for `--filter` and for a step's `when`. Left out, each with an error that says so:
arithmetic, layers (`#2`), raw bytes (`@`), macros, dates, bytes of a whole protocol, host names, fields in a set.
"""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache

from ..model import Condition, Field, Fields
from .build import build
from .errors import FilterError
from .parser import parse
from .terms import FieldVocabulary, KnobVocabulary, shown
from .tree import Node, failed, leaves, needed, predicate

__all__ = ["Filter", "FilterError", "compile", "condition", "shown"]


class Filter:
    """A compiled filter. `text` is its source, `names` are the fields that it refers to, `needs` those without which nothing passes."""

    __slots__ = ("_node", "matches", "names", "needs", "text")

    matches: Callable[[Fields], bool]
    """Whether the fields pass."""

    def __init__(self, text: str, node: Node | None) -> None:
        self.text = text
        self._node = node
        self.matches = predicate(node) if node else _everything
        self.names = frozenset(of.name for leaf in leaves(node) for of in leaf.terms) if node else frozenset()
        self.needs = needed(node) if node else frozenset()

    def failed(self, fields: Fields) -> tuple[Condition, ...]:
        """Which of the conditions that must all hold do not; empty where the fields pass."""
        return tuple(failed(self._node, fields)) if self._node else ()

    def __repr__(self) -> str:
        return f"Filter({self.text!r})"


def _everything(fields: Fields) -> bool:
    return True


@lru_cache(maxsize=1024)
def compile(text: str) -> Filter:
    """The filter of that text; an empty one passes everything. Raises FilterError (a UsageError, with a position)."""
    test = parse(text)
    return Filter(text, build(test, FieldVocabulary(), text) if test else None)


def condition(text: str, known: Collection[str] | None = None) -> Callable[[Mapping[str, str]], bool]:
    """A condition on knobs, in the same grammar: `type != A`, `type in {AAAA, TXT} and minimise == yes`.

    What stands right of a relation is a word, bare or quoted. Raises FilterError for a knob that is not among `known`.
    """
    test = parse(text)
    if test is None:
        return lambda knobs: True
    passes = predicate(build(test, KnobVocabulary(known), text))
    return lambda knobs: passes({name: (Field(name, value),) for name, value in knobs.items()})
