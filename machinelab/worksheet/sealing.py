"""A question's replies sealed, so that a page can grade an answer and holds none in plain text.

Each answer that is known, right or wrong, is brought to one form ("7", "c", "5", a cell of a scale where a number is
measured). PBKDF2 (RFC 8018 §5.2) makes a key of that form; the key finds the entry by a tag and opens what is said to it.

What this protects, and what not: whoever reads the page's source does not see an answer by accident, nor which of the
entries is the right one. Who sets a program to it tries all letters, packets or small numbers in a second. That is no exam.
"""

import hashlib
import hmac
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model import Answer
from . import replies
from .grading import Finding, Grader

ROUNDS = 2000  # of PBKDF2: 1 ms here, 20 ms in a page's script on a telephone; against guessing no number would help
TAG = 8  # bytes: enough that no two forms of a question meet
BLOCK = (
    64  # bytes that messages are filled up to, so that their length does not tell which is the right one's
)
CELL = math.log(1.005)  # a measured number counts as equal to one that is half a percent away
CELLS = 20  # of a scale from a number to as far off as the question lets a reply be
MOST = 400  # forms of one answer; of a number that has more only its own is known


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer that the worksheet knows: the forms it may come in, and how it is graded."""

    forms: tuple[str, ...]
    finding: Finding


@dataclass(frozen=True, slots=True)
class Sealed:
    """A question's entries: `locks` are (tag, what its key opens) in the order of their tags, `said` the messages; all in hex."""

    salt: str
    locks: tuple[tuple[str, str], ...]
    said: tuple[str, ...]


def kind(grader: Grader) -> str:
    """What a reply is: choice, order (of the choices), packet, name, word (yes or no); of numbers whole, measured, or near.

    A measured number may be a tenth off, one that is `near` as much as the question says.
    """
    answer, choices = grader.answer, grader.section.choices if grader.section else {}
    if choices:
        return "order" if replies.is_order(answer, choices) else "choice"
    if isinstance(answer, frozenset):
        return "packet"
    if isinstance(answer, str):
        return "word" if replies.name(answer) in ("yes", "no") else "name"
    near = abs(answer) * replies.NEAR if isinstance(answer, float) else 0
    if grader.question.within > near:
        return "near"
    return "measured" if isinstance(answer, float) else "whole"


def outcomes(grader: Grader, origin: str = "") -> list[Outcome]:
    """Every answer that has a reply of its own, the right one first. Raises BrokenLab; to be asked of no question that has an obstacle."""
    expected = kind(grader)
    letters = grader.section.choices if expected == "choice" and grader.section else {}
    twins = map(grader.twin, grader.question.wrong)
    known: set[str] = set()
    found = []
    for answer in (grader.answer, *grader.also, *twins, *letters):
        right = grader.accepts(answer)
        for group in _grouped(answer, expected, grader, right):
            fresh = tuple(form for form in group if form not in known)
            known.update(fresh)
            if fresh:
                found.append(Outcome(fresh, grader.grade(_typed(answer, fresh[0]), origin)))
    return found


def _grouped(answer: Answer, expected: str, grader: Grader, right: bool) -> Iterator[list[str]]:
    """The forms of an answer that are graded alike; each packet is a place of its own."""
    if isinstance(answer, frozenset):
        yield from ([id.casefold()] for id in sorted(answer))
    elif isinstance(answer, str):
        yield [answer if expected in ("choice", "order") else replies.name(answer, grader.run)]
    else:
        low, high = _reach(answer, grader.question.within if right else 0.0)
        scale = {"measured": _relative, "near": _absolute(grader.question.within), "whole": _whole}[expected]
        yield list(_cells(answer, low, high, scale))


def _reach(answer: float, within: float) -> tuple[float, float]:
    """Between which numbers a reply is taken for this one."""
    near = max(within, abs(answer) * replies.NEAR if isinstance(answer, float) else 0.0)
    return answer - near, answer + near


