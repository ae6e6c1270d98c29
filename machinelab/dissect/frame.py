"""The frame itself: when it was seen, where, how long it is. None of this stands in its bytes."""

from .core import PacketInfo, Raw, View
from .data import dissect as rest
from .registry import tables

# Wireshark's own numbers for what pcap calls link types (wiretap/wtap.h).
ENCAPSULATIONS = {1: 1, 0: 15, 101: 7, 108: 174, 113: 25, 228: 129, 229: 130, 276: 210}


def dissect(view: View) -> None:
    """The frame's fields, then its link layer's, and all that follows."""
    info, out = view.info, view.out
    out.extend(_fields(info))
    place = len(out) - 1
    layer = tables().links.get(info.frame.source.link)
    try:
        (layer.dissect if layer else rest)(view, 0, len(view.data))
    finally:  # also where a header is cut short
        out[place] = ("frame.protocols", ":".join(view.protocols), 0, 0, "frame", 0, "frame")


def _fields(info: PacketInfo) -> list[Raw]:
    source, time = info.frame.source, info.time
    captured = len(info.data)
    fields: list[Raw] = [("frame", "", 0, captured, "frame", 0, "frame")]
    if source.described:
        fields += [
            ("frame.section_number", source.section, 0, 0, "frame", 0, "frame"),
            ("frame.interface_id", source.index, 0, 0, "frame", 0, "frame"),
        ]
        if source.name:
            fields.append(("frame.interface_name", source.name, 0, 0, "frame", 0, "frame"))
    fields += [
        ("frame.encap_type", ENCAPSULATIONS.get(source.link, 0), 0, 0, "frame", 0, "frame"),
        ("frame.time_epoch", time, 0, 0, "frame", 0, "frame"),
        ("frame.time_delta", time - info.previous, 0, 0, "frame", 0, "frame"),
        ("frame.time_relative", time - info.first, 0, 0, "frame", 0, "frame"),
        ("frame.number", info.number, 0, 0, "frame", 0, "frame"),
        ("frame.len", info.frame.length, 0, 0, "frame", 0, "frame"),
        ("frame.cap_len", captured, 0, 0, "frame", 0, "frame"),
        ("frame.protocols", "", 0, 0, "frame", 0, "frame"),
    ]
    return fields
