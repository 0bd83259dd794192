"""Evaluation: figures by hand and against the gold passages' own scorer, intervals, calibration, mistakes, agreement."""

import copy
import importlib.util
import json
import math
import random
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.codebook import Codebook, load_codebook
from pipeline.errors import CatalogueError, SettingsError
from pipeline.evaluate import Evaluation, agreement, evaluate, write_page
from pipeline.evaluate.calibration import brier, calibration_error, reliability
from pipeline.evaluate.evaluation import Curve
from pipeline.evaluate.matching import bare, match, place, same_actor, sentence_starts, sentences
from pipeline.evaluate.mistakes import Mark
from pipeline.evaluate.page import html, markdown, pieces
from pipeline.evaluate.rows import read_pairs
from pipeline.evaluate.scores import Figure, score

Row = dict[str, Any]
TEXT = "We will deepen talks with Belmark by 2031. The Parties intend to share ice charts & <b>maps</b>."
DEEPEN = {"actor": "We", "cue": "will", "aim": "deepen", "obligation": "committed", "stage": "continuing", "time": "by 2031"}
SHARE = {"actor": "The Parties", "cue": "intend to", "aim": "share", "obligation": "intended", "stage": "new", "time": None}


@pytest.fixture
def book(tmp_path: Path) -> Codebook:
    """A codebook of another field: three areas, not ten."""
    path = tmp_path / "book.toml"
    areas = "".join(f'[[areas]]\nid = "{a}"\nname = "{a.title()}"\n' for a in ("ice", "snow", "rain"))
    path.write_text('name = "Weather"\nversion = "1"\n' + areas, "utf-8")
    return load_codebook(path)


def write(path: Path, *rows: Row) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def gold_row(name: str, areas: str = "", **more: Any) -> Row:
    return {"id": name, "text": TEXT, "areas": areas.split(), **more}


def coded_row(name: str, areas: str = "", **more: Any) -> Row:
    return {"id": name, "areas": [{"area": a, "probability": 0.9} for a in areas.split()], **more}


@pytest.fixture
def weather(tmp_path: Path, book: Codebook) -> Evaluation:
    """Four passages of three documents with one mistake of nearly every kind."""
    actors = [{"text": "Belmark", "actor_id": "XAB"}, {"text": "the United Nations", "actor_id": "UN"}]
    gold = write(
        tmp_path / "gold.jsonl",
        gold_row("a", "ice snow", doc="1", title="Pact of Arvenia", commitments=[DEEPEN, SHARE], actors=actors),
        gold_row("b", "ice", doc="1"),
        gold_row("c", "", doc="2"),
        gold_row("d", "ice", doc="3", commitments=[SHARE]),
    )
    first = {**DEEPEN, "aim_start": 8, "time": None, "rule": "verb"}
    second = {**SHARE, "aim": "maps", "aim_start": TEXT.index("maps")}
    linked = [{"text": "United Nations", "actor_id": "UNO"}, {"text": "Parties", "actor_id": ""}]
    coded = write(
        tmp_path / "coded.jsonl",
        coded_row("a", "ice rain", commitments=[first, second], actors=linked),
        coded_row("b", "ice"),
        coded_row("c", "snow"),
        {"id": "d", "failed": "no words"},
    )
    return evaluate(gold, coded, codebook=book)


def test_figures_by_hand(weather: Evaluation) -> None:
    assert (weather.passages, weather.documents, weather.missing, weather.failed) == (4, 3, (), {"d": "no words"})
    ice, snow, rain = weather.areas
    assert (ice.support, ice.given, ice.precision.value) == (3, 2, 1.0)
    assert (ice.recall.value, ice.f1.value, snow.f1.value) == (pytest.approx(2 / 3), 0.8, 0.0)
    assert math.isnan(rain.recall.value) and rain.f1.value == 0
    value = {name: figure.value for name, figure in weather.figures.items()}
    assert value["area_macro_f1"] == pytest.approx(0.4)  # rain has no gold passage and does not count
    assert value["area_micro_f1"] == 0.5
    assert value["area_false_alarm_rate"] == 1
    assert (value["commitment_p"], value["commitment_r"]) == (0.5, pytest.approx(1 / 3))
    assert value["commitment_sentence_f1"] == 0.8
    assert (value["obligation_accuracy"], value["attribute_accuracy"], value["time_f1"]) == (1, 1, 0)
    assert (value["actor_f1"], value["actor_id_accuracy"]) == (0.5, 0)


