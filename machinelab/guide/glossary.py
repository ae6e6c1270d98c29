"""The glossary: guides/glossary.md, a term to a line, by which a guide's italic terms and a listing's abbreviations are looked up."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_LINE = re.compile(r"^- \*\*(?P<term>.+?)\*\*(?: \((?P<also>[^)]*)\))?: (?P<text>.+)$")


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
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            part = line[3:].strip()
        elif match := _LINE.match(line):
            also = tuple(word.strip() for word in (match["also"] or "").split(",") if word.strip())
            found.append(Entry(match["term"], also, match["text"], part, number))
    return tuple(found)


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
    return exact or [
        entry for entry in entries if wanted in map(_plain, re.findall(r"\*([^*]+)\*", entry.text))
    ]


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
