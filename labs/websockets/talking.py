"""A conversation that goes well: the Upgrade, masked frames, fragments, compression."""

from machinelab.authoring import Alone, At, Choice, Experiment, Step

from . import headlines
from .common import (
    BACK,
    BINARY,
    CONTINUES,
    MASKED,
    NOISE,
    OPENS,
    PING,
    PONG,
    TEXT,
    UNMASKED,
    WAY,
    closing,
    converse,
    opening,
    where,
)

upgrade = Experiment(
    "upgrade",
    "A request that becomes a conversation",
    headline=headlines.upgrade,
    run=(At("client", "knock http://server/echo {how}"),),
    knobs={"how": Choice(("well", "plain", "old", "keyless"))},
    telling=("upgrade-required", "too-old", "no-key"),
    background=NOISE,
    steps=(
        *where("how == well", *opening(), *closing()),
        *where(
            "how == plain",
            Step("ask-page", WAY, 'http.request.method == "GET" and not http.upgrade'),
            Step("upgrade-required", reply_to="ask-page", sees="http.response.code == 426"),
        ),
        *where(
            "how == old",
            Step("ask-old", WAY, f'{OPENS} and http.sec_websocket_version == "8"'),
            Step("too-old", reply_to="ask-old", sees="http.response.code == 400"),
        ),
        *where(
            "how == keyless",
            Step("ask-keyless", WAY, f"{OPENS} and not http.sec_websocket_key"),
            Step("no-key", reply_to="ask-keyless", sees="http.response.code == 400"),
        ),
    ),
)

frames = Experiment(
    "frames",
    "Frames, masked one way and plain the other",
    headline=headlines.frames,
    run=converse(
        "ws://server/echo",
        "text:{text}",
        "read",
        "binary:cafe",
        "read",
        "times:60:12345",
        "read",
        "close:1000",
    ),
    knobs={"text": "hello"},
    background=NOISE,
    telling=("say", "echo", "bytes", "long"),
    steps=(
        *opening(),
        Step(
            "say",
            WAY,
            f"{TEXT} and {MASKED} and websocket.payload_length < 126",
            alone=Alone("masked-text", f"{TEXT} and {MASKED}"),
        ),
        Step("echo", BACK, f"{TEXT} and {UNMASKED}", same={"websocket.payload.text": "say"}),
        Step("bytes", WAY, f"{BINARY} and {MASKED}"),
        Step("bytes-back", BACK, f"{BINARY} and {UNMASKED}", same={"data.data": "bytes"}),
        Step("long", WAY, f"{TEXT} and {MASKED} and websocket.payload_length_ext_16 == 300"),
        Step("long-back", BACK, f"{TEXT} and {UNMASKED}", same={"websocket.payload.text": "long"}),
        *closing(),
    ),
)

fragments = Experiment(
    "fragments",
    "A message in four pieces, a ping between",
    headline=headlines.fragments,
    run=converse("ws://server/echo", "parts:one-,two-,three-,four", "read", "close:1000"),
    background=NOISE,
    telling=("begin", "check", "last"),
    steps=(
        *opening(),
        Step("begin", WAY, f"{TEXT} and websocket.fin == 0"),
        Step("middle", WAY, f"{CONTINUES} and websocket.fin == 0", times=(2, None)),
        Step("check", WAY, PING, track="ping"),
        Step("checked", reply_to="check", sees=PONG, track="ping"),
        Step("last", WAY, f"{CONTINUES} and websocket.fin == 1"),
        Step("joined", BACK, f"{TEXT} and websocket.fin == 1", same={"websocket.payload.text": "last"}),
        *closing(),
    ),
)

PMC = "websocket.pmc == 1"

compress = Experiment(
    "compress",
    "The same words twice, compressed",
    headline=headlines.compress,
    run=converse(
        "--compress {compress}",
        "ws://server/echo",
        "times:30:again-",
        "read",
        "times:30:again-",
        "read",
        "close:1000",
    ),
    knobs={"compress": Choice(("yes", "own", "no"))},
    telling=("smaller", "as-small", "whole"),
    background=NOISE,
    steps=(
        *where(
            "compress != no",
            Step("offer", WAY, f'{OPENS} and http.sec_websocket_extensions contains "permessage-deflate"'),
            Step(
                "taken",
                reply_to="offer",
                sees='http.response.code == 101 and http.sec_websocket_extensions contains "permessage-deflate"',
            ),
            Step("small", WAY, f"{TEXT} and {PMC}"),
            Step("small-back", BACK, f"{TEXT} and {PMC}", same={"websocket.payload.text": "small"}),
        ),
        *where(
            "compress == yes",
            Step("smaller", WAY, f"{TEXT} and {PMC}", less={"websocket.payload_length": "small"}),
            Step("smaller-back", BACK, f"{TEXT} and {PMC}", less={"websocket.payload_length": "small-back"}),
        ),
        *where(
            "compress == own",
            Step("as-small", WAY, f"{TEXT} and {PMC}", same={"websocket.payload_length": "small"}),
            Step("as-small-back", BACK, f"{TEXT} and {PMC}", same={"websocket.payload_length": "small-back"}),
        ),
        *where(
            "compress == no",
            *opening(),
            Step("whole", WAY, f"{TEXT} and websocket.payload_length_ext_16 == 180", times=(2, 2)),
            Step(
                "whole-back",
                BACK,
                f"{TEXT} and websocket.payload_length_ext_16 == 180",
                times=(2, 2),
                track="back",
            ),
        ),
        *closing(),
    ),
)
