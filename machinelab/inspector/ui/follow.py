"""A conversation as text: what each side said, one after the other, in plaintext wherever there is some."""

from collections.abc import Iterator, Sequence

from ...analysis.view import View
from ...model import Event, Field
from ...render.detail import distinct, grouped, value_text
from ...render.terminal import TerminalStyle
from .field_nodes import in_order
from .palette import Palette
from .pane import Piece

MOST = 400  # messages of one conversation
LONG = 4000  # characters of one message's text
_BELOW = frozenset(
    {"frame", "eth", "sll", "null", "vlan", "ip", "ipv6", "udp", "tcp", "icmp", "arp", "data", "_ws"}
)


def follow(
    view: View, talk: Sequence[Event], width: int, terminal: TerminalStyle, p: Palette
) -> Iterator[list[Piece]]:
    """The lines of a conversation. Who speaks first stands at the left, who answers is indented."""
    if not talk:
        return
    first = view.name(talk[0].src)
    silent = 0
    for event in talk[:MOST]:
        said = list(_said(event, terminal))
        if not said:
            silent += 1
            continue
        answer = view.name(event.src) != first
        indent, style = ("    ", p.good) if answer else ("", p.number)
        row = view.row(event)
        yield [
            (
                terminal.cut(
                    terminal.text(
                        f"{indent}{event.id}  {row.hop}  {row.ms:.1f} ms  {event.content.summary()}"
                    ),
                    width,
                ),
                style,
            )
        ]
        for text, kind in said:
            for line in terminal.wrap(text, max(8, width - len(indent) - 2)):
                yield [(f"{indent}  ", p.text), (line, p.text if kind == "text" else p.dim)]
        yield []
    if silent:
        noun = "packet carries" if silent == 1 else "packets carry"
        text = f"{silent} {noun} no message: they open, acknowledge or close."
        yield from ([(line, p.dim)] for line in terminal.wrap(text, width))
    if len(talk) > MOST:
        yield [(terminal.cut(f"… and {len(talk) - MOST} more packets.", width), p.dim)]


def _said(event: Event, terminal: TerminalStyle) -> Iterator[tuple[str, str]]:
    """What a packet's messages say: their text where they are text, else their fields."""
    if text := plaintext(event):
        for line in text[:LONG].splitlines():
            yield terminal.text(line), "text"
        return
    if not event.network and event.source != "packets":
        yield from (
            (terminal.text(f"{f.name}: {value_text(f)}"), "field") for fs in event.fields.values() for f in fs
        )
        return
    found = [item for same in event.fields.values() for item in same if _top(item) not in _BELOW]
    titled: list[str] = []
    for group, members in grouped(distinct(in_order(found))).items():
        # A group is only in those whose titles have been said: the queries are not in the flags before them.
        depth = sum(group.startswith(f"{above}/") for above in titled)
        if title := group.partition("/")[2]:
            above = next((a for a in reversed(titled) if group.startswith(f"{a}/")), "")
            yield (
                terminal.text("  " * depth + (group[len(above) + 1 :] if above else title).replace("/", " ")),
                "text",
            )
            titled.append(group)
            depth += 1
        for item in members:
            if item.name != group and not (item.generated or _empty(item)):
                yield terminal.text(f"{'  ' * depth}{item.name}: {value_text(item)}", 300), "field"


def _top(item: Field) -> str:
    return (item.group or item.name.partition(".")[0]).partition("/")[0]


def _empty(item: Field) -> bool:
    return item.value is False or item.value == b"" or (item.mask != 0 and not item.value)


def plaintext(event: Event) -> str:
    """The text that a packet carries: from a decrypted buffer if there is one, else its payload; empty if it is no text."""
    buffers = event.content.buffers()
    inner = [data for name, data in buffers.items() if "decrypted" in name.casefold()]
    loads = [
        f.value for name in ("tcp.payload", "udp.payload", "data.data") for f in event.fields.get(name, ())
    ]
    for data in [*inner, *(load for load in loads if isinstance(load, bytes))]:
        if readable(data):
            return data.decode("utf-8", "replace")
    return ""


def readable(data: bytes) -> bool:
    """Whether bytes are text: nearly all of them printable ASCII, line ends or whole UTF-8."""
    if not data:
        return False
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    plain = sum(c.isprintable() or c in "\r\n\t" for c in text)
    return plain * 100 >= len(text) * 90
