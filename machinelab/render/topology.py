"""A lab as it stands: its networks as lines, the nodes hanging from them with their addresses and what they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model import Interface
from .table import offers
from .terminal import TerminalStyle, cells, pad


@dataclass(frozen=True, slots=True)
class TopologyNode:
    """A node as it is drawn: `what` says in a few words what runs there."""

    name: str
    interfaces: tuple[Interface, ...]
    what: str = ""


def topology(
    lab: str,
    networks: Mapping[str, str],
    nodes: Sequence[TopologyNode],
    terminal: TerminalStyle,
    go_on: Sequence[tuple[str, str]] = (),
) -> Iterator[str]:
    """The drawing's lines. `networks`: name → subnet, in the order to draw them; `go_on`: (label, command) to try next.

    A node in several networks hangs from each, and is described at the first.
    """
    if lab:
        yield terminal.paint(terminal.text(lab), "bold")
        yield ""
    described: dict[str, str] = {}
    for network, subnet in networks.items():
        members = [(node, foot) for node in nodes for foot in node.interfaces if foot.network == network]
        yield from _network(network, subnet, members, described, terminal)
        yield ""
    if loose := [node for node in nodes if not any(foot.network in networks for foot in node.interfaces)]:
        yield "  " + terminal.text(f"On no network: {', '.join(node.name for node in loose)}.")
        yield ""
    yield from offers(go_on, terminal)


def _network(
    name: str,
    subnet: str,
    members: Sequence[tuple[TopologyNode, Interface]],
    described: dict[str, str],
    terminal: TerminalStyle,
) -> Iterator[str]:
    title = f"  {terminal.paint(terminal.text(name), 'bold')}  {terminal.text(subnet)} "
    width = 4 + cells(terminal.text(name)) + cells(terminal.text(subnet)) + 1
    yield title + terminal.draw("━") * max(3, min(terminal.width, 78) - width)
    names = max((cells(terminal.text(node.name)) for node, _ in members), default=0)
    addresses = max((cells(terminal.text(foot.address)) for _, foot in members), default=0)
    for index, (node, foot) in enumerate(members):
        last = index == len(members) - 1
        first = described.setdefault(node.name, name)
        what = (
            terminal.text(node.what)
            if first == name
            else terminal.draw(f"↑ the same, seen from {terminal.text(name)}")
        )
        yield from _hanging(node, foot, what, (names, addresses), last, terminal)


def _hanging(
    node: TopologyNode,
    foot: Interface,
    what: str,
    widths: tuple[int, int],
    last: bool,
    terminal: TerminalStyle,
) -> Iterator[str]:
    name, address = pad(terminal.text(node.name), widths[0]), pad(terminal.text(foot.address), widths[1])
    branch = terminal.draw("└─ " if last else "├─ ")
    room = terminal.width - 7 - widths[0] - 2 - widths[1] - 2
    below = "    " + terminal.draw(" " if last else "│")
    if room < 16:
        yield f"    {branch}{terminal.paint(name, 'step')}  {address}".rstrip()
        yield from (f"{below}    {line}" for line in terminal.wrap(what, terminal.width - 9) if line)
        return
    lines = terminal.wrap(what, room)
    yield f"    {branch}{terminal.paint(name, 'step')}  {address}  {lines[0]}".rstrip()
    indent = below + " " * (2 + widths[0] + 2 + widths[1] + 2)
    yield from (indent + line for line in lines[1:])
