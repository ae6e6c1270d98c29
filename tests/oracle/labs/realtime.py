"""The realtime lab's references: those with a stream of events, which tshark is told to show as it comes."""

from tests.oracle.exemptions import Capture
from tests.oracle.protocols.sse import AS_THEY_COME

STREAMS = (
    "events", "resume", "resume@history=no", "compare", "compare@size=600",
    "buffered", "buffered@proxy=off%2Fevents", "buffered@proxy=chunks%2Fevents", "buffered@proxy=plain%2Fevents%3Fasked%3D1",
)  # fmt: skip

LAST = "tshark shows no last chunk of a body that it is told to show as it comes"

EXEMPTIONS = {name: Capture(options=AS_THEY_COME, filters={"http.chunk_size == 0": LAST}) for name in STREAMS}
