"""DTLS records and handshake messages."""

from tests.oracle.exemptions import Protocol
from tests.oracle.protocols.frame import OPINION
from tests.oracle.protocols.tls import ENCRYPTED, MADE_UP

REASSEMBLED = "of a message that spans records, tshark gives a place in the packet that it is not in"

EXEMPTIONS = Protocol(
    left_out={
        **dict.fromkeys(
            ("dtls.handshake.ja3", "dtls.handshake.ja3_full", "dtls.handshake.ja3s", "dtls.handshake.ja3s_full",
             "dtls.handshake.ja4", "dtls.handshake.ja4_r"),
            MADE_UP,
        ),
        "dtls.handshake.legacy_version": OPINION,
        "dtls.app_data_proto": "tshark's guess at what is inside, by port",
    },
    ours={"dtls.derived": "what is worked out from the key log: Wireshark works it out too, and keeps it to itself"},
    places={
        "dtls.handshake": ENCRYPTED,
        "dtls.alert_message": ENCRYPTED,
        "dtls.fragments": REASSEMBLED,
        "dtls.handshake.certificates": REASSEMBLED,
        "dtls.handshake.certificates_length": REASSEMBLED,
        "dtls.handshake.client_cert_vrfy.sig": REASSEMBLED,
        "dtls.handshake.client_cert_vrfy.sig_len": REASSEMBLED,
        "dtls.handshake.sig_hash_alg": REASSEMBLED,
    },
)  # fmt: skip
