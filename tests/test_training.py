"""The training passages of the project: written ones, pointers to real ones, and what may not be in them."""

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from pipeline import training
from pipeline.classify.leave_out import runs
from pipeline.codebook import load_codebook
from pipeline.errors import CatalogueError
from pipeline.training import TRAINING, Pointer

AREAS = [a.id for a in load_codebook().areas]
WRITTEN = [json.loads(line) for line in (TRAINING / training.WRITTEN).read_text("utf-8").splitlines()]


def test_written_passages_are_many_and_of_every_area() -> None:
    count = Counter(a for row in WRITTEN for a in row["areas"])
    assert len(WRITTEN) >= 1500 and len({row["id"] for row in WRITTEN}) == len(WRITTEN)
    assert {a: n for a, n in count.items() if n < 120 or a not in AREAS} == {}
    assert sum(not row["areas"] for row in WRITTEN) >= 500
    assert len({row["text"] for row in WRITTEN}) == len(WRITTEN)


def style(row: dict[str, str]) -> dict[str, float | str]:
    """What a passage looks like: genre, party, region and kind, whether it has a heading and a lead-in, and its length."""
    there = {name: bool(row[name]) for name in ("heading", "lead")}
    return {**{k: row[k] for k in ("genre", "party", "region", "kind")}, **there, "length": np.log(len(row["text"]))}


@pytest.mark.slow
def test_style_does_not_tell_the_labels() -> None:
    """How often a passage with an area ranks before one without (0.5 is chance), by a classifier that sees only style.

    Measured: any area against none 0.48; single areas 0.54 on average and 0.56 at most. Before the fifth part was written to
    spread the areas over the regions, it was 0.60 and 0.70 (hybrid threats were said of the Baltic).
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    truth = np.array([[a in row["areas"] for a in AREAS] for row in WRITTEN])
    groups = [row["group"] for row in WRITTEN]

    seen = [style(row) for row in WRITTEN]

    def auc(wanted: np.ndarray) -> float:
        learner = make_pipeline(DictVectorizer(), LogisticRegression(C=0.1, max_iter=3000))
        out = cross_val_predict(learner, seen, wanted, groups=groups, cv=GroupKFold(5), method="decision_function")
        return float(roc_auc_score(wanted, out))

    assert auc(truth.any(1)) < 0.55
    single = [auc(area) for area in truth.T]
    assert np.mean(single) < 0.56 and max(single) < 0.62, single


@pytest.mark.shared
@pytest.mark.slow
def test_no_written_passage_shares_ten_words_with_a_real_document(shared: Path) -> None:
    names = {run for a in load_codebook().areas for run in runs(a.wording, 10)}
    own: dict[str, str] = {run: row["id"] for row in WRITTEN for run in runs(row["text"], 10) if run.count(" ") == 9}
    texts = [p for p in sorted((shared / "realdocs").rglob("*")) if p.suffix in (".md", ".txt", ".html", ".htm")]
    coded = [*(shared / "train").glob("*.jsonl"), *(shared / "gold").glob("*.jsonl")]
    found = {run: own[run] for p in [*texts, *coded] for run in runs(p.read_text("utf-8", errors="replace"), 10) & own.keys()}
    assert {run: i for run, i in found.items() if run not in names} == {}


@pytest.mark.shared
@pytest.mark.slow
def test_real_passages_are_found_again_in_their_documents(shared: Path) -> None:
    gathered = training.gather(AREAS, documents=shared / "realdocs")
    assert gathered.pointed >= 5500 and gathered.found >= 0.95 * gathered.pointed
    kept = {e.key: e.areas for e in gathered.examples if e.origin == "official"}
    overrides = training.read_overrides(TRAINING / training.OVERRIDES)
    assert {k: kept[k] for k in overrides} == overrides


def test_overrides_give_reasons_and_known_areas() -> None:
    with (TRAINING / training.OVERRIDES).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    pointed = {p.stretch_sha256: p.areas for p in training.read_official(TRAINING / training.OFFICIAL)}
    assert all(r["reason"] and r["stretch_sha256"] in pointed for r in rows)
    assert all(set(r["areas"].split(";")) <= {*AREAS, ""} for r in rows)


DOCUMENT = "# Talks\n\nThey met in the capital of Arvenia.\n\nThe two sides will patrol the strait together from next year.\n"


def pointer(path: Path, text: str, start: int) -> Pointer:
    import hashlib

    words = [w for w, _, _ in training.words_of(text)]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Pointer("https://example.org/talks", digest, start, len(words), training.fingerprint(words), ("maritime",), False)


@pytest.mark.parametrize("start", [8, 3])
def test_a_passage_is_found_by_its_hash_even_where_it_has_moved(tmp_path: Path, start: int) -> None:
    path = tmp_path / "talks.md"
    path.write_text(DOCUMENT, "utf-8")
    text = "The two sides will patrol the strait together from next year."
    (example,), missing = training.rebuild([pointer(path, text, start)], tmp_path)
    assert (example.text, example.areas, example.group, missing) == (text, ("maritime",), "https://example.org/talks", [])


def test_what_is_not_found_is_handed_back(tmp_path: Path) -> None:
    path = tmp_path / "talks.md"
    path.write_text(DOCUMENT, "utf-8")
    lost = pointer(path, "Words that stand nowhere in it.", 0)
    assert training.rebuild([lost], tmp_path) == ([], [lost])


def test_coded_passages_of_a_researcher_are_read(tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_text(
        "text,areas,heading,unsure\nA cable lay cut.,maritime;hybrid,Seas,true\nTea.,,,\n", "utf-8"
    )
    first, second = training.read_coded(tmp_path / "my.csv")
    assert (first.areas, first.heading, first.unsure, first.origin) == (("maritime", "hybrid"), "Seas", True, "own")
    assert second.areas == () and first.group != second.group


def test_a_row_without_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "my.jsonl").write_text('{"text": "Good.", "areas": []}\n{"areas": []}\n', "utf-8")
    with pytest.raises(CatalogueError, match="passage 2 has no text"):
        training.read_coded(tmp_path / "my.jsonl")


def test_labels_need_their_columns(tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_text("text;label\nTea.;space\n", "utf-8")
    for path, message in ((tmp_path / "my.csv", "lacks the column areas"), (tmp_path, "it is a folder")):
        with pytest.raises(CatalogueError, match=message) as caught:
            training.read_coded(path)
        assert "text and areas" in caught.value.advice


def test_overrides_win_over_the_first_coding() -> None:
    example = training.Example("A choir.", ("space",), "one", unsure=True, key="abc")
    (fixed,) = training.corrected([example], {"abc": ()})
    assert (fixed.areas, fixed.unsure) == ((), False)


def test_the_projects_own_passages_stay_out_of_a_codebook_of_another_field(tmp_path: Path) -> None:
    assert training.gather(["water", "soil"]).examples == ()
    assert len(training.gather(AREAS).examples) == len(WRITTEN)
