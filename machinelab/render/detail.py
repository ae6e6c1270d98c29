"""One packet closely: its fields with what they mean here, the message itself first, what carried it in brief; its bytes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from .. import fields, parallel
from ..analysis.records import zone_lines
from ..analysis.view import EventRow, View, label
from ..analysis.words import meaning_of
from ..model import Event, Field, Value
from .hexdump import hexdump
from .terminal import TerminalStyle, cells, pad
from .way import way

INDENT = "   "
LEAST = 1000  # packets from which on several processes pay: each takes a millisecond
_ON_THE_WAY = ("sighting", "nat", "proxied")  # told with the packet's way
_VALUE_LINES = 4  # of one value; the inspector and --json have it whole
_VALUE_LIMIT = 1000
_MEANING = 30  # columns; a meaning cut shorter than that says nothing, and `explain` has it whole
_BRIEF_BYTES = 8  # of a lower layer: an address or a token is worth a place in a brief line, a payload is not


def details(
    view: View, events: Iterable[Event], terminal: TerminalStyle, *, listed: bool, bytes_too: bool
) -> Iterator[str]:
    """The lines for packets as they come, an empty one behind each, many in one text: made by as many processes as there are processors."""

    def page(batch: Sequence[Event]) -> str:
        return "\n".join(
            line
            for event in batch
            for line in (*detail(view, event, terminal, listed=listed, bytes_too=bytes_too), "")
        )

    return parallel.pages(events, page, LEAST)


def detail(
    view: View, event: Event, terminal: TerminalStyle, *, listed: bool = True, bytes_too: bool = False
) -> Iterator[str]:
    """The lines for one packet: heading, then (`-v`) its fields, then (`-x`) its buffers with the marked spans."""
    row = view.row(event)
    yield from heading(view, row, terminal)
    if listed:
        yield from way(view, event, terminal)
    elsewhere = _ON_THE_WAY if event.sightings else ()
    found = [field for same in event.fields.values() for field in same]
    if elsewhere:
        found = [field for field in found if _top(field) not in elsewhere]
    main = _main_groups(row, found)
    if listed:
        about = [field for field in found if concerned(view, row, field.name) and not _is_title(field)]
        often = Counter(field.name for field in about)
        yield from _with_meanings(view, row, about, terminal)
        rest = [field for field in found if often[field.name] != 1 and not _is_title(field)]
        yield from _tree(view, row, [field for field in rest if _top(field) in main], terminal)
        yield from _brief([field for field in rest if _top(field) not in main], terminal)
    if bytes_too:
        yield from _dumps(event, _marked(view, row, found) or [f for f in found if _top(f) in main], terminal)


def heading(view: View, row: EventRow, terminal: TerminalStyle) -> Iterator[str]:
    """`3  root → resolver  root-refers: The root does not know, but knows who does.    (guide: "The referral")`."""
    front = terminal.text(f"{row.event.id}  {row.hop}")
    step = terminal.text(label(row, view.several))
    sentences = " ".join(filter(None, (view.words.sentence(s.id) for s, _ in row.steps)))
    sentence = terminal.text(sentences or (view.words.sentence(row.background) if row.background else ""))
    said = ": ".join(filter(None, (step, sentence)))
    titles = dict.fromkeys(filter(None, (view.words.heading(step.id) for step, _ in row.steps)))
    where = terminal.text(f'(guide: "{", ".join(titles)}")') if titles else ""
    line = "  ".join(filter(None, (front, said, where)))
    gap = terminal.width - cells(line)
    if gap >= 0 and where:
        line = "  ".join(filter(None, (front, said))) + " " * (gap + 2) + where
    first = terminal.wrap(line, terminal.width)[0]
    yield terminal.paint(first, "bold")
    rest = line.removeprefix(first).lstrip()
    if rest:
        yield from (
            terminal.paint(INDENT + more, "bold")
            for more in terminal.wrap(rest, terminal.width - len(INDENT))
        )
    yield from (
        INDENT + line
        for line in terminal.wrap(terminal.text(row.event.content.summary()), terminal.width - len(INDENT), 2)
    )


def _top(field: Field) -> str:
    return (field.group or field.name.partition(".")[0]).partition("/")[0]


def _is_title(field: Field) -> bool:
    """Whether it is only its group's name, as `dns` is: it says nothing that the fields under it do not."""
    return field.name == field.group


