"""Fits the confidence of commitments (`pipeline/codebook/commitment_confidence.json`) and says how well it is calibrated.

    python tests/benchmarks/fit_commitment_confidence.py [--write]

Candidates of the coded training passages (`train/commitments.jsonl`, coded once by runs of a language model, not by people)
are labelled by whether their aim is one of the coded aims. Cross-validation is by document; `--write` fits on all and writes.
"""

import argparse
import collections
import json
import os
import sys
from pathlib import Path

import numpy
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import GroupKFold

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
SHARED = Path(os.environ.get("PACTSCOPE_SHARED", ROOT.parent / "shared"))
#: Chosen by cross-validation: C of 0.05 to 0.5 and least counts of 2 to 5 differ by less than 0.003 in F1.
STRENGTH, LEAST = 0.2, 3


def make_doc(nlp, row, gazetteer):
    """The Doc of a passage as an analysis makes it, and the offset of the passage."""
    from pipeline import annotate, metadata
    from pipeline.analyse import passage_document

    given = {name: row.get(name) or "" for name in ("id", "title", "heading", "lead", "kind", "text")}
    document = metadata.describe(passage_document(given), None, gazetteer)
    return annotate._make_doc(nlp, document, annotate.stretches(document, 50_000)[0]), document.blocks[-1].start


def coded_aims(row):
    """Offsets of the coded aims, by the scorer's own rule."""
    sys.path.insert(0, str(SHARED / "gold"))
    import score

    return [(c["start"], c["end"], c["sentence"]) for c in score.locate(row["commitments"], row["text"])], score.sentence_of


def candidates(nlp, component, rows):
    """One (features, label, accepted by the rules, document) for each candidate in a passage."""
    from pipeline.codebook.actors import load_gazetteer
    from pipeline.components.commitments import acceptance

    gazetteer = load_gazetteer(())
    built = [make_doc(nlp, row, gazetteer) for row in rows]
    for row, doc, (_, shift) in zip(rows, nlp.pipe(doc for doc, _ in built), built, strict=True):
        aims, sentence_of = coded_aims(row)
        full = {s for s, n in collections.Counter(s for *_, s in aims).items() if n >= 6}  # gold holds six of a sentence
        for judged in component.judged(doc, component.context(doc)):
            token = doc[judged.candidate.aim]
            at = token.idx - shift
            label = any(start < at + len(token) and at < end for start, end, _ in aims)
            if at >= 0 and (label or sentence_of(row["text"], at) not in full):
                names = acceptance.features(doc, judged.candidate, judged.bearer, judged.doubts)
                yield dict.fromkeys(names, 1), label, not judged.doubts, row["doc"]


def fit(features, labels):
    """Vectoriser and model."""
    counts = collections.Counter(name for one in features for name in one)
    kept = [{name: 1 for name in one if counts[name] >= LEAST} for one in features]
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(vectorizer.fit_transform(kept), labels)
    return vectorizer, model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    from pipeline.annotate import build_nlp
    from pipeline.components.commitments import acceptance
    from pipeline.settings import Settings

    nlp = build_nlp(Settings())
    component = nlp.get_pipe("pact_commitments")
    rows = [json.loads(line) for line in (SHARED / "train" / "commitments.jsonl").read_text(encoding="utf-8").splitlines()]
    features, labels, ruled, groups = map(list, zip(*candidates(nlp, component, rows), strict=True))
    labels, ruled = numpy.array(labels), numpy.array(ruled)
    held = numpy.zeros(len(labels))
    for train, test in GroupKFold(10).split(features, groups=groups):
        vectorizer, model = fit([features[i] for i in train], labels[train])
        held[test] = model.predict_proba(vectorizer.transform([features[i] for i in test]))[:, 1]
    for least in (0.0, 0.3, 0.4, 0.5):
        precision, recall, f1, _ = precision_recall_fscore_support(labels, ruled & (held >= least), average="binary")
        print(f"confidence from {least}: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f} of {len(labels)} candidates")
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        chosen = ruled & (held >= low) & (held < high)
        mean, right = held[chosen].mean(), labels[chosen].mean()
        print(f"confidence {low} to {min(high, 1)}: {chosen.sum()} commitments, mean {mean:.2f}, right {right:.2f}")
    if options.write:
        vectorizer, model = fit(features, labels)
        named = zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)
        weights = {name: round(float(weight), 3) for name, weight in named if abs(weight) >= 0.01}
        data = {"bias": round(float(model.intercept_[0]), 3), "weights": dict(sorted(weights.items()))}
        acceptance.PATH.write_text(json.dumps(data, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{len(weights)} weights written to {acceptance.PATH.name}")


if __name__ == "__main__":
    main()
