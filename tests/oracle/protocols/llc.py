"""802.3 frames, and lengths that contradict them."""

from tests.oracle.exemptions import Packet, Protocol
from tests.oracle.protocols.frame import OPINION


def numbered_otherwise(name: str, said: Packet) -> bool:
    """Of an 802.3 frame tshark numbers the pair of stations by what is inside it, which is another pair's number."""
    return name == "eth.stream" and "eth.len" in said


EXEMPTIONS = Protocol(
    left_out=dict.fromkeys(("ip.bogus_ip_length", "ip.bogus_header_length"), OPINION),
    unsure=numbered_otherwise,
)
