"""Every key, what it does and where: the one table that the inspector acts on and that `?` shows."""

from collections.abc import Iterator
from typing import NamedTuple


class Key(NamedTuple):
    """Keys that do one thing. `where`: a pane's name, "move" for the lists, or "" for everywhere. `short` is for the bottom line."""

    keys: tuple[str, ...]
    action: str
    says: str
    where: str = ""
    short: str = ""


KEYS = (
    Key(("question_mark",), "help", "these keys, for where you are", "", "help"),
    Key(
        ("space",),
        "walk",
        "read on: the rest of what the guide says here, then the next step",
        "",
        "next step",
    ),
    Key(("b", "backspace"), "back", "the step before"),
    Key(("p",), "play", "play it slowed down; again: stop"),
    Key(("left_square_bracket",), "faster", "play faster (down to as it happened)"),
    Key(("right_square_bracket",), "slower", "play slower (10 times, 1000 times)"),
    Key(("down", "j"), "down", "down one", "move"),
    Key(("up", "k"), "up", "up one", "move"),
    Key(("pagedown", "ctrl+d", "ctrl+f"), "page_down", "down a screenful", "move"),
    Key(("pageup", "ctrl+u", "ctrl+b"), "page_up", "up a screenful", "move"),
    Key(("home", "g"), "first", "to the first", "move"),
    Key(("end", "G"), "last", "to the last", "move"),
    Key(("J",), "next_packet", "the next packet, without leaving this pane"),
    Key(("K",), "previous_packet", "the packet before"),
    Key(("right", "l", "enter"), "into", "look into the packet: its fields", "events"),
    Key(("right", "l", "enter"), "into", "look into the packet: its fields", "ladder"),
    Key(("left", "h"), "shut", "close this group, or go to the one it is in", "tree"),
    Key(("right", "l"), "open", "open this group", "tree"),
    Key(("enter",), "toggle", "open or close it", "tree"),
    Key(("left", "h"), "left", "the byte before", "bytes"),
    Key(("right", "l"), "right", "the next byte: the field it belongs to is found", "bytes"),
    Key(("i",), "tab", "the next buffer: frame, reassembled, decrypted"),
    Key(("tab",), "next_pane", "the next pane"),
    Key(("shift+tab",), "previous_pane", "the pane before"),
    Key(("1",), "pane_events", "the packets"),
    Key(("2",), "pane_guide", "the guide"),
    Key(("3",), "pane_tree", "the fields"),
    Key(("4",), "pane_bytes", "the bytes"),
    Key(("v",), "view", "ladder or list", "", "ladder"),
    Key(("a",), "every", "ladder: all packets, or without the quiet ones", "ladder"),
    Key(("slash",), "filter", "filter; Tab completes, ↑ is what you asked before", "", "filter"),
    Key(("t",), "steps", "only one step's packets: choose it", "", "steps"),
    Key(("escape",), "clear", "all packets again; stop what is going on"),
    Key(("f",), "follow", "this conversation as text", "", "follow"),
    Key(("r",), "reply", "from a question to its reply, and back"),
    Key(("n",), "next_same", "the next packet of this step"),
    Key(("N",), "previous_same", "the one before"),
    Key(("exclamation_mark",), "odd", "the next packet that is odd or unexplained"),
    Key(("s",), "search", "search for text in names, values and bytes"),
    Key(("m",), "mark", "mark this packet, or unmark it"),
    Key(("c",), "compare", "compare it with the marked one, field by field"),
    Key(("d",), "diff", "compare this run with another: two lists, step by step"),
    Key(("P",), "picture", "the lab's picture of this run, at the moment of this packet"),
    Key(("T",), "term", "what a term means: type it, Tab completes"),
    Key(("w",), "worksheet", "the worksheet's question beside the packets", "", "worksheet"),
    Key(("enter",), "point", "worksheet: this packet is the answer", "worksheet", "this packet"),
    Key(("a",), "answer", "worksheet: type an answer", "worksheet", "answer"),
    Key(("full_stop",), "hint", "worksheet: a hint", "worksheet", "hint"),
    Key(
        ("right_curly_bracket",),
        "next_question",
        "worksheet: the next question",
        "worksheet",
        "next question",
    ),
    Key(("left_curly_bracket",), "previous_question", "worksheet: the one before", "worksheet"),
    Key(("y",), "copy", "copy what the cursor is on"),
    Key(("Y",), "copy_filter", "copy it as a filter"),
    Key(("e",), "export", "export what is shown: .pcapng .html .svg .json"),
    Key(("z",), "zoom", "this pane alone; again: all panes"),
    Key(("x",), "fold", "fold this pane; its number brings it back"),
    Key(("plus", "equals_sign"), "taller", "this pane taller"),
    Key(("minus",), "lower", "this pane lower"),
    Key(("greater_than_sign",), "wider", "this pane wider"),
    Key(("less_than_sign",), "narrower", "this pane narrower"),
    Key(("L",), "theme", "dark or light"),
    Key(("q", "ctrl+c"), "leave", "leave", "", "leave"),
)

