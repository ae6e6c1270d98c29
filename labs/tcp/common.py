"""What the experiments share: who speaks to whom, what a segment is, how lines and firewalls are put right."""

from machinelab.authoring import ARP, Alone, At, Step

CS, SC = "client > server", "server > client"
TO, FROM = "client > server|plain", "server|plain > client"
OUT, BACK = "client > distant", "distant > client"
ROUTER = "router > client"
SYN = "tcp.flags.syn == 1 and tcp.flags.ack == 0"
SYN_ACK = "tcp.flags.syn == 1 and tcp.flags.ack == 1"
BARE = "tcp.len == 0 and not tcp.flags.syn == 1 and not tcp.flags.fin == 1 and not tcp.flags.reset == 1"
DATA = "tcp.len > 0"
AGAIN = "tcp.analysis.retransmission"
MANY = (1, None)
ANY = (0, None)
QUIET = (ARP,)

WALLS_DOWN = tuple(At(node, "firewall off") for node in ("server", "plain", "router", "mallory"))
LINES_FREE = tuple(At(node, "line off") for node in ("client", "server", "router"))


def opening(to: str, back: str) -> tuple[Step, Step, Step]:
    """The three packets of the handshake."""
    return (
        Step("syn", to, SYN, alone=Alone("syn", f"{SYN} and tcp.options")),
        Step("syn-ack", back, SYN_ACK, alone=Alone("syn-ack", SYN_ACK)),
        Step("established", to, BARE),
    )
