"""Two runs side by side, step by step: what was there in one and not in the other, and which fields changed.

Values that differ from run to run though nothing of note is different (the field registry's volatile ones: ids, ports, times,
checksums) are set aside and counted. An address is compared by the node that has it, for each instance has its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from .. import fields
from ..model import Event, Field, Fields, Item, Run
from ..store.references import shape

ADDRESSES = frozenset({"ipv4", "ipv6", "ether"})


@dataclass(frozen=True, slots=True)
class Change:
    """A field whose values are not the same: those in the one run, those in the other, as people read them; () if absent."""

    field: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What a step was in the one run and in the other; None where it was not there."""

    left: Item | None
    right: Item | None
    changes: tuple[Change, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it was there in both, with the same values."""
        return self.left is not None and self.right is not None and not self.changes


@dataclass(frozen=True, slots=True)
class Compared:
    """One step of one exchange in both runs."""

    step: str
    exchange: int
    pairs: tuple[Pair, ...]

    @property
    def same(self) -> bool:
        """Whether nothing of it differs."""
        return all(pair.same for pair in self.pairs)


@dataclass(frozen=True)
class Difference:
    """Two runs compared. `volatile`: how many values were set aside. No slots: the shapes are worked out once."""

    left: Run
    right: Run
    steps: tuple[Compared, ...]
    volatile: int = 0

    @cached_property
    def knobs(self) -> Mapping[str, tuple[str, str]]:
        """The knobs that were turned differently: name → (left, right)."""
        names = [*self.left.knobs, *(name for name in self.right.knobs if name not in self.left.knobs)]
        pairs = {name: (self.left.knobs.get(name, ""), self.right.knobs.get(name, "")) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    @cached_property
    def same_shape(self) -> bool:
        """Whether both took the same steps between the same nodes, in the same order."""
        return shape(self.left.alignment, optional=True) == shape(self.right.alignment, optional=True)


def compare(left: Run, right: Run) -> Difference:
    """Compare two runs, of the same experiment or not."""
    ours, theirs = _claims(left), _claims(right)
    steps, aside = [], 0
    for step, exchange in _order(left, right, ours, theirs):
        pairs = []
        for one, other in _paired(ours.get((step, exchange), ()), theirs.get((step, exchange), ())):
            changes: tuple[Change, ...] = ()
            if one and other:
                changes, more = changed(one.fields, other.fields, left, right)
                aside += more
            pairs.append(Pair(one, other, changes))
        steps.append(Compared(step, exchange, tuple(pairs)))
    return Difference(left, right, tuple(steps), aside)


def changed(one: Fields, other: Fields, left: Run, right: Run) -> tuple[tuple[Change, ...], int]:
    """The fields of two events that differ in what counts; and how many values that do not count differ too."""
    found, aside = [], 0
    for name in dict.fromkeys([*one, *other]):
        kind = fields.registry().get(name)
        if kind is None or kind.kind == "none":
            continue
        a, b = texts(one.get(name, ()), left), texts(other.get(name, ()), right)
        if a == b:
            continue
        # The records of one answer stand in any order: RFC 2181 §5 speaks of sets.
        if (kind.volatile and kind.kind not in ADDRESSES) or sorted(a) == sorted(b):
            aside += 1
        else:
            found.append(Change(name, a, b))
    return tuple(_without_aliases(found)), aside


def texts(found: Sequence[Field], run: Run) -> tuple[str, ...]:
    """Values as they are compared and shown: an address of the lab's own by its node's name."""
    names = {**run.trace.names(), **run.alignment.roles}
    return tuple(_text(item, names) for item in found)


def _text(item: Field, names: Mapping[str, str]) -> str:
    shown = fields.show(item.name, item.value)
    if shown in names:
        return names[shown]
    word = fields.word(item.name, item.value)
    return f"{shown} ({word})" if word else shown


def _without_aliases(changes: Sequence[Change]) -> Iterator[Change]:
    """`ip.addr` says again what `ip.src` and `ip.dst` say (and `eth.dst`, of a node), `dns.flags` what its flags do."""
    names = {change.field for change in changes}
    said = {(c.left, c.right) for c in changes if c.field in ("ip.src", "ip.dst", "ipv6.src", "ipv6.dst")}
    for change in changes:
        if change.field.startswith("eth.") and (change.left, change.right) in said:
            continue
        stem, _, last = change.field.rpartition(".")
        ends = {f"{stem}.src", f"{stem}.dst", f"{stem}.srcport", f"{stem}.dstport"}
        if last in ("addr", "host", "port", "src_host", "dst_host") and names & ends:
            continue
        kind = fields.registry().get(change.field)
        if kind and kind.digits and any(name.startswith(f"{change.field}.") for name in names):
            continue
        yield change


def _claims(run: Run) -> dict[tuple[str, int], list[Item]]:
    found: dict[tuple[str, int], list[Item]] = {}
    for claim in run.alignment.claims:
        found.setdefault((claim.step.id, claim.exchange), []).extend(claim.items)
    return found


def _order(
    left: Run,
    right: Run,
    ours: Mapping[tuple[str, int], list[Item]],
    theirs: Mapping[tuple[str, int], list[Item]],
) -> list[tuple[str, int]]:
    """Every step that either took, exchange by exchange, in the order of the experiments' steps."""
    ids = [step.id for step in left.experiment.steps]
    for place, step in enumerate(right.experiment.steps):
        if step.id not in ids:
            before = [ids.index(s.id) for s in right.experiment.steps[:place] if s.id in ids]
            ids.insert(max(before, default=-1) + 1, step.id)
    rank = {id: place for place, id in enumerate(ids)}
    return sorted(ours.keys() | theirs.keys(), key=lambda key: (key[1], rank.get(key[0], len(rank)), key[0]))


def _paired(ours: Sequence[Item], theirs: Sequence[Item]) -> Iterator[tuple[Item | None, Item | None]]:
    """What goes with what where a step was taken more than once: by what it was about, then by place."""
    matcher = SequenceMatcher(None, [topic(i) for i in ours], [topic(i) for i in theirs], autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for place in range(max(b - a, d - c)):
            yield (
                ours[a + place] if a + place < b else None,
                theirs[c + place] if c + place < d else None,
            )


def topic(item: Item) -> str:
    """What a message is about: its request's topic, else its summary."""
    return (item.exchange and item.exchange.topic) or item.event.content.summary()


def packet_changes(
    one: Event, other: Event, left: Run, right: Run
) -> tuple[tuple[tuple[Change, bool], ...], int]:
    """Two packets field by field: each change with whether it is volatile; and how many fields are equal."""
    found, same = [], 0
    for name in dict.fromkeys([*one.fields, *other.fields]):
        kind = fields.registry().get(name)
        if kind is None or kind.kind == "none":
            continue
        a, b = texts(one.fields.get(name, ()), left), texts(other.fields.get(name, ()), right)
        if a == b:
            same += 1
        else:
            found.append((Change(name, a, b), kind.volatile))
    return tuple(found), same
