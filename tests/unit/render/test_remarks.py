"""What is said of real packets that were lost, and of those that were not."""

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.render.remarks import remarks


def said(experiment: str) -> set[str]:
    found = reading.open_reference(catalog.load_lab("tcp"), experiment)
    return {remark for event in found.run.trace.events for remark in remarks(event)}


def test_a_lost_segment_is_remarked_on() -> None:
    assert {"sent again", "the same ACK again"} <= said("loss")


def test_a_closed_window_is_remarked_on() -> None:
    assert "no room left" in said("zero-window")


def test_a_handshake_has_nothing_odd() -> None:
    assert said("handshake") == set()