def test_mistakes_are_grouped_the_commonest_first(weather: Evaluation) -> None:
    found = {(g.part, g.kind, g.what): g.count for g in weather.groups}
    assert found == {
        ("areas", "missed", "ice"): 1,
        ("areas", "missed", "snow"): 1,
        ("areas", "invented", "rain"): 1,
        ("areas", "invented", "snow"): 1,
        ("commitments", "missed", "intended"): 2,
        ("commitments", "invented", "intended"): 1,
        ("commitments", "wrong time", "missed"): 1,
        ("actors", "missed", "organisation"): 1,
        ("actors", "invented", "unknown"): 1,
        ("actors", "wrong id", "UN → UNO"): 1,
    }
    assert weather.groups[0].count == 2


def test_confusion_says_what_was_given_where_an_area_was_missed(weather: Evaluation) -> None:
    assert weather.confusion.given == {("snow", "rain"): 1, ("", "snow"): 1}
    assert weather.confusion.nothing == {"ice": 1}


def test_without_probabilities_there_is_no_calibration(weather: Evaluation) -> None:
    assert weather.calibration is None
    assert "gives no probabilities" in markdown(weather) and "gives no probabilities" in html(weather)


def test_the_page_shows_the_learning_curve_of_the_model(weather: Evaluation) -> None:
    assert "--learning-curve" in markdown(weather) and "--learning-curve" in html(weather)
    scores = {"macro_f1": (0.4, 0.7), "micro_f1": (0.5, 0.8), "false_alarms": (0.2, 0.1)}
    points = [
        {"documents": size, "passages": 10 * size, "score": score, "value": value, "low": value - 0.1, "high": value + 0.1}
        for index, size in enumerate((2, 4))
        for score, value in ((score, values[index]) for score, values in scores.items())
    ]
    known = replace(weather, curve=Curve.of_card({"learning_curve": {"judged": "<gold>", "points": points}}))
    assert "| 4 | 40 | 0.700 (0.60 to 0.80) | 0.800 (0.70 to 0.90) | 0.100 (0.00 to 0.20) |" in markdown(known)
    page = html(known)
    assert "&lt;gold&gt;" in page and '<polyline class="micro_f1" points="50.0,50.0 100.0,20.0' in page
    assert known.as_dict()["learning_curve"]["points"][0]["documents"] == 2


