"""Where the panes stand: a pure function of the terminal's size, what is folded, and how the room is shared."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

PANES = ("events", "guide", "tree", "bytes")
WIDE = 140  # columns from which the guide stands beside the packets
SMALL = 15  # lines below which one pane has all the room
NARROW = 48  # columns below which it has, too
STATUS = 2
TITLE = 1


class Box(NamedTuple):
    """A rectangle of cells; without width or height it is not shown."""

    x: int
    y: int
    width: int
    height: int


NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Preferences:
    """How the room is shared, in hundredths: of the height for the list, of what is below it for the bytes; of the width.

    `side`: what stands left of the guide on a wide screen, and `tree` what of that the fields have beside the bytes (0: what
    sixteen bytes to a line leave); `guide`: what the guide has beside the fields on others.

    `folded` panes show their title only. Remembered from one session to the next.
    """

    events: int = 40
    bytes: int = 42
    guide: int = 46
    side: int = 62
    tree: int = 0
    folded: tuple[str, ...] = ()
    theme: str = "dark"
    slower: int = 10
    history: tuple[str, ...] = field(default=())


def load(path: Path | None) -> Preferences:
    """What was remembered; the defaults where there is nothing, or nothing that can be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8")) if path else {}
        known = {name: value for name, value in data.items() if name in Preferences.__dataclass_fields__}
        preferences = replace(Preferences(), **known)
        numbers = (
            preferences.events,
            preferences.bytes,
            preferences.guide,
            preferences.side,
            preferences.slower,
            preferences.tree + 1,
        )
        if not all(type(number) is int and number > 0 for number in numbers):
            return Preferences()
        return replace(preferences, folded=_words(preferences.folded), history=_words(preferences.history))
    except (OSError, ValueError, TypeError, AttributeError):
        return Preferences()


def _words(value: Iterable[object]) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str))


