"""Load balancing: the same work shared out below TCP and above HTTP. The prose is in guides/load-balancing.md.

Two faults that a break-it round could put in (they are described here, and not built):

- A server that is well when it is asked and ill when it works: `mood orders=lose` on one of them. Checks ask for `/health` and find
  nothing; a third of all orders has no answer. What tells it from a dead server is that its connections are accepted, and that
  the log has SH-- beside checks that never fail. Passive checks (`checks=passive`) find it.
- A hash that everybody shares: all clients come by one address (`affinity=source`, and only bob asks). One server does
  all the work, two are idle, and every check is green. The packets show one key; the log shows one server.
"""

from machinelab.authoring import At, Lab

from .common import WEBS
from .failing import comeback, drain, failover, order
from .pictures import PICTURES
from .plots import PLOTS
from .questions import QUESTIONS
from .sharing import affinity, doors, kept, keys, slow, turns

# Every pair that will speak does so once, so that ARP is done with before the first run.
GREET = tuple(
    At(client, f"ask --times 3 http://{door}/")
    for client in ("alice", "bob")
    for door in ("l4", "l7", "l7:8080", "l7:3128")
)

LAB = Lab(
    "load-balancing",
    (doors, turns, slow, keys, affinity, kept, failover, comeback, drain, order),
    QUESTIONS,
    core=("doors", "turns", "slow", "failover", "order"),
    minutes=55,
    memory=80,
    warm_up=GREET,
    plots=PLOTS,
    pictures=PICTURES,
    descriptions={
        "alice": "a client",
        "bob": "another client",
        "l4": "a balancer that turns addresses (nftables)",
        "l7": "a balancer that reads requests (HAProxy)",
        **dict.fromkeys(WEBS, "a server (nginx)"),
    },
)
