import json

from machinelab.render.site.index import Indexed, index, words

SECTIONS = [
    Indexed("a.html", "top", "The referral", "It refers.", "It refers to dns.flags.authoritative."),
    Indexed("b.html", "", "", "Refuse.", "The refusal refers."),
]


def terms(made):
    """The terms as search.js reads them."""
    found = [""]
    for text in made["terms"]:
        found.append(found[-1][: int(text[0], 36)] + text[1:])
    return found[1:]


def places(made, term):
    at, found = 0, []
    for piece in made["places"][terms(made).index(term)].split():
        at += int(piece.rstrip("!"), 36)
        found.append((at, piece.endswith("!")))
    return found


def test_words_are_fields_and_their_parts_without_those_that_tell_nothing():
    assert words("The dns.flags.rd, a TCP-SYN (x).") == {
        "dns.flags.rd",
        "dns",
        "flags",
        "rd",
        "tcp-syn",
        "tcp",
        "syn",
        "x",
    }


def test_a_term_leads_to_its_sections_and_a_heading_is_marked():
    made = json.loads(json.dumps(index(SECTIONS, [("a.html", "A"), ("b.html", "B")])))
    assert terms(made) == sorted(terms(made)) and "the" not in terms(made)
    assert places(made, "refers") == [(0, False), (1, False)]
    assert places(made, "referral") == [(0, True)]
    assert places(made, "dns.flags.authoritative") == places(made, "authoritative") == [(0, False)]
    assert made["sections"][1] == [1, "", "", "Refuse."]


def test_many_sections_and_long_terms_keep_their_places():
    text = "x" * 39
    many = [Indexed("a.html", str(n), "", "", f"{text} {text[:-1]}y") for n in range(100)]
    made = index(many, [("a.html", "A")])
    assert set(terms(made)) == {text, f"{text[:-1]}y"}
    assert [place for place, _ in places(made, text)] == list(range(100))
