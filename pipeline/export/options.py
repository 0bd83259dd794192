"""What a user may choose about an export."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """Options of `export`.

    Attributes:
        without_text: zenodo: leave the words of the documents out, keep offsets and hashes.
        settings: spacy and conllu: which spaCy pipeline reads the text again; the default one if None.
    """

    without_text: bool = False
    settings: Settings | None = None
