"""The gazetteer: names in plain text, what the words around them decide, and a user's own file."""

import re
from pathlib import Path

import pytest

from pipeline.codebook.actors import HERE, load_gazetteer, read_actors
from pipeline.errors import CatalogueError

USER = """id,name,kind,aliases,demonym,capital
XAA,Arvenia,state,Republic of Arvenia;RoA,Arvenian;Arvenians,Port Arven
XAB,Belmark,state,Kingdom of Belmark,Belmarkian;Belmarkians,Belhaven
AGS,Arvenia Glass Service,agency,,,
"""


@pytest.fixture(scope="module")
def user_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gazetteer") / "actors.csv"
    path.write_text(USER, encoding="utf-8")
    return path


def found(text: str, user_file: Path) -> list[tuple[str, str]]:
    return [(text[start:end], actor_id) for start, end, actor_id in load_gazetteer((user_file,)).match(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The U.S. and Türkiye met the Republic of Korea.",
            [("U.S.", "USA"), ("Türkiye", "TUR"), ("Republic of Korea", "KOR")],
        ),
        ("The World Health Organisation agreed.", [("World Health Organisation", "WHO")]),
        ("THE KINGDOM OF BELMARK", [("KINGDOM OF BELMARK", "XAB")]),
        ("Cote d’Ivoire, Côte d'Ivoire", [("Cote d’Ivoire", "CIV"), ("Côte d'Ivoire", "CIV")]),
        ("It concerns us.", []),
        ("Piracy in the Gulf of Guinea and in Papua New Guinea.", [("Papua New Guinea", "PNG")]),
        ("The Council of the European Union met.", [("Council of the European Union", "EU_COUNCIL")]),
        (
            "North Macedonia and the Democratic People’s Republic of Korea",
            [("North Macedonia", "MKD"), ("Democratic People’s Republic of Korea", "PRK")],
        ),
    ],
)
def test_longest_name_in_every_spelling(text: str, expected: list[tuple[str, str]], user_file: Path) -> None:
    assert found(text, user_file) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arvenian grain", []),
        ("the Arvenian government and the Belmarkians", [("Arvenian government", "XAA"), ("Belmarkians", "XAB")]),
        ("the Government of the Kingdom of Belmark", [("Government of the Kingdom of Belmark", "XAB")]),
        ("Belmark’s Ministry of Defence", [("Belmark’s Ministry of Defence", "XAB_MOD")]),
        ("the Arvenian armed forces", [("Arvenian armed forces", "XAA_ARMED_FORCES")]),
        ("the Quad partners", [("Quad partners", "QUAD")]),
        ("Arvenia-based firms paid US$ 5", []),
        ("Arvenia’s harbours", [("Arvenia", "XAA")]),
    ],
)
def test_heads_and_nationalities(text: str, expected: list[tuple[str, str]], user_file: Path) -> None:
    assert found(text, user_file) == expected


@pytest.mark.parametrize(
    "text", ["the Arvenia-Belmark Summit", "the Arvenia Glass Trade Act", "the Statute of the International Criminal Court"]
)
def test_names_in_titles_are_no_actors(text: str, user_file: Path) -> None:
    assert found(text, user_file) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Belhaven and Port Arven agreed", [("Belhaven", "XAB"), ("Port Arven", "XAA")]),
        ("Belhaven will ratify it", [("Belhaven", "XAB")]),
        ("They met in Belhaven.", []),
        ("the road from Belhaven to Port Arven", []),
    ],
)
def test_capitals_count_as_actors_only(text: str, expected: list[tuple[str, str]], user_file: Path) -> None:
    assert found(text, user_file) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,name\nXAA,Arvenia\n", "lacks the column kind"),
        ("id,name,kind,colour\nXAA,Arvenia,state,red\n", "unknown column colour"),
        ("id,name,kind\nXAA,Arvenia,kingdom\n", "line 2: unknown kind 'kingdom'"),
        ("id,name,kind\nArvenia,Arvenia,state\n", "no code of a state"),
        ("id,name,kind\n,Arvenia,state\n", "line 2: no id"),
    ],
)
def test_errors_name_file_and_line(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        read_actors(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.csv cannot be read"):
        read_actors(tmp_path / "none.csv")


def test_every_state_of_iso_3166_is_there() -> None:
    pycountry = pytest.importorskip("pycountry")
    gazetteer = load_gazetteer()
    assert {country.alpha_3 for country in pycountry.countries} <= gazetteer.actors.keys()
    assert all(actor.source for actor in gazetteer.actors.values())


def test_parents_are_actors() -> None:
    actors = load_gazetteer().actors
    assert {actor.parent for actor in actors.values() if actor.parent} <= actors.keys()


def test_an_id_stands_for_one_actor() -> None:
    # A row without id is a name that holds a known one and is no actor ("Gulf of Guinea").
    ids = [actor.id for actor in read_actors(HERE / "actors.csv") if actor.id]
    assert [i for i in sorted(set(ids)) if ids.count(i) > 1] == []


def test_bodies_of_a_state_are_named_by_a_demonym_or_a_proper_name(user_file: Path) -> None:
    text = "The Arvenian border guard, the Belmarkian military, Arvenia’s Interior Ministry and Belmark’s armed forces met."
    assert found(text, user_file) == [
        ("Arvenian border guard", "XAA_BORDER_GUARD"),
        ("Belmarkian military", "XAB"),
        ("Arvenia’s Interior Ministry", "XAA_MOI"),
        ("Belmark", "XAB"),
    ]


@pytest.mark.parametrize("name", ["U.S. Treasury", "US Treasury", "United States Treasury"])
def test_american_bodies_in_every_spelling_of_the_state(name: str, user_file: Path) -> None:
    assert found(f"It was sanctioned by the {name}.", user_file) == [(name, "US_TREASURY")]


@pytest.mark.parametrize(
    "text",
    [
        "Regulation (EU) No 12/1999 of the European Parliament and of the Council",
        "Decision 283/1999/EU",
        "Directive 1999/12 of the European Parliament",
    ],
)
def test_the_authors_in_the_title_of_an_act_are_no_actors(text: str, user_file: Path) -> None:
    assert found(text, user_file) == []


def test_wikidata_ids_belong_to_one_actor_and_name_their_source() -> None:
    known = [actor for actor in read_actors(HERE / "actors.csv") if actor.wikidata]
    assert all(re.fullmatch(r"Q[1-9]\d*", actor.wikidata) and "QID" in actor.source for actor in known)
    assert len({actor.wikidata for actor in known}) == len(known)


def test_every_state_has_a_wikidata_id() -> None:
    states = {actor.id: actor.wikidata for actor in read_actors(HERE / "actors.csv") if actor.kind == "state"}
    assert [state for state, wikidata in states.items() if not wikidata] == []
    assert (states["NOR"], states["USA"], states["NLD"]) == ("Q20", "Q30", "Q55")
