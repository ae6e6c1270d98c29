from dataclasses import replace

from machinelab.align import align
from machinelab.model import Background, Experiment, Step

from .made import packet, trace

ASK = Step("ask", "client > server", "dns.flags.response == 0")
ANSWER = Step("answer", reply_to="ask", sees="dns.flags.rcode == 0")
UP = Step("up", "server > other", "dns.flags.response == 0")
DOWN = Step("down", reply_to="up", sees="dns.flags.rcode == 0")


def lookup(*steps: Step, **more: object) -> Experiment:
    return Experiment("e", "", (), steps or (ASK, UP, DOWN, ANSWER), encloses=("ask", "answer"), **more)


def query(number, hop, key, **values):
    return packet(number, hop, key, dns__flags__response=False, **values)


def reply(number, hop, key, rcode=0):
    return packet(number, hop, key, reply=True, dns__flags__response=True, dns__flags__rcode=rcode)


WHOLE = (query(1, "C>S", "a"), query(2, "S>O", "b"), reply(3, "O>S", "b"), reply(4, "S>C", "a"))


def numbers(alignment):
    return {(c.step.id, c.exchange): [i.event.number for i in c.items] for c in alignment.claims}


def test_each_step_takes_its_packet_and_replies_follow_their_link():
    found = align(trace(*WHOLE), lookup())
    assert numbers(found) == {("ask", 1): [1], ("up", 1): [2], ("down", 1): [3], ("answer", 1): [4]}
    assert found.ok


def test_a_reply_may_have_to_come_after_a_request_that_follows_its_own():
    late = Step("late", reply_to="ask", sees="dns.flags.rcode == 0", after={"up": 0})
    found = align(trace(*WHOLE), Experiment("e", "", (), (ASK, UP, DOWN, late)))
    assert found.ok and numbers(found)["late", 1] == [4]


def test_a_reply_that_is_not_what_the_guide_says_is_named_with_its_condition():
    found = align(trace(*WHOLE[:2], reply(3, "O>S", "b", rcode=5), WHOLE[3]), lookup())
    (missing,) = found.missing
    assert missing.step is DOWN
    assert (
        missing.reason
        == "Packet 3 is the reply to up (packet 2), but dns.flags.rcode was 5 (REFUSED), wanted 0 (NOERROR)."
    )
    assert [event.number for event in found.unclaimed] == [3]


def test_no_reply_names_the_requests_that_had_none():
    found = align(trace(WHOLE[0], WHOLE[1], query(3, "S>O", "c", topic=""), WHOLE[3]), lookup())
    (missing,) = found.missing
    assert missing.reason == "There is no reply to packets 2, 3."


def test_a_run_that_saw_nothing_is_not_well():
    for experiment in (lookup(), Experiment("e", "", (), (ASK, UP, DOWN, ANSWER))):
        found = align(trace(), experiment)
        assert not found.ok and [each.step.id for each in found.missing] == ["ask", "up", "down", "answer"]


def test_a_question_asked_again_in_vain_is_a_retry_of_the_same_step():
    found = align(
        trace(
            WHOLE[0], query(2, "S>O", "b"), query(3, "S>O", "c"), reply(4, "O>S", "c"), reply(5, "S>C", "a")
        ),
        lookup(),
    )
    assert found.ok
    assert numbers(found)["up", 1] == [2, 3]
    assert [i.event.number for c in found.claims for i in c.retries] == [3]


def test_a_server_that_was_slow_may_answer_a_question_and_its_retry():
    asked = (WHOLE[0], query(2, "S>O", "b"), query(3, "S>O", "c"))
    for first, second in ("bc", "cb"):
        told = (reply(4, "O>S", first), reply(5, "O>S", second), reply(6, "S>C", "a"))
        found = align(trace(*asked, *told), lookup())
        assert found.missing == () and found.ok
        assert numbers(found)["down", 1] == [4, 5]
        assert [i.event.number for c in found.claims for i in c.retries] == [3, 5]


def test_one_ping_after_another_is_no_retry_and_the_same_one_again_is() -> None:
    pings = [packet(number, "C>S", number, topic=f"7 {number}", icmp__type=8) for number in (1, 2, 3)]
    thrice = lookup(Step("ping", "client > server", "icmp.type == 8", times=(3, 3)))
    found = align(trace(*pings), thrice)
    assert (found.missing, [c.retries for c in found.claims]) == ((), [()])
    (missing,) = align(trace(*pings[:2]), thrice).missing
    assert missing.step.id == "ping"
    again = packet(4, "C>S", 3, topic="7 3", icmp__type=8)
    (claim,) = align(trace(*pings, again), thrice).claims
    assert [item.event.number for item in claim.retries] == [4]
    assert align(trace(*pings, again), thrice).missing == ()


