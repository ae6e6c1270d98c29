"""Value references and packet fences in a guide, replaced with the values and packets of a run."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from . import markdown
from .model import Fence, Guide, Meaning, PictureFence, Reference, Section

if TYPE_CHECKING:
    from markdown_it.token import Token

# Control, line-breaking, bidirectional and zero-width characters: never copied from a packet into a page.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class ValueResolver(Protocol):
    """Where values come from."""

    def value(self, reference: Reference) -> str | None:
        """The value of a reference, as people read it; None if there is none."""
        ...


class Resolver(ValueResolver, Protocol):
    """Where values and packets come from. None leaves what stands in the guide."""

    def packets(self, fence: Fence) -> Sequence[str] | None:
        """The lines that a fence shows."""
        ...

    def picture(self, fence: PictureFence) -> Sequence[str] | None:
        """The lines of a picture."""
        ...

    def image(self, fence: PictureFence) -> str | None:
        """The Markdown below a picture that shows its SVG file; "" where the text is enough."""
        ...


def substitute(guide: Guide, resolve: Resolver, part: range | None = None) -> str:
    """The guide's Markdown with references and fences filled in. A fence keeps its first line, so it can be filled in again.

    `part`: of these lines alone (the first is 1), and nothing is asked of `resolve` that the others speak of.
    """
    lines = guide.text.split("\n")
    part = part or range(1, len(lines) + 1)
    lines, first = lines[part.start - 1 : part.stop - 1], part.start
    for reference in sorted(guide.references, key=lambda each: -each.start):
        if reference.line in part and reference.start >= 0:
            span = range(reference.start, reference.stop)
            lines[reference.line - first] = _filled(lines[reference.line - first], span, reference, resolve)
    fences: list[Fence | PictureFence] = [*guide.fences, *guide.pictures]
    for fence in sorted(fences, key=lambda fence: -fence.line):
        if fence.line not in part:
            continue
        if isinstance(fence, PictureFence):
            _illustrate(lines, fence, first, resolve)
        elif (packets := resolve.packets(fence)) is not None:
            place = slice(fence.line - first, fence.last_line - first + 1)
            lines[place] = _fenced(lines[fence.line - first], fence.mark, packets)
    return "\n".join(lines)


def _illustrate(lines: list[str], fence: PictureFence, first: int, resolve: Resolver) -> None:
    """Puts a picture into its fence, and its image below it. None from `resolve` leaves what stands there."""
    image = resolve.image(fence)
    if image is not None:
        below = slice(fence.last_line - first + 1, (fence.image or fence.last_line) - first + 1)
        lines[below] = ["", image] if image else []
    picture = resolve.picture(fence)
    if picture is not None:
        place = slice(fence.line - first, fence.last_line - first + 1)
        lines[place] = _fenced(lines[fence.line - first], fence.mark, picture)


def substitute_section(guide: Guide, section: Section, resolve: Resolver) -> str:
    """One section's Markdown with its references filled in, without its packets: for where those stand beside it."""
    after = sorted((r for r in guide.references if r.line >= section.line), key=lambda r: -r.line)
    here = {reference.text: reference.beside() for reference in after}
    tokens, lines = markdown.parse(section.text), section.text.split("\n")
    for piece in sorted(markdown.placed(tokens, lines), key=lambda each: -each.start):
        if piece.token.type == "code_inline" and (found := here.get(piece.token.content)):
            span = range(piece.start, piece.stop)
            lines[piece.line - 1] = _filled(lines[piece.line - 1], span, found, resolve)
    for place, instead in reversed([*_blocks(tokens, guide, lines, resolve)]):
        lines[place.start - 1 : place.stop - 1] = instead
    return "\n".join(lines)


def _blocks(
    tokens: Sequence["Token"], guide: Guide, lines: Sequence[str], resolve: Resolver
) -> Iterator[tuple[range, list[str]]]:
    """Lines of a section that something else takes the place of: packets go, pictures are drawn, their images go."""
    own = {(fence.id, fence.experiment): fence for fence in guide.pictures}
    for token, inline in pairwise([*tokens, *tokens[-1:]]):
        place, (kind, *words) = markdown.lines_of(token), (*token.info.split(), "", "", "")[:3]
        if token.type == "fence" and kind == "packets":
            yield place, []
        elif token.type == "fence" and kind == "picture":
            fence = own.get((words[0], words[1]))
            drawn = resolve.picture(fence) if fence else None
            if drawn is not None:
                yield place, _fenced(lines[place.start - 1], token.markup, drawn)
        elif token.type == "paragraph_open" and markdown.image(inline).startswith("pictures/"):
            yield place, []


def substitute_plain(meaning: Meaning, values: ValueResolver | None) -> str:
    """What a guide says of a field, with the references in it filled in: `tcp.seq of syn` for one that has no value."""
    if not meaning.references:
        return meaning.text
    here = {reference.text: reference.beside() for reference in meaning.references}

    def put(match: re.Match[str]) -> str:
        reference = here[match[0]]
        value = values.value(reference) if values else None
        return f"{reference.field} of {reference.step}" if value is None else value

    # The longest first: `@ask.dns.id` is the beginning of `@ask.dns.id[2]`.
    return re.sub(
        "|".join(re.escape(text) for text in sorted(here, key=len, reverse=True)), put, meaning.text
    )


def _filled(line: str, span: range, reference: Reference, resolve: ValueResolver) -> str:
    """A line with the value in the place of its reference, if there is one."""
    value = resolve.value(reference)
    if value is None:
        return line
    shown = code(value).replace("|", "\\|") if line.lstrip().startswith("|") else code(value)
    return line[: span.start] + shown + line[span.stop :]


def visible(text: str) -> str:
    r"""Text off the wire with invisible characters escaped: `\x1b`, `\u202e`."""
    return _INVISIBLE.sub(lambda m: f"\\x{ord(m[0]):02x}" if ord(m[0]) < 256 else f"\\u{ord(m[0]):04x}", text)


def code(value: str) -> str:
    """A value off the wire as a Markdown code span, with a delimiter longer than any run of backticks in it."""
    text = visible(value)
    if not text.strip():
        return "`(empty)`" if not text else "`(blank)`"
    mark = "`" * (_longest(text) + 1)
    room = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{mark}{room}{text}{room}{mark}"


def _longest(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _fenced(opening: str, mark: str, packets: Sequence[str]) -> list[str]:
    """A fence with a delimiter longer than any run of backticks in the packets, where `opening` began: in a list, in a quotation."""
    indent, _, info = opening.partition(mark)
    shown = [visible(line).rstrip() for line in packets]
    longer = "`" * max(3, *(_longest(line) + 1 for line in shown), 3)
    return [f"{indent}{longer}{info}", *((indent + line).rstrip() for line in shown), f"{indent}{longer}"]
