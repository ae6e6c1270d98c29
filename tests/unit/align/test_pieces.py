"""Messages in several pieces, claimed as one. The fields stand for those of protocols to come: `icmp.type` for an opcode, `tcp.stream` for a stream id."""

from dataclasses import replace
from itertools import zip_longest

from machinelab.align import align, identify
from machinelab.analysis.view import View, note
from machinelab.analysis.words import SILENT
from machinelab.model import Experiment, Message, Step

from .made import packet, trace

TEXT, MORE, PING, PONG = 1, 0, 9, 10
SAYS = Step("says", "client > server", "icmp.type == 1", pieces="icmp.type == 0")
BODY = Step("body", "server > client", "tls.record.content_type == 0", whole="tcp.stream")


def message(event):
    """The packet as one that completes a message which is no request and no reply."""
    return replace(event, messages=(Message("made", None, (event.number,)),))


def frame(number, opcode, hop="C>S"):
    return message(packet(number, hop, icmp__type=opcode))


def data(number, stream, hop="S>C"):
    return message(packet(number, hop, tls__record__content_type=0, tcp__stream=stream))


def line(number, text, lane="log"):
    event = packet(number, "C>S", http__request__line=text)
    return replace(event, source="log", network="", node="server", src="", dst="", lane=lane)


def read(events, *steps):
    return align(trace(*events), Experiment("e", "", (), steps))


def claimed(alignment):
    """Step → each message's pieces, the first among them."""
    return {
        claim.step.id: [
            [first.event.number, *(piece.event.number for piece in further)]
            for first, further in zip_longest(claim.items, claim.pieces, fillvalue=())
        ]
        for claim in alignment.claims
    }


def test_fragments_with_a_ping_between_them_are_one_message() -> None:
    pings = Step("ping", "client > server", f"icmp.type == {PING}", track="pings")
    events = frame(1, TEXT), frame(2, MORE), frame(3, PING), frame(4, MORE)
    found = read(events, SAYS, pings)
    assert found.ok and claimed(found)["says"] == [[1, 2, 4]]
    assert {id for id, steps in found.steps_of().items() if steps[0][0] is SAYS} == {"1", "2", "4"}


def test_the_next_message_has_its_own_pieces_and_the_other_side_its_own() -> None:
    heard = Step("heard", "server > client", "icmp.type == 1", pieces="icmp.type == 0")
    events = (
        *(frame(1, TEXT), frame(2, TEXT, "S>C"), frame(3, MORE), frame(4, MORE, "S>C")),
        *(frame(5, TEXT), frame(6, MORE)),
    )
    found = read(events, replace(SAYS, times=(2, 2)), replace(heard, track="back"))
    assert found.ok and claimed(found) == {"says": [[1, 3], [5, 6]], "heard": [[2, 4]]}


def test_a_message_counts_as_one_however_many_pieces_it_has() -> None:
    assert read([frame(1, TEXT), *(frame(n, MORE) for n in range(2, 9))], SAYS).ok
    (missing,) = read((frame(1, TEXT), frame(2, MORE), frame(3, TEXT)), replace(SAYS, times=(3, 3))).missing
    assert missing.reason == "It was seen 2 times (packets 1, 3), wanted at least 3."


def test_a_piece_without_a_first_one_is_nobodys() -> None:
    found = read((frame(1, MORE), frame(2, TEXT)), SAYS)
    assert claimed(found) == {"says": [[2]]} and [event.number for event in found.unclaimed] == [1]


def test_pieces_that_look_alike_are_put_together_by_the_field_that_they_share() -> None:
    events = data(1, 1), data(2, 3), data(3, 1), data(4, 3)
    found = read(events, replace(BODY, times=(2, 2)))
    assert found.ok and claimed(found) == {"body": [[1, 3], [2, 4]]}


def test_a_filter_and_a_shared_field_together() -> None:
    head = Step(
        "answer",
        "server > client",
        "tls.record.content_type == 1",
        pieces="tls.record.content_type == 0",
        whole="tcp.stream",
    )
    heads = (packet(n, "S>C", tls__record__content_type=1, tcp__stream=s) for n, s in ((1, 1), (2, 3)))
    found = read((*heads, data(3, 3), data(4, 1), data(5, 7)), replace(head, times=(2, 2)))
    assert claimed(found) == {"answer": [[1, 4], [2, 3]]}
    assert [event.number for event in found.unclaimed] == [5]


def test_lines_of_a_log_are_one_message() -> None:
    step = Step(
        "trace", "server", "http.request.line == Exception", pieces='http.request.line matches "^ at"'
    )
    lines = [line(1, "Exception"), line(2, " at a"), line(3, " at x", "other"), line(4, " at b")]
    found = read(lines, step)
    assert claimed(found) == {"trace": [[1, 2, 4]]} and [event.number for event in found.unclaimed] == [3]


def test_the_pieces_of_a_reply() -> None:
    ask = Step("ask", "client > server", "dns.flags.response == 0")
    answer = Step(
        "answer", reply_to="ask", sees="dns.flags.response == 1", pieces="tls.record.content_type == 0"
    )
    events = (
        packet(1, "C>S", "k", dns__flags__response=False),
        packet(2, "S>C", "k", reply=True, dns__flags__response=True),
        data(3, 1),
        data(4, 1),
    )
    found = read(events, ask, answer)
    assert found.ok and claimed(found)["answer"] == [[2, 3, 4]]


def test_what_steps_claim_before_is_no_piece() -> None:
    control = Step("empty", "client > server", "icmp.type == 0", track="first")
    found = read((frame(1, TEXT), frame(2, MORE), frame(3, MORE)), control, SAYS)
    assert claimed(replace(found, claims=found.claims[1:])) == {"says": [[1, 3]]}


def test_the_best_fit_is_told_with_its_pieces() -> None:
    first, second = replace(BODY, hop="client > server", id="asked"), BODY
    events = data(1, 1, "C>S"), data(2, 1), data(3, 1)
    one = Experiment("one", "", (), (first, second))
    other = Experiment("other", "", (), (first, replace(second, id="more", times=(2, 2))))
    found = identify(trace(*events), (other, one)).alignment
    assert found.experiment is one and claimed(found)["body"] == [[2, 3]]


def test_a_row_says_which_pieces_there_are_and_which_message_a_piece_is_of() -> None:
    made = trace(frame(1, TEXT), frame(2, MORE), frame(3, MORE))
    view = View("toy", made, align(made, Experiment("e", "", (), (SAYS,))))
    notes = [note(row, SILENT, set()) for row in view.rows()]
    assert notes == ["In 3 pieces, with packets 2 and 3.", "A part of packet 1.", "A part of packet 1."]
    logged = trace(line(1, "Exception"), line(2, " at a"))
    step = Step(
        "trace", "server", "http.request.line == Exception", pieces='http.request.line matches "^ at"'
    )
    rows = View("toy", logged, align(logged, Experiment("e", "", (), (step,)))).rows()
    assert [note(row, SILENT, set()) for row in rows] == [
        "In 2 pieces, with event log:2.",
        "A part of event log:1.",
    ]
