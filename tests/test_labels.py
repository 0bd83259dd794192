"""Tests of the label files, of the measuring, and of the floors that the product holds on half a of the labels."""

import csv
import tomllib
from itertools import pairwise
from pathlib import Path

import labels
import pytest
from labels import Label, Placed

from pipeline import ingest, structure
from pipeline.records import Commitment, Extent, Quotation
from pipeline.training import words_of

FLOORS = tomllib.loads((labels.FOLDER / "floors.toml").read_text("utf-8"))["half_a"]
SETS = ("quotations", "mechanisms", "parties")
TEXT = "Arvenia said: “We will train together.” Belmark noted that the pass is open. They will meet. They will talk."


def rows(name: str) -> list[dict[str, str]]:
    with (labels.FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def label(text: str, words: str, **fields: str) -> Label:
    """A label on the first occurrence of some words."""
    plain = [w for w, _, _ in words_of(text)]
    wanted = [w for w, _, _ in words_of(words)]
    start = next(i for i in range(len(plain)) if plain[i : i + len(wanted)] == wanted)
    end = start + len(wanted)
    return Label("a.txt", "0" * 64, "a", start, end, labels.stretch_digest(plain, start, end), {"unsure": "", **fields})


def at(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def quoted(words: str, kind: str, *, speaker: str = "", form: str = "first", unsure: str = "") -> Placed:
    fields = {"kind": kind, "form": form, "speaker": speaker, "unsure": unsure}
    return Placed(label(TEXT, words, **fields), at(TEXT, words))


def mechanism(start: int, end: int, action: str = "set_up", unsure: str = "") -> Placed:
    return Placed(Label("a.txt", "", "a", 0, 1, "", {"action": action, "unsure": unsure}), (start, end))


# The files


@pytest.mark.parametrize("name", (*SETS, "documents"))
def test_halves_follow_the_hash_of_the_document(name: str) -> None:
    """The documents of the set c were added later, whatever their hash."""
    for row in rows(name):
        assert row["half"] in ("c", "a" if row["file_sha256"][0] in "01234567" else "b")


def test_a_document_is_in_one_half_only() -> None:
    halves = {row["file"]: row["half"] for row in rows("documents")}
    assert len(halves) == len(rows("documents"))
    assert all(row["half"] == halves[row["file"]] for name in SETS for row in rows(name))


@pytest.mark.parametrize("name", SETS)
def test_every_label_belongs_to_a_listed_document_once(name: str) -> None:
    listed = {row["file"]: row["coded_for"].split(";") for row in rows("documents")}
    places = [(row["file"], row["start"], row["end"]) for row in rows(name)]
    assert all(name in listed[file] for file, _, _ in places)
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("name", "column", "value", "least"),
    [("quotations", "kind", "direct", 120), ("quotations", "kind", "indirect", 60), ("parties", "unsure", "", 100)],
)
def test_there_are_enough_labels(name: str, column: str, value: str, least: int) -> None:
    assert sum(row[column] == value and row["unsure"] == "" for row in rows(name)) >= least


def test_there_are_enough_mechanisms() -> None:
    assert sum(row["action"] in ("set_up", "continues") and row["unsure"] == "" for row in rows("mechanisms")) >= 80


def test_the_files_hold_no_text() -> None:
    for name in SETS:
        assert max(len(value.split()) for row in rows(name) for value in row.values()) < 10


# Finding a place


def test_a_label_is_found_where_it_was_coded() -> None:
    placed = labels.place([label(TEXT, "the pass is open")], TEXT)
    assert TEXT[slice(*placed[0].span)] == "the pass is open"


def test_a_short_label_is_told_from_the_next_by_what_follows_it() -> None:
    moved = "They came. " + TEXT
    placed = labels.place([label(TEXT, "They")], moved)
    start = at(moved, "They will meet")[0]
    assert placed[0].span == (start, start + 4)


def test_a_label_whose_words_are_gone_is_left_out() -> None:
    assert labels.place([label(TEXT, "the pass is open")], "Corvia was silent.") == []


# Measuring


def test_a_matching_quotation_counts_with_its_speaker() -> None:
    coded = quoted("We will train together", "direct", speaker="XAA")
    found = Quotation(*at(TEXT, "We will train together."), "direct", speaker="XAA")
    counts = labels.score_quotations([coded], [found], TEXT).counts
    assert counts["direct matched"] == counts["direct exact"] == counts["direct speaker right"] == counts["direct true"] == 1


def test_a_quotation_of_the_other_extent_is_missed_and_wrong() -> None:
    coded = quoted("the pass is open", "indirect")
    found = Quotation(*at(TEXT, "the pass is open. They will meet"), "indirect")
    tally = labels.score_quotations([coded], [found], TEXT)
    assert [kind for kind, _, _ in tally.errors] == ["indirect missed", "indirect wrong"]


def test_an_unsure_quotation_counts_neither_way() -> None:
    coded = quoted("the pass is open", "indirect", unsure="true")
    found = Quotation(*at(TEXT, "the pass is open"), "indirect")
    counts = labels.score_quotations([coded], [found], TEXT).counts
    assert counts["indirect coded"] == counts["indirect found"] == 0


@pytest.mark.parametrize(
    ("coded", "found", "right"),
    [
        ("name:Vela Orn", "name:Orn", True),
        ("name:Orn Vela", "name:Orn", True),
        ("name:Vela Orn", "name:Vela K. Orn Jr.", True),
        ("name:Vela Orn", "name:Tamo Rikk", False),
        ("name:Vela Orn", "", False),
        ("XAA", "XAA", True),
    ],
)
def test_right_speakers(coded: str, found: str, right: bool) -> None:
    placed = quoted("We will train together", "direct", speaker=coded)
    assert labels.same_speaker(coded, Quotation(0, 1, "direct", speaker=found), placed) is right


def test_an_organisation_without_an_id_is_right_by_its_words() -> None:
    placed = Placed(label(TEXT, "We will train together", speaker="org:Pass Watch"), (15, 37), source=(0, 7))
    assert labels.same_speaker("org:Pass Watch", Quotation(15, 37, "direct", source=Extent(0, 7)), placed)
    assert not labels.same_speaker("org:Pass Watch", Quotation(15, 37, "direct"), placed)


def test_what_lies_outside_the_coded_part_is_left_out() -> None:
    inside, outside = (Quotation(*at(TEXT, words), "indirect") for words in ("the pass is open", "They will talk"))
    coded = [quoted("We will train together", "direct"), quoted("the pass is open", "indirect")]
    assert labels.within([inside, outside], coded) == [inside]
    assert labels.within([inside], []) == []


def test_mechanisms_are_matched_by_overlap_and_repeats_do_not_count() -> None:
    coded = [mechanism(0, 10), mechanism(20, 30), mechanism(40, 50, action="again"), mechanism(60, 70, unsure="true")]
    tally = labels.score_mechanisms([(2, 12), (41, 49), (61, 69), (80, 90)], coded)
    assert tally.counts == {"coded": 2, "matched": 1, "found": 2}
    assert [kind for kind, _, _ in tally.errors] == ["mechanism missed", "mechanism wrong"]


@pytest.mark.parametrize(
    ("ids", "right", "accepted"),
    [(("XAB", "XAA"), 1, 1), (("XAA",), 0, 0), (("PACT",), 0, 1)],
)
def test_parties_are_compared_as_sets(ids: tuple[str, ...], right: int, accepted: int) -> None:
    coded = Placed(label(TEXT, "They", party_ids="XAA;XAB|PACT"), at(TEXT, "They"))
    aim = Extent(*at(TEXT, "meet"))
    found = Commitment(0, 1, "They", aim, aim, "committed", actor_at=Extent(*coded.span), party_ids=ids)
    counts = labels.score_parties([coded], [found]).counts
    assert (counts["coded"], counts["matched"], counts["right"], counts["accepted"]) == (1, 1, right, accepted)


# Real documents


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_every_label_has_its_place_in_the_real_documents(name: str, shared: Path) -> None:
    for half in ("a", "b", "c"):
        for file, mine in labels.read(name, half).items():
            text = structure.build(ingest.read(shared / "realdocs" / file)).text
            placed = labels.place(mine, text)
            assert len(placed) == len(mine), file
            assert all(one.span[0] <= other.span[0] for one, other in pairwise(placed)), file


@pytest.fixture(scope="module")
def measured(shared: Path) -> dict[str, float]:
    return labels.figures(labels.measure("a", shared / "realdocs"))


@pytest.mark.shared
@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FLOORS))
def test_half_a_holds_its_floor(name: str, measured: dict[str, float]) -> None:
    assert measured[name] >= FLOORS[name], f"{name} fell to {measured[name]:.3f}, below {FLOORS[name]}"
