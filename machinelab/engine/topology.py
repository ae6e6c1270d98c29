"""What is up, read off the engine: which nodes, where in which networks; and `ps` over all labs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from ..errors import EngineError
from ..model import Interface
from . import docker, labels

_NODE = "com.docker.compose.service"
_NETWORK = "com.docker.compose.network"


@dataclass(frozen=True, slots=True)
class Network:
    """One network of a running lab: its subnet, the host's bridge for it, and the engine's own address there."""

    name: str
    subnet: str
    bridge: str
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Topology:
    """A lab that is up. `nodes` are those that run, with their feet in the networks; `states` has every container's state."""

    lab: str
    instance: str
    nodes: Mapping[str, tuple[Interface, ...]]
    networks: Mapping[str, Network]
    states: Mapping[str, str]

    def container(self, node: str) -> str:
        """The name of a node's container."""
        return labels.container(self.lab, self.instance, node)

    def subnets(self) -> dict[str, str]:
        """Network name → subnet, as run.json has it."""
        return {name: network.subnet for name, network in self.networks.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """One container of the kit, as `ps` shows it. `node` is empty for what is no node; then `role` says what it is."""

    lab: str
    instance: str
    node: str
    role: str
    state: str
    status: str
    container: str


class LabNotUp(EngineError):
    """The lab has to be up for this, and is not."""

    def __init__(self, lab: str, instance: str = labels.DEFAULT) -> None:
        of = "" if instance == labels.DEFAULT else f" (instance {instance})"
        super().__init__(f"The lab {lab}{of} is not up.", f"Start it: {labels.command('up', lab, instance)}")


_FORMAT = "\t".join(
    [
        *(f'{{{{.Label "{name}"}}}}' for name in (labels.LAB, labels.INSTANCE, _NODE, labels.ROLE)),
        "{{.State}}",
        "{{.Status}}",
        "{{.Names}}",
    ]
)


def ps(lab: str | None = None, instance: str | None = None) -> list[Row]:
    """Every container of the kit on this engine, running or not, of all labs or of one."""
    text = docker.run("ps", "-a", *labels.ours(lab, instance), "--format", _FORMAT).stdout
    rows = [Row(*line.split("\t")) for line in text.splitlines() if line.count("\t") == 6]
    return sorted(rows, key=lambda row: (row.lab, row.instance, row.node or "~", row.container))


def topology(lab: str, instance: str = labels.DEFAULT) -> Topology:
    """Where the nodes of a running lab are. Raises LabNotUp if none of them runs, EngineError if the engine cannot be asked."""
    rows = [row for row in ps(lab, instance) if row.node]
    if not any(row.state == "running" for row in rows):
        raise LabNotUp(lab, instance)
    inspected = _inspect_networks(lab, instance)
    networks = {entry["Labels"].get(_NETWORK, entry["Name"]): _network(entry) for entry in inspected}
    by_container = {row.container: row.node for row in rows}
    feet: dict[str, list[Interface]] = {row.node: [] for row in rows if row.state == "running"}
    for name, entry in zip(networks, inspected, strict=True):
        for inside in (entry.get("Containers") or {}).values():
            node = by_container.get(inside["Name"])
            if node in feet:
                address = str(inside.get("IPv4Address") or "").split("/")[0]
                feet[node].append(Interface(name, address, str(inside.get("MacAddress") or "")))
    nodes = {
        node: tuple(sorted(interfaces, key=lambda foot: foot.network)) for node, interfaces in feet.items()
    }
    return Topology(lab, instance, nodes, networks, {row.node: row.state for row in rows})


def _inspect_networks(lab: str, instance: str) -> list[dict[str, Any]]:
    ids = docker.run("network", "ls", "-q", *labels.ours(lab, instance)).stdout.split()
    found: list[dict[str, Any]] = json.loads(docker.run("network", "inspect", *ids).stdout) if ids else []
    return sorted(found, key=lambda entry: str(entry["Name"]))


def _network(entry: dict[str, Any]) -> Network:
    config = (entry.get("IPAM") or {}).get("Config") or [{}]
    subnet = str(config[0].get("Subnet", ""))
    bridge = (entry.get("Options") or {}).get("com.docker.network.bridge.name") or f"br-{entry['Id'][:12]}"
    return Network(
        entry["Labels"].get(_NETWORK, entry["Name"]),
        subnet,
        bridge,
        str(config[0].get("Gateway") or _first(subnet)),
    )


def _first(subnet: str) -> str:
    # Where the compose file names no gateway, the engine takes the first address and does not write it down.
    return str(IPv4Network(subnet)[1]) if subnet else ""


def prefixes_of(lab: str, instance: str = labels.DEFAULT) -> dict[str, IPv4Network]:
    """The subnets of an instance's networks as they are on the engine; empty if it has none."""
    networks = [_network(entry) for entry in _inspect_networks(lab, instance)]
    return {network.name: IPv4Network(network.subnet) for network in networks if network.subnet}
