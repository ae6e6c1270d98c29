"""The list of guides, and finding and reading labs: on small content folders of the test's own."""

import subprocess
import sys
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.errors import BrokenLab, UsageError

LAB = """
from machinelab.authoring import At, Experiment, Lab, Step

one = Experiment("one", "The only one", run=(At("a", "true"),), steps=(Step("go", "a > b", "tcp"),))
LAB = Lab("{id}", (one,))
"""


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MACHINELAB_CONTENT", str(tmp_path))
    return tmp_path


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def whole(content: Path, id: str) -> None:
    put(content / "labs" / id / "lab.py", LAB.format(id=id))
    for path in (catalog.compose_file(id), catalog.guide_file(id), catalog.worksheet_file(id)):
        put(path)


def test_thirty_six_guides_on_seven_shelves() -> None:
    assert len(catalog.ENTRIES) == 36
    assert len(catalog.SHELVES) == 8  # the last for labs of one's own
    assert [entry.id for entry in catalog.ENTRIES.values() if entry.shelf == "wire"] == (
        ["tls", "sni", "http", "dns", "tcp", "websockets", "k8s", "vpc", "nat", "bgp"]
    )
    assert catalog.ENTRIES["kafka"].title == "Kafka, as a river"
    assert all(entry.shelf in catalog.SHELVES for entry in catalog.ENTRIES.values())


def test_progressions_name_guides_that_exist_once_each() -> None:
    assert [p.id for p in catalog.PROGRESSIONS] == ["wire-up", "storage", "identity"]
    for progression in catalog.PROGRESSIONS:
        assert set(progression.guides) <= catalog.ENTRIES.keys()
        assert len(set(progression.guides)) == len(progression.guides)
    assert set(catalog.START_HERE) <= catalog.ENTRIES.keys()


def test_ready_and_planned(content: Path) -> None:
    whole(content, "dns")
    whole(content, "my-toy")
    assert (catalog.status("dns"), catalog.status("tls"), catalog.status("my-toy")) == (
        "ready",
        "planned",
        "ready",
    )
    assert catalog.ready() == ["dns", "my-toy"]
    assert catalog.entries()[-1] == ("my-toy", "My toy", "own")
    assert catalog.entry("dns").title == "DNS, how names resolve"


def test_a_lab_is_read_afresh(content: Path) -> None:
    whole(content, "dns")
    assert catalog.load_lab("dns").minutes == 30
    put(catalog.lab_file("dns"), LAB.format(id="dns").replace("(one,))", "(one,), minutes=7)"))
    assert catalog.load_lab("dns").minutes == 7
    assert not list(content.rglob("__pycache__"))


def test_a_lab_may_be_parted_over_files(content: Path) -> None:
    put(content / "labs/dns/pieces.py", "MINUTES = 12")
    put(
        content / "labs/dns/lab.py",
        "from .pieces import MINUTES\nfrom machinelab.authoring import Lab\nLAB = Lab('dns', (), minutes=MINUTES)",
    )
    assert catalog.load_lab("dns").minutes == 12
    put(content / "labs/dns/pieces.py", "MINUTES = 123")
    assert catalog.load_lab("dns").minutes == 123
    assert not list(content.rglob("__pycache__"))


@pytest.mark.parametrize("id", ["dsn", "", "../dns", "dns/", "DNS", "dns\n"])
def test_an_unknown_lab(content: Path, id: str) -> None:
    whole(content, "dns")
    with pytest.raises(UsageError) as caught:
        catalog.load_lab(id)
    assert caught.value.message == f"There is no lab {id!r}."
    assert caught.value.hint


def test_the_nearest_spelling(content: Path) -> None:
    with pytest.raises(UsageError) as caught:
        catalog.load_lab("kafak")
    assert caught.value.hint == "Did you mean kafka?"


def test_a_planned_lab(content: Path) -> None:
    whole(content, "dns")
    with pytest.raises(UsageError) as caught:
        catalog.load_lab("tls")
    assert (
        str(caught.value) == "The TLS handshake (tls) is planned, not ready yet.\nTry one that is ready: dns."
    )


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("x = 1\ny = (", 2, "was never closed"),
        ("x = 1\n\nraise ValueError('no such thing')", 3, "no such thing"),
        ("from machinelab.authoring import Nothing", 1, "cannot import name 'Nothing'"),
        ("import machinelab.filter\n\nmachinelab.filter.compile('dns.nonsense == (')", 3, "not expected"),
        ("def f():\n    return 1 / 0\nf()", 2, "division by zero"),
        ("raise KeyError", 1, "KeyError"),
    ],
)
def test_a_lab_that_cannot_be_read(content: Path, source: str, line: int, what: str) -> None:
    path = put(content / "labs/dns/lab.py", source)
    with pytest.raises(BrokenLab) as caught:
        catalog.load_lab("dns")
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert what in caught.value.message
    assert caught.value.exit_code == 4


def test_a_broken_file_beside_lab_py_is_named(content: Path) -> None:
    broken = put(content / "labs/dns/pieces.py", "\n1 / 0")
    put(content / "labs/dns/lab.py", "from .pieces import X")
    with pytest.raises(BrokenLab, match=f"{broken}:2: division by zero"):
        catalog.load_lab("dns")


def test_a_lab_without_lab_or_with_another_name(content: Path) -> None:
    put(content / "labs/dns/lab.py", "LAB = 5")
    with pytest.raises(BrokenLab, match="has no LAB"):
        catalog.load_lab("dns")
    put(content / "labs/dns/lab.py", LAB.format(id="tls"))
    with pytest.raises(BrokenLab, match="calls its lab 'tls'"):
        catalog.load_lab("dns")


def test_problems_are_told_all_at_once(content: Path) -> None:
    whole(content, "dns")
    put(content / "labs/tls/lab.py", "x = 1\n1 / 0")
    (content / "labs/halfway").mkdir()
    put(content / "guides/nothing.md")
    put(content / "guides/http.md")
    put(content / "compose/images/dns/Dockerfile")
    put(content / "compose/nowhere/compose.yaml")
    found = {str(p.path.relative_to(content)): (p.line, p.message) for p in catalog.problems()}
    assert found == {
        "labs/tls/lab.py": (2, "division by zero"),
        "compose/tls/compose.yaml": (0, "tls has no compose file."),
        "guides/tls.md": (0, "tls has no guide."),
        "labs/tls/worksheet.md": (0, "tls has no worksheet."),
        "labs/halfway": (0, "halfway is a lab's folder without a lab.py."),
        "guides/nothing.md": (0, "This is a guide of no lab."),
        "compose/nowhere": (0, "This is a topology of no lab."),
    }
    assert all(problem.fix for problem in catalog.problems())


def test_nothing_there_is_no_failure(content: Path) -> None:
    assert (catalog.made(), catalog.problems(), len(catalog.entries())) == ([], [], 36)


def test_listing_is_light() -> None:
    code = (
        "import sys; from machinelab import catalog; catalog.entries(); catalog.ready();"
        "print([m for m in ('scapy', 'docker', 'textual', 'rich', 'yaml', 'markdown_it', 'regex') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_checkout_is_found_without_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MACHINELAB_CONTENT", raising=False)
    assert (catalog.root() / "pyproject.toml").exists()
