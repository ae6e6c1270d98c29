"""HTTP/1: one request after another, on connections of their own or on one; and all at once, which does not help."""

from machinelab.authoring import ARP, At, Choice, Experiment, Step

from . import headlines
from .common import WAY, where, wire

SYN = "tcp.flags.syn == 1 and tcp.flags.ack == 0"
GET, OK = 'http.request.method == "GET"', "http.response.code == 200"

connections = Experiment(
    "connections",
    "Three objects, one after another",
    headline=headlines.connections,
    reset=(wire(),),
    run=(At("client", "get {version} /small/1 /small/2 /small/3"),),
    knobs={"version": Choice(("1.1", "1.0"))},
    background=(ARP,),
    steps=(
        *where("version == 1.1", Step("connect", WAY, SYN, track="connection")),
        *where("version == 1.0", Step("connect-again", WAY, SYN, times=(3, 3), track="connection")),
        Step("ask", WAY, f'{GET} and http.request.uri == "/small/1"'),
        Step("answer", reply_to="ask", sees=OK),
        Step("ask-next", WAY, GET, times=(2, 2), track="next"),
        Step("answer-next", reply_to="ask-next", sees=OK, times=(2, 2), track="next"),
    ),
)

pipelining = Experiment(
    "pipelining",
    "Three requests in one packet",
    headline=headlines.pipelining,
    reset=(wire(),),
    run=(At("client", "pipeline {first} /small/1 /small/2"),),
    knobs={"first": Choice(("/app/slow", "/app/quick"))},
    background=(ARP,),
    steps=(
        Step("ask-all", WAY, f'{GET} and http.request.uri contains "/app/"', track="client"),
        Step(
            "ask-behind", WAY, f'{GET} and http.request.uri contains "/small/"', times=(2, 2), track="asked"
        ),
        Step("pass-on", "edge > origin", GET, track="origin"),
        Step("made", reply_to="pass-on", sees=OK, track="origin"),
        Step("first-answer", reply_to="ask-all", sees=OK, track="client"),
        Step("answer-behind", reply_to="ask-behind", sees=OK, times=(2, 2), track="behind"),
    ),
)
