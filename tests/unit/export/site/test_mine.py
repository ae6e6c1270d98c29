"""The site of a reader's own runs: their packets and values where there are some, the shipped captures' elsewhere."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from machinelab.export import site
from machinelab.store import runs
from tests.references import as_run
from tests.site_pages import broken, content, pages

INSTANCE = "desk"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The site of dns with two runs in it: of cold a run 7, and before it one that looks like warm; of ttl one with a knob turned."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MACHINELAB_CONTENT", str(content(tmp_path_factory.mktemp("content"), "dns")))
        patch.setenv("MACHINELAB_HOME", str(tmp_path_factory.mktemp("home")))
        older = as_run("dns", "warm", 3, INSTANCE)
        runs.write(older, replace(runs.read(older), experiment="cold"))
        as_run("dns", "cold", 7, INSTANCE)
        as_run("dns", "ttl@wait=1", 8, INSTANCE)
        as_run("dns", "nxdomain", 9)  # another instance's
        site.build(folder / "mine", mine=True, instance=INSTANCE)
        site.build(folder / "shipped", instance=INSTANCE)
    return folder


def read(built, path, site="mine"):
    return unescape((built / site / path).read_text(encoding="utf-8"))


def test_a_page_is_of_the_newest_run_of_its_instance(built):
    assert ">run 7 · 16 packets" in read(built, "experiments/dns/cold.html")
    assert ">reference ·" in read(built, "experiments/dns/warm.html")
    assert ">reference ·" in read(built, "experiments/dns/nxdomain.html")
    assert ">reference ·" in read(built, "experiments/dns/cold.html", "shipped")


def test_the_guide_lists_packets_and_says_whose_they_are(built):
    text = read(built, "guides/dns.html")
    assert re.search(r"packets of <a [^>]*>cold</a>, run 7\.", text)
    assert re.search(r"packets of <a [^>]*>warm</a>, the shipped capture\.", text)
    assert "From cold, run 7." in text
    assert "newest runs on the machine where this was written" in text
    assert "newest runs" not in read(built, "guides/dns.html", "shipped")


def test_the_worksheet_is_graded_from_them(built):
    data = json.loads(re.search(r'id="sealed">(.*?)</script>', read(built, "worksheets/dns.html"))[1])
    assert data["origin"] == "mine" and "from your newest runs" in read(built, "worksheets/dns.html")
    shipped = json.loads(
        re.search(r'id="sealed">(.*?)</script>', read(built, "worksheets/dns.html", "shipped"))[1]
    )
    assert data["questions"].keys() == shipped["questions"].keys()


def test_a_run_with_a_knob_turned_has_a_page_of_its_own(built):
    """A question turns that knob: so what the guide says of the experiment as it is stays the reference's."""
    assert ">run 8 ·" in read(built, "experiments/dns/ttl-wait-1.html")
    assert ">reference ·" in read(built, "experiments/dns/ttl.html")
    assert ">reference ·" in read(built, "experiments/dns/ttl-wait-1.html", "shipped")


def test_nothing_leads_nowhere(built):
    assert broken(pages(built / "mine")) == []
