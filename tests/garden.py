"""A codebook of another field and coded passages for it, for the tests of classifiers."""

from pathlib import Path

from pipeline.classify.passages import Example
from pipeline.codebook.areas import Codebook, load_codebook

GARDEN = """
name = "Work in gardens"
version = "0.1"
[headings.list_item]
heading = 0.5
lead_in = 0.5
[[areas]]
id = "water"
[[areas.terms]]
any = ["watering", "irrigation", "drought"]
[[areas]]
id = "pests"
[[areas.terms]]
any = ["slug", "aphid", "mildew"]
[[areas]]
id = "soil"
[[areas.terms]]
any = ["compost", "mulch", "loam"]
"""
SAID = {
    "water": [
        "watering at dawn helps",
        "irrigation reached the beds",
        "a drought emptied the barrel",
        "the hose ran dry at noon",
    ],
    "pests": ["slugs ate the lettuce", "aphids sat on the beans", "mildew covered the leaves", "holes appeared in every leaf"],
    "soil": ["compost was spread", "mulch kept the ground cool", "the loam was dug over", "the ground was heavy with clay"],
    "": ["the gate was painted", "visitors came on Sunday", "the shed has a new roof", "tea was served at four"],
}
ENDS = ["", " this week", " near the wall", " as every spring", " and nobody minded", " before the feast", " by hand", " again"]


def garden(folder: Path) -> Codebook:
    """The codebook, from a file in `folder`."""
    path = folder / "garden.toml"
    path.write_text(GARDEN, "utf-8")
    return load_codebook(path)


def garden_passages() -> list[Example]:
    """128 passages of sixteen documents, each area said with its terms three times in four."""
    rows = [(area, f"{said.capitalize()}{end}.") for area, texts in SAID.items() for said in texts for end in ENDS]
    return [Example(text, (area,) if area else (), f"document {i % 16}") for i, (area, text) in enumerate(rows)]
