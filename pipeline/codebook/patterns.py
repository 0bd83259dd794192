"""The pattern language of the codebook's terms, and the matcher that finds all of them in one pass over a text.

A term is written as a researcher would write it in a key-word list:

==================  ==========================================================================================
`maritime security` words one after the other; a space also matches a hyphen, a slash or a line break
`cyber-security`    a hyphen may be a hyphen, a space or nothing: cyber-security, cyber security, cybersecurity
`radicali*`         any letters may follow
`aid|support`       one of the words; `_` stands for a space inside such a word: `fight|crack_down_on`
`(foreign) fighter` an optional word; the first word of a term is never optional
`{cyber}`           a word class of the codebook's `[classes]`
`protect ~3 grid`   up to three words between
`women, peace`      a comma may be missing
`CSDP`              a word with a capital letter matches only as written; all others match in any case
==================  ==========================================================================================

Every word also matches its regular plural, and the spelling variants of the codebook (`defence`, `defense`).
Offsets are half-open and count characters of the text given.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import CodebookError

_GAP = r"[\s\-‐‑–/]+"
_HYPHEN = r"[\s\-‐‑–]?"
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?;][”\"’)]*\s+(?=[“\"‘(]?[A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Language:
    """What the patterns of one codebook share.

    Attributes:
        classes: name of a word class -> its words, each a word as in a term.
        spelling: pairs of interchangeable letter sequences, British first (`("defence", "defense")`).
    """

    classes: Mapping[str, Sequence[str]]
    spelling: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term, translated.

    Attributes:
        text: the term as written.
        body: the regular expression, for a place where a word begins.
        heads: lower-case letters with which the first word of a match can begin.
    """

    text: str
    body: str
    heads: tuple[str, ...]

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled expression; compiled when first needed: all of the package at once take 0.2 s."""
        return _compiled(self.body)


@functools.cache
def _compiled(body: str) -> re.Pattern[str]:
    return re.compile(body)


def compile_pattern(text: str, language: Language) -> Pattern:
    """Translates a term.

    Raises:
        CodebookError: if the term is empty, begins with an optional word or a gap, or names an unknown class.
    """
    slots = text.split()
    if not slots or slots[0][0] in "(~":
        raise CodebookError(f"Term '{text}' does not begin with a word.", advice="Begin it with a word that is not optional.")
    parts = [_slot(slots[0], text, language)]
    for slot in slots[1:]:
        if slot[0] == "~":
            parts.append(_between(slot, text))
        elif slot[0] == "(" and slot.rstrip(",")[-1] == ")":
            parts.append(f"(?:{_GAP}{_slot(slot.replace('(', '').replace(')', ''), text, language)})?")
        else:
            parts.append(_GAP + _slot(slot, text, language))
    heads = tuple(dict.fromkeys(h for w in _words(slots[0], text, language) for h in _heads(w, language)))
    return Pattern(text, "".join(parts) + r"(?!\w)", heads)


def _between(slot: str, term: str) -> str:
    if not slot[1:].isdigit():
        raise CodebookError(f"Term '{term}' has '{slot}'.", advice="Write ~ and a number, such as ~3.")
    # Up to a colon, a semicolon or the end of a sentence: the words must belong together.
    return rf"(?:[\s\-‐‑–/,]+[^\s.;:!?]+){{0,{slot[1:]}}}?,?"


def _words(slot: str, term: str, language: Language) -> list[str]:
    """The alternatives of a slot, with its classes looked up."""
    found: list[str] = []
    for word in slot.rstrip(",").split("|"):
        found += _members(word[1:-1], term, language) if word[:1] == "{" and word[-1:] == "}" else [word]
    if not all(re.fullmatch(r"[\w.&'’/+_-]+\*?", w) for w in found):
        raise CodebookError(f"Term '{term}' has a word that cannot be read.", advice="See pipeline/codebook/patterns.py.")
    return found


def _members(name: str, term: str, language: Language, above: tuple[str, ...] = ()) -> list[str]:
    """The words of a class, those of classes named in it included."""
    if name not in language.classes:
        raise CodebookError(f"Term '{term}' names the unknown word class '{name}'.", advice="Add it to [classes].")
    if name in above:
        path = " -> ".join((*above, name))
        raise CodebookError(f"Word classes name each other in a cycle: {path}.", advice="Take one of them out.")
    out: list[str] = []
    for word in language.classes[name]:
        out += _members(word[1:-1], term, language, (*above, name)) if word[:1] == "{" else [word]
    return out


def _slot(slot: str, term: str, language: Language) -> str:
    comma = ",?" if slot.endswith(",") else ""
    return "(?:" + "|".join(_regex(w, language) for w in _words(slot, term, language)) + ")" + comma


def _variants(word: str, language: Language) -> list[str]:
    forms = [word]
    for british, american in language.spelling:
        if british in word:
            forms.append(word.replace(british, american))
    return forms


def _regex(word: str, language: Language) -> str:
    return "|".join(_one(form) for form in _variants(word, language))


def _one(word: str) -> str:
    stem, star = word.removesuffix("*"), word.endswith("*")
    exact = stem != stem.lower()
    if not star and not exact and len(stem) > 3 and stem.endswith("y") and stem[-2] not in "aeiou":
        body, tail = _escape(stem[:-1]), "(?:y|ies)"
    else:
        body, tail = _escape(stem), r"\w*" if star else "(?:e?s)?" if stem[-1:].isalpha() and stem[-1:] != "s" else ""
    return body + tail if exact else f"(?i:{body}{tail})"


def _escape(stem: str) -> str:
    out = re.escape(stem).replace(r"\-", _HYPHEN).replace("_", _GAP)
    return re.sub(r"['’]", "['’]", out)


def _heads(word: str, language: Language) -> list[str]:
    """The letters that open every match of the word: up to its first hyphen, star or point, less a `y` that may change."""
    out = []
    for form in _variants(word, language):
        first = _WORD.match(form)
        head = first.group().lower() if first else ""
        out.append(head[:-1] if head.endswith("y") and len(head) > 3 else head)
    return out


def samples(text: str, language: Language, limit: int = 40) -> list[str]:
    """Phrases that the term matches, without its optional words, gaps and endings; at most `limit`."""
    slots = [_words(s, text, language) for s in text.split() if s[0] not in "(~"]
    combinations = itertools.islice(itertools.product(*slots), limit)
    return [" ".join(w.rstrip("*").replace("_", " ") for w in words) for words in combinations]


def search_regex(texts: Iterable[str], language: Language) -> re.Pattern[str] | None:
    """One regular expression that finds any of the terms as whole words, or None if there are none."""
    bodies = [compile_pattern(t, language).body for t in texts]
    return _compiled(r"(?<!\w)(?:" + "|".join(bodies) + ")") if bodies else None


@dataclass(frozen=True, slots=True)
class Match:
    """Pattern number `index` at `start` to `end`."""

    start: int
    end: int
    index: int


class Matcher:
    """Finds many patterns in one pass: a dictionary look-up at each word, an expression only where a term can begin."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self._by_letters: dict[str, list[tuple[str, int]]] = {}
        for index, pattern in enumerate(patterns):
            for head in pattern.heads:
                self._by_letters.setdefault(head[:2], []).append((head, index))
        self._known: dict[str, tuple[int, ...]] = {}

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Match]:
        """All matches that lie in `text[start:end]`, overlapping ones too, by start."""
        stop = len(text) if end is None else end
        found = []
        for word in _WORD.finditer(text, start, stop):
            for index in self._candidates(word.group()):
                hit = self.patterns[index].regex.match(text, word.start(), stop)
                if hit and hit.end() > hit.start():
                    found.append(Match(hit.start(), hit.end(), index))
        return found

    def _candidates(self, word: str) -> tuple[int, ...]:
        known = self._known.get(word)
        if known is None:
            lower = word.lower()
            options = self._by_letters.get(lower[:2], []) + (self._by_letters.get(lower[:1], []) if len(lower) > 1 else [])
            known = tuple(dict.fromkeys(i for head, i in options if lower.startswith(head)))
            self._known[word] = known
        return known


def longest(matches: Sequence[Match], hides: Callable[[Match, Match], bool] = lambda longer, shorter: True) -> list[Match]:
    """The matches that lie in no longer one, by start; equal extents all stay.

    Args:
        hides: whether a longer match hides a shorter one inside it.
    """
    kept: list[Match] = []
    for m in sorted(matches, key=lambda m: (m.start, -m.end)):
        longer = (k for k in kept[-12:] if k.start <= m.start and m.end <= k.end and k.end - k.start > m.end - m.start)
        if not any(hides(k, m) for k in longer):
            kept.append(m)
    return kept


def sentence_at(text: str, start: int, end: int, place: int) -> tuple[int, int]:
    """The sentence of `text[start:end]` around offset `place`, by punctuation alone."""
    left = start
    for mark in _SENTENCE_END.finditer(text, start, end):
        if mark.end() > place:
            return left, mark.start() + 1
        left = mark.end()
    return left, end
