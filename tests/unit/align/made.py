"""Hand-made events for the aligner's tests: no packets, only what a step asks about. Not captures, and not posing as any."""

from collections.abc import Mapping
from dataclasses import dataclass

from machinelab.model import Event, Exchange, Field, Fields, Interface, Message, Trace

NODES = {name: (Interface("wire", name[0].upper()),) for name in ("client", "server", "other")}


@dataclass(frozen=True)
class Made:
    """Fields that are there already."""

    found: Fields

    def fields(self) -> Fields:
        return self.found

    def message_fields(self, index: int) -> Fields:
        return self.found

    def buffers(self) -> Mapping[str, bytes]:
        return {}

    def summary(self) -> str:
        return ""


def packet(
    number: int, hop: str, key: object = None, *, reply: bool = False, topic: str = "", **values: object
) -> Event:
    """A packet `C>S` with the fields `a__b=1` (for a.b), and an exchange where `key` is given."""
    source, target = hop.split(">")
    fields = {
        name.replace("__", "."): [Field(name.replace("__", "."), value)] for name, value in values.items()
    }
    messages = (Message("made", Exchange((key,), reply, topic), (number,)),) if key is not None else ()
    return Event(
        number, number * 1000, "packets", Made(fields), "made", "wire", "", source, target, messages=messages
    )


def trace(*events: Event) -> Trace:
    """A trace between client (C), server (S) and other (O)."""
    return Trace(events, NODES)
