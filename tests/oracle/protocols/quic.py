"""QUIC: where we differ from tshark on purpose."""

from tests.oracle.exemptions import Packet, Protocol


def quoted(name: str, said: Packet) -> bool:
    """Inside an ICMP error tshark goes on decrypting; we show whose packet it was."""
    return name.startswith("quic") and "icmp" in said


EXEMPTIONS = Protocol(
    places={
        "quic.coalesced_padding_data": "tshark gives where it begins",
        "quic.frame": "tshark gives a frame of the decrypted payload a place in the packet",
    },
    unsure=quoted,
)
