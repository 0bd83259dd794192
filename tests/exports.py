"""Datasets with their texts for the tests of exports, made without a model."""

from pathlib import Path

import fakes

from pipeline import batch, dataset

#: Words outside the basic plane before an actor, a tab, a carriage return, a no-break space, what looks like a formula.
ODD = (
    "# A 🎉 for Arvenia\n=Arvenia will\tmeet Belmark’s dialogue 🎉 team by 2031.\r\n"
    "+ 5\u00a0% {more} & Belmark_ will go under the Karsund Pact.\n"
)


def make(folder: Path, *texts: str, corrections: str = "") -> dataset.Dataset:
    """The dataset of texts, in `folder/out`; `corrections` are lines of `corrections.csv` without header."""
    folder.mkdir(exist_ok=True)
    jobs = []
    for i, text in enumerate(texts, 1):
        path = folder / f"text-{i}.txt"
        path.write_bytes(text.encode())
        jobs.append(batch.Job(path))
    out = folder / "out"
    batch.run(jobs, out, make_analyser=fakes.make, settings_id=fakes.SETTINGS)
    dataset.build(out)
    if corrections:
        (out / "corrections.csv").write_text(f"record_id,field,value,who,why\n{corrections}", "utf-8")
    return dataset.load_dataset(out)
