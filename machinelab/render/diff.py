"""Two runs side by side, for people and for scripts."""

from collections.abc import Iterator, Sequence

from ..analysis.comparison import Change, Compared, Difference, Pair
from ..analysis.words import SILENT, Words
from ..model import Item, Run
from .json import Json, dump, reference
from .terminal import TerminalStyle, cells, pad

INDENT = "      "
_VALUE_LINES = 2


def report(
    found: Difference,
    terminal: TerminalStyle,
    names: tuple[str, str],
    words: Words = SILENT,
    every: bool = False,
) -> Iterator[str]:
    """The lines about two runs, called `names`; steps that are alike in one line, unless `every`."""
    left, right = (terminal.text(name) for name in names)
    title = f"{left} {'↔' if terminal.unicode else '<->'} {right}"
    yield from (terminal.paint(line, "bold") for line in terminal.wrap(title, terminal.width))
    for name, (a, b) in found.knobs.items():
        turned = f"{a or '(not there)'}{terminal.draw(' → ')}{b or '(not there)'}"
        yield from terminal.hang(terminal.text(f"--set {name}: {turned}"), "  ", "      ")
    yield ""
    alike: list[Compared] = []
    several = len({step.exchange for step in found.steps}) > 1
    for step in found.steps:
        if step.same and not every:
            alike.append(step)
            continue
        yield from _alike(alike, terminal)
        alike = []
        yield from _step(step, found, terminal, (left, right), words, several)
    yield from _alike(alike, terminal)
    yield ""
    yield from verdict(found, terminal, (left, right))


def _alike(steps: Sequence[Compared], terminal: TerminalStyle) -> Iterator[str]:
    if steps:
        text = terminal.text(", ".join(dict.fromkeys(step.step for step in steps)))
        yield from terminal.hang(text, terminal.paint("  = ", "dim"), "    ")


def _step(
    step: Compared,
    found: Difference,
    terminal: TerminalStyle,
    names: tuple[str, str],
    words: Words,
    several: bool,
) -> Iterator[str]:
    id = f"{step.step} ({step.exchange})" if several else step.step
    mark, style = mark_of(step)
    sentence = terminal.text(words.sentence(step.step))
    head = terminal.paint(f"  {terminal.draw(mark)} ", style) + terminal.paint(terminal.text(id), "step")
    yield head + (
        "  " + terminal.paint(terminal.cut(sentence, max(0, terminal.width - cells(id) - 6)), "dim")
        if sentence
        else ""
    )
    for pair in step.pairs:
        if not pair.same:
            yield from _pair(pair, found, terminal, names)


def mark_of(step: Compared) -> tuple[str, str]:
    """The sign of a step that differs, and its style: only left, only right, in both."""
    if all(pair.right is None for pair in step.pairs):
        return "-", "bad"
    if all(pair.left is None for pair in step.pairs):
        return "+", "good"
    return "~", "warn"


def _pair(pair: Pair, found: Difference, terminal: TerminalStyle, names: tuple[str, str]) -> Iterator[str]:
    for item, run, name, style in (
        (pair.left, found.left, names[0], "bad"),
        (pair.right, found.right, names[1], "good"),
    ):
        if item and not (pair.left and pair.right):
            lead = f"only in {name}:"
            first, *more = terminal.wrap(f"{lead} {said(item, run, terminal)}", terminal.width - len(INDENT))
            yield "    " + first.replace(lead, terminal.paint(lead, style), 1)
            yield from (INDENT + line for line in more)
    if pair.left and pair.right:
        there = f"packet {pair.right.event.id} there: " if pair.right.event.id != pair.left.event.id else ""
        yield terminal.cut(f"    {said(pair.left, found.left, terminal)}", terminal.width)
        if there:
            yield terminal.cut(
                f"    {there}{terminal.text(pair.right.event.content.summary())}", terminal.width
            )
        yield from changes(pair.changes, terminal)


def said(item: Item, run: Run, terminal: TerminalStyle) -> str:
    """An item of a run in a line: packet, hop by node name, summary."""
    event = item.event
    hop = f"{run.node(event.src)} → {run.node(event.dst)}" if event.src else event.node
    noun = "packet " if event.id.isdecimal() else ""
    return terminal.text(f"{noun}{event.id}  {hop}  {event.content.summary()}")


def changes(found: Sequence[Change], terminal: TerminalStyle, indent: str = INDENT) -> Iterator[str]:
    """`dns.flags.rcode  0 (NOERROR) → 3 (NXDOMAIN)`, a line each where there is room."""
    width = min(40, terminal.width // 2, max((cells(change.field) for change in found), default=0))
    for change in found:
        front = indent + pad(terminal.squeeze(terminal.text(change.field), width), width) + "  "
        a, b = (terminal.text(", ".join(side) or "(not there)", 400) for side in (change.left, change.right))
        room = terminal.width - cells(front)
        if cells(a) + cells(b) + 3 <= room:
            yield front + terminal.paint(a, "bad") + terminal.draw(" → ") + terminal.paint(b, "good")
            continue
        for number, (text, style) in enumerate(((a, "bad"), (b, "good"))):
            arrow = terminal.draw("→ ") if number else " " * cells(terminal.draw("→ "))
            for index, line in enumerate(terminal.wrap(text, max(8, room - cells(arrow)), _VALUE_LINES)):
                lead = (front if number == 0 and index == 0 else " " * cells(front)) + (
                    arrow if index == 0 else "  "
                )
                yield lead + terminal.paint(line, style)


def verdict(found: Difference, terminal: TerminalStyle, names: tuple[str, str]) -> Iterator[str]:
    """Whether it is the same shape, and what was set aside."""
    count = sum(len(pair.changes) for step in found.steps for pair in step.pairs)
    lacking = [
        sum(pair.right is None for step in found.steps for pair in step.pairs),
        sum(pair.left is None for step in found.steps for pair in step.pairs),
    ]
    parts = [f"{n} only in {name}" for n, name in zip(lacking, names, strict=True) if n]
    parts += [f"{count} field{'s' if count != 1 else ''} changed"] if count else []
    rest = ", ".join(parts) or "Nothing differs"
    mark, style, shape = ("✓", "good", "The same") if found.same_shape else ("✗", "bad", "Not the same")
    yield from terminal.hang(
        f"{shape} shape. {rest}.",
        f"  {terminal.draw(mark)} ".replace(mark, terminal.paint(mark, style)),
        "    ",
    )
    if found.volatile:
        aside = f"{found.volatile} values that differ from run to run (ids, ports, times) were set aside."
        yield from terminal.hang(aside, terminal.draw("  · "), "    ")


def as_json(found: Difference, names: tuple[str, str], lab: str) -> str:
    """One object: `lab left right same_shape knobs steps volatile`, as `diff --json` promises it."""
    return dump(
        {
            "lab": lab,
            "left": names[0],
            "right": names[1],
            "same_shape": found.same_shape,
            "knobs": {name: list(pair) for name, pair in found.knobs.items()},
            "steps": [_step_object(step) for step in found.steps],
            "volatile": found.volatile,
        }
    )


def _step_object(step: Compared) -> Json:
    return {
        "id": step.step,
        "exchange": step.exchange,
        "same": step.same,
        "pairs": [
            {
                "left": reference(pair.left.event) if pair.left else None,
                "right": reference(pair.right.event) if pair.right else None,
                "changed": [
                    {"field": c.field, "left": list(c.left), "right": list(c.right)} for c in pair.changes
                ],
            }
            for pair in step.pairs
        ],
    }
