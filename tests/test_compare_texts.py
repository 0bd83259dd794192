"""Alignment, redline, distances, gaps and drafts."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_compare import DOCUMENTS, SMALL, corpus

from pipeline import compare
from pipeline.compare import linking, matching, wording

ALPHABET = st.text(alphabet="ab ,.\né", max_size=40)


@given(ALPHABET, ALPHABET)
@settings(max_examples=200, deadline=None)
def test_a_redline_gives_both_texts_back(a: str, b: str) -> None:
    found = compare.redline(a, b)
    assert "".join(found.loc[found["op"] != "inserted", "text"]) == a
    assert "".join(found.loc[found["op"] != "deleted", "text"]) == b
    assert found["text"].ne("").all()


def test_a_redline_keeps_changed_phrases_whole() -> None:
    text = compare.marked("Both sides will consider holding talks.", "Both sides agree to hold talks.")
    assert text == "Both sides [-will consider holding-]{+agree to hold+} talks."


def test_relations_of_passages() -> None:
    found = compare.align(SMALL).set_index("record_id")
    relations = {key: part["relation"].tolist() for key, part in found.groupby("key")}
    assert relations["draft"] == ["new"] * 4
    assert relations["final"] == ["reworded", "near", "near", "new"]  # a short clause with half of its three-word runs changed
    assert relations["other"] == ["near", "new"]  # the same clause with another partner's name
    assert found.loc[found["key"] == "other", "score"].iloc[0] == 1.0
    clause = found.loc[found["key"] == "other", "clause"].iloc[0]
    assert (found["clause"] == clause).sum() == 3
    assert set(found.loc[found["relation"] == "new", "counterpart"]) == {""}


def test_equal_and_reworded_passages() -> None:
    old = "The two sides will set up a joint office in the harbour of Velmora to watch the cables on the sea bed."
    new = "To watch the cables on the sea bed, a joint office will be set up in the harbour of Velmora by the two sides."
    data = corpus(("a", "2020", "", f": {old}\n: Done at Velmora."), ("b", "2021", "", f": {new}\n: Done at Velmora."))
    assert compare.align(data)["relation"].tolist() == ["new", "new", "reworded", "same"]
    assert compare.align_pair(data, "a", "b")["relation"].tolist() == ["reworded", "same"]


SEA = "The two navies will guard the northern strait against smugglers and report each ship that hides its name and flag."
SKY = "Their pilots will train together every spring above the salt lakes and share the use of both runways in winter."


def test_a_passage_that_was_split_or_merged_stands_beside_each_part() -> None:
    data = corpus(("a", "2020", "", f": {SEA} {SKY}"), ("b", "2021", "", f": {SEA}\n: {SKY}"))
    split = compare.align_pair(data, "a", "b")
    assert split["relation"].tolist() == ["reworded", "reworded"]
    assert split["passage_a"].tolist() == [1, 1]
    merged = compare.align_pair(data, "b", "a")
    assert merged["passage_a"].tolist() == [1, 2]
    assert compare.align(data)["counterpart"].nunique() == 2  # nothing, and the passage that was split
    assert (compare.align(data)["score"].iloc[1:] > 0.9).all()  # each part stands wholly in it


def test_one_key_is_not_taken_for_its_letters() -> None:
    data = corpus(("a1", "2020", "", f": {SEA}"), ("b", "2021", "", f": {SKY}"))
    assert set(compare.align(data, "a1")["key"]) == {"a1"}


def test_what_has_no_date_is_not_the_source_of_what_has() -> None:
    data = corpus(("a", "", "", f": {SEA}"), ("b", "2021", "", f": {SEA}"))
    found = compare.align(data).set_index("key")
    assert found["relation"].to_dict() == {"b": "new", "a": "same"}
    assert compare.novelty(data)["key"].tolist() == ["b", "a"]
    assert compare.template_distance(data).loc["a", "b"] == 0


def test_a_formula_said_twice_has_one_counterpart() -> None:
    data = corpus(("a", "2020", "", f": {SEA}\n: {SKY}"), ("b", "2021", "", f": {SEA}\n: {SKY}\n: {SEA}"))
    assert compare.align_pair(data, "a", "b")["relation"].tolist() == ["same", "same", "only_b"]


def test_a_short_passage_and_a_large_corpus_ask_for_more() -> None:
    assert linking.reworded_from(30, 80) == pytest.approx(0.26)
    assert linking.reworded_from(30, 80) < linking.reworded_from(30, 5000) < linking.reworded_from(30, 50_000)
    assert linking.reworded_from(30, 10**9) == linking.reworded_from(30, 50_000) < 0.42
    assert linking.reworded_from(5, 80) > linking.reworded_from(15, 80) > linking.reworded_from(30, 80)


@given(ALPHABET, ALPHABET)
@settings(max_examples=100, deadline=None)
def test_scores_lie_between_nothing_and_all(a: str, b: str) -> None:
    one, other = linking.texts([wording.words(a), wording.words(b)])
    assert 0 <= linking.part(one, other) <= 1
    assert 0 <= linking.reworded(0.5, one, other, passages=100) <= 1
    assert wording.repeated(other.words, 3, set(wording.runs(one.words, 3))) <= len(other.words)


def test_a_sentence_carried_over_counts_as_reused_where_its_passage_is_new() -> None:
    new = "Engineers from four towns will build cheap turbines, pumps and cold stores for the farms of the dry south."
    data = corpus(("a", "2020", "EU;XAA", f": {SKY} {SEA}"), ("b", "2021", "EU;XAB", f": {new} {SEA} {new} {new}"))
    found = compare.novelty(data).set_index("key")
    assert found.loc["a", "reused"] == 0
    assert found.loc["b", "reused"] == pytest.approx(len(SEA.split()) / len(f"{new} {SEA} {new} {new}".split()))


def test_a_passage_repeated_in_its_own_document_is_no_counterpart() -> None:
    data = corpus(("a", "2020", "", ": The sea is wide and deep today.\n: The sea is wide and deep today."))
    assert compare.align(data)["relation"].tolist() == ["new", "new"]
    assert compare.align_pair(data, "a", "a")["passage_b"].tolist() == [1, 2]


def test_a_pair_side_by_side() -> None:
    found = compare.align_pair(SMALL, "draft", "final")
    assert found["relation"].tolist()[:3] == ["reworded", "near", "near"]
    assert sorted(found["relation"].tolist()[3:]) == ["only_a", "only_b"]
    assert "[-intend to-]{+will+}" in found["redline"].iloc[0]
    assert found["text_a"].iloc[0].startswith("The EU")  # the printed number is no change


def test_distance_tree_and_novelty() -> None:
    distances = compare.template_distance(SMALL)
    assert (distances.to_numpy() == distances.to_numpy().T).all()
    assert distances.loc["draft", "final"] < distances.loc["draft", "other"] < distances.loc["draft", "press"] == 1
    tree = compare.template_tree(distances)
    assert tree[["left", "right"]].iloc[0].tolist() == ["draft", "final"]
    assert tree["documents"].iloc[-1] == 4
    assert compare.newick(tree).count("'") == 8
    assert compare.newick(tree).endswith(";")
    novelty = compare.novelty(SMALL).set_index("key")
    assert novelty.loc["draft", "novelty"] == 1
    assert novelty.loc["final", "nearest"] == "draft"
    assert 0 < novelty.loc["final", "novelty"] < 0.6


def test_equal_documents_have_no_distance() -> None:
    text = DOCUMENTS[0][3]
    data = corpus(("a", "2020", "EU;XAA", text), ("b", "2021", "EU;XAA", text))
    assert compare.template_distance(data).loc["a", "b"] == 0
    assert compare.novelty(data)["novelty"].tolist() == [1, 0]


def test_what_became_firmer_softer_new_and_dropped() -> None:
    found = compare.draft_against_final(SMALL, "draft", "final")
    assert found["verdict"].tolist() == ["firmer", "softer", "changed", "new", "dropped"]
    assert found["changes"].tolist() == ["earlier deadline", "", "more often", "", ""]
    back = compare.draft_against_final(SMALL, "final", "draft")
    assert back["verdict"].tolist() == ["softer", "firmer", "changed", "new", "dropped"]
    assert back["changes"].iloc[2] == "less often"


def test_what_a_press_release_claims_and_leaves_out() -> None:
    found = compare.announcement_gap(SMALL, "press", "final")
    assert found["gap"].tolist() == ["both", "agreement_only", "agreement_only", "agreement_only"]
    assert "share ship data" in found["press_text"].iloc[0]
    assert "share ship data" in found["agreement_text"].iloc[0]
    areas = compare.announced_areas(SMALL, "press", "final").set_index("area")["gap"].to_dict()
    assert areas == {"cyber": "agreement_only", "fimi": "press_only", "maritime": "both", "space": "agreement_only"}


def test_what_is_spoken_of_without_a_commitment_is_mentioned() -> None:
    press = (
        ": The U.S. Navy sails. Arvenia will open a school for divers in Velmora.\n: The EU may lend ten rescue boats to it."
    )
    agreement = ": The EU thanks Arvenia. The school for divers in Velmora has been opened.\n: Arvenia will ban nets."
    data = corpus(("p", "2025", "EU;XAA", press), ("a", "2025", "EU;XAA", agreement))
    found = compare.announcement_gap(data, "p", "a")
    assert found["gap"].tolist() == ["mentioned", "press_only", "agreement_only"]
    assert found["agreement_text"].iloc[0] == "The school for divers in Velmora has been opened."
    assert found["agreement_obligation"].iloc[0] == ""
    assert found["press_obligation"].tolist()[:2] == ["committed", "possible"]


def test_statements_alike_in_few_words_must_be_about_the_same() -> None:
    press = ": Today Arvenia will ban shells.\n: Arvenia will lend ten boats."
    agreement = ": Today Arvenia will repair roads.\n: Arvenia will let boats go."
    found = compare.announcement_gap(corpus(("p", "2025", "", press), ("a", "2025", "", agreement)), "p", "a")
    pairs = found[["gap", "press_object", "agreement_object"]].to_numpy().tolist()
    assert pairs[1] == ["both", "ten boats", "boats go"]
    assert pairs[0][0] == "press_only"
    assert found["score"].between(0.15, 0.3).tolist()[:2] == [True, True]


def test_a_shared_area_counts_for_a_retold_commitment() -> None:
    text = "Arvenia will send two boats."
    data = corpus(("p", "2025", "", f"maritime: {text}"), ("a", "2025", "", f"maritime: {text}\nspace: {text}\n: {text}"))
    sides = [matching.commitments_of(data, key) for key in ("p", "a")]
    assert matching.similarities(*sides, matching.RETOLD).round(2).tolist() == [[1.0, 0.8, 0.9]]


def test_headings_are_announced_by_their_words_too() -> None:
    agreement = "# Sea\nmaritime: Ships.\n# Weapons and other arms control\n: Arms.\n# Cooperation\n: All of it."
    press = (
        "# News\n: Areas:\n- maritime: 1. sea;\n- maritime: 2. ports;\n- : 3. control of arms;\n- : 4. cooperation in sport."
    )
    data = corpus(("p", "2025", "", press), ("a", "2025", "", agreement))
    found = compare.announced_headings(data, "p", ["a"])
    assert found["heading"].tolist() == ["Sea", "Weapons and other arms control", "Cooperation"]
    assert found["announced"].tolist() == ["listed", "listed", ""]
    assert found["press_text"].tolist() == ["sea; | ports;", "control of arms;", ""]


def test_an_item_of_a_list_of_areas_that_no_heading_names_is_shown() -> None:
    press = "# News\n: Areas:\n- maritime: 1. sea;\n- space: 2. moon;\n- : 3. sport."
    data = corpus(("p", "2025", "", press), ("a", "2025", "", "# Sea\nmaritime: Ships."))
    found = compare.announced_headings(data, "p", ["a"])
    assert found[["heading", "areas", "press_text"]].to_numpy().tolist() == [
        ["Sea", "maritime", "sea;"], ["", "space", "moon;"], ["", "", "sport."],
    ]  # fmt: skip


def test_headings_beside_announced_areas() -> None:
    found = compare.announced_headings(SMALL, "press", ["final"])
    assert found["heading"].tolist() == ["Sea", "Space", ""]
    assert found["announced"].tolist() == ["listed", "", "listed"]
    assert found["areas"].tolist() == ["maritime", "space", "fimi"]
    assert found[["n_paragraphs", "n_commitments"]].to_numpy().tolist() == [[2, 2], [2, 2], [0, 0]]


@pytest.fixture(scope="module")
def sample(corpus: Path) -> dict[str, pd.DataFrame]:
    """The tables of the sample corpus, made anew."""
    from pipeline.analyse import Analyser
    from pipeline.dataset import frames_of
    from pipeline.ingest.catalogue import read_catalogue
    from pipeline.settings import Settings

    analyser = Analyser(Settings(gazetteers=(corpus / "actors.csv",)))
    entries = {entry.key: entry for entry in read_catalogue(corpus / "catalogue.csv")}
    paths = [path for path in sorted((corpus / "documents").iterdir()) if path.stem.startswith("eu-")]
    parts = [frames_of(analyser.analyse(path, entries[path.stem])) for path in paths]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


EXPECTED = json.loads((Path(__file__).resolve().parent.parent / "corpus" / "expected.json").read_text("utf-8"))
AGREEMENTS = sorted(EXPECTED["agreements"])
FREQUENCIES = ("strategic_dialogue", "cyber_dialogue")


def plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


@pytest.mark.model
@pytest.mark.slow
def test_the_changes_from_draft_to_final_come_out(sample: dict[str, pd.DataFrame]) -> None:
    found = compare.draft_against_final(sample, "eu-arvenia-sdp-draft", "eu-arvenia-sdp")
    texts = found["text_final"].map(plain)
    right: dict[str, list[bool]] = {"firmer": [], "new": [], "more often": []}
    for change in EXPECTED["draft_to_final"]:
        hits = found[texts.str.contains(plain(change["final"]), regex=False)]
        kind = next((k for k in right if k in change["change"]), "new" if "added" in change["change"] else "")
        if kind and change["final_number"] != "7":  # a lead-in: its items became firmer
            said = hits["changes"] if kind == "more often" else hits["verdict"]
            right[kind].append(bool(said.str.contains(kind).any()))
    item = found[texts.str.startswith("exchange early-warning")].iloc[0]
    assert (item["verdict"], item["changes"]) == ("firmer", "more often")
    assert sum(right["firmer"]) >= 9  # of 10
    assert sum(right["new"]) >= 3  # of 4
    assert sum(right["more often"]) >= 2  # of 3; one frequency of the draft is in brackets
    for words, change in (
        ("a Centre for Infrastructure Resilience", "condition dropped"),
        ("action plan within six months", "shorter deadline"),
        ("when either side asks", "condition dropped"),
        ("mediation advisers at the request", "lead-in changed"),
    ):
        assert found.loc[texts.str.contains(plain(words), regex=False), "changes"].str.contains(change).any(), words
    assert (found["verdict"] == "dropped").sum() <= 3  # the covering note
    assert (found["verdict"] == "softer").sum() == 0


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("key", AGREEMENTS)
def test_areas_and_paragraphs_of_the_agreements_come_out(sample: dict[str, pd.DataFrame], key: str) -> None:
    found = compare.announced_headings(sample, "eu-arvenia-press", [key])  # announces all ten areas
    under = found[found["heading"] != ""]
    for area, numbers in EXPECTED["documents"][key]["areas_under_headings"].items():
        assert len(numbers) in under.loc[under["areas"].str.contains(area), "n_paragraphs"].tolist(), area
    left_out = {area for area in EXPECTED["agreements"][key]["areas_left_out"] if " " not in area}
    assert set(found.loc[found["heading"] == "", "areas"]) == left_out


@pytest.mark.model
@pytest.mark.slow
def test_firmness_and_frequencies_of_the_agreements_come_out(sample: dict[str, pd.DataFrame]) -> None:
    found = compare.firmness(sample, n=0).query("area == '(all)'").set_index("group")["mean_level"]
    order = ["eu-belmark-sdp", "eu-arvenia-sdp-draft", "eu-arvenia-sdp", "eu-dravonia-sdp", "eu-estmere-fpa"]
    assert found[order].is_monotonic_increasing
    fora = compare.mechanism_table(sample, AGREEMENTS)
    said = {key: " | ".join(part["frequencies"]) for key, part in fora.groupby("key")}
    right = {what: [EXPECTED["agreements"][key][what] in said[key] for key in AGREEMENTS] for what in FREQUENCIES}
    assert sum(right["strategic_dialogue"]) >= 3  # of 4
    assert sum(right["cyber_dialogue"]) >= 3
    committee = fora[(fora["key"] == "eu-arvenia-sdp") & fora["names"].str.contains("Security and Defence Committee")]
    assert committee["frequencies"].tolist() == ["every six months"]
    assert fora.query("key == 'eu-belmark-sdp' and forum == 'committee'")["frequencies"].tolist() == [""]
    bound = compare.who_is_bound(sample, n=0).set_index("dyad")
    assert bound.loc["EU-XAB", "asymmetry"] < 0 < bound.loc["EU-XAA", "asymmetry"]


@pytest.mark.model
@pytest.mark.slow
def test_deadlines_of_the_agreements_come_out(sample: dict[str, pd.DataFrame]) -> None:
    ledger = compare.due_ledger(sample)
    times = {key: " | ".join(part["time"]) for key, part in ledger.groupby("key")}
    wanted = [
        (key, EXPECTED["agreements"][key][what])
        for key in AGREEMENTS
        for what in ("urgent_consultations", "review", "action_plan", "attack_notice")
    ]
    wanted = [(key, time) for key, time in wanted if re.match(r"within|every|once", time)]
    assert sum(time in times[key] for key, time in wanted) >= 9  # of 10
    arvenia = ledger[ledger["key"] == "eu-arvenia-sdp"]
    assert "2025-12-31" in arvenia.loc[arvenia["text"].str.contains("field hospital"), "due"].tolist()


@pytest.mark.model
@pytest.mark.slow
def test_what_was_announced_comes_out_beside_the_agreements(sample: dict[str, pd.DataFrame]) -> None:
    found = compare.announcement_gap(sample, "eu-dravonia-press", "eu-dravonia-sdp")
    texts = [(gap, plain(a), plain(b)) for gap, a, b in found[["gap", "press_text", "agreement_text"]].to_numpy()]
    assert any(gap == "mentioned" and "within 72 hours" in a and "within 72 hours" in b for gap, a, b in texts)
    assert any(
        gap == "both" and "expand the joint operations" in a and "expand their joint operations" in b for gap, a, b in texts
    )
    assert any(gap == "both" and "high-risk supplier" in a and "high-risk suppliers" in b for gap, a, b in texts)
    areas = compare.announced_areas(sample, "eu-corvia-dialogue-press", "eu-corvia-sdp").set_index("area")["gap"]
    assert areas.eq("both").sum() >= 9
    headings = compare.announced_headings(sample, "eu-corvia-dialogue-press", ["eu-corvia-sdp"])
    added = EXPECTED["agreements"]["eu-corvia-sdp"]["areas_added"]
    assert headings.loc[headings["heading"].isin(added), "announced"].tolist() == ["listed", "listed"]
    assert headings.loc[headings["heading"] == "", "press_text"].tolist() == ["training and education of officers."]


@pytest.mark.model
@pytest.mark.slow
def test_the_template_of_the_agreements_comes_out(sample: dict[str, pd.DataFrame]) -> None:
    aligned = compare.align(sample)
    distances = compare.template_distance(sample, aligned=aligned)
    tree = compare.template_tree(distances)
    assert {tree["left"].iloc[0], tree["right"].iloc[0]} == {"eu-arvenia-sdp", "eu-arvenia-sdp-draft"}
    for key in AGREEMENTS[1:]:
        assert distances.loc["eu-arvenia-sdp", key] < distances.loc["eu-estmere-fpa", key]
    novelty = compare.novelty(sample, aligned=aligned).set_index("key")
    assert novelty.loc["eu-arvenia-sdp", "reused"] > 0.8
    assert novelty.loc["eu-arvenia-sdp", "nearest"] == "eu-arvenia-sdp-draft"
    gap = compare.announcement_gap(sample, "eu-dravonia-press", "eu-dravonia-sdp")
    both = gap[gap["gap"] == "both"]
    assert any(
        "visa policy" in a and "visa policy" in b for a, b in zip(both["press_text"], both["agreement_text"], strict=True)
    )


@pytest.mark.shared
@pytest.mark.model
@pytest.mark.slow
def test_two_statements_of_one_series_are_aligned(shared: Path) -> None:
    from pipeline.analyse import Analyser
    from pipeline.dataset import frames_of

    folder, analyser = shared / "realdocs" / "us-joint-statements", Analyser()
    paths = [
        folder / "2023-05-20-quad-leaders-joint-statement.md",
        next(folder.glob("2024-09-21-the-wilmington-declaration*.md")),
    ]
    parts = [frames_of(analyser.analyse(path)) for path in paths]
    data = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}
    found = compare.align_pair(data, *(part["documents"]["key"].iat[0] for part in parts))
    both = found[~found["relation"].isin(["only_a", "only_b"])]
    assert 20 <= len(both) <= 35  # 25 when read by hand, 23 of them right
    for word in ("Myanmar", "North Korea", "IPMDA", "IORA", "terrorism", "ASEAN Outlook", "2050 Strategy"):
        sides = both["text_a"].str.contains(word) & both["text_b"].str.contains(word)
        assert sides.any(), word
    outlook = both.loc[both["text_a"].str.contains("ASEAN Outlook"), "record_id_b"]
    assert outlook.nunique() == len(outlook) >= 2  # one passage became two
