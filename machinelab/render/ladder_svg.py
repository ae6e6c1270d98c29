"""The ladder as a picture: nodes are columns, time runs downwards, every message is an arrow. SVG 1.1, no script, no links out."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from ..analysis.folding import Again, folded
from ..analysis.view import EventRow, View, duration, label
from ..model import Event
from .escape import html
from .remarks import remarks
from .svg import size, text
from .terminal import TerminalStyle, cells

LEFT, RIGHT, HEAD, ROW, QUIET, GAP = 110, 30, 46, 44, 22, 30
COLUMN, CLOSEST, ACROSS = (
    190,
    122,
    560,
)  # pixels between two lifelines: at most, at least, and between the outermost of many
NARROWEST = 760  # pixels: what happened at the last of few nodes has room for its words
NUMBER = 30  # where a packet's number ends
EDGE = 200  # what is to the left of it at most: ids of logs are longer than numbers
LETTER = 6.7  # pixels a letter of 12 px takes at most, on average
LONG = 60  # rows: of a longer run, steps that repeat stand in one line
# As in the text ladder: a silence is drawn from so many ns, and so many times the usual.
NOTABLE, OFTEN = 5_000_000, 10

STYLE = """
.ladder { font: 12px system-ui, sans-serif; background: #fff; color: #1f2730; }
.ladder text { fill: #1f2730; paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; } .ladder .dim { fill: #57626e; } .ladder .step { fill: #00596b; font-weight: 600; }
.ladder .life { stroke: #aab4be; stroke-dasharray: 2 3; } .ladder .shaft { stroke: #0b5394; stroke-width: 1.6; fill: none; }
.ladder .reply { stroke-dasharray: 6 3; } .ladder .tip { fill: #0b5394; } .ladder .node { font-weight: 700; font-size: 13px; }
.ladder .bad .shaft { stroke: #b3261e; } .ladder .bad .tip { fill: #b3261e; } .ladder .bad .step { fill: #b3261e; }
.ladder .here rect { fill: #fff1c2; } .ladder rect { fill: none; }
@media (prefers-color-scheme: dark) {
.ladder { background: #10151c; } .ladder text { fill: #d4dae3; stroke: #10151c; } .ladder .dim { fill: #9aa6b4; } .ladder .step { fill: #5fd0d8; }
.ladder .life { stroke: #4a5766; } .ladder .shaft { stroke: #86c8ff; } .ladder .tip { fill: #86c8ff; }
.ladder .bad .shaft { stroke: #ff7b84; } .ladder .bad .tip { fill: #ff7b84; } .ladder .bad .step { fill: #ff7b84; }
.ladder .here rect { fill: #3a3420; } }
"""


def ladder_svg(view: View, events: Sequence[Event] | None = None, *, links: bool = False) -> str:
    """The picture; of a long run, steps that repeat are folded.

    `links`: it stands in a page, uses its style sheet, and its arrows lead to `#e5` there.
    """
    rows = list(view.rows(events))
    drawn = [row for row in rows if not row.quiet]
    nodes = list(dict.fromkeys(end for row in drawn for end in _ends(row)))
    apart = min(COLUMN, max(CLOSEST, ACROSS // max(1, len(nodes) - 1)))
    at = {node: LEFT + 60 + apart * place for place, node in enumerate(nodes)}
    width = max(NARROWEST, LEFT + 60 + apart * max(0, len(nodes) - 1) + 60 + RIGHT)
    edge = max(0, int(LETTER * max((len(row.event.id) for row in drawn), default=0)) - NUMBER + 6)
    body, height = _body(view, rows, at, width, links)
    title = html(" · ".join(filter(None, (view.lab, view.experiment.id, view.experiment.title))))
    lives = [
        f'<line class="life" x1="{x}" y1="{HEAD - 8}" x2="{x}" y2="{height - 10}"/>' for x in at.values()
    ]
    heads = [text(x, 24, html(node, 24), css="node", anchor="middle") for node, x in at.items()]
    style = "" if links else f"<style>{STYLE}</style>"
    role = 'role="group"' if links else 'role="img"'
    open_ = f'<svg xmlns="http://www.w3.org/2000/svg" class="ladder" {size(width, height, edge)} {role} aria-label="Ladder: {title}">'
    above = f'<g class="heads"><rect x="-{EDGE}" y="0" width="{width + EDGE}" height="{HEAD - 8}"/>{"".join(heads)}</g>'
    told = f"<desc>{html(view.happened.whole)}</desc>" if view.happened else ""
    return "\n".join([open_, f"<title>{title}</title>", told, style, *lives, *body, above, "</svg>", ""])


def _ends(row: EventRow) -> tuple[str, str]:
    if row.src or row.dst:
        return row.src or "?", row.dst or "?"
    return row.event.node or "-", row.event.node or "-"


def _body(
    view: View, rows: Sequence[EventRow], at: dict[str, int], width: int, links: bool
) -> tuple[list[str], int]:
    times = [row.event.time for row in rows]
    usual = int(median([later - earlier for earlier, later in pairwise(times)] or [0]))
    parts: list[str] = []
    y, before, quiet = HEAD, None, list[EventRow]()
    for row in folded(rows) if len(rows) > LONG else rows:
        if isinstance(row, EventRow) and row.quiet:
            quiet.append(row)
            continue
        if quiet:
            parts.append(_fold(quiet, y))
            y, quiet = y + QUIET, []
        if isinstance(row, Again):
            parts.append(_again(row, y, width))
            y, before = y + QUIET + 8, row.rows[-1]
            continue
        if before and row.event.time - before.event.time >= max(NOTABLE, OFTEN * usual):
            parts.append(
                text(
                    LEFT - 10,
                    y + 16,
                    f"⋮ {html(duration(row.event.time - before.event.time))}",
                    css="dim",
                    anchor="end",
                )
            )
            y += GAP
        parts.append("".join(_rung(view, row, at, y, width, links)))
        y, before = y + ROW, row
    if quiet:
        parts.append(_fold(quiet, y))
        y += QUIET
    return parts, y + 16


def _fold(rows: Sequence[EventRow], y: int) -> str:
    kinds: dict[str, int] = {}
    for row in rows:
        kind = row.background or "carrier"
        kinds[kind] = kinds.get(kind, 0) + 1
    said = ", ".join(f"{kind} ×{count}" if count > 1 else kind for kind, count in kinds.items())
    return text(LEFT + 4, y + 14, f"· {html(said)}", css="dim")


def _again(again: Again, y: int, width: int) -> str:
    """Rungs of steps that the ladder has shown already, as one line."""
    first, *others = (html(row.event.id) for row in again.rows)
    shown = TerminalStyle(200).cut(again.said, int((width - LEFT) / LETTER) - 2)
    said = f"<title>{html(again.said)}</title>" + text(LEFT + 4, y + 19, f"⋮ {html(shown)}", css="dim")
    back = f'<rect x="-{EDGE}" y="{y + 2}" width="{width + EDGE}" height="{QUIET + 4}"/>'
    return f'<g class="rung" data-event="{first}" data-more="{" ".join(others)}">{back}{said}</g>'


def _rung(view: View, row: EventRow, at: dict[str, int], y: int, width: int, links: bool) -> Iterator[str]:
    """One arrow: its caption above, number and time in the margin."""
    src, dst = (at[end] for end in _ends(row))
    id = html(row.event.id)
    bad = " bad" if row.state in ("never", "unclaimed") else ""
    line = y + 30
    start = min(src, dst) + 6
    step, summary = label(row, view.several), row.event.content.summary()
    more = f' data-more="{html(" ".join(row.pieces))}"' if row.pieces else ""
    extra = "".join(f" ({said})" for said in (*(["retry"] if row.retry else []), *remarks(row.event)))
    whole = f"{step}: {summary}{extra}" if row.steps else summary
    said = TerminalStyle(200).cut(whole, int((width - LEFT) / LETTER))
    start = max(
        LEFT + 4, min(start, int(width - LETTER * cells(said)))
    )  # words that are too long begin further left
    head, colon, rest = said.partition(": ") if row.steps else ("", "", said)
    yield f'<a href="#e{id}">' if links else "<g>"
    yield f'<g class="rung{bad}" data-event="{id}"{more}><rect x="-{EDGE}" y="{y + 2}" width="{width + EDGE}" height="{ROW - 4}"/>'
    yield f"<title>{html(f'{row.event.id} {row.hop} {said}')}</title>"
    yield text(NUMBER, line + 4, id, anchor="end")
    yield text(LEFT - 10, line + 4, f"{row.ms:.1f} ms", css="dim", anchor="end")
    yield text(start, y + 20, f'<tspan class="step">{html(head)}</tspan>{html(colon + rest)}')
    yield from _arrow(row, src, dst, line)
    yield "</g>"
    yield "</a>" if links else "</g>"


def _arrow(row: EventRow, src: int, dst: int, y: int) -> Iterator[str]:
    if src == dst:
        yield f'<circle class="tip" cx="{src}" cy="{y}" r="4"/>'
        return
    reply = any(m.exchange and m.exchange.reply for m in row.event.messages) or any(
        s.reply_to for s, _ in row.steps
    )
    way = 1 if dst > src else -1
    yield f'<line class="shaft{" reply" if reply else ""}" x1="{src}" y1="{y}" x2="{dst - 8 * way}" y2="{y}"/>'
    yield f'<path class="tip" d="M{dst} {y} l{-10 * way} -4.5 v9 z"/>'