def test_a_second_answered_question_is_no_retry_and_stays_unexplained():
    again = (query(4, "S>O", "c"), reply(5, "O>S", "c"), reply(6, "S>C", "a"))
    found = align(trace(*WHOLE[:3], *again), lookup())
    assert [event.number for event in found.unclaimed] == [4, 5]


def test_two_askers_are_two_exchanges():
    second = (query(5, "C>S", "d"), query(6, "S>O", "e"), reply(7, "O>S", "e"), reply(8, "S>C", "d"))
    found = align(trace(*WHOLE, *second), lookup())
    assert numbers(found)["up", 2] == [6]
    assert found.ok


def test_a_never_that_happens_is_told():
    never = Step("never", "server > other", "dns.flags.response == 0", times=(0, 0))
    found = align(trace(*WHOLE), lookup(ASK, ANSWER, never))
    assert [m.reason for m in found.missing] == ["Packet 2 should not be there."]
    assert not found.ok
    assert align(trace(WHOLE[0], WHOLE[3]), lookup(ASK, ANSWER, never)).ok


def test_out_of_order_is_told_as_such():
    first = Step("first", "server > other", "dns.qry.type == 1")
    second = Step("second", "server > other", "dns.qry.type == 2")
    turned = Experiment("e", "", (), (first, second))
    events = (query(1, "S>O", "a", dns__qry__type=2), query(2, "S>O", "b", dns__qry__type=1))
    (missing,) = align(trace(*events), turned).missing
    assert "out of order" in missing.reason


def test_the_nearest_miss_is_named_with_what_it_lacked():
    wants = Step("wants", "server > other", "dns.flags.recdesired == 1")
    events = (query(1, "S>O", "a", dns__flags__recdesired=False),)
    (missing,) = align(trace(*events), Experiment("e", "", (), (wants,))).missing
    assert missing.near and missing.near.item.event.number == 1
    assert "dns.flags.recdesired was 0, wanted 1" in missing.reason


def test_the_nearest_miss_is_looked_for_on_the_side_that_should_have_sent():
    """A client's packet that looks right is no server's, however near; one of the server's to somebody else may be."""
    wants = Step("finished", "server > client", "tls.handshake.type == 20")
    alone = Experiment("e", "", (), (wants,))
    clients = packet(19, "C>S", tls__handshake__type=20)
    (missing,) = align(trace(clients), alone).missing
    assert (missing.reason, missing.near) == ("There is no packet server > client.", None)
    astray = packet(20, "S>O", tls__handshake__type=20)
    (missing,) = align(trace(clients, astray), alone).missing
    assert missing.reason == "The nearest is packet 20: it looks right, but goes server > other."
    before = packet(18, "S>C", tls__handshake__type=8)
    (missing,) = align(trace(before, clients, astray), alone).missing
    assert missing.near and missing.near.item.event.number == 18


def test_a_sender_that_nobody_knows_may_have_been_the_right_one():
    wants = Step("ask", "client > server", "dns.id == 1")
    (missing,) = align(trace(packet(1, "X>S", dns__id=1)), Experiment("e", "", (), (wants,))).missing
    assert missing.reason == "The nearest is packet 1: it looks right, but goes X > server."


def test_evidence_that_does_not_travel_is_looked_for_where_it_should_have_happened():
    wants = Step("first", "server", "dns.id == 1")
    there = Experiment("e", "", (), (wants,))
    (missing,) = align(trace(replace(_moment(1, 100, 0, dns__id=1), node="client")), there).missing
    assert (missing.reason, missing.near) == ("Nothing like it was seen.", None)
    (missing,) = align(trace(_moment(1, 100, 0, dns__id=2)), there).missing
    assert missing.near and "dns.id was 0x0002, wanted 1" in missing.reason


def test_nothing_near_says_which_hop_is_empty():
    wants = Step("wants", "other > server", "dns")
    (missing,) = align(trace(*WHOLE[:1]), Experiment("e", "", (), (wants,))).missing
    assert missing.reason == "There is no packet other > server." and missing.near is None


