"""The site's pages, each as one document that needs nothing else: style, script and pictures are in it.

A policy in the page lets nothing load or run but these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from markupsafe import Markup

from ..page.document import asset as shared
from ..page.document import data, digest
from .entries import GuideEntry, Poster, Site, Term, Walk
from .environment import asset, fill
from .index import Indexed, index
from .prose import Body, fragment


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page asks it. Prompt and hints are Markdown; `said` is what kind of answer it wants, in a phrase.

    `obstacle` says why this run does not let it be asked; "" where it does. `choices` are (letter, text).
    """

    id: str
    number: int
    kind: str
    title: str
    said: str
    prompt: str
    hints: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The questions about one experiment."""

    walk: Walk
    questions: tuple[Asked, ...]


def home(site: Site, poster: Poster | None) -> str:
    """The first page: where to start, the paths, every guide on its shelf. `poster` is a run to begin with."""
    return _page("home.html", site, "", title="machinelab", poster=poster)


def paths(site: Site) -> str:
    """The reading progressions."""
    return _page("paths.html", site, "", title="Paths")


def machines(site: Site) -> str:
    """How to run the same on real servers."""
    return _page("machines.html", site, "", title="The same on real servers")


def guide(site: Site, entry: GuideEntry, body: Body) -> str:
    """One guide."""
    around = site.around(entry.id)
    return _page("guide.html", site, "../", title=entry.title, guide=entry, body=body, around=around)


def glossary(site: Site, terms: Sequence[Term]) -> str:
    """The glossary, part by part."""
    parts = [(part, list(entries)) for part, entries in groupby(terms, lambda term: term.part)]
    return _page("glossary.html", site, "", title="Glossary", parts=parts, markdown=fragment)


def worksheet(
    site: Site, entry: GuideEntry, parts: Sequence[Part], sealed: Mapping[str, object], origin: str
) -> str:
    """A worksheet that is answered in the page. `sealed` is what its script reads (worksheet/sealing.py); `origin` says from what it is graded."""
    return _page(
        "worksheet.html",
        site,
        "../",
        "worksheet.js",
        title=f"{entry.title}: the worksheet",
        guide=entry,
        parts=parts,
        markdown=fragment,
        sealed=data(sealed),
        origin=origin,
    )


def right(closing: str, packets: Sequence[tuple[str, str]], walk: Walk) -> str:
    """What is said to a right answer. `packets` are (id, page and anchor)."""
    return fill("right.html", closing=fragment(closing), packets=packets, walk=walk)


def wrong(because: str) -> str:
    """What is said to a wrong one."""
    return fill("wrong.html", because=fragment(because))


def search(site: Site, sections: Sequence[Indexed], titles: Sequence[tuple[str, str]]) -> str:
    """The page that searches; the index is in it."""
    return _page("search.html", site, "", "search.js", title="Search", index=data(index(sections, titles)))


@cache
def _asset(name: str) -> Markup:
    return Markup(asset(name))


@cache
def _style() -> Markup:
    return Markup(shared("base.css") + asset("site.css"))


def _page(template: str, site: Site, root: str, script: str = "", **values: object) -> str:
    """A template with what every page has. `root` leads from the page to the site's folder."""
    css, code = _style(), _asset(script) if script else ""
    runs = f"script-src '{digest(code)}'" if code else "script-src 'none'"
    policy = f"default-src 'none'; style-src '{digest(css)}'; {runs}; img-src data:; base-uri 'none'; form-action 'self' file:"
    return str(fill(template, site=site, root=root, css=css, script=code, policy=policy, **values))
