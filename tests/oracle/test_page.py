"""The exported page in a real browser, stepped through, and judged by axe-core: where there is a Chromium."""

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
VIEWS = ((400, "light"), (400, "dark"), (1280, "light"), (1920, "dark"))


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
        if figures:
            _beside(page, "plates")
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
    _closely(page)
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


def _closely(page: Page) -> None:
    """Has the fields and bytes in sight."""
    _beside(page, "packet")


def _beside(page: Page, which: str) -> None:
    """Has pictures, or fields and bytes, beside the text: on all but the widest screens a button asks for them."""
    button = page.locator(f"[data-beside={which}]")
    if button.is_visible() and button.get_attribute("aria-pressed") != "true":
        button.click()


@pytest.fixture(scope="module")
def cold(tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("page") / "cold.html"
    writing.export(reading.open_reference(catalog.load_lab("dns"), "cold"), file)
    return file.as_uri()


@pytest.fixture
def page(browser, cold) -> Iterator[Page]:
    found = browser.new_page(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", bypass_csp=True
    )
    found.goto(cold)
    yield found
    found.close()


HERE = "e => [...document.querySelectorAll(e)].map(x => x.dataset.packets || x.dataset.event || x.dataset.packet)"
ARRIVED = """() => {
  const mover = document.querySelector('.mover').getBoundingClientRect(), x = mover.x + mover.width / 2, y = mover.y + mover.height / 2;
  return [...document.querySelectorAll('.actor')].filter(actor => {
    const box = actor.getBoundingClientRect();
    return box.left - 2 <= x && x <= box.right + 2 && box.top - 2 <= y && y <= box.bottom + 2;
  }).map(actor => actor.dataset.node);
}"""


def test_everything_is_in_step_with_the_keys(page):
    page.keyboard.press("ArrowRight")
    assert page.evaluate(HERE, ".chapter.here") == ["4"]
    assert page.evaluate(HERE, ".ladder .here") == ["4"]
    assert page.evaluate(HERE, "tr.here") == ["4"]
    assert page.evaluate(ARRIVED) == ["root"]  # motion is reduced: it is there at once
    first = page.inner_html(".plate")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(ARRIVED) == ["resolver"] and page.inner_html(".plate") != first
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(HERE, ".chapter.here") == ["4"] and page.inner_html(".plate") == first
    assert "4: resolver → root, ask-root" in (page.text_content("[aria-live]") or "")


def test_the_packet_travels_where_motion_is_welcome(browser, cold):
    page = browser.new_page(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page.goto(cold)
    page.wait_for_function(f"({ARRIVED})().join() === 'resolver'")  # where the first packet goes
    page.evaluate(
        f"""() => {{ window.seen = []; const arrived = {ARRIVED};
        new MutationObserver(() => seen.push(arrived().join())).observe(document.querySelector('.mover'), {{attributes: true}}); }}"""
    )
    page.keyboard.press("ArrowRight")
    page.wait_for_function("seen.at(-1) === 'root'")
    assert page.evaluate("seen[0]") == "resolver"
    page.close()


def test_scrolling_through_the_prose_goes_from_step_to_step(page):
    first = page.evaluate(HERE, ".chapter.here")
    page.mouse.move(200, 600)
    page.mouse.wheel(0, 1500)
    page.wait_for_function(f"({HERE})('.chapter.here').join() !== {first[0]!r}")
    assert page.evaluate(HERE, ".chapter.here") != first
    assert page.text_content("[aria-live]") == ""  # who scrolls is not talked to


def test_it_plays_until_it_is_stopped(page):
    page.select_option("[data-do=speed]", "0.6")
    page.click("[data-do=play]")
    page.wait_for_function(f"({HERE})('.chapter.here').join() === '5'")
    page.click("[data-do=play]")
    assert page.get_attribute("[data-do=play]", "aria-pressed") == "false"


def test_a_byte_tells_its_field_by_keyboard(page):
    _closely(page)
    page.focus(".hex")
    for _ in range(CELL - 15):
        page.keyboard.press("ArrowRight")
    assert page.locator(".packet [aria-pressed=true] .n").all_text_contents() == ["ip.dst"]
    assert page.evaluate(HERE, ".chapter.here") == ["1"]  # the arrow keys were the bytes' alone
    assert "byte 30: ip.dst" in (page.text_content("[aria-live]") or "")


def test_every_packet_can_be_stopped_at(page):
    page.select_option("[data-do=stops]", "all")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(HERE, "tr.here") == ["2"]


def test_it_reads_without_its_script(browser, cold):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 400, "height": 800})
    page = context.new_page()
    page.goto(cold)
    assert page.is_visible(".map svg") and page.is_visible(".ladder") and page.is_visible(".plate svg")
    assert not page.is_visible(".transport") and page.is_visible("#p5 >> text=The referral")
    assert page.is_visible("#p5 dl.about") and page.is_visible("tr#e16")
    context.close()


def test_it_prints_whole(page):
    page.emulate_media(media="print")
    assert not page.is_visible(".transport") and not page.is_visible(".packet")
    assert page.is_visible(".ladder") and page.is_visible(".plate svg") and page.is_visible("#p16")


SHOWN = "() => [...document.querySelectorAll('.moment.here, .moment.later')].map(x => x.classList.contains('here') ? 'here' : 'later')"


def test_lanes_and_plots_over_time_follow_the_step(browser, tmp_path):
    for lab, experiment in (("kafka", "leader-killed"), ("tcp", "slow-start")):
        file = tmp_path / f"{experiment}.html"
        writing.export(reading.open_reference(catalog.load_lab(lab), experiment), file)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page.goto(file.as_uri())

        def place(page=page):
            return page.get_attribute(".cursor", "transform") if page.locator(".cursor").count() else None

        before, line = page.evaluate(SHOWN), place()
        for _ in range(12):
            page.keyboard.press("ArrowRight")
        after = page.evaluate(SHOWN)
        if lab == "kafka":
            assert after.count("here") == page.locator("svg:has(.moment)").count() and after.count(
                "later"
            ) < before.count("later")
        else:
            assert line and place() != line
        page.close()


def test_a_ladder_that_is_folded_marks_the_line_that_holds_the_packet(browser, tmp_path):
    file = tmp_path / "slow-start.html"
    writing.export(reading.open_reference(catalog.load_lab("tcp"), "slow-start"), file)
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(f"{file.as_uri()}#e16")
    assert "16" in page.locator(".ladder .here").get_attribute("data-more").split()
    assert page.locator(".ladder .rung").count() < 150
    page.close()
