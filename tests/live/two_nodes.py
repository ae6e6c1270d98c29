"""A lab of two nodes on two networks, made by hand so that the tests of the tap and of the session need no lab."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Network

from machinelab.engine import addresses, api, docker, labels, routes
from machinelab.engine.capture import IMAGE, all_left
from machinelab.engine.topology import Network, RunningLab
from machinelab.model import Interface

NETWORKS = ("front", "back")
NODES = ("left", "right")

# `cast ADDRESS COUNT`: UDP datagrams whose payload is their number. IPv6 is off: nothing but what a test sends.
CAST = (
    "import socket,sys\n"
    "out=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
    "for number in range(int(sys.argv[2])): out.sendto(number.to_bytes(4,'big'),(sys.argv[1],9))\n"
)


@contextmanager
def two_nodes() -> Iterator[RunningLab]:
    """Two containers of the tap's image (it has Python), each with a foot in two networks."""
    lab = f"two{secrets.token_hex(3)}"
    with ExitStack() as stack:
        prefixes = addresses.allocate(NETWORKS, routes.taken(), lab, labels.DEFAULT)
        networks = {name: _network(stack, lab, name, prefix) for name, prefix in prefixes.items()}
        nodes = {name: _node(stack, lab, name, number, prefixes) for number, name in enumerate(NODES, 2)}
        yield RunningLab(lab, labels.DEFAULT, nodes, networks, dict.fromkeys(NODES, "running"))


def _network(stack: ExitStack, lab: str, name: str, prefix: IPv4Network) -> Network:
    full = f"{labels.project(lab)}_{name}"
    docker.run(
        *("network", "create", f"--subnet={prefix}"),
        *("-o", "com.docker.network.bridge.enable_ip_masquerade=false", full),
    )
    stack.callback(docker.run, "network", "rm", full, check=False)
    return Network(name, str(prefix), bridge(full))


def bridge(network: str) -> str:
    """The host's bridge for a network of this name."""
    if api.podman():
        return next(
            str(entry["network_interface"]) for entry in api.podmans_networks() if entry["name"] == network
        )
    return f"br-{api.network(network)['Id'][:12]}"


def _node(
    stack: ExitStack, lab: str, name: str, number: int, prefixes: dict[str, IPv4Network]
) -> tuple[Interface, ...]:
    container = labels.container(lab, labels.DEFAULT, name)
    front, back = NETWORKS
    docker.run(
        *("run", "--detach", "--init", "--pull=never", f"--name={container}"),
        *("--network", f"{labels.project(lab)}_{front}", f"--ip={prefixes[front][number]}"),
        *("--cap-drop=ALL", "--cap-add=NET_RAW", "--sysctl=net.ipv6.conf.all.disable_ipv6=1"),
        *("--sysctl=net.ipv6.conf.default.disable_ipv6=1", "--entrypoint=sleep", IMAGE, "infinity"),
    )
    stack.callback(docker.run, "rm", "--force", container, check=False)
    docker.run(
        *("network", "connect", f"--ip={prefixes[back][number]}", f"{labels.project(lab)}_{back}", container)
    )
    return tuple(Interface(network, str(prefix[number])) for network, prefix in prefixes.items())


def address(topology: RunningLab, node: str, network: str) -> str:
    """Where a node is on a network."""
    return next(foot.address for foot in topology.nodes[node] if foot.network == network)


def cast(topology: RunningLab, node: str, to: str, count: int) -> None:
    """Have a node send `count` numbered datagrams."""
    docker.run("exec", topology.container(node), "python3", "-ISB", "-c", CAST, to, str(count))


def taps(topology: RunningLab) -> list[str]:
    """The tap containers of a lab that the engine knows of, running or not; those that have done their work are let go."""
    all_left()
    filters = [*labels.ours(topology.lab), "--filter", f"label={labels.ROLE}=tap"]
    return docker.run("ps", "--all", "--quiet", *filters).stdout.split()