Scale = Callable[[float], int]
"""A number → the cell of a scale that it lies in."""


def _relative(number: float) -> int:
    return round(math.log(abs(number)) / CELL) if number else 0


def _absolute(within: float) -> Scale:
    return lambda number: round(number / (within / CELLS))


def _whole(number: float) -> int:
    return round(number)


def _cells(answer: float, low: float, high: float, scale: Scale) -> Iterator[str]:
    """The cells of a scale from one number to another, the answer's own first: that is the form which is graded."""
    if scale is _relative:
        sign = "-" if answer < 0 else ""
        low, high = sorted((abs(low), abs(high)))
    else:
        sign = ""
    own, first, last = scale(answer), scale(low), scale(high)
    if scale is _whole:
        # A whole number has no cells at its sides: only what lies inside is equal.
        own, first, last = round(answer), math.ceil(low), math.floor(high)
    cells = range(first, last + 1) if last - first < MOST else range(own, own + 1)
    if scale is _relative and answer == 0:
        yield "0"
    else:
        yield from (f"{sign}{cell}" for cell in (own, *(c for c in cells if c != own)))


def _typed(answer: Answer, form: str) -> str:
    """What somebody would type to give this answer."""
    return repr(answer) if isinstance(answer, int | float) else form


def seal(name: str, entries: Sequence[tuple[Sequence[str], str]]) -> Sealed:
    """Entries of (forms, message) sealed. `name` sets one question's keys apart from all others'; the same input gives the same bytes."""
    salt = hashlib.sha256(name.encode()).digest()[:16]
    longest = max((len(message.encode()) for _, message in entries), default=0)
    size = -(-longest // BLOCK) * BLOCK
    locks: dict[str, str] = {}
    said: list[tuple[str, int]] = []
    opened: dict[int, bytes] = {}
    for place, (forms, message) in enumerate(entries):
        keys = [key(salt, form) for form in forms]
        opened[place] = _mac(keys[0], b"message")
        said.append((_mixed(opened[place], message.encode().ljust(size)).hex(), place))
    # The order of the messages tells nothing either.
    said.sort()
    places = {place: index for index, (_, place) in enumerate(said)}
    for place, (forms, _) in enumerate(entries):
        for form in forms:
            own = key(salt, form)
            inside = opened[place] + places[place].to_bytes(2, "big")
            locks[_mac(own, b"tag")[:TAG].hex()] = _mixed(_mac(own, b"lock"), inside).hex()
    return Sealed(salt.hex(), tuple(sorted(locks.items())), tuple(text for text, _ in said))


def unseal(sealed: Sealed, form: str) -> str | None:
    """The message to a reply of this form, as the page's script opens it; None if no entry is for it."""
    own = key(bytes.fromhex(sealed.salt), form)
    lock = dict(sealed.locks).get(_mac(own, b"tag")[:TAG].hex())
    if lock is None:
        return None
    inside = _mixed(_mac(own, b"lock"), bytes.fromhex(lock))
    text = bytes.fromhex(sealed.said[int.from_bytes(inside[32:], "big")])
    return _mixed(inside[:32], text).decode().rstrip(" ")


def dump(sealed: Sealed) -> Mapping[str, object]:
    """What the page holds of it, for JSON."""
    return {"salt": sealed.salt, "rounds": ROUNDS, "locks": dict(sealed.locks), "said": list(sealed.said)}


def key(salt: bytes, form: str) -> bytes:
    """The key that a form gives."""
    return hashlib.pbkdf2_hmac("sha256", form.encode(), salt, ROUNDS)


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _mixed(key: bytes, text: bytes) -> bytes:
    """Text under a key stream, HMAC in counter mode; the same again takes it off."""
    stream = b"".join(_mac(key, place.to_bytes(4, "big")) for place in range(-(-len(text) // 32)))
    return bytes(one ^ other for one, other in zip(text, stream, strict=False))
