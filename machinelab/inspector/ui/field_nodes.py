"""A packet's fields as a tree that can be folded: layers, groups, fields, each with the bytes it stands in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ... import fields
from ...model import Event, Field
from ...render.detail import distinct, grouped, value_text
from ...render.hexdump import Span

_LONG = 400  # characters of one value on its line


@dataclass(frozen=True, slots=True)
class FieldNode:
    """A line of the tree. `path` names its group, `field` what it shows (None for a group without a field of its own).

    `spans` are buffer and bytes of the field, or of all that is in the group. `closed`: it has more below it, folded away.
    """

    path: str
    depth: int
    name: str
    value: str
    field: Field | None
    spans: tuple[tuple[str, Span], ...]
    group: bool = False
    closed: bool = False
    about: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same from packet to packet: `dns/Answers/2` is like `dns/Answers/1`."""
        plain = "/".join(part for part in self.path.split("/") if not part.isdigit())
        return plain, self.name


def nodes(event: Event, closed: Callable[[str, int], bool], about: Callable[[str], bool]) -> list[FieldNode]:
    """The lines to show. `closed`: whether a group (path, depth) is folded; `about`: whether the step speaks of a field."""
    found = [item for same in event.fields.values() for item in same]
    groups = with_parents(grouped(distinct(in_order(found))))
    shown: list[FieldNode] = []
    hidden: list[str] = []
    for path, members in groups.items():
        if any(path.startswith(f"{above}/") for above in hidden):
            continue
        title = next((item for item in members if item.name == path), None)
        depth = path.count("/")
        folded = closed(path, depth)
        if folded:
            hidden.append(path)
        inside = [
            item
            for other, items in groups.items()
            if other == path or other.startswith(f"{path}/")
            for item in items
        ]
        name = path.rpartition("/")[2]
        shown.append(
            FieldNode(path, depth, name, _what(path, members, inside), title, _together(title, inside), True, folded,
                 folded and any(about(item.name) for item in inside if item.name != path))
        )  # fmt: skip
        if not folded:
            shown += [
                FieldNode(
                    path,
                    depth + 1,
                    item.name,
                    value_text(item)[:_LONG],
                    item,
                    _own(item),
                    about=about(item.name),
                )
                for item in members
                if item is not title
            ]
    return shown


def in_order(found: Iterable[Field]) -> list[Field]:
    """What stands in another buffer comes after the frame; else as it was dissected, worked-out values where they belong."""
    return sorted(found, key=lambda item: item.buffer != "frame" and not item.generated)


def with_parents(groups: dict[str, list[Field]]) -> dict[str, list[Field]]:
    """Groups that hold only groups have a line of their own too."""
    whole: dict[str, list[Field]] = {}
    for path, members in groups.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            whole.setdefault("/".join(parts[:depth]), [])
        whole.setdefault(path, []).extend(members)
    return whole


def _what(path: str, members: Sequence[Field], inside: Sequence[Field]) -> str:
    """What a group is told by: a record by its first name and the standard's first word, a layer by its meaning."""
    last = path.rpartition("/")[2]
    if last.isdigit():
        texts = [value_text(item) for item in members if isinstance(item.value, str)][:1]
        words = [word for item in members if (word := fields.word(item.name, item.value))][:1]
        return "  ".join([*texts, *words])[:_LONG]
    kind = None if "/" in path else fields.registry().get(path)
    return kind.meaning if kind else ""


def _own(item: Field) -> tuple[tuple[str, Span], ...]:
    return () if item.generated else ((item.buffer, (item.start, item.stop)),)


def _together(title: Field | None, inside: Sequence[Field]) -> tuple[tuple[str, Span], ...]:
    if title is not None and not title.generated:
        return _own(title)
    buffers: dict[str, Span] = {}
    for item in inside:
        if not item.generated:
            start, stop = buffers.get(item.buffer, (item.start, item.stop))
            buffers[item.buffer] = (min(start, item.start), max(stop, item.stop))
    return tuple(buffers.items())


def at(event: Event, buffer: str, offset: int) -> Field | None:
    """The smallest field that a byte belongs to; of several as small, the one with bits of its own comes last."""
    found = [
        item
        for same in event.fields.values()
        for item in same
        if item.buffer == buffer and item.start <= offset < item.stop and item.name != item.group
    ]
    return min(
        distinct(in_order(found)), key=lambda item: (item.stop - item.start, item.mask != 0), default=None
    )


def same_place(one: Field, other: Field) -> bool:
    """Whether two are the same field of the same packet."""
    return (one.name, one.start, one.stop, one.buffer, one.group) == (
        other.name, other.start, other.stop, other.buffer, other.group
    )  # fmt: skip
