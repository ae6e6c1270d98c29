"""The prose of a worksheet, labs/<id>/worksheet.md: plain Markdown, a section to each question.

## A heading
<!-- question: upstream -->

The prompt, of one paragraph or more.

> Hint: where to look, never what to answer. Several are given one by one, each clearer than the last.

- a) a choice's text
  > What to say to those who chose it. (A question without choices has the names of wrong twins here instead.)

All that follows is the closing explanation, shown once the answer is right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Problem
from ..guide import markdown

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARK = re.compile(r"\s*<!--\s*question:\s*(\S*)\s*-->\s*")
_CHOICE = re.compile(r"([a-z])\)\s+(.+)", re.DOTALL)
_HINT = re.compile(r"^Hint:[ \t]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """The prose of one question. `line` is its heading's, from 1.

    `choices` is letter → text; `replies` is what is said to a wrong reply, by the choice's letter or the wrong twin's
    name; `lines` is where each of them stands. Prompt and closing are Markdown, the rest is one paragraph or more of it.
    """

    id: str
    title: str
    line: int
    prompt: str = ""
    hints: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, str] = field(default_factory=dict)
    closing: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prose:
    """A worksheet read: sections by question id in the file's order, and what is wrong with the file."""

    path: Path
    sections: Mapping[str, Section] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def load(path: Path) -> Prose:
    """The worksheet in a file; a file that cannot be read is a worksheet with that problem and no sections."""
    try:
        return parse(path.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        return Prose(
            path, {}, (Problem(path, 0, f"The worksheet cannot be read: {error}.", "Write it, in UTF-8."),)
        )


def parse(text: str, path: Path = Path("worksheet.md")) -> Prose:
    """The worksheet in a text. Never raises: what is wrong is gathered in `problems`, with its line."""
    blocks = list(_blocks(markdown.parse(text)))
    reader = _Reader(path, text.splitlines())
    for start, stop in _spans(blocks):
        reader.section(blocks[start:stop])
    for block in blocks:
        reader.stray(block)
    return Prose(path, reader.sections, tuple(sorted(reader.problems, key=lambda problem: problem.line)))


@dataclass(frozen=True, slots=True)
class _Block:
    """A block at the top of the document with all its tokens. Lines from 0, `stop` not inside."""

    tokens: "Sequence[Token]"
    start: int
    stop: int

    @property
    def type(self) -> str:
        return self.tokens[0].type

    @property
    def heading(self) -> int:
        """The heading's level; 0 for what is none."""
        return int(self.tokens[0].tag[1]) if self.type == "heading_open" else 0

    @property
    def mark(self) -> str | None:
        """The question's id, where the block is the comment that names it."""
        found = _MARK.fullmatch(self.tokens[0].content) if self.type == "html_block" else None
        return found[1] if found else None


def _blocks(tokens: "Sequence[Token]") -> Iterator[_Block]:
    start = 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            lines = tokens[start].map or [0, 0]
            yield _Block(tokens[start : index + 1], lines[0], lines[1])
            start = index + 1


def _spans(blocks: Sequence[_Block]) -> Iterator[tuple[int, int]]:
    """Each question's blocks: from its heading to the next heading of its level or above."""
    for index, block in enumerate(blocks[:-1]):
        if block.heading and blocks[index + 1].mark is not None:
            ends = (i for i, b in enumerate(blocks[index + 1 :], index + 1) if 0 < b.heading <= block.heading)
            yield index, next(ends, len(blocks))


class _Reader:
    """Sections and problems found so far."""

    def __init__(self, path: Path, lines: Sequence[str]) -> None:
        self.path = path
        self.lines = lines
        self.sections: dict[str, Section] = {}
        self.problems: list[Problem] = []
        self.bound: set[int] = set()  # lines of the comments that a section has taken up

    def complain(self, line: int, message: str, fix: str) -> None:
        self.problems.append(Problem(self.path, line + 1, message, fix))

    def stray(self, block: _Block) -> None:
        """A comment that names a question and stands under no heading binds nothing."""
        if block.mark is not None and block.start not in self.bound:
            self.complain(
                block.start, "This comment stands under no heading.", "Put it on the line after the heading."
            )

    def section(self, blocks: Sequence[_Block]) -> None:
        """Read one question's blocks: prompt, then hints and the list, then the closing explanation."""
        heading, comment, *rest = blocks
        self.bound.add(comment.start)
        id = comment.mark or ""
        if not id or id in self.sections:
            what = f"The question {id!r} has a section already." if id else "The comment names no question."
            self.complain(
                comment.start, what, "Write <!-- question: ID -->, once for each question of lab.py."
            )
            return
        middle = [
            index for index, block in enumerate(rest) if block.type in ("blockquote_open", "bullet_list_open")
        ]
        first, after = (middle[0], middle[-1] + 1) if middle else (len(rest), len(rest))
        texts = [
            block for block in rest[first:after] if block.type not in ("blockquote_open", "bullet_list_open")
        ]
        for block in texts:
            self.complain(
                block.start, f"{id}: this stands between hints and replies.", "Move it above them or below."
            )
        choices, replies, lines = self._lists(id, rest[first:after])
        hints = self._hints(id, rest[first:after])
        title = heading.tokens[1].content
        prompt, closing = self._source(rest[:first]), self._source(rest[after:])
        self.sections[id] = Section(
            id, title, heading.start + 1, prompt, tuple(hints), choices, replies, closing, lines
        )

    def _source(self, blocks: Sequence[_Block]) -> str:
        """Markdown as it stands in the file, without comments."""
        kept = [block for block in blocks if block.type != "html_block"]
        return "\n\n".join("\n".join(self.lines[block.start : block.stop]).strip("\n") for block in kept)

    def _hints(self, id: str, blocks: Sequence[_Block]) -> Iterator[str]:
        for block in blocks:
            if block.type != "blockquote_open":
                continue
            before, *hints = _HINT.split(_text(block.tokens[1:-1]))
            if before.strip():
                self.complain(block.start, f"{id}: this quotation is no hint.", "Begin it with `> Hint: `.")
            for hint in hints:
                if not hint.strip():
                    self.complain(block.start, f"{id}: this hint is empty.", "Say where to look.")
                else:
                    yield hint.strip()

    def _lists(
        self, id: str, blocks: Sequence[_Block]
    ) -> tuple[dict[str, str], dict[str, str], dict[str, int]]:
        choices: dict[str, str] = {}
        replies: dict[str, str] = {}
        lines: dict[str, int] = {}
        for name, reply, line in _items(blocks):
            match = _CHOICE.fullmatch(name)
            key = match[1] if match else name
            if key in lines:
                self.complain(line, f"{id}: {key!r} is here twice.", "Give each choice a letter of its own.")
                continue
            lines[key] = line + 1
            if match:
                choices[key] = match[2]
            if reply:
                replies[key] = reply
        return choices, replies, lines


def _items(blocks: Sequence[_Block]) -> Iterator[tuple[str, str, int]]:
    """The items of the lists at the top: first paragraph on one line, what follows it, and its line from 0."""
    for block in blocks:
        if block.type != "bullet_list_open":
            continue
        start = 0
        for index, token in enumerate(block.tokens):
            if token.type == "list_item_open" and token.level == 1:
                start = index
            elif token.type == "list_item_close" and token.level == 1:
                inside = block.tokens[start + 1 : index]
                first = next((i for i, t in enumerate(inside) if t.type == "inline"), len(inside))
                name = " ".join(inside[first].content.split()) if first < len(inside) else ""
                yield name, _text(inside[first + 1 :]), (block.tokens[start].map or [block.start])[0]


def _text(tokens: "Sequence[Token]") -> str:
    """The paragraphs among some tokens, quotation marks and indentation gone."""
    return "\n\n".join(
        token.content for token in tokens if token.type in ("inline", "fence", "code_block")
    ).strip()
