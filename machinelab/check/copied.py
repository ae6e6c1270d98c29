"""Questions that can be answered by looking their words up in the guide, with nothing run and nothing understood.

Three ways to copy an answer are tried, as a reader in a hurry would:

    point     of the sentences that stand beside this run's packets, the one that shares most words with the question
    choose    the choice that says what a sentence of the experiment's part of the guide says
    read off  the number or word that stands in a sentence or a packet of that part, beside the question's own words

A question that is answered so fails. It is not asked whether a reader who understands could answer it: that is the point of asking.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from .. import catalog, guide
from ..errors import LabError, Problem
from ..guide import Guide
from ..model import Answer, Question, Run
from ..worksheet import audit, prose, replies
from ..worksheet.grading import Grader
from ..worksheet.prose import Section
from .subject import Subject

SHARED = 2
"""Words that a question and the sentence must have in common before it is called found; one is chance."""
LEAD = 1.4
"""How far the best sentence must be ahead of the next: nearer than that, whoever looks words up has to choose."""
SAID = 0.65
"""Which part of a choice's words a sentence must hold to say the same."""
AHEAD = 0.25
"""How far the right choice must be ahead of the wrong ones, as a part of its words."""


_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*|\d+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\"(])|\n\s*\n|\n(?=[-*|] )")
_ROW = re.compile(r"^ *(?:[a-z]+:)?\d+ +[\d.,]+ ", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_STOP = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "down",
        "each",
        "else",
        "first",
        "for",
        "from",
        "get",
        "give",
        "go",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "last",
        "less",
        "like",
        "made",
        "make",
        "many",
        "may",
        "more",
        "most",
        "much",
        "must",
        "no",
        "none",
        "nor",
        "not",
        "nothing",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "out",
        "over",
        "own",
        "packet",
        "point",
        "same",
        "say",
        "see",
        "send",
        "sent",
        "she",
        "should",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "this",
        "those",
        "time",
        "to",
        "too",
        "two",
        "under",
        "until",
        "up",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "within",
        "without",
        "would",
        "you",
        "your",
        "run",
        "answer",
        "question",
        "put",
        "order",
        "work",
        "look",
        "show",
        "happen",
        "tell",
        "come",
        "take",
        "find",
    ]
)
_NUMBERS = (
    "",
    "",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


@dataclass(frozen=True, slots=True)
class Copied:
    """How an answer was found without understanding: the words that led there, and the sentence that had it."""

    words: tuple[str, ...]
    sentence: str


def find(
    question: Question, section: Section, run: Run, right: Answer, also: Sequence[Answer], words: Guide
) -> Copied | None:
    """The way to copy a question's answer, if there is one. `right` and `also` are the answers that are taken on this run."""
    if isinstance(right, frozenset):
        return _pointed(section, run, right.union(*(a for a in also if isinstance(a, frozenset))), words)
    if replies.is_order(right, section.choices):
        return None  # no sentence gives an order that the letters do not
    if section.choices:
        return _chosen(section, str(right), part_of(words, question.experiment))
    return _read_off(section, right, part_of(words, question.experiment), turned=bool(question.knobs))


def part_of(words: Guide, experiment: str) -> str:
    """What the guide says of an experiment: its section and those below it, as Markdown; all of it, if no section is the experiment's."""
    found = words.by_experiment.get(experiment)
    if found is None:
        return "\n\n".join(each.text for each in words.sections)
    start = words.sections.index(found)
    later = words.sections[start + 1 :]
    end = next((at for at, each in enumerate(later) if each.level <= found.level), len(later))
    return "\n\n".join(each.text for each in (found, *later[:end]))


def content(text: str) -> frozenset[str]:
    """The words of a text that say something, without endings: lower case, no numbers."""
    return frozenset(
        _stem(word) for word in _WORD.findall(text.casefold()) if word not in _STOP and not word.isdigit()
    )


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending).rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word


def _pointed(section: Section, run: Run, right: frozenset[str], words: Guide) -> Copied | None:
    """By the sentence beside a packet that shares most with the question."""
    claimed = {step.id: claim for claim in run.alignment.claims if (step := claim.step)}
    sentences = {id: guide.annotation(words, run.experiment.id, id) for id in claimed}
    bags = {id: content(text) for id, text in sentences.items() if text}
    asked = content(f"{section.title} {section.prompt}")
    found = {id: asked & bag for id, bag in bags.items()}
    weights = {id: sum(_weight(word, bags) for word in shared) for id, shared in found.items()}
    ranked = sorted(weights, key=lambda id: -weights[id])
    if not ranked or len(found[ranked[0]]) < SHARED:
        return None
    best, others = ranked[0], [weights[id] for id in ranked[1:] if not _of(run, id) <= right]
    if others and weights[best] < LEAD * max(others):
        return None
    return Copied(tuple(sorted(found[best])), sentences[best]) if _of(run, best) & right else None


