"""The site: every guide, experiment and worksheet opened, drawn and written into a folder.

    labs       one lab's pages
    evidence   its runs: the reader's newest or the references
    content    what stands in its guide at references, fences and links
    questions  its worksheet, the replies sealed
    folder     the folder that is written to

How pages look is render/site's.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from ... import catalog
from ...parallel import workers
from ...render.site import pages
from ...render.site.entries import GuideEntry, ReadingPath, Shelf, Site
from ...render.site.index import Indexed
from .content import terms
from .folder import SiteFolder
from .labs import LabPages, entry, lab_pages, titles

Tell = Callable[[str, str, float | None], None]
"""Hears what is being made, how far it is, and which part of the whole that is."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: `size` in bytes, `ready` of `guides` have pages."""

    folder: Path
    pages: int
    size: int
    ready: int
    guides: int


def build(folder: Path, *, mine: bool = False, instance: str = "default", tell: Tell | None = None) -> Built:
    """Write the site. Two builds from the references are the same to the byte.

    Raises UsageError where the folder holds files of others, LabError where it cannot be written or a lab cannot be read.
    """
    target = SiteFolder(folder)
    site = _site({id: entry(id) for id in (each.id for each in catalog.entries())}, mine)
    found: dict[str, LabPages] = {}
    size = 0
    for made in _made(site, instance):
        found[made.entry.id] = made
        size += sum(target.write(path, content) for path, content in made.pages)
        if tell:
            done = f"{len(found)} of {len(site.ready)} labs"
            tell("site", done, len(found) / len(site.ready))
    whole = _site({each.id: found[each.id].entry if each.id in found else each for each in site.guides}, mine)
    size += sum(target.write(path, content) for path, content in _own_pages(whole, found))
    target.finish()
    return Built(folder, len(target.written), size, len(whole.ready), len(whole.guides))


def _site(entries: dict[str, GuideEntry], mine: bool) -> Site:
    shelves = (
        Shelf(title, tuple(each for each in entries.values() if each.shelf == id))
        for id, title in catalog.SHELVES.items()
    )
    paths = tuple(
        ReadingPath(path.id, path.title, tuple(entries[id] for id in path.guides))
        for path in catalog.PROGRESSIONS
    )
    start = tuple(entries[id] for id in catalog.START_HERE if entries[id].ready)
    glossary = catalog.glossary_file().is_file()
    return Site(tuple(shelf for shelf in shelves if shelf.guides), paths, start, mine, glossary)


def _made(site: Site, instance: str) -> Iterator[LabPages]:
    """Each lab's pages as they are done: the largest labs first, so that no process is left with one at the end."""
    ids = sorted((each.id for each in site.ready), key=_weight, reverse=True)
    if workers() < 2 or len(ids) < 2:
        yield from (lab_pages(site, id, instance) for id in ids)
        return
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers(), fork, _quietly) as pool:
        running: list[Future[LabPages]] = [pool.submit(lab_pages, site, id, instance) for id in ids]
        try:
            yield from (done.result() for done in as_completed(running))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _quietly() -> None:
    """Ctrl-C ends the one process that says so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _weight(id: str) -> int:
    """About how much work a lab is: the bytes of its captures."""
    folder = catalog.reference_folder(id)
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _own_pages(site: Site, found: dict[str, LabPages]) -> Iterator[tuple[str, str]]:
    """The pages that are of no lab."""
    start = next((found[each.id].poster for each in site.start), None)
    yield "index.html", pages.home(site, start)
    yield "paths.html", pages.paths(site)
    yield "machines.html", pages.machines(site)
    if site.glossary:
        yield "glossary.html", pages.glossary(site, terms())
    sections = [section for each in site.ready for section in found[each.id].sections]
    listed = [("glossary.html", "Glossary")] if site.glossary else []
    sections += [
        Indexed("glossary.html", each.anchor, each.term, each.text, " ".join([*each.also, each.text]))
        for each in terms()
    ]
    yield "search.html", pages.search(site, sections, [*titles(site.ready), *listed])
