"""`machinelab new`: what it writes, and what it refuses to write over."""

from pathlib import Path

import pytest

from machinelab import catalog, check
from machinelab.check import scaffold
from machinelab.errors import UsageError


@pytest.fixture(autouse=True)
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MACHINELAB_CONTENT", str(tmp_path))
    return tmp_path


def test_a_new_lab_says_exactly_what_to_finish() -> None:
    paths = scaffold.new("my-toy")
    assert all(path.exists() for path in paths)
    found = check.check(["my-toy"])
    todo = [problem for problem in found if problem.message.startswith("Still to do: ")]
    assert len(todo) == sum(path.read_text().count("TODO") for path in paths) > 5
    assert [problem.message for problem in found if problem not in todo] == [
        "hello has no reference capture."
    ]
    assert not any(
        "@" + word + "@" in path.read_text() for path in paths for word in ("ID", "TITLE", "PREFIX")
    )


def test_a_lab_of_the_list_has_its_title_and_shelf() -> None:
    scaffold.new("tls")
    assert "title: The TLS handshake\nshelf: wire" in catalog.guide_file("tls").read_text()


def test_each_lab_has_addresses_of_its_own() -> None:
    ids = ["a", "b", "ab", "ba", "my-toy", "tls"]
    for id in ids:
        scaffold.new(id)
    subnets = {
        line for id in ids for line in catalog.compose_file(id).read_text().splitlines() if "subnet" in line
    }
    assert len(subnets) == len(ids)


@pytest.mark.parametrize("id", ["My-Toy", "../x", "a--b", "", "x" * 41])
def test_an_id_that_cannot_be_one(id: str, content: Path) -> None:
    with pytest.raises(UsageError, match="cannot be a lab's id"):
        scaffold.new(id)
    assert not list(content.iterdir())


def test_nothing_is_written_over(content: Path) -> None:
    guide = catalog.guide_file("my-toy")
    guide.parent.mkdir()
    guide.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        scaffold.new("my-toy")
    assert [path for path in content.rglob("*") if path.is_file()] == [guide]


def test_nor_may_it_take_a_shared_image(content: Path) -> None:
    (content / "compose/images/base-tools").mkdir(parents=True)
    with pytest.raises(UsageError, match="is there already"):
        scaffold.new("base-tools")
