"""A lab as it stands: its networks as lines, the nodes hanging from them with their addresses and what they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model import Interface
from .look import Look, cells, pad
from .table import offers


@dataclass(frozen=True, slots=True)
class Node:
    """A node as it is drawn: `what` says in a few words what runs there."""

    name: str
    interfaces: tuple[Interface, ...]
    what: str = ""


def topology(
    lab: str,
    networks: Mapping[str, str],
    nodes: Sequence[Node],
    look: Look,
    go_on: Sequence[tuple[str, str]] = (),
) -> Iterator[str]:
    """The drawing's lines. `networks`: name → subnet, in the order to draw them; `go_on`: (label, command) to try next.

    A node in several networks hangs from each, and is described at the first.
    """
    if lab:
        yield look.paint(look.text(lab), "bold")
        yield ""
    described: dict[str, str] = {}
    for network, subnet in networks.items():
        members = [(node, foot) for node in nodes for foot in node.interfaces if foot.network == network]
        yield from _network(network, subnet, members, described, look)
        yield ""
    if loose := [node for node in nodes if not any(foot.network in networks for foot in node.interfaces)]:
        yield "  " + look.text(f"On no network: {', '.join(node.name for node in loose)}.")
        yield ""
    yield from offers(go_on, look)


def _network(
    name: str, subnet: str, members: Sequence[tuple[Node, Interface]], described: dict[str, str], look: Look
) -> Iterator[str]:
    title = f"  {look.paint(look.text(name), 'bold')}  {look.text(subnet)} "
    width = 4 + cells(look.text(name)) + cells(look.text(subnet)) + 1
    yield title + look.draw("━") * max(3, min(look.width, 78) - width)
    names = max((cells(look.text(node.name)) for node, _ in members), default=0)
    addresses = max((cells(look.text(foot.address)) for _, foot in members), default=0)
    for index, (node, foot) in enumerate(members):
        last = index == len(members) - 1
        first = described.setdefault(node.name, name)
        what = (
            look.text(node.what) if first == name else look.draw(f"↑ the same, seen from {look.text(name)}")
        )
        yield from _hanging(node, foot, what, (names, addresses), last, look)


def _hanging(
    node: Node, foot: Interface, what: str, widths: tuple[int, int], last: bool, look: Look
) -> Iterator[str]:
    name, address = pad(look.text(node.name), widths[0]), pad(look.text(foot.address), widths[1])
    branch = look.draw("└─ " if last else "├─ ")
    room = look.width - 7 - widths[0] - 2 - widths[1] - 2
    below = "    " + look.draw(" " if last else "│")
    if room < 16:
        yield f"    {branch}{look.paint(name, 'step')}  {address}".rstrip()
        yield from (f"{below}    {line}" for line in look.wrap(what, look.width - 9) if line)
        return
    lines = look.wrap(what, room)
    yield f"    {branch}{look.paint(name, 'step')}  {address}  {lines[0]}".rstrip()
    indent = below + " " * (2 + widths[0] + 2 + widths[1] + 2)
    yield from (indent + line for line in lines[1:])
