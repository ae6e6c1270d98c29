"""The text of all guides as an index that a page can hold: which words stand in which sections. search.js reads it.

A word is letters, digits and what joins them in field names (`dns.flags.recdesired` is one, and `recdesired` is found too).
"""

import re
from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

WORD = re.compile(r"[^\W](?:[\w.-]*\w)?")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# The words that stand in every other sentence tell no section from another.
COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be but by can do for from had has have here how if in into is it its no not of on one or so than "
        "that the their them then there these they this to up was what when where which who will with you your",
    )
)
LONGEST = 40  # letters of a word: beyond are values off the wire and strings in base64
EXCERPT = 160  # letters of what is shown below a result


@dataclass(frozen=True, slots=True)
class Indexed:
    """A section: its page's path, its anchor ("" for the page's top), its heading, what it says first, and its whole text."""

    page: str
    anchor: str
    title: str
    said: str
    text: str


def words(text: str) -> set[str]:
    """The words of a text, lower case, and the parts of those that are joined by dots or hyphens."""
    whole = {word for word in WORD.findall(text.lower()) if len(word) <= LONGEST}
    parts = {part for word in whole for part in re.split(r"[.-]", word) if part}
    return (whole | parts) - COMMON


def index(sections: Sequence[Indexed], pages: Sequence[tuple[str, str]]) -> dict[str, object]:
    """The index, for JSON. `pages` are (path, title); sections name one of them."""
    numbers = {page: place for place, (page, _) in enumerate(pages)}
    places: dict[str, list[tuple[int, bool]]] = {}
    for number, section in enumerate(sections):
        heading = words(section.title)
        for word in words(section.text) | heading:
            insort(places.setdefault(word, []), (number, word in heading))
    terms = sorted(places)
    return {
        "pages": [list(page) for page in pages],
        "sections": [
            [numbers[section.page], section.anchor, section.title, _cut(section.said)] for section in sections
        ],
        "common": sorted(COMMON),
        "terms": list(_shortened(terms)),
        "places": [_distances(places[term]) for term in terms],
    }


def _cut(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _shortened(terms: Sequence[str]) -> Iterable[str]:
    """Each term as the count of letters that it shares with the one before, and its others."""
    for before, term in pairwise(["", *terms]):
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(before, term, strict=False))
        same = min(sum(1 for _ in alike), len(DIGITS) - 1)
        yield DIGITS[same] + term[same:]


def _distances(places: Sequence[tuple[int, bool]]) -> str:
    before, parts = 0, []
    for place, heading in places:
        parts.append(_base36(place - before) + ("!" if heading else ""))
        before = place
    return " ".join(parts)


def _base36(number: int) -> str:
    text = ""
    while number >= 36:
        number, rest = divmod(number, 36)
        text = DIGITS[rest] + text
    return DIGITS[number] + text
