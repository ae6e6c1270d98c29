"""The HTTP lab's references."""

from tests.oracle.exemptions import Capture

PIPELINED = "tshark ties pipelined requests to the reply that comes next, and tells the last one's address"
REQUESTS = (
    "http",
    "http.request.full_uri",
    "http.request.uri",
    "http.request_in",
    "http.response_in",
    "http.time",
)
UNTOLD = "tshark does not say where a message is complete of which a record holds the end of one and a part of another"
AGAIN = "tshark counts the bytes that came again as a part of the message once more"
MESSAGES = ("quic.fragment", "quic.fragment.count", "quic.fragment.overlap", "quic.reassembled_in")
# Else it gives up the rest of a connection at a hole that is filled later.
ORDERED = "-o tcp.reassemble_out_of_order:TRUE"
FRAMES = range(1, 1000)

SET_FREE = "tshark takes all that a filled hole sets free for one piece, where we tell its records apart"
RECORDS = (
    "tcp.reassembled.data", "tcp.reassembled.length", "tcp.segment", "tcp.segment.count", "tcp.segments", "tls.app_data",
    "tls.reassembled.data", "tls.reassembled.length", "tls.record", "tls.record.length", "tls.record.opaque_type",
    "tls.record.version", "tls.segment", "tls.segments",
)  # fmt: skip
TWICE = "tshark leaves out a segment that came once more although it had arrived"
COPIES = ("tcp.segment", "tcp.segment.count", "tcp.segment.overlap", "tcp.reassembled_in")


def everywhere(reason: str, *names: str) -> dict[tuple[int, str], str]:
    """The fields in any packet: which one it is depends on the run."""
    return {(number, name): reason for number in FRAMES for name in names}


EXEMPTIONS = {
    "streams": Capture(different=everywhere(UNTOLD, "tls.reassembled_in")),
    "lost": Capture(
        different=everywhere(UNTOLD, "tls.reassembled_in") | everywhere(SET_FREE, *RECORDS), options=ORDERED
    ),
    "lost@protocol=h3": Capture(different=everywhere(AGAIN, *MESSAGES)),
    "lost@protocol=h1": Capture(different=everywhere(TWICE, *COPIES), options=ORDERED),
    **{
        name: Capture(different=everywhere(PIPELINED, *REQUESTS))
        for name in ("pipelining", "pipelining@first=%2Fapp%2Fquick")
    },
}
