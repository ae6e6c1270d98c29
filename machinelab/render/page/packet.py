"""One packet on the page: what the guide says of it, its fields, its bytes."""

from collections.abc import Callable, Iterator, Sequence

from ...analysis.records import zone_lines
from ...analysis.view import EventRow, View, label, note
from ...analysis.words import meaning_of
from ...model import Field
from ..detail import concerned, distinct, grouped, value_text
from ..escape import html
from .prose import to_html

PER = 16
BYTES = 2048  # of one buffer; more is for the inspector
VALUE = 300


def packet(view: View, row: EventRow, section: Callable[[str], str], said: set[str]) -> Iterator[str]:
    """The article of one packet. `said`: the steps whose section was printed before."""
    id = html(row.event.id)
    step = label(row, view.several)
    sentence = note(row, view.words, set())
    told = ' data-told="1"' if row.steps else ""
    spoken = html(": ".join(filter(None, (f"{row.event.id} {row.hop}", step))), 200)
    yield f'<article class="packet" id="p{id}" data-packet="{id}" data-said="{spoken}"{told} aria-labelledby="h{id}">'
    front = f'<span class="step">{html(step)}</span> ' if step else ""
    yield f'<h3 id="h{id}" tabindex="-1">{id} · {html(row.hop)} · {front}<span class="dim">{row.ms:.1f} ms</span></h3>'
    yield f"<p>{html(row.event.content.summary())}</p>"
    yield from _guide(view, row, section, said, sentence)
    yield f'<div class="cols">{"".join(_fields(view, row))}<div class="bytes" tabindex="0" role="region" aria-label="Bytes of packet {id}">{"".join(_bytes(row))}</div></div></article>'


def _guide(
    view: View, row: EventRow, section: Callable[[str], str], said: set[str], sentence: str
) -> Iterator[str]:
    ids = [step.id for step, _ in row.steps] or ([row.background] if row.background else [])
    fresh = [id for id in dict.fromkeys(ids) if id not in said]
    said.update(fresh)
    texts = [text for id in fresh if (text := section(id))]
    for text in texts:
        yield to_html(text, 4)
    if not texts and (sentence or ids):
        words = sentence or view.words.sentence(ids[0])
        yield f"<p>{html(words)}</p>" if words else ""


def _fields(view: View, row: EventRow) -> Iterator[str]:
    found = [item for same in row.event.fields.values() for item in same]
    groups = grouped(distinct(found))
    lines = zone_lines(row.event)
    layers = list(dict.fromkeys(path.partition("/")[0] for path in groups))
    yield f'<div class="fields" role="group" aria-label="Fields of packet {html(row.event.id)}">'
    for layer in layers:
        inside = {path: members for path, members in groups.items() if path.partition("/")[0] == layer}
        about = any(
            concerned(view, row, item.name)
            for members in inside.values()
            for item in members
            if item.name != layer
        )
        open_ = " open" if layer == layers[-1] or (about and row.steps) else ""
        yield f"<details{open_}><summary><strong>{html(layer)}</strong></summary><ul>"
        for path, members in inside.items():
            yield from _group(view, row, path, members, lines.get(path, ""))
        yield "</ul></details>"
    yield "</div>"


def _group(view: View, row: EventRow, path: str, members: Sequence[Field], line: str) -> Iterator[str]:
    """A group's fields under its name; `line` is a DNS record as a zone file has it."""
    title = "  ".join(filter(None, (path.partition("/")[2], line)))
    if title:
        yield f'<li><span class="dim">{html(title, VALUE)}</span><ul>'
    yield from (_field(view, row, item) for item in members if item.name != item.group)
    if title:
        yield "</ul></li>"


def _field(view: View, row: EventRow, item: Field) -> str:
    steps = tuple(step.id for step, _ in row.steps)
    about = bool(steps) and concerned(view, row, item.name)
    body = f'<span class="n">{html(item.name)}</span> <span class="v">{html(value_text(item), VALUE)}</span>'
    meaning = meaning_of(view.words, steps, item.name)[0]
    if about and meaning:
        body += f' <span class="d">{html(meaning)}</span>'
    mark = ' class="about"' if about else ""
    tip = f' title="{html(meaning, VALUE)}"' if meaning and not about else ""
    if item.generated:
        return f"<li{mark}{tip}><span>{body}</span></li>"
    where = f'data-b="{html(item.buffer)}" data-s="{item.start}" data-e="{item.stop}"'
    return f'<li{mark}{tip}><button type="button" aria-pressed="false" {where}>{body}</button></li>'


def _bytes(row: EventRow) -> Iterator[str]:
    for name, data in row.event.content.buffers().items():
        label = html(f"{name}, {len(data)} bytes")
        yield f'<p class="dim">{label}</p>'
        yield f'<pre class="hex" tabindex="0" role="region" aria-label="{label} of packet {html(row.event.id)}" data-b="{html(name)}">{"".join(_dump(data[:BYTES]))}</pre>'


def _dump(data: bytes) -> Iterator[str]:
    for at in range(0, len(data), PER):
        part = data[at : at + PER]
        hexes = " ".join(f"{byte:02x}" + (" " if place == 7 else "") for place, byte in enumerate(part))
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
        yield html(f"{at:04x}  {hexes:<49}  {text}", None) + "\n"
