"""brat and INCEpTION, there and back; W3C Web Annotations."""

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import exports
import fakes
import pytest

from pipeline.dataset import Dataset
from pipeline.errors import ReadError
from pipeline.export import brat, export
from pipeline.export.standoff import Annotated, Relation, Span, annotated
from pipeline.export.texts import texts

#: Lines that INCEpTION's reader takes (`BratTextAnnotation`, `BratAttribute`, `BratRelationAnnotation`, `BratNoteAnnotation`).
ACCEPTED = (
    r"T[0-9]+\t[a-zA-Z0-9_][a-zA-Z0-9_\-]* [0-9]+ [0-9]+(;[0-9]+ [0-9]+)*\t[^\n\r\u0085\u2028\u2029]*",
    r"A[0-9]+\t[a-zA-Z_][a-zA-Z0-9_\-:]+ [TREN][0-9]+( \S+)?",
    r"R[0-9]+\t[a-zA-Z0-9_][a-zA-Z0-9_-]+ [a-zA-Z][a-zA-Z0-9]+:[ET][0-9]+ [a-zA-Z][a-zA-Z0-9]+:[ET][0-9]+\s*",
    r"#[0-9]+\t[a-zA-Z_][a-zA-Z0-9_\-]+ [ETR][0-9]+\t.*",
)


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return exports.make(tmp_path / "data", fakes.TEXT, exports.ODD)


def plainly(data: Dataset) -> list[Annotated]:
    """What is exported, with the text as a `.txt` holds it."""
    return [replace(found, text=brat.plain(found.text)) for found in map(annotated, texts(data))]


@pytest.mark.parametrize("to", ["brat", "inception"])
def test_all_comes_back(data: Dataset, tmp_path: Path, to: str) -> None:
    export(data, to, tmp_path / to)
    assert brat.read(tmp_path / to) == plainly(data)


def test_records_become_spans_with_arrows_to_their_parts(data: Dataset) -> None:
    found = next(annotated(text) for text in texts(data))
    said = [(s.label, found.text[s.start : s.end]) for s in found.spans]
    assert ("Actor", "Arvenia") in said and ("Commitment", "hold") in said and ("Time", "by 2030") in said
    hold = said.index(("Commitment", "hold"))
    assert found.spans[hold].attributes == {"Obligation": "committed", "Stage": "new", "Joint": True}
    assert found.spans[hold].note["record_id"] == data.commitments["record_id"][0]
    arrows = {(r.label, said[r.target][1]) for r in found.relations if r.source == hold}
    assert {("cue", "will"), ("time", "by 2030")} < arrows
    assert ("Area_maritime", data.passages["text"][0]) in said


def test_an_instrument_hangs_on_its_commitment(tmp_path: Path) -> None:
    first = exports.make(tmp_path / "data", exports.ODD)
    line = f"{first.instruments['record_id'][0]},commitment_ids,{first.commitments['record_id'][0]},me,x\n"
    found = annotated(next(texts(exports.make(tmp_path / "data", exports.ODD, corrections=line))))
    arrow = next(r for r in found.relations if r.label == "instrument")
    words = [found.text[found.spans[i].start : found.spans[i].end] for i in (arrow.source, arrow.target)]
    assert words == ["go", "Karsund Pact"]


def test_rejected_tags_are_left_out_and_uncertain_ones_marked(tmp_path: Path) -> None:
    tags = exports.make(tmp_path / "data", fakes.TEXT).tags["record_id"]
    lines = f"{tags[0]},status,rejected,me,x\n{tags[1]},status,uncertain,me,x\n"
    found = annotated(next(texts(exports.make(tmp_path / "data", fakes.TEXT, corrections=lines))))
    assert [(s.label, s.attributes) for s in found.spans if s.label.startswith("Area_")] == [
        ("Area_peacebuilding", {"Uncertain": True})
    ]


def test_texts_keep_their_length_and_lines(data: Dataset, tmp_path: Path) -> None:
    export(data, "brat", tmp_path / "brat")
    text = (tmp_path / "brat/text-2.txt").read_bytes().decode()
    assert len(text) == len(exports.ODD) and "\r" not in text and "\t" not in text and "\u00a0" in text
    assert text.replace(" ", "") == re.sub(r"[\r\t ]", "", exports.ODD)


