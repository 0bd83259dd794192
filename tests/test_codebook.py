"""The codebook: its pattern language, its loader, its checker, and the words of the one that comes with the package."""

import os
from pathlib import Path

import pytest

from pipeline.codebook import check, load_codebook
from pipeline.codebook.patterns import Language, Matcher, compile_pattern, longest, samples, sentence_at
from pipeline.errors import CodebookError

LANGUAGE = Language({"fight": ("counter*", "fight"), "more": ("{fight}", "stop")}, (("defence", "defense"), ("ise", "ize")))

#: A codebook of another field with three areas.
SCHOOLS = """
name = "Schooling"
version = "0.3"

[headings]
list_item = { heading = 0.5 }

[[areas]]
id = "teachers"
name = "Teachers"
wording = "Teachers"
definition = "Who teaches."
tag = ["pay, training"]
do_not_tag = ["pupils"]
examples = [{ text = "Teachers are trained.", tag = true }, { text = "A sports teacher trainer shoe.", tag = false }]
[[areas.terms]]
any = ["teacher", "head-teacher"]

[[areas]]
id = "buildings"
name = "Buildings"
wording = "Buildings"
definition = "Where it happens."
tag = ["repair"]
do_not_tag = ["homes"]
sub_areas = [{ id = "roof", name = "Roofs" }]
examples = [{ text = "The school roof leaks.", tag = true }, { text = "My roof leaks.", tag = false }]
[[areas.terms]]
any = ["roof"]
with = ["school"]
sub_area = "roof"

[[areas]]
id = "meals"
name = "Meals"
wording = "Meals"
definition = "What is eaten."
tag = ["lunch"]
do_not_tag = ["cafés"]
examples = [{ text = "Lunch is free.", tag = true }, { text = "Nothing.", tag = false }]
[[areas.terms]]
any = ["lunch"]
without = ["business"]
also = ["teachers"]

[[ignore]]
any = ["sports teacher trainer"]

[[residue]]
any = ["school"]
"""


def schools(folder: Path, text: str = SCHOOLS) -> Path:
    path = folder / "schools.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("maritime security", "Maritime  Security"),
        ("maritime security", "maritime-security"),
        ("cyber-security", "cybersecurity"),
        ("cyber-security", "cyber security"),
        ("radicali*", "radicalisation"),
        ("naval exercise", "naval exercises"),
        ("dependency", "dependencies"),
        ("stop|end_the war", "end the war"),
        ("foreign (terrorist) fighter", "foreign fighters"),
        ("foreign (terrorist) fighter", "foreign terrorist fighters"),
        ("women, peace, (and) security", "women, peace and security"),
        ("protect ~3 grid", "protect the whole power grid"),
        ("{fight} piracy", "countering piracy"),
        ("{more} piracy", "stop piracy"),
        ("defence research", "defense research"),
        ("CSDP", "CSDP"),
        ("women's role", "women’s role"),
    ],
)
def test_a_term_matches(term: str, text: str) -> None:
    match = compile_pattern(term, LANGUAGE).regex.match(text)
    assert match and match.group() == text


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("CSDP", "csdp"),
        ("port", "portfolio"),
        ("protect ~1 grid", "protect the whole power grid"),
        ("protect ~3 grid", "protect it. The grid"),
        ("maritime security", "maritime and security"),
    ],
)
def test_a_term_does_not_match(term: str, text: str) -> None:
    assert not Matcher([compile_pattern(term, LANGUAGE)]).find(text)


@pytest.mark.parametrize("term", ["", "(very) bad", "~2 bad", "good ~x bad", "{nothing} here", "what?"])
def test_an_unreadable_term_is_an_error(term: str) -> None:
    with pytest.raises(CodebookError):
        compile_pattern(term, LANGUAGE)


def test_classes_in_a_cycle_are_an_error() -> None:
    with pytest.raises(CodebookError, match="cycle: a -> b -> a"):
        compile_pattern("{a}", Language({"a": ("{b}",), "b": ("{a}",)}))


def test_words_between_those_of_a_term_keep_their_own_area() -> None:
    text = "They will secure resilient ports, maritime security and supply chains."
    assert {h.area for h in load_codebook().find(text)} == {"maritime", "economic_security_migration"}


def test_the_longest_term_wins_and_equal_ones_stay() -> None:
    matcher = Matcher([compile_pattern(t, LANGUAGE) for t in ("space", "office space", "off* space", "office")])
    found = longest(matcher.find("The office space and outer space."))
    assert [(m.start, m.end, m.index) for m in found] == [(4, 16, 1), (4, 16, 2), (27, 32, 0)]


def test_samples_are_phrases_that_match() -> None:
    assert samples("{fight} (all) piracy|pirates", LANGUAGE) == [
        "counter piracy",
        "counter pirates",
        "fight piracy",
        "fight pirates",
    ]


def test_a_sentence_is_found_by_its_marks() -> None:
    text = "One is here. Two, e.g. this, is there. Three"
    assert [text[slice(*sentence_at(text, 0, len(text), i))] for i in (2, 20, 40)] == [
        "One is here.",
        "Two, e.g. this, is there.",
        "Three",
    ]


