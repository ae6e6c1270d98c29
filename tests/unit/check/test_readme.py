"""README's table of labs and list of guides: generated, and told where they are stale."""

import pytest

from machinelab import catalog, check
from machinelab.check import readme
from tests import ROOT
from tests.unit.check import toy

TEXT = "# Kit\n\n<!-- labs: generated -->\n<!-- end -->\n\nAnd\n\n<!-- guides: generated -->\n<!-- end -->\n\nend\n"


@pytest.fixture(autouse=True)
def a_toy_lab(tmp_path, monkeypatch):
    monkeypatch.setenv("MACHINELAB_CONTENT", str(tmp_path))
    toy.finish()


def test_a_folder_without_readme_has_nothing_to_be_written():
    assert list(readme.problems()) == [] and readme.rewrite() is None


def test_what_is_stale_is_told_by_line_and_written():
    readme.file().write_text(TEXT)
    assert [(each.line, each.message) for each in check.check()] == [
        (3, "README's labs are not today's."),
        (8, "README's guides are not today's."),
    ]
    assert check.mend([toy.ID]) == [readme.file()]
    text = readme.file().read_text()
    assert "| `my-toy` | the products it runs, as README names them | hello |\n" in text
    assert "- [My toy](guides/my-toy.md)\n" in text
    assert text.startswith("# Kit\n") and text.endswith("\nend\n") and "\nAnd\n" in text
    assert check.check() == [] and check.mend() == []


def test_a_new_experiment_makes_it_stale():
    readme.file().write_text(TEXT)
    check.mend()
    toy.edit("labs/{id}/lab.py", '"hello",\n    "', '"hi",\n    "')
    assert [each.message for each in readme.problems()] == ["README's labs are not today's."]


def test_this_repository_has_both_blocks():
    text = (ROOT / "README.md").read_text()
    assert [block["what"] for block in readme._BLOCK.finditer(text)] == ["labs", "guides"]


def test_a_lab_says_what_it_runs():
    toy.edit("guides/{id}.md", "servers: ", "# ")
    assert "The front matter lacks `servers`." in [each.message for each in check.check([toy.ID])]
    assert catalog.made() == [toy.ID]
