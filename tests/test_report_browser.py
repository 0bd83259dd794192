"""The report in headless Chromium, opened from disk: by mouse, by keyboard, on a phone; it stays offline."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, REASON, launched
from reports import AREAS, DRAFT, analysis_of, dataset_of, three

from pipeline.report import write_report

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=REASON),
]
PHONE = {"width": 390, "height": 844}
PATIENCE = 20_000  # milliseconds: a busy machine is slow to draw, and waiting costs nothing when it is not


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        opened = launched(play)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    made = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce"
    )
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    return write_report(three(folder), folder / "report.html", area_names=AREAS)[0]


@pytest.fixture
def page(context: Any, report: Path) -> Iterator[Any]:
    """The report; what goes wrong in it and what it asks the network for must stay empty."""
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda e: wrong.append(str(e)))
    opened.on("request", lambda r: wrong.append(r.url) if not r.url.startswith(("file:", "blob:", "data:")) else None)
    opened.on("dialog", lambda d: wrong.append(d.message))
    opened.goto(report.as_uri())
    yield opened
    assert opened.evaluate("window.hacked") is None
    assert wrong == []


def go(page: Any, route: str) -> None:
    """Goes to a route and waits until the page has followed."""
    page.evaluate(
        "route => new Promise(done => { addEventListener('hashchange', done, { once: true }); location.hash = route; })"
        ".then(() => true)",
        route,
    )


def expect(place: Any) -> Any:
    """What must hold of a place within the time of `PATIENCE`: a link changes the address first and the page after it."""
    sync_api.expect.set_options(timeout=PATIENCE)
    return sync_api.expect(place)


def says(page: Any, selector: str, *words: str) -> None:
    """Waits until the elements of a selector say exactly these words, one string each."""
    expect(page.locator(selector)).to_have_text(list(words), use_inner_text=True)


def shows(page: Any, selector: str, *words: str) -> None:
    """Waits until an element holds all of these words."""
    for word in words:
        expect(page.locator(selector)).to_contain_text(word, use_inner_text=True)


def counts(page: Any, selector: str, number: int) -> None:
    expect(page.locator(selector)).to_have_count(number)


def focused(page: Any, name: str) -> None:
    expect(page.locator(f"#{name}")).to_be_focused()


def wide(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_the_overview_draws_its_charts_and_finds_documents(page: Any) -> None:
    page.wait_for_selector(".chart svg")
    expect(page.locator(".chart svg").nth(2)).to_be_visible()
    expect(page.locator(".chart").first).to_have_attribute("aria-label", re.compile("^Chart: Firmness"))
    page.fill("#m-search", "final")
    counts(page, "#map tbody tr:visible", 1)
    says(page, "#m-count", "1 of 3 documents")
    page.fill("#m-search", "")
    page.select_option("#m-order", "new")
    expect(page.locator("#map tbody tr").last).to_have_attribute("data-key", "draft")


def test_a_cell_of_the_heat_map_leads_to_its_passages(page: Any) -> None:
    page.locator("tr[data-key=draft] a.cell").last.click()
    says(page, "#d-count", "2 of 3 passages on Maritime Security")
    counts(page, "#d-text .p:visible", 2)
    says(page, "#d-text .ev.on:visible", "ports", "ports")
    page.click("#d-form button[type=reset]")
    says(page, "#d-count", "3 passages")
    page.select_option("#d-obligation", "committed")
    counts(page, "#d-text .p:visible", 1)
    says(page, "#d-text .h:visible", "First part")


def test_evidence_of_a_commitment_and_its_citation(page: Any) -> None:
    go(page, "#doc/draft")
    page.click("#c1")
    says(page, "#e-h", "committed: watch")
    shows(page, "#e-facts", "We", "modal")
    assert {"We", "will", "watch"} <= {text.strip() for text in page.locator("#d-text .on-c").all_inner_texts()}
    page.click("#e-copy")
    says(page, "#e-copied", "Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("passage 2: “We will watch orbits every day of the year.”") and "2026-01-02" in copied
    page.click("#e-after")
    says(page, "#e-h", "intended: hold")
    page.keyboard.press("Escape")
    expect(page.locator("#d-evidence")).to_be_hidden()
    page.click("#p0 .pin")
    shows(page, "#e-facts", "probability 0.93", "words: ports")
    page.click("#p2 .pin")
    shows(page, "#e-facts", "European Union (EU)", "dialogue, set up")


def test_documents_follow_one_another(page: Any) -> None:
    go(page, "#doc/draft")
    expect(page.locator("#d-before")).to_be_hidden()
    page.click("#d-after")
    says(page, "#doc-h", "Final")
    expect(page).to_have_title("Final · Pactscope report")
    focused(page, "doc-h")
    page.go_back()
    says(page, "#doc-h", "Draft")


def test_commitments_are_searched_filtered_sorted_and_saved(page: Any) -> None:
    go(page, "#commitments")
    says(page, "#c-count", "7 commitments")
    page.fill("#c-search", "orbits")
    says(page, "#c-count", "2 commitments of 7")
    counts(page, "#c-table mark", 2)
    page.click("#c-form button[type=reset]")
    page.select_option("#c-obligation", "committed")
    page.select_option("#c-area", "space")
    page.select_option("#c-party", "EU")
    page.locator("#c-table thead button").nth(1).click()
    shows(page, "#c-table th[aria-sort=ascending]", "Statement")
    page.locator("#c-table thead button").nth(1).click()
    shows(page, "#c-table tbody tr:first-child", "second day")
    with page.expect_download() as saved:
        page.click("#c-save")
    lines = Path(saved.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[0].startswith('"key","citation","text"') and lines[1].startswith('"final"')
    page.locator("#c-table tbody a").first.click()
    says(page, "#e-h", "committed: watch")


def test_cells_that_look_like_formulas_are_saved_as_text(context: Any, tmp_path: Path) -> None:
    data = dataset_of(tmp_path, [analysis_of("=1+1", ["We will guard ports."], title="=HYPERLINK(1)")])
    path = write_report(data, tmp_path / "r.html", area_names=AREAS)[0]
    opened = context.new_page()
    opened.goto(path.as_uri() + "#commitments")
    with opened.expect_download() as saved:
        opened.click("#c-save")
    assert Path(saved.value.path()).read_text("utf-8-sig").splitlines()[1].startswith('"\'=1+1"')


def test_two_documents_beside_each_other(page: Any) -> None:
    go(page, "#compare/draft/final")
    says(page, "#p-count", "1 the same, 1 changed, 1 only left, 1 only right")
    says(page, "#p-rows .reworded ins", "second")
    counts(page, "#p-rows .reworded del", 0)
    page.click("#p-swap")
    page.wait_for_url("**#compare/final/draft")
    says(page, "#p-rows .reworded del", "second")
    page.select_option("#p-show", "a")
    counts(page, "#p-rows .pair", 1)
    shows(page, "#p-rows", "refuse")


def test_hostile_text_is_shown_as_text(page: Any) -> None:
    for title in page.locator("#map tbody th a").all_inner_texts():
        assert "<script>" in title or title in ("Draft", "Final")
    page.locator("#map tbody th a").last.click()
    shows(page, "#d-text", "<script>window.hacked = 1</script>")
    counts(page, "#d-head a, #d-text img", 0)
    page.click("#d-text a.aim")
    shows(page, "#e-text", "onerror=")
    go(page, "#fora")
    go(page, "#doc/%3Cscript%3E")
    expect(page.locator("#overview-h")).to_be_visible()
    go(page, "#doc/%E0%A4%A")
    go(page, "#commitments?area=%3Cimg%3E&search=%3Cimg")
    says(page, "#c-count", "1 commitment of 7")


def test_by_keyboard_alone(page: Any) -> None:
    page.keyboard.press("Tab")
    focused(page, "skip")
    page.keyboard.press("Enter")
    focused(page, "main")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('cell')"):
            break
    page.keyboard.press("Enter")
    says(page, "#d-count", "1 of 3 passages on Space Security")
    focused(page, "doc-h")
    page.locator("#c1").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#d-evidence")
    focused(page, "c1")
    page.wait_for_url("**#doc/draft/c1?area=space")
    page.keyboard.press("Escape")
    expect(page.locator("#d-evidence")).to_be_hidden()
    focused(page, "c1")


def test_every_control_has_a_name_and_headings_come_in_order(page: Any) -> None:
    for route in ("#overview", "#fora", "#commitments", "#compare", "#doc/draft"):
        go(page, route)
        nameless = page.evaluate("""[...document.querySelectorAll('button, input, select, a[href]')]
            .filter(e => e.checkVisibility() && !(e.ariaLabel || e.textContent.trim() || e.labels?.length))
            .map(e => e.outerHTML)""")
        assert nameless == []
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].filter(e => e.checkVisibility()).map(e => +e.tagName[1])"
        )
        assert levels[0] == 1 and all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_nothing_is_wider_than_a_phone_and_the_evidence_leaves_the_words_in_sight(page: Any) -> None:
    page.set_viewport_size(PHONE)
    for route in ("#overview", "#fora", "#commitments", "#compare/draft/final", "#doc/final", "#doc/draft/c1"):
        go(page, route)
        assert not wide(page), route
    aim, panel = page.locator("#c1").bounding_box(), page.locator("#d-evidence").bounding_box()
    assert 0 <= aim["y"] < panel["y"]


@pytest.mark.parametrize("width", [1280, 1100])
def test_the_table_of_commitments_fits_its_box(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    go(page, "#commitments")
    assert page.evaluate("(box => box.scrollWidth <= box.clientWidth)(document.getElementById('c-table').parentElement)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_take_the_colours_of_the_page(page: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.wait_for_selector(f".chart[data-mode={scheme}] svg")
    fill = page.locator(".chart svg text").first.get_attribute("fill")
    assert (int(fill[1:3], 16) > 128) == (scheme == "dark")


def test_print_shows_the_text_and_leaves_the_controls_out(page: Any, tmp_path: Path) -> None:
    go(page, "#doc/draft")
    page.emulate_media(media="print")
    expect(page.locator("#d-text")).to_be_visible()
    expect(page.locator("#d-form label").first).to_be_hidden()
    assert len(page.pdf()) > 5000


def test_a_split_report_leads_from_file_to_file(context: Any, tmp_path: Path) -> None:
    data = dataset_of(tmp_path, [analysis_of(f"d {n}/%", DRAFT * 3, date=f"2026-01-{n + 1:02}") for n in range(2)])
    files = write_report(data, tmp_path / "report.html", area_names=AREAS, limit=1)
    opened = context.new_page()
    opened.goto(files[0].as_uri())
    opened.locator("#map tbody th a").last.click()
    opened.wait_for_url("**/report-3.html#doc/d%201%2F%25")
    says(opened, "#doc-h", "d 1/%")
    shows(opened, ".split", "split into 3 files")
    opened.click("#d-before")
    opened.wait_for_url("**/report-2.html#doc/d%200%2F%25")
    says(opened, "#doc-h", "d 0/%")
    opened.goto(files[0].as_uri() + "#commitments?document=d%201%2F%25")
    opened.wait_for_url("**/report-3.html#commitments*")
    says(opened, "#c-count", "9 commitments")
    opened.click("nav a[data-to=overview]")
    opened.wait_for_url("**/report.html#overview")
