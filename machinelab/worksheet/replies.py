"""A learner's reply compared with an answer: numbers with tolerance and units, names, packets, letters, yes and no."""

import math
import re
from collections.abc import Mapping

from ..errors import UsageError
from ..model import Answer, Run

NEAR = 0.1
"""How far from a measured answer (a float) a reply may be, as a part of it: people read "0.3 s" off 312 ms."""

_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "min": 60.0,
    "minute": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "d": 86400.0,
    "day": 86400.0,
    "millisecond": 1e-3,
    "microsecond": 1e-6,
}

_NUMBER = re.compile(
    r"(?:about|around|ca\.?|~|≈)?\s*"
    r"([-+]?(?:0x[0-9a-f]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+))"
    r"\s*([a-zµμ][a-zµμ ]*)?\.?"
)
_PACKET = re.compile(r"(?:packets?|event|frame|number|no\.?|nr\.?)?\s*#?\s*([a-z_.-]+:\d+|\d+)\.?")
_WORDS = {"y": "yes", "true": "yes", "n": "no", "false": "no"}


class Malformed(UsageError):
    """A reply that is no answer of the kind asked for; it counts neither as right nor as wrong."""


def number(text: str) -> float:
    """`7`, `7 packets`, `0x1f`, `1,232 bytes`, `0.3 s`, `300 ms`: times in seconds. Raises Malformed for anything else."""
    match = _NUMBER.fullmatch(text.strip().casefold())
    if not match:
        raise Malformed(f"{text.strip()!r} is not one number.", "Give a number, like 7 or 0.3 s.")
    digits, unit = match[1], (match[2] or "").strip()
    scale = _SECONDS.get(unit, _SECONDS.get(unit.removesuffix("s"), 1.0))
    if "x" in digits:
        return int(digits, 16) * scale
    grouped = re.fullmatch(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+", digits)
    value = float(digits.replace(",", "" if grouped else "."))
    # Spares 300 ms from being 0.30000000000000004 s.
    return value if scale == 1.0 else float(f"{value * scale:.12g}")


def packet(text: str, run: Run | None = None) -> str:
    """`12`, `#12`, `packet 12`, `wal:3`: the event's id. Raises Malformed, also where the run has no such event."""
    match = _PACKET.fullmatch(text.strip().casefold())
    if not match:
        raise Malformed(
            f"{text.strip()!r} is not one packet's number.", "Give a number from the packet list, like 5."
        )
    id = match[1] if ":" in match[1] else str(int(match[1]))
    if run is None:
        return id
    known = {event.id.casefold(): event.id for event in run.trace.events}
    if id not in known:
        ids = [event.id for event in run.trace.events]
        span = f"it has {ids[0]} to {ids[-1]}" if ids else "it has none"
        raise Malformed(f"This run has no packet {id}: {span}.", "Give a number from the packet list.")
    return known[id]


def name(text: str, run: Run | None = None) -> str:
    """A name as it is compared: lower case, without quotes or the last dot; an address becomes the node that has it."""
    plain = " ".join(text.split()).strip("`'\"").casefold()
    if run is not None:
        plain = _nodes(run).get(plain, plain)
    if plain in (".", "<root>"):
        return "."
    return plain.removesuffix(".")


def _nodes(run: Run) -> Mapping[str, str]:
    return {
        address.casefold(): node.casefold()
        for address, node in {**run.trace.names(), **run.alignment.roles}.items()
    }


def letter(text: str, choices: Mapping[str, str]) -> str:
    """`b`, `B`, `b)`, or the choice's whole text: its letter. Raises Malformed for anything else."""
    plain = " ".join(text.split()).casefold()
    short = plain.strip("()").rstrip(".")
    if short in choices:
        return short
    for key, said in choices.items():
        if " ".join(said.split()).casefold() == plain:
            return key
    raise Malformed(f"{text.strip()!r} is none of the choices.", f"Give one letter: {', '.join(choices)}.")


def ordered(text: str, choices: Mapping[str, str]) -> str:
    """`cab`, `c a b`, `c, a, b`, `c > a > b`: the choices' letters in that order. Raises Malformed unless each is there once."""
    letters = "".join(re.findall(r"[a-z]", text.casefold()))
    if sorted(letters) != sorted(choices) or re.search(r"[^a-z\s,;.<>()→-]", text.casefold()):
        example = " ".join(sorted(choices, reverse=True))
        raise Malformed(
            f"{text.strip()!r} is no order of the choices.", f"Give each letter once, like {example}."
        )
    return letters


def read(text: str, answer: Answer, run: Run, choices: Mapping[str, str]) -> Answer:
    """A reply as an answer of the same kind as the right one. Raises Malformed where it is of another."""
    if not text.strip():
        raise Malformed("The reply is empty.", "Give an answer.")
    if is_order(answer, choices):
        return ordered(text, choices)
    if choices:
        return letter(text, choices)
    if isinstance(answer, frozenset):
        return frozenset({packet(text, run)})
    if isinstance(answer, str):
        plain = name(text, run)
        return _WORDS.get(plain, plain) if name(answer) in ("yes", "no") else plain
    return number(text)


def is_order(answer: Answer, choices: Mapping[str, str]) -> bool:
    """Whether an answer puts the choices in order: each of their letters, once."""
    return isinstance(answer, str) and len(choices) > 1 and sorted(answer) == sorted(choices)


def meets(reply: Answer, answer: Answer, run: Run, within: float = 0.0) -> bool:
    """Whether a reply is an answer: in the set, the same number (a float within NEAR, any within `within`), the same name.

    A set of replies meets a set when it is not empty and all of it lies in it.
    """
    if isinstance(answer, frozenset):
        replies = reply if isinstance(reply, frozenset) else frozenset({str(reply)})
        return bool(replies) and replies <= answer
    if isinstance(reply, str) and isinstance(answer, str):
        return name(reply, run) == name(answer, run)
    if isinstance(reply, int | float) and isinstance(answer, int | float):
        if within and abs(reply - answer) <= within + 1e-12:
            return True
        if isinstance(answer, float):
            return math.isclose(reply, answer, rel_tol=0, abs_tol=abs(answer) * NEAR + 1e-12)
        return reply == answer
    return False
