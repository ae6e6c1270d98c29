"""What becomes of a guide's pictures on the page of a run: its own stand beside the text, another's stay."""

from markupsafe import Markup

from machinelab.render.page.illustrated import Illustrated
from machinelab.render.page.moments import Plate

PLATE = Plate("walk", "The walk", "How it walks.", "From cold, reference.", Markup("<svg/>"))
OPENING = Illustrated("cold", {"walk", "shares"}, (PLATE,))
CHAPTER = Illustrated("cold", {"walk", "shares"})


def test_what_stands_beside_the_text_is_not_drawn_twice_but_in_the_opening() -> None:
    assert "<svg/>" in str(OPENING("picture walk", "")) and CHAPTER("picture walk", "") == ""
    assert CHAPTER("picture walk cold", "") == "" and OPENING("picture shares", "") == ""
    assert OPENING("picture topology", "") == "" and OPENING("picture topology warm", "") == ""


def test_the_picture_of_another_run_stays_with_what_it_shows() -> None:
    made = str(CHAPTER("picture walk warm", "root <b>\n  test\n"))
    assert "root &lt;b&gt;\n  test" in made and "of the experiment warm" in made
    assert "of other experiments" in str(OPENING("picture header", "| id |"))


def test_other_fences_are_left_alone() -> None:
    assert CHAPTER("", "$ dig") is None and CHAPTER("packets cold", "1 a") is None
