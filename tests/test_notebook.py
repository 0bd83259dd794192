"""How frames and datasets look in a notebook, and that a frame stays what it is whatever is done to it."""

import pickle
import re
from pathlib import Path

import fakes
import pandas as pd
import pytest

from pipeline import dataset
from pipeline.dataset import schema, tables
from pipeline.dataset.formats import frame
from pipeline.dataset.notebook import READING, TableFrame

EVIL = '<script>alert("x")</script> & {{ 7 * 7 }}'


@pytest.fixture
def data(tmp_path: Path) -> dataset.Dataset:
    dataset.write_dataset(tables.tables_of(fakes.analysis_of(fakes.TEXT)), tmp_path)
    return dataset.load_dataset(tmp_path)


def heads(html: str) -> list[str]:
    return re.findall(r"<th style[^>]*>([^<]*)</th>", html)


def test_reading_columns_are_columns_of_their_table() -> None:
    assert READING.keys() == schema.COLUMNS.keys()
    for table, names in READING.items():
        assert set(names) <= set(schema.NAMES[table])


@pytest.mark.parametrize("table", schema.TABLES)
def test_a_table_shows_what_one_reads_and_keeps_the_rest(table: str, data: dataset.Dataset) -> None:
    found = data.table(table)
    html = found._repr_html_()
    assert heads(html) == list(READING[table])
    assert list(found.columns) == list(schema.NAMES[table])
    assert f"{len(found)} row" in html and f"{len(found.columns)} columns" in html


def test_a_choice_of_columns_is_shown_as_chosen(data: dataset.Dataset) -> None:
    assert heads(data.commitments[["cue", "record_id"]]._repr_html_()) == ["cue", "record_id"]


def test_columns_that_were_added_stand_at_the_end(data: dataset.Dataset) -> None:
    assert heads(data.commitments.assign(mine=1)._repr_html_())[-1] == "mine"
    joined = data.commitments_with_context()
    with pd.option_context("display.max_columns", 20):
        assert heads(joined._repr_html_())[:2] == ["citation", "text"]
        assert len(heads(joined._repr_html_())) == 20
    assert {"title", "passage_text"} <= set(heads(joined._repr_html_()))


def test_a_frame_stays_what_it_is(data: dataset.Dataset, tmp_path: Path) -> None:
    whole = data.commitments
    made = [
        whole.query("obligation_level >= 1"),
        whole[whole["joint"]],
        whole.sort_values("citation"),
        whole.merge(data.documents[["key", "date"]], on="key"),
        pd.concat([whole, whole]),
        whole.copy(),
        pickle.loads(pickle.dumps(whole)),
    ]
    assert all(type(one) is TableFrame for one in made)
    assert isinstance(whole["cue"], pd.Series)
    assert whole.groupby("stage").size().sum() == len(whole)
    whole.to_parquet(tmp_path / "mine.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "mine.parquet"), pd.DataFrame(whole), check_dtype=False)


def test_nothing_in_a_text_is_read_as_markup() -> None:
    html = frame("passages", [schema.row("passages", text=EVIL, citation=EVIL)])._repr_html_()
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 2
    marked = frame("passages", [schema.row("passages")]).rename(columns={"text": EVIL}, index={0: EVIL})[[EVIL]]
    assert "<script>" not in marked._repr_html_()


def test_a_redline_is_struck_out_and_put_in() -> None:
    html = TableFrame({"redline": ["will [-consider <b>-]{+hold+} talks"]})._repr_html_()
    assert '<del style="opacity:.6">consider &lt;b&gt;</del><ins><b>hold</b></ins> talks' in html


def test_long_frames_and_long_cells_are_cut() -> None:
    found = frame("passages", [schema.row("passages", text=f"{i} " + "word " * 500) for i in range(100)])
    html = found._repr_html_()
    assert html.count("<tr>") == 1 + 10 + 1
    assert "100 rows" in html and "⋮" in html
    assert len(html) < 20_000
    with pd.option_context("display.max_rows", None):
        assert found._repr_html_().count("<tr>") == 101


def test_missing_values_are_blank_and_lists_wrap() -> None:
    html = frame("passages", [schema.row("passages", areas="space;cyber")])[["areas", "page"]]._repr_html_()
    assert ">space; cyber</td>" in html
    assert "NA" not in html


def test_the_innermost_headings_are_shown() -> None:
    html = frame("passages", [schema.row("passages", heading_path="The whole title > Areas > Space")])._repr_html_()
    assert ">Areas &gt; Space</td>" in html


def test_an_empty_table_has_its_columns() -> None:
    assert "0 rows" in frame("tags", [])._repr_html_()


def test_what_is_no_table_looks_as_in_pandas(data: dataset.Dataset) -> None:
    wide = data.commitments.T
    assert 'class="dataframe"' in pd.concat([wide] * 30, axis=1)._repr_html_()
    with pd.option_context("display.notebook_repr_html", False):
        assert data.commitments._repr_html_() is None


def test_a_dataset_says_what_is_in_it(data: dataset.Dataset) -> None:
    html = data._repr_html_()
    assert "1 of 2025-05-19" in html
    assert f"{len(data.commitments)} commitments" in html
    assert "failures" not in html


def test_a_dataset_says_what_to_look_at(tmp_path: Path) -> None:
    failure = schema.row("failures", record_id="a::failure", key="a", message="unreadable")
    dataset.write_dataset({"failures": [failure]}, tmp_path / "<b>")
    html = dataset.load_dataset(tmp_path / "<b>")._repr_html_()
    assert "1 could not be analysed" in html
    assert "&lt;b&gt;" in html