def test_repeats_do_not_outbid_a_later_step():
    many = Step("many", "server > other", "dns.flags.response == 0", times=(1, None))
    last = Step("last", "server > other", "dns.qry.type == 7")
    events = [query(n, "S>O", n) for n in range(1, 6)] + [query(6, "S>O", 6, dns__qry__type=7)]
    found = align(trace(*events), Experiment("e", "", (), (many, last)))
    assert numbers(found) == {("many", 1): [1, 2, 3, 4, 5], ("last", 1): [6]}


def test_tracks_run_side_by_side():
    side = Step("side", "server > other", "dns.qry.type == 48", times=(0, None), track="keys")
    main = Step("main", "server > other", "dns.qry.type == 1")
    events = (
        query(1, "S>O", 1, dns__qry__type=48),
        query(2, "S>O", 2, dns__qry__type=1),
        query(3, "S>O", 3, dns__qry__type=48),
    )
    found = align(trace(*events), Experiment("e", "", (), (main, side)))
    assert numbers(found) == {("main", 1): [2], ("side", 1): [1, 3]}


def test_background_comes_after_steps_and_is_not_unclaimed():
    quiet = Background("quiet", "dns.qry.type == 2")
    events = (*WHOLE[:3], query(9, "S>O", "p", dns__qry__type=2))
    found = align(trace(*events), lookup(background=(quiet,)))
    assert found.background == {"9": "quiet"}


def test_a_knob_decides_which_steps_there_are():
    only = Step("only", "server > other", "dns.flags.response == 0", when="mode == on")
    experiment = Experiment(
        "e", "", (), (ASK, ANSWER, only), encloses=("ask", "answer"), knobs={"mode": "off"}
    )
    events = trace(WHOLE[0], WHOLE[3])
    assert align(events, experiment).ok
    assert [m.step.id for m in align(events, experiment, {"mode": "on"}).missing] == ["only"]


def test_the_same_trace_gives_the_same_alignment():
    assert align(trace(*WHOLE), lookup()) == align(trace(*WHOLE), lookup())


def test_roles_are_found_where_nobody_says_who_is_who():
    from dataclasses import replace

    found = align(replace(trace(*WHOLE), nodes={}), lookup())
    assert found.roles == {"C": "client", "S": "server", "O": "other"}
    assert found.ok


def _moment(number, time, uncertainty, lane="", **values):
    event = packet(number, "C>S", **values)
    return replace(
        event, time=time, uncertainty=uncertainty, lane=lane, source="made", network="", node="server"
    )


def _two(one, other):
    steps = (Step("first", "server", "dns.id == 1"), Step("second", "server", "dns.id == 2"))
    return align(trace(one, other), Experiment("e", "", (), steps))


def test_an_order_that_the_clocks_cannot_settle_is_not_claimed():
    found = _two(_moment(1, 100, 30, dns__id=1), _moment(2, 150, 30, dns__id=2))
    assert found.undecided == (("first", "second"),) and found.ok
    assert not _two(_moment(1, 100, 30, dns__id=1), _moment(2, 161, 30, dns__id=2)).undecided


def test_a_lane_has_an_order_of_its_own_whatever_the_clocks_say():
    one, other = _moment(1, 100, 30, "log", dns__id=1), _moment(2, 110, 30, "log", dns__id=2)
    assert not _two(one, other).undecided
    assert _two(one, replace(other, lane="another")).undecided


def test_a_question_about_something_else_is_no_retry():
    asks = Step("ask", "client > server", "dns.flags.response == 0", times=(1, None))
    two = Experiment("e", "", (), (asks,))
    same = align(trace(query(1, "C>S", "a", topic="x"), query(2, "C>S", "b", topic="x")), two)
    other = align(trace(query(1, "C>S", "a", topic="x"), query(2, "C>S", "b", topic="y")), two)
    assert [item.event.number for item in same.claims[0].retries] == [2]
    assert other.claims[0].retries == ()


def test_what_seems_out_of_order_within_the_clocks_uncertainty_is_there_and_undecided():
    found = _two(_moment(1, 100, 30, dns__id=2), _moment(2, 150, 30, dns__id=1))
    assert found.ok and found.undecided == (("first", "second"),)
    apart = _two(_moment(1, 100, 20, dns__id=2), _moment(2, 150, 20, dns__id=1))
    assert [missing.step.id for missing in apart.missing] and not apart.undecided
    lane = _two(_moment(1, 100, 30, "log", dns__id=2), _moment(2, 150, 30, "log", dns__id=1))
    assert lane.missing
