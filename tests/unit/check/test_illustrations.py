"""A guide's pictures, as `check` sees them: there, named rightly, fresh, and none besides."""

from pathlib import Path

import pytest

from machinelab import check

from . import toy

MAP = "guides/pictures/my-toy/topology.svg"


def said() -> list[str]:
    return [problem.message for problem in toy.problems()]


def test_mend_writes_text_image_and_file(lab: Path) -> None:
    text = (lab / "guides/my-toy.md").read_text(encoding="utf-8")
    assert "━" in text and "(pictures/my-toy/topology.svg)" in text
    assert (lab / MAP).read_text(encoding="utf-8").startswith("<svg ")
    assert said() == [] and check.mend([toy.ID]) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("```picture topology", "```picture topologie", "no picture 'topologie'"),
        ("```picture topology", "```picture topology helo", "no experiment of the lab"),
        ("━━", "──", "not what the reference shows"),
        ("![", "[", "No image stands below"),
        ("```picture topology", "```text", "does not begin with the lab's topology"),
    ],
)
def test_a_fence_that_is_wrong(lab: Path, old: str, new: str, message: str) -> None:
    toy.edit("guides/{id}.md", old, new)
    assert any(message in each for each in said())


def test_a_file_that_is_stale_or_of_no_fence(lab: Path) -> None:
    (lab / MAP).write_text("<svg/>", encoding="utf-8")
    (lab / MAP).with_name("old.svg").write_text("<svg/>", encoding="utf-8")
    assert any("is not that picture" in each for each in said())
    assert "This picture is in no fence of the guide." in said()
