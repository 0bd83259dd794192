"""Ready-made passages: reading them, and the CODED format."""

import json
from pathlib import Path

import pytest

from pipeline.analyse import passage_document
from pipeline.errors import CatalogueError
from pipeline.passages import coded, read_passages, settle
from pipeline.records import Analysis, Annotations, Commitment, Extent, Mention, Tag


def test_csv_and_jsonl_give_the_same_rows_and_labels_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text,areas\n1,We will act.,space\n", "utf-8-sig")
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 1, "text": "We will act.", "areas": ["space"]}) + "\n\n", "utf-8")
    rows = read_passages(tmp_path / "a.csv")
    assert rows == read_passages(tmp_path / "a.jsonl")
    assert rows[0]["text"] == "We will act." and "areas" not in rows[0]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator_will_do(tmp_path: Path, separator: str) -> None:
    (tmp_path / "a.csv").write_text(f"id{separator}text\r\n1{separator}We will act.\r\n", "utf-8", newline="")
    assert [row["text"] for row in read_passages(tmp_path / "a.csv")] == ["We will act."]


def test_a_file_that_is_none_says_what_is_expected(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,text\n1,We will act.\n", "utf-8")
    for path, message in (
        (tmp_path, "it is a folder. Give a CSV or JSONL file"),
        (tmp_path / "none.csv", "there is no such file. Give a CSV or JSONL file"),
        (tmp_path / "a.csv", "lacks the column id. Give a CSV or JSONL file"),
    ):
        with pytest.raises(CatalogueError) as caught:
            read_passages(path)
        assert message in str(caught.value) and "Errno" not in str(caught.value)


def test_dates_and_parties_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text,date,parties\n1,A,yesterday,EU;XX9\n2,B,2026-03,XX9; name:Ada Varn\n", "utf-8")
    rows = read_passages(tmp_path / "a.csv")
    date, party = settle(rows, Path("a.csv"), {"EU"})
    assert date.startswith("a.csv, passage '1': the date 'yesterday' is not used.")
    assert party.startswith("a.csv, passage '1' and 1 more: the party 'XX9' is in no list of actors.")
    assert [row["date"] for row in rows] == ["", "2026-03"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "1"}', "passage 1 has no id or no text"),
        ('{"id": "1", "text": "a"}\n{"id": "1", "text": "b"}', "passage 2 repeats the id '1'"),
        ('{"id": "1", ', "line 1 is not JSON"),
        ("[1]", "line 1 is not an object"),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match=message):
        read_passages(path)


def test_codes_count_from_the_passage_and_take_a_cue_in_the_lead_in_as_the_aim() -> None:
    lead, text = "The Parties will:", "deepen their dialogue with NATO"
    document = passage_document({"id": "1", "lead": lead, "text": text, "kind": "list_item"})
    at = len(lead) + 1
    c = Commitment(
        0, len(document.text), "The Parties", Extent(at, at + 6), Extent(12, 16), "committed", object=Extent(at + 7, at + 21)
    )
    nato = document.text.index("NATO")
    tags = (Tag(at, len(document.text), "space", 0.5), Tag(at, len(document.text), "cyber", 0.4, status="uncertain"))
    found = Annotations((Mention(0, 11, "unknown", "P"), Mention(nato, nato + 4, "organisation", "NATO")), (), (c,))
    out = coded(Analysis(document, found, tags), "1")
    assert out["areas"] == [{"area": "space", "probability": 0.5, "evidence": []}]
    assert out["uncertain"] == [{"area": "cyber", "probability": 0.4, "evidence": []}]
    assert out["actors"] == [{"text": "NATO", "actor_id": "NATO"}]
    first = out["commitments"][0]
    assert (first["aim"], first["aim_start"], first["cue"], first["object"]) == ("deepen", 0, "deepen", "their dialogue")


def test_a_sentence_gives_at_most_six_commitments() -> None:
    document = passage_document({"id": "1", "text": "We will a, b, c, d, e, f and g."})
    many = tuple(Commitment(0, 31, "We", Extent(i, i + 1), Extent(3, 7), "committed") for i in range(8, 15))
    assert len(coded(Analysis(document, Annotations(commitments=many)), "1")["commitments"]) == 6
