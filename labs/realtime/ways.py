"""The five ways in which a server can say something, one by one."""

from machinelab.authoring import Choice, Experiment, Step

from . import headlines
from .common import (
    CHANNEL_NOISE,
    KEYS,
    LOG,
    NOISE,
    arrived,
    channelling,
    conversing,
    listen,
    polling,
    prepared,
    streaming,
    waiting,
    where,
)

STORY = {"gap": "0.42", "size": "100"}

poll = Experiment(
    "poll",
    "Is there anything new?",
    headline=headlines.poll,
    reset=prepared(),
    run=listen("poll 5 {every}"),
    gather=LOG,
    knobs={"every": Choice(("0.25", "0.1", "0.5", "1")), **STORY},
    telling=("ask", "news"),
    background=NOISE,
    steps=(*polling(), arrived()),
)

long_poll = Experiment(
    "long-poll",
    "Tell me when there is",
    headline=headlines.long_poll,
    reset=prepared(),
    run=listen("wait 5 {hold}"),
    gather=LOG,
    knobs={"hold": Choice(("5", "1")), "gap": Choice(("0.4", "1.4")), "size": "100"},
    telling=("ask-and-wait", "news-at-last"),
    background=NOISE,
    steps=(
        *waiting(),
        *where(
            "hold == 1 and gap == 1.4",
            Step(
                "in-vain",
                reply_to="ask-and-wait",
                sees="http.response.code == 204",
                times=(2, None),
                track="vain",
            ),
        ),
        arrived(),
    ),
)

events = Experiment(
    "events",
    "An answer that does not end",
    headline=headlines.events,
    reset=prepared(),
    run=listen("events 5"),
    gather=LOG,
    knobs=STORY,
    telling=("subscribe", "event", "stream-ends"),
    background=NOISE,
    steps=(*streaming(), arrived()),
)

websocket = Experiment(
    "websocket",
    "A connection that is nobody's turn",
    headline=headlines.websocket,
    reset=prepared(),
    run=listen("socket 5"),
    gather=LOG,
    knobs=STORY,
    telling=("ask-socket", "frame"),
    background=NOISE,
    steps=(*conversing(), arrived()),
)

channel = Experiment(
    "channel",
    "A data channel",
    headline=headlines.channel,
    reset=prepared(),
    run=listen("channel 5 {how}"),
    gather=(*LOG, *KEYS),
    knobs={"how": Choice(("ordered", "loose")), **STORY},
    telling=("channel-open", "datum"),
    background=CHANNEL_NOISE,
    steps=(*channelling(), arrived()),
)

compare = Experiment(
    "compare",
    "The same news, five ways",
    headline=headlines.compare,
    reset=prepared(gap="0.3"),
    run=listen("race 5"),
    gather=(*LOG, *KEYS),
    knobs={"size": Choice(("100", "600"))},
    telling=("ask", "ask-and-wait", "event", "frame", "datum"),
    limit=30.0,
    background=CHANNEL_NOISE,
    steps=(
        *polling("/race/poll"),
        *waiting("/race/wait"),
        *streaming("/race/events"),
        *conversing("/race/socket"),
        *channelling("/race/offer"),
        arrived(25),
    ),
)
