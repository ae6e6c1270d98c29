"""A guide's Markdown as HTML, by markdown-it's tokens: where its fences and headings stand come pictures, packets and experiments.

Raw HTML in it stays text, its comments go. Headings have GitHub's anchors, so that links made for a Markdown viewer hold here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from markupsafe import Markup

from ...guide import Fence, Guide, PictureFence, Reference
from ...guide.inline import lines as placed
from ...guide.inline import plain
from ...guide.markdown import TOLD, fields_told, parse, reader
from ..escape import terminal
from .entries import Drawn, PacketList, Walk
from .environment import fill

if TYPE_CHECKING:
    from markdown_it.token import Token

COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)


class Content(Protocol):
    """What stands in a guide at its references, fences and links. None: what the guide has there stays."""

    def value(self, reference: Reference) -> str | None:
        """The value of a reference, as people read it."""
        ...

    def packets(self, fence: Fence) -> PacketList | None:
        """The packets of a fence."""
        ...

    def picture(self, fence: PictureFence) -> Drawn | None:
        """A picture."""
        ...

    def walk(self, line: int) -> Walk | None:
        """The experiment that the heading on that line introduces."""
        ...

    def link(self, target: str) -> str | None:
        """Where a link leads on the site; None: nowhere, it becomes plain words."""
        ...

    def image(self, target: str) -> str | None:
        """An image file beside the guide, as SVG; None if there is none."""
        ...

    def term(self, words: str) -> str | None:
        """Where the glossary says what words in italics mean; None if it does not."""
        ...


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its anchor; `line` counts from 1."""

    level: int
    title: str
    anchor: str
    line: int


@dataclass(frozen=True, slots=True)
class Body:
    """A guide's text as HTML, and its headings without the title."""

    html: Markup
    headings: tuple[Heading, ...]


def slug(title: str) -> str:
    """A heading's anchor as GitHub makes it: lower case, spaces as hyphens, what is neither letter, digit, hyphen nor underscore gone."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def anchors(guide: Guide) -> Mapping[int, str]:
    """The anchor of each section's heading, by its line."""
    seen: dict[str, int] = {}
    return {section.line: _unlike(slug(section.title), seen) for section in guide.sections}


def _unlike(anchor: str, seen: dict[str, int]) -> str:
    """A second heading of the same name has -1 behind it."""
    times = seen.get(anchor, 0)
    seen[anchor] = times + 1
    return f"{anchor}-{times}" if times else anchor


def guide_body(guide: Guide, content: Content) -> Body:
    """The whole guide without its front matter and its title."""
    lines = guide.text.split("\n")
    offset = guide.blocks[0][1] if guide.blocks and lines[0] == "---" else 0
    writer = _Writer(guide, content, offset)
    return Body(writer.html("\n".join(lines[offset:])), tuple(writer.headings))


def fragment(text: str) -> Markup:
    """A paragraph or more, as worksheets have them: no pictures, and no links but to https."""
    return _Writer(None, _Nothing(), 0).html(text)


class _Nothing:
    """Content of a text that has none but itself."""

    def value(self, reference: Reference) -> str | None:
        """None."""

    def packets(self, fence: Fence) -> PacketList | None:
        """None."""

    def picture(self, fence: PictureFence) -> Drawn | None:
        """None."""

    def walk(self, line: int) -> Walk | None:
        """None."""

    def link(self, target: str) -> str | None:
        """Only https leads out."""
        return target if target.startswith("https://") else None

    def image(self, target: str) -> str | None:
        """None."""

    def term(self, words: str) -> str | None:
        """None."""