def test_every_line_is_one_that_inception_takes(data: Dataset, tmp_path: Path) -> None:
    export(data, "brat", tmp_path / "brat")
    export(data, "inception", tmp_path / "inception")
    with zipfile.ZipFile(tmp_path / "inception/text-2.zip") as archive:
        assert archive.namelist() == ["text-2.ann", "text-2.txt"]
        lines = archive.read("text-2.ann").decode().split("\n")[:-1]
        text = archive.read("text-2.txt").decode().encode("utf-16-le")
    for line in (tmp_path / "brat/text-1.ann").read_text("utf-8").split("\n")[:-1] + lines:
        assert any(re.fullmatch(pattern, line) for pattern in ACCEPTED), line
    actor = next(line for line in lines if line.startswith("T") and "\tActor" in line)
    start, end = map(int, actor.split("\t")[1].split()[1:])
    assert text[2 * start : 2 * end].decode("utf-16-le") == "Arvenia"  # counted in UTF-16 units, after an emoji


def test_a_span_over_lines_is_written_in_fragments() -> None:
    document = Annotated("a", "one\ntwo three", (Span("Statement", 0, 7),), ())
    assert brat.ann(document) == "T1\tStatement 0 3;4 7\tone two\n"


def test_what_inception_exports_is_read(tmp_path: Path) -> None:
    """Layers `Span` and `Relation`, tokens, arrows without a name, offsets in UTF-16 units."""
    lines = [
        "T1\tde-tudarmstadt-ukp-dkpro-core-api-segmentation-type-Token 0 2\t🎉",
        "T2\tcustom-Span 3 7\twill",
        "A1\tlabel T2 Cue",
        "T3\tSpan 8 12\tmeet",
        "A2\tlabel T3 Commitment",
        "A3\tObligation T3 binding",
        "A4\tNegated T3 true",
        "R1\tcustom-Relation Governor:T3 Dependent:T2",
    ]
    with zipfile.ZipFile(tmp_path / "doc.zip", "w") as archive:
        archive.writestr("doc.ann", "\n".join(lines) + "\n")
        archive.writestr("doc.txt", "🎉 will meet")
    spans = (Span("Cue", 2, 6), Span("Commitment", 7, 11, {"Obligation": "binding", "Negated": True}))
    assert brat.read(tmp_path) == [Annotated("doc", "🎉 will meet", spans, (Relation("cue", 1, 0),))]


def test_an_annotators_remark_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Arvenia")
    (tmp_path / "a.ann").write_text("T1\tActor 0 7\tArvenia\n#1\tAnnotatorNotes T1\tis this right?\n")
    assert brat.read(tmp_path)[0].spans[0].note == {"comment": "is this right?"}


def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no brat files"):
        brat.read(tmp_path)
    (tmp_path / "a.ann").write_text("T1\tActor 0 7\tArvenia\n")
    with pytest.raises(ReadError, match=r"a\.ann or its text cannot be read"):
        brat.read(tmp_path)
    (tmp_path / "a.txt").write_text("Belmark and Arvenia")
    with pytest.raises(ReadError, match="T1"):
        brat.read(tmp_path)
    (tmp_path / "a.ann").unlink()
    (tmp_path / "b.zip").write_bytes(b"no archive")
    with pytest.raises(ReadError, match=r"b\.zip"):
        brat.read(tmp_path)


def test_the_configuration_knows_all_that_is_used(data: Dataset, tmp_path: Path) -> None:
    export(data, "brat", tmp_path / "brat")
    conf = (tmp_path / "brat/annotation.conf").read_text("utf-8")
    assert re.findall(r"^\[(\w+)\]$", conf, re.M) == ["entities", "relations", "events", "attributes"]
    entities, relations, _, attributes = re.split(r"^\[\w+\]$", conf, flags=re.M)[1:]
    for document in brat.read(tmp_path / "brat"):
        assert {s.label for s in document.spans} <= set(entities.split())
        assert {r.label for r in document.relations} <= set(re.findall(r"^(\w+)\t", relations, re.M))
        assert {a for s in document.spans for a in s.attributes} <= set(re.findall(r"^(\w+)\t", attributes, re.M))
    assert "Value:possible|intended|committed|binding" in attributes and "Area_climate_security" in entities
    assert "[labels]" in (tmp_path / "brat/visual.conf").read_text("utf-8")


def test_web_annotations_point_at_the_words(data: Dataset, tmp_path: Path) -> None:
    export(data, "webannotation", tmp_path / "w3c")
    page = json.loads((tmp_path / "w3c/text-2.jsonld").read_text("utf-8"))
    text = (tmp_path / "w3c/text-2.txt").read_bytes().decode("utf-8")
    assert text == exports.ODD and page["type"] == "AnnotationPage"
    ids = {item["id"] for item in page["items"]}
    for item in page["items"]:
        assert item["type"] == "Annotation" and item["target"]
        if item["motivation"] == "linking":
            assert {item["body"], item["target"]} <= ids
            continue
        position, quote = item["target"]["selector"]
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert f"{quote['prefix']}{quote['exact']}{quote['suffix']}" in text
