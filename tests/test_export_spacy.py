"""DocBin and CoNLL-U: tokens made anew, finds from the tables."""

from pathlib import Path

import conllu
import exports
import fakes
import pytest
import spacy
from spacy.tokens import Doc, DocBin

from pipeline.dataset import Dataset
from pipeline.errors import SettingsError
from pipeline.export import Options, export
from pipeline.export.parsed import parser, pieces
from pipeline.records import Block, Document, Metadata
from pipeline.settings import Settings

pytestmark = pytest.mark.model
_UNESCAPED = {"\\s": " ", "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\p": "|", "\\u00a0": "\u00a0"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return exports.make(tmp_path_factory.mktemp("data"), fakes.TEXT, exports.ODD, "")


@pytest.fixture(scope="module")
def docs(data: Dataset) -> list[Doc]:
    path = export(data, "spacy", data.folder / "d.spacy").path
    return list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))


@pytest.fixture(scope="module")
def sentences(data: Dataset) -> conllu.SentenceList:
    return conllu.parse(export(data, "conllu", data.folder / "d.conllu").path.read_bytes().decode("utf-8"))


def test_docs_hold_the_texts_and_their_metadata(data: Dataset, docs: list[Doc]) -> None:
    assert [doc.text for doc in docs] == [fakes.TEXT, exports.ODD, ""]
    assert [doc.user_data["key"] for doc in docs] == list(data.documents["key"])
    assert docs[0].user_data["date"] == "2025-05-19"
    assert docs[0].has_annotation("DEP") and any(token.pos_ == "VERB" for token in docs[0])


def test_groups_are_the_rows_of_the_tables(data: Dataset, docs: list[Doc]) -> None:
    for table, group in (("mentions", "actors"), ("passages", "passages"), ("tags", "areas")):
        spans = [(s.id_, s.start_char, s.text.rstrip()) for doc in docs for s in doc.spans[group]]
        texts_ = [fakes.TEXT if key == "text-1" else exports.ODD for key in data.table(table)["key"]]
        rows = zip(texts_, data.table(table)["record_id"], data.table(table)["start"], data.table(table)["end"], strict=True)
        assert spans == [(record, start, text[start:end].rstrip()) for text, record, start, end in rows]
    aims = [(s.id_, s.text) for doc in docs for s in doc.spans["commitments"] if s.label_ == "aim"]
    assert aims == list(zip(data.commitments["record_id"], data.commitments["aim"], strict=True))
    attrs = docs[0].spans["commitments"].attrs[aims[0][0]]
    assert attrs["obligation"] == "committed" and attrs["joint"] is True and "text" not in attrs
    assert [s.text for s in docs[0].spans["evidence"]] == ["maritime", "dialogue"]


def test_corrections_reach_the_spans(tmp_path: Path) -> None:
    first = exports.make(tmp_path / "data", fakes.TEXT)
    tag, mention = first.tags["record_id"][0], first.mentions["record_id"][0]
    lines = f"{tag},status,rejected,me,x\n{mention},label,organisation,me,x\n"
    path = export(exports.make(tmp_path / "data", fakes.TEXT, corrections=lines), "spacy", tmp_path / "d.spacy").path
    doc = next(iter(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)))
    assert [s.label_ for s in doc.spans["areas"]] == ["peacebuilding"]
    assert doc.spans["actors"][0].label_ == "organisation"
    assert doc.spans["passages"].attrs[doc.spans["passages"][0].id_]["areas"] == "peacebuilding"


def test_a_pipeline_that_is_not_installed(data: Dataset, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="pip install"):
        export(data, "spacy", tmp_path / "d.spacy", options=Options(settings=Settings(spacy_model="no_such_pipeline")))


def test_other_languages_are_tokens_in_their_place() -> None:
    text = "We met.\nNous sommes ici.\nIls sont là.\nWe will go."
    ends = [text.index(s) + len(s) for s in ("met.", "ici.", "là.", "go.")]
    starts = [0, *(end + 1 for end in ends[:-1])]
    languages = ("en", "fr", "fr", "en")
    blocks = tuple(Block(a, b, "paragraph", language=c) for a, b, c in zip(starts, ends, languages, strict=True))
    document = Document("0" * 12, "k", "k.txt", Metadata(), (), text, (), blocks)
    found = pieces(parser(), document)
    assert "".join(piece.doc.text for piece in found) == text
    assert [(p.start, p.analysed) for p in found] == [(0, True), (7, False), (8, False), (25, False), (38, True)]


def test_conllu_is_valid_and_gives_the_texts_back(sentences: conllu.SentenceList) -> None:
    built: dict[str, str] = {}
    for sentence in sentences:
        name = sentence.metadata["sent_id"].rpartition("-")[0]
        for token in sentence:
            misc = token["misc"] or {}
            after = "" if misc.get("SpaceAfter") == "No" else _plain(misc.get("SpacesAfter", "\\s"))
            built[name] = built.get(name, "") + _plain(misc.get("SpacesBefore", "")) + token["form"] + after
        if sentence[0]["head"] is not None:  # the fake analyser leaves "# " outside its blocks
            assert [token["head"] for token in sentence].count(0) == 1 and sentence.to_tree()
        shown = "".join(t["form"] + ("" if (t["misc"] or {}).get("SpaceAfter") == "No" else " ") for t in sentence)
        assert sentence.metadata["text"].rstrip() == shown.rstrip()
    assert built == {"text-1": fakes.TEXT, "text-2": exports.ODD}
    assert len({s.metadata["sent_id"] for s in sentences}) == len(sentences)


def test_conllu_marks_actors_commitments_and_passages(data: Dataset, sentences: conllu.SentenceList) -> None:
    first = next(s for s in sentences if "commitment_1" in s.metadata)
    assert first.metadata["commitment_1"].startswith(f"{data.commitments['record_id'][0]} ")
    marks = {t["form"]: t["misc"] for t in first if t["misc"]}
    assert marks["Arvenia"]["Actor"] == "B-XAA"
    assert marks["will"]["Commitment"] == "1:B-cue" and marks["hold"]["Commitment"] == "1:B-aim"
    assert marks["2030"]["Commitment"] == "1:I-time"
    pars = [s.metadata["newpar id"] for s in sentences if "newpar id" in s.metadata]
    assert pars == list(data.passages["record_id"])
    assert first.metadata["areas"] == "maritime;peacebuilding" and first.metadata["paragraph"] == "1"


def _plain(escaped: str) -> str:
    for sign, plain in _UNESCAPED.items():
        escaped = escaped.replace(sign, plain)
    return escaped
