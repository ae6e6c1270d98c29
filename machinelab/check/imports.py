"""What a lab's Python may import: `machinelab.authoring`, the files beside it, and what touches nothing outside."""

import ast
from collections.abc import Iterator
from pathlib import Path

from ..errors import Problem
from .subject import Subject

AUTHORING = "machinelab.authoring"

# Of the standard library, what reckons only: no files, no clocks, no chance, no processes, no network.
PURE = frozenset(
    {"base64", "binascii", "bisect", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions"}
    | {"functools", "hashlib", "heapq", "hmac", "ipaddress", "itertools", "json", "math", "operator", "re"}
    | {"statistics", "string", "struct", "textwrap", "types", "typing", "zlib"}
)


def problems(subject: Subject) -> Iterator[Problem]:
    """Every import, in lab.py and the files beside it, of something that a lab has no business with."""
    for path in sorted(subject.file.parent.glob("*.py")):
        for name, line in _imports(path):
            if name != AUTHORING and name.split(".")[0] not in PURE:
                said = f"A lab imports {AUTHORING}, the files beside it and what only reckons, not {name}."
                yield Problem(path, line, said, _fix(name))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    """What is imported from outside the lab's own folder, each with its line; `.questions` is inside, `..dns` is not."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level != 1:
            yield "." * node.level + (node.module or ""), node.lineno


def _fix(name: str) -> str:
    if name.startswith("machinelab"):
        return f"Import it from {AUTHORING}; what is missing there is added there."
    if name.startswith("."):
        return "Copy what you need: a lab stands by itself, so that it can be read by itself."
    return "Take it out: lab.py says what there is, and the engine does it."
