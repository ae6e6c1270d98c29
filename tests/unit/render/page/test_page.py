"""The page is whole, harmless and holds what it promises. axe-core needs a browser: tests/oracle/test_page.py asks it where there is one."""

import base64
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.render.page import Sources, page
from machinelab.render.page.document import digest
from machinelab.render.page.prose import to_html
from machinelab.render.page.walk import MOST
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


def data_of(text: str) -> dict:
    """What the page's script reads."""
    found = re.search(r'<script type="application/json" class="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1])


@pytest.fixture(scope="module")
def found():
    return reading.open_reference(catalog.load_lab("dns"), "cold")


@pytest.fixture(scope="module")
def cold(found):
    return page(found.view(), None, Sources(guide_text.Sections(found, True).markdown))


def test_it_is_whole_and_loads_nothing(cold):
    tags = read(cold).tags
    loading = {"src", "srcset", "action", "data", "poster"}
    assert not any(loading & attrs.keys() for _, attrs in tags)
    assert all(a.get("href", "#").startswith(("#", "https://")) for tag, a in tags if tag == "a")
    assert sorted(a.get("type", "") for tag, a in tags if tag == "script") == ["", "application/json"]
    assert not any(key.startswith("on") for _, attrs in tags for key in attrs)


def test_headings_stand_in_order_and_ids_are_one_of_a_kind(cold):
    tags = read(cold).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_each_link_inside_leads_somewhere(cold):
    tags = read(cold).tags
    ids = {attrs["id"] for _, attrs in tags if "id" in attrs}
    inside = {a["href"][1:] for tag, a in tags if tag == "a" and a["href"].startswith("#")}
    assert len(inside) > 20 and inside <= ids


def test_the_guide_stands_at_each_packet_with_the_readers_values(cold):
    assert "The referral" in cold and "ask-root" in cold
    assert "`@" not in cold and "<code>@" not in cold


def test_each_told_packet_is_in_a_chapter_once(cold, found):
    chapters = [a["data-packets"].split() for tag, a in read(cold).tags if tag == "article"]
    told = [id for chapter in chapters for id in chapter]
    assert len(told) == len(set(told)) and found.view().steps.keys() <= set(told)


def test_what_a_step_is_about_can_be_read_without_script(cold):
    assert "<dt>dns.flags.recdesired <b>1</b></dt>" in cold
    assert re.search(r"</b></dt><dd>\S", cold)  # what no section says of them stands there


def test_fields_and_bytes_of_each_packet_are_those_that_were_dissected(cold, found):
    known = data_of(cold)
    pool = base64.b64decode(known["bytes"])
    for event in found.run.trace.events:
        packet = known["packets"][event.id]
        for name, size, *cuts in packet["b"]:
            whole = b"".join(pool[at : at + length] for at, length in zip(cuts[::2], cuts[1::2], strict=True))
            assert whole == event.content.buffers()[known["strings"][name]] and size == len(whole)
        fields = {
            (known["strings"][known["kinds"][row[0]][0]], tuple([*row, 0, 0][2:4]))
            for number in packet["f"]
            for row in known["layers"][number][2:]
            if len(row) > 1
        }
        assert ("dns.id", (42, 2)) in fields or event["dns.id"] is None


def test_hostile_packets_become_text():
    text = page(
        small.hostile(),
        None,
        Sources(lambda step: f"# {small.HOSTILE}\n\n<b onclick=x>{step}</b> [a](javascript:x) </script>"),
    )
    tags = read(text).tags
    assert [tag for tag, _ in tags].count("script") == 2
    assert not any(key.startswith("on") for _, attrs in tags for key in attrs)
    assert "javascript:" not in "".join(str(a.get("href")) for _, a in tags)
    assert "\x1b" not in text and "\u202e" not in text and "\x07" not in text
    hostile = [text for text in data_of(text)["strings"] if "evil" in text]
    assert hostile and all("<b>" in each and each.isprintable() for each in hostile)


def test_the_policy_names_the_style_and_script_that_are_there(cold):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', cold)[1].replace("&#39;", "'")
    for tag in ("style", "script"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", cold, re.DOTALL)[1]
        assert f"{tag}-src '{digest(inside)}'" in policy
    assert policy.startswith("default-src 'none'")


def test_an_empty_run_is_a_page():
    read(page(small.cold(), []))


def test_prose_keeps_no_link_into_other_files():
    assert to_html("See [TCP](tcp.md#a) and [the RFC](https://example.org/x).", 2) == (
        '<p>See TCP and <a href="https://example.org/x">the RFC</a>.</p>'
    )


def test_comments_and_footnote_marks_are_left_out_and_other_html_is_text():
    said = to_html(
        "A <b>c</b>.[^1] <!-- note -->\n\n<!-- more -->\n\n<div onclick=x>\n\n`<!-- code -->` [^2]", 2
    )
    assert "note" not in said and "more" not in said and "[^" not in said
    assert (
        "&lt;b&gt;" in said
        and "&lt;div onclick" in said
        and "<div" not in said
        and "&lt;!-- code --&gt;" in said
    )


def test_of_many_packets_those_that_begin_a_step_are_whole_and_the_page_says_so():
    view = reading.open_reference(catalog.load_lab("tcp"), "slow-start").view()
    rows = list(view.rows())
    text = page(view)
    whole = data_of(text)["packets"]
    begun: set[str] = set()
    for row in rows:
        fresh = {step.id for step, _ in row.steps} - begun
        begun |= fresh
        assert row.event.id in whole or not fresh
    assert len(whole) <= MOST < len(rows)
    told = f"The fields and bytes of {len(whole)} of these {len(rows)} packets are on this page"
    assert text.index(told) < text.index('<table class="stacked">')


def test_a_short_run_is_there_whole_and_nothing_is_said_of_it(cold):
    assert "packets are on this page" not in cold