def save(path: Path | None, preferences: Preferences) -> None:
    """Remember. Where that cannot be written, nothing is said: it is a comfort."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}")
        draft.write_text(json.dumps(asdict(preferences), indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError:
        pass


def arrange(
    width: int, height: int, preferences: Preferences, here: str = "events", zoom: bool = False
) -> Mapping[str, Box]:
    """A box for each pane, and for "title", "status" and "keys". `here` has the focus; `zoom`: it has all the room."""
    if height < SMALL or width < NARROW or zoom:
        return _one(width, height, here)
    top, bottom = TITLE, height - STATUS - 1
    room = bottom - top
    boxes = {
        "title": Box(0, 0, width, TITLE),
        "status": Box(0, bottom, width, STATUS),
        "keys": Box(0, height - 1, width, 1),
    }
    if width >= WIDE:
        left = _part(width, preferences.side, 60, 44) if "guide" not in preferences.folded else width
        boxes["guide"] = Box(left + 1, top, width - left - 1, room) if left < width else NOWHERE
        return {**boxes, **_left(left, top, room, preferences)}
    return {**boxes, **_stacked(width, top, room, preferences)}


def _one(width: int, height: int, here: str) -> Mapping[str, Box]:
    """Room for one pane alone; a line for the keys, and one for the title, where it does not hurt."""
    keys, title, status = (1 if height > 3 else 0), (1 if height > 8 else 0), (1 if height > 7 else 0)
    boxes = dict.fromkeys(PANES, NOWHERE)
    boxes[here] = Box(0, title, width, max(1, height - keys - title - status))
    boxes["title"] = Box(0, 0, width, title) if title else NOWHERE
    boxes["status"] = Box(0, height - keys - status, width, status) if status else NOWHERE
    boxes["keys"] = Box(0, height - 1, width, keys) if keys else NOWHERE
    return boxes


def _part(whole: int, share: int, least: int, rest: int) -> int:
    """A share of a length, but at least so much of it, and so much left."""
    return max(min(least, whole // 2), min(whole * share // 100, whole - min(rest, whole // 2)))


def _left(width: int, top: int, room: int, preferences: Preferences) -> Mapping[str, Box]:
    """Packets above; fields and bytes side by side below, the bytes no wider than they need be."""
    list_height = _list(room, preferences)
    below = room - list_height
    if "bytes" in preferences.folded or "tree" in preferences.folded:
        return _pair(width, top, list_height, below, preferences, "tree", "bytes", width // 2)
    left = _part(width, preferences.tree, 24, 24) if preferences.tree else width - _octets(width)
    return _pair(width, top, list_height, below, preferences, "tree", "bytes", left)


def _octets(width: int) -> int:
    """The columns that the bytes take beside the fields: sixteen bytes to a line where that fits."""
    return 77 if width >= 140 else min(77, width // 2)


def _stacked(width: int, top: int, room: int, preferences: Preferences) -> Mapping[str, Box]:
    """Packets, then guide and fields side by side, then the bytes."""
    list_height = _list(room, preferences)
    below = room - list_height
    bytes_height = 1 if "bytes" in preferences.folded else _part(below, preferences.bytes, 3, 4)
    if {"guide", "tree"} <= set(preferences.folded):
        bytes_height = below - 1
    middle = below - bytes_height
    boxes = _pair(
        width, top, list_height, middle, preferences, "guide", "tree", _part(width, preferences.guide, 24, 24)
    )
    return {**boxes, "bytes": Box(0, top + list_height + middle, width, bytes_height)}


def _list(room: int, preferences: Preferences) -> int:
    if "events" in preferences.folded:
        return 1
    if {"guide", "tree", "bytes"} <= set(preferences.folded):
        return room - 2
    return _part(room, preferences.events, 4, 8)


def _pair(
    width: int,
    top: int,
    list_height: int,
    height: int,
    preferences: Preferences,
    one: str,
    other: str,
    left: int,
) -> dict[str, Box]:
    y = top + list_height
    boxes = {"events": Box(0, top, width, list_height)}
    if one in preferences.folded and other in preferences.folded:
        half = width // 2
        return {
            **boxes,
            one: Box(0, y, half, min(1, height)),
            other: Box(half, y, width - half, min(1, height)),
        }
    if one in preferences.folded:
        return {**boxes, one: NOWHERE, other: Box(0, y, width, height)}
    if other in preferences.folded:
        return {**boxes, one: Box(0, y, width, height), other: NOWHERE}
    return {**boxes, one: Box(0, y, left, height), other: Box(left + 1, y, width - left - 1, height)}


BORDERS = {
    "guide": "side",
    "bytes": "tree",
    "tree": "guide",
}  # the pane right of a border → the share that moves it


def border(boxes: Mapping[str, Box], x: int, y: int) -> str:
    """The share whose border, the free column left of a pane, is at a cell; empty if none is."""
    for pane, share in BORDERS.items():
        box = boxes.get(pane, NOWHERE)
        if box.width and box.x == x + 1 > 1 and box.y <= y < box.y + box.height:
            return share
    return ""


def dragged(preferences: Preferences, share: str, x: int, boxes: Mapping[str, Box]) -> Preferences:
    """The shares after a border was dragged to a column."""
    whole = boxes["events" if share == "tree" else "title"].width
    parts: Mapping[str, Any] = {share: max(10, min(85, -(-100 * x // max(1, whole))))}
    return replace(preferences, **parts)


def resized(preferences: Preferences, here: str, width: int, across: bool, by: int) -> Preferences:
    """The shares after the pane with the focus grew (or shrank) by so many hundredths, in height or `across`."""
    wide = width >= WIDE
    if across and wide and here in ("tree", "bytes"):
        left = _part(width, preferences.side, 60, 44) if "guide" not in preferences.folded else width
        preferences = replace(preferences, tree=preferences.tree or 100 * (left - _octets(left)) // left)
        name, sign = "tree", 1 if here == "tree" else -1
    elif across:
        name, sign = (
            ("side", -1 if here == "guide" else 1) if wide else ("guide", -1 if here == "tree" else 1)
        )
    elif here == "events" or (wide and here != "guide") or here in ("guide", "tree"):
        name, sign = "events", 1 if here == "events" else -1
    else:
        name, sign = "bytes", 1
    return replace(preferences, **{name: max(10, min(85, getattr(preferences, name) + sign * by))})


def folded(preferences: Preferences, pane: str) -> Preferences:
    """The shares with a pane folded, or unfolded again."""
    rest = tuple(name for name in preferences.folded if name != pane)
    return replace(preferences, folded=rest if pane in preferences.folded else (*rest, pane))
