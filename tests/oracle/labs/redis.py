"""The redis lab: where we differ from tshark on purpose."""

from tests.oracle.exemptions import Capture

SNAPSHOT = "a snapshot has no CR LF behind it: tshark takes the next two bytes for one, waits for them, and is two bytes late from there"
FEWER = "asked for the filter alone, tshark finds fewer packets of this capture than it shows these fields of"
LATE = (
    "_ws.malformed", "frame.protocols", "resp", "resp.array", "resp.array.length", "resp.bulk_string", "resp.bulk_string.length",
    "resp.bulk_string.value", "tcp.reassembled.data", "tcp.reassembled.length", "tcp.reassembled_in", "tcp.segment",
    "tcp.segment.count", "tcp.segment_data", "tcp.segments",
)  # fmt: skip


def late(*numbers: int) -> Capture:
    """The packets with a snapshot and with what comes after it, up to where tshark is on the track again."""
    return Capture(
        different={(number, name): SNAPSHOT for number in numbers for name in LATE},
        filters=dict.fromkeys(("resp", "resp.array"), FEWER),
    )


EXEMPTIONS = {
    "replica": late(27, 29, 35),
    "replica@gap=large": late(27, 29, 35, 131, 133),
}
