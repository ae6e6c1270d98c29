"""HTTP, the shape of it: why a page of twelve things takes so long. The prose is in guides/http.md."""

from machinelab.authoring import At, Lab

from .common import get, wire
from .loads import PLOTS
from .losing import lost, page
from .one_by_one import connections, pipelining
from .questions import QUESTIONS
from .streams import behind, quic, streams
from .waterfall import PICTURES

# Every pair that will speak does so once, so that ARP is done with before the first run.
GREET = (wire(""), get("h3 /app/quick"), get("h2 /small/1"), At("client", "get 1.1 /small/1"))

LAB = Lab(
    "http",
    (connections, pipelining, streams, quic, lost, page, behind),
    QUESTIONS,
    core=("connections", "pipelining", "streams", "quic", "lost", "page"),
    minutes=45,
    memory=60,
    warm_up=GREET,
    plots=PLOTS,
    pictures=PICTURES,
    descriptions={
        "client": "curl",
        "wire": "a router that holds packets back and loses some",
        "edge": "a server of HTTP/1.0 to 3 (nginx)",
        "origin": "an application (Python's http.server)",
    },
)
