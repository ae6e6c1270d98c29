"""The frame itself: when it was seen, where, how long it is. None of this stands in its bytes."""

from ..model import Field
from .core import Note, View
from .registry import tables

# Wireshark's own numbers for what pcap calls link types (wiretap/wtap.h).
ENCAPSULATIONS = {1: 1, 0: 15, 101: 7, 108: 174, 113: 25, 228: 129, 229: 130, 276: 210}


def dissect(view: View) -> None:
    """The frame's fields, then its link layer's, and all that follows."""
    note, out = view.note, view.out
    out.extend(_fields(note))
    place = len(out) - 1
    layer = tables().links.get(note.frame.source.link)
    if layer:
        layer.dissect(view, 0, len(view.data))
    else:
        from .data import dissect as rest

        rest(view, 0, len(view.data))
    out[place] = Field("frame.protocols", ":".join(view.protocols), group="frame")


def _fields(note: Note) -> list[Field]:
    source, time = note.frame.source, note.time
    captured = len(note.data)
    fields = [Field("frame", "", 0, captured, group="frame")]
    if source.described:
        fields += [
            Field("frame.section_number", source.section, group="frame"),
            Field("frame.interface_id", source.index, group="frame"),
        ]
        if source.name:
            fields.append(Field("frame.interface_name", source.name, group="frame"))
    fields += [
        Field("frame.encap_type", ENCAPSULATIONS.get(source.link, 0), group="frame"),
        Field("frame.time_epoch", time, group="frame"),
        Field("frame.time_delta", time - note.previous, group="frame"),
        Field("frame.time_relative", time - note.first, group="frame"),
        Field("frame.number", note.number, group="frame"),
        Field("frame.len", note.frame.length, group="frame"),
        Field("frame.cap_len", captured, group="frame"),
        Field("frame.protocols", "", group="frame"),
    ]
    return fields
