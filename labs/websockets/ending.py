"""How a conversation ends, well and otherwise; and what happens to one that nobody says anything in, or nobody listens to."""

from machinelab.authoring import At, Choice, Experiment, Gather, Step

from . import headlines
from .common import (
    BACK,
    CLOSE,
    MASKED,
    NOISE,
    PING,
    PONG,
    STATUS,
    TEXT,
    UNMASKED,
    WAY,
    closing,
    converse,
    opening,
    where,
)

closes = Experiment(
    "closes",
    "Five ways to end",
    headline=headlines.closes,
    run=converse("ws://server/bye", "text:hi", "read", "leave:{how}"),
    knobs={"how": Choice(("server", "client", "big", "broken", "vanish"))},
    telling=("server-closes", "leaves", "server-refuses", "server-complains", "gone"),
    background=NOISE,
    steps=(
        *opening(),
        Step("hi", WAY, TEXT),
        Step("hi-back", BACK, TEXT, same={"websocket.payload.text": "hi"}),
        *where(
            "how == server",
            Step("bye", WAY, TEXT),
            Step("server-closes", BACK, f"{CLOSE} and {STATUS} == 4001"),
            Step("client-agrees", reply_to="server-closes", sees=f"{CLOSE} and {MASKED}", same=STATUS),
        ),
        *where(
            "how == client",
            Step("leaves", WAY, f"{CLOSE} and {STATUS} == 1001"),
            Step("leaves-back", reply_to="leaves", sees=CLOSE, same=STATUS),
        ),
        *where(
            "how == big",
            Step("too-big", WAY, f"{TEXT} and websocket.payload_length_ext_16 == 3000"),
            Step("server-refuses", BACK, f"{CLOSE} and {STATUS} == 1009"),
            Step("refusal-heard", reply_to="server-refuses", sees=CLOSE, same=STATUS),
        ),
        *where(
            "how == broken",
            Step("no-text", WAY, TEXT),
            Step("server-complains", BACK, f"{CLOSE} and {STATUS} == 1007"),
            Step("complaint-heard", reply_to="server-complains", sees=CLOSE, same=STATUS),
        ),
        *where(
            "how == vanish",
            Step("gone", WAY, "tcp.flags.reset == 1"),
            Step("no-close", "client|server > client|server", CLOSE, times=(0, 0)),
        ),
    ),
)

THROUGH, BACK_THROUGH = "client > proxy > server", "server > proxy > client"

idle = Experiment(
    "idle",
    "Nobody says anything, and a proxy counts",
    headline=headlines.idle,
    run=converse("ws://proxy/echo", "text:hello-from-the-other-side-of-the-proxy", "read", "rest:{rest}"),
    knobs={"rest": Choice(("quiet", "beat"))},
    telling=("cut", "cut-behind", "beat"),
    background=NOISE,
    steps=(
        *opening(THROUGH),
        Step("hi", THROUGH, TEXT),
        Step("hi-back", BACK_THROUGH, TEXT, same={"websocket.payload.text": "hi"}),
        *where(
            "rest == quiet",
            Step("cut", "proxy > client", "tcp.flags.fin == 1", track="client"),
            Step("cut-behind", "proxy > server", "tcp.flags.fin == 1", track="server"),
            Step("no-close", "any > any", CLOSE, times=(0, 0)),
        ),
        *where(
            "rest == beat",
            Step("beat", THROUGH, PING, times=(3, 3)),
            Step("beat-back", reply_to="beat", sees=PONG, times=(3, 3)),
            *closing(THROUGH),
        ),
    ),
)

slow_reader = Experiment(
    "slow-reader",
    "The other side does not read",
    headline=headlines.slow_reader,
    reset=(At("server", "truncate -s 0 /run/lab/feed.log"),),
    run=converse("--room 4096", "ws://server/feed", "text:go", "wait:{pause}", "read:10", "close:1000"),
    gather=(Gather("server", "sendlog", "cat /run/lab/feed.log"),),
    knobs={"pause": Choice(("2", "0"))},
    telling=("feed", "full"),
    background=NOISE,
    steps=(
        *opening(),
        Step("go", WAY, TEXT),
        Step("feed", BACK, f"{TEXT} and {UNMASKED}", times=(10, 10), track="feed"),
        *where(
            "pause != 0",
            Step("full", WAY, "tcp.analysis.zero_window", times=(1, None), track="window"),
            Step("room-again", WAY, "tcp.analysis.window_update", track="window", times=(1, None)),
            Step("held-up", "server", "sendlog.waited > 1", track="log"),
        ),
        *where("pause == 0", Step("never-held-up", "server", "sendlog.waited > 1", times=(0, 0))),
        Step("sent", "server", "sendlog.waited <= 1", times=(9, 10), track="log-rest"),
        *closing(),
    ),
)
