"""Inline Markdown tokens as plain text, which is what stands beside a packet."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

FIELD = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")

_BREAKS = {"softbreak", "hardbreak"}
_SHORT = ("e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "resp.", "sect.", "no.", "fig.", "ch.", "p.", "v.")
_END = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s|$)")


def plain(pieces: Sequence["Token"]) -> str:
    """The text alone, on one line; footnote marks and comments left out."""
    parts = [
        " " if piece.type in _BREAKS else piece.content if piece.type in {"text", "code_inline"} else ""
        for piece in pieces
    ]
    return re.sub(r"\s+", " ", re.sub(r"\[\^[^\]]+\]", "", "".join(parts))).strip()


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a sentence: `e.g.` and `4.1.1` do not."""
    for end in _END.finditer(text):
        before, after = text[: end.end()], text[end.end() :].lstrip()
        if before.lower().rsplit(" ", 1)[-1].lstrip("(") in _SHORT:
            continue
        if not after or not after[0].islower():
            return before
    return text


def lines(pieces: Sequence["Token"], first: int) -> Iterator[tuple["Token", int]]:
    """Each piece with the line it stands on; the paragraph begins on line `first`."""
    for piece in pieces:
        yield piece, first
        first += piece.type in _BREAKS


def meanings(pieces: Sequence["Token"]) -> tuple[list[str], str]:
    """The fields a bullet explains and what it says of them: `` `a.b`, `a.c`: … ``. No fields: it is no such bullet."""
    names: list[str] = []
    for at, piece in enumerate(pieces):
        if (
            piece.type == "code_inline"
            and len(names) == at // 2
            and at % 2 == 0
            and FIELD.fullmatch(piece.content)
        ):
            names.append(piece.content)
        elif piece.type == "text" and at % 2 == 1 and names:
            if re.fullmatch(r",?\s*(?:and|or)?\s*|\s*[/…]\s*", piece.content):
                continue
            said = re.match(r"\s*(?::|—|–|-)(?:\s+|$)", piece.content)
            if said is None:
                break
            rest = piece.copy(content=piece.content[said.end() :])
            return names, plain([rest, *pieces[at + 1 :]])
        else:
            break
    return [], ""
