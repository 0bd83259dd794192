"""Ways through the report: the address and what is shown change in one step, and no way ends nowhere."""

from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, REASON, opened
from reports import AREAS, DRAFT, analysis_of, dataset_of, three

from pipeline.report import write_report

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason=REASON)]
#: Clicks and looks in the same task, before any event of the address can have run.
CLICK = """what => {
    document.querySelector(what).click();
    const shown = [...document.querySelectorAll("[data-view]")].filter(view => !view.hidden).map(view => view.dataset.view);
    return [location.hash, ...shown];
}"""


def click(page: Any, what: str) -> tuple[str, ...]:
    return tuple(page.evaluate(CLICK, what))


def test_a_click_changes_the_address_and_the_page_in_one_step(tmp_path: Path) -> None:
    report = write_report(three(tmp_path), tmp_path / "report.html", area_names=AREAS)[0]
    with opened(report) as page:
        assert click(page, "tr[data-key=draft] a.cell") == ("#doc/draft?area=space", "doc")
        assert page.text_content("#d-count") == "1 of 3 passages on Space Security"
        assert click(page, "#d-text a.aim") == ("#doc/draft/c0?area=space", "doc")  # hidden by the filter until it is chosen
        assert page.text_content("#d-count") == "3 passages" and page.text_content("#e-h") == "intended: guard"
        assert click(page, "#e-after") == ("#doc/draft/c1", "doc")
        assert click(page, "#d-after") == ("#doc/final", "doc")
        assert click(page, "nav a[data-to=compare]") == ("#compare", "compare")
        before = page.text_content("#p-count")
        assert click(page, "#p-swap")[1:] == ("compare",) and page.text_content("#p-count") == before
        page.go_back()
        page.go_back()
        page.wait_for_function("document.getElementById('doc-h').textContent === 'Final'")  # the page follows the address


def test_filters_of_commitments_stand_in_the_address_and_go_in_one_step(tmp_path: Path) -> None:
    report = write_report(three(tmp_path), tmp_path / "report.html", area_names=AREAS)[0]
    with opened(report, "#commitments?area=space") as page:
        assert page.text_content("#c-count") == "2 commitments of 7"
        page.select_option("#c-document", "final")
        assert page.evaluate("location.hash") == "#commitments?area=space&document=final"
        assert click(page, "#c-form button[type=reset]") == ("#commitments", "commitments")
        assert page.text_content("#c-count") == "7 commitments"


def test_a_cell_of_the_table_of_fora_finds_them_in_the_list(tmp_path: Path) -> None:
    report = write_report(three(tmp_path), tmp_path / "report.html", area_names=AREAS)[0]
    with opened(report, "#fora") as page:
        assert click(page, ".grid a.cell")[0].startswith("#fora?find=dialogue")
        assert page.input_value("#f-search") == "dialogue Maritime Security" and page.text_content("#f-count") == "1 of 1 forum"


def test_two_documents_of_different_files_lead_to_the_way_to_compare_them(tmp_path: Path) -> None:
    data = dataset_of(tmp_path, [analysis_of(key, DRAFT, date=f"2026-01-0{n}") for n, key in enumerate(("a b", "c"), 1)])
    files = write_report(data, tmp_path / "report.html", area_names=AREAS, limit=1)
    with opened(files[0], "#compare/a%20b/c") as page:
        assert page.text_content("#a-command") == "pactscope report DATASET --document 'a b' --document c"
        page.click("#a-documents a >> nth=1")
        page.wait_for_url("**/report-3.html#doc/c")
