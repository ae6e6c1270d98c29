"""Handing a payload on to the protocol that a header names: by Ethernet type, or by IP protocol number."""

from .core import Short, View
from .data import dissect as rest
from .registry import tables


def by_ethertype(view: View, ethertype: int, start: int, stop: int) -> None:
    """Dissect what follows an Ethernet type (or a header that has one)."""
    layer = tables().ethertypes.get(ethertype)
    (layer.dissect if layer and not view.deep else rest)(view, start, stop)


def by_protocol(view: View, proto: int, start: int, stop: int) -> None:
    """Dissect the payload of an IP packet, by its protocol number."""
    layer = tables().protocols.get(proto)
    (layer.dissect if layer and not view.deep else rest)(view, start, stop)


def quoted(view: View, ethertype: int, start: int, stop: int) -> None:
    """Dissect the packet that an ICMP error quotes, as far as it is there: cut short is not malformed here."""
    if start >= stop:
        return
    outer, view.quoted = view.quoted, True
    try:
        by_ethertype(view, ethertype, start, stop)
    except Short:
        pass
    finally:
        view.quoted = outer
