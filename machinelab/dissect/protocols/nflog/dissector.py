"""Linux's netfilter log (NFLOG): what a firewall rule noted, a packet among its attributes. tcpdump.org, LINKTYPE_NFLOG."""

from ....model import Field
from ...core import Layer, Short, View
from ...layers import by_ethertype
from ...links import IPV4, IPV6

FAMILIES = {2: IPV4, 10: IPV6}
PAYLOAD = 9


def dissect(view: View, start: int, stop: int) -> None:
    """Family, version, resource; the attributes; the packet that one of them holds."""
    view.protocols.append("nflog")
    if stop - start < 4:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    view.out += (
        Field("nflog", "", at, stop, buffer, 0, "nflog"),
        Field("nflog.family", data[at], at, at + 1, buffer, 0, "nflog"),
        Field("nflog.version", data[at + 1], at + 1, at + 2, buffer, 0, "nflog"),
        Field("nflog.res_id", data[at + 2] << 8 | data[at + 3], at + 2, at + 4, buffer, 0, "nflog"),
    )
    inside, place = (0, 0), at + 4
    while stop - place >= 4:
        size, kind = data[place] | data[place + 1] << 8, data[place + 2] | data[place + 3] << 8
        end = place + size
        if size < 4 or end > stop:
            raise Short
        view.out += (
            Field("nflog.tlv", data[place:end], place, end, buffer, 0, "nflog"),
            Field("nflog.tlv_length", size, place, place + 2, buffer, 0, "nflog"),
            Field("nflog.tlv_type", kind & 0x7FFF, place + 2, place + 4, buffer, 0x7FFF, "nflog"),
        )
        if kind & 0x7FFF == PAYLOAD:
            inside = place + 4, end
        place += size + 3 & ~3
    if inside[0]:
        by_ethertype(view, FAMILIES.get(data[at], -1), *inside)


LAYERS = (Layer("nflog", dissect, links=(239,)),)
