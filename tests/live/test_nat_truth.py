"""The translator's own books against the correlator: every reference, and a thousand conversations at the same time.

The correlator has seen packets only. The books (conntrack) are its judge.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.correlate import correlate
from machinelab.model import Event, Trace
from machinelab.sources import pcap
from machinelab.sources.kinds import conntrack
from machinelab.store import references, runs
from tests import ROOT

from . import labs

REFERENCES = sorted(p.stem for p in (ROOT / "labs/nat/reference").glob("*.pcapng"))
INSTANCE = "truth"
FLOWS = 1000

Ends = tuple[object, ...]


def booked(events: Iterable[Event]) -> dict[tuple[str, Ends], Ends]:
    """What the books say: (node, a packet's ends as they came) → its ends as they went, for both directions."""
    found: dict[tuple[str, Ends], Ends] = {}
    for event in events:
        if event.source == "conntrack" and event["conntrack.protocol"] in ("udp", "tcp"):
            came = ends(event, "conntrack.")
            back = ends(event, "conntrack.reply.")
            found[event.node, came] = turned(back)
            found[event.node, back] = turned(came)
    return found


def ends(event: Event, prefix: str) -> Ends:
    return event["conntrack.protocol"], *(event[prefix + n] for n in ("src", "srcport", "dst", "dstport"))


def turned(four: Ends) -> Ends:
    return four[0], *four[3:], *four[1:3]


def crossings(trace: Trace) -> Iterator[tuple[Event, str, Ends, Ends]]:
    """Each step of each packet's way, with the node that passed it on, and its ends before and after."""
    names, by_number = trace.names(), {e.number: e for e in trace.events if e.source == "packets"}
    for event in trace.events:
        if event.sightings and not event.again:
            seen = [by_number[s.number] for s in event.sightings]
            for one, other in pairwise(seen):
                transport = "udp" if "udp.srcport" in one else "tcp"
                if one.protocol.startswith("ICMP"):
                    continue
                yield event, names[other.link[0]], _ends(one, transport), _ends(other, transport)


def _ends(event: Event, transport: str) -> Ends:
    names = ("ip.src", f"{transport}.srcport", "ip.dst", f"{transport}.dstport")
    return transport, *(event[name] for name in names)


def disagreements(trace: Trace) -> tuple[int, list[str]]:
    """How many crossings the books confirm, and those that they do not."""
    books = booked(trace.events)
    right, wrong = 0, []
    watched = {node for node, _ in books}
    for event, node, came, went in crossings(trace):
        if node not in watched:
            continue
        if books.get((node, came)) == went:
            right += 1
        else:
            wrong.append(
                f"packet {event.id} at {node}: {came} → {went}, the books: {books.get((node, came))}"
            )
    return right, wrong


@pytest.mark.parametrize("experiment", REFERENCES)
def test_the_books_agree_on_every_reference(experiment: str) -> None:
    found = reading.open_reference(catalog.load_lab("nat"), experiment)
    right, wrong = disagreements(found.run.trace)
    assert wrong == [] and right > 0


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with labs.up("nat", home, INSTANCE) as typed:
        yield typed, home


@pytest.mark.live
@pytest.mark.soak
@pytest.mark.parametrize("ports", ["moved", "kept"])
def test_the_books_agree_on_a_thousand_conversations(lab, ports: str) -> None:
    type_, home = lab
    # A hash into 4,096 ports gives a thousand conversations some hundred collisions, which the kernel refuses.
    mapping = "address-and-port-dependent" if ports == "moved" else "endpoint-independent"
    assert (
        type_(
            "shell", "nat", "nat-a", "--as", INSTANCE, "--", "nat", f"mapping={mapping}", f"ports={ports}"
        ).returncode
        == 0
    )
    told = type_("try", "nat", "alice", "--as", INSTANCE, "--", "peer", "flows", str(FLOWS))
    folder = sorted((home / "runs/nat" / INSTANCE).iterdir(), key=lambda p: int(p.name))[-1]
    info = runs.read(folder)
    log = type_(
        "shell", "nat", "nat-a", "--as", INSTANCE, "--", "conntracked", str(info.started / 1e9)
    ).stdout
    packets = correlate(pcap.load(references.of_run(folder).capture, info.nodes))
    trace = Trace((*packets.events, *conntrack.load(log.encode(), "nat-a")), packets.nodes)
    right, wrong = disagreements(trace)
    assert wrong == [], told.stdout
    flows = {came for _, _, came, _ in crossings(trace)}
    tied = {event.number for event in packets.events if event.sightings}
    summary = {
        "crossings": right,
        "conversations": len(flows),
        "packets": len(packets.events),
        "tied": len(tied),
    }
    print(json.dumps({ports: summary}))
    # Two thirds of them say something that tells them apart; of the rest the port does, where it was kept.
    wanted = FLOWS if ports == "kept" else FLOWS * 2 // 3
    sources = {came for came in flows if came[4] in (7000, 7100)}
    assert len(sources) >= wanted * 0.99
