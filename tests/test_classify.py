"""Tags from terms: passages, headings, evidence, residue."""

from dataclasses import replace

import pytest

from pipeline import classify
from pipeline.classify.passages import Example, Headings, of_example, passages
from pipeline.codebook import load_codebook
from pipeline.records import Annotations, Block, Document, Metadata, TermHit, Value

Part = tuple[str, str]


def document(*parts: Part) -> Document:
    """A document of (kind, text) blocks; headings open a path, a list item's lead-in is the paragraph above."""
    blocks: list[Block] = []
    place, path, lead = 0, (), None
    for kind, text in parts:
        at_item = lead if kind == "list_item" else None
        blocks.append(Block(place, place + len(text), kind, heading_path=() if kind == "heading" else path, lead_in=at_item))
        path = (text,) if kind == "heading" else path
        lead = len(blocks) - 1 if kind == "paragraph" else lead
        place += len(text) + 1
    text = "\n".join(text for _, text in parts)
    return Document("0" * 12, "test", "test.txt", Metadata(), (), text, (), tuple(blocks))


def annotations(doc: Document) -> Annotations:
    hits = [h for b in doc.blocks for h in load_codebook().find(doc.text, b.start, b.end)]
    return Annotations(terms=tuple(TermHit(h.start, h.end, h.area, h.term.text, h.term.sub_area) for h in hits))


def tags(*parts: Part) -> list[tuple[str, str]]:
    doc = document(*parts)
    return [(doc.slice(t), t.area) for t in classify.tag(doc, annotations(doc), load_codebook())]


def test_a_passage_takes_every_area_that_it_names_in_the_order_of_the_codebook() -> None:
    text = "They will work on disinformation, cyber defence and maritime security."
    assert tags(("paragraph", text)) == [(text, "maritime"), (text, "cyber_emerging_tech"), (text, "fimi")]


def test_a_tag_keeps_its_evidence_model_and_sub_areas() -> None:
    doc = document(("paragraph", "Ransomware and quantum computing are discussed."))
    (tag,) = classify.tag(doc, annotations(doc), load_codebook())
    assert [doc.slice(e) for e in tag.evidence] == ["Ransomware", "quantum"]
    assert (tag.model_id, tag.status, tag.probability) == ("terms-1.1", "asserted", 1.0)
    assert tag.sub_areas == ("cyber", "emerging_tech")


@pytest.mark.parametrize("kind", ["paragraph", "list_item"])
def test_a_heading_that_names_an_area_counts_for_the_passage_below(kind: str) -> None:
    assert tags(("heading", "Maritime security"), (kind, "Regular staff talks are held.")) == [
        ("Regular staff talks are held.", "maritime")
    ]


def test_a_heading_that_only_touches_on_an_area_does_not_count() -> None:
    assert (
        tags(("heading", "Visit of the Arvenian minister for space policy to Belmark"), ("paragraph", "They met at noon."))
        == []
    )


def test_the_lead_in_counts_for_list_items() -> None:
    found = tags(("paragraph", "On maritime security they will:"), ("list_item", "share pictures;"))
    assert found[-1] == ("share pictures;", "maritime")


def test_the_title_is_no_heading_of_a_passage() -> None:
    doc = document(("heading", "Space security"), ("paragraph", "They met at noon."))
    titled = replace(doc, metadata=Metadata(title=Value("Space security", "heading")))
    assert classify.tag(titled, annotations(titled), load_codebook()) == []


def test_the_areas_of_the_title_are_known_to_the_classifier() -> None:
    doc = document(("heading", "Space security"), ("paragraph", "They met at noon."))
    titled = replace(doc, metadata=Metadata(title=Value("Space security", "heading")))
    (met,) = passages(titled, annotations(titled), load_codebook())
    made = of_example(Example("They met at noon.", (), "one", title="Space security"), Headings(load_codebook()))
    assert met.titled == made.titled == {"space"}
    assert made.inherited == ()


def test_a_heading_that_stands_in_no_block_counts_without_evidence() -> None:
    doc = document(("paragraph", "They met at noon."))
    named = replace(doc, blocks=(replace(doc.blocks[0], heading_path=("Title", "Space security")),))
    (tag,) = classify.tag(named, annotations(named), load_codebook())
    assert (tag.area, tag.evidence) == ("space", ())


def test_headings_themselves_are_not_tagged() -> None:
    assert tags(("heading", "Space security")) == []


def test_the_evidence_of_a_heading_lies_in_the_heading() -> None:
    doc = document(("heading", "Counterterrorism"), ("paragraph", "Officials meet each spring."))
    (tag,) = classify.tag(doc, annotations(doc), load_codebook())
    assert [doc.slice(e) for e in tag.evidence] == ["Counterterrorism"]


def test_the_residue_is_security_that_fits_no_area() -> None:
    doc = document(
        ("paragraph", "They will buy ammunition together."),
        ("paragraph", "Ammunition for peacekeeping is shared."),
        ("paragraph", "The choir sang."),
    )
    found = classify.residue(doc, annotations(doc), classify.tag(doc, annotations(doc), load_codebook()))
    assert [doc.slice(b) for b in found] == ["They will buy ammunition together."]


@pytest.mark.parametrize("kind", ["paragraph", "list_item"])
def test_a_training_example_is_seen_as_the_same_passage_in_a_document(kind: str) -> None:
    book = load_codebook()
    lead = "On maritime security they will:" if kind == "list_item" else ""
    parts = [
        ("heading", "Cyber defence"),
        *([("paragraph", lead)] if lead else []),
        (kind, "share what they know of ransomware;"),
    ]
    doc = document(*parts)
    met = list(passages(doc, annotations(doc), book))[-1]
    made = of_example(
        Example("share what they know of ransomware;", (), "one", "Cyber defence", lead, "A title", kind), Headings(book)
    )
    names = [[{(h.area, h.term) for h in hits} for hits in (p.hits, p.inherited)] for p in (met, made)]
    assert names[0] == names[1]
    assert (made.text, made.context, made.near) == (met.text, met.context, met.near)