_SIGNS = {
    "question_mark": "?", "space": "Space", "exclamation_mark": "!", "slash": "/", "full_stop": ".", "plus": "+",
    "minus": "-", "equals_sign": "=", "greater_than_sign": ">", "less_than_sign": "<", "left_square_bracket": "[",
    "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}", "down": "↓", "up": "↑",
    "left": "←", "right": "→", "enter": "Enter", "escape": "Esc", "tab": "Tab", "shift+tab": "Shift-Tab",
    "pagedown": "PgDn", "pageup": "PgUp", "home": "Home", "end": "End", "backspace": "Backspace",
    "ctrl+c": "Ctrl-C", "ctrl+d": "Ctrl-D", "ctrl+u": "Ctrl-U", "ctrl+f": "Ctrl-F", "ctrl+b": "Ctrl-B",
}  # fmt: skip


def sign(key: str) -> str:
    """A key as it stands on a keyboard."""
    return _SIGNS.get(key, key)


def find(key: str, where: tuple[str, ...]) -> str:
    """What a key does in the first of these places that knows it; empty if nothing."""
    for place in (*where, ""):
        for entry in KEYS:
            if entry.where == place and key in entry.keys:
                return entry.action
    return ""


_NAMES = {
    "events": "the list of packets",
    "ladder": "the ladder",
    "guide": "the guide",
    "tree": "the fields",
    "bytes": "the bytes",
    "worksheet": "the worksheet",
}


def help_text(here: str, worksheet: bool) -> str:
    """The help, as Markdown: first how to begin, then the keys of the place one is in, then the others."""
    return "\n".join(_help(here, worksheet))


def _help(here: str, worksheet: bool) -> Iterator[str]:
    yield "## How to read this screen"
    yield ""
    yield "Each line of the list is one packet. Press `Space`: the guide takes you through them, one step after the other, and says what each one is for. `b` goes back."
    yield ""
    yield "The **guide** speaks of the packet under the cursor. The **fields** (`3`) are what is in it; those marked `●` are what the step is about. The **bytes** (`4`) are where each field stands."
    yield ""
    yield "Lost? `Esc` shows all packets again, `1` leads back to the list, `q` leaves."
    yield ""
    places = [here] + (["worksheet"] if worksheet else [])
    for place in places:
        yield f"## In {_NAMES.get(place, place)}"
        yield ""
        yield from _lines(place)
        if place in ("events", "ladder", "tree", "bytes", "guide"):
            yield from _lines("move")
        yield ""
    yield "## Everywhere"
    yield ""
    yield from _lines("")
    yield ""
    yield "The mouse points, scrolls, folds groups (`▸`), chooses tabs, and drags a pane's title, or the border between two panes, to resize them. A title clicked twice folds its pane."
    yield ""
    yield "Marks in the list: `?` no step explains it, `✗` must not be there, `!` something is wrong with it, `↻` sent or asked again, `●` marked by you; grey: known, and beside the point."


def _lines(where: str) -> Iterator[str]:
    for entry in KEYS:
        if entry.where == where:
            yield f"- `{' '.join(sign(key) for key in entry.keys)}` {entry.says}"