def _of(run: Run, step: str) -> frozenset[str]:
    return frozenset(event.id for event in run.claims(step))


def _weight(word: str, bags: Mapping[str, frozenset[str]]) -> float:
    """A word that stands in few sentences says more (inverse document frequency)."""
    return log(1 + len(bags) / sum(word in bag for bag in bags.values()))


def _chosen(section: Section, right: str, part: str) -> Copied | None:
    """By the choice whose words a sentence has."""
    sentences = list(_sentences(_FENCE.sub("", part)))
    said = {letter: _said(text, sentences) for letter, text in section.choices.items()}
    share, sentence, shared = said[right]
    if len(shared) <= SHARED or share < SAID:
        return None
    if any(other + AHEAD > share for letter, (other, _, _) in said.items() if letter != right):
        return None
    return Copied(tuple(sorted(shared)), sentence)


def _said(choice: str, sentences: Sequence[str]) -> tuple[float, str, frozenset[str]]:
    """Which part of a choice's words the best sentence has, that sentence, and the words."""
    bag = content(choice)
    options = ((len(bag & content(text)) / max(1, len(bag)), text, bag & content(text)) for text in sentences)
    return max(options, key=lambda option: option[0], default=(0.0, "", frozenset()))


def _read_off(section: Section, right: Answer, part: str, *, turned: bool) -> Copied | None:
    """By a number or word that stands beside the question's words. Fences hold the defaults: with a knob turned they say nothing."""
    asked = content(f"{section.title} {section.prompt}")
    plain = section.prompt.casefold()
    forms = [form for form in _forms(right) if not re.search(_alone(form), plain)]
    places = [(text, forms) for text in _sentences(_FENCE.sub("", part))]
    if not turned:  # a single digit stands in every second row by chance
        long = [form for form in forms if (len(form) > 1 and not form.isalpha()) or isinstance(right, str)]
        places += [(row, long) for fence in _FENCE.findall(part) for row in _ROW.split(fence)[1:]]
    for text, wanted in places:
        shared = asked & content(text)
        if any(re.search(_alone(form), text.casefold()) for form in wanted) and len(shared) > SHARED:
            return Copied(tuple(sorted(shared)), text)
    return None


def _forms(right: Answer) -> tuple[str, ...]:
    """How an answer may stand in a text."""
    if isinstance(right, str):
        return (right.casefold(),)
    if isinstance(right, frozenset) or right != int(right) or abs(right) < 2:
        return ()  # 0 and 1 are none, no, one, once: found in every second sentence
    number = int(right)
    return (str(number), f"{number:,}", *([_NUMBERS[number]] if number < len(_NUMBERS) else []))


def _alone(form: str) -> str:
    return rf"(?<![\w.,-]){re.escape(form)}(?![\w-]|[.,]\d)"


def _sentences(text: str) -> Iterator[str]:
    return (" ".join(piece.split()) for piece in _SENTENCE.split(text) if piece.strip())


def problems(subject: Subject) -> Iterator[Problem]:
    """A problem for each question whose answer can be copied."""
    words = prose.load(catalog.worksheet_file(subject.lab.id))
    there = {**subject.readings, **subject.variants}
    known = {experiment.id for experiment in subject.lab.experiments}
    for question in subject.lab.questions:
        section = words.sections.get(question.id)
        name = audit.asked_of(subject.lab, question) if question.experiment in known else ""
        found = (
            _found(question, section, there[name].run, subject.guide) if section and name in there else None
        )
        if section is None or found is None:
            continue
        led = ", ".join(found.words)
        quoted = found.sentence if len(found.sentence) < 100 else f"{found.sentence[:97]}…"
        said = f"{question.id}: its answer can be looked up by its own words ({led}): “{' '.join(quoted.split())}”"
        fix = "Ask what follows from it (what would be seen instead, which packet proves it, with a knob turned), in other words."
        yield Problem(words.path, section.line, said, fix)


def _found(question: Question, section: Section, run: Run, text: Guide) -> Copied | None:
    try:
        grader = Grader(question, run, section=section)
        return None if grader.obstacle else find(question, section, run, grader.answer, grader.also, text)
    except LabError:
        return None  # told by those who ask whether it can be asked at all
