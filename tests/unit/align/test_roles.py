"""Who is who in a capture from elsewhere, where steps, their ways and the traffic beside them speak for it."""

from dataclasses import replace

from machinelab.align import align
from machinelab.model import Background, Experiment, Sighting, Step, Trace

from .made import packet

ASK = "dns.flags.response == 0"


def roles(experiment: Experiment, *events) -> dict[str, str]:
    return align(Trace(events), experiment).roles


def passed_on(number: int, *hops: str, links: tuple[tuple[str, str], ...] = (), **values: object):
    """A message that was seen on several networks: `A>L1`, `L2>S` is one that L passed on, from and to addresses of its own."""
    ways = [hop.split(">") for hop in hops]
    links = links or (("", ""),) * len(hops)
    first = packet(number, hops[0], **values)
    seen = tuple(
        Sighting(number + place, "", *way, link)
        for place, (way, link) in enumerate(zip(ways, links, strict=True))
    )
    return replace(first, sightings=seen)


def test_one_who_passes_messages_on_has_the_addresses_that_it_gave_them():
    asked = Experiment("asked", "", (), (Step("ask", "alice > proxy > web", ASK),))
    found = roles(asked, passed_on(1, "A>L1", "L2>W", dns__flags__response=False))
    assert found == {"A": "alice", "L1": "proxy", "L2": "proxy", "W": "web"}


def test_a_translator_is_known_by_its_hardware_too():
    asked = Experiment("asked", "", (), (Step("ask", "alice > nat > web", ASK),))
    wires = (("mac-a", "nat-in"), ("nat-out", "mac-w"))
    found = roles(asked, passed_on(1, "A>W", "N>W", links=wires, dns__flags__response=False))
    assert found == {"A": "alice", "N": "nat", "nat-in": "nat", "nat-out": "nat", "W": "web"}


def test_what_nobody_passed_on_is_no_step_that_says_who_did():
    asked = Experiment("asked", "", (), (Step("ask", "alice > proxy > web", ASK),))
    assert roles(asked, packet(1, "A>W", dns__flags__response=False)) == {}


def test_of_nodes_that_one_step_may_all_be_each_is_the_one_whose_messages_it_sends():
    steps = (
        Step("first", "client > one|two|three", f"{ASK} and dns.id == 1", times=(1, None)),
        Step("then", "client > one|three", f"{ASK} and dns.id == 2", times=(1, None)),
        Step("gone", "client > two", "dns.id == 2", times=(0, 0)),
    )
    asked = [("X", 1), ("Y", 1), ("Z", 1), ("Z", 2), ("X", 2)]
    events = [
        packet(number, f"C>{server}", dns__flags__response=False, dns__id=id)
        for number, (server, id) in enumerate(asked, 1)
    ]
    assert roles(Experiment("leaves", "", (), steps), *events)["Y"] == "two"


def test_one_that_no_step_speaks_of_is_known_by_the_traffic_beside_them():
    beats = Background("beats", "dns.id == 7", "one|two > one|two")
    asked = Experiment("asked", "", (), (Step("ask", "client > one", ASK),), background=(beats,))
    events = [
        packet(1, "C>X", dns__flags__response=False),
        packet(2, "Y>X", dns__id=7),
        packet(3, "Z>Q", dns__id=7),
    ]
    assert roles(asked, *events) == {"C": "client", "X": "one", "Y": "two"}
