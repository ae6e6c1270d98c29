"""RESP: where we differ from tshark on purpose. tshark 4.4 knows version 2; Wireshark 4.6 knows 3, and its names are ours."""

from machinelab.fields.resp import OURS, WIRESHARKS
from tests.oracle.exemptions import Packet, Protocol

VERSION_3 = (
    "null", "boolean", "double", "big_number", "bulk_error", "verbatim_string", "set", "push", "map", "attribute",
)  # fmt: skip
SNAPSHOT = "5245444953"  # "REDIS"


def half_read(name: str, said: Packet) -> bool:
    """Whether tshark has read the packet half: the beginning of an array that goes on in the next one, or a snapshot.

    A snapshot has no CR LF behind it; tshark takes the first two bytes of what follows for one, and is off the track from there.
    """
    if not name.startswith("resp"):
        return False
    snapshot = any(item.value.startswith(SNAPSHOT) for item in said.get("resp.bulk_string.value", ()))
    return snapshot or bool(said.keys() & {"resp.reassembled_in_next_frame", "resp.partial"})


EXEMPTIONS = Protocol(
    ours_alone={
        **dict.fromkeys(
            OURS,
            "what RESP leaves to the reader: which command, which reply is whose, text in place of bytes",
        ),
        **{
            name: "of RESP3, which tshark 4.4 does not know"
            for name in WIRESHARKS
            if name.split(".")[1:2] and name.split(".")[1] in VERSION_3
        },
    },
    left_out={
        "resp.fragment": "tshark's word for a line that it does not know: RESP3, or a request as a person types it",
        "resp.reassembled_in_next_frame": "tshark shows the beginning of an array twice, in both its packets",
        "resp.partial": "the same of a string",
    },
    presence={"resp": "tshark has one item for all messages of a packet"},
    unsure=half_read,
)