def test_the_page_escapes_texts_and_marks_words(weather: Evaluation, tmp_path: Path) -> None:
    page = html(weather)
    assert "<b>maps</b>" not in page and "&lt;b&gt;" in page
    assert '<mark class="aim coded gold">deepen</mark>' in page
    assert '<mark class="aim coded">maps</mark>' in page
    assert "://" not in page and "<script" not in page
    write_page(weather, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == page


def test_a_page_has_a_name_that_says_what_it_is(weather: Evaluation, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ends in \.html or \.md"):
        write_page(weather, tmp_path / "page.pdf")
    assert not list(tmp_path.glob("*.pdf"))


def test_markdown_and_json_hold_no_text(weather: Evaluation, tmp_path: Path) -> None:
    write_page(weather, tmp_path / "page.md")
    plain = json.dumps(weather.as_dict(), allow_nan=False)
    for summary in ((tmp_path / "page.md").read_text("utf-8"), plain):
        assert "talks" not in summary and "Arvenia" not in summary
    assert "| Areas, macro-F1 | 0.400 |" in (tmp_path / "page.md").read_text("utf-8")
    assert weather.as_dict()["areas"][2]["recall"]["value"] is None


def test_pieces_are_cut_at_every_end_of_a_mark() -> None:
    marks = [Mark(0, 4, "gold", "aim"), Mark(2, 6, "coded", "cue"), Mark(7, 99, "coded", "cue")]
    found = list(pieces("abcdefg", marks))
    assert found == [("ab", "aim gold"), ("cd", "aim coded cue gold"), ("ef", "coded cue"), ("g", "")]


@pytest.mark.parametrize(
    ("commitment", "start"),
    [
        ({"aim": "act", "aim_start": 3}, 3),
        ({"aim": "act", "cue": "will"}, 16),  # after its cue, not inside "active"
        ({"aim": "act", "cue": "will", "sentence_start": "They"}, 30),
        ({"aim": "sing", "cue": "will"}, -1),
        ({"aim": "act now and then again"}, -1),  # five words are no aim
        ({"aim": ""}, -1),
    ],
)
def test_an_aim_has_its_place(commitment: Row, start: int) -> None:
    assert place([commitment], "We active, will act now. They act.")[0].start == start


def test_the_same_word_twice_has_two_places() -> None:
    assert [s.start for s in place([{"aim": "act"}, {"aim": "act"}], "to act and act")] == [3, 11]


def test_statements_match_once_and_those_without_a_place_never() -> None:
    gold = place([{"aim": "a", "aim_start": 0}, {"aim": "gone"}], "a b c")
    coded = place([{"aim": "a b", "aim_start": 0}, {"aim": "a", "aim_start": 0}, {"aim": "lost"}], "a b c")
    assert [c.aim for _, c in match(gold, coded)] == ["a b"]
    assert sentences(gold) & sentences(coded) == {0}
    assert len(sentences(coded)) == 2


def test_sentences_and_names() -> None:
    text = "One. Two; 3 lines. “Four.” but not five."
    assert [text[s] for s in sentence_starts(text)] == ["O", "T", "3", "“"]
    assert [bare(n) for n in ("The Corvian’s", "[We]", None)] == ["corvian", "we", ""]
    assert same_actor("the Parties", "Parties to this pact") and not same_actor("the Parties", "")
    assert not same_actor("EU", "EULEX") and not same_actor("we", "we and all of our friends")


def test_intervals_come_from_documents_and_their_sums(tmp_path: Path, book: Codebook) -> None:
    rng = random.Random(7)
    gold, coded = [], []
    for i in range(60):
        areas = rng.choice(["ice", "snow", "ice snow", ""])
        gold.append(gold_row(str(i), areas, doc=str(i % 20)))
        coded.append(coded_row(str(i), areas if rng.random() < 0.8 else "ice"))
    pairs = read_pairs(write(tmp_path / "g.jsonl", *gold), write(tmp_path / "c.jsonl", *coded))
    figures, _ = score(pairs, ["ice", "snow", "rain"], frozenset(), seed=1)
    f1 = figures["area_micro_f1"]
    # The same bootstrap the slow way: draw documents, score them anew.
    slow = []
    for weights in np.random.default_rng(1).multinomial(20, np.full(20, 1 / 20), size=1000)[:200]:
        drawn = [p for p in pairs for _ in range(weights[int(p.passage.document)])]
        slow.append(score(drawn, ["ice", "snow", "rain"], frozenset(), resamples=0)[0]["area_micro_f1"].value)
    assert f1.low == pytest.approx(np.percentile(slow, 2.5), abs=0.02)
    assert f1.low < f1.value < f1.high == pytest.approx(np.percentile(slow, 97.5), abs=0.02)
    assert score(pairs, ["ice", "snow", "rain"], frozenset(), seed=1)[0]["area_micro_f1"] == f1


def test_a_single_document_has_no_interval(tmp_path: Path, book: Codebook) -> None:
    files = [write(tmp_path / n, gold_row("a", "ice", doc="1"), gold_row("b", "", doc="1")) for n in ("g.jsonl", "c.jsonl")]
    figure = evaluate(*files, codebook=book).figures["area_macro_f1"]
    assert figure.value == 1 and math.isnan(figure.low)


def test_calibration_of_known_probabilities() -> None:
    said, truth = np.repeat([0.1, 0.9], 50), np.tile([1.0] * 5 + [0.0] * 5, 10)
    assert brier(said, truth) == pytest.approx((0.01 + 0.81) / 2)
    assert calibration_error(said, truth) == pytest.approx(0.4)
    exact = np.array([1.0] * 5 + [0.0] * 5)
    assert calibration_error(exact, exact) == brier(exact, exact) == 0
    assert [(b.low, b.count, b.observed) for b in reliability(said, truth)] == [(0.1, 50, 0.5), (0.9, 50, 0.5)]
    assert reliability(np.array([1.0]), np.array([1.0]))[0].high == 1.0


def test_equal_probabilities_are_judged_together_in_any_order() -> None:
    said, truth = np.full(100, 0.2), np.array([1.0] * 20 + [0.0] * 80)
    assert calibration_error(said, truth) == pytest.approx(0)
    assert calibration_error(said, np.roll(truth, 37)) == pytest.approx(0)


def test_calibration_averages_areas_with_ten_positives_and_skips_incomplete_rows(tmp_path: Path, book: Codebook) -> None:
    gold = [gold_row(str(i), "ice" if i % 2 else "snow" if i < 10 else "") for i in range(40)]
    coded: list[Row] = [coded_row(str(i), probabilities={"ice": i % 2, "snow": 0.5, "rain": 0.0}) for i in range(39)]
    coded.append(coded_row("39", probabilities={"ice": 1}))
    found = evaluate(write(tmp_path / "g.jsonl", *gold), write(tmp_path / "c.jsonl", *coded), codebook=book).calibration
    assert found and found.passages == 39
    assert (found.error, found.error_by_chance) == (0, 0)  # ice alone; snow has five positives
    assert found.areas[1].error == pytest.approx(0.5 - 5 / 39)
    assert found.brier == pytest.approx((0 + 0.25 + 0) / 3)


def test_agreement_of_two_coders(tmp_path: Path, book: Codebook) -> None:
    first = [gold_row("a", "ice"), gold_row("b", "ice"), gold_row("c"), gold_row("d"), gold_row("e", "snow")]
    second = [gold_row("a", "ice"), gold_row("b"), gold_row("c"), gold_row("d"), gold_row("f")]
    found = agreement(write(tmp_path / "1.jsonl", *first), write(tmp_path / "2.jsonl", *second), codebook=book)
    assert (found.passages, found.only_first, found.only_second) == (4, 1, 1)
    # By hand: 2 of 8 values disagree; 2 * 3 * 5 / (8 * 7) would by chance.
    assert found.alpha["ice"] == pytest.approx(1 - 0.25 / (30 / 56))
    assert math.isnan(found.alpha["snow"])
    assert found.figures["area_macro_f1"].value == pytest.approx(2 / 3)
    assert all(name.endswith("_f1") for name in found.figures)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": "z"}], "codes no passage"),
        ([coded_row("a", "hail")], "no area hail"),
        ([coded_row("a"), coded_row("a")], "line 2 repeats the id 'a'"),
        ([{"areas": []}], "line 1 has no id"),
        ([{"id": "a", "areas": [{"name": "ice"}]}], "'a' has a part of the wrong form"),
        ([{"id": "a", "probabilities": {"ice": 1.2}}], "1.2 is not a probability"),
        ([{"id": "a", "text": "Other words."}], "'a' has another text"),
    ],
)
def test_unusable_files_are_named(rows: list[Row], message: str, tmp_path: Path, book: Codebook) -> None:
    gold, coded = write(tmp_path / "gold.jsonl", gold_row("a", "ice")), write(tmp_path / "coded.jsonl", *rows)
    with pytest.raises(CatalogueError, match=message):
        evaluate(gold, coded, codebook=book)


