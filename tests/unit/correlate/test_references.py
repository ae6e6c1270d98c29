"""The correlator on every shipped capture: where nobody forwards there is no tie, and where somebody does there is no gap."""

from pathlib import Path

import pytest

from machinelab.analysis import reading
from machinelab.store import references, runs
from tests import ROOT

LABS = ROOT / "labs"


def load(path: Path):
    evidence = references.of_reference(path.parent, path.stem)
    return reading.load(evidence, runs.read(evidence.folder))


@pytest.mark.parametrize("path", sorted(LABS.glob("dns/reference/*.pcapng")), ids=lambda path: path.stem)
def test_where_nobody_forwards_nothing_is_tied(path: Path) -> None:
    assert not any(event.sightings for event in load(path).events)


@pytest.mark.parametrize(
    "path",
    sorted(p for lab in ("kafka", "tls", "wal") for p in LABS.glob(f"{lab}/reference/*.pcapng")),
    ids=lambda path: f"{path.parts[-3]}/{path.stem}",
)
def test_nobody_passes_a_message_on_where_there_is_no_proxy(path: Path) -> None:
    assert not any(event.sightings for event in load(path).events)


@pytest.mark.parametrize("path", sorted(LABS.glob("nat/reference/*.pcapng")), ids=lambda path: path.stem)
def test_what_left_a_home_was_seen_inside_it(path: Path) -> None:
    """Whatever a translator sends out in its own name, and is not ARP, came from somebody behind it."""
    trace = load(path)
    names = trace.names()
    boxes = {"nat-a", "nat-b", "cgn"}
    for event in trace.events:
        if event.network and "ip" in event and names.get(event.link[0]) in boxes:
            own_error = event.protocol == "ICMP" and names.get(event.src) == names[event.link[0]]
            assert event.sightings or own_error, event.id
            assert not event.sightings or event["sighting.sure"] in (0, 1)
