"""What the site is made of. `href` is a page's path below the site's folder, as `guides/dns.html`."""

from collections.abc import Sequence
from dataclasses import dataclass

READY = "ready"


@dataclass(frozen=True, slots=True)
class Walk:
    """An experiment with a page to step through; its id is `cold`, with a knob turned `cold@type=MX`. `extent` says how much there is to see, `origin` which run it is.

    `headline` is what happened, in a line ("" where the lab does not say). `place` is its number on the lab's core path, 0 for an
    experiment that goes further.
    """

    id: str
    title: str
    href: str
    command: str
    extent: str
    origin: str
    headline: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Poster:
    """A run as a picture for the first page: its ladder as an SVG file."""

    walk: Walk
    svg: str


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """A guide as the site lists it; a planned one has an id, a title and a shelf. `memory` is in MB."""

    id: str
    title: str
    shelf: str
    status: str
    minutes: int = 0
    memory: int = 0
    servers: str = ""
    able: tuple[str, ...] = ()
    know: tuple[str, ...] = ()
    walks: tuple[Walk, ...] = ()
    questions: int = 0

    @property
    def ready(self) -> bool:
        """Whether it has pages."""
        return self.status == READY

    @property
    def href(self) -> str:
        """The guide's page."""
        return f"guides/{self.id}.html"

    @property
    def experiments(self) -> int:
        """How many experiments it has; the same with a knob turned is none of its own."""
        return sum("@" not in walk.id for walk in self.walks)

    @property
    def core(self) -> Sequence[Walk]:
        """The experiments of the core path, in order."""
        return [walk for walk in self.walks if walk.place]

    @property
    def further(self) -> Sequence[Walk]:
        """The others."""
        return [walk for walk in self.walks if not walk.place]

    @property
    def worksheet(self) -> str:
        """The page of its worksheet; "" where it has none."""
        return f"worksheets/{self.id}.html" if self.questions else ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shelf and what stands on it."""

    title: str
    guides: tuple[GuideEntry, ...]


@dataclass(frozen=True, slots=True)
class ReadingPath:
    """A reading progression."""

    id: str
    title: str
    guides: tuple[GuideEntry, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a guide stands in a path: the guide before it and the one after it, None at the ends."""

    path: ReadingPath
    place: int
    before: GuideEntry | None
    after: GuideEntry | None


@dataclass(frozen=True, slots=True)
class Site:
    """The whole. `mine`: whether it shows the reader's own runs. `glossary`: whether there is a page of that name."""

    shelves: tuple[Shelf, ...]
    paths: tuple[ReadingPath, ...]
    start: tuple[GuideEntry, ...]
    mine: bool = False
    glossary: bool = False

    @property
    def guides(self) -> Sequence[GuideEntry]:
        """Every guide, shelf by shelf."""
        return [guide for shelf in self.shelves for guide in shelf.guides]

    @property
    def ready(self) -> Sequence[GuideEntry]:
        """Those that have pages."""
        return [guide for guide in self.guides if guide.ready]

    def around(self, id: str) -> list[Neighbours]:
        """A guide's places in the paths that it belongs to."""
        found = []
        for path in self.paths:
            ids = [guide.id for guide in path.guides]
            if id in ids:
                place = ids.index(id)
                before = path.guides[place - 1] if place else None
                after = path.guides[place + 1] if place + 1 < len(ids) else None
                found.append(Neighbours(path, place + 1, before, after))
        return found


@dataclass(frozen=True, slots=True)
class PacketRow:
    """A packet of a listing. `href` leads to it on its experiment's page, "" where that does not show it."""

    number: str
    ms: str
    hop: str
    step: str
    sentence: str
    summary: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Folded:
    """Packets of steps that the listing has shown already: a line says which, and holds them."""

    said: str
    rows: tuple[PacketRow, ...]


@dataclass(frozen=True, slots=True)
class PacketList:
    """What a fence of packets shows. `walk` is the experiment they are of."""

    walk: Walk
    rows: tuple[PacketRow | Folded, ...]

    @property
    def count(self) -> int:
        """How many packets there are, folded ones too."""
        return sum(len(row.rows) if isinstance(row, Folded) else 1 for row in self.rows)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture: as an SVG file, as lines of text, and in words. `source` says which run it is of."""

    title: str
    caption: str
    source: str
    svg: str
    text: tuple[str, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary: its anchor on the page, other words for it, what it means (Markdown), its part of the glossary."""

    anchor: str
    term: str
    also: tuple[str, ...]
    text: str
    part: str

    @property
    def href(self) -> str:
        """Where it stands."""
        return f"glossary.html#{self.anchor}"
