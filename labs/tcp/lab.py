"""TCP, the handshake and what follows: Linux's own stacks, a router between two networks. The prose is in guides/tcp.md.

Break-it rounds that this lab is made for (not built yet):

- *The big ones do not get through*: the line behind the router is narrow and the router is mute. Small requests work, long ones
  hang. Evidence: in `pmtu` with icmp=muted, full segments sent again and again, and no ICMP.
- *The door is open and nobody comes in*: `plain` is under a flood, so its queue of half-open connections is full. A client's SYN
  is seen again and again, with no answer and no refusal. Evidence: SYN-ACKs to addresses that never acknowledge.
"""

from machinelab.authoring import At, Lab

from .common import LINES_FREE, WALLS_DOWN
from .connections import (
    close,
    dropped,
    fast_open,
    handshake,
    keepalive,
    refused,
    reset,
    simultaneous,
    syn_flood,
)
from .header import HEADER
from .pictures import PICTURES
from .plots import PLOTS
from .questions import QUESTIONS
from .transfers import loss, nagle, overlap, pmtu, slow_start, tail_loss, zero_window

# Everybody is spoken to once, so that ARP is done with before the first run.
GREET = (
    *(At("client", f"greet {node} 9507 hello") for node in ("server", "plain", "distant")),
    *(At("mallory", f"knock {node} 9507") for node in ("server", "plain")),
)

LAB = Lab(
    "tcp",
    (
        handshake,
        refused,
        dropped,
        close,
        loss,
        tail_loss,
        zero_window,
        slow_start,
        syn_flood,
        nagle,
        keepalive,
        fast_open,
        simultaneous,
        pmtu,
        reset,
        overlap,
    ),
    QUESTIONS,
    core=("handshake", "dropped", "close", "loss", "zero-window", "slow-start"),
    minutes=75,
    memory=60,
    warm_up=(*WALLS_DOWN, *LINES_FREE, *GREET),
    descriptions={
        "server": "echo and other services",
        "plain": "the same, without TCP options or SYN cookies",
    },
    plots=PLOTS,
    pictures=(*PICTURES, HEADER),
)
