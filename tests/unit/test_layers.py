"""Imports point down only, nothing imports in a circle, and what is heavy is imported where it is used."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

PACKAGE = ROOT / "machinelab"

# Each room, and those below it that it may know of; files at the root are rooms of their own. A room imports nothing else.
BELOW = {
    "errors": "",
    "parallel": "",
    "model": "errors",
    "authoring": "model",
    "fields": "errors model",
    "filter": "errors fields model",
    "dissect": "fields model",
    "sources": "dissect errors model",
    "columns": "dissect errors fields filter model sources",
    "correlate": "dissect model",
    "align": "filter model parallel",
    "guide": "errors fields",
    "store": "errors model",
    "catalog": "errors model store",
    "engine": "errors model store",
    "analysis": "align catalog columns correlate dissect errors fields filter guide model sources store",
    "worksheet": "errors fields guide model store",
    "render": "analysis catalog errors fields guide model parallel worksheet",
    "workflow": "align analysis catalog correlate engine errors guide model render sources store worksheet",
    "check": "align analysis catalog engine errors fields filter guide model sources store workflow worksheet",
    "export": "analysis catalog errors fields guide model parallel render store workflow worksheet",
    "inspector": "align analysis catalog columns correlate engine errors export fields filter guide model render"
    " sources store workflow worksheet",
    "api": "analysis catalog errors model render store",
    "cli": "analysis api catalog check engine errors export fields filter guide inspector model render sources store workflow",
    "__main__": "cli",
    "__init__": "api",
}
# Where each heavy library may be imported; `--help` imports none of them.
HEAVY = {
    "docker": ("engine/",),
    "dnslib": ("api/", "dissect/protocols/dns/zone.py"),
    "jinja2": ("render/page/document.py", "render/site/environment.py"),
    "kio": ("dissect/protocols/kafka/",),
    "numpy": ("analysis/plain_capture.py", "columns/"),
    "plotext": ("render/plot.py",),
    "requests": ("engine/",),
    "scapy": ("api/", "engine/interfaces.py", "engine/sniffing.py", "fields/scapy_layers.py"),
    "textual": ("inspector/ui/",),
    "urllib3": ("engine/",),
    "yaml": ("catalog/networks.py", "check/yamlfile.py", "engine/", "guide/front.py"),
}


def modules() -> dict[str, Path]:
    """Dotted name → file, of every module of the package."""
    files = (path for path in PACKAGE.rglob("*.py") if "content" not in path.parts)
    return {_dotted(path): path for path in sorted(files)}


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    """Dotted names a module imports anywhere in it, those of our own package made absolute."""
    inside = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level] if node.level else ()
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{name}.{alias.name}" for alias in node.names)


def within(name: str, known: dict[str, Path]) -> str | None:
    """The module of ours that an imported name is, or is in."""
    head = name.rpartition(".")[0]
    return name if name in known else head if head in known else None


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def edges() -> dict[str, set[str]]:
    """Module → those of ours that it imports."""
    known = modules()
    found = {module: {within(name, known) for name in imported(path)} for module, path in known.items()}
    return {
        module: {other for other in others if other and other != module} for module, others in found.items()
    }


def above(edges: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The imports that no room may have."""
    return sorted(
        (module, other)
        for module, others in edges.items()
        for other in others
        if room(other) not in (room(module), "__init__") and room(other) not in BELOW[room(module)].split()
    )


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Sets of modules that import each other (Tarjan's strongly connected components), those of one module left out."""
    found: list[list[str]] = []
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in sorted(edges[module]):
            if other not in index:
                visit(other)
            if other in stack:
                low[module] = min(low[module], low[other])
        if low[module] == index[module]:
            ring = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(ring) > 1:
                found.append(sorted(ring))

    for module in edges:
        if module not in index:
            visit(module)
    return found


def test_every_room_is_known_and_has_its_place():
    rooms = {room(module) for module in modules()}
    assert rooms == BELOW.keys()
    order = list(BELOW)
    for name, below in BELOW.items():
        assert all(order.index(other) < order.index(name) for other in below.split()), name


def test_imports_point_down():
    assert above(edges()) == []


def test_no_room_may_import_what_it_does_not():
    made = {(room(module), room(other)) for module, others in edges().items() for other in others}
    assert {(name, other) for name, below in BELOW.items() for other in below.split()} <= made


def test_nothing_imports_in_a_circle():
    assert circles(edges()) == []


@pytest.mark.parametrize(
    "upper", [name for name, below in BELOW.items() if below and not name.startswith("__")]
)
def test_an_import_that_points_up_would_be_found(upper):
    lower = BELOW[upper].split()[0]
    assert above({f"machinelab.{lower}": {f"machinelab.{upper}"}}) == [
        (f"machinelab.{lower}", f"machinelab.{upper}")
    ]


def test_a_circle_would_be_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]


@pytest.mark.parametrize("library", HEAVY)
def test_heavy_libraries_stay_in_their_places(library):
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules().values()
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users
    assert {user for user in users if not user.startswith(HEAVY[library])} == set()


def test_scapy_is_never_imported_whole():
    users = [
        path for path in modules().values() if any(name.startswith("scapy.all") for name in imported(path))
    ]
    assert not users, "scapy.all costs 1.5 s"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv=['machinelab','--help']\n"
        "from machinelab.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print([m for m in {(*HEAVY,)} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"
