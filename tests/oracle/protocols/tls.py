"""TLS records and handshake messages."""

from tests.oracle.exemptions import Protocol
from tests.oracle.protocols.frame import OPINION

MADE_UP = "fingerprints that people have thought up: nothing in the packet, nothing in a standard"
ENCRYPTED = "of a message that was encrypted, tshark gives a place in the packet that it is not in"

EXEMPTIONS = Protocol(
    left_out={
        **dict.fromkeys(
            ("tls.handshake.ja3", "tls.handshake.ja3_full", "tls.handshake.ja3s", "tls.handshake.ja3s_full",
             "tls.handshake.ja4", "tls.handshake.ja4_r"),
            MADE_UP,
        ),
        "tls.handshake.legacy_version": OPINION,
        "tls.app_data_proto": "tshark's guess at what is inside, by port",
        "tls.segment.data": "tcp.segment_data under another name",
    },
    ours={"tls.derived": "what is worked out from the key log: Wireshark works it out too, and keeps it to itself"},
    places={
        "tls.handshake": ENCRYPTED,
        "tls.handshake.fragments": "tshark gives a place in a buffer that it is not in",
        "tls.alert_message": ENCRYPTED,
        "tls.handshake.key_update.request_update": ENCRYPTED,
        "tls.record.content_type": "of an encrypted record, tshark gives the place of the type that stands outside",
    },
    presence={"tls": "tshark has one for each run of records, we for each record"},
)  # fmt: skip
