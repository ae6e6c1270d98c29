"""Event loops: what runs next, and who waits meanwhile. The prose is in guides/event-loops.md."""

from machinelab.authoring import At, Lab

from .blocking import asyncio, blocked, starve, worker
from .pictures import PICTURES, PLOTS
from .questions import QUESTIONS
from .threads import lookups, pool
from .turning import cycle, order, race

# Every pair that will speak does so once, so that ARP is done with before the first run.
GREET = (
    At("client", "ask server /lookups?names=1"),
    At("client", "ask python /quick"),
)

LAB = Lab(
    "event-loops",
    (order, cycle, blocked, starve, pool, worker, lookups, race, asyncio),
    QUESTIONS,
    core=("order", "cycle", "blocked", "starve", "pool", "worker"),
    minutes=45,
    memory=150,
    warm_up=GREET,
    plots=PLOTS,
    pictures=PICTURES,
    descriptions={
        "client": "asks for two pages at a time (Python)",
        "server": "a server (Node.js)",
        "python": "a server (Python's asyncio)",
        "names": "a resolver (dnsmasq)",
    },
)
