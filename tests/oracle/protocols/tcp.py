"""TCP and what tshark thinks of its connections."""

from tests.oracle.exemptions import Packet, Protocol
from tests.oracle.protocols.frame import OPINION


def last_data(name: str, said: Packet) -> bool:
    """The bytes in flight of data that is sent again together with a FIN: tshark counts the FIN once so, once otherwise."""
    fin = any(item.show in ("1", "True") for item in said.get("tcp.flags.fin", ()))
    return name == "tcp.analysis.bytes_in_flight" and fin and "tcp.analysis.retransmission" in said


EXEMPTIONS = Protocol(
    left_out={
        "tcp.connection.": OPINION,
        **dict.fromkeys(("tcp.options.sack_perm.absent", "tcp.options.sack_perm.present"), OPINION),
        **dict.fromkeys(("tcp.options.mss.absent", "tcp.options.mss.present", "tcp.option.len.invalid", "tcp.ack.nonzero"), OPINION),
    },
    places={"tcp.pdu.size": "of a message that spans segments, tshark gives a place in a buffer that it is not in"},
    presence={"tcp.analysis.duplicate_ack": "PDML has it twice, as a field and as an expert's opinion"},
    unsure=last_data,
)  # fmt: skip
