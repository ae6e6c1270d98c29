"""What one lost packet stops, and what losses cost a page."""

from machinelab.authoring import At, Choice, Experiment, Gather, Step

from . import headlines
from .common import BACK, FORGET, H2_SETUP, KEYS, OVER_QUIC, TLS, WAY, get, where, wire
from .streams import H2_ANSWER, H2_ASK, H2_DATA, H3_ANSWER, H3_ASK, H3_DATA

H1_ASK, H1_ANSWER = 'http.request.method == "GET"', "http.response.code == 200"
BACKGROUND = (*OVER_QUIC, TLS, H2_SETUP)
DELAYS = (10, 40)  # ms, each way
LOSSES = (0, 1, 2, 4)  # percent, each way
LOADS = 5
DROP = 40  # which large packet is lost: one of the middle, so that many more are on their way

lost = Experiment(
    "lost",
    "One packet is lost",
    headline=headlines.lost,
    reset=(wire(f"delay=20 drop={DROP}"), FORGET),
    run=(get("{protocol}"),),
    gather=(KEYS,),
    knobs={"protocol": Choice(("h2", "h3", "h1"))},
    background=BACKGROUND,
    steps=(
        *where(
            "protocol == h2",
            Step("h2-ask", WAY, H2_ASK, times=(12, 12), track="asked"),
            Step("segment-lost", "edge > wire", "tcp.len > 0", track="lost"),
            Step("segment-again", "edge > wire > client", "tcp.analysis.retransmission", track="lost"),
            Step("h2-answer", BACK, H2_ANSWER, times=(12, 12), track="answered"),
            Step("h2-content", BACK, H2_DATA, times=(12, None), track="content"),
        ),
        *where(
            "protocol == h3",
            Step("h3-ask", WAY, H3_ASK, times=(12, 12), track="asked"),
            Step("datagram-lost", "edge > wire", "quic", track="lost"),
            Step("h3-answer", BACK, H3_ANSWER, times=(11, 12), track="answered"),
            Step("h3-content", BACK, H3_DATA, times=(12, None), track="content"),
        ),
        *where(
            "protocol == h1",
            Step("h1-ask", WAY, H1_ASK, times=(12, 12), track="asked"),
            Step("one-lost", "edge > wire", "tcp.len > 0", track="lost"),
            Step("one-again", "edge > wire > client", "tcp.analysis.retransmission", track="lost"),
            Step("h1-answer", BACK, H1_ANSWER, times=(12, 12), track="answered"),
        ),
    ),
)

MEASURED = tuple(
    command
    for delay in DELAYS
    for loss in LOSSES
    for command in (
        wire(f"delay={delay} loss={loss} seed=1"),
        get(f"measure {{protocol}} {delay} {loss} {LOADS}"),
    )
)
EVERY = len(DELAYS) * len(LOSSES) * LOADS

page = Experiment(
    "page",
    "A page of twelve objects, with losses",
    headline=headlines.page,
    reset=(FORGET, *MEASURED, wire(), At("client", "truncate -s 0 /run/http/keys.log")),
    run=(get("{protocol} /small/1"),),
    gather=(KEYS, Gather("client", "loadlog", "cat /run/http/loads.log")),
    knobs={"protocol": Choice(("h2", "h3", "h1"))},
    limit=60.0,
    background=BACKGROUND,
    steps=(
        *where(
            "protocol == h2",
            Step("by-h2", WAY, H2_ASK),
            Step("h2-back", reply_to="by-h2", sees=H2_ANSWER),
            Step("h2-object", BACK, H2_DATA, times=(1, None)),
        ),
        *where(
            "protocol == h3",
            Step("by-h3", WAY, H3_ASK),
            Step("h3-back", reply_to="by-h3", sees=H3_ANSWER),
            Step("h3-object", BACK, H3_DATA, times=(1, None)),
        ),
        *where(
            "protocol == h1", Step("by-h1", WAY, H1_ASK), Step("h1-back", reply_to="by-h1", sees=H1_ANSWER)
        ),
        Step("loaded", "client", "loadlog.took", times=(EVERY, EVERY), track="log"),
    ),
)