def test_the_codebook_of_the_package_has_no_faults() -> None:
    assert check(load_codebook()) == []


def test_the_codebook_of_the_package_is_whole() -> None:
    codebook = load_codebook()
    assert codebook.version == "1.1"
    assert len(codebook.hash) == 12
    assert len(codebook.areas) == 10
    assert {s.id for a in codebook.areas for s in a.sub_areas} == {
        "cyber",
        "emerging_tech",
        "hybrid",
        "critical_infrastructure",
        "economic_security",
        "irregular_migration",
    }
    assert load_codebook() is codebook


def test_the_official_wording_of_each_area_is_found_by_its_own_terms() -> None:
    codebook = load_codebook()
    for area in codebook.areas:
        assert area.id in {h.area for h in codebook.find(area.wording)}, area.wording


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("The Parties promote peace and security.", set()),
        ("A climate of trust prevails on land, at sea and in the air.", set()),
        ("Sales rose on Cyber Monday.", set()),
        ("Arvenia protects undersea cables from sabotage.", {"maritime", "hybrid_critical_infrastructure"}),
        ("A new undersea cable connects Arvenia and Belmark.", set()),
        ("Piracy in the Gulf of Guinea declined.", {"maritime"}),
        ("They will cooperate on space, cyber and AI.", {"space", "cyber_emerging_tech"}),
    ],
)
def test_settled_cases(text: str, areas: set[str]) -> None:
    assert {h.area for h in load_codebook().find(text) if h.area} == areas


def test_another_codebook_can_be_used(tmp_path: Path) -> None:
    codebook = load_codebook(schools(tmp_path))
    assert check(codebook) == []
    found = codebook.find("Head teachers eat lunch under the roof of the school.")
    assert [(h.area, h.term.text) for h in found] == [
        ("teachers", "head-teacher"),
        ("meals", "lunch"),
        ("teachers", "lunch"),
        ("buildings", "roof"),
        ("", "school"),
    ]


def test_conditions_hold_within_the_sentence(tmp_path: Path) -> None:
    codebook = load_codebook(schools(tmp_path))
    assert not [h for h in codebook.find("A business lunch.") if h.area]
    assert [h.area for h in codebook.find("We do business. Lunch is at one.")] == ["meals", "teachers"]


def test_offsets_count_in_the_text_given(tmp_path: Path) -> None:
    text = "No teacher. A teacher."
    (hit,) = load_codebook(schools(tmp_path)).find(text, 12)
    assert text[hit.start : hit.end] == "teacher" and hit.start == 14


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('definition = "Who teaches."\n', "", "Area 'teachers' has no definition."),
        ('id = "meals"', 'id = "teachers"', "Area id 'teachers' is used twice."),
        ('also = ["teachers"]', 'also = ["pupils"]', "Term 'lunch' names the unknown area 'pupils'."),
        ('sub_area = "roof"', 'sub_area = "wall"', "Term 'roof' names the unknown sub-area 'wall'."),
        (
            'any = ["lunch"]\nwithout = ["business"]\nalso = ["teachers"]',
            'any = ["lunch", "teacher"]',
            "'teacher' is both 'teacher' of teachers and 'teacher' of meals.",
        ),
        (
            'any = ["sports teacher trainer"]',
            'any = ["teacher"]',
            "'teacher' is both 'teacher' of teachers and 'teacher' to ignore.",
        ),
        ('any = ["teacher", "head-teacher"]', 'any = ["teacher", "teacher"]', "Term 'teacher' stands twice under teachers."),
        ('any = ["roof"]', 'any = ["(a) roof"]', "Term '(a) roof' does not begin with a word."),
        ("heading = 0.5", "title = 0.5", "[headings] list_item names the unknown context 'title'."),
        (
            'text = "Lunch is free."',
            'text = "Supper is free."',
            "Example of 'meals' is not found by its terms: Supper is free.",
        ),
        ('{ text = "Nothing.", tag = false }', "", "Area 'meals' needs examples of both kinds, tagged and not tagged."),
    ],
)
def test_the_checker_names_what_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SCHOOLS
    found = check(load_codebook(schools(tmp_path, SCHOOLS.replace(old, new))))
    assert any(f.startswith(message) for f in found), found


@pytest.mark.parametrize("text", ["not [toml", 'name = "x"', 'name = "x"\nversion = "1"\n[[areas]]\nname = "no id"'])
def test_a_file_that_is_no_codebook_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(CodebookError):
        load_codebook(schools(tmp_path, text))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="cannot be read"):
        load_codebook(tmp_path / "none.toml")


def test_a_codebook_that_was_edited_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    for name in ("First", "Second"):
        path.write_text(f'name = "{name}"\nversion = "1"\n[[areas]]\nid = "a"\nname = "A"\n', "utf-8")
        os.utime(path, ns=(0, len(name)))  # the clock of some file systems is coarse
        assert load_codebook(path).name == name
