"""Server-sent events, which tshark has no names for: it keeps a stream of them back until it ends, or (told to) shows each part as bytes."""

from collections.abc import Sequence

from tests.oracle.exemptions import Packet, Protocol

AS_THEY_COME = (
    "-o http.desegment_body:FALSE"  # for a capture that holds such streams: Capture(options=AS_THEY_COME)
)
PARTS = (
    "data",
    "data.data",
    "data.len",
    "http.file_data",
    "http.chunk_size",
    "http.chunk_data",
    "http.chunk_boundary",
    "frame.protocols",
)


def _continues(name: str, said: Packet) -> bool:
    """Of a part of a body by itself, tshark tells nothing but its bytes."""
    known: Sequence[str] = [each for each in said if each.startswith("http.") and each != "http.file_data"]
    return name in PARTS and "http" in said and "http.file_data" in said and not known


EXEMPTIONS = Protocol(ours={"sse": "server-sent events: tshark has no names for them"}, unsure=_continues)
