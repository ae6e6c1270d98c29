"""Lanes on the page: the same moments as in the terminal, harmless, without a style of their own."""

import re
import xml.etree.ElementTree as ET

from machinelab.render.lanes import moments
from machinelab.render.page.lanes import lanes
from tests.unit.render.lanes_made import BUSY, FIGURE, NOTHING


def test_it_is_well_formed_and_has_a_row_for_each_moment() -> None:
    page = lanes(FIGURE)
    ET.fromstring(page)
    first = page.partition("</svg>")[0]
    words = re.sub("</?text[^>]*>", " ", first).replace("  ", " ")
    for moment, moved, _ in moments(BUSY):
        assert f">{moment:g}</text>" in first
        for name, place in moved.items():
            assert f"{name} {place}" in words


def test_what_is_said_is_harmless_and_styles_are_the_pages() -> None:
    page = lanes(FIGURE)
    assert "leader &lt;broker2&gt;, epoch 1" in page
    assert "style=" not in page and "<script" not in page


def test_the_lane_is_filled_as_far_as_it_is() -> None:
    wide = [
        float(width)
        for width in re.findall(r'<rect class="bar c0" x="\d+" y="\d+" width="([\d.]+)"', lanes(FIGURE))
    ]
    assert max(wide) == 308.0 and min(wide) >= 0


def test_a_run_in_which_nothing_moves_says_so() -> None:
    assert "Nothing moves in this run." in lanes(NOTHING)


def test_each_row_has_its_moment_for_whoever_follows_the_reader() -> None:
    first = next(ET.fromstring(lanes(FIGURE)).iter("svg"))
    rows = [row for row in first.iter("g") if row.get("class") == "moment"]
    assert [float(row.attrib["data-ms"]) for row in rows] == [moment for moment, _, _ in moments(BUSY)]
