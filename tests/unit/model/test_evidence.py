"""Events: who passed a packet on, what a step may claim."""

from dataclasses import replace

import pytest

from machinelab.model import Event, Interface, Message, Sighting, Trace
from tests.unit.align.made import Made, packet

NAMES = {"C": "client", "R1": "router", "R2": "router", "S": "server", "02:00": "router"}
# A client's packet that a router passed on: in its second sighting the link is the router's.
WAY = (Sighting(1, "near", "C", "S", ("0a:00", "0b:00")), Sighting(2, "far", "C", "S", ("02:00", "0c:00")))


def seen(number: int, way: tuple[Sighting, ...]) -> Event:
    return replace(packet(number, "C>S"), sightings=way)


def test_a_packet_s_path_is_its_sender_who_passed_it_on_and_its_receiver() -> None:
    assert packet(1, "C>S").path(NAMES) == ["client", "server"]
    assert seen(1, WAY).path(NAMES) == ["client", "router", "server"]


def test_who_put_an_address_in_passed_it_on() -> None:
    """Where the hardware address names nobody: an address translator is known by the source that it wrote."""
    way = (WAY[0], Sighting(2, "far", "R2", "S", ("0d:00", "0c:00")))
    assert seen(1, way).path(NAMES) == ["client", "router", "server"]


def test_an_event_that_is_no_packet_happened_at_its_node() -> None:
    event = Event(3, 0, "log", Made({}), node="server")
    assert (event.path({}), event.id, Event(3, 0, "packets", Made({})).id) == (["server"], "log:3", "3")


def test_a_packet_seen_twice_is_claimed_once() -> None:
    trace = Trace((seen(1, WAY), seen(2, WAY)))
    assert [(item.event.number, item.message) for item in trace.items()] == [(1, -1)]


def test_a_packet_with_two_messages_can_be_claimed_twice() -> None:
    event = replace(packet(1, "C>S"), messages=(Message("made", None, (1,)), Message("made", None, (1,))))
    assert [item.message for item in Trace((event,)).items()] == [0, 1]


def test_a_field_that_is_not_there() -> None:
    event = packet(1, "C>S", dns__id=7)
    assert (event["dns.id"], event.values("dns.flags"), "dns.flags" in event) == (7, [], False)
    with pytest.raises(KeyError):
        event["dns.flags"]


def test_nodes_are_known_by_network_and_hardware_address() -> None:
    trace = Trace((), {"client": (Interface("near", "C", "0a:00"), Interface("far", "C2"))})
    assert trace.names() == {"C": "client", "0a:00": "client", "C2": "client"}
