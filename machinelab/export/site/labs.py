"""All pages of one lab: its guide, its experiments, its worksheet; made in a process of its own where there are several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ... import catalog, guide
from ...guide import Guide
from ...guide.inline import first_sentence
from ...model import Lab
from ...render.ladder_svg import ladder_svg
from ...render.site import pages, prose
from ...render.site.entries import GuideEntry, Poster, Site
from ...render.site.index import Indexed
from ...store import references
from .content import GuideContent
from .evidence import LabEvidence
from .questions import worksheet


@dataclass(frozen=True, slots=True)
class LabPages:
    """What a lab brings: its entry with all that is listed of it, (path, content) of its pages, its sections for the search."""

    entry: GuideEntry
    pages: tuple[tuple[str, str], ...]
    sections: tuple[Indexed, ...]
    poster: Poster | None = None


def entry(id: str) -> GuideEntry:
    """A guide as the site lists it, before any of its runs is opened."""
    listed = catalog.entry(id)
    if catalog.status(id) != catalog.READY:
        return GuideEntry(id, listed.title, listed.shelf, catalog.PLANNED)
    lab, book = catalog.load_lab(id), guide.load(catalog.guide_file(id))
    asked = len(lab.questions) if catalog.worksheet_file(id).exists() else 0
    minutes = book.minutes or lab.minutes
    return GuideEntry(
        id,
        book.title or listed.title,
        listed.shelf,
        catalog.READY,
        minutes,
        lab.memory,
        book.servers,
        book.able,
        book.know,
        (),
        asked,
    )


def lab_pages(site: Site, id: str, instance: str) -> LabPages:
    """A lab's pages. Raises LabError (BrokenLab and others) where it cannot be read."""
    evidence = LabEvidence(id, site.mine, instance)
    book = guide.load(catalog.guide_file(id))
    own = next(each for each in site.ready if each.id == id)
    own = replace(own, walks=tuple(evidence.walk(name) for name in evidence.names))
    body = prose.guide_body(book, GuideContent(book, evidence, [each.id for each in site.ready]))
    made = [(own.href, pages.guide(site, own, body))]
    made += [(evidence.walk(name).href, evidence.page(name)) for name in evidence.names]
    if own.questions:
        made.append((own.worksheet, worksheet(site, own, evidence)))
        sections = tuple(_sections(own, book, body, evidence.lab))
    return LabPages(own, tuple(made), sections, _poster(own, evidence))


def _poster(entry: GuideEntry, evidence: LabEvidence) -> Poster | None:
    """The first run of its core path as a picture; None where there is none."""
    first = next(iter([*entry.core, *entry.further]), None)
    return Poster(first, ladder_svg(evidence.reading(first.id).view())) if first else None


def _sections(entry: GuideEntry, book: Guide, body: prose.Body, lab: Lab) -> Iterator[Indexed]:
    """The guide as the search knows it: its introduction, each of its sections, each experiment's page."""
    opening = " ".join(book.intro.split())
    yield Indexed(entry.href, "", "", first_sentence(opening), " ".join([entry.title, opening, *entry.able]))
    anchors = {heading.line: heading.anchor for heading in body.headings}
    for section in book.sections:
        if section.line in anchors:
            said = section.sentence or first_sentence(" ".join(section.text.split()))
            yield Indexed(entry.href, anchors[section.line], section.title, said, section.text)
    for walk in entry.walks:
        experiment = lab.experiment(references.parse(walk.id)[0])
        steps = " ".join(step.id for step in experiment.steps)
        yield Indexed(walk.href, "", f"{walk.title} ({walk.id})", walk.extent, f"{walk.id} {steps}")


def titles(entries: Sequence[GuideEntry]) -> list[tuple[str, str]]:
    """Each page that the search may lead to, with its title."""
    return [
        page
        for each in entries
        for page in [
            (each.href, each.title),
            *((walk.href, f"{each.title}: experiment") for walk in each.walks),
        ]
    ]