def concerned(view: View, row: EventRow, name: str) -> bool:
    """Whether the row's steps are about this field: their pattern asks for it, or the guide has words of its own for it there."""
    if not row.steps:
        return False
    general = view.words.meaning("", name)
    return _asked(row, name) or any(
        view.words.meaning(step.id, name) not in ("", general) for step, _ in row.steps
    )


def _asked(row: EventRow, name: str) -> bool:
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", step.sees) for step, _ in row.steps)


def _marked(view: View, row: EventRow, found: Iterable[Field]) -> list[Field]:
    return [f for f in found if not f.generated and not _is_title(f) and concerned(view, row, f.name)]


def _main_groups(row: EventRow, found: Sequence[Field]) -> set[str]:
    """The layers shown in full: the topmost, and those with a field that a step asks for."""
    return {_top(field) for field in found if _asked(row, field.name) and not _is_title(field)} | {
        _top(field) for field in found[-1:]
    }


def distinct(found: Iterable[Field]) -> list[Field]:
    """Without Wireshark's aliases (ip.addr beside ip.src and ip.dst), which say the same of the same bytes.

    The name with the fewest values stays. Equal numbers under names that occur once are no aliases: a name of
    one letter has one label.
    """
    fields = list(found)
    counts = Counter(field.name for field in fields)
    seen: set[tuple[object, ...]] = set()
    kept: set[int] = set()
    for index in sorted(range(len(fields)), key=lambda i: counts[fields[i].name]):
        field = fields[index]
        key = (field.group, field.buffer, field.start, field.stop, field.mask, field.value)
        alike = key in seen and (isinstance(field.value, str | bytes) or counts[field.name] > 1)
        if field.generated or not alike:
            kept.add(index)
        seen.add(key)
    return [field for index, field in enumerate(fields) if index in kept]


def grouped(found: Iterable[Field]) -> dict[str, list[Field]]:
    """Fields by group, groups in the order of the tree: each after the one that holds it."""
    groups: dict[str, list[Field]] = {}
    for field in found:
        groups.setdefault(field.group or _top(field), []).append(field)
    order: dict[str, int] = {}
    for group in groups:
        parts = group.split("/")
        for depth in range(1, len(parts) + 1):
            order.setdefault("/".join(parts[:depth]), len(order))
    return {group: groups[group] for group in sorted(groups, key=lambda g: _rank(g, order))}


def _rank(group: str, order: dict[str, int]) -> list[int]:
    parts = group.split("/")
    return [order["/".join(parts[: depth + 1])] for depth in range(len(parts))]


def value_text(field: Field) -> str:
    """A value as people read it: as tshark prints it, with the standard's word for an enumeration's number."""
    value = field.value if not isinstance(field.value, bytes) else field.value[:_VALUE_LIMIT]
    return _value_text(field.name, value)


@lru_cache(
    1 << 14, typed=True
)  # a packet's values are asked for three times, and most are the next packet's too
def _value_text(name: str, value: Value) -> str:
    shown, word = fields.show(name, value), fields.word(name, value)
    return f"{shown} ({word})" if word else shown


