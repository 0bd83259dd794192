"""Precision and delegation, from records built by hand; sentences are invented."""

import re

import pytest

from pipeline import precision
from pipeline.records import Annotations, Commitment, Extent, Instrument, Mechanism, Mention, TermHit

_TAG = re.compile(r"<(/?)(\w+)>")


def read(sentence, *, lemma="do", time_value="", action="set_up"):
    """Text, commitment and annotations of a sentence with marks: actor, aim, object, time, mention, term, forum, act, cue."""
    found, opened, text, last = {}, {}, "", 0
    for match in _TAG.finditer(sentence):
        text += sentence[last : match.start()]
        last = match.end()
        if match[1]:
            found[match[2]] = Extent(opened[match[2]], len(text))
        else:
            opened[match[2]] = len(text)
    text += sentence[last:]
    at = {name: (e.start, e.end) for name, e in found.items()}
    commitment = Commitment(
        start=0,
        end=len(text),
        actor="",
        aim=found["aim"],
        cue=found["aim"],
        obligation="committed",
        aim_lemma=lemma,
        actor_at=found.get("actor"),
        object=found.get("object"),
        time=found.get("time"),
        time_value=time_value,
    )
    annotations = Annotations(
        mentions=(Mention(*at["mention"], "state", "XAA"),) if "mention" in at else (),
        commitments=(commitment,),
        terms=(TermHit(*at["term"], "maritime", "piracy"),) if "term" in at else (),
        mechanisms=(Mechanism(*at["forum"], action, "dialogue"),) if "forum" in at else (),
        instruments=(Instrument(*at["act"], "agreement", "binding", found.get("cue")),) if "act" in at else (),
    )
    return text, commitment, annotations


@pytest.mark.parametrize(
    ("sentence", "time", "expected"),
    [
        ("<actor>We</actor> will <aim>do</aim> <object>more</object>.", "", {}),
        (
            "<actor>The <mention>Arvenian</mention> navy</actor> will <aim>do</aim> <object>more</object>.",
            "",
            {"who": "Arvenian"},
        ),
        ("<actor>The Harbour Ministers</actor> will <aim>do</aim> <object>more</object>.", "", {"who": "Harbour Ministers"}),
        ("<object>Requests</object> shall be <aim>answered</aim>.", "", {}),
        ("We will <aim>fight</aim> <object><term>piracy</term></object>.", "", {"what": "piracy"}),
        ("We will <aim>open</aim> <object>the Sea School</object>.", "", {"what": "Sea School"}),
        ("We will <aim>hold</aim> <object>a <forum>space dialogue</forum></object>.", "", {"what": "space dialogue"}),
        ("We will <aim>meet</aim> <time>by 2031</time>.", "../2031", {"when": "by 2031"}),
        ("We will <aim>meet</aim> <time>as soon as possible</time>.", "", {}),
        ("We will <aim>train</aim> <object>300 officers</object>.", "", {"how_much": "300"}),
        ("We will <aim>give</aim> <object>€ 20 million</object>.", "", {"how_much": "€ 20 million"}),
        ("We will <aim>apply</aim> <object>Article 12 and the 2019 rules</object>.", "", {}),
        ("We will <aim>help</aim> <object>the Parties</object>.", "", {}),
    ],
)
def test_precision_counts_what_is_specified(sentence, time, expected):
    text, commitment, found = read(sentence, time_value=time)
    verdict = precision.precision(text, commitment, found)
    assert {e.aspect: text[e.extent.start : e.extent.end] for e in verdict.evidence} == expected
    assert verdict.level == len(expected)


@pytest.mark.parametrize(
    ("kind", "lemma", "sentence"),
    [
        ("none", "meet", "We will <aim>meet</aim>."),
        ("none", "meet", "We will <aim>meet</aim> and recall the <act>Harbour Pact</act>."),
        ("instrument", "meet", "We will <aim>meet</aim> <cue>in line with</cue> the <act>Harbour Pact</act>."),
        ("body", "meet", "<actor>The Joint Committee</actor> will <aim>meet</aim>."),
        ("review", "review", "<actor>The working group</actor> shall <aim>review</aim> progress."),
        ("decision", "settle", "Disputes shall be <aim>settled</aim> by the Joint Committee."),
        ("review", "report", "The Parties shall <aim>report</aim> to the Steering Group."),
    ],
)
def test_delegation_to_instruments_and_bodies(kind, lemma, sentence):
    text, commitment, found = read(sentence, lemma=lemma)
    verdict = precision.delegation(text, commitment, found)
    assert verdict.kind == kind
    assert bool(verdict.evidence) == (kind != "none")
