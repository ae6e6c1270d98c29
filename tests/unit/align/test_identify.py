"""Which experiment a trace shows."""

from machinelab import parallel
from machinelab.align import align, identify
from machinelab.model import Experiment, Step

from .made import packet, trace

ASK = Step("ask", "client > server", "dns.flags.response == 0")
REFUSED = Step("refused", "server > client", "dns.flags.rcode == 5")
ONE = Experiment("one", "", (), (ASK, REFUSED))
OTHER = Experiment("other", "", (), (REFUSED, Step("again", "server > client", "dns.flags.rcode == 5")))


def test_a_reading_that_leaves_much_out_does_not_win_by_a_packet_more():
    """Three conversations, read as one, or as the beginnings of two that the guide tells whole."""
    asks = [packet(number, "C>S", dns__flags__response=False) for number in (1, 3)]
    one = Experiment("one", "", (), (Step("ask", "client > server", "dns.flags.response == 0"),))
    lacking = tuple(Step(f"more-{n}", "server > client", "dns.flags.rcode == 5") for n in range(3))
    two = Experiment(
        "two", "", (), (*one.steps, Step("again", "client > server", "dns.flags.response == 0"), *lacking)
    )
    assert identify(trace(*asks), (two, one)).experiment.id == "one"
    refused = [packet(4 + n, "S>C", dns__flags__rcode=5) for n in range(3)]
    assert identify(trace(*asks, *refused), (two, one)).experiment.id == "two"


def test_the_best_one_says_why_something_is_missing():
    made = trace(packet(1, "C>S", dns__flags__response=False), packet(2, "S>C", dns__flags__rcode=0))
    found = identify(made, (OTHER, ONE))
    assert found == align(made, ONE)
    assert [(each.step.id, each.near.item.event.number) for each in found.missing] == [("refused", 2)]
    assert "dns.flags.rcode was 0" in found.missing[0].reason


def test_many_packets_are_read_one_experiment_after_another_with_the_same_result(monkeypatch):
    made = trace(*(packet(number, "C>S", dns__flags__response=False) for number in range(1, 9)))
    together = identify(made, (OTHER, ONE))
    monkeypatch.setattr(parallel, "LEAST", 4)
    assert identify(made, (OTHER, ONE)) == together
