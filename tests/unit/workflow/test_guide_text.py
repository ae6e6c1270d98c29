"""The guide's fences filled with packets: repeating steps folded, or not; no sentence said twice."""

import re

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.reading import Reading
from machinelab.workflow import guide_text


@pytest.fixture(scope="module")
def again() -> Reading:
    return reading.open_lab(catalog.load_lab("load-balancing"), "comeback", shipped=True)


def fences(text: str) -> list[str]:
    return re.findall(r"^```packets .*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_steps_that_repeat_are_folded_and_a_reader_may_unfold_them(again: Reading) -> None:
    (short,) = fences(guide_text.text(again, shipped=True, alone=True))
    (long,) = fences(guide_text.text(again, shipped=True, alone=True, whole=True))
    assert "others, others-served again, ×" in short
    assert len(short.split("\n")) < 40 < 100 < len(long.split("\n"))
    assert "again, ×" not in long


def test_no_sentence_stands_in_two_fences_but_a_part_alone_has_them_all() -> None:
    found = reading.open_lab(catalog.load_lab("dns"), "cold", shipped=True)
    told = [" ".join(fence.split()) for fence in fences(guide_text.text(found, shipped=True))]
    sentence = found.view().words.sentence("ask-root")
    assert sentence in told[0]
    assert sum(fence.count(sentence) for fence in told) == 1
    alone = reading.open_lab(catalog.load_lab("dns"), "minimised", shipped=True)
    (first, *_) = fences(guide_text.text(alone, shipped=True, alone=True))
    assert sentence in " ".join(first.split())


def test_a_section_beside_a_run_has_that_run_s_values() -> None:
    """The section stands under another experiment, which has a value of its own."""
    lab, name = catalog.load_lab("websockets"), "http.sec_websocket_accept"
    shown, other = (reading.open_recorded(lab, each) for each in ("idle", "upgrade"))
    own, foreign = (str(found.run.first("agreed")[name]) for found in (shown, other))
    section = guide_text.Sections(shown, shipped=True).markdown("agreed")
    assert own != foreign and own in section and foreign not in section
    assert own in shown.view().words.meaning("agreed", name)
