"""Records survive JSON, and refuse what they do not know."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import (
    Analysis,
    Annotations,
    Block,
    Commitment,
    Document,
    Extent,
    Line,
    Mention,
    Metadata,
    Page,
    Segment,
    Value,
)
from pipeline.roundtrip import from_json, to_json

extents = st.builds(Extent, st.integers(0, 99), st.integers(0, 99))
commitments = st.builds(
    Commitment,
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    actor=st.text(),
    aim=extents,
    cue=extents,
    obligation=st.sampled_from(["possible", "binding"]),
    party_ids=st.lists(st.text(max_size=3)).map(tuple),
    time=st.none() | extents,
    confidence=st.floats(0, 1),
)


@given(st.lists(commitments, max_size=3), st.text())
def test_an_analysis_survives_json(found: list[Commitment], text: str) -> None:
    page = Page(1, text, (Line(0, len(text), box=(0.0, 1.0, 2.0, 3.5)),), size=(595.0, 842.0))
    block = Block(0, len(text), "paragraph", heading_path=("A", "B"), lead_in=0)
    facts = Metadata(title=Value(text, "meta og:title"), parties=Value("EU;XAA", "catalogue"))
    document = Document("0" * 12, "key", "a.pdf", facts, (page,), text, (Segment(0, len(text), 1, 0),), (block,))
    analysis = Analysis(document, Annotations((Mention(0, 1, "state", "XAA"),), (), tuple(found)))
    assert from_json(Analysis, json.loads(json.dumps(to_json(analysis)))) == analysis


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(TypeError, match="Extent has no field colour"):
        from_json(Extent, {"start": 0, "end": 1, "colour": "red"})


def test_parties_are_split() -> None:
    assert Metadata(parties=Value("EU; XAA", "given")).party_ids == ("EU", "XAA")
    assert Metadata().party_ids == ()
