"""`pact_areas` on Docs of a blank pipeline: needs no trained model."""

import pickle
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from pipeline.components import areas  # noqa: F401  (registers the factory)


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("pact_areas")
    return nlp


def found(doc: Doc) -> list[tuple[str, str, str]]:
    return [(s.text, s.label_, s.kb_id_) for s in doc.spans["areas"]]


def test_terms_are_written_with_area_term_and_sub_area(nlp: Language) -> None:
    doc = nlp("Arvenia and Belmark counter cyber-attacks and share quantum sensors.")
    assert found(doc) == [
        ("cyber-attacks", "cyber_emerging_tech", "cyber"),
        ("quantum", "cyber_emerging_tech", "emerging_tech"),
    ]
    assert doc.spans["areas"][1].id_ == "quantum"


def test_a_term_of_two_areas_gives_two_spans_and_one_sub_area(nlp: Language) -> None:
    doc = nlp("They guard the security of undersea cables.")
    assert {(label, sub) for _, label, sub in found(doc)} == {("maritime", ""), ("hybrid_critical_infrastructure", "")}


def test_a_condition_does_not_look_across_blocks(nlp: Language) -> None:
    doc = nlp.make_doc("Reconstruction of the hall\nThe war is over")
    spans = [doc[0:4], doc[5:9]]
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", spans=spans)
    assert found(nlp(doc)) == []
    assert [label for _, label, _ in found(nlp("Reconstruction after the war"))] == ["peacebuilding"]


def test_terms_of_the_residue_have_no_label(nlp: Language) -> None:
    assert found(nlp("They share ammunition.")) == [("ammunition", "", "")]


def test_it_survives_bytes_disk_and_pickle(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "nlp")
    texts = "The Parties fight piracy and disinformation."
    expected = found(nlp(texts))
    assert expected
    for again in (spacy.load(tmp_path / "nlp"), spacy.blank("en").from_config(nlp.config).from_bytes(nlp.to_bytes())):
        assert found(again(texts)) == expected
    component = pickle.loads(pickle.dumps(nlp.get_pipe("pact_areas")))
    assert found(component(nlp.make_doc(texts))) == expected


def test_another_codebook_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "bees.toml"
    path.write_text(
        'name = "b"\nversion = "1"\n[[areas]]\nid = "bees"\n[[areas.terms]]\nany = ["honey-bee"]\n', encoding="utf-8"
    )
    nlp = spacy.blank("en")
    nlp.add_pipe("pact_areas", config={"codebook": str(path)})
    assert found(nlp("Honeybees dance.")) == [("Honeybees", "bees", "")]
