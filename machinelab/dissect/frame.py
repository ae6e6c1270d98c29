"""The frame itself: when it was seen, where, how long it is. None of this stands in its bytes."""

from .core import PacketInfo, Raw, View
from .data import dissect as rest
from .registry import tables

# Wireshark's own numbers for what pcap calls link types (wiretap/wtap.h).
ENCAPSULATIONS = {
    0: 15, 1: 1, 2: 184, 3: 148, 6: 2, 7: 8, 8: 3, 9: 4, 10: 6, 11: 10, 12: 7, 13: 38,
    14: 7, 16: 11, 18: 11, 19: 11, 32: 69, 50: 4, 51: 139, 99: 61, 100: 10, 101: 7, 104: 28, 105: 20,
    106: 11, 107: 26, 108: 174, 109: 38, 112: 28, 113: 25, 114: 30, 117: 39, 118: 29, 119: 21, 121: 32, 122: 18,
    123: 13, 127: 23, 128: 37, 129: 9, 130: 81, 131: 82, 133: 87, 135: 68, 136: 151, 137: 67, 138: 62, 139: 75,
    140: 42, 141: 43, 142: 101, 143: 33, 147: 45, 148: 46, 149: 47, 150: 48, 151: 49, 152: 50, 153: 51, 154: 52,
    155: 53, 156: 54, 157: 55, 158: 56, 159: 57, 160: 58, 161: 59, 162: 60, 163: 24, 165: 63, 167: 76, 169: 66,
    170: 178, 171: 179, 172: 77, 173: 78, 178: 83, 179: 84, 180: 85, 181: 86, 183: 91, 184: 181, 186: 92, 187: 41,
    188: 93, 189: 95, 190: 109, 192: 97, 195: 104, 196: 100, 197: 98, 199: 103, 200: 197, 201: 99, 202: 147, 203: 131,
    204: 19, 209: 112, 210: 106, 211: 108, 212: 107, 213: 111, 214: 105, 215: 113, 220: 115, 224: 121, 225: 122, 226: 124,
    227: 125, 228: 129, 229: 130, 230: 127, 231: 146, 235: 132, 236: 133, 237: 157, 239: 141, 240: 135, 241: 136, 242: 180,
    243: 138, 245: 140, 248: 149, 249: 152, 250: 153, 251: 154, 252: 155, 253: 158, 254: 159, 255: 160, 256: 161, 258: 171,
    259: 172, 260: 173, 264: 177, 266: 182, 268: 36, 270: 183, 271: 185, 272: 186, 273: 199, 274: 198, 275: 200, 276: 210,
    279: 204, 280: 205, 283: 206, 287: 211, 288: 208, 289: 220, 290: 212, 292: 214, 293: 215, 294: 216, 295: 217,
}  # fmt: skip


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
