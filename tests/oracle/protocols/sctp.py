"""SCTP in DTLS, and the messages that open a data channel."""

from tests.oracle.exemptions import Protocol
from tests.oracle.protocols.frame import OPINION

EXEMPTIONS = Protocol(
    # By itself tshark knows no SCTP in DTLS, whose ports are whatever ICE has found.
    options="-d dtls.port==1-65535,sctp -o 'sctp.checksum:CRC 32c'",
    left_out={
        "sctp.retransmission.expert": OPINION,
        "sctp.retransmission.more_than_twice": OPINION,
        "sctp.assoc_index": "in DTLS tshark does not count associations",
    },
    places={
        "sctp.fragment": "tshark gives the part of a message a place in a buffer that it does not show",
    },
)
