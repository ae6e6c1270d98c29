"""The site of all labs in a real browser: every link, each page judged by axe-core, worksheets answered as the terminal grades them."""

import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.errors import UsageError
from machinelab.export import site
from machinelab.worksheet import prose
from machinelab.worksheet.session import Session
from tests.oracle.test_page import BRIEF, CHROMIUM, listen
from tests.site_pages import broken, pages

pytestmark = [pytest.mark.oracle, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]
VIEWS = ((400, "light"), (400, "dark"), (1280, "light"), (1280, "dark"), (1920, "light"))
OWN = ("index", "paths", "search", "machines", "glossary")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    site.build(folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


def test_every_link_and_anchor_of_the_whole_site_is_there(built):
    assert broken(pages(built)) == []


@pytest.mark.parametrize(
    "path",
    [f"{name}.html" for name in OWN]
    + [f"{folder}/{lab}.html" for lab in catalog.ready() for folder in ("guides", "worksheets")],
)
def test_each_page_is_accessible_and_fits(browser, built, path):
    all_views = path in ("index.html", "guides/dns.html", "worksheets/dns.html")
    for width, scheme in VIEWS if all_views else VIEWS[1:3]:
        assert_good(browser, built / path, width, scheme)


@pytest.mark.parametrize("lab", catalog.ready())
def test_each_page_of_an_experiment_is_accessible_and_fits(browser, built, lab):
    """Each in one of the views, the next one in the next: all of a lab's pages are made by the same templates."""
    pages_of = sorted((built / "experiments" / lab).glob("*.html"))
    assert len(pages_of) >= len(catalog.load_lab(lab).experiments)
    for path, (width, scheme) in zip(pages_of, cycle(VIEWS)):
        assert_good(browser, path, width, scheme)


def assert_good(browser, path, width, scheme):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    said = listen(page)
    page.goto(path.as_uri())
    if page.locator("[data-do=next]").count():
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, width, scheme)
    judged = Axe().run(page, options=BRIEF).response
    assert [(found["id"], found["nodes"][0]["html"]) for found in judged["violations"]] == [], path
    assert len(judged["passes"]) > 20 and said == []
    context.close()


def test_the_search_finds_leads_and_says_what_it_does_not_find(browser, built):
    page = browser.new_page()
    said = listen(page)
    page.goto((built / "guides" / "tls.html").as_uri())
    page.fill("header input[name=q]", "the root refers")
    page.press("header input[name=q]", "Enter")
    page.wait_for_url("**/search.html?q=the+root+refers")
    first = page.locator("#results li a").first
    assert page.text_content("#found").endswith("places.")
    first.click()
    assert "guides/dns.html#" in page.url
    page.goto((built / "search.html").as_uri())
    page.fill("#words", "dns.flags.recdes")
    assert "guides/dns.html" in page.locator("#results li a").first.get_attribute("href")
    page.fill("#words", "zzzzzz")
    assert page.text_content("#found") == "Nothing has all of these words."
    assert said == []
    page.close()


def replies_to(grader):
    """Replies of every kind that the terminal reads: right ones, wrong ones, and such as are none."""
    from machinelab.worksheet import sealing

    yield from (
        "",
        "?!",
        "7",
        "0x10",
        "3 packets",
        "1,024",
        "0.3 s",
        "300 ms",
        "-2",
        "b",
        "no",
        "Yes",
        "#2",
        "packet 999999",
    )
    for outcome in sealing.outcomes(grader):
        form = outcome.forms[0]
        yield form if sealing.kind(grader) not in ("measured", "near") else str(grader.answer)
        yield form.upper()
    if isinstance(grader.answer, int | float):
        yield from (
            f"about {grader.answer}",
            f"{grader.answer} ms",
            f"{float(grader.answer) * 1000} ms",
            f"{grader.answer * 1.04:.4f}",
        )
    if isinstance(grader.answer, str) and not grader.section.choices:
        yield f" '{grader.answer}.' "


@pytest.mark.parametrize("lab", catalog.ready())
def test_a_worksheet_grades_in_the_page_as_the_terminal_does(browser, built, lab):
    opened = catalog.load_lab(lab)
    session = Session(
        opened, prose.load(catalog.worksheet_file(lab)), lambda name: reading.open_recorded(opened, name)
    )
    page = browser.new_page()
    said = listen(page)
    page.goto((built / "worksheets" / f"{lab}.html").as_uri())
    done = 0
    for question in session.questions:
        if session.obstacle(question):
            assert page.locator(f"#{question.id} button").count() == 0
            continue
        grader, right = session.grader(question), False
        for reply in dict.fromkeys(replies_to(grader)):
            expected = graded(grader, reply)
            told = answered(
                page, question.id, reply, bool(grader.section.choices) and question.kind != "order"
            )
            if told is None:  # there is no such button
                continue
            assert verdict(told) == expected, (question.id, reply, told)
            right = right or expected == "right"
        assert right, question.id
        done += 1
    assert page.text_content("#standing") == f"{done} of {done} right."
    page.reload()
    assert page.text_content("#standing") == f"{done} of {done} right."
    assert said == []
    page.close()


def graded(grader, reply):
    try:
        return "right" if grader.grade(reply).ok else "wrong"
    except UsageError:
        return "no answer"


def verdict(told):
    return "right" if told.startswith("Right") else "wrong" if told.startswith("Not that") else "no answer"


def answered(page: Page, id: str, reply: str, choices: bool) -> str | None:
    form = page.locator(f"form#{id}")
    if choices:
        button = form.locator(f"input[value={reply}]") if re.fullmatch("[a-z]", reply) else None
        if button is None or not button.count():
            return None
        button.check()
    else:
        form.locator("input[name=reply]").fill(reply)
    form.locator("button").click()
    return (form.locator(".reply").text_content() or "").strip()


def test_a_right_answer_leads_to_its_packets_and_a_wrong_one_has_its_own_reply(browser, built):
    page = browser.new_page()
    page.goto((built / "worksheets" / "dns.html").as_uri())
    told = answered(page, "root-visits", "2", False)
    assert "It starts at the closest zone whose servers it knows." in told
    told = answered(page, "root-visits", "1", False)
    assert "the referral to test is in the cache" in told
    page.locator("#root-visits .reply a").first.click()
    assert "experiments/dns/cname.html" in page.url
    page.close()


def test_pages_read_without_script(browser, built):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built / "worksheets" / "dns.html").as_uri())
    assert "needs the page's script" in page.text_content("#standing")
    page.goto((built / "search.html").as_uri())
    assert "Search needs its script" in page.text_content("#found")
    context.close()
