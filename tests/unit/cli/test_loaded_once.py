"""A command executes a lab's lab.py once at most, and a run that was just made is opened by its folder."""

import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from machinelab import catalog
from machinelab.cli import program
from machinelab.engine import images, lifecycle, session
from machinelab.engine.topology import RunningLab
from machinelab.store import references, runs
from machinelab.workflow import running, starting


@pytest.fixture
def loaded(monkeypatch, tmp_path) -> list[str]:
    """The labs whose lab.py was executed, in order."""
    found: list[str] = []
    execute = catalog._module

    def counted(id):
        found.append(id)
        return execute(id)

    monkeypatch.setattr(catalog, "_module", counted)
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path / "home"))
    return found


@pytest.fixture
def engine(monkeypatch, tmp_path) -> None:
    """An engine that plays a lab's shipped reference in place of containers."""

    def perform(lab, experiment, knobs, folder, **_):
        shipped = references.of_reference(catalog.reference_folder(lab.id), "cold")
        shutil.copytree(shipped.folder, folder, dirs_exist_ok=True)
        shutil.copyfile(shipped.capture, folder / runs.CAPTURE)
        runs.write(folder, replace(runs.read(shipped.folder), id=int(folder.name), instance="default"))

    def up(lab, instance="default"):
        nodes = runs.read(catalog.reference_folder("dns") / "cold").nodes
        return RunningLab("dns", instance, nodes, {}, {})

    monkeypatch.setattr(session, "perform", perform)
    monkeypatch.setattr(session, "attempt", lambda lab, node, argv, folder, **_: perform(lab, 0, {}, folder))
    monkeypatch.setattr(running, "topology", up)
    monkeypatch.setattr(starting, "ps", lambda *_: [])
    monkeypatch.setattr(starting, "_prepare", lambda *_: None)
    monkeypatch.setattr(lifecycle, "up", lambda lab, file, instance, *_: up(lab, instance))
    monkeypatch.setattr(lifecycle, "reset_nodes", lambda lab, file, instance, **_: up(lab, instance))
    monkeypatch.setattr(images, "ensure", lambda *_: None)


def typed(monkeypatch, *words: str) -> int:
    """The exit code of a command."""
    monkeypatch.setattr(sys, "argv", ["machinelab", *words])
    try:
        program.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.mark.parametrize(
    "words",
    [
        ("packets", "dns", "cold", "--reference"),
        ("packets", "dns", "cold", "--reference", "--step", "ask-root", "-v", "-x"),
        ("events", "dns", "cold", "--json"),
        ("ladder", "dns", "cold"),
        ("guide", "dns"),
        ("guide", "dns", "cold"),
        ("explain", "dns", "dns.id"),
        ("worksheet", "dns", "--print"),
        ("worksheet", "dns", "--answer", "upstream=4"),
        ("diff", "dns", "cold", "warm", "--reference"),
        ("export", "dns", "cold", "-o", "{tmp}/cold.html"),
        ("show", "tcp", "in-flight", "--reference"),
        ("show", "tcp", "topology", "--reference"),
        ("list", "dns"),
        ("up", "dns"),
        ("reset", "dns"),
        ("run", "dns", "cold"),
        ("run", "dns", "cold", "--live"),
        ("run", "dns", "cold", "--json"),
        ("try", "dns", "stub", "--", "dig", "www.example.test"),
    ],
    ids=" ".join,
)
def test_a_command_loads_its_lab_once(words, loaded, engine, monkeypatch, tmp_path, capsys):
    code = typed(monkeypatch, *(word.format(tmp=tmp_path) for word in words))
    assert code in (0, 1) and "itself failed" not in capsys.readouterr().err
    assert loaded == [words[1]]


def test_a_run_that_was_just_made_is_opened_by_its_folder(loaded, engine, monkeypatch, capsys):
    def searched(*_):
        raise AssertionError("a run is looked for")

    monkeypatch.setattr(runs, "find", searched)
    monkeypatch.setattr(runs, "listing", searched)
    assert typed(monkeypatch, "run", "dns", "cold") == 0
    assert "run 1" in capsys.readouterr().out


def test_the_order_of_commands_does_not_hang_on_what_was_imported_first() -> None:
    code = (
        "import sys\n"
        "from machinelab.cli import program\n"
        "if sys.argv[1:]: from machinelab.cli import author, learn\n"
        "program.load()\n"
        "print([info.callback.__name__ for info in program.app.registered_commands])"
    )
    plain, other = (
        subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
        ).stdout
        for words in ((), ("author",))
    )
    assert plain == other and "packets" in plain
