"""A guide's Markdown as the site shows it, with content made by hand."""

from pathlib import Path

from machinelab import guide
from machinelab.render.site import prose
from machinelab.render.site.entries import Drawn, Folded, PacketList, PacketRow, Walk

WALK = Walk(
    "cold",
    "A <cold> cache",
    "experiments/dns/cold.html",
    "machinelab run dns cold",
    "2 packets",
    "run 7",
    place=1,
)
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202eevil"

TEXT = """---
title: Names
---

# Names

A *referral* and a `@cold/ask.dns.id` value, [another](tcp.md#syn), [gone](other.md), [out](https://example.test/). <!-- no -->

## Cold & "quoted"
<!-- experiment: cold -->

```packets cold ask
stale
```

```picture walk
stale
```

![The walk](pictures/dns/walk.svg)

| a | b |
| - | - |
| 1 | <b>2</b> |

## Cold & "quoted"

<div onclick="x">raw</div>

    $ dig
"""


class Content:
    def value(self, reference):
        return HOSTILE if reference.field == "dns.id" else None

    def packets(self, fence):
        row = PacketRow("1", "0.0", "a → b", "ask", "It asks.", HOSTILE, "experiments/dns/cold.html#e1")
        return PacketList(WALK, (row, Folded("ask again, ×2", (row, row))))

    def picture(self, fence):
        return Drawn("The walk", "How it goes.", "From cold, run 7.", "<svg></svg>", ("│ line",), 100, 50)

    def walk(self, line):
        return WALK if line == 9 else None

    def link(self, target):
        return target.replace(".md", ".html") if target.startswith(("tcp", "https")) else None

    def image(self, target):
        return None

    def term(self, words):
        return "../glossary.html#term-referral" if words == "referral" else None


def body():
    return prose.guide_body(guide.parse(TEXT, Path("names.md")), Content())


def test_headings_have_githubs_anchors_and_the_title_is_the_pages():
    found = body()
    assert [(h.level, h.title, h.anchor) for h in found.headings] == [
        (2, 'Cold & "quoted"', "cold--quoted"),
        (2, 'Cold & "quoted"', "cold--quoted-1"),
    ]
    assert '<h2 id="cold--quoted">' in found.html and "<h1" not in found.html and "title:" not in found.html


def test_an_experiment_stands_below_its_heading():
    after = body().html.partition("</h2>")[2]
    assert after.index("Step through cold") < after.index("<table>")
    assert "number 1 of the core path" in after and "machinelab run dns cold" in after


def test_what_came_off_a_wire_stays_text():
    html = body().html
    assert "<script" not in html and "\x1b" not in html and "\u202e" not in html
    assert r"&lt;script&gt;alert(1)&lt;/script&gt;\x1b[31m\u202eevil" in html


def test_raw_html_is_shown_and_comments_go():
    html = body().html
    assert "&lt;b&gt;2&lt;/b&gt;" in html and "&lt;div onclick=&quot;x&quot;&gt;" in html
    assert "no --" not in html and "experiment: cold" not in html


def test_links_lead_to_pages_or_become_words():
    html = body().html
    assert '<a href="tcp.html#syn">another</a>' in html and '<a href="https://example.test/">out</a>' in html
    assert "gone" in html and "other.md" not in html


def test_a_term_leads_to_the_glossary():
    assert '<a href="../glossary.html#term-referral" class="term"><em>referral</em></a>' in body().html


def test_packets_and_pictures_stand_in_place_of_their_fences():
    html = body().html
    assert "stale" not in html
    assert html.count('href="../experiments/dns/cold.html#e1"') == 3 and "3 of the packets" in html
    assert "ask again, ×2" in html and "data:image/svg+xml;base64," in html and "│ line" in html
    assert "walk.svg" not in html


def test_wide_things_can_be_scrolled_by_keyboard():
    html = body().html
    assert html.count('tabindex="0"') == html.count("<pre") + html.count('class="wide"')


def test_a_fragment_is_harmless():
    html = prose.fragment("*a* [b](x.md) <i>c</i> <!-- d -->\n\n```packets cold\ne\n```")
    assert html.startswith("<p><em>a</em> b &lt;i&gt;c&lt;/i&gt;") and " d " not in html
    assert "e\n</code></pre>" in html
