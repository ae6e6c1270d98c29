"""What all experiments share: the wire they run on, the keys they are read with, what is beside the point."""

from dataclasses import replace

from machinelab.authoring import ARP, At, Background, Gather, Step

WAY, BACK = "client > wire > edge", "edge > wire > client"
KEYS = Gather("client", "keys", "cat /run/http/keys.log")
FORGET = At("client", "truncate -s 0 /run/http/keys.log /run/http/loads.log")

TLS = Background("handshake", "tcp and tls and not http2 and not http", "client|edge > client|edge")
H2_SETUP = Background("h2-setup", "http2.magic or http2.type in {4, 6, 7, 8}", "client|edge > client|edge")
QUIC_HANDSHAKE = Background("quic-handshake", "udp and tls.handshake.type", "client|edge > client|edge")
H3_SETUP = Background("h3-setup", "http3.stream_uni_type or http3.settings", "client|edge > client|edge")
QUIC_REST = Background(
    "quic-rest", "quic and not http3.frame_type and not tls.handshake.type", "client|edge > client|edge|wire"
)
TOO_LATE = Background("too-late", "icmp.type == 3", "client > edge")

OVER_TLS = (ARP, TLS, H2_SETUP)
OVER_QUIC = (ARP, QUIC_HANDSHAKE, H3_SETUP, QUIC_REST, TOO_LATE)


def wire(settings: str = "delay=20") -> At:
    """What the router does from now on."""
    return At("wire", f"wire set {settings}")


def get(words: str) -> At:
    """The client loads something."""
    return At("client", f"get {words}")


def where(condition: str, *steps: Step) -> tuple[Step, ...]:
    """The steps, in runs whose knobs are so."""
    return tuple(replace(step, when=condition) for step in steps)
