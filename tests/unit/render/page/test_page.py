"""The page is whole, harmless and holds what it promises. axe-core needs a browser: tests/oracle/test_page.py asks it where there is one."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.render.page import page
from machinelab.render.page.page import MOST, chosen
from machinelab.render.page.prose import to_html
from machinelab.workflow import guide_text

from .. import small

VOID = {"meta", "br", "hr", "line", "rect", "path", "circle"}


class Reader(HTMLParser):
    """Holds the tags to be closed in order; collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def cold():
    found = reading.open_reference(catalog.load_lab("dns"), "cold")
    return page(found.view(), None, guide_text.Sections(found, True).markdown)


def test_it_is_whole_and_loads_nothing(cold):
    tags = read(cold).tags
    loading = {"src", "srcset", "action", "data", "poster"}
    assert not any(loading & attrs.keys() for _, attrs in tags)
    assert all(a.get("href", "#").startswith(("#", "https://")) for tag, a in tags if tag == "a")
    assert [tag for tag, _ in tags].count("script") == 1
    assert not any(key.startswith("on") for _, attrs in tags for key in attrs)


def test_headings_stand_in_order_and_ids_are_one_of_a_kind(cold):
    tags = read(cold).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_guide_stands_at_each_packet_with_the_readers_values(cold):
    assert "The referral" in cold and "ask-root" in cold
    assert "`@" not in cold and "<code>@" not in cold


def test_bytes_can_be_read_without_script(cold):
    frame = (
        reading.open_reference(catalog.load_lab("dns"), "cold").run.trace.events[0].content.buffers()["frame"]
    )
    start = " ".join(f"{byte:02x}" for byte in frame[:8])
    assert f"0000  {start}" in cold


def test_fields_name_their_bytes(cold):
    buttons = [attrs for tag, attrs in read(cold).tags if tag == "button" and "data-s" in attrs]
    assert buttons and all(int(a["data-s"]) < int(a["data-e"]) for a in buttons)


def test_hostile_packets_become_text():
    text = page(
        small.hostile(), None, lambda step: f"# {small.HOSTILE}\n\n<b onclick=x>{step}</b> [a](javascript:x)"
    )
    tags = read(text).tags
    assert "b" not in {tag for tag, _ in tags}
    assert not any(key.startswith("on") for _, attrs in tags for key in attrs)
    assert "javascript:" not in "".join(str(a.get("href")) for _, a in tags)
    assert "\x1b" not in text and "\u202e" not in text and "\x07" not in text


def test_the_policy_names_the_style_and_script_that_are_there(cold):
    import base64
    import hashlib

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', cold)
    for tag in ("style", "script"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", cold, re.DOTALL)
        assert inside and policy
        assert base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode() in policy[1]


def test_an_empty_run_is_a_page():
    read(page(small.cold(), []))


def test_prose_keeps_no_link_into_other_files():
    assert to_html("See [TCP](tcp.md#a) and [the RFC](https://example.org/x).", 2) == (
        '<p>See TCP and <a href="https://example.org/x">the RFC</a>.</p>'
    )


def test_of_many_packets_those_that_begin_a_step_are_whole_and_the_page_says_so():
    found = reading.open_reference(catalog.load_lab("tcp"), "slow-start")
    view = found.view()
    rows = list(view.rows())
    assert len(rows) > MOST
    whole = chosen(rows)
    begun: set[str] = set()
    for place, row in enumerate(rows):
        fresh = {step.id for step, _ in row.steps} - begun
        begun |= fresh
        assert place in whole or not fresh
    text = page(view)
    linked = {
        a["href"]
        for tag, a in read(text).tags
        if tag == "a" and a.get("href", "").startswith("#p") and a["href"][2:].isdigit()
    }
    assert len(whole) == MOST and {f"#p{rows[place].event.id}" for place in whole} <= linked
    ids = {a["id"] for _, a in read(text).tags if "id" in a}
    assert linked <= {f"#{id}" for id in ids}  # the ladder's too
    told = f"The fields and bytes of {MOST} of these {len(rows)} packets are on this page"
    assert text.index(told) < text.index("<table>")


def test_a_short_run_is_there_whole_and_nothing_is_said_of_it(cold):
    assert "packets are on this page" not in cold
