"""Cost of the comparisons: `python tests/benchmarks/bench_compare.py [DATASET]`. Prints figures and asserts nothing.

The documents are those of the dataset (by default the sample corpus) many times over, each time under another key and date. Of
the passages of a copy a third stay, a third have one word in four exchanged, and a third are words drawn from all documents, so
that there are clauses that are the same, reworded and new. Seconds are those of one core, whatever else the machine does.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import compare
from pipeline.compare import frames

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
TABLES = ("documents", "passages", "mentions", "commitments", "mechanisms", "instruments")
Frames = dict[str, pd.DataFrame]
EXCHANGED = (0.0, 0.25, 1.0)


def sample() -> Frames:
    """The tables of the dataset named on the command line, or of the sample corpus."""
    if sys.argv[1:]:
        from pipeline.dataset import load_dataset

        data = load_dataset(sys.argv[1])
        return {name: getattr(data, name) for name in TABLES}
    from pipeline.analyse import Analyser
    from pipeline.dataset import frames_of
    from pipeline.ingest.catalogue import read_catalogue
    from pipeline.settings import Settings

    analyser = Analyser(Settings(gazetteers=(CORPUS / "actors.csv",)))
    entries = {entry.key: entry for entry in read_catalogue(CORPUS / "catalogue.csv")}
    parts = [frames_of(analyser.analyse(path, entries[path.stem])) for path in sorted((CORPUS / "documents").iterdir())]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in TABLES}


def many(data: Frames, n: int) -> Frames:
    """`n` documents made of those of `data`, the same each time."""
    rng = random.Random(0)
    words = [word for text in data["passages"]["text"] for word in text.split()]
    keys = sorted(data["documents"]["key"])
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    by_key = {name: dict(list(data[name].groupby("key"))) for name in TABLES}
    for i in range(n):
        old, new = keys[i % len(keys)], f"document-{i:05d}"
        for name in TABLES:
            if old in by_key[name]:
                parts[name].append(copied(by_key[name][old], new, rng=rng, words=words))
    return {name: pd.concat(found, ignore_index=True) for name, found in parts.items()}


def copied(part: pd.DataFrame, key: str, *, rng: random.Random, words: list[str]) -> pd.DataFrame:
    """The rows of one document as those of another."""
    doc_id = part["doc_id"].iat[0]
    named = part.assign(key=key, doc_id=key)
    for column in ("record_id", "passage_id"):
        if column in named:
            named[column] = named[column].str.replace(doc_id, key, regex=False)
    if "date" in named:
        named["date"] = f"{rng.randint(2010, 2025)}-{rng.randint(1, 12):02d}"
    if "lead_in" in named:
        named["text"] = [exchanged(text, rng.choice(EXCHANGED), rng, words) for text in named["text"]]
    return named


def exchanged(text: str, share: float, rng: random.Random, words: list[str]) -> str:
    return " ".join(rng.choice(words) if rng.random() < share else word for word in text.split())


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time that a call takes, and what it returns."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def alignment(data: Frames) -> None:
    """Time for each passage at 500, 1,000 and 2,000 documents; 1.0 throughout were exactly linear."""
    first = 0.0
    for n in (500, 1000, 2000):
        documents = many(data, n)
        seconds, found = timed(lambda documents=documents: compare.align(documents))
        each = 1000 * seconds / len(found)
        first = first or each
        shares = found["relation"].value_counts(normalize=True).round(2).to_dict()
        print(
            f"align {n:5d} documents, {len(found):6d} passages: {seconds:5.1f} s, {each:.2f} ms each, {each / first:.2f}",
            shares,
        )


def everything(data: Frames, n: int = 500) -> None:
    """All comparisons of one dataset, by every grouping."""
    documents = many(data, n)
    keys = sorted(documents["documents"]["key"])[:2]
    total, aligned = timed(lambda: compare.align(documents))
    distances = compare.template_distance(documents, aligned=aligned)
    calls: dict[str, Callable[[], Any]] = {
        "template_distance": lambda: compare.template_distance(documents, aligned=aligned),
        "template_tree": lambda: compare.newick(compare.template_tree(distances)),
        "novelty": lambda: compare.novelty(documents, aligned=aligned),
        "areas_over_time": lambda: compare.areas_over_time(documents),
        "announced_headings": lambda: compare.announced_headings(documents, keys[0], keys[1:]),
    }
    for function in ("area_profile", "firmness", "firmness_counts"):
        calls |= {f"{function} {by}": lambda f=function, by=by: getattr(compare, f)(documents, by=by) for by in frames.BY}
    calls |= {f"keyness {by}": lambda by=by: compare.keyness(documents, by) for by in frames.BY}
    for function in ("who_is_bound", "due_ledger", "actor_network", "instrument_network", "mechanism_table", "mechanism_grid"):
        calls[function] = lambda f=function: getattr(compare, f)(documents)
    for function in ("align_pair", "announcement_gap", "announced_areas", "draft_against_final"):
        calls[function] = lambda f=function: getattr(compare, f)(documents, *keys)
    seconds = {"align": total} | {name: timed(call)[0] for name, call in calls.items()}
    slowest = sorted(seconds, key=lambda name: -seconds[name])[:6]
    print(f"all comparisons, {n} documents: {sum(seconds.values()):.1f} s (under 60)")
    print("  slowest:", ", ".join(f"{name} {seconds[name]:.1f}" for name in slowest))


if __name__ == "__main__":
    found = sample()
    everything(found)
    alignment(found)
