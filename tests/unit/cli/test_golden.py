"""What a person sees, on the shipped references: every command's help, the main errors, and what explains the packets.

At 80 and at 160 columns, without colour. After a change: pytest --update-golden, and read the diff as a stranger would.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from machinelab.cli import program
from tests import ROOT

Golden = Callable[[str, str], None]
Type = Callable[..., str]

WIDTHS = (80, 160)
# Typer's frames are another matter in each of its releases; what stands in them is ours.
FRAMES = re.compile(r"[╭╮╰╯│─┌┐└┘\s]+")

EXPLAINED = {
    "packets-cold": ("packets", "dns", "cold", "--reference"),
    "packets-unreachable": ("packets", "dns", "unreachable", "--reference"),
    "packets-filter": ("packets", "dns", "dnssec", "--reference", "--filter", "dns.qry.type == DNSKEY"),
    "detail-root-refers": ("packets", "dns", "cold", "--reference", "--step", "root-refers", "-v", "-x"),
    "detail-denied": ("packets", "dns", "nxdomain", "--reference", "--step", "denied", "-v"),
    "ladder-cold": ("ladder", "dns", "cold", "--reference"),
    "ladder-truncated": ("ladder", "dns", "truncated", "--reference"),
    "guide-minimised": ("guide", "dns", "minimised", "--reference"),
    "explain": ("explain", "dns", "dns.flags.authenticated"),
    "worksheet": ("worksheet", "dns", "--print"),
    "worksheet-right": ("worksheet", "dns", "--answer", "root-visits=1", "--answer", "servfail=b"),
    "worksheet-wrong": ("worksheet", "dns", "--answer", "root-visits=2", "--answer", "vouches=8"),
    "list": ("list",),
    "list-dns": ("list", "dns"),
    "path": ("path", "wire-up"),
}

ERRORS = {
    "no-such-lab": ("packets", "dsn"),
    "planned": ("up", "autoscaling"),
    "planned-list": ("list", "autoscaling"),
    "no-such-experiment": ("packets", "dns", "clod"),
    "no-such-step": ("packets", "dns", "cold", "--reference", "--step", "ask-rot"),
    "no-such-field": ("packets", "dns", "cold", "--reference", "--filter", "dns.flags.recdesire == 1"),
    "no-filter": ("packets", "dns", "cold", "--reference", "--filter", "dns.id == and"),
    "no-such-run": ("packets", "dns", "cold", "--run", "99"),
    "no-such-knob": ("run", "dns", "cold", "--set", "typ=A"),
    "no-such-name": ("run", "dns", "cold", "--set", "name=www.example.com"),
    "not-asked-about": ("worksheet", "dns", "reverse", "--print"),
    "no-runs": ("runs", "dns"),
    "no-such-value": ("run", "dns", "cold", "--set", "type=ANY"),
    "no-knob": ("run", "dns", "cold", "--set", "type"),
    "no-such-node": ("shell", "dns", "stubb"),
    "no-such-question": ("worksheet", "dns", "--answer", "root-visit=1"),
    "no-answer": ("worksheet", "dns", "--answer", "root-visits"),
    "no-number": ("worksheet", "dns", "--answer", "root-visits=once"),
    "no-such-command": ("pakets", "dns"),
    "no-such-option": ("packets", "dns", "--refrence"),
    "no-guide": ("packets", "mine.pcapng"),
    "no-file": ("annotate", "mine.pcapng", "--guide", "dns"),
    "no-capture": ("annotate", "README.md", "--guide", "dns"),
    "down-what": ("down",),
    "no-engine": ("up", "dns"),
}


def commands() -> Iterator[tuple[str, ...]]:
    """Every command there is, and the ones below it."""
    program.load()
    yield ()
    for info in program.app.registered_commands:
        assert info.callback is not None
        yield (info.name or info.callback.__name__.strip("_"),)
    for group in program.app.registered_groups:
        assert group.typer_instance is not None
        yield (str(group.name),)
        for info in group.typer_instance.registered_commands:
            assert info.callback is not None
            yield (str(group.name), info.name or info.callback.__name__.strip("_"))


@pytest.fixture
def type_(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """Type a command as a person without an engine does: what both streams say, and how it ended."""
    root = ROOT
    # The DNS lab alone: what is seen here does not change because another lab is ready.
    for place in ("labs/dns", "compose/dns", "compose/images", "guides/dns.md"):
        (tmp_path / "content" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content" / place).symlink_to(root / place)
    monkeypatch.setenv("MACHINELAB_CONTENT", str(tmp_path / "content"))
    for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    monkeypatch.chdir(root)

    def run(width: int, *words: str) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr(sys, "argv", ["machinelab", *words])
        with pytest.raises(SystemExit) as ended:
            program.main()
        out, err = capsys.readouterr()
        typed = " ".join(f"'{word}'" if " " in word else word for word in words)
        return f"$ machinelab {typed}\n{out}{err}[{ended.value.code or 0}]\n"

    yield run


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", EXPLAINED)
def test_what_explains_the_packets(type_: Type, golden: Golden, name: str, width: int) -> None:
    text = type_(width, *EXPLAINED[name])
    golden(f"seen/{name}-{width}.txt", text)
    if name != "worksheet":  # printed as it is written, in Markdown
        assert all(len(line) <= width for line in text.splitlines()[1:])


@pytest.mark.parametrize("name", ERRORS)
def test_errors(type_: Type, golden: Golden, name: str) -> None:
    text = type_(80, *ERRORS[name])
    assert "Traceback" not in text
    golden(f"seen/errors/{name}.txt", text)


@pytest.mark.parametrize("width", WIDTHS)
def test_help(
    type_: Type, golden: Golden, width: int, request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> None:
    whole = "\n".join(type_(width, *words, "--help") for words in commands())
    place = ROOT / "tests" / f"golden/seen/help-{width}.txt"
    if pytestconfig.getoption("--update-golden"):
        golden(f"seen/help-{width}.txt", whole)
    assert FRAMES.sub(" ", whole) == FRAMES.sub(" ", place.read_text(encoding="utf-8"))
