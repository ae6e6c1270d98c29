"""Reading a guide's Markdown. What is wrong with it is gathered, with line numbers; nothing here stops."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import fields
from ..errors import Problem, nearest
from . import markdown
from .draft import BINDING, ID, KINDS, Draft, binds
from .front import Front
from .inline import first_sentence, lines, meanings, plain
from .markdown import COMMENT, Placed
from .model import Fence, Guide, Link, Meaning, PictureFence, Reference, Section

if TYPE_CHECKING:
    from markdown_it.token import Token


_BOUND = re.compile(rf"(?:({ID})/)?({ID})")
_REFERENCE = re.compile(rf"@(?:({ID})/)?({ID})\.([a-z][a-z0-9_.-]*[a-z0-9_])(?:\[([1-9][0-9]{{0,3}})\])?")
_STEPS = rf"{ID}(?:\.\.{ID})?"
_PACKETS = re.compile(rf"packets\s+({ID})(?:\s+({_STEPS}(?:\s*,\s*{_STEPS})*))?\s*")

_PICTURE = re.compile(rf"picture\s+({ID})(?:\s+({ID}))?\s*")
_IMAGE = re.compile(r"!\[[^\]]*\]\(pictures/[^)\s]+\.svg\)\s*")


def load(path: Path) -> Guide:
    """The guide in a file; one that cannot be read is empty and says so among its problems."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Guide(path, "", problems=(Problem(path, 0, "There is no guide.", "Write it."),))
    except (OSError, UnicodeDecodeError) as error:
        return Guide(
            path, "", problems=(Problem(path, 0, f"It cannot be read: {error}.", "Save it as UTF-8."),)
        )
    return parse(text, path)


def parse(text: str, path: Path) -> Guide:
    """The guide of that text; `path` is named in its problems."""
    return _Reader(re.sub("\r\n?", "\n", text), path).guide()


