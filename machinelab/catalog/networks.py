"""A lab's networks and nodes, as its compose file has them: what a topology is drawn from, with no engine."""

import re
from collections.abc import Mapping
from typing import Any

from ..model import Interface, Lab, PlacedNode, Topology
from . import compose_file

_VARIABLE = re.compile(r"\$\{\w+:?-([^}]*)\}")


def topology(lab: Lab) -> Topology:
    """Networks and nodes in the file's order, on the addresses that an instance has by default. Empty if it cannot be read."""
    import yaml

    try:
        file = yaml.safe_load(compose_file(lab.id).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        file = None
    networks = {name: _subnet(entry) for name, entry in _table(_table(file).get("networks")).items()}
    services = _table(_table(file).get("services"))
    return Topology(
        tuple(networks.items()),
        tuple(
            PlacedNode(name, _interfaces(_table(entry)), lab.descriptions.get(name, ""))
            for name, entry in services.items()
        ),
    )


def _interfaces(service: Mapping[str, Any]) -> tuple[Interface, ...]:
    feet = _table(service.get("networks"))
    return tuple(
        Interface(network, _text(_table(entry).get("ipv4_address"))) for network, entry in feet.items()
    )


def _subnet(network: object) -> str:
    configured = _table(_table(network).get("ipam")).get("config")
    return _text(_table(configured[0]).get("subnet")) if isinstance(configured, list) and configured else ""


def _table(entry: object) -> Mapping[str, Any]:
    return {str(key): value for key, value in entry.items()} if isinstance(entry, dict) else {}


def _text(value: object) -> str:
    """A scalar with the defaults of its variables filled in."""
    return _VARIABLE.sub(r"\1", value) if isinstance(value, str) else ""
