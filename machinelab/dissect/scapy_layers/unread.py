"""A packet's fields by name, its end not read by Scapy before somebody asks for what may stand there."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from ...model import Field
from ..core import PacketInfo, Raw
from ..dissection import Dissection, Named
from .expand import expand, foreign, is_tunnel, possible


class Unread(Named):
    """Fields of a packet whose end Scapy may read, which it does when a field is asked for that may come of it."""

    __slots__ = ("_expand", "_tunnel")

    def __init__(self, fields: tuple[Raw, ...], expand: Callable[[], tuple[Raw, ...]], tunnel: bool) -> None:
        super().__init__(fields)
        self._expand: Callable[[], tuple[Raw, ...]] | None = expand
        self._tunnel = tunnel

    def _whole(self) -> None:
        if self._expand is not None:
            expand, self._expand = self._expand, None
            super().__init__(expand())

    def __getitem__(self, name: str) -> Sequence[Field]:
        if possible(name, self._tunnel):
            self._whole()
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """A field's values."""
        found = name in self  # which may be what has them read
        return self[name] if found else default

    def __iter__(self) -> Iterator[str]:
        self._whole()
        return super().__iter__()

    def __len__(self) -> int:
        self._whole()
        return super().__len__()

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str) and possible(name, self._tunnel):
            self._whole()
        return super().__contains__(name)


def named(info: PacketInfo, whole: Dissection) -> Named:
    """A packet's fields by name."""
    place = foreign(whole.fields) if whole.unread else -1
    if place < 0:
        return Named(whole.fields)
    more = partial(expand, info, whole.fields, whole.buffers.__getitem__)
    return Unread(whole.fields, more, is_tunnel(whole.fields, place))