class _Writer:
    """One text on its way to HTML; without a `guide` it has no fences. `offset` is how many lines of the guide come before it."""

    def __init__(self, guide: Guide | None, content: Content, offset: int) -> None:
        self.content, self.offset = content, offset
        self.fences = {fence.line: fence for fence in guide.fences} if guide else {}
        self.pictures = {fence.line: fence for fence in guide.pictures} if guide else {}
        self.images = {fence.image for fence in self.pictures.values() if fence.image}
        self.references = {(each.line, each.text): each for each in guide.references} if guide else {}
        self.anchors = anchors(guide) if guide else {}
        self.headings: list[Heading] = []

    def html(self, text: str) -> Markup:
        """The text as HTML; whatever a terminal would not show is spelt out first."""
        harmless = "\n".join(terminal(line.expandtabs(4), None) for line in text.split("\n"))
        parsed = parse(harmless)
        for token in fields_told(parsed):
            token.attrSet("class", TOLD)
        tokens = list(self._blocks(parsed))
        return Markup(str(reader().renderer.render(tokens, reader().options, {})).strip())

    def _blocks(self, tokens: "Sequence[Token]") -> "Iterator[Token]":
        at = 0
        while at < len(tokens):
            token, line = tokens[at], self._line(tokens[at])
            if token.type == "heading_open" and token.level == 0:
                yield from self._heading(tokens[at : at + 3], line)
                at += 2
            elif token.type == "paragraph_open" and line in self.images:
                at += 2  # the picture above it is drawn already
            elif token.type in ("fence", "code_block"):
                yield _ours(self._fence(token, line))
            elif token.type == "html_block":
                if not COMMENT.fullmatch(token.content):
                    yield _ours(fill("code.html", lines=token.content.splitlines()))
            elif token.type in ("table_open", "table_close"):
                yield from self._table(token)
            else:
                if token.children is not None:
                    token.children = list(self._inline(token.children, line))
                yield token
            at += 1

    def _line(self, token: "Token") -> int:
        return token.map[0] + self.offset + 1 if token.map else 0

    def _heading(self, tokens: "Sequence[Token]", line: int) -> "Iterator[Token]":
        """A heading with its anchor, and below it the experiment it introduces. The title is the page's own."""
        opening, inline, closing = tokens
        if opening.tag == "h1":
            return
        children = list(self._inline(inline.children or [], line))
        title = plain(children)
        anchor = self.anchors.get(line) or slug(title)
        self.headings.append(Heading(int(opening.tag[1]), title, anchor, line))
        opening.attrSet("id", anchor)
        inline.children = children
        yield from (opening, inline, closing)
        walk = self.content.walk(line)
        if walk is not None:
            yield _ours(fill("walk.html", walk=walk))

    def _fence(self, token: "Token", line: int) -> str:
        """Packets or a picture where there are some, else the text as it stands."""
        if (fence := self.fences.get(line)) and (packets := self.content.packets(fence)):
            return fill("packets.html", packets=packets)
        if (illustration := self.pictures.get(line)) and (drawn := self.content.picture(illustration)):
            return fill("picture.html", drawn=drawn)
        return fill("code.html", lines=token.content.splitlines())

    def _table(self, token: "Token") -> "Iterator[Token]":
        """A table in a frame of its own that can be scrolled: on a narrow screen it is wider than the page."""
        if token.nesting > 0:
            yield _ours(fill("table-begin.html"))
        yield token
        if token.nesting < 0:
            yield _ours(fill("table-end.html"))

    def _inline(self, pieces: "Sequence[Token]", line: int) -> "Iterator[Token]":
        dropped = 0  # link_open tokens whose link leads nowhere
        for piece, where in placed(self._terms(pieces), line):
            if piece.type == "html_inline":
                if COMMENT.fullmatch(piece.content):
                    continue
                piece.type = "text"
            elif piece.type == "code_inline":
                self._value(piece, where)
            elif piece.type == "link_open":
                written = str(piece.attrs.get("href", ""))
                target = written if piece.attrGet("class") == "term" else self.content.link(written)
                dropped += target is None
                if target is None:
                    continue
                piece.attrSet("href", target)
            elif piece.type == "link_close" and dropped:
                dropped -= 1
                continue
            elif piece.type == "image":
                image = self.content.image(str(piece.attrs.get("src", "")))
                if image is not None:
                    yield _ours(fill("image.html", svg=image, alt=piece.content), "html_inline")
                continue
            yield piece

    def _terms(self, pieces: "Sequence[Token]") -> "list[Token]":
        """Words in italics that the glossary knows, as links to it. Those within a link stay as they are."""
        from markdown_it.token import Token

        found: list[Token] = []
        inside = 0
        for at, piece in enumerate(pieces):
            inside += (piece.type == "link_open") - (piece.type == "link_close")
            em = [each.type for each in pieces[at : at + 3]] == ["em_open", "text", "em_close"]
            target = self.content.term(pieces[at + 1].content) if em and not inside else None
            if target is not None:
                found.append(Token("link_open", "a", 1, attrs={"href": target, "class": "term"}))
            found.append(piece)
            if piece.type == "em_close" and len(found) > 3 and found[-4].attrGet("class") == "term":
                found.append(Token("link_close", "a", -1))
        return found

    def _value(self, piece: "Token", line: int) -> None:
        """A reference becomes the value, marked as one of the run's own."""
        reference = self.references.get((line, piece.content))
        value = self.content.value(reference) if reference else None
        if value is not None:
            piece.content = terminal(value)
            piece.attrSet("class", "value")


def _ours(html: str, type: str = "html_block") -> "Token":
    """HTML made by a template, as a token that the renderer copies."""
    from markdown_it.token import Token

    return Token(type, "", 0, content=html)
