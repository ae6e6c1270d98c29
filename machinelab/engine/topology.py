"""What is up, read off the engine: which nodes, where in which networks; and `ps` over all labs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from ..errors import EngineError
from ..model import Interface
from . import api, labels, podman
from .api import Asked, name_of

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
class RunningLab:
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
class ContainerStatus:
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


def ps(lab: str | None = None, instance: str | None = None) -> list[ContainerStatus]:
    """Every container of the kit on this engine, running or not, of all labs or of one."""
    return _rows(_containers(lab, instance))


def _containers(lab: str | None, instance: str | None) -> list[Asked]:
    return api.containers(labels.conditions(lab, instance), stopped=True)


def _rows(containers: Sequence[Asked]) -> list[ContainerStatus]:
    rows = [_row(entry, entry.get("Labels") or {}) for entry in containers]
    return sorted(rows, key=lambda row: (row.lab, row.instance, row.node or "~", row.container))


def _row(entry: Asked, marks: Mapping[str, str]) -> ContainerStatus:
    lab, instance, node, role = (
        marks.get(name, "") for name in (labels.LAB, labels.INSTANCE, _NODE, labels.ROLE)
    )
    return ContainerStatus(
        lab, instance, node, role, str(entry["State"]), str(entry["Status"]), name_of(entry)
    )


def topology(lab: str, instance: str = labels.DEFAULT) -> RunningLab:
    """Where the nodes of a running lab are. Raises LabNotUp if none of them runs, EngineError if the engine cannot be asked."""
    containers = _containers(lab, instance)
    rows = [row for row in _rows(containers) if row.node]
    if not any(row.state == "running" for row in rows):
        raise LabNotUp(lab, instance)
    told = _networks(lab, instance)
    networks = {network.name: network for network in map(_network, told)}
    names = {str(entry["Name"]): _network(entry).name for entry in told}
    by_container = {name_of(entry): _feet(entry, names) for entry in containers}
    nodes = {row.node: by_container[row.container] for row in rows if row.state == "running"}
    return RunningLab(lab, instance, nodes, networks, {row.node: row.state for row in rows})


def _feet(container: Asked, names: Mapping[str, str]) -> tuple[Interface, ...]:
    """Where a container stands in the networks of these names."""
    inside = (container.get("NetworkSettings") or {}).get("Networks") or {}
    feet = [
        Interface(names[full], str(foot.get("IPAddress") or ""), str(foot.get("MacAddress") or ""))
        for full, foot in inside.items()
        if full in names
    ]
    return tuple(sorted(feet, key=lambda foot: foot.network))


def _networks(lab: str, instance: str) -> list[Asked]:
    marks = labels.conditions(lab, instance)
    found = api.networks(marks)
    if found and api.podman():
        found = podman.with_bridges(found, api.podmans_networks(marks))
    return sorted(found, key=lambda entry: str(entry["Name"]))


def _network(entry: Asked) -> Network:
    config = (entry.get("IPAM") or {}).get("Config") or [{}]
    subnet = str(config[0].get("Subnet", ""))
    bridge = (entry.get("Options") or {}).get(podman.BRIDGE) or f"br-{entry['Id'][:12]}"
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
    networks = [_network(entry) for entry in _networks(lab, instance)]
    return {network.name: IPv4Network(network.subnet) for network in networks if network.subnet}
