"""The proxy's own log against the correlator: every reference, and a thousand requests, fifty at a time.

The correlator has seen packets only. The log (HAProxy's) is its judge: it names both connections of every request.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.correlate import correlate
from machinelab.model import Event, Trace
from machinelab.sources import pcap
from machinelab.sources.kinds import haproxy
from machinelab.store import references, runs
from tests import ROOT

from . import labs

# Where everything goes by l4, l7 has nothing to log.
REFERENCES = sorted(
    path.parents[1].name
    for path in (ROOT / "labs/load-balancing/reference").glob("*/evidence/l7.haproxy")
    if path.stat().st_size
)
INSTANCE = "truth"
REQUESTS = 1000

Ends = tuple[object, ...]


def logged(events: Iterable[Event]) -> Counter[tuple[Ends, str]]:
    """What the log says: the client's and the server's connection, and the first line of the request (empty: not read)."""
    return Counter(
        (_ends(event), str(event["haproxy.request"]) if "haproxy.request" in event else "")
        for event in events
        if event.source == "haproxy" and "haproxy.toport" in event
    )


def _ends(event: Event) -> Ends:
    names = ("src", "srcport", "from", "fromport", "to", "toport")
    return tuple(event[f"haproxy.{name}"] for name in names)


def tied(trace: Trace) -> Iterator[tuple[Event, Ends, str]]:
    """What the correlator says of each request that l7 passed on, in the same words."""
    names, packets = trace.names(), {e.number: e for e in trace.events if e.source == "packets"}
    for event in trace.events:
        if event.again or "proxied" not in event or "http.request.method" not in event or not event.sightings:
            continue
        for one, other in pairwise(packets[s.number] for s in event.sightings):
            if names[other.link[0]] == "l7":
                ends = (
                    one.src,
                    one["tcp.srcport"],
                    other.src,
                    other["tcp.srcport"],
                    other.dst,
                    other["tcp.dstport"],
                )
                line = " ".join(str(one[f"http.request.{n}"]) for n in ("method", "uri", "version"))
                yield event, ends, line


def disagreements(trace: Trace) -> tuple[int, list[str]]:
    """How many ties the log confirms, and those that it does not."""
    log = logged(trace.events)
    connections = {ends for (ends, line) in log if not line}
    right, wrong = 0, []
    for event, ends, line in tied(trace):
        if log[ends, line] > 0:
            log[ends, line] -= 1
            right += 1
        elif ends in connections:
            right += 1
        else:
            wrong.append(f"packet {event.id}: {line} {ends}: not in the log")
    return right, wrong


@pytest.mark.parametrize("experiment", REFERENCES)
def test_the_log_agrees_on_every_reference(experiment: str) -> None:
    trace = reading.open_reference(catalog.load_lab("load-balancing"), experiment).run.trace
    right, wrong = disagreements(trace)
    requests = sum(count for (_, line), count in logged(trace.events).items() if line)
    assert wrong == [] and right > 0
    assert right >= requests, "a request that the log knows of was not tied"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with labs.up("load-balancing", home, INSTANCE) as typed:
        yield typed, home


ASKED = {
    # What tells them apart, and how many of a thousand must be tied at least.
    "all different": (("http://l7/thing/@",), 1.0),
    "all the same": (("http://l7/thing",), 0.95),
    "all the same, kept connections": (("--keep", "http://l7/thing"), 0.95),
    "bytes, all different": (("http://l7:8080/thing/@",), 1.0),
    "announced, all different": (("http://l7:3128/thing/@",), 1.0),
}


@pytest.mark.live
@pytest.mark.soak
@pytest.mark.parametrize("kind", ASKED)
def test_the_log_agrees_on_a_thousand_requests_at_the_same_time(lab, kind: str) -> None:
    type_, home = lab
    words, least = ASKED[kind]
    shell = ("shell", "load-balancing", "l7", "--as", INSTANCE, "--")
    assert type_(*shell, "balance", *(["connections=kept"] if "kept" in kind else [])).returncode == 0
    load = ("ask", "--times", str(REQUESTS), "--parallel", "50", *words)
    told = type_("try", "load-balancing", "alice", "--as", INSTANCE, "--", *load)
    folder = sorted((home / "runs/load-balancing" / INSTANCE).iterdir(), key=lambda p: int(p.name))[-1]
    info = runs.read(folder)
    log = type_(*shell, "logged", f"{info.started / 1e9:.6f}").stdout
    packets = correlate(pcap.load(references.of_run(folder).capture, info.nodes))
    trace = Trace((*packets.events, *haproxy.load(log.encode(), "l7")), packets.nodes)
    right, wrong = disagreements(trace)
    how = Counter(str(event["sighting.sure"]) for event, _, _ in tied(trace))
    print(
        json.dumps({kind: {"tied": right, "wrong": len(wrong), "packets": len(packets.events), "sure": how}})
    )
    assert wrong == [], told.stdout[-1000:]
    assert right >= REQUESTS * least
