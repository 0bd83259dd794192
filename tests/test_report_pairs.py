"""The pair view finds the pairs that `compare.align_pair` finds."""

from pathlib import Path

import pytest
from browsing import CHROMIUM, REASON, opened
from reports import AREAS, analysis_of, dataset_of

from pipeline import compare
from pipeline.report import write_report

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason=REASON)]
SEA = "We will guard the northern strait against smugglers and report each ship that hides its name and flag."
SKY = "We will train our pilots every spring above the salt lakes and share the use of both runways in winter."
ICE = "We will keep the harbours open through the winter with three icebreakers and a common timetable for pilots."
BOTH = f"{SKY} {ICE} Ada Varn, who speaks for both, will tell the press."
OLD = [SEA, BOTH, "We will meet every year.", "We will publish a report on fishing quotas in the inner gulf."]
NEW = [
    "We will guard the northern strait from smugglers and name each ship that hides its flag.",
    "We will meet every year.",
    SKY,
    ICE,
    "We will open a school of music.",
]
ROWS = """[...document.querySelectorAll("#p-rows .pair")].map(row =>
    [row.classList[1], ...[...row.querySelectorAll(".side")].map(side => side.querySelector("a")?.title ?? "")])"""
KINDS = {"near": "reworded", "only_a": "a", "only_b": "b"}


def test_the_page_pairs_passages_as_the_comparison_does(tmp_path: Path) -> None:
    documents = [analysis_of("old", OLD, title="Old"), analysis_of("new", NEW, title="New", date="2026-03-04")]
    data = dataset_of(tmp_path, documents)
    report = write_report(data, tmp_path / "report.html", area_names=AREAS)[0]
    with opened(report, "#compare/old/new") as page:
        shown = [tuple(row) for row in page.evaluate(ROWS)]
    found = compare.align_pair(data, "old", "new")[["relation", "citation_a", "citation_b"]]
    expected = [(KINDS.get(relation, relation), a, b) for relation, a, b in found.itertuples(index=False, name=None)]
    assert sorted(shown) == sorted(expected)
    assert [kind for kind, *_ in shown].count("reworded") == 3  # one that was changed, one that became two
