"""The files of changes/: their form, and their way into CHANGELOG."""

from pathlib import Path

import pytest

from tests import ROOT
from tests.changes import collect, fragments, wrong


def test_every_change_is_in_good_form():
    assert [said for path in fragments(ROOT / "changes") if (said := wrong(path))] == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("good-one.md", "- Now it is so.\n", ""),
        ("two-lines.md", "- Now it is so,\n  and so.\n", ""),
        ("Bad.md", "- Now it is so.\n", "call it like"),
        ("notes.txt", "- Now it is so.\n", "call it like"),
        ("two.md", "- One.\n- Two.\n", "one bullet"),
        ("prose.md", "Now it is so.\n", "one bullet"),
        ("empty.md", "", "one bullet"),
        ("endless.md", "- Now it is so\n", "end the sentence"),
    ],
)
def test_the_form(tmp_path: Path, name: str, text: str, said: str):
    (tmp_path / name).write_text(text)
    assert (said in wrong(tmp_path / name)) if said else wrong(tmp_path / name) == ""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/README.md").write_text("# Changes\n")
    (tmp_path / "changes/b.md").write_text("- B.\n")
    (tmp_path / "changes/a.md").write_text("- A,\n  and more.\n")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n- Old.\n\n## 1.0\n\n- First.\n")
    return tmp_path


def test_they_move_below_what_is_unreleased(repository: Path):
    assert [path.name for path in collect(repository)] == ["a.md", "b.md"]
    expected = "# Changelog\n\n## Unreleased\n\n- Old.\n- A,\n  and more.\n- B.\n\n## 1.0\n\n- First.\n"
    assert (repository / "CHANGELOG.md").read_text() == expected
    assert [path.name for path in (repository / "changes").iterdir()] == ["README.md"]


def test_nothing_moves_while_one_is_wrong(repository: Path):
    (repository / "changes/c.md").write_text("nothing")
    before = (repository / "CHANGELOG.md").read_text()
    with pytest.raises(ValueError, match=r"c\.md"):
        collect(repository)
    assert (repository / "CHANGELOG.md").read_text() == before and len(fragments(repository / "changes")) == 3
