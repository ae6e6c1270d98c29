"""Guides: what is read from the Markdown, what is wrong with it, and weaving a reader's packets in."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from machinelab import fields as registry
from machinelab import guide as guides
from machinelab.fields import FieldType, flag, label, uint
from machinelab.guide import Fence, Guide, PictureFence, Reference

HERE = Path("guides/dns.md")

TEXT = """\
---
shelf: wire
minutes: 40
you will be able to:
  - say who asks whom
  - read a referral
know before: what an IP address is
---
# DNS, how *names* resolve

How does a name become an address?

- `dns.id`: the number that ties an answer
  to its **question**.

## A name nobody has asked for
<!-- experiment: cold -->

Everything is fetched anew, e.g. the root's address.
The query's number was `@ask-root.dns.id`.

- `dns.flags.authoritative` — nobody says so here.

### The referral <!-- step: root-refers, tld-refers -->

The *root* does not know, but [knows who](#a) does.[^1]
See `dns.count.answers` at www.example.test. And more.

- `dns.count.answers`: none …
- `dns.flags.recdesired`, `dns.flags.recavail`: set by
  nobody but `@cold/ask-root.dns.flags.recdesired[2]`
- `dig +trace`: not a field
- a plain bullet

#### What the bytes say

- `dns.count.auth_rr` – three

### The question
<!-- step: ask-root -->
<!-- step: warm/ask-root -->

Up to the top! Then down.

```packets cold ask-root..root-refers
 old line
```

## Noise <!-- background: arp, priming -->

Who has this address?

- `arp.opcode`: who asks

![topology](dns.svg)
"""

TABLE: dict[str, FieldType] = {
    "dns": label("The domain name system."),
    "dns.id": uint("A number.", digits=4),
    "dns.flags.recdesired": flag("Please do the whole work."),
    "dns.flags.recavail": flag(""),
    "dns.flags.authoritative": flag(""),
    "dns.count.answers": uint(""),
    "dns.count.auth_rr": uint("Records about who to ask."),
    "arp.opcode": uint(""),
}


@pytest.fixture(autouse=True)
def small_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "registry", lambda: TABLE)


@pytest.fixture
def dns() -> Guide:
    return guides.parse(TEXT, HERE)


def said(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in guides.parse(text, HERE).problems]


def test_a_good_guide_has_no_problems(dns: Guide) -> None:
    assert dns.problems == ()


def test_head(dns: Guide) -> None:
    assert (dns.title, dns.shelf, dns.minutes) == ("DNS, how names resolve", "wire", 40)
    assert dns.able == ("say who asks whom", "read a referral")
    assert dns.know == ("what an IP address is",)
    assert dns.intro.startswith("How does a name become an address?\n\n- `dns.id`")


def test_sections_and_their_bindings(dns: Guide) -> None:
    assert [(s.title, s.level, s.line) for s in dns.sections] == [
        ("DNS, how names resolve", 1, 9),
        ("A name nobody has asked for", 2, 16),
        ("The referral", 3, 24),
        ("What the bytes say", 4, 35),
        ("The question", 3, 39),
        ("Noise", 2, 49),
    ]
    assert set(dns.by_step) == {
        ("", "root-refers"),
        ("", "tld-refers"),
        ("", "ask-root"),
        ("warm", "ask-root"),
    }
    assert set(dns.by_background) == {"arp", "priming"}
    assert dns.by_experiment["cold"].title == "A name nobody has asked for"
    assert "<!--" not in "".join(section.text for section in dns.sections)
    assert list(guides.ids(dns)) == [
        ("experiment", "cold", 16),
        ("step", "root-refers", 24),
        ("step", "tld-refers", 24),
        ("step", "ask-root", 39),
        ("step", "warm/ask-root", 39),
        ("background", "arp", 49),
        ("background", "priming", 49),
    ]


def test_the_annotation_is_the_first_sentence_without_markdown(dns: Guide) -> None:
    assert guides.annotation(dns, "cold", "root-refers") == "The root does not know, but knows who does."
    assert guides.annotation(dns, "cold", "tld-refers") == "The root does not know, but knows who does."
    assert guides.annotation(dns, "cold", "ask-root") == "Up to the top!"
    assert guides.annotation(dns, "cold", "arp") == "Who has this address?"
    assert guides.annotation(dns, "cold", "never") == ""
    assert dns.by_experiment["cold"].sentence == "Everything is fetched anew, e.g. the root's address."


def test_a_section_of_one_experiment_goes_first() -> None:
    text = "# T\n## A <!-- step: ask -->\nFor all.\n## B <!-- step: warm/ask -->\nFor warm.\n"
    guide = guides.parse(text, HERE)
    assert [guides.annotation(guide, e, "ask") for e in ("cold", "warm")] == ["For all.", "For warm."]
    found = guides.section(guide, "warm", "ask")
    assert found is not None
    assert (found.title, found.text) == ("B", "For warm.")
    assert guides.section(guide, "warm", "other") is None


@pytest.mark.parametrize(
    ("paragraph", "sentence"),
    [
        ("One. Two.", "One."),
        ("It is v. 4.4.1 here. Two.", "It is v. 4.4.1 here."),
        ("See RFC 1035, i.e. The One. Two.", "See RFC 1035, i.e. The One."),
        ("Is it “so?” Yes.", "Is it “so?”"),
        ("(All of it.) More.", "(All of it.)"),
        ("No end", "No end"),
        ("It waits … and then\ngoes on. Two.", "It waits … and then goes on."),
        ("`a.b`  and **c**<br>. Two", "a.b and c."),
        ("Two names, a.test. and b.test, differ. Two.", "Two names, a.test. and b.test, differ."),
    ],
)
def test_first_sentences(paragraph: str, sentence: str) -> None:
    guide = guides.parse(f"# T\n## H <!-- step: s -->\n{paragraph}\n", HERE)
    assert guides.annotation(guide, "", "s") == sentence


def test_meanings(dns: Guide) -> None:
    def of(step: str, field: str, experiment: str = "cold") -> str:
        return guides.meaning(dns, experiment, step, field)

    assert of("root-refers", "dns.count.answers") == "none …"
    assert of("root-refers", "dns.count.auth_rr") == "three"  # from the heading below it
    assert of("tld-refers", "dns.flags.recavail").startswith("set by nobody but")
    assert of("ask-root", "dns.flags.recdesired") == "Please do the whole work."  # the registry's
    assert of("ask-root", "dns.id") == "the number that ties an answer to its question."
    assert of("ask-root", "dns.flags.authoritative") == "nobody says so here."
    assert of("ask-root", "dns.flags.authoritative", "warm") == ""
    assert of("arp", "arp.opcode") == "who asks"
    assert guides.own_meaning(dns, "cold", "ask-root", "dns.flags.recdesired") == ""
    assert of("ask-root", "no.such.field") == ""


def test_words_are_what_renderers_ask_for(dns: Guide) -> None:
    words = guides.words(dns, "cold")
    assert words.sentence("root-refers") == "The root does not know, but knows who does."
    assert (words.heading("root-refers"), words.heading("nothing")) == ("The referral", "")
    assert words.meaning("", "dns.id") == "the number that ties an answer to its question."
    assert words.meaning("ask-root", "dns.count.auth_rr") == ""


def test_references_fences_links(dns: Guide) -> None:
    assert dns.references == (
        Reference("@ask-root.dns.id", "cold", "ask-root", "dns.id", 1, 20, 23, 41),
        Reference(
            "@cold/ask-root.dns.flags.recdesired[2]",
            "cold",
            "ask-root",
            "dns.flags.recdesired",
            2,
            31,
            13,
            53,
        ),
    )
    assert dns.fences == (Fence("cold", (("ask-root", "root-refers"),), 45, 47, " old line\n"),)
    assert [(link.target, link.line) for link in dns.links] == [("#a", 26), ("dns.svg", 55)]


def test_prose_is_without_code_and_front_matter(dns: Guide) -> None:
    prose = dict(dns.prose())
    assert 2 not in prose
    assert 46 not in prose
    assert prose[11] == "How does a name become an address?"
    assert prose[55] == "![topology](dns.svg)"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("No heading.", 1, "The guide has no title."),
        ("---\nminutes: 5\n# T", 1, "The front matter has no end."),
        ("---\nshelf: wire\nminutes: [\n---\n# T", 3, "The front matter is not YAML"),
        ("---\n- a\n---\n# T", 1, "The front matter is no table."),
        ("---\nminutes: long\n---\n# T", 1, "minutes is 'long'."),
        ("---\nminuets: 5\n---\n# T", 1, "The front matter does not know 'minuets'."),
        ("# T\n## A <!-- step: Ask Root -->\nX.", 2, "'Ask Root' is no step's id."),
        ("# T\n## A <!-- experiment: cold/ask -->\nX.", 2, "'cold/ask' is no experiment's id."),
        ("# T\n## A <!-- steps: ask -->\nX.", 2, "A heading cannot be bound to a 'steps'."),
        ("# T\n## A\n\nX.\n\n<!-- step: ask -->", 6, "This comment is bound to no heading."),
        ("# T\n## A\n\nX. <!-- step: ask -->", 4, "This comment is bound to no heading."),
        ("<!-- step: ask -->\n\n# T", 1, "This comment is bound to no heading."),
        ("# T\n## A <!-- step: ask -->\n\n## B", 2, "“A” says nothing."),
        (
            "# T\n## A <!-- step: ask -->\nX.\n## B <!-- step: ask -->\nX.",
            4,
            "step ask has a section on line 2 already.",
        ),
        ("# T\n\nX.\n- `dns.idd`: x", 4, "There is no field 'dns.idd'."),
        ("# T\n- `dns.id`: x\n- `dns.id`: y", 3, "dns.id is explained on line 2 already."),
        ("# T\n\nA\nB `@ask` C", 4, "'@ask' is no value reference."),
        ("# T\n\nA `@ask.dns.idd`", 3, "There is no field 'dns.idd'."),
        ("# T\n## A <!-- step: ask -->\nIt was `@ask.dns.id` then. Two.", 3, "A section's first sentence"),
        ("# T\n```packets\n```", 2, "'packets' does not say which packets."),
        ("# T\n\n```packets cold a, , b\n```", 3, "'packets cold a, , b' does not say which packets."),
        ("# T\n\n```packets cold a..b..c\n```", 3, "'packets cold a..b..c' does not say which packets."),
    ],
)
def test_problems_have_their_line(text: str, line: int, message: str) -> None:
    found = said(text)
    assert len(found) == 1, found
    assert found[0][0] == line
    assert found[0][1].startswith(message)
    assert all(problem.fix for problem in guides.parse(text, HERE).problems)


def test_a_fence_names_several_stretches_of_steps() -> None:
    (fence,) = guides.parse("# T\n\n```packets cold ask, tell..told,bye\n```\n", HERE).fences
    assert fence.steps == (("ask", "ask"), ("tell", "told"), ("bye", "bye"))
    assert fence.named == ("ask", "tell", "told", "bye")


def test_all_problems_are_told() -> None:
    assert len(said("# T\n- `dns.idd`: x\n- `dns.x`: y\n\n`@a`\n\n```packets\n```")) == 4


def test_what_only_looks_like_a_field_is_no_problem() -> None:
    text = "# T\n- `unbound.conf`: a file\n- `dig`: a command\n- `dns.idd` is not explained here\n- `dns`: the protocol\n<!-- TODO: more -->"
    guide = guides.parse(text, HERE)
    assert guide.problems == ()
    assert guides.meaning(guide, "", "", "dns") == "the protocol"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    missing = guides.load(tmp_path / "none.md")
    assert [problem.message for problem in missing.problems] == ["There is no guide."]
    assert guides.annotation(missing, "cold", "ask") == ""
    (tmp_path / "latin.md").write_bytes(b"# T\xe9")
    assert "cannot be read" in guides.load(tmp_path / "latin.md").problems[0].message


class Own:
    def __init__(self, value: str | None = None, packets: Sequence[str] | None = None) -> None:
        self._value, self._packets = value, packets

    def value(self, reference: Reference) -> str | None:
        return self._value and f"{self._value}:{reference.index}"

    def packets(self, fence: Fence) -> Sequence[str] | None:
        return self._packets

    def picture(self, fence: PictureFence) -> Sequence[str] | None:
        return self._packets

    def image(self, fence: PictureFence) -> str | None:
        return f"![{fence.id}](pictures/{fence.file}.svg)"


def test_weaving(dns: Guide) -> None:
    woven = guides.substitute(dns, Own("0x1a2b", ["1 a", "2 b", "3 c"]))
    assert "The query's number was `0x1a2b:1`.\n" in woven
    assert "nobody but `0x1a2b:2`\n" in woven
    assert "```packets cold ask-root..root-refers\n1 a\n2 b\n3 c\n```\n\n## Noise" in woven
    again = guides.parse(woven, HERE)
    assert [(s.title, s.steps) for s in again.sections] == [(s.title, s.steps) for s in dns.sections]
    assert guides.substitute(again, Own(None, [" old line"])) == TEXT.replace(
        "`@ask-root.dns.id`", "`0x1a2b:1`"
    ).replace("`@cold/ask-root.dns.flags.recdesired[2]`", "`0x1a2b:2`")


def test_references_in_what_a_field_means_are_filled_in() -> None:
    text = "# T\n\n- `dns.id`: first `@cold/ask.dns.id`, then `@cold/ask.dns.id[2]`; not @me.dns.id\n"
    guide = guides.parse(text, HERE)
    assert (
        guides.words(guide, "cold", Own("7")).meaning("", "dns.id") == "first 7:1, then 7:2; not @me.dns.id"
    )
    hostile = guides.words(guide, "cold", Own("@cold/ask.dns.id")).meaning("", "dns.id")
    assert hostile == "first @cold/ask.dns.id:1, then @cold/ask.dns.id:2; not @me.dns.id"
    for nowhere in (None, Own()):
        said = guides.words(guide, "cold", nowhere).meaning("", "dns.id")
        assert said == "first dns.id of ask, then dns.id of ask; not @me.dns.id"


def test_nothing_to_weave_changes_nothing(dns: Guide) -> None:
    assert guides.substitute(dns, Own()) == TEXT


def test_a_fence_in_a_list_keeps_its_place() -> None:
    text = "# T\n\n- a\n\n  ```packets cold\n  old\n  ```\n- b\n"
    assert guides.substitute(guides.parse(text, HERE), Own(None, ["new"])) == text.replace("  old", "  new")


def test_a_value_in_a_table_stays_in_its_cell() -> None:
    guide = guides.parse("# T\n\n| a | b |\n| - | - |\n| x | `@ask.dns.id` |\n", HERE)
    assert guides.substitute(guide, Own("1|2")).endswith("| x | `1\\|2:1` |\n")


HOSTILE = st.text(st.sampled_from("`~|*_<>[]()#\n\r\x1b\x00\u202e\u2028 \\@!-ab"), max_size=30)


@given(HOSTILE | st.text(max_size=30))
def test_a_value_cannot_leave_its_code_span(value: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"before {guides.code(value)} after")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    pieces = tokens[1].children or []
    assert [piece.type for piece in pieces] == ["text", "code_inline", "text"]
    if value.strip():
        assert pieces[1].content == guides.visible(value)


@given(st.lists(HOSTILE, max_size=6))
def test_packets_cannot_leave_their_fence(packets: list[str]) -> None:
    registry_free = guides.parse("# T\n\n```packets cold\n```\n\nafter\n", HERE)
    tokens = MarkdownIt("commonmark").parse(guides.substitute(registry_free, Own(None, packets)))
    assert [t.type for t in tokens if t.level == 0 and t.nesting >= 0] == [
        "heading_open",
        "fence",
        "paragraph_open",
    ]
    fence = next(token for token in tokens if token.type == "fence")
    assert fence.content.split("\n")[:-1] == [guides.visible(line).rstrip() for line in packets]


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    guide = guides.parse(text, HERE)
    assert guides.substitute(guide, Own()) == guide.text


OF_TWO = """\
# T

## One <!-- experiment: one -->
The number was `@ask.dns.id`.

```packets one a
old
```

## Two <!-- experiment: two -->
And `@answer.dns.id`.

```packets two b
old
```
"""


def test_a_part_of_the_guide_asks_for_nothing_that_the_rest_speaks_of() -> None:
    guide = guides.parse(OF_TWO, HERE)
    asked: list[str] = []

    class Resolve:
        def value(self, reference: Reference) -> str | None:
            asked.append(reference.step)
            return "7"

        def packets(self, fence: Fence) -> list[str] | None:
            asked.append(fence.experiment)
            return ["a", "b", "c"]

        def picture(self, fence: PictureFence) -> None:
            asked.append(fence.id)

        def image(self, fence: PictureFence) -> None:
            asked.append(fence.id)

    first, second = (guide.by_experiment[id] for id in ("one", "two"))
    parts = [guides.substitute(guide, Resolve(), range(first.line, second.line))]
    assert set(asked) == {"one", "ask"}
    asked.clear()
    parts.append(guides.substitute(guide, Resolve(), range(second.line, len(guide.text.split("\n")) + 1)))
    assert set(asked) == {"two", "answer"}
    assert guides.substitute(guide, Resolve()) == "\n".join(["# T", "", *parts])


PICTURED = "# T\n\n```picture walk cold\nold\n```\n\n## S\n\n```picture map\n```\n\n![m](pictures/x/map.svg)\n\nEnd.\n"


def test_pictures_are_found_drawn_anew_and_given_an_image() -> None:
    guide = guides.parse(PICTURED, HERE)
    walk, map_ = guide.pictures
    assert (walk.id, walk.experiment, walk.file, walk.line, walk.last_line, walk.image) == (
        "walk", "cold", "walk-cold", 3, 5, 0,
    )  # fmt: skip
    assert (map_.file, map_.image) == ("map", 12)
    woven = guides.substitute(guide, Own(None, ["new", "er"]))
    assert woven == (
        "# T\n\n```picture walk cold\nnew\ner\n```\n\n![walk](pictures/walk-cold.svg)\n\n## S\n\n"
        "```picture map\nnew\ner\n```\n\n![map](pictures/map.svg)\n\nEnd.\n"
    )
    again = guides.parse(woven, HERE)
    assert guides.substitute(again, Own(None, ["new", "er"])) == woven


def test_a_section_has_its_picture_drawn_and_no_image() -> None:
    guide = guides.parse(PICTURED, HERE)
    text = guides.substitute_section(guide, guide.sections[-1], Own(None, ["new"]))
    assert "```picture map\nnew\n```" in text and "![" not in text and "End." in text


def test_a_picture_fence_that_names_none_is_told_of() -> None:
    assert "which picture" in guides.parse("# T\n\n```picture\n```\n", HERE).problems[-1].message
