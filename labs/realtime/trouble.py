"""What goes wrong: a connection that breaks, a proxy that keeps things back, a packet that is lost."""

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .common import (
    ACCEPT,
    BACK,
    CHANNEL_NOISE,
    CLOSING,
    DATA,
    KEYS,
    LOG,
    NOISE,
    PARTING,
    WAY,
    arrived,
    connecting,
    listen,
    opening,
    prepared,
    subscribing,
    where,
)

resume = Experiment(
    "resume",
    "Where was I?",
    headline=headlines.resume,
    reset=prepared("6", "0.4", "100"),
    run=listen("events 6 server/events?drop=3&history={history}"),
    gather=LOG,
    knobs={"history": Choice(("yes", "no"))},
    telling=("cut", "come-back"),
    background=NOISE,
    steps=(
        *subscribing(sees='not http.request.line contains "Last-Event-ID"'),
        Step("come-back-after", BACK, "sse.retry"),
        Step("event", BACK, "sse.data", times=(3, 3)),
        Step("cut", BACK, "tcp.flags.fin == 1"),
        Step(
            "come-back",
            WAY,
            f'{ACCEPT} and http.request.line contains "Last-Event-ID: 3"',
            after={"cut": 0.5},
        ),
        Step("stream-again", reply_to="come-back", sees='http.content_type == "text/event-stream"'),
        Step("come-back-after-again", BACK, "sse.retry"),
        *where("history == yes", Step("missed", BACK, 'sse.id == "4"')),
        *where("history == no", Step("never-told", BACK, 'sse.id == "4"', times=(0, 0))),
        Step("event-again", BACK, 'sse.id in {"5", "6"}', times=(2, 2)),
        Step("stream-ends", BACK, "http.chunk_size == 0"),
        *where("history == yes", arrived(6)),
        *where("history == no", arrived(5, "arrived-but-one")),
    ),
)

BEGINS = 'http.content_type == "text/event-stream"'
KEPT = "arrivals.wait > 0.7"

buffered = Experiment(
    "buffered",
    "Somebody on the way keeps it",
    headline=headlines.buffered,
    reset=prepared("5", "0.4", "{size}"),
    run=listen("events 5 proxy/{proxy}"),
    gather=LOG,
    knobs={
        "proxy": Choice(("plain/events", "off/events", "chunks/events", "plain/events?asked=1")),
        "size": Choice(("100", "3000")),
    },
    telling=("subscribe-there", "pushed"),
    background=NOISE,
    steps=(
        Step("subscribe-there", "client > proxy", ACCEPT),
        Step("subscribe-behind", "proxy > server", ACCEPT),
        Step("begins-behind", reply_to="subscribe-behind", sees=BEGINS),
        Step("retry-behind", "server > any", "sse.retry", track="behind"),
        Step("pushed", "server > any", "sse.data", times=(5, 5), track="behind"),
        Step("begins-in-front", reply_to="subscribe-there", sees=BEGINS, track="front"),
        Step("retry-in-front", "proxy > client", "sse.retry", track="front"),
        # What has the same bytes on both sides of the proxy is one message, seen twice: chunks are, an answer without them is not.
        *where(
            "proxy != chunks/events",
            Step("passed-on", "proxy > client", "sse.data", times=(5, 5), track="front"),
        ),
        *where(
            "proxy == chunks/events",
            Step("ends-behind", "server > any", "http.chunk_size == 0", track="behind"),
        ),
        Step("ends-in-front", "proxy > client", "http.chunk_size == 0", track="end"),
        *where(
            "proxy == plain/events",
            Step("kept", "client", KEPT, times=(1, None), track="log"),
        ),
        *where("proxy != plain/events", Step("kept-none", "client", KEPT, times=(0, 0))),
        Step("in-time", "client", "arrivals.wait <= 0.7", times=(0, 5), track="log-rest"),
    ),
)

LATE = "arrivals.wait > 0.1"
TEXT, SOCKET = "websocket.opcode == 1", "over == socket"

lost = Experiment(
    "lost",
    "One packet is lost",
    headline=headlines.lost,
    reset=(*prepared("8", "0.15", "150", "3"), At("client", "lose 480 600")),
    run=listen("{over} 8"),
    gather=(*LOG, *KEYS),
    after=(At("client", "lose nothing 0"),),
    knobs={"over": Choice(("socket", "ordered", "loose"))},
    telling=("lost-frame", "lost-datum"),
    background=CHANNEL_NOISE,
    steps=(
        *where(
            SOCKET,
            *opening(),
            Step("first-frames", BACK, TEXT, times=(2, 2)),
            Step("lost-frame", BACK, f"{TEXT} and websocket.payload_length_ext_16 == 450"),
            Step("segment-again", BACK, "tcp.analysis.retransmission", track="again", times=(1, None)),
            Step(
                "rest-frames",
                BACK,
                f"{TEXT} and websocket.payload_length_ext_16 == 150",
                times=(5, 5),
                track="rest",
            ),
            *CLOSING,
        ),
        *where(
            "over != socket",
            *connecting(),
            Step("first-data", BACK, f"{DATA} and sctp.data_tsn < 3", times=(2, 2)),
            Step("lost-datum", BACK, f"{DATA} and sctp.data_tsn == 3 and not sctp.retransmission"),
            Step("rest-data", BACK, f"{DATA} and sctp.data_tsn > 3", times=(5, 5), track="rest"),
            Step("gap", WAY, "sctp.sack_number_of_gap_blocks > 0", times=(3, 3), track="gap"),
            *PARTING,
        ),
        *where("over == ordered", Step("datum-again", BACK, "sctp.retransmission", track="again")),
        *where("over == loose", Step("given-up", BACK, "sctp.forward_tsn_tsn", track="again")),
        *where("over != loose", Step("held-back", "client", LATE, times=(1, None), track="log")),
        *where(
            "over == loose",
            Step("never-came", "client", "arrivals.message == 3", times=(0, 0)),
            Step("held-none", "client", LATE, times=(0, 0)),
        ),
        Step("in-time", "client", f"not {LATE}", times=(4, 7), track="log-rest"),
    ),
)
