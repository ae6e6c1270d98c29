"""HTTP/2: where we differ from tshark on purpose."""

from machinelab.fields.http2 import FIELDS
from tests.oracle.exemptions import Packet, Protocol

DECOMPRESSED = "tshark gives decompressed headers offsets that add the frame's own to those in their buffer"
RECKONED = "tshark counts one of several frames in a packet, and goes on from there"
BLOCK = "tshark gives what it counts of a block the first byte of its frame"


def inside_tls(name: str, said: Packet) -> bool:
    """Of frames inside TLS, tshark gives the sizes as if TCP had cut them out, and names the protocol once more for some."""
    return name in ("tcp.pdu.size", "frame.protocols") and "http2" in said and "tls" in said


EXEMPTIONS = Protocol(
    ours_alone={
        "http2.cut": "we say what of a body is not shown",
        "http2.header.encoded": "so that `--redact` masks a secret where it stands encoded",
    },
    values={"http2.magic": lambda said: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    places={
        **{
            name: DECOMPRESSED
            for name in FIELDS
            if name.startswith(
                ("http2.header.name", "http2.header.value", "http2.header.unescaped", "http2.headers.")
            )
        },
        "http2.body.fragments": "of a body in several records, tshark gives a place that adds the record's own",
        "http2.data.data": "tshark gives a decoded body its place in the frame",
        "http2.header.length": BLOCK,
        "http2.header.count": BLOCK,
    },
    presence={
        f"http2.calculated.{kind}.window_size.{when}": RECKONED
        for kind in ("connection", "stream")
        for when in ("before", "after")
    },
    unsure=inside_tls,
)
