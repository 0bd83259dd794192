"""Tells the language of each block of a document, offline.

Three steps, cheapest first. English function words decide most blocks of most documents without a model. What is left goes to
lingua (trigram models that come with the package, loaded on first use only, about 50 MB). What is too short to tell goes with
its neighbours, because a document changes its language between sections, not between a heading and its paragraph.

Only words in lower case count where the script has cases: names of states, persons and places look Spanish or Italian to any
detector and say nothing of the sentence that they stand in. A line in capitals is therefore undecided by itself.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+")
_LATIN = re.compile(r"[A-Za-z]")
# Of 16,775 lines of treaties and statements, those with a quarter of these words are English but for lines that quote a foreign
# term; trigrams alone call 3 in 100 of them French, Danish or German.
_ENGLISH_SHARE = 0.25
# Of 1,691 lines with few such words that trigrams call foreign, those that are English after all ("participation in joint
# programmes", "Customs risk assessment system") give English more than this probability, or have two words only.
_ENGLISH_AT_MOST = 0.0001
_TOP_AT_LEAST = 0.5
_MIN_WORDS = 3
_MIN_LETTERS = 18
# Of short texts those in another language gave English less than this (Dutch 1e-11, Croatian 4e-11); Italian names of products
# in an English list gave 3e-5, "economic coercion and export controls" 7e-4.
_FEW_WORDS = 9
_ENGLISH_FEW = 1e-6
# Enough words for any method; longer texts only cost time.
_MOST_WORDS = 80


@dataclass(frozen=True, slots=True)
class _Data:
    """The content of `codebook/languages.toml`."""

    languages: tuple[str, ...]
    not_latin: frozenset[str]
    english: frozenset[str]
    scripts: dict[str, re.Pattern[str]]


@functools.cache
def _data() -> _Data:
    raw = tomllib.loads(files("pipeline").joinpath("codebook/languages.toml").read_text("utf-8"))
    scripts = {code: re.compile(f"[{letters}]") for code, letters in raw["scripts"].items()}
    return _Data(tuple(raw["languages"]), frozenset(raw["not_latin"]), frozenset(raw["english"].split()), scripts)


def mark(texts: Sequence[str]) -> list[str]:
    """The ISO 639-1 code of each text of one document.

    A text too short to tell goes with its neighbours: with both where they agree, otherwise with the one whose script and
    language fit its words better, and with the one before where nothing decides.

    Args:
        texts: the texts of the blocks of one document, in reading order.

    Returns:
        One code per text ("en", "fr"); all are "" if no text of the document can be told.
    """
    own = _without_strays(texts, [detect(text) for text in texts])
    latin = ["" if code in _data().not_latin else code for code in own]
    anywhere, in_latin = _neighbours(own), _neighbours(latin)
    marked = []
    for i, text in enumerate(texts):
        pair = in_latin[i] if _LATIN.search(text) and any(in_latin[i]) else anywhere[i]
        marked.append(own[i] or _between(text, *pair))
    return marked


def _without_strays(texts: Sequence[str], codes: list[str]) -> list[str]:
    """Leaves open what trigrams say of a short text between texts that agree on another language ("export controls")."""
    sure = ["" if _is_doubtful(text, code) else code for text, code in zip(texts, codes, strict=True)]
    return [
        "" if code and not sure[i] and before == after != "" and before != code else code
        for i, (code, (before, after)) in enumerate(zip(codes, _neighbours(sure), strict=True))
    ]


def _is_doubtful(text: str, code: str) -> bool:
    """Whether a language rests on the trigrams of a few plain letters that English does not rule out."""
    if code in ("", "en", *_data().not_latin) or not text.isascii() or len(_WORD.findall(text)) >= _FEW_WORDS:
        return False
    words = " ".join(word for word in _WORD.findall(text) if word.islower() and len(word) > 1)
    return _detector().compute_language_confidence(words, Language.ENGLISH) > _ENGLISH_FEW


@functools.lru_cache(maxsize=4096)
def detect(text: str) -> str:
    """The ISO 639-1 code of a text by itself; "" if it has too few words in lower case to tell."""
    text = _ADDRESS.sub(" ", text[:4000])
    by_script = _script(text)
    if by_script:
        return by_script
    words = [word for word in _WORD.findall(text) if word == word.lower() and len(word) > 1][:_MOST_WORDS]
    english = sum(word in _data().english for word in words)
    if english >= _ENGLISH_SHARE * len(words) and (english > 1 or "the" in words):
        return "en"
    if len(words) < _MIN_WORDS or sum(map(len, words)) < _MIN_LETTERS:
        return ""
    return _by_trigrams(" ".join(words))


def _by_trigrams(words: str) -> str:
    ranked = _detector().compute_language_confidence_values(words)
    top = ranked[0]
    if top.language == Language.ENGLISH:
        return "en"
    english = _detector().compute_language_confidence(words, Language.ENGLISH)
    sure = top.value >= _TOP_AT_LEAST and english <= _ENGLISH_AT_MOST
    return _code(top.language) if sure else ""


def _script(text: str) -> str:
    """The language of a script that only one language uses, where it has at least half of the letters."""
    letters = "".join(_WORD.findall(text))
    if letters.isascii():
        return ""
    counts = {code: len(pattern.findall(letters)) for code, pattern in _data().scripts.items()}
    # Japanese mixes its own letters with Chinese characters; a tenth of them tells.
    if counts["ja"] * 10 >= counts["zh"] + counts["ja"] > 0:
        counts["ja"] += counts.pop("zh")
    code = max(counts, key=counts.__getitem__)
    return code if counts[code] * 2 >= len(letters) else ""


def _between(text: str, previous: str, following: str) -> str:
    """The language of an undecided text between two decided neighbours."""
    if not previous or not following or previous == following:
        return previous or following
    candidates = {_code(language): language for language in Language.all()}
    words = " ".join(_WORD.findall(text)).lower()
    fits = [_detector().compute_language_confidence(words, candidates[code]) for code in (previous, following)]
    return following if fits[1] > fits[0] else previous


def _neighbours(codes: Sequence[str]) -> list[tuple[str, str]]:
    """For each place the nearest codes before and after it that are not empty."""
    before = _carry(codes)
    after = _carry(codes[::-1])[::-1]
    return list(zip(before, after, strict=True))


def _carry(codes: Iterable[str]) -> list[str]:
    last, carried = "", []
    for code in codes:
        carried.append(last)
        last = code or last
    return carried


def _code(language: Language) -> str:
    return str(language.iso_code_639_1.name).lower()


@functools.cache
def _detector() -> LanguageDetector:
    codes = [getattr(IsoCode639_1, code.upper()) for code in _data().languages]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
