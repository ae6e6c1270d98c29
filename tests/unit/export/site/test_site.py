"""The site of two labs: what stands where, twice the same, and nothing that leads nowhere."""

import json
import re
from html import unescape

import pytest

from machinelab import catalog
from machinelab.errors import LabError
from machinelab.export import site
from machinelab.worksheet import prose, sealing
from machinelab.worksheet.sealing import Sealed
from tests.site_pages import broken, content, pages

LABS = ("dns", "nat")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The pages of the two labs, by their path."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MACHINELAB_CONTENT", str(content(tmp_path_factory.mktemp("content"), *LABS)))
        told = []
        result = site.build(folder / "one", tell=lambda *state: told.append(state))
        site.build(folder / "two")
    assert [state[1] for state in told] == ["1 of 2 labs", "2 of 2 labs"] and told[-1][2] == 1
    assert result.ready == 2 and result.pages == len(list((folder / "one").rglob("*.html")))
    return folder


def read(built, path):
    return (built / "one" / path).read_text(encoding="utf-8")


def test_two_builds_are_the_same_to_the_byte(built):
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (built / "one", built / "two")
    )
    assert one == two and len(one) > 30


def test_every_link_and_anchor_is_there(built):
    found = pages(built / "one")
    assert sum(len(page.links) for page in found.values()) > 500
    assert broken(found) == []


def test_a_broken_link_would_be_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html">b</a><a href="#c">c</a><a href="ftp://d">d</a><i id="e"></i><i id="e" aria-labelledby="f"></i>'
    )
    told = "\n".join(broken(pages(tmp_path)))
    assert all(
        what in told for what in ("b.html leads", "#c: no", "ftp://d leads", "id e twice", "element f")
    )


def test_nothing_is_loaded_from_elsewhere(built):
    for path in (built / "one").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in unescape(text)
        assert not re.search(r'<(?:img|script|link|iframe)[^>]+(?:src|href)="(?!data:image/svg)', text), path


def test_every_guide_is_listed_and_planned_ones_as_planned(built):
    home = read(built, "index.html")
    for entry in catalog.ENTRIES.values():
        assert entry.title.replace("'", "&#x27;") in home
    assert home.count('class="planned"') == len(catalog.ENTRIES) - len(LABS)
    paths = read(built, "paths.html")
    for progression in catalog.PROGRESSIONS:
        assert f'id="{progression.id}"' in paths


def test_a_guide_has_its_pictures_packets_values_and_experiments(built):
    text = read(built, "guides/dns.html")
    assert text.count("data:image/svg+xml;base64,") == text.count('<figure class="drawn">') > 1
    assert 'href="../experiments/dns/cold.html#e4"' in text
    assert "machinelab run dns cold" in text
    assert '<code class="value">' in text and "`@" not in text and ">@ask" not in text
    assert "<!--" not in text.replace("<!doctype", "") and "&lt;!--" not in text


def test_a_worksheet_holds_no_answer_that_can_be_read(built):
    text = read(built, "worksheets/dns.html")
    words = prose.load(catalog.worksheet_file("dns"))
    for section in words.sections.values():
        for said in (section.closing, *section.replies.values()):
            assert said.split("\n")[0] not in text
    data = json.loads(re.search(r'id="sealed">(.*?)</script>', text)[1])
    entry = data["questions"]["root-visits"]
    sealed = Sealed(entry["salt"], tuple(entry["locks"].items()), tuple(entry["said"]))
    assert json.loads(sealing.unseal(sealed, "1"))["ok"] is True
    assert json.loads(sealing.unseal(sealed, "2"))["ok"] is False
    assert sealing.unseal(sealed, "77") is None


def test_the_search_knows_headings_fields_and_experiments(built):
    data = json.loads(re.search(r'id="index">(.*?)</script>', read(built, "search.html"))[1])
    assert ["guides/dns.html", "DNS, how names resolve"] in data["pages"]
    assert {"The referral", "A name nobody has asked for (cold)"} <= {
        title for _, _, title, _ in data["sections"]
    }
    assert len(data["terms"]) == len(data["places"]) > 1000


def test_a_lab_that_cannot_be_read_stops_the_build_and_is_named(tmp_path, monkeypatch):
    folder = content(tmp_path / "content", "dns")
    (folder / "labs" / "dns").unlink()
    (folder / "labs" / "dns").mkdir()
    (folder / "labs" / "dns" / "lab.py").write_text("LAB = 1/0\n")
    monkeypatch.setenv("MACHINELAB_CONTENT", str(folder))
    with pytest.raises(LabError, match=r"lab\.py:1: division by zero"):
        site.build(tmp_path / "out")
