"""Who is bound where a person or an office is: the side that speaks. Sentences are invented; the states must be known ones."""

import pytest

from pipeline import annotate
from pipeline.records import Block, Document, Metadata, Page, Segment, Value
from pipeline.settings import Settings


@pytest.fixture(scope="module")
def nlp():
    return annotate.build_nlp(Settings())


def commitments(nlp, text, parties="EU;NOR"):
    """The commitments of one paragraph in a document of these parties."""
    facts = Metadata(parties=Value(parties, "given"))
    blocks = (Block(0, len(text), "paragraph", language="en"),)
    document = Document("0" * 12, "k", "s", facts, (Page(1, text),), text, (Segment(0, len(text), 1, 0),), blocks)
    return annotate.annotate(nlp, document).commitments


@pytest.mark.model
@pytest.mark.parametrize(
    ("parties", "sentence"),
    [
        ("EU NOR", "High Representative Orla Venn and the Foreign Minister of Norway agreed to hold talks."),
        ("EU NOR", "High Representative Kaja Kallas and Norwegian Foreign Minister Odd Venn agreed to hold talks."),
        ("NOR EU", "Orla Venn, Foreign Minister of Norway, and the European Commission will meet."),
        ("EU", "The European External Action Service will hold talks on space."),
        ("NOR", "“We will train together,” said Odd Venn, Minister for Foreign Affairs of Norway."),
        ("NOR", "Norway’s Minister of Defence, Odd Venn, said: “We will train together.”"),
        ("EU", "“We will train together,” said Kaja Kallas."),
    ],
)
def test_a_person_binds_the_side_spoken_for(nlp, parties, sentence):
    (found,) = commitments(nlp, sentence)
    assert list(found.party_ids) == parties.split()


@pytest.mark.model
def test_in_a_document_of_one_party_its_ministers_speak_for_it(nlp):
    (found,) = commitments(nlp, "“We will train together,” said Odd Venn, Minister of Defence.", parties="NOR")
    assert (found.party_ids, found.speaker) == (("NOR",), "name:Odd Venn")


@pytest.mark.model
def test_the_head_of_an_organisation_does_not(nlp):
    (found,) = commitments(nlp, "“We will train together,” said Secretary General Odd Venn.", parties="NOR")
    assert found.party_ids != ("NOR",)


@pytest.mark.model
@pytest.mark.parametrize(
    ("parties", "sentence", "bound", "joint"),
    [
        ("EU SOM", "The EUCAP Somalia personnel shall respect the law.", "EU", False),
        ("EU SOM", "The Host State shall protect the mission.", "SOM", False),
        ("USA NOR", "Norwegian experts will train the crews.", "NOR", False),
        ("USA NOR", "U.S. and Norwegian experts will train the crews.", "USA NOR", True),
        ("USA NOR", "Senior experts will train the crews.", "USA NOR", True),
        ("EU NOR", "A Member State shall answer within ten days.", "EU", False),
        ("EU NOR", "The European Community and its Member States will send experts.", "EU", True),
        ("NOR", "Norway and the Harbour Glass Council (HGC) will train the crews.", "NOR", True),
    ],
)
def test_whose_officials_and_bodies_are_bound(nlp, parties, sentence, bound, joint):
    (found,) = commitments(nlp, sentence, parties=parties.replace(" ", ";"))
    assert (list(found.party_ids), found.joint) == (bound.split(), joint)