def _with_meanings(
    view: View, row: EventRow, found: Sequence[Field], terminal: TerminalStyle
) -> Iterator[str]:
    """What the step is about: `dns.count.answers  0  no answer …`, a field's values in one line, meanings in full."""
    steps = tuple(step.id for step, _ in row.steps)
    values: dict[str, list[str]] = {}
    for field in found:
        values.setdefault(field.name, []).append(terminal.text(value_text(field)))
    texts = {name: ", ".join(dict.fromkeys(shown)) for name, shown in values.items()}
    name_width = min(max(map(cells, texts), default=0), 40)
    value_width = _column(texts.values(), terminal.width // 4)
    for name, text in texts.items():
        front = f" {terminal.draw('▸')} {terminal.paint(pad(terminal.text(name), name_width), 'bold')}  "
        indent = " " * (len(INDENT) + max(cells(name), name_width) + 2)
        meaning = terminal.text(meaning_of(view.words, steps, name)[0])
        yield from _beside(front, indent, text, meaning, value_width, terminal)


def _column(texts: Iterable[str], widest: int) -> int:
    """A column's width: that of the longest text that fits at all; one long value is no reason to push all meanings away."""
    return max((width for width in map(cells, texts) if width <= widest), default=0)


def _beside(
    front: str, indent: str, value: str, meaning: str, width: int, terminal: TerminalStyle
) -> Iterator[str]:
    """Value and meaning in columns; a value too long for its column has the rest of the line, the meaning below it."""
    rest = terminal.width - len(indent)
    if cells(value) <= width and rest - width >= 22:
        lines = terminal.wrap(meaning, rest - width - 2)
        yield f"{front}{pad(value, width)}  {lines[0]}".rstrip()
        yield from (indent + " " * (width + 2) + more for more in lines[1:])
        return
    lines = terminal.wrap(value, rest, _VALUE_LINES) + (terminal.wrap(meaning, rest) if meaning else [])
    yield front + lines[0]
    yield from (indent + more for more in lines[1:])


def _tree(view: View, row: EventRow, found: Sequence[Field], terminal: TerminalStyle) -> Iterator[str]:
    """The fields as they stand in the message, a line each; what `explain` says at length is cut to the line's end."""
    steps = tuple(step.id for step, _ in row.steps)
    groups = grouped(distinct(found))
    name_width = min(
        max((cells(f.name) + 2 * g.count("/") for g, fs in groups.items() for f in fs), default=0), 40
    )
    value_width = min(
        max((cells(terminal.text(value_text(f))) for f in found), default=0), max(12, terminal.width // 4)
    )
    explained: set[str] = set()
    lines = zone_lines(row.event)
    for group, members in groups.items():
        indent = INDENT + "  " * group.count("/")
        if title := group.partition("/")[2]:
            yield from _title(indent[2:], title, lines.get(group, ""), terminal)
        for field in members:
            meaning = "" if field.name in explained else meaning_of(view.words, steps, field.name)[0]
            explained.add(field.name)
            front = indent + pad(terminal.text(field.name), name_width - len(indent) + len(INDENT)) + "  "
            yield from _leaf(
                front, terminal.text(value_text(field)), terminal.text(meaning), value_width, terminal
            )


def _title(indent: str, title: str, line: str, terminal: TerminalStyle) -> Iterator[str]:
    """A group's name; of a DNS record, the record as a zone file has it."""
    said = terminal.text(f"{title}  {line}" if line else title)
    wrapped = terminal.wrap(said, terminal.width - len(indent) - len(INDENT), _VALUE_LINES)
    yield indent + terminal.paint(wrapped[0], "dim")
    yield from (indent + INDENT + terminal.paint(more, "dim") for more in wrapped[1:])


def _leaf(front: str, value: str, meaning: str, width: int, terminal: TerminalStyle) -> Iterator[str]:
    rest = terminal.width - cells(front)
    if cells(value) > width or rest - width - 2 < _MEANING:
        lines = terminal.wrap(value, rest, _VALUE_LINES)
        yield (front + lines[0]).rstrip()
        yield from (" " * cells(front) + more for more in lines[1:])
    else:
        yield (
            front + pad(value, width) + "  " + terminal.paint(terminal.cut(meaning, rest - width - 2), "dim")
        ).rstrip()


def _brief(found: Sequence[Field], terminal: TerminalStyle) -> Iterator[str]:
    """The layers below, innermost first, a line or two each: what is not zero, in the packet itself, and no part of a field."""
    layers: dict[str, list[str]] = {}
    names = {field.name for field in found}
    for field in distinct(found):
        part = field.name.rpartition(".")[0] in names and field.name.count(".") > 1
        long = isinstance(field.value, bytes) and len(field.value) > _BRIEF_BYTES
        if field.value and not (field.generated or part or long):
            layers.setdefault(_top(field), []).append(
                terminal.cut(terminal.text(f"{field.name} {value_text(field)}"), 60)
            )
    for parts in reversed(layers.values()):
        for line in terminal.flow(parts, " · ", terminal.width - len(INDENT)):
            yield INDENT + terminal.paint(line, "dim")


def _dumps(event: Event, marked: Sequence[Field], terminal: TerminalStyle) -> Iterator[str]:
    """Each buffer that holds a marked field, or all if none does."""
    buffers = event.content.buffers()
    wanted = {field.buffer for field in marked if not field.generated}
    for name, data in buffers.items():
        if name in wanted or not wanted & buffers.keys():
            size = f", {len(data)} byte{'s' if len(data) != 1 else ''}"
            title = terminal.cut(terminal.text(name), terminal.width - len(INDENT) - len(size)) + size
            yield INDENT + terminal.paint(title, "dim")
            spans = [(field.start, field.stop) for field in marked if field.buffer == name]
            yield from hexdump(data, spans, terminal, INDENT)
