"""Makes the shipped model and its card: `make_models.py DOCUMENTS GOLD [--transformer]`.

The gold passages' figures come from a model trained for measuring, without their documents; the shipped one is trained on all.
With `--transformer` (needs the extra of that name) a small transformer's embeddings stand in the comparison too.
"""

import sys
from pathlib import Path

from pipeline import modelling
from pipeline.codebook import load_codebook
from pipeline.settings import shipped_models


def main(documents: Path, gold: Path, *, transformer: bool) -> None:
    codebook = load_codebook()
    measuring = modelling.make(codebook, documents=documents, gold=gold)
    name = f"{gold.name}, by model {measuring.trained.model.model_id}, trained without its documents"
    figures = {name: measuring.figures[f"{gold.name}, left out of training"]}
    more = {
        "figures": figures,
        "comparison": modelling.comparison(measuring, codebook, gold, transformer=transformer),
        "learning_curve": modelling.learning_curve(measuring, codebook, gold),
    }
    shipped = modelling.make(codebook, documents=documents)
    print(modelling.write(shipped, shipped_models(), more=more))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), transformer="--transformer" in sys.argv)
