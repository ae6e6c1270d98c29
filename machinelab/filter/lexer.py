"""A filter's text as tokens."""

import re
from typing import NamedTuple

from .errors import FilterError

MAX_LENGTH = 4096  # characters; the longest filter of ours has some 200

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<raw>[rR]"[^"]*")
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<char>'(?:[^'\\]|\\[^']|\\'|\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3})')
    | (?P<slice>\[[^\]\[]*\])
    | (?P<op>===|!==|~=|==|!=|<=|>=|&&|\|\||\^\^|\.\.|[<>!~&(){},])
    | (?P<word>(?:(?!\.\.)[^\s"'()\[\]{},<>=!&|^~])+)
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_LETTERS = {"a": 7, "b": 8, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "'": 39, '"': 34, "\\": 92}


class Token(NamedTuple):
    """One word of a filter: `kind` is word, string, char, slice, op or end. A string's `text` has its escapes undone."""

    kind: str
    text: str
    start: int
    stop: int


def tokens(text: str) -> list[Token]:
    """The tokens of a filter, an `end` last. Raises FilterError."""
    if len(text) > MAX_LENGTH:
        raise FilterError(
            f"The filter is longer than {MAX_LENGTH} characters.",
            text[:60] + " …",
            60,
            "Say it in fewer words.",
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_token(kind, match.group(), text, at))
        at = match.end()
    return [*found, Token("end", "", len(text), len(text))]


def _token(kind: str, raw: str, text: str, at: int) -> Token:
    stop = at + len(raw)
    if kind == "raw":
        return Token("string", raw[2:-1], at, stop)
    if kind in {"string", "char"}:
        return Token(kind, _unescape(raw[1:-1], text, at + 1), at, stop)
    return Token(kind, raw, at, stop)


def _unescape(raw: str, text: str, at: int) -> str:
    r"""A quoted string's characters. Bytes that are no UTF-8 ("\xff") survive as surrogates."""
    if "\\" not in raw:
        return raw
    parts: list[bytes] = []
    last = 0
    for match in _ESCAPE.finditer(raw):
        parts.append(raw[last : match.start()].encode())
        parts.append(_escaped(match, text, at))
        last = match.end()
    return (b"".join(parts) + raw[last:].encode()).decode("utf-8", "surrogateescape")


def _escaped(match: re.Match[str], text: str, at: int) -> bytes:
    hexadecimal, octal, letter = match.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else _LETTERS.get(letter, 256)
    if number > 255:
        hint = f'Write \\\\{letter}, or a raw string: r"…".' if letter else ""
        raise FilterError(f"{match.group()} is not an escape.", text, at + match.start(), hint)
    return bytes([number])


def _unreadable(text: str, at: int) -> FilterError:
    char = text[at]
    if char in "\"'":
        return FilterError("The string has no end.", text, at, f"Close it with {char}.")
    if char == "[":
        return FilterError("The slice has no end.", text, at, "Close it with ].")
    hints = {"=": "Write == to compare.", "|": "Write || or or.", "^": "Write ^^ or xor."}
    return FilterError(f"{char!r} was not expected here.", text, at, hints.get(char, ""))
