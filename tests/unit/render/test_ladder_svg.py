import xml.etree.ElementTree as ET

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.render.ladder_svg import ladder_svg

from . import small

NS = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("links", [False, True])
@pytest.mark.parametrize("name", ["cold", "broken", "hostile"])
def test_it_is_whole_and_holds_nothing_but_drawing(name, links):
    picture = ET.fromstring(ladder_svg(getattr(small, name)(), links=links))
    allowed = {"svg", "title", "style", "line", "text", "tspan", "g", "a", "rect", "path", "circle"}
    assert {element.tag.removeprefix(NS) for element in picture.iter()} <= allowed
    assert not any(key.startswith("on") for element in picture.iter() for key in element.attrib)
    assert all(a.attrib["href"].startswith("#e") for a in picture.iter(f"{NS}a"))


def test_every_message_is_an_arrow_and_the_quiet_ones_are_counted():
    view = reading.open_reference(catalog.load_lab("dns"), "cold").view()
    picture = ET.fromstring(ladder_svg(view))
    drawn = {g.attrib["data-event"] for g in picture.iter(f"{NS}g") if "data-event" in g.attrib}
    assert drawn == {row.event.id for row in view.rows() if not row.quiet}
    assert any("priming ×2" in "".join(text.itertext()) for text in picture.iter(f"{NS}text"))


def test_of_a_long_run_steps_that_repeat_are_one_line():
    view = reading.open_reference(catalog.load_lab("tcp"), "slow-start").view()
    rows = list(view.rows())
    text = ladder_svg(view, links=True)
    rungs = [g.attrib for g in ET.fromstring(text).iter(f"{NS}g") if "data-event" in g.attrib]
    held = [id for rung in rungs for id in (rung["data-event"], *rung.get("data-more", "").split())]
    assert {row.event.id for row in rows if not row.quiet} <= set(held) and len(held) == len(set(held))
    assert len(rungs) < len(rows) / 5 and len(text) < 100_000
    assert "grows ×" in text


def test_words_that_are_too_long_for_their_place_begin_further_left():
    picture = ET.fromstring(ladder_svg(reading.open_reference(catalog.load_lab("dns"), "cold").view()))
    width = float(picture.attrib["width"])
    for text in picture.iter(f"{NS}text"):
        said = "".join(text.itertext())
        if text.get("text-anchor") is None:
            assert float(text.attrib["x"]) >= 0 and float(text.attrib["x"]) + 5 * len(said) <= width, said


def test_a_silence_is_told():
    assert "376 ms" in ladder_svg(small.cold())


def test_an_empty_run_is_an_empty_picture():
    view = reading.open_reference(catalog.load_lab("dns"), "cold").view()
    assert ET.fromstring(ladder_svg(view, [])) is not None


def test_long_numbers_and_what_happens_at_the_last_node_have_room():
    view = reading.open_reference(catalog.load_lab("wal"), "commit").view()
    picture = ET.fromstring(ladder_svg(view))
    left = int(picture.attrib["viewBox"].split()[0])
    numbers = [
        text for text in picture.iter(f"{NS}text") if text.text == "pgtrace:1" or text.text == "pgwal:1"
    ]
    assert numbers and all(int(n.attrib["x"]) - 6.7 * len(n.text or "") >= left for n in numbers)
    assert any("commit-record: " in "".join(text.itertext()) for text in picture.iter(f"{NS}text"))
