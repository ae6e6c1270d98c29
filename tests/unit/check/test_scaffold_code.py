"""What `new --protocol` and `new --source` write fits the code of today: typed, and red at one place until it is finished."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from machinelab.check import scaffold
from tests import ROOT

SUPPORT = ("tests/__init__.py", "tests/unit/__init__.py", "tests/unit/unfinished.py", "tests/unit/correlate")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and what generated tests stand on, with a toy protocol and a toy source in it."""
    root = tmp_path_factory.mktemp("repository")
    shutil.copytree(ROOT / "machinelab", root / "machinelab", ignore=shutil.ignore_patterns("__pycache__"))
    for name in SUPPORT:
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, place)
    scaffold.protocol("toywire", root)
    scaffold.source("toylog", root)
    return root


def told(repository: Path, *words: str) -> str:
    argv = [sys.executable, "-m", *words]
    done = subprocess.run(argv, cwd=repository, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("test", "first"),
    [
        (
            "tests/unit/dissect/protocols/toywire/test_dissector.py",
            "toywire/dissector.py:1: what the protocol is for",
        ),
        ("tests/unit/sources/kinds/test_toylog.py", "kinds/toylog.py:1: which program writes this"),
    ],
    ids=["protocol", "source"],
)
def test_what_is_made_is_red_until_it_is_finished_and_green_then(
    repository: Path, test: str, first: str
) -> None:
    red = told(repository, "pytest", "-q", "-p", "no:cacheprovider", test)
    assert re.findall(r"^FAILED \S+::(\w+)", red, re.MULTILINE) == ["test_nothing_is_left_to_write"], red
    assert first in red
    name = "toywire" if "toywire" in test else "toylog"
    for path in [
        path for path in repository.rglob("*.py") if name in path.relative_to(repository).as_posix()
    ]:
        path.write_text(path.read_text().replace("TODO: ", "").replace("TODO", ""))
    green = told(repository, "pytest", "-q", "-p", "no:cacheprovider", test)
    assert " passed" in green and " failed" not in green, green


@pytest.fixture
def toywire(tmp_path: Path, repository: Path) -> Path:
    """A toy protocol as it was made, to be altered: the repository's path."""
    shutil.copytree(repository, tmp_path / "copy", ignore=shutil.ignore_patterns("toywire*"))
    scaffold.protocol("toywire", tmp_path / "copy")
    return tmp_path / "copy"


DISSECTOR = "machinelab/dissect/protocols/toywire/dissector.py"
TEST = "tests/unit/dissect/protocols/toywire/test_dissector.py"


def altered(root: Path, place: str, *changes: tuple[str, str]) -> None:
    text = (root / place).read_text()
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (root / place).write_text(text)


def failed(root: Path) -> set[str]:
    """The tests that are red, but for that of what is left to write."""
    said = told(root, "pytest", "-q", "-p", "no:cacheprovider", TEST)
    assert re.search(r"\d passed", said), said
    return {*re.findall(r"^FAILED \S+::(\w+)", said, re.MULTILINE)} - {"test_nothing_is_left_to_write"}


def test_an_exchange_that_replies_do_not_share_is_red(toywire: Path) -> None:
    made = "return Exchange(key, reply=payload[0] == REPLY), None"
    altered(toywire, DISSECTOR, (made, "return None, None"))
    assert failed(toywire) == {"test_a_reply_has_the_key_of_its_request"}
    altered(
        toywire,
        DISSECTOR,
        ("        return None, None\n\n", "        return Exchange((1,), payload[0] == REPLY), None\n\n"),
    )
    assert failed(toywire) == {"test_a_reply_has_the_key_of_its_request"}


@pytest.mark.parametrize("left_out", ["udp", "tcp"])
def test_a_protocol_of_one_transport_is_green(toywire: Path, left_out: str) -> None:
    altered(toywire, DISSECTOR, (f"        {left_out}=(9999,),\n", ""))
    assert not failed(toywire)


def test_a_protocol_of_lines_is_made_of_what_the_template_says(toywire: Path) -> None:
    text = (toywire / DISSECTOR).read_text()
    lines = re.findall(r"^        #     ((?:end|return) .*)$", text, re.MULTILINE)
    assert len(lines) == 2
    by_length = text[text.index("        if len(data) - start < HEADER:") : text.index("    def observe")]
    text = text.replace(by_length, "".join(f"        {line}\n" for line in lines) + "\n")
    fields_of_it = text[text.index("    if stop - start < HEADER:") : text.index("def summary")]
    text = text.replace(
        fields_of_it,
        """    line = view.data[start:stop]
    view.add(("toywire.data", line, start, stop, view.buffer, 0, "toywire"))
    if not line.endswith(b"\\n"):
        raise Short


""",
    )
    text = text.replace("payload[1])", "payload[1:3])").replace("payload[0] == REPLY", "payload[:1] == b'='")
    (toywire / DISSECTOR).write_text(text)
    test = (toywire / TEST).read_text()
    expected = test[test.index("EXPECTED = {") : test.index("# TODO: the server's reply")]
    test = test.replace(expected, 'EXPECTED = {"toywire.data": b"?07 abc\\n"}\n')
    test = test.replace('bytes.fromhex("01 07 00 03 61 62 63")', 'b"?07 abc\\n"')
    test = test.replace('bytes.fromhex("02 07 00 02 6f 6b")', 'b"=07 ok\\n"')
    (toywire / TEST).write_text(test)
    assert not failed(toywire)


@pytest.mark.parametrize("name", ["ab", "memcache", "postgres_walog"])
def test_what_is_made_is_formatted(tmp_path: Path, name: str) -> None:
    (tmp_path / "tests/unit").mkdir(parents=True)
    made = [*scaffold.protocol(name, tmp_path), *scaffold.source(f"{name}_", tmp_path)]
    settings = ("--config", str(ROOT / "pyproject.toml"), "--no-cache")
    said = told(tmp_path, "ruff", "format", "--diff", *settings, *map(str, made))
    assert f"{len(made)} files already formatted" in said, said


def test_what_is_made_is_typed_and_linted(repository: Path) -> None:
    made = ["machinelab/dissect/protocols/toywire/dissector.py", "machinelab/sources/kinds/toylog.py"]
    fields = ["machinelab/fields/toywire.py", "machinelab/fields/toylog.py"]
    settings = ["--config-file", str(ROOT / "pyproject.toml")]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache/scaffold")]
    assert "Success" in told(repository, "mypy", *settings, *cache, *made, *fields)
    assert "All checks passed!" in told(
        repository, "ruff", "check", "--config", str(ROOT / "pyproject.toml"), *made, *fields
    )
