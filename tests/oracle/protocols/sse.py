"""Server-sent events, which tshark has no names for: it keeps a stream of them back until it ends, or (told to) shows each part as bytes."""

from tests.oracle.exemptions import Packet, Protocol

AS_THEY_COME = (
    "-o http.desegment_body:FALSE"  # for a capture that holds such streams: Capture(options=AS_THEY_COME)
)
PARTS = {
    "data", "data.data", "data.len", "http.file_data", "http.chunk_size", "http.chunk_data", "http.chunk_boundary",
    "http.unknown_header", "frame.protocols",
}  # fmt: skip
BESIDE = {"http", "frame.protocols"} | PARTS


def _continues(name: str, said: Packet) -> bool:
    """Of a part of a body by itself, tshark tells nothing but its bytes, or takes its lines for headers; behind a head it shows it as a body."""
    if "http" not in said:
        return False
    if any("event-stream" in each.show for each in said.get("http.content_type", ())):
        return name in BESIDE
    known = [each for each in said if each.startswith("http.") and each not in PARTS]
    return name in PARTS and not known


EXEMPTIONS = Protocol(ours={"sse": "server-sent events: tshark has no names for them"}, unsure=_continues)
