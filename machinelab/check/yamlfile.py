"""YAML with its lines: what a compose file says, and where. Aliases and merges (`<<`) are followed."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_VARIABLE = re.compile(r"\$\{\w+:?-([^}]*)\}")


def services(path: Path) -> Mapping[str, Any]:
    """The services of a compose file, as YAML nodes; empty if it cannot be read (`problem` tells why)."""
    return entries(top(path).get("services"))


def top(path: Path) -> Mapping[str, Any]:
    """The entries of the whole file; empty if it cannot be read."""
    import yaml

    try:
        return entries(yaml.compose(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}


def problem(path: Path) -> tuple[int, str]:
    """Where and why a file that is there is no YAML; (0, "") if nothing is wrong."""
    import yaml

    try:
        yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return (mark.line + 1 if mark else 0), str(getattr(error, "problem", None) or error)
    return 0, ""


def entries(node: Any) -> dict[str, Any]:
    """A mapping's entries, merged ones below its own; empty for what is none."""
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return {}
    own = {key.value: value for key, value in node.value if key.value != "<<"}
    merged: dict[str, Any] = {}
    for key, value in node.value:
        if key.value == "<<":
            for each in reversed(items(value) or [value]):
                merged |= entries(each)
    return {**merged, **own}


def items(node: Any) -> list[Any]:
    """A sequence's items; empty for what is none."""
    import yaml

    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def line(node: Any) -> int:
    """The line a node begins on, from 1."""
    return int(node.start_mark.line) + 1


def text(node: Any) -> str:
    """A scalar with the defaults of its variables filled in; empty for what is none."""
    return _VARIABLE.sub(r"\1", node.value) if node is not None and isinstance(node.value, str) else ""
