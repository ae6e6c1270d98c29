"""`machinelab new`: what it writes, and what it refuses to write over."""

import re
from pathlib import Path

import pytest

from machinelab import catalog, check
from machinelab.check import scaffold
from machinelab.errors import UsageError
from tests.unit.unfinished import unfinished


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
        "No image stands below the picture topology.",  # `check --fix` draws it
        "hello has no reference capture.",
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


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "tests/unit").mkdir(parents=True)
    return tmp_path


MAKERS = {"protocol": scaffold.protocol, "source": scaffold.source}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_code_is_made_with_its_fields_and_its_test(make, repository: Path) -> None:
    paths = make("memcache", repository)
    assert repository / "machinelab/fields/memcache.py" in paths
    assert [path for path in paths if path.name.startswith("test_")]
    for path in paths:
        assert not re.search("@[A-Z]+@", path.read_text())
        compile(path.read_text(), str(path), "exec")


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_code_is_never_written_over(make, repository: Path) -> None:
    make("memcache", repository)
    with pytest.raises(UsageError, match="is there already"):
        make("memcache", repository)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("name", ["my-name", "Name", "x", "../y", "1a", ""])
def test_a_name_that_python_does_not_take(make, name: str, repository: Path) -> None:
    with pytest.raises(UsageError, match="cannot be"):
        make(name, repository)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_code_is_made_in_a_checkout_only(make, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no checkout"):
        make("memcache", tmp_path)


def test_what_is_left_to_write_is_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n# TODO: the ports\n")
    with pytest.raises(AssertionError, match=r"a\.py:2: the ports"):
        unfinished(tmp_path / "a.py")
    (tmp_path / "a.py").write_text("x = 1\n")
    unfinished(tmp_path / "a.py")
