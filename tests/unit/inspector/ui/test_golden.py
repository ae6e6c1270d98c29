"""What a person sees, as text, at two sizes; without colour the signs must carry it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from machinelab.inspector.ui.app import Inspector

from ...render import small
from ...render.lanes_made import FIGURE
from . import screens

Golden = Callable[[str, str], None]

SCREENS = {
    "open": (),
    "step": ("space",) * 6,
    "fields": ("J", "J", "3", "down"),
    "bytes": ("J", "J", "4", "right", "down"),
    "ladder": ("v", "space", "space", "space"),
    "filter": ("slash", *screens.typed("dns.co")),
    "wrong": ("slash", *screens.typed("dns.id == 2 and nonsense == 1"), "enter"),
    "help": ("question_mark",),
    "steps": ("t",),
    "follow": ("J", "f"),
}


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: tuple[int, int], golden: Golden) -> None:
    app = Inspector(screens.small_material())
    golden(f"tui/{name}-{size[0]}x{size[1]}.txt", screens.after(app, SCREENS[name], size))


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_screen_of_a_picture(size: tuple[int, int], golden: Golden) -> None:
    made = {FIGURE.plot.title: lambda: FIGURE}
    app = Inspector(replace(screens.small_material(), figures=lambda: made))
    golden(f"tui/picture-{size[0]}x{size[1]}.txt", screens.after(app, ("G", "P"), size))


def test_screen_of_what_went_wrong(golden: Golden) -> None:
    app = Inspector(screens.small_material(small.broken()))
    golden("tui/broken-100x30.txt", screens.after(app, ("exclamation_mark",), (100, 30)))


def test_screen_without_colour(golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Inspector(screens.small_material())
    text = screens.after(app, ("J", "J", "3", "down"), (80, 24))
    assert "▸" in text and "[" in text
    golden("tui/plain-80x24.txt", text)


def test_evidence_that_is_no_packet_is_listed_as_packets_are(golden: Golden) -> None:
    golden("tui/records-80x24.txt", screens.after(Inspector(screens.with_records()), ("J",), (80, 24)))
