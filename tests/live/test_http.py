"""The HTTP lab's second witness: nginx's own log of requests and connections, beside what the packets say."""

import json
import re

import pytest

from . import labs

pytestmark = [pytest.mark.live, labs.of("http")]

INSTANCE = labs.INSTANCE
LOG = "/run/http/access.log"
# `1796101705.257 198.18.81.2 "GET /small/1 HTTP/2.0" 200 10000 HTTP/2.0 connection=12`
LINE = re.compile(r'"GET (\S+) HTTP/[\d.]+" (\d+) (\d+) (HTTP/[\d.]+) connection=(\d+)')
WARM_UP = "/app/quick"  # asked for when the lab has just been started, within its first run
# Turned each time; what else there is to turn, in the long tests: a page takes half a minute.
TURNED = (
    ("connections", "version=1.0"),
    ("pipelining", "first=/app/quick"),
    ("lost", "protocol=h3"),
    ("lost", "protocol=h1"),
)


def logged(lab, experiment, *turned):
    """What nginx noted of one run: target, status, bytes, protocol, connection; a line for each request."""
    shell = ("shell", "http", "edge", "--as", INSTANCE, "--")
    settings = [word for each in turned for word in ("--set", each)]
    found = []
    for _ in range(2):
        # nginx's log is nginx's own, and nobody else may empty it.
        before = len(LINE.findall(lab(*shell, "cat", LOG).stdout))
        lab("run", "http", experiment, *settings, "--as", INSTANCE)
        found = LINE.findall(lab(*shell, "cat", LOG).stdout)[before:]
        if WARM_UP not in {target for target, *_ in found}:
            break
    return found


@pytest.mark.parametrize(
    ("experiment", "turned", "count", "protocol", "connections"),
    [
        ("connections", (), 3, "HTTP/1.1", 1),
        ("connections", ("version=1.0",), 3, "HTTP/1.0", 3),
        ("streams", (), 12, "HTTP/2.0", 1),
        ("quic", (), 12, "HTTP/3.0", 12),  # nginx gives each stream of QUIC a connection's number
        ("lost", ("protocol=h1",), 12, "HTTP/1.1", 6),
    ],
)
def test_the_server_counts_as_the_guide_does(lab, experiment, turned, count, protocol, connections):
    found = logged(lab, experiment, *turned)
    assert len(found) == count and {status for _, status, *_ in found} == {"200"}
    assert {each[3] for each in found} == {protocol}
    assert len({each[4] for each in found}) == connections


def test_the_packets_name_the_targets_that_the_server_served(lab):
    """Twelve paths out of QPACK, read with the key log, and out of nginx's own log."""
    served = {target for target, *_ in logged(lab, "quic")}
    told = lab("packets", "http", "quic", "--filter", "http3.headers.path", "--json", "--as", INSTANCE).stdout
    read = {path for line in told.splitlines() for path in json.loads(line)["fields"]["http3.headers.path"]}
    assert read == served and len(read) == 12


def test_what_the_edge_passes_on_is_the_request_that_came(lab):
    """One row with its way: by HTTP/3 to the edge, by HTTP/1.1 behind it."""
    ((target, _, size, protocol, _),) = logged(lab, "behind")
    assert (target, protocol) == ("/app/orders", "HTTP/3.0") and int(size) > 0
    told = lab("packets", "http", "behind", "--step", "ask", "--json", "--as", INSTANCE).stdout
    ways = {
        path for line in told.splitlines() for path in json.loads(line)["fields"].get("sighting.path", ())
    }
    assert ways == {"client > wire > edge > origin"}
