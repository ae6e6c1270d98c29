"""Two programs at one address."""

from dataclasses import replace

import pytest

from machinelab.correlate import tell_apart
from machinelab.model import Event, Trace
from tests.unit.align.made import packet

HOME = "127.0.0.1"


def sent(number: int, source: int, target: int, stream: int = 0, address: str = HOME, **flags: bool) -> Event:
    """A TCP segment of an address to itself."""

    fields = {f"tcp__flags__{name}": value for name, value in flags.items()}
    made = packet(number, f"{address}>{address}", tcp__srcport=source, tcp__dstport=target, **fields)
    return replace(made, stream=("tcp", stream))


def ends(*events: Event) -> list[tuple[str, str]]:
    return [(event.src, event.dst) for event in tell_apart(Trace(events)).events]


def test_the_server_is_named_with_its_port():
    opened = sent(1, 40000, 8080, syn=True, ack=False), sent(2, 8080, 40000, syn=True, ack=True)
    assert ends(*opened) == [(HOME, f"{HOME}:8080"), (f"{HOME}:8080", HOME)]


def test_a_conversation_seen_from_its_second_packet_or_from_its_middle():
    assert ends(sent(1, 8080, 40000, syn=True, ack=True)) == [(f"{HOME}:8080", HOME)]
    assert ends(sent(1, 40000, 8080, syn=False, ack=True)) == [(HOME, f"{HOME}:8080")]


def test_conversations_with_one_server_have_one_client():
    both = sent(1, 40000, 8080, 0, syn=True, ack=False), sent(2, 40001, 8080, 1, syn=True, ack=False)
    assert ends(*both) == [(HOME, f"{HOME}:8080")] * 2


def test_an_ipv6_address_has_brackets():
    assert ends(sent(1, 40000, 8080, address="::1", syn=True, ack=False)) == [("::1", "[::1]:8080")]


@pytest.mark.parametrize(
    "event", [packet(1, "C>S", tcp__srcport=1, tcp__dstport=2), packet(1, f"{HOME}>{HOME}")]
)
def test_whatever_goes_between_two_addresses_or_has_no_ports_stays(event: Event):
    assert ends(event) == [(event.src, event.dst)]
