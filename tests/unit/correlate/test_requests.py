"""Requests that nobody can have passed on are left out before they are dissected, and no others."""

from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.correlate import correlate, requests
from machinelab.dissect.packet import Packet
from machinelab.model import Trace
from machinelab.sources import pcap

PROXIED = sorted(catalog.reference_folder("load-balancing").glob("*.pcapng"), key=lambda p: p.stat().st_size)
DIRECT = catalog.reference_folder("oauth2") / "pkce.pcapng"


def of_nobody(path: Path) -> Trace:
    """A reference as anybody's capture: nobody knows who is who."""
    return pcap.load(path)


@pytest.mark.parametrize("path", [*PROXIED[:6], DIRECT], ids=lambda path: path.stem)
def test_the_same_ties_as_when_every_request_is_dissected(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = correlate(of_nobody(path))
    monkeypatch.setattr(requests, "_passing", lambda arrived, left: (arrived, left))
    slow = correlate(of_nobody(path))
    assert [event.sightings for event in quick.events] == [event.sightings for event in slow.events]


def test_requests_to_a_server_that_asks_nobody_are_not_dissected(monkeypatch: pytest.MonkeyPatch) -> None:
    path = catalog.reference_folder("websockets") / "closes.pcapng"
    trace = of_nobody(path)
    asked = [e for e in trace.events if e.messages and e.messages[0].exchange]
    assert asked
    monkeypatch.setattr(Packet, "message_fields", lambda *_: pytest.fail("dissected"))
    assert not any(event.sightings for event in correlate(trace).events)