class _Reader:
    def __init__(self, text: str, path: Path) -> None:
        self.text, self.path = text, path
        self.lines = text.split("\n")
        self.problems: list[Problem] = []
        self.drafts: list[Draft] = [Draft("", 0, 0, None)]
        self.meanings: dict[tuple[str, str, str], Meaning] = {}
        self.references: list[Reference] = []
        self.fences: list[Fence] = []
        self.pictures: list[PictureFence] = []
        self.links: list[Link] = []
        self.blocks: list[tuple[int, int]] = []
        self.places: dict[int, Placed] = {}  # by the id of their token
        self.item = -1  # where the list item that was opened last begins

    def wrong(self, line: int, message: str, fix: str) -> None:
        self.problems.append(Problem(self.path, line, message, fix))

    def guide(self) -> Guide:
        front = Front(self.lines, self.path)
        self.read("\n".join(self.lines[front.length :]), front.length)
        sections = self.sections()
        heads = [section for section in sections if section.level == 1]
        title = front.text("title") or (heads[0].title if heads else "")
        if not title:
            self.wrong(1, "The guide has no title.", "Begin it with # and the title.")
        found = Guide(
            self.path,
            self.text,
            title,
            front.text("shelf"),
            front.minutes(),
            front.items("you will be able to"),
            front.items("know before"),
            heads[0].text if heads else "",
            sections,
            self.by("step", sections),
            {id: section for (_, id), section in self.by("background", sections).items()},
            {id: section for (_, id), section in self.by("experiment", sections).items()},
            self.meanings,
            tuple(self.references),
            tuple(self.fences),
            tuple(self.links),
            ((1, front.length), *self.blocks),
        )
        return replace(
            found,
            problems=tuple(sorted([*front.problems, *self.problems], key=lambda wrong: wrong.line)),
            servers=front.text("servers"),
            pictures=tuple(self.pictures),
        )

    def read(self, text: str, offset: int) -> None:
        tokens = markdown.parse(text)
        self.places = {id(each.token): each for each in markdown.placed(tokens, text.split("\n"))}
        for at, token in enumerate(tokens):
            line = (token.map[0] if token.map else 0) + offset + 1
            if token.type == "heading_open" and token.level == 0:
                self.heading(tokens[at + 1], int(token.tag[1]), line)
            elif token.type == "html_block":
                self.block(token, line)
            elif token.type in {"fence", "code_block"}:
                self.blocks.append((line, (token.map[1] if token.map else 0) + offset))
                self.fence(token, line, offset)
            elif token.type == "list_item_open":
                self.item = at
            elif token.type == "inline":
                self.inline(tokens, at, line)
            if token.level == 0 and token.type not in {
                "heading_open",
                "heading_close",
                "html_block",
                "inline",
            }:
                self.drafts[-1].only_bindings = False

    def heading(self, inline: "Token", level: int, line: int) -> None:
        above = next((draft for draft in reversed(self.drafts) if draft.level < level), None)
        children = inline.children or []
        draft = Draft(plain(children), level, line, above)
        self.drafts.append(draft)
        draft.begins = line + 1
        for child in children:
            if child.type == "html_inline":
                self.comments(child.content, line)

    def block(self, token: "Token", line: int) -> None:
        before = len(self.problems)
        count = sum(len(bound) for bound in self.drafts[-1].bound.values())
        self.comments(token.content, line)
        if (
            sum(len(bound) for bound in self.drafts[-1].bound.values()) == count
            and len(self.problems) == before
        ):
            return
        if not self.drafts[-1].only_bindings or self.drafts[-1].level == 0:
            self.wrong(
                line, "This comment is bound to no heading.", "Put it right below the heading it belongs to."
            )

    def comments(self, html: str, line: int) -> None:
        for comment in COMMENT.finditer(html):
            binding = BINDING.fullmatch(comment[1])
            if binding is None:
                continue
            kind, ids = binding.groups()
            if kind in KINDS:
                self.bind(kind, ids, line)
            elif kind.rstrip("s") in KINDS or nearest(kind, KINDS):
                self.wrong(
                    line, f"A heading cannot be bound to a {kind!r}.", f"Write one of: {', '.join(KINDS)}."
                )

    def bind(self, kind: str, ids: str, line: int) -> None:
        for id in re.split(r"\s*,\s*", ids):
            match = _BOUND.fullmatch(id)
            if match is None or (match[1] and kind != "step"):
                self.wrong(line, f"{id!r} is no {kind}'s id.", "Write ids like ask-root, parted by commas.")
            else:
                self.drafts[-1].bound[kind].append((match[1] or "", match[2]))

    def fence(self, token: "Token", line: int, offset: int) -> None:
        info = token.info.strip()
        if info.split(" ")[0] == "picture":
            self.picture(info, token, line, offset)
            return
        if info.split(" ")[0] != "packets":
            return
        match = _PACKETS.fullmatch(info)
        if match is None:
            self.wrong(
                line, f"{info!r} does not say which packets.", "Write: packets EXPERIMENT [STEP[..STEP], …]."
            )
            return
        stop = (token.map[1] if token.map else 0) + offset
        pairs = [part.strip().partition("..") for part in (match[2] or "").split(",") if part.strip()]
        steps = tuple((first, last or first) for first, _, last in pairs)
        self.fences.append(Fence(match[1], steps, line, stop, token.content, token.markup))

    def picture(self, info: str, token: "Token", line: int, offset: int) -> None:
        match = _PICTURE.fullmatch(info)
        if match is None:
            self.wrong(line, f"{info!r} does not say which picture.", "Write: picture ID [EXPERIMENT].")
            return
        stop = (token.map[1] if token.map else 0) + offset
        below = next((at for at in range(stop, len(self.lines)) if self.lines[at].strip()), -1)
        image = below + 1 if below >= 0 and _IMAGE.fullmatch(self.lines[below]) else 0
        self.pictures.append(
            PictureFence(match[1], match[2] or "", line, stop, token.content, image, token.markup)
        )

    def inline(self, tokens: list["Token"], at: int, line: int) -> None:
        pieces = tokens[at].children or []
        draft, earlier = self.drafts[-1], len(self.references)
        for piece, where in lines(pieces, line):
            if piece.type == "code_inline" and piece.content.startswith("@"):
                self.reference(piece.content, where, self.places.get(id(piece)))
            elif piece.type in {"link_open", "image"}:
                target = piece.attrGet("href" if piece.type == "link_open" else "src")
                self.links.append(Link(str(target), where))
            elif (
                piece.type == "html_inline" and tokens[at - 1].type != "heading_open" and binds(piece.content)
            ):
                self.wrong(
                    where,
                    "This comment is bound to no heading.",
                    "Put it right below the heading it belongs to.",
                )
        if tokens[at - 1].type == "paragraph_open" and tokens[at - 1].level == 0 and not draft.sentence:
            self.sentence(pieces, line)
        if self.item >= 0 and at - self.item == 2:
            self.bullet(pieces, line, tuple(self.references[earlier:]))

    def sentence(self, pieces: list["Token"], line: int) -> None:
        draft = self.drafts[-1]
        draft.sentence = first_sentence(plain(pieces))
        if (draft.bound["step"] or draft.bound["background"]) and re.search(
            rf"(?<!\S)@{ID}[./]", draft.sentence
        ):
            fix = "Put the value reference into the second sentence."
            self.wrong(line, "A section's first sentence stands beside packets: it cannot hold a value.", fix)

    def bullet(self, pieces: list["Token"], line: int, references: tuple[Reference, ...]) -> None:
        names, said = meanings(pieces)
        for name in names:
            if name not in fields.registry():
                self.unknown(name, line)
                continue
            for experiment, step in self.drafts[-1].scopes():
                key = experiment, step, name
                if key in self.meanings:
                    where = self.meanings[key].line
                    self.wrong(line, f"{name} is explained on line {where} already.", "Leave one of the two.")
                self.meanings[key] = Meaning(said, line, references)

    def unknown(self, name: str, line: int) -> None:
        """A bullet may begin with a file or a command: only what looks like a field of ours is a mistake."""
        protocols = {known.split(".")[0] for known in fields.registry() if "." in known}
        near = nearest(name, list(fields.registry()))
        if "." in name and name.partition(".")[0] in protocols:
            self.wrong(line, f"There is no field {name!r}.", near or "See the field's name in Wireshark.")

    def reference(self, text: str, line: int, place: Placed | None) -> None:
        match = _REFERENCE.fullmatch(text)
        if match is None:
            self.wrong(
                line,
                f"{text!r} is no value reference.",
                "Write it like @ask-root.dns.id or @cold/ask-root.dns.id[2].",
            )
            return
        experiment, step, field, index = match.groups()
        if field not in fields.registry():
            fix = nearest(field, list(fields.registry())) or "See the field's name in Wireshark."
            self.wrong(line, f"There is no field {field!r}.", fix)
        self.references.append(
            Reference(
                text,
                experiment or self.drafts[-1].experiment,
                step,
                field,
                int(index or 1),
                line,
                place.start if place else -1,
                place.stop if place else -1,
            )
        )

    def sections(self) -> tuple[Section, ...]:
        ends = [draft.line for draft in self.drafts[1:]] + [len(self.lines) + 1]
        return tuple(
            self.section(draft, end) for draft, end in zip(self.drafts, ends, strict=True) if draft.level
        )

    def section(self, draft: Draft, end: int) -> Section:
        body = COMMENT.sub(
            lambda c: "" if binds(c[0]) else c[0], "\n".join(self.lines[draft.begins - 1 : end - 1])
        )
        bound = draft.bound
        return Section(
            draft.title,
            draft.level,
            draft.line,
            body.strip("\n"),
            draft.sentence,
            tuple(bound["step"]),
            tuple(id for _, id in bound["background"]),
            tuple(id for _, id in bound["experiment"]),
        )

    def by(self, kind: str, sections: tuple[Section, ...]) -> dict[tuple[str, str], Section]:
        """Sections by what they are bound to; the first one wins."""
        found: dict[tuple[str, str], Section] = {}
        for draft, section in zip([d for d in self.drafts if d.level], sections, strict=True):
            for key in draft.bound[kind]:
                if key in found:
                    said = f"{key[0]}/{key[1]}" if key[0] else key[1]
                    fix = "Bind one of the two." + (
                        " For one experiment: <!-- step: cold/ask-root -->" if kind == "step" else ""
                    )
                    self.wrong(
                        section.line, f"{kind} {said} has a section on line {found[key].line} already.", fix
                    )
                found.setdefault(key, section)
            if draft.bound[kind] and kind != "experiment" and not section.sentence:
                self.wrong(
                    section.line,
                    f"“{section.title}” says nothing.",
                    "Write a paragraph: its first sentence stands beside the packet.",
                )
        return found


def ids(guide: Guide) -> Iterator[tuple[str, str, int]]:
    """Everything the guide binds a heading to: kind, id (`cold/ask-root` for one experiment), line."""
    for section in guide.sections:
        for experiment, step in section.steps:
            yield "step", f"{experiment}/{step}" if experiment else step, section.line
        for id in section.background:
            yield "background", id, section.line
        for id in section.experiments:
            yield "experiment", id, section.line


def introductions(text: str) -> Iterator[tuple[int, str]]:
    """Each experiment that a heading of a guide introduces, with the line (from 1) that its heading and the comment end on."""
    lines = text.split("\n")
    tokens = markdown.parse(text)
    inline = [
        (each.line, each.token.content)
        for each in markdown.placed(tokens, lines)
        if each.token.type == "html_inline"
    ]
    blocks = [(markdown.lines_of(each), each.content) for each in tokens if each.type == "html_block"]
    found = [*inline, *((place.start, content) for place, content in blocks)]
    for line, html in sorted(found):
        for comment in COMMENT.finditer(html):
            kind, _, ids = comment[1].partition(":")
            if kind.strip() == "experiment":
                yield from ((line + comment[0].count("\n"), id.strip()) for id in ids.split(","))
