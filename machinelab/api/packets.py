"""A run's packets as Scapy's own, each with the step and the sentence that the guide has for it."""

from collections.abc import Callable

import scapy.layers.dns
import scapy.layers.inet
import scapy.layers.inet6
import scapy.layers.l2  # noqa: F401 - each tells the others what may follow it
from scapy.config import conf
from scapy.packet import Packet
from scapy.plist import PacketList
from scapy.utils import EDecimal

from ..model import Event
from ..render.pcapng import link_type


class AnnotatedPackets(PacketList):
    """Scapy's list, but `filter` asks about the packets themselves, not (as Scapy's does) about copies without step and sentence."""

    def filter(self, func: Callable[..., bool]) -> "AnnotatedPackets":
        """The packets for which a function is true."""
        kept = [packet for packet in self.res if func(packet)]
        return AnnotatedPackets(kept, f"filtered {self.listname}")


def packet(event: Event, step: str, sentence: str, comment: str) -> Packet:
    """An event's frame as Scapy dissects it; bytes of a link layer that Scapy does not know stay Raw."""
    layer = conf.l2types.num2layer.get(link_type(event), conf.raw_layer)
    found: Packet = layer(event.content.buffers()["frame"])
    found.time = EDecimal(event.time) / 10**9
    found.wirelen = int(event["frame.len"]) if "frame.len" in event else None
    found.sniffed_on = event.network or None
    found.comments = [comment.encode()] if comment else None
    # By Packet's own __setattr__ a layer above that has a field of this name would get it.
    object.__setattr__(found, "step", step)
    object.__setattr__(found, "sentence", sentence)
    return found
