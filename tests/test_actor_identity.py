"""Who is one actor and who is not: what a text defines, ids of bodies that no gazetteer knows, heads and pairs."""

from collections.abc import Iterable

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from pipeline import annotate
from pipeline.components.actors.definitions import definitions
from pipeline.components.tokenizer import add_infixes
from pipeline.settings import Settings

USER = """id,name,kind,aliases,demonym,capital
XAA,Arvenia,state,Republic of Arvenia,Arvenian;Arvenians,Port Arven
XAB,Belmark,state,,Belmarkian,Belhaven
ARAM,ARAM Belmark,organisation,,,
"""


@pytest.fixture(scope="module")
def nlp(tmp_path_factory: pytest.TempPathFactory) -> Language:
    path = tmp_path_factory.mktemp("identity") / "actors.csv"
    path.write_text(USER, encoding="utf-8")
    nlp = add_infixes(spacy.blank("en"))
    nlp.add_pipe("pact_actors", config={"gazetteer": [str(path)]})
    return nlp


@pytest.fixture(scope="module")
def parsed() -> Language:
    return annotate.build_nlp(Settings())


def ids(nlp: Language, text: str, parties: Iterable[str] = ()) -> list[str]:
    doc = nlp.make_doc(text)
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", attrs={"document": {"parties": list(parties)}})
    return [f"{span.text}>{span.id_}" for span in nlp.get_pipe("pact_actors")(doc).spans["actors"]]


@pytest.mark.parametrize(
    ("name", "after", "state", "expected"),
    [
        ("Arvenia", " (Harbour House)", True, []),
        ("Arvenia", " (HTSA)", True, []),
        ("Republic of Arvenia", " (ROA)", True, ["ROA"]),
        ("Arvenia", " (the “Host State”)", True, ["Host State"]),
        ("Arvenia", ", hereinafter “the Host State”", True, ["Host State"]),
        ("Arvenia", ", hereinafter the Bank.\nDeposits", True, ["Bank"]),
        ("Glass Trade Group", " (GTG)", False, ["GTG"]),
        ("Glass Trade Group", " (VKG)", False, ["VKG"]),  # of another language
        ("Glass Trade Group", " (VerKG)", False, []),
        ("Glass Trade Group", " (Harbour House)", False, []),
        ("Arvenia Glass Commission", " (Glasslight Arvenia)", False, ["Glasslight Arvenia"]),
        ("Glass Trade Group", " (the “Group”)", False, ["Group"]),
        ("Glass Trade Group", " (GTG0026)", False, []),
        ("", "", False, []),
    ],
)
def test_what_brackets_define(name: str, after: str, state: bool, expected: list[str]) -> None:
    assert list(definitions(name + after, 0, len(name), state=state)) == expected


def test_a_known_actor_is_nobodys_alias(nlp: Language) -> None:
    text = "A mission in Arvenia (ARAM Belmark) began. ARAM Belmark stays."
    assert ids(nlp, text) == ["Arvenia>XAA", "ARAM Belmark>ARAM", "ARAM Belmark>ARAM"]


@pytest.mark.parametrize(
    ("text", "parties", "expected"),
    [
        ("the Ministry of Defence met", ["XAB", "XAA"], ["XAA_XAB_MINISTRY_OF_DEFENSE"]),
        ("the Ministry of Defence met", [], ["MINISTRY_OF_DEFENSE"]),
        ("the Joint Committee met", ["XAA", "EU"], ["EU_XAA_JOINT_COMMITTEE"]),
        ("Arvenia's Ministry of Glass and the Belmarkian Ministry of Glass", [],
         ["XAA", "XAA_MINISTRY_OF_GLASS", "XAB_MINISTRY_OF_GLASS"]),
        ("the Ministry of Glass; the Ministry of Glass of the Republic of Arvenia, Port Arven", [],
         ["XAA_MINISTRY_OF_GLASS"] * 2),
        ("Belmark-Arvenia Glass Council and Arvenia–Belmark Glass Council", [], ["XAA_XAB_GLASS_COUNCIL"] * 2),
        ("the Glass Repair Agency (GRA) and the GRA Agency", [], ["GLASS_REPAIR_AGENCY"] * 3),
        ("the GRA Agency; the Glass Repair Agency (GRA)", [], ["GLASS_REPAIR_AGENCY"] * 3),
        ("the Arvenian Relief Aid Mission for Belmark (ARAM Belmark)", [], ["ARAM"] * 2),
        ("the University of Belmark", ["XAA"], ["UNIVERSITY_OF_BELMARK"]),
    ],
)  # fmt: skip
def test_ids_of_bodies(text: str, parties: list[str], expected: list[str], nlp: Language) -> None:
    assert [mention.partition(">")[2] for mention in ids(nlp, text, parties)] == expected


@pytest.mark.parametrize(
    ("text", "parties", "expected"),
    [
        ("The European Council met. The proposal of the Council stands.", ["EU"], ["EUCO", "EU_COUNCIL"]),
        ("The proposal of the Commission and the Council stands.", ["EU", "XAA"], ["EC", "EU_COUNCIL"]),
        ("The proposal of the Commission and the Council stands.", ["XAA"], []),
        ("The Arvenian Glass Council met. Then the Council left.", ["EU"], ["XAA_GLASS_COUNCIL"] * 2),
        (
            "the European Commission, acting for Arvenia, hereinafter ‘the Commission’. Then the Commission left.",
            ["XAA"],
            ["EC", "XAA", "EC", "EC"],
        ),
    ],
)
def test_heads_of_institutions(text: str, parties: list[str], expected: list[str], nlp: Language) -> None:
    assert [mention.partition(">")[2] for mention in ids(nlp, text, parties)] == expected


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        f"The {pair} {noun} is strong."
        for pair in ("EU–UK", "UK–EU", "US–UK", "EU-UK", "U.S.-Norway")
        for noun in ("relationship", "Summit", "cooperation")
    ],
)
def test_pairs_that_modify_are_nobody(text: str, parsed: Language) -> None:
    assert not [span.text for span in parsed(text).spans["actors"]]


@pytest.mark.model
def test_a_name_in_brackets_is_no_modifier(parsed: Language) -> None:
    doc: Doc = parsed("They met the staff of the European Defence Agency (EDA) office.")
    assert [span.id_ for span in doc.spans["actors"]] == ["EDA", "EDA"]
