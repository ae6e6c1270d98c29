"""Streams: twelve requests at once on one connection, over TCP and over QUIC; and a request that is passed on by an older protocol."""

from machinelab.authoring import Experiment, Step

from . import headlines
from .common import BACK, FORGET, KEYS, OVER_QUIC, OVER_TLS, WAY, get, wire

H2_ASK, H2_ANSWER, H2_DATA = 'http2.headers.method == "GET"', "http2.headers.status == 200", "http2.type == 0"
H3_ASK, H3_ANSWER, H3_DATA = (
    'http3.headers.method == "GET"',
    "http3.headers.status == 200",
    "http3.frame_type == 0",
)

streams = Experiment(
    "streams",
    "Twelve requests at once: HTTP/2",
    headline=headlines.streams,
    reset=(wire(), FORGET),
    run=(get("h2"),),
    gather=(KEYS,),
    background=OVER_TLS,
    steps=(
        Step("ask", WAY, f"{H2_ASK} and http2.streamid == 1"),
        Step("ask-more", WAY, H2_ASK, times=(11, 11), track="asked"),
        Step("answer", BACK, H2_ANSWER, times=(12, 12), track="answered"),
        Step("content", BACK, H2_DATA, times=(12, None), track="content"),
        Step("none-lost", "edge > wire", "tcp.len > 0", times=(0, 0)),
    ),
)

quic = Experiment(
    "quic",
    "The same without TCP: HTTP/3",
    headline=headlines.quic,
    reset=(wire(), FORGET),
    run=(get("h3"),),
    gather=(KEYS,),
    background=OVER_QUIC,
    steps=(
        Step("ask", WAY, f"{H3_ASK} and quic.stream.stream_id == 0"),
        Step("ask-more", WAY, H3_ASK, times=(11, 11), track="asked"),
        Step("answer", BACK, H3_ANSWER, times=(12, 12), track="answered"),
        Step("content", BACK, H3_DATA, times=(12, None), track="content"),
        Step("none-lost", "edge > wire", "quic", times=(0, 0)),
    ),
)

behind = Experiment(
    "behind",
    "Asked by HTTP/3, passed on by HTTP/1.1",
    headline=headlines.behind,
    reset=(wire(), FORGET),
    run=(get("h3 /app/orders"),),
    gather=(KEYS,),
    background=OVER_QUIC,
    steps=(
        Step(
            "ask",
            "client > wire > edge > origin",
            'http3.headers.method == "GET" or http.request.method == "GET"',
        ),
        Step(
            "answer",
            "origin > edge > wire > client",
            "http3.headers.status == 200 or http.response.code == 200",
        ),
        Step("content", BACK, H3_DATA, times=(0, None), track="content"),
    ),
)
