"""What stands in a lab's guide at its references, fences and links: values, packets and pictures of its runs."""

import re
from collections.abc import Collection
from pathlib import Path

from ... import catalog
from ...guide import Fence, Guide, PictureFence, Reference, glossary
from ...render.site.entries import Drawn, PacketList, Term, Walk
from ...render.site.prose import slug
from .evidence import LabEvidence

SIZE = re.compile(r' width="(\d+)" height="(\d+)"')


class GuideContent:
    """`pages` are the ids of the guides that have pages."""

    def __init__(self, guide: Guide, evidence: LabEvidence, pages: Collection[str]) -> None:
        self.guide, self.evidence, self.pages = guide, evidence, pages
        self.introduced = {
            section.line: id for id, section in guide.by_experiment.items() if id in evidence.names
        }

    def value(self, reference: Reference) -> str | None:
        """The value, of the run that it is written of."""
        return self.evidence.values.value(reference)

    def packets(self, fence: Fence) -> PacketList | None:
        """The packets of a fence."""
        return self.evidence.packets(fence)

    def picture(self, fence: PictureFence) -> Drawn | None:
        """A picture as SVG and as text; None where there is no run to draw."""
        values = self.evidence.values
        drawn = values.illustrations
        text, svg, told = drawn.text(fence, values.terminal), drawn.svg(fence), drawn.told(fence)
        if text is None or svg is None or told is None:
            return None
        size = SIZE.search(svg)
        width, height = (int(size[1]), int(size[2])) if size else (0, 0)
        return Drawn(*told, svg, tuple(text), width, height)

    def walk(self, line: int) -> Walk | None:
        """The experiment that the heading on that line introduces."""
        id = self.introduced.get(line)
        return self.evidence.walk(id) if id else None

    def link(self, target: str) -> str | None:
        """https, a place on this page, or another guide's page."""
        return linked(target, self.pages)

    def term(self, words: str) -> str | None:
        """The glossary's entry of words in italics."""
        found = glossary.find(glossary.load(catalog.glossary_file()), words)
        return f"../glossary.html#{anchor_of(found[0])}" if found else None

    def image(self, target: str) -> str | None:
        """An SVG file beside the guide."""
        return picture_file(catalog.guide_file(self.evidence.lab.id).parent, target)


def linked(target: str, pages: Collection[str]) -> str | None:
    """Where a link of a guide leads from its page."""
    if target.startswith(("https://", "#")):
        return target
    path, mark, anchor = target.partition("#")
    id = path.removesuffix(".md")
    return f"{id}.html{mark}{anchor}" if path.endswith(".md") and id in pages else None


def terms() -> list[Term]:
    """The glossary's entries with their places on its page."""
    entries = glossary.load(catalog.glossary_file())
    return [Term(anchor_of(each), each.term, each.also, each.text, each.part) for each in entries]


def anchor_of(entry: glossary.Entry) -> str:
    """The place of a term: a word may have an entry in two parts."""
    return f"term-{slug(f'{entry.part} {entry.term}')}"


def picture_file(folder: Path, target: str) -> str | None:
    """The text of an SVG file in or below a folder; None if it is none, or lies elsewhere."""
    file = (folder / target).resolve()
    if file.suffix != ".svg" or not file.is_relative_to(folder.resolve()) or not file.is_file():
        return None
    return file.read_text(encoding="utf-8")
