"""The grammar: Wireshark 4.4's display filters, as far as we need them. Loosest first: or, xor, and, not, a comparison."""

import re

from .errors import FilterError
from .lexer import Token, tokens
from .syntax import Bits, Call, Compare, Exists, Inside, Join, Not, Operand, Slice, Test, Word

DEEPEST = 50  # parentheses and nots; Python's own limit is far off

EQUALITIES = {"==": "==", "eq": "==", "any_eq": "==", "!=": "!=", "ne": "!=", "all_ne": "!="}
EQUALITIES |= {"===": "===", "all_eq": "===", "!==": "!==", "any_ne": "!=="}
ORDERS = {"<": "<", "lt": "<", "<=": "<=", "le": "<=", ">": ">", "gt": ">", ">=": ">=", "ge": ">="}
SEARCHES = {"contains": "contains", "matches": "matches", "~": "matches"}
RELATIONS = EQUALITIES | ORDERS | SEARCHES
ANDS, ORS, XORS, NOTS, BITS = (
    {"and", "&&"},
    {"or", "||"},
    {"xor", "^^"},
    {"not", "!"},
    {"&", "bitand", "bitwise_and"},
)
WORDS = {word for word in [*RELATIONS, *ANDS, *ORS, *XORS, *NOTS, *BITS, "in"] if word.isidentifier()}


def parse(text: str) -> Test | None:
    """What a filter says, or None if it is empty. Raises FilterError."""
    parser = _Parser(text)
    if parser.now.kind == "end":
        return None
    test = parser.either()
    if parser.now.kind != "end":
        raise parser.unexpected()
    return test


class _Parser:
    """One token of foresight; `depth` counts what is open, so that no input is too deep for Python."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    @property
    def following(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.now
        self.at += 1
        return token

    def sees(self, words: set[str] | dict[str, str]) -> bool:
        return self.now.kind in {"word", "op"} and self.now.text in words

    def want(self, sign: str) -> Token:
        if not self.sees({sign}):
            raise self.unexpected(f"A {sign} is missing here.")
        return self.take()

    def unexpected(self, message: str = "") -> FilterError:
        token = self.now
        if token.kind == "end":
            return FilterError(message or "The filter ends too early.", self.text, token.start)
        hints = {
            "~=": "Write !== (Wireshark 4.4 no longer knows ~=).",
            "+": "Work it out beforehand: sums are not understood.",
        }
        upper = token.text.lower() in WORDS and token.text != token.text.lower()
        hint = f"Write {token.text.lower()}: case counts." if upper else hints.get(token.text, "")
        return FilterError(
            message or f"{self.text[token.start : token.stop]!r} was not expected here.",
            self.text,
            token.start,
            hint,
        )

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FilterError(f"The filter is nested more than {DEEPEST} deep.", self.text, self.now.start)

    def joined(self, how: str, signs: set[str]) -> Test:
        part = {"or": self.exclusive, "xor": self.both, "and": self.opposite}[how]
        parts = [part()]
        while self.sees(signs):
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Join(how, tuple(parts))

    def either(self) -> Test:
        return self.joined("or", ORS)

    def exclusive(self) -> Test:
        return self.joined("xor", XORS)

    def both(self) -> Test:
        return self.joined("and", ANDS)

    def opposite(self) -> Test:
        if not self.sees(NOTS):
            return self.group() if self.sees({"("}) else self.relation()
        self.deeper()
        self.take()
        test = Not(self.opposite())
        self.depth -= 1
        return test

    def group(self) -> Test:
        self.deeper()
        self.want("(")
        test = self.either()
        self.want(")")
        self.depth -= 1
        return test

    def relation(self) -> Test:
        every = self.quantifier()
        left = self.operand()
        negated = self.sees(NOTS) and self.following.text == "in"
        if negated:
            self.take()
        if self.sees({"in"}):
            return self.inside(left, negated, every)
        tests: list[Test] = []
        while self.sees(RELATIONS) and not (tests and self.now.text in SEARCHES):
            relation = RELATIONS[self.take().text]
            right = self.operand()
            tests.append(Compare(left, relation, right, every))
            left = right
            if relation in SEARCHES:
                break
        if not tests and every is not None:
            raise self.unexpected("any and all want a comparison.")
        if not tests:
            return Exists(left)
        return tests[0] if len(tests) == 1 else Join("and", tuple(tests))

    def quantifier(self) -> bool | None:
        if self.sees({"any", "all"}) and self.following.kind == "word" and self.following.text not in WORDS:
            return self.take().text == "all"
        return None

    def inside(self, operand: Operand, negated: bool, every: bool | None) -> Inside:
        self.want("in")
        self.want("{")
        members = [self.member()]
        while self.sees({","}):
            self.take()
            members.append(self.member())
        self.want("}")
        return Inside(operand, tuple(members), negated, every)

    def member(self) -> tuple[Word, Word | None]:
        low = self.word()
        if not self.sees({".."}):
            return low, None
        self.take()
        return low, self.word()

    def operand(self) -> Operand:
        value = self.sliced()
        while self.sees(BITS):
            self.take()
            mask = self.word()
            value = Bits(value, mask, value.start, mask.stop)
        return value

    def sliced(self) -> Operand:
        called = self.now.kind == "word" and self.now.text not in WORDS and self.following.text == "("
        value = self.call() if called and self.following.kind == "op" else self.word()
        while self.now.kind == "slice":
            token = self.take()
            value = Slice(value, _ranges(token, self.text), value.start, token.stop)
        return value

    def call(self) -> Operand:
        self.deeper()
        name = self.take()
        self.want("(")
        of = self.operand()
        if self.sees({","}):
            raise self.unexpected(f"{name.text}() takes one value.")
        stop = self.want(")").stop
        self.depth -= 1
        return Call(name.text, of, name.start, stop)

    def word(self) -> Word:
        token = self.now
        if token.kind not in {"word", "string", "char"} or (token.kind == "word" and token.text in WORDS):
            raise self.unexpected()
        self.take()
        return Word(token.text, token.kind, token.start, token.stop)


_NUMBER = r"-?(?:0[xX][0-9a-fA-F]+|\d+)"
_RANGE = re.compile(
    rf"\s*(?:(?P<first>{_NUMBER})\s*(?:-\s*(?P<last>{_NUMBER})|(?P<colon>:)\s*(?P<count>{_NUMBER})?)?|:\s*(?P<head>{_NUMBER}))\s*"
)


def _ranges(token: Token, text: str) -> tuple[tuple[int, int | None], ...]:
    return tuple(_range(part, token, text) for part in token.text[1:-1].split(","))


def _range(part: str, token: Token, text: str) -> tuple[int, int | None]:
    match = _RANGE.fullmatch(part)
    if match is None:
        raise FilterError(
            f"{token.text} is not a slice.",
            text,
            token.start,
            "Write [first:count], [first-last], [first:] or [:count].",
        )
    number = {
        name: _integer(digits) for name, digits in match.groupdict(default="0").items() if name != "colon"
    }
    first, count = number["first"], 1 if match["colon"] is None else None
    if match["head"]:
        first, count = 0, number["head"]
    elif match["last"]:
        count = number["last"] - first + 1
    elif match["count"]:
        count = number["count"]
    if count is not None and count < 1:
        raise FilterError(f"{token.text} holds nothing.", text, token.start, "Take at least one byte.")
    return first, count


def _integer(digits: str) -> int:
    return int(digits, 16) if "x" in digits.lower() else int(digits)
