"""RESP: where we differ from tshark on purpose. tshark 4.4 knows version 2; Wireshark 4.6 knows 3, and its names are ours."""

from machinelab.dissect.protocols.resp.values import Scan
from machinelab.fields.resp import OURS, WIRESHARKS
from tests.oracle.exemptions import Packet, Protocol

VERSION_3 = (
    "null", "boolean", "double", "big_number", "bulk_error", "verbatim_string", "set", "push", "map", "attribute",
)  # fmt: skip
SNAPSHOT = "5245444953"  # "REDIS"
PLACED = ("resp", "tcp.segment", "tcp.reassembled")


def half_read(name: str, said: Packet) -> bool:
    """Whether tshark has read the packet half, or puts its fields elsewhere.

    The beginning of an array that goes on in the next packet; a snapshot, which has no CR LF behind it, so that tshark takes the first
    two bytes of what follows for one; an array around a map, of which it counts the lines (it knows no map). And a request that spans
    two segments of a pipeline: tshark puts all others of the second segment into the same reassembled buffer, and names the protocol
    twice where it has read in two goes.
    """
    if name == "frame.protocols":
        return any(item.show.endswith(":resp:resp") for item in said.get(name, ()))
    if not name.startswith(PLACED) or "resp" not in said:
        return False
    if not name.startswith("resp"):
        return pipelined(said)
    snapshot = any(item.value.startswith(SNAPSHOT) for item in said.get("resp.bulk_string.value", ()))
    nested = name == "resp.array" and "resp.fragment" in said
    return (
        snapshot
        or nested
        or pipelined(said)
        or bool(said.keys() & {"resp.reassembled_in_next_frame", "resp.partial"})
    )


def pipelined(said: Packet) -> bool:
    """Whether what tshark has reassembled holds more than the message that spans segments."""
    whole = [bytes.fromhex(item.value) for item in said.get("tcp.reassembled.data", ())]
    return any(0 < Scan().size(data, 0) < len(data) for data in whole)


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
