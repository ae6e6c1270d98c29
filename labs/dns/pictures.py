"""The tree of names, and the way through it that this run's lookups took."""

from collections.abc import Iterator

from machinelab.authoring import Branch, Item, Picture, Run, Tree

ROOT = "<Root>"
NS, DS, DNSKEY = 2, 43, 48
WALKERS = ("resolver", "own")


def walk(run: Run) -> Tree | None:
    """Every name that a resolver asked a server about, with who was asked and what came back."""
    notes: dict[tuple[str, ...], list[str]] = {}
    asked: dict[tuple[object, ...], tuple[str, ...]] = {}
    for item in run.trace.items():
        if "dns.qry.name" not in item.fields or item.exchange is None:
            continue
        event, key = item.event, item.exchange.key
        if item.exchange.reply:
            if (labels := asked.pop(key, None)) is not None:
                notes[labels].append(f"{event.id} {run.node(event.src)}: {event.content.summary()}")
        elif run.node(event.src) in WALKERS and not _errand(item):
            labels = _labels(str(item.fields["dns.qry.name"][0].value))
            asked[key] = labels
            notes.setdefault(labels, []).append(
                f"{event.id} to {run.node(event.dst)}: {event.content.summary()}"
            )
    return Tree(_branch((), notes, _all(notes))) if notes else None


def _errand(item: Item) -> bool:
    """The resolver's own errands are no part of the walk: the root's servers, keys and their digests."""
    kind = item.fields["dns.qry.type"][0].value
    return kind in (DS, DNSKEY) or (kind == NS and item.fields["dns.qry.name"][0].value == ROOT)


def _labels(name: str) -> tuple[str, ...]:
    return () if name == ROOT else tuple(reversed(name.rstrip(".").split(".")))


def _all(notes: dict[tuple[str, ...], list[str]]) -> list[tuple[str, ...]]:
    """The names and those above them, in the order in which they were come upon."""
    return list(dict.fromkeys(above for labels in notes for above in _down(labels)))


def _down(labels: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield from (labels[:length] for length in range(len(labels) + 1))


def _branch(
    labels: tuple[str, ...], notes: dict[tuple[str, ...], list[str]], known: list[tuple[str, ...]]
) -> Branch:
    below = [each for each in known if len(each) == len(labels) + 1 and each[: len(labels)] == labels]
    return Branch(
        ".".join(reversed(labels)) or ". (the root)",
        tuple(_branch(each, notes, known) for each in below),
        True,
        tuple(notes.get(labels, ())),
    )


PICTURES = (
    Picture(
        "walk",
        "The walk down the tree",
        "The tree of names as far as servers were asked, each question and its answer beside the name it was about.",
        walk,
        (
            "cold",
            "cname",
            "nxdomain",
            "truncated",
            "dnssec",
            "bogus",
            "lame",
            "unreachable",
            "minimised",
            "glueless",
            "insecure",
            "wildcard",
            "reverse",
        ),
    ),
)
