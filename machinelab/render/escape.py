"""The one place that turns wire text into text for a terminal, a page or a document.

Whatever a server sent is hostile until shown otherwise: it may move the cursor, retitle the window, run backwards, hide
characters or pretend to be markup. Here all of that becomes visible and harmless: ESC is printed as the four characters `\\x1b`.
"""

import re
import unicodedata

LIMIT = 4096
"""Characters of one value that are printed at most, unless a caller asks for another number."""

ELLIPSIS = "…"

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Printable by Unicode's book, yet blank or without width: fillers, the braille blank, joiners, variation selectors.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point)
    for first, last in ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x180B, 0x180F))
    for point in range(first, last + 1)
}

_ASCII = {
    "→": "->",
    "←": "<-",
    "▶": ">",
    "◀": "<",
    "◆": "+",
    "✓": "ok",
    "✗": "x",
    "·": "-",
    "…": "...",
    "—": "-",
    "–": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "─": "-",
    "━": "=",
    "═": "=",
    "╌": "-",
    "│": "|",
    "┆": ":",
    "⋮": ":",
    "├": "+",
    "└": "+",
    "┌": "+",
    "┐": "+",
    "┘": "+",
    "┤": "+",
    "┬": "+",
    "┯": "+",
    "┴": "+",
    "┼": "+",
    "┃": "#",
    "┏": "#",
    "┓": "#",
    "┗": "#",
    "┛": "#",
    "┣": "#",
    "┫": "#",
    "┳": "#",
    "┻": "#",
    "╋": "#",
    "▼": "v",
    "▲": "^",
    "○": ".",
    "░": "-",
    "▓": "%",
    "█": "#",
    "▞": "!",
    "▸": ">",
    "●": "o",
    "•": "*",
    "▌": "|",
    "↻": "@",
    "↑": "^",
    "§": "sec. ",
}
"""What stands for the signs the kit itself writes where the output's encoding has none but ASCII's."""


# Measured: nearly all text is this, and one look by the regex engine is ten times as fast as one at each character.
is_plain = re.compile(rf"[ -~{re.escape(''.join(_ASCII))}]*").fullmatch
"""Whether text is only ASCII and the kit's own signs: harmless, and as many columns wide as it has characters."""


def terminal(text: str, limit: int | None = LIMIT) -> str:
    """Text that a terminal prints as it is, on one line, left to right, in at most `limit` characters.

    Controls (C0, C1, DEL), line ends, bidi marks, zero-width and unassigned characters, lone surrogates and any space but
    ASCII's come out as `\\x1b`, `\\u202e`. More than two combining marks on one character are spelt out too. A backslash
    stays as it is, so that escaping twice changes nothing.
    """
    if limit is None:
        limit = len(text) * 10
    if len(text) <= limit and ((text.isascii() and text.isprintable()) or is_plain(text)):
        return text
    return _bounded(text, limit)


def _bounded(text: str, limit: int) -> str:
    parts: list[str] = []
    room, marks = limit, 2  # a mark at the very start would stand on whatever is printed before it
    for character in text[: limit + 1]:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        piece = character if _harmless(character) and marks <= 2 else _spelt(character)
        room -= len(piece)
        parts.append(piece)
        if room < 0:
            return _cut(parts, limit)
    return "".join(parts)


def _cut(parts: list[str], limit: int) -> str:
    """The pieces that leave room for the ellipsis; a spelt-out character is never cut in two."""
    used = sum(map(len, parts))
    while parts and used > limit - 1:
        used -= len(parts.pop())
    return "".join(parts) + ELLIPSIS if limit > 0 else ""


def _harmless(character: str) -> bool:
    return character.isprintable() and character not in _UNSEEN


def _spelt(character: str) -> str:
    point = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def ascii_only(text: str) -> str:
    """The same in ASCII: the kit's own signs by their likeness (→ as ->), any other character spelt out."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else _ASCII.get(c) or _spelt(c) for c in text)


def html(text: str, limit: int | None = LIMIT) -> str:
    """Text for an HTML page, as content or inside a quoted attribute."""
    from html import escape

    return escape(terminal(text, limit), quote=True)


_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def markdown(text: str, limit: int | None = LIMIT) -> str:
    """Text for a Markdown document, a table's cell included (CommonMark §2.4: any ASCII punctuation may be escaped)."""
    safe = "".join(f"\\{c}" if c in _PUNCTUATION else c for c in terminal(text, limit))
    body = safe.strip(" ")
    before, after = len(safe) - len(safe.lstrip(" ")), len(safe) - len(safe.rstrip(" "))
    # Four spaces at the start of a line make a code block, two at its end a line break: written as entities they are spaces.
    return "&#32;" * before + body + "&#32;" * (after if body else 0)


def markup(text: str, limit: int | None = LIMIT) -> str:
    """Text inside rich's console markup: `[red]` from the wire stays six characters."""
    from rich.markup import escape

    return escape(terminal(text, limit))
