"""How far one packet may unfold."""

from machinelab.dissect.budget import CROWDED, TRIED, UNPACKED, Budget
from machinelab.dissect.core import View
from machinelab.dissect.protocols.kafka.topics import NOBODY


def test_what_was_unpacked_and_what_was_tried_in_vain_is_gone() -> None:
    budget = Budget(UNPACKED)
    budget.take(bytes(1000))
    budget.take(None)
    assert budget.most(0) == UNPACKED - 1000 - TRIED
    budget.take(bytes(UNPACKED))
    assert budget.most(0) == 0


def test_a_crowded_packet_unfolds_no_further() -> None:
    assert Budget().most(CROWDED - 1) == UNPACKED
    assert Budget().most(CROWDED) == 0


def test_all_buffers_of_a_packet_share_it_and_each_has_a_name_of_its_own() -> None:
    view = View(NOBODY, b"", "frame", [])
    first, second = view.enter(b"1", "Inner"), view.enter(b"2", "Inner")
    assert first.budget is second.budget is view.budget
    assert list(second.enter(b"3", "Inner").buffers) == ["frame", "Inner", "Inner 2", "Inner 3"]
