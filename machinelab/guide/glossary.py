"""The glossary: guides/glossary.md, a term to a line, by which a guide's italic terms and a listing's abbreviations are looked up."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import markdown
from .inline import plain

if TYPE_CHECKING:
    from markdown_it.token import Token


class Entry(NamedTuple):
    """A term as it is looked up: other words for it, what it means (Markdown, one line), the part of the glossary, the line from 1."""

    term: str
    also: tuple[str, ...]
    text: str
    part: str
    line: int


@lru_cache(maxsize=4)
def load(path: Path) -> tuple[Entry, ...]:
    """The entries of a glossary, in its order; none where there is no such file."""
    if not path.exists():
        return ()
    found: list[Entry] = []
    part = ""
    for token, inline in pairwise(markdown.parse(path.read_text(encoding="utf-8"))):
        if token.type == "heading_open" and token.tag == "h2":
            part = plain(inline.children or [])
        elif token.type == "paragraph_open" and token.level == 2 and (entry := _entry(inline, part)):
            found.append(entry)
    return tuple(found)


def _entry(inline: "Token", part: str) -> Entry | None:
    """A bullet that begins with a term in bold: `**term** (also, also): text`; None for any other."""
    pieces = [piece for piece in inline.children or [] if piece.type != "text" or piece.content]
    begins = bool(pieces) and pieces[0].type == "strong_open"
    said = " ".join(inline.content.split("\n"))
    term, _, rest = said.removeprefix("**").partition("**")
    names, colon, text = rest.partition(": ")
    if not begins or not colon or not (names == "" or (names.startswith(" (") and names.endswith(")"))):
        return None
    also = tuple(word.strip() for word in names[2:-1].split(",") if word.strip())
    return Entry(term, also, text, part, markdown.lines_of(inline).start)


def find(entries: Sequence[Entry], word: str) -> list[Entry]:
    """The entries of a term, by any of its names, in singular or plural, whatever its case and hyphens; a term before what only mentions it."""
    same = [
        entry
        for entry in entries
        if word.strip().casefold() in (n.casefold() for n in (entry.term, *entry.also))
    ]
    if same:
        return same
    wanted = _plain(word)
    exact = [entry for entry in entries if wanted in map(_plain, (entry.term, *entry.also))]
    return exact or [entry for entry in entries if wanted in map(_plain, markdown.italics(entry.text))]


def names(entries: Sequence[Entry]) -> list[str]:
    """All that can be looked up."""
    return [name for entry in entries for name in (entry.term, *entry.also)]


def _plain(word: str) -> str:
    """`Duplicate ACKs` and `duplicate-ack` are one term."""
    words = " ".join(word.replace("-", " ").replace("_", " ").split()).casefold().strip("`'\"*.")
    for ending, kept in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if words.endswith(ending) and not words.endswith("ss") and len(words) > 3:
            return words.removesuffix(ending) + kept
    return words
