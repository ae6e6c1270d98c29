"""NAT traversal: two homes behind translators, and what gets through. The prose is in guides/nat.md."""

from machinelab.authoring import At, Lab

from .peers import blocked, ice, punch, relay
from .pictures import PICTURES
from .questions import QUESTIONS
from .translators import behaviour, carrier, expiry, forward, hairpin, outbound, stun, tcp

PLAIN_BOXES = (At("nat-a", "nat"), At("nat-b", "nat"), At("cgn", "nat"))
# Everybody is spoken to once, so that ARP is done with before the first run.
GREET = (
    *(At(node, "peer fetch", parallel=node != "alice") for node in ("alice", "anna", "bob", "stranger")),
    *(At(node, "peer mirror", parallel=node != "alice") for node in ("alice", "anna", "bob")),
    At("nat-a", "nat upstream=carrier"),
    At("alice", "peer fetch"),
    At("nat-a", "nat"),
)

LAB = Lab(
    "nat",
    (outbound, expiry, stun, behaviour, punch, blocked, carrier, hairpin, tcp, forward, ice, relay),
    QUESTIONS,
    core=("outbound", "stun", "punch", "blocked", "ice", "relay"),
    minutes=60,
    pictures=PICTURES,
    memory=60,
    warm_up=(*PLAIN_BOXES, *GREET),
    descriptions={
        "alice": "a host of home A",
        "anna": "another host of home A",
        "bob": "a host of home B",
        "nat-a": "home A's translator (nftables)",
        "nat-b": "home B's translator (nftables)",
        "cgn": "the carrier's translator (nftables)",
        "server": "where peers meet",
        "stun": "coturn, with two addresses",
        "stranger": "somebody outside",
    },
)
