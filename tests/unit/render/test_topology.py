from collections.abc import Callable

import pytest

from machinelab.model import Interface
from machinelab.render.terminal import TerminalStyle, cells
from machinelab.render.topology import TopologyNode, topology

from . import small

WHAT = {
    "stub": "a client with dig and kdig",
    "resolver": "Unbound: asks for others, remembers, checks signatures, and tells nobody more than it must",
    "root": "the root of the tree (NSD)",
}
NODES = [TopologyNode(name, feet, WHAT.get(name, "")) for name, feet in small.NODES.items()]
NETWORKS = {"clients": "198.18.1.0/24", "internet": "198.18.2.0/24"}
GO_ON = [("Try", "machinelab run dns cold"), ("Read", "machinelab guide dns")]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_topology(width: int, golden: Callable[[str, str], None]) -> None:
    lines = list(topology("dns", NETWORKS, NODES, TerminalStyle(width), GO_ON))
    assert all(cells(line) <= width for line in lines)
    golden(f"render/topology-{width}.txt", "\n".join(lines) + "\n")


def test_in_ascii() -> None:
    assert all(line.isascii() for line in topology("dns", NETWORKS, NODES, TerminalStyle(80, unicode=False)))


def test_every_foot_of_every_node_is_drawn_once() -> None:
    text = "\n".join(topology("dns", NETWORKS, NODES, TerminalStyle(80)))
    for feet in small.NODES.values():
        for foot in feet:
            assert sum(foot.address in line.split() for line in text.split("\n")) == 1
    assert text.count("Unbound") == 1


def test_a_node_on_no_network_is_not_forgotten() -> None:
    text = "\n".join(topology("dns", NETWORKS, [*NODES, TopologyNode("idle", ())], TerminalStyle(80)))
    assert "On no network: idle." in text


def test_hostile_names_stay_text() -> None:
    bad = TopologyNode(small.HOSTILE, (Interface(small.HOSTILE, small.HOSTILE),), small.HOSTILE)
    lines = list(topology(small.HOSTILE, {small.HOSTILE: small.HOSTILE}, [bad], TerminalStyle(80)))
    assert all(line.isprintable() for line in lines)
