"""WebSockets: how a request becomes a conversation. The prose is in guides/websockets.md."""

from machinelab.authoring import At, Lab

from .ending import closes, idle, slow_reader
from .pictures import PICTURES, PLOTS
from .questions import QUESTIONS
from .talking import compress, fragments, frames, upgrade

# Every pair that will speak does so once, so that ARP is done with before the first run.
GREET = (
    At("client", "converse ws://server/echo close:1000"),
    At("client", "converse ws://proxy/echo close:1000"),
)

LAB = Lab(
    "websockets",
    (upgrade, frames, fragments, compress, closes, idle, slow_reader),
    QUESTIONS,
    core=("upgrade", "frames", "fragments", "closes", "idle", "slow-reader"),
    minutes=50,
    memory=60,
    warm_up=GREET,
    plots=PLOTS,
    pictures=PICTURES,
    descriptions={
        "client": "a client (Python's websockets)",
        "server": "a server (Python's websockets)",
        "proxy": "a reverse proxy (nginx)",
    },
)
