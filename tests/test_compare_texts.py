"""Alignment, redline, distances, gaps and drafts."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_compare import DOCUMENTS, SMALL, corpus

from pipeline import compare

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
    cyber = fora[(fora["forum"] == "dialogue") & (fora["area"] == "cyber_emerging_tech")].set_index("key")["frequencies"]
    expected = {key: EXPECTED["agreements"][key]["cyber_dialogue"] for key in AGREEMENTS}
    assert sum(expected[key] in cyber[key] for key in AGREEMENTS) >= 3
    bound = compare.who_is_bound(sample, n=0).set_index("dyad")
    assert bound.loc["EU-XAB", "asymmetry"] < 0 < bound.loc["EU-XAA", "asymmetry"]


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
