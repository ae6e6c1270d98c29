"""The second pass: a frame and its `PacketInfo` → fields in wire order, and by name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ..model import Field
from . import frame
from .core import PacketInfo, Raw, Short, View

_field: Callable[[Raw], Field] = partial(tuple.__new__, Field)
"""`Field._make` without its check of the length: filters make a million of them."""

FIELD = 200  # bytes of one, by name and in order, about


class Dissection(NamedTuple):
    """One frame's fields in order; `marks` are where in them each message begins. `unread`: whether some bytes are `data`, which nobody of ours reads."""

    fields: tuple[Raw, ...]
    marks: tuple[int, ...]
    buffers: Mapping[str, bytes]
    unread: bool = True


def dissect(info: PacketInfo) -> Dissection:
    """All fields of a frame. Never fails: what cannot be read is marked `_ws.malformed`, and what was read is kept."""
    out: list[Raw] = []
    view = View(info, info.data, "frame", out)
    try:
        frame.dissect(view)
    except Short:
        out.append(view.broken("frame", 0))
    return Dissection(tuple(out), tuple(view.marks), view.buffers, "data" in view.protocols)


def weight(whole: Dissection) -> int:
    """How many bytes a dissection takes, about."""
    return FIELD * len(whole.fields) + sum(map(len, whole.buffers.values()))


class Named(Mapping[str, Sequence[Field]]):
    """Fields by name. A field becomes a `Field` when it is asked for: few of a packet's hundred ever are."""

    __slots__ = ("_fields", "_where")

    def __init__(self, fields: tuple[Raw, ...]) -> None:
        self._fields = fields
        where: dict[str, int | list[int]] = {}
        for place, item in enumerate(fields):
            name = item[0]
            held = where.get(name)
            if held is None:
                where[name] = place
            elif isinstance(held, int):
                where[name] = [held, place]
            else:
                held.append(place)
        self._where = where

    def __getitem__(self, name: str) -> Sequence[Field]:
        return self._made(self._where[name])

    def _made(self, where: int | list[int]) -> Sequence[Field]:
        fields = self._fields
        if isinstance(where, int):
            return (_field(fields[where]),)
        return [_field(fields[place]) for place in where]

    def get(self, name: str, default: Any = None) -> Any:
        """The same, without an error for each of the many names that are not there (`Mapping`'s own raises one)."""
        where = self._where.get(name)
        return default if where is None else self._made(where)

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, name: object) -> bool:
        return name in self._where
