"""The exported page in a real browser, judged by axe-core: where there is a Chromium."""

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.export import writing

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.oracle, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]
BRIEF = {"resultTypes": ["violations"]}  # no account of every byte that is right
CELL = 46  # bytes and their characters stand in rows of sixteen each: byte 30, of an IPv4 destination
PAGES = (("dns", "cold", "root-refers", 0), ("wal", "pages", "commit-records", 1))
RIVER = ("kafka", "produce", "→", 1)  # which of its steps comes second is the brokers' own affair
VIEWS = ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.mark.parametrize(
    ("lab", "experiment", "told_second", "figures", "width", "scheme"),
    [(*page, *view) for page in PAGES for view in VIEWS] + [(*RIVER, *VIEWS[1])],
)
def test_the_page_is_accessible_fits_and_answers(
    browser, lab, experiment, told_second, figures, width, scheme, tmp_path
):
    file = tmp_path / f"{experiment}.html"
    writing.export(reading.open_reference(catalog.load_lab(lab), experiment), file)
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    try:
        page = context.new_page()
        said = listen(page)
        page.goto(file.as_uri())
        _steps_and_bytes(page, lab, told_second)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        heights = page.eval_on_selector_all(
            "figure svg.chart", "all => all.map(x => x.getBoundingClientRect().height)"
        )
        assert len([height for height in heights if height > 100]) == figures
        assert said == []
        judged = Axe().run(page, options=BRIEF).response
        assert [found["id"] for found in judged["violations"]] == [] and len(judged["passes"]) > 30
    finally:
        context.close()


def listen(page: Page) -> list[str]:
    """What the page says on its console, what goes wrong in it, and what it asks for that is not a file."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith("file:") else said.append(asked.url))
    return said


def _steps_and_bytes(page: Page, lab: str, told_second: str) -> None:
    page.click("[data-do=next]")
    page.click("[data-do=next]")
    assert told_second in (page.text_content(".transport output") or "")
    page.locator(".packet .hex i").nth(CELL).click()
    pressed = page.locator(".packet [aria-pressed=true]").all_text_contents()
    # A record of the log has no field at that byte; a packet has its destination there.
    assert lab == "wal" or pressed[0].startswith("ip.dst")


def test_a_page_runs_under_its_own_policy(browser, tmp_path):
    """Without the tests' bypass: the page's own script is let through by its policy, and nothing else is asked for."""
    file = tmp_path / "cold.html"
    writing.export(reading.open_reference(catalog.load_lab("dns"), "cold"), file)
    page = browser.new_page()
    said = listen(page)
    page.goto(file.as_uri())
    _steps_and_bytes(page, "dns", "root-refers")
    assert said == []
    page.close()
