"""Realtime communication: how soon a server can say something first. The prose is in guides/realtime.md."""

from machinelab.authoring import At, Lab

from .pictures import PICTURES, PLOTS
from .questions import QUESTIONS
from .trouble import buffered, lost, resume
from .ways import channel, compare, events, long_poll, poll, websocket

# Every pair that will speak does so once, so that ARP is done with before the first run.
GREET = (
    At("server", "prepare 1 0.01 100"),
    At("client", "listen events 1"),
    At("client", "listen events 1 proxy/off/events"),
)

LAB = Lab(
    "realtime",
    (poll, long_poll, events, resume, websocket, channel, compare, buffered, lost),
    QUESTIONS,
    core=("poll", "long-poll", "events", "resume", "websocket", "channel"),
    minutes=55,
    memory=180,
    warm_up=GREET,
    plots=PLOTS,
    pictures=PICTURES,
    descriptions={
        "client": "a listener (Python: aiohttp, aiortc)",
        "server": "a server with news (Python: aiohttp, aiortc)",
        "proxy": "a reverse proxy (nginx)",
    },
)
