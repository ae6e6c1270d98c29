"""Which experiment a trace shows, if it shows one."""

from dataclasses import replace

import pytest

from machinelab import parallel
from machinelab.align import align, identify
from machinelab.model import Alone, Choice, Experiment, Step, Trace

from .made import packet, trace

ASK = Step(
    "ask", "client > server", "dns.flags.response == 0", alone=Alone("query", "dns.flags.response == 0")
)
REFUSED = Step("refused", "server > client", "dns.flags.rcode == 5")
AGAIN = Step("again", "client > server", "dns.flags.response == 0")
ONE = Experiment("one", "", (), (ASK, REFUSED))
MORE = Experiment("more", "", (), (ASK, REFUSED, AGAIN))

QUESTION, NO = packet(1, "C>S", dns__flags__response=False), packet(2, "S>C", dns__flags__rcode=5)
ONCE_MORE = packet(3, "C>S", dns__flags__response=False)


def named(*events, among=(MORE, ONE)) -> str:
    return identify(trace(*events), among).alignment.experiment.id


def test_an_experiment_is_named_that_is_seen_whole():
    assert identify(trace(QUESTION, NO), (MORE, ONE)).alignment == align(trace(QUESTION, NO), ONE)
    assert named(QUESTION, NO, ONCE_MORE) == "more"


def test_what_lacks_a_step_is_not_named_however_much_of_it_is_there():
    assert named(QUESTION, ONCE_MORE) == ""
    assert named(QUESTION, NO, among=(MORE,)) == ""


def test_the_order_counts():
    assert named(packet(1, "S>C", dns__flags__rcode=5), packet(2, "C>S", dns__flags__response=False)) == ""


def test_what_must_not_happen_and_did_is_another_experiment():
    silent = replace(ONE, id="silent", steps=(ASK, REFUSED, replace(AGAIN, times=(0, 0))))
    assert named(QUESTION, NO, among=(silent,)) == "silent"
    assert named(QUESTION, NO, ONCE_MORE, among=(silent,)) == ""


def test_of_two_that_explain_as_much_neither_is_named_but_the_one_that_is_told_by_its_steps():
    twin = replace(ONE, id="twin")
    assert named(QUESTION, NO, among=(ONE, twin)) == ""
    assert named(QUESTION, NO, among=(ONE, replace(twin, telling=("refused",)))) == "twin"
    assert named(QUESTION, NO, among=(ONE, replace(twin, variant_of="one"))) == "twin"


def test_one_step_alone_names_nothing():
    assert named(QUESTION, among=(Experiment("single", "", (), (ASK,)),)) == ""


def test_other_evidence_may_be_missing_where_telling_steps_are_seen():
    logged = replace(ONE, steps=(ASK, REFUSED, Step("logged", "server", "log.message")))
    assert named(QUESTION, NO, among=(logged,)) == ""
    assert named(QUESTION, NO, among=(replace(logged, telling=("refused",)),)) == "one"


def test_where_other_evidence_sets_it_apart_the_experiments_that_the_packets_are_as_in_are_said():
    logged = replace(ONE, id="logged", steps=(ASK, REFUSED, Step("written", "server", "log.message")))
    flushed = replace(ONE, id="flushed", steps=(ASK, REFUSED, Step("flush", "server", "syscall.name")))
    longer = replace(MORE, id="longer", steps=(*MORE.steps, Step("written", "server", "log.message")))
    found = identify(trace(QUESTION, NO), (logged, flushed, longer)).alignment
    assert (found.experiment.id, found.possible) == ("", ("logged", "flushed"))
    assert [claim.step.id for claim in found.claims] == ["query"]
    assert identify(trace(QUESTION, ONCE_MORE), (logged, flushed)).alignment.possible == ()
    assert identify(trace(QUESTION, NO), (ONE, logged)).alignment.possible == ()
    more = identify(trace(QUESTION, NO, ONCE_MORE), (logged, longer)).alignment
    assert more.possible == ("longer",)  # explains more


def test_what_a_node_could_not_see_may_be_missing_where_telling_steps_are_seen():
    passed = Step("passed", "server > other", "dns.flags.response == 0")
    far = replace(ONE, steps=(ASK, passed, REFUSED))
    assert named(QUESTION, NO, among=(far,)) == ""
    told = replace(far, telling=("ask", "refused"))
    assert named(QUESTION, NO, among=(told,)) == "one"
    assert named(QUESTION, packet(2, "S>O", dns__flags__response=False), among=(told,)) == ""


def test_knobs_may_have_been_turned_where_telling_steps_are_seen():
    knobs = {"how": Choice(("twice", "once"))}
    steps = (ASK, REFUSED, replace(AGAIN, when="how == twice"))
    turned = replace(ONE, id="turned", steps=steps, knobs=knobs)
    assert named(QUESTION, NO, ONCE_MORE, among=(turned,)) == "turned"
    assert named(QUESTION, NO, among=(turned,)) == ""
    found = identify(trace(QUESTION, NO), (replace(turned, telling=("refused",)),))
    assert (found.alignment.experiment.id, found.knobs) == ("turned", {"how": "once"})


def test_one_exchange_among_many_others_is_not_what_the_capture_shows():
    others = [packet(number, "C>S", dns__flags__response=False) for number in range(3, 9)]
    assert named(QUESTION, NO, *others, among=(ONE,)) == ""


def test_exchanges_that_are_not_whole_keep_no_step():
    windowed = replace(
        ONE, encloses=("ask", "refused"), steps=(ASK, replace(REFUSED, hop="", reply_to="ask"))
    )
    whole = [
        packet(1, "C>S", 7, dns__flags__response=False),
        packet(2, "S>C", 7, reply=True, dns__flags__rcode=5),
    ]
    other = [
        packet(3, "C>S", 8, dns__flags__response=False),
        packet(4, "S>C", 8, reply=True, dns__flags__rcode=0),
    ]
    found = identify(trace(*whole, *other), (windowed,)).alignment
    assert found.experiment.id == "one"
    assert [(claim.step.id, claim.exchange) for claim in found.claims] == [("ask", 1), ("refused", 1)]
    assert [event.number for event in found.unclaimed] == [3, 4]


def test_of_none_of_them_the_messages_that_hold_by_themselves_are_known():
    found = identify(trace(QUESTION, ONCE_MORE), (MORE, ONE)).alignment
    assert [(claim.step.id, [item.event.number for item in claim.items]) for claim in found.claims] == [
        ("query", [1, 3])
    ]
    assert (found.experiment.id, found.missing, found.unclaimed) == ("", (), ())


@pytest.mark.parametrize("events", [(QUESTION, NO, ONCE_MORE), (QUESTION, ONCE_MORE), ()])
def test_many_packets_are_read_by_several_processes_with_the_same_result(monkeypatch, events):
    together = identify(trace(*events), (MORE, ONE))
    monkeypatch.setattr(parallel, "LEAST", 2)
    monkeypatch.setattr(parallel, "SIZE", 1)
    assert identify(trace(*events), (MORE, ONE)) == together


def test_a_trace_that_says_nothing_of_nodes_has_its_roles_inferred():
    elsewhere = Trace(trace(QUESTION, NO).events)
    assert identify(elsewhere, (ONE,)).alignment.roles == {"C": "client", "S": "server"}
