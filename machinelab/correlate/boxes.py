"""Who forwards: the frames that were sent to a node, and those that it sent, by hardware address."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..dissect.packet import Packet
from ..model import Trace
from .fingerprints import Fingerprint, fingerprint


@dataclass(slots=True)
class Box:
    """A node (its name; empty: not known) with all frames that arrived at it and all that left it, in time order."""

    node: str
    arrived: list[Fingerprint] = field(default_factory=list)
    left: list[Fingerprint] = field(default_factory=list)


def forwarders(trace: Trace) -> Iterator[Box]:
    """Every node that frames arrive at and leave from. Where nobody knows who is who, one box stands for all of them."""
    names = trace.names()
    packets = [(event, event.content.info) for event in trace.events if isinstance(event.content, Packet)]
    if not names and len({info.frame.source.index for _, info in packets}) < 2:
        return  # one wire, and nobody known: what passed a router was not there to be seen
    boxes: dict[str, Box] = {}
    for event, info in packets:
        found = fingerprint(info, event.uncertainty)
        if found is None or found.ttl == 0:
            continue
        sender, receiver = found.link
        if not names:
            sender = receiver = ""
        # To everybody is to nobody who forwards.
        elif receiver not in names or sender not in names:
            continue
        boxes.setdefault(names.get(receiver, ""), Box(names.get(receiver, ""))).arrived.append(found)
        boxes.setdefault(names.get(sender, ""), Box(names.get(sender, ""))).left.append(found)
    yield from (box for _, box in sorted(boxes.items()) if box.arrived and box.left)
