"""Imports point down only, and what is heavy is imported where it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

PACKAGE = ROOT / "machinelab"

# For each part, those that it must not know of.
FORBIDDEN = {
    "model": (
        "fields",
        "filter",
        "align",
        "guide",
        "render",
        "engine",
        "dissect",
        "sources",
        "workflow",
        "cli",
    ),
    "fields": ("filter", "align", "guide", "render", "engine", "dissect", "sources", "workflow", "cli"),
    "filter": ("align", "guide", "render", "engine", "dissect", "sources", "workflow", "cli"),
    "align": ("render", "engine", "dissect", "sources", "reading", "workflow", "cli"),
    "guide": ("render", "engine", "dissect", "sources", "reading", "workflow", "cli"),
    "render": ("engine", "dissect", "sources", "reading", "workflow", "cli"),
    "correlate": ("align", "guide", "render", "engine", "sources", "reading", "workflow", "cli"),
    "dissect": ("align", "guide", "render", "engine", "sources", "reading", "workflow", "cli"),
    "columns": ("align", "guide", "render", "engine", "reading", "workflow", "cli"),
    "sources": ("align", "guide", "render", "engine", "reading", "workflow", "cli"),
    "engine": ("align", "guide", "render", "dissect", "sources", "reading", "workflow", "cli"),
    "workflow": ("cli",),
    "check": ("cli",),
}
HEAVY = {
    "scapy": ("sources/pcap", "dissect/", "engine/capture"),
    "dnslib": ("dissect/dns",),
    "textual": ("render/tui/",),
    "numpy": ("columns/", "foreign.py"),
}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "content" not in p.parts)


def imported(path: Path) -> set[str]:
    """Dotted names a module imports, those of our own package made absolute."""
    inside = [PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{name}.{alias.name}" for alias in node.names} | {name}
    return found


@pytest.mark.parametrize("part", FORBIDDEN)
def test_imports_point_down(part):
    own = [path for path in modules() if path.relative_to(PACKAGE).with_suffix("").parts[0] == part]
    assert own
    for path in own:
        for name in imported(path):
            parts = name.split(".")
            assert parts[:1] != ["machinelab"] or len(parts) < 2 or parts[1] not in FORBIDDEN[part], (
                f"{path} imports {name}"
            )


def test_heavy_libraries_stay_in_their_places():
    for path in modules():
        where = path.relative_to(PACKAGE).as_posix()
        for name in imported(path):
            allowed = HEAVY.get(name.split(".")[0])
            assert allowed is None or where.startswith(allowed), f"{where} imports {name}"
            assert name != "scapy.all", f"{where} imports scapy.all, which costs 1.5 s"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv=['machinelab','--help']\n"
        "from machinelab.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('scapy','dnslib','textual','docker','numpy','yaml') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"
