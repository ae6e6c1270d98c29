from machinelab.analysis.pictures import Shown
from machinelab.model import Picture, Slot, SlotRow, Slots
from machinelab.render.page.moments import MOST, Moments
from machinelab.render.pictures import as_svg, layout

CACHE = Picture("cache", "The cache", "What it holds.", lambda run: None)


def held(*texts: str) -> Slots:
    return Slots((SlotRow("cache", tuple(Slot(text) for text in texts)),))


def illustrate(until: int | None) -> Shown:
    """Empty before 10, one entry up to 20, then two."""
    time = 99 if until is None else until
    drawing = None if time < 10 else held("a") if time < 20 else held("a", "b")
    return Shown("lab", CACHE, "cold", "reference", drawing)


def test_each_moment_has_the_picture_of_its_time() -> None:
    moments = Moments([1, 10, 15, 25])
    plate = moments.add(illustrate)
    known = moments.encoded()
    assert plate.moves and plate.svg is not None and ">b<" in plate.svg
    assert known["pictures"] == {"cache": [-1, 0, 0, 1]}
    frames, parts = known["frames"], known["parts"]
    assert isinstance(frames, list) and isinstance(parts, list)
    for number, drawing in ((0, held("a")), (1, held("a", "b"))):
        width, height, words, *rest = frames[number]
        assert [parts[part] for part in rest] == as_svg.parts(layout(drawing))
        assert (width, height) == as_svg.extent(layout(drawing)) and "a" in words


def test_what_stands_still_is_kept_once() -> None:
    moments = Moments([20, 30])
    assert not moments.add(illustrate).moves
    assert moments.encoded()["pictures"] == {}


def test_of_very_many_moments_each_has_one_that_is_not_later() -> None:
    asked: list[int] = []

    def watched(until: int | None) -> Shown:
        asked.append(until if until is not None else -1)
        return illustrate(until)

    moments = Moments(list(range(3 * MOST)))
    moments.add(watched)
    pictures = moments.encoded()["pictures"]
    assert isinstance(pictures, dict) and len(pictures["cache"]) == 3 * MOST
    assert len(asked) <= MOST + 1
    assert pictures["cache"][9] == -1 and pictures["cache"][12] == 0 and pictures["cache"][-1] == 1
