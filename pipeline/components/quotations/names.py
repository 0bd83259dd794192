"""Which of a few words are a person's name: "the club's captain, Bo Lind, 34", "Sgt. Bo Lind of the coast guard". No parser.

Offsets are half-open, in characters of the text given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.codebook.speech import Cues

Extent = tuple[int, int]
_WORD = re.compile(r"[^\W_](?:[\w’'&-]|\.(?=[\w’'-]))*\.?")
_SEGMENT = re.compile(r"[^,;:()–—―“”\"]+")
#: A clause about somebody may name others: "the old man, who lives with his son, Bo".
_RELATIVE = re.compile(r"\s*(?:who|whose|whom|which)\b")
_OWNER = re.compile(r"(?:['’]s|s['’])$")
#: "Rep. Bo Lind, R-Ohio".
_PARTY = re.compile(r"[DRI]-[A-Z]")
_ARTICLES = frozenset(("a", "an"))
#: After these even a title is a name: "Mr. King".
_ADDRESS = frozenset(("Mr", "Mrs", "Ms", "Dr"))
_JUNIOR = frozenset(("Jr", "Sr", "II", "III", "IV"))


def name_in(text: str, start: int, end: int, cues: Cues) -> Extent | None:
    """The first name that heads a phrase of the stretch, without its titles; None if there is none.

    A name heads its phrase if no preposition stands before it ("a trader in Malu"), it owns nothing ("Varn’s lawyer"), and no
    noun follows ("the Malu spokesman").
    """
    for segment in _SEGMENT.finditer(text, start, end):
        if _RELATIVE.match(segment.group()):
            return None
        run = _head(list(_WORD.finditer(text, *segment.span())), cues)
        if run:
            return run[0].start(), run[-1].end() - (run[-1].group().endswith(".") and _plain(run[-1]) not in _JUNIOR)
    return None


def _head(words: Sequence[re.Match[str]], cues: Cues) -> list[re.Match[str]]:
    run: list[re.Match[str]] = []
    for i, word in enumerate(words):
        plain = word.group()
        named = plain[0].isupper() and plain.lower() not in cues.no_names and not _PARTY.match(plain)
        if _OWNER.search(plain) and plain[0].isupper():
            run = []
        elif named or _joins(words, i, cues):
            run.append(word)
        elif run and (plain.lower() in cues.name_ends or plain.endswith("ly")):
            if not all(_plain(w) in cues.titles for w in run):
                return _untitled(run, words, cues)
            run = []
        elif plain.lower() in cues.name_ends:
            return []
        else:
            run = []
    return _untitled(run, words, cues)


def _joins(words: Sequence[re.Match[str]], i: int, cues: Cues) -> bool:
    """A particle inside a name or before it: "Jan van der Berg", "al-Masri"."""
    plain = words[i].group()
    rest = [w.group() for w in words[i + 1 : i + 3]]
    follows = bool(rest) and (rest[0][0].isupper() or (rest[0] in cues.particles and len(rest) > 1 and rest[1][0].isupper()))
    hyphened = plain.split("-")[0] in cues.particles and plain.split("-")[-1][:1].isupper()
    return hyphened or (plain in cues.particles and follows)


def _untitled(run: list[re.Match[str]], words: Sequence[re.Match[str]], cues: Cues) -> list[re.Match[str]]:
    """The run without titles and offices before the name; empty if that is all it is, or an article makes it a noun."""
    if not run or (run[0] in words[1:] and words[words.index(run[0]) - 1].group().lower() in _ARTICLES):
        return []
    last = len(run) - 1
    while last and _plain(run[last]) in _JUNIOR:
        last -= 1
    titles = [i for i, word in enumerate(run[:last]) if _plain(word) in cues.titles]
    rest = run[titles[-1] + 1 :] if titles else run
    bare = len(rest) == 1 and _plain(rest[0]) in cues.titles
    return [] if bare and not (titles and _plain(run[titles[-1]]) in _ADDRESS) else rest


def _plain(word: re.Match[str]) -> str:
    return word.group().strip(".")
