from collections.abc import Sequence
from dataclasses import replace

import pytest

from machinelab.analysis.folding import QUIET, Again, Quiet, folded, quieted
from machinelab.analysis.view import EventRow
from machinelab.model import Step

from ..render import small

ASK, ANSWER, TELL = Step("ask", "a > b"), Step("answer", reply_to="ask"), Step("tell", "a > c")


def rows(*steps: Step | None, state: str = "claimed") -> list[EventRow]:
    return [
        EventRow(
            small.packet(at, at, "resolver > root", "?"), at, "a", "b", ((step, 1),) if step else (), state
        )
        for at, step in enumerate(steps, 1)
    ]


def shape(listing: Sequence[EventRow]) -> list[str]:
    return [line.said if isinstance(line, Again) else line.event.id for line in folded(listing)]


def test_what_is_new_is_shown_and_what_repeats_is_taken_together() -> None:
    assert shape(rows(ASK, ANSWER, *(ASK, ANSWER) * 9, TELL)) == [
        "1",
        "2",
        "ask, answer again, ×9 each (packets 3 … 20)",
        "21",
    ]
    assert shape(rows(ASK, ASK, ASK)) == ["1", "ask again, ×2 (packets 2 and 3)"]
    assert shape(rows(ASK, ANSWER, ASK, ASK, ANSWER)) == [
        "1",
        "2",
        "ask ×2, answer ×1 again (packets 3, 4 and 5)",
    ]


def test_one_row_is_not_folded() -> None:
    assert shape(rows(ASK, ASK, TELL, ASK)) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("state", ["never", "unclaimed"])
def test_what_is_wrong_is_never_folded(state: str) -> None:
    listing = rows(ASK, ASK, ASK, state=state)
    assert list(folded(listing)) == listing


def test_what_nobody_speaks_of_is_never_folded() -> None:
    listing = rows(None, None, None, state="")
    assert list(folded(listing)) == listing


def test_background_folds_by_its_own_name() -> None:
    listing = [replace(row, background="arp") for row in rows(None, None, None, state="background")]
    assert shape(listing) == ["1", "(arp) again, ×2 (packets 2 and 3)"]


def test_the_first_retry_and_the_first_message_in_pieces_are_news() -> None:
    first, second, third, fourth = rows(ASK, ASK, ASK, ASK)
    listing = [first, replace(second, retry=True), replace(third, retry=True), replace(fourth, pieces=("5",))]
    assert shape(listing) == ["1", "2", "3", "4"]


def test_a_message_in_several_packets_is_one_row_that_names_them() -> None:
    first, second, third, fourth = rows(ASK, ASK, ASK, ANSWER)
    listing = list(folded([replace(first, whole="3"), replace(second, whole="3"), third, fourth]))
    assert listing == [replace(third, pieces=("1", "2")), fourth]


def test_a_part_of_a_message_that_is_not_listed_stays() -> None:
    (part,) = (replace(row, whole="9") for row in rows(ASK))
    assert list(folded([part])) == [part]


def test_each_row_is_listed_folded_or_named() -> None:
    listing = rows(ASK, ANSWER, *(ASK, ANSWER) * 9, TELL, ASK)
    listing[4] = replace(listing[4], whole="20")
    ids = [
        id
        for line in folded(listing)
        for row in (line.rows if isinstance(line, Again) else (line,))
        for id in (*row.pieces, row.event.id)
    ]
    assert sorted(ids, key=int) == [row.event.id for row in listing]


def beside(names: Sequence[str | None]) -> list[EventRow]:
    """Rows of that background, or of a step where there is none; "carrier" is a stream's own packet."""
    listing = rows(*(None if name else TELL for name in names))
    return [
        replace(row, state="claimed")
        if name is None
        else replace(row, state="carrier" if name == "carrier" else "background", background=name)
        for row, name in zip(listing, names, strict=True)
    ]


def test_what_is_beside_the_point_is_one_line_and_says_what_it_was() -> None:
    made = list(quieted(beside([None, "arp", "hello", "hello", "arp", None])))
    assert [type(one) for one in made] == [EventRow, Quiet, EventRow]
    assert isinstance(made[1], Quiet)
    assert made[1].said == "4 beside the point: arp ×2, hello ×2 (packets 2, 3, 4 and 5)"
    assert [row.event.id for row in made[1].rows] == ["2", "3", "4", "5"]


@pytest.mark.parametrize("many", range(QUIET + 2))
def test_a_few_packets_beside_the_point_stand(many: int) -> None:
    made = list(quieted(beside(["arp"] * many + [None])))
    assert len(made) == (2 if many >= QUIET else many + 1)


def test_what_nothing_explains_is_never_beside_the_point() -> None:
    listing = rows(None, None, None, None, state="unclaimed")
    assert list(quieted(listing)) == listing