def load_scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def spoiled(row: Row, rng: random.Random, areas: list[str]) -> Row:
    """A gold row coded badly: things left out, added, and changed."""
    row = copy.deepcopy(row)
    row["areas"] = [a for a in row["areas"] if rng.random() < 0.8] + rng.sample(areas, rng.choice([0, 0, 1]))
    row["commitments"] = [c for c in row["commitments"] if rng.random() < 0.8]
    for c in row["commitments"]:
        c.update(rng.choice([{}, {"stage": "new"}, {"time": "by 2031"}, {"time": None}, {"actor": "all of the Parties"}]))
        c.update(
            rng.choice([{}, {"obligation": "possible"}, {"negated": True}, {"aim_start": rng.randrange(len(row["text"]))}])
        )
    row["actors"] = [a for a in row["actors"] if rng.random() < 0.8] + [{"text": "Estmere", "actor_id": "XAE"}]
    for a in row["actors"]:
        a["actor_id"] = rng.choice([a["actor_id"], a["actor_id"], "XAA"])
    return row


def same_as_scorer(shared: Path, gold: Path, coded: Path) -> None:
    scorer = load_scorer(shared)
    theirs = scorer.score(scorer.read(gold), scorer.read(coded))
    ours = evaluate(gold, coded, resamples=0)
    for name, figure in ours.figures.items():
        assert defined(figure) == pytest.approx(theirs[name], abs=1e-12), name
    assert ours.figures.keys() == theirs.keys() - {"areas"}
    assert {a.area for a in ours.areas} == theirs["areas"].keys()
    for a in ours.areas:
        other = theirs["areas"][a.area]
        assert (a.support, defined(a.precision), defined(a.recall)) == (other["n"], other["p"], other["r"])
        assert defined(a.f1) == pytest.approx(other["f"], abs=1e-12)


def defined(figure: Figure) -> float:
    """The scorer writes 0 for what is not defined."""
    return 0.0 if math.isnan(figure.value) else figure.value


@pytest.mark.shared
@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_figures_are_those_of_the_scorer(seed: int | None, shared: Path, tmp_path: Path) -> None:
    gold = shared / "gold" / "dev.jsonl"
    rows = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
    if seed:
        rng, areas = random.Random(seed), [a.id for a in load_codebook().areas]
        rows = [spoiled(row, rng, areas) for row in rows if rng.random() < 0.95]
    same_as_scorer(shared, gold, write(tmp_path / "coded.jsonl", *rows))


@pytest.mark.shared
@pytest.mark.model
@pytest.mark.slow
def test_figures_are_those_of_the_scorer_on_real_codes(shared: Path, tmp_path: Path) -> None:
    from pipeline.cli import app

    gold = shared / "gold" / "dev.jsonl"
    sample = tmp_path / "sample.jsonl"
    sample.write_text("".join(gold.read_text("utf-8").splitlines(keepends=True)[:60]), "utf-8")
    result = CliRunner().invoke(app, ["code", str(sample), "--out", str(tmp_path / "coded.jsonl")])
    assert result.exit_code == 0, result.output
    same_as_scorer(shared, sample, tmp_path / "coded.jsonl")
    same_as_scorer(shared, gold, tmp_path / "coded.jsonl")
