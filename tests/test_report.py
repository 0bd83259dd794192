"""The report: nothing in a document is ever read as markup, and in a browser it filters, searches and stays offline."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset import load_dataset, write_dataset
from pipeline.dataset.tables import tables_of
from pipeline.records import Analysis, Annotations, Block, Commitment, Document, Extent, Metadata, Page, Segment, Tag, Value
from pipeline.report import write_report

AREAS = {"space": "Space Security", "maritime": "Maritime Security"}
HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> {{ 7 * 7 }} </script> =1+1"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def analysis_of(title: str, *sentences: str) -> Analysis:
    """Each sentence "We will …" is a passage with one commitment; every second one is about space."""
    text, blocks, commitments, tags = "\n".join(sentences), [], [], []
    for number, sentence in enumerate(sentences):
        start = sum(len(s) + 1 for s in sentences[:number])
        end = start + len(sentence)
        blocks.append(Block(start, end, "paragraph", number=f"{number + 1}."))
        aim = Extent(start + 8, start + 8 + len(sentence[8:].split()[0]))
        firm = "committed" if number % 2 else "intended"
        commitments.append(Commitment(start, end, "We", aim, Extent(start + 3, start + 7), firm))
        tags.append(Tag(start, end, "space" if number % 2 else "maritime", 1.0, model_id="terms"))
    facts = Metadata(title=Value(title, "heading"), date=Value("2026-01-02", "given"))
    segments = (Segment(0, len(text), 1, 0),)
    document = Document(
        "0" * 12, f"{title}-key", f"{title}.txt", facts, (Page(1, text),), text, segments, tuple(blocks), (), "text/plain"
    )
    return Analysis(document, Annotations(commitments=tuple(commitments)), tuple(tags), "s", "c")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    found = analysis_of(HOSTILE, "We will watch orbits together.", "We will guard ports.", f"We will refuse {HOSTILE} in full.")
    write_dataset(tables_of(found), tmp_path)
    path = tmp_path / "report.html"
    write_report(load_dataset(tmp_path), path, area_names=AREAS)
    return path


def test_text_of_documents_is_never_markup(report: Path) -> None:
    page = report.read_text("utf-8")
    assert page.count("<script") == 2 and "<img" not in page
    assert "{{ 7 * 7 }}" in page or "{{ 7 * 7 }}".replace("{", "&#123;") in page
    assert "&lt;script&gt;window.hacked" in page


def test_an_empty_dataset_gives_a_report(tmp_path: Path) -> None:
    write_dataset({}, tmp_path)
    write_report(load_dataset(tmp_path), tmp_path / "r.html", area_names=AREAS)
    assert "Space Security" in (tmp_path / "r.html").read_text("utf-8")


@pytest.fixture
def page(report: Path) -> Iterator[Any]:
    """The report in headless Chromium, with what went wrong and what it asked the network for."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.errors, opened.asked = [], []
        opened.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
        opened.on("pageerror", lambda e: opened.errors.append(str(e)))
        opened.on("request", lambda r: opened.asked.append(r.url))
        opened.goto(report.as_uri())
        yield opened
        browser.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)")
def test_the_report_in_a_browser(page: Any) -> None:
    assert page.locator("#list tbody tr").count() == 3
    page.select_option("#obligation", "committed")
    assert page.locator("#list tbody tr").count() == 1
    page.select_option("#obligation", "")
    page.fill("#search", "orbits")
    assert page.locator("#count").inner_text() == "1 commitments"
    page.fill("#search", "")
    page.locator(".cell[data-area=maritime]").click()
    assert page.locator("#what").input_value() == "passages"
    assert page.locator("#list tbody tr").count() == 2
    with page.expect_download() as saved:
        page.click("#save")
    csv = Path(saved.value.path()).read_text("utf-8-sig")
    assert csv.startswith('"key","citation","text","areas"') and "watch orbits" in csv
    assert page.evaluate("window.hacked") is None
    assert page.errors == []
    assert [u for u in page.asked if not u.startswith(("file:", "blob:", "data:"))] == []
