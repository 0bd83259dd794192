"""`pact_boundaries`: where sentences begin, by the signs alone, within blocks and with legal abbreviations.

A sentence ends at a full stop, question or exclamation mark (and the closing quotation marks and brackets after it)
if what follows begins like a sentence. It does not end after an abbreviation ("Art.", "No."), after an initial,
after the number at the start of a paragraph ("12. The Parties"), and not at a semicolon, so that a treaty's list is
one sentence. A block begins a sentence.

Measured against nupunkt and spaCy's parser on 335 paragraphs of statements, agreements and treaties (895 sentences by
these rules, 973 by nupunkt, 1,014 by the parser): nupunkt alone split 79 times, 23 of them between a paragraph's number
and its words, the others beside markup or within citations ("50 U.S.C. 1701 et seq."); of 35 of those that were read, one was a
sentence that the rules had missed, before a signature. What differs from the parser was not
adjudicated. Both take 0.02 to 0.04 s for the 196,000 characters.
"""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any, cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.codebook.actors import HERE

#: The end of a sentence and what may begin the next one.
END = re.compile(r"(?P<stop>[.?!…]+)(?P<close>[\"”’»)\]']*)(?P<space>\s+)(?=[\"“‘«(\[]*(?P<next>[^\W_]\w*)(?P<item>\)?))")
#: The number or letter of a paragraph or item at the start of a block: "12.", "3.2.", "(b).", "Article 4.", "A.", "iv.".
NUMBER = re.compile(
    r"\s*(?:(?:Article|Section|Chapter|Part|Annex|Paragraph|Title|Rule)\s+)?\(?(?:\d+(?:\.\d+)*|[A-Za-z]|[ivxlIVXL]+)\)?[.)]*\s*$"
)
LAST_WORD = re.compile(r"(?:[A-Za-z]\.)*[^\W\d_]+$")


class Boundaries:
    """Sets the sentence starts of a Doc; spaCy's parser keeps those that are set."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Sets `is_sent_start` of every token."""
        values = np.full(len(doc), -1, dtype="int64")
        values[self.find(doc)] = 1
        # Token by token spaCy looks through the whole Doc for a parse each time: 48 microseconds a token against 2.
        return doc.from_array(["SENT_START"], cast(Any, values.astype("uint64")))

    def find(self, doc: Doc) -> list[int]:
        """Indices of the tokens that begin a sentence, in order; the first token is always one."""
        group = doc.spans.get("blocks")
        blocks = (
            [(span.start_char, span.end_char) for span in group] if group is not None and len(group) else [(0, len(doc.text))]
        )
        text = doc.text  # once: spaCy joins all tokens each time it is asked
        offsets = {at for start, end in blocks for at in sentence_starts(text[start:end], start)}
        return sorted({0} | {token.i for token in doc if token.idx in offsets}) if len(doc) else []

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to save: the rules come with the package."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> Boundaries:
        """The component as it is."""
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Nothing to save."""

    def from_disk(self, path: str | Path, **_: Any) -> Boundaries:
        """The component as it is."""
        return self


def sentence_starts(text: str, offset: int = 0) -> list[int]:
    """Offsets of the sentences of one block, each plus `offset`; the block's start (without white space) is the first."""
    starts = [offset + len(text) - len(text.lstrip())]
    begin = 0
    for m in END.finditer(text):
        if ends_sentence(text[begin : m.start()], m):
            begin = m.end()
            starts.append(offset + begin)
    return starts


def ends_sentence(before: str, m: re.Match[str]) -> bool:
    """Whether a match of `END` ends the sentence whose text so far is `before`."""
    follows = m["next"]
    # "(b) the Parties" and "b) the Parties" after a full stop are the next item of a list in one block.
    item = bool(m["item"]) and len(follows) <= 4
    if (follows[0].islower() and not item) or m["stop"].endswith("…"):
        return False
    if m["close"].startswith(")") and re.search(r"\(\w{0,3}$", before):
        return False
    if m["stop"] != "." or m["close"]:
        return True
    if NUMBER.fullmatch(before):
        return False
    last = LAST_WORD.search(before)
    if not last:
        return True
    words, word = _words(), last[0].lower()
    if word in words["never"] or (len(word) == 1 and last[0].isupper()):
        return False
    return word not in words["maybe"] or follows.lower() in words["starters"]


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    with (HERE / "abbreviations.toml").open("rb") as file:
        return {key: frozenset(value) for key, value in tomllib.load(file).items()}


@Language.factory("pact_boundaries", assigns=["token.is_sent_start"])
def make_boundaries(nlp: Language, name: str) -> Boundaries:
    """The component; it stands before the parser."""
    return Boundaries(name)
