"""The report as files: nothing in a document is ever read as markup, and what is too large is split."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from reports import AREAS, DRAFT, HOSTILE, analysis_of, dataset_of, three
from typer.testing import CliRunner

from pipeline import compare
from pipeline.cli import app
from pipeline.dataset import load_dataset
from pipeline.dataset.views import file_name
from pipeline.errors import SettingsError
from pipeline.export import export
from pipeline.report import LIMIT, write_report
from pipeline.report.documents import Pages, facts, notes, records
from pipeline.report.figures import figures
from pipeline.report.overview import heat, heat_map
from pipeline.report.rows import embed, when


class Elements(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    files = write_report(three(folder), folder / "report.html", area_names=AREAS)
    assert files == [folder / "report.html"]
    return files[0].read_text("utf-8")


def test_text_of_documents_is_never_markup(page: str) -> None:
    elements = Elements(page).found
    assert [tag for tag, _ in elements].count("script") == 3 and "img" not in {tag for tag, _ in elements}
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]
    assert "{{ 7 * 7 }}" in page and "window.hacked = 1</script>" not in page


def test_only_addresses_of_the_web_become_links(page: str) -> None:
    links = [attributes.get("href") or "" for tag, attributes in Elements(page).found if tag == "a"]
    assert "https://example.org/final" in links
    assert not [link for link in links if link and not link.startswith(("#", "https://example.org/"))]


def test_no_other_script_may_run_and_nothing_be_asked(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy and policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy[1] and "script-src 'unsafe" not in policy[1] and "connect-src" not in policy[1]


def test_failures_and_notes_stand_in_plain_sight(page: str) -> None:
    assert "1 not analysed" in page and "Open it and look." in page
    assert "Read these with care" in page and "Something about Draft." in page


def test_folders_of_files_that_failed_are_not_told() -> None:
    assert file_name("/home/ada/secret/broken.pdf") == file_name(r"C:\Ada\secret\broken.pdf") == "broken.pdf"
    assert file_name("https://example.org/a/b.pdf") == "https://example.org/a/b.pdf" and file_name("") == ""


def test_rows_of_the_overview_lead_to_their_passage(page: str) -> None:
    links = [attributes.get("href") for tag, attributes in Elements(page).found if tag == "a"]
    assert "#doc/draft/p2" in links  # the dialogue, in the list of fora
    assert "#doc/draft?area=space" in links and "#compare/draft/final" in links


def test_the_darkness_of_a_cell_is_the_share_of_the_document(tmp_path: Path) -> None:
    data = three(tmp_path)
    rows = heat_map(data, records(data.documents), list(AREAS))
    draft = next(row for row in rows if row["document"]["key"] == "draft")
    assert [(cell["area"], cell["n"], cell["share"]) for cell in draft["cells"]] == [
        ("space", 1, "33%"),
        ("maritime", 2, "67%"),
        ("(rest)", 0, "0%"),
    ]
    assert heat(0) == 0 and heat(0.6) == heat(1) == 1 and heat(0.3) > 0.5


def test_two_documents_of_different_files_are_told_how_to_compare_them(tmp_path: Path) -> None:
    data = dataset_of(tmp_path, [analysis_of(f"d{n}", DRAFT, date=f"2026-01-{n + 1:02}") for n in range(2)])
    files = write_report(data, tmp_path / "report.html", area_names=AREAS, limit=1)
    assert all('data-view="apart"' in file.read_text("utf-8") for file in files)
    whole = write_report(data, tmp_path / "whole.html", area_names=AREAS)[0]
    assert 'data-view="apart"' not in whole.read_text("utf-8")


def test_an_empty_dataset_gives_a_report(tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    write_report(dataset_of(tmp_path, []), path, area_names=AREAS)
    assert "0 documents" in path.read_text("utf-8")


def test_some_documents_alone(tmp_path: Path) -> None:
    data = three(tmp_path)
    write_report(data, tmp_path / "r.html", area_names=AREAS, only=["draft", "final"])
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "2 documents" in page and "hacked" not in page
    with pytest.raises(SettingsError, match="no document 'other'"):
        write_report(data, tmp_path / "r.html", area_names=AREAS, only=["other"])


def test_what_is_too_large_is_split_and_says_so(tmp_path: Path) -> None:
    data = dataset_of(tmp_path, [analysis_of(f"d{n}", DRAFT * 40, date=f"2026-01-{n + 1:02}") for n in range(6)])
    whole = write_report(data, tmp_path / "whole.html", area_names=AREAS)
    limit = 320_000
    files = write_report(data, tmp_path / "report.html", area_names=AREAS, limit=limit)
    assert len(whole) == 1 and [f.name for f in files] == ["report.html", "report-2.html", "report-3.html", "report-4.html"]
    pages = [f.read_text("utf-8") for f in files]
    assert all(len(page.encode()) <= limit for page in pages[1:])
    assert all("<b>This report is split into 4 files</b>" in page for page in pages)
    assert sum(page.count("<template") for page in pages) == 6 and pages[0].count("<template") == 0
    assert all("vegaEmbed =" not in page and 'href="report.html#overview"' in page for page in pages[1:])


def test_parts_of_an_earlier_report_are_removed_and_nothing_else(tmp_path: Path) -> None:
    data = dataset_of(tmp_path, [analysis_of(f"d{n}", DRAFT * 40) for n in range(2)])
    write_report(data, tmp_path / "report.html", area_names=AREAS, limit=1)
    (tmp_path / "report-9.html").write_text("somebody's own page", "utf-8")
    assert (tmp_path / "report-3.html").is_file()
    write_report(data, tmp_path / "report.html", area_names=AREAS)
    assert sorted(p.name for p in tmp_path.glob("report*")) == ["report-9.html", "report.html"]


def test_the_same_dataset_gives_the_same_report(tmp_path: Path) -> None:
    pages = []
    for order in (1, -1):
        folder = tmp_path / str(order)
        analyses = [analysis_of("a", DRAFT), analysis_of("b", DRAFT[::-1])][::order]
        write_report(dataset_of(folder, analyses), folder / "report.html", area_names=AREAS)
        pages.append((folder / "report.html").read_text("utf-8"))
    assert pages[0] == pages[1] and len(pages[0]) < LIMIT


def test_json_in_a_page_cannot_end_its_element() -> None:
    assert str(embed({"a": "</script>&\u2028"})) == '{"a":"\\u003c/script\\u003e\\u0026\\u2028"}'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("R/P1Y", "every year"),
        ("R/P6M", "every 6 months"),
        ("R3/P1W", "every week"),
        ("../2026", "by 2026"),
        ("2026-07/..", "from 2026-07"),
        ("2026-07/2026-12", "2026-07 to 2026-12"),
        ("2026", "2026"),
        ("regular", "regular"),
        ("and/or", "and/or"),
        ("", ""),
    ],
)
def test_times_in_words(value: str, words: str) -> None:
    assert when(value) == words


def test_facts_and_notes_of_a_document(tmp_path: Path) -> None:
    data = three(tmp_path)
    row = next(row for row in records(data.documents) if row["key"] == "final")
    known = {name: (value, source) for name, value, source in facts(row)}
    assert known["date"] == ("2026-02-03", "given") and known["title"] == ("Final", "heading")
    assert known["media type"] == ("text/plain", "") and "publisher" not in known
    assert notes(row) == [("other_language", "Something about Final.")]
    assert notes({"notes": ""}) == []


def test_corrections_that_find_nothing_are_told(tmp_path: Path) -> None:
    three(tmp_path)
    (tmp_path / "corrections.csv").write_text("record_id,field,value,who,why\nabc:1-2:tag,status,rejected,me,wrong\n", "utf-8")
    page = write_report(load_dataset(tmp_path), tmp_path / "r.html", area_names=AREAS)[0].read_text("utf-8")
    assert "corrections that find no record" in page and "abc:1-2:tag" in page


def test_a_passage_is_marked_with_all_that_was_found_in_it(tmp_path: Path) -> None:
    from jinja2 import Environment

    template = Environment(autoescape=False).from_string(
        "{% for p in passages %}{{ p.html }}|{{ p.headings | length }};{% endfor %}"
    )
    data = three(tmp_path)
    pages = Pages(data, template, areas=AREAS, actors={})
    row = next(row for row in records(data.documents) if row["key"] == "draft")
    first, second, third, _ = pages.page(row).split(";")
    assert '<a class="aim intended" id="c0" data-c="0" title="intended, new">guard</a>' in first
    assert '<span class="ev" data-a="maritime">ports</span>' in first and first.endswith("|1")
    assert second.endswith("|0") and third.endswith("|1")
    assert '<span class="forum" title="dialogue, set up">dialogue</span>' in third
    assert HOSTILE not in first


def test_a_folder_to_publish_has_a_report_with_the_areas_of_its_own_codebook(tmp_path: Path) -> None:
    folder = export(three(tmp_path), "zenodo").path
    written = CliRunner().invoke(app, ["report", str(folder)])
    assert written.exit_code == 0 and "Maritime security" in (folder / "report.html").read_text("utf-8")


def test_the_command_writes_the_whole_report_or_one_of_some_documents(tmp_path: Path) -> None:
    three(tmp_path)
    runner = CliRunner()
    whole = runner.invoke(app, ["report", str(tmp_path)])
    assert whole.exit_code == 0 and str(tmp_path / "report.html") in whole.output
    some = runner.invoke(app, ["report", str(tmp_path), "--document", "draft", "--document", "final"])
    assert some.exit_code == 0 and "2 documents" in (tmp_path / "selection.html").read_text("utf-8")
    assert "3 documents" in (tmp_path / "report.html").read_text("utf-8")


def test_figures_of_tables_are_whole_and_say_how_they_were_counted(tmp_path: Path) -> None:
    data = three(tmp_path)
    drawn = {figure.id: figure for figure in figures(data, compare.template_distance(data), areas=AREAS)}
    cells = [cell for figure in drawn.values() for row in figure.rows for cell in row]
    assert "nan" not in map(str, cells)
    assert all(cell.isdecimal() or cell == "<1" for row in drawn["firmness-areas"].rows for cell in row[1:])
    assert "1/n" in drawn["firmness-areas"].note


def test_a_few_documents_of_one_template_are_a_table(tmp_path: Path) -> None:
    texts = [DRAFT, DRAFT[:2], DRAFT[1:]]
    data = dataset_of(tmp_path, [analysis_of(f"d{n}", text, title=f"Text {n}") for n, text in enumerate(texts)])
    distance = compare.template_distance(data)
    (found,) = (figure for figure in figures(data, distance, areas=AREAS) if figure.id == "template")
    assert found.spec == {} and "too few for a map" in found.hint
    assert len(found.rows) == len(found.routes) == 2  # d0 and d2 are each other's nearest: one row
    page = write_report(data, tmp_path / "report.html", area_names=AREAS)[0].read_text("utf-8")
    assert "too few for a map" in page and 'data-chart="template"' not in page
