"""The codebook's kinds and names of instruments and the phrases that hand over to them, from `instruments.toml`."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import CodebookError
from pipeline.records import NATURES

PATH = Path(__file__).with_name("instruments.toml")


@dataclass(frozen=True, slots=True)
class Kind:
    """What an instrument is, and whether instruments of its kind bind."""

    kind: str
    nature: str


@dataclass(frozen=True, slots=True)
class Instruments:
    """All of `instruments.toml`.

    Attributes:
        kinds: kind word as written -> kind.
        known: name in lower case -> kind; `names` finds them in plain text, each begins with one of `first_words`.
        never: matches at the beginning of what only looks like a name: offices, schools, fields of law.
        numbered: finds acts with a number by one of `numbers` (lower case) in them; they are `numbered_kind`.
        delegation: finds the phrase that hands over to an instrument, at the end of the text before its name.
    """

    version: str
    kinds: dict[str, Kind]
    known: dict[str, Kind]
    first_words: frozenset[str]
    names: re.Pattern[str]
    never: re.Pattern[str]
    numbers: frozenset[str]
    numbered: re.Pattern[str]
    numbered_kind: Kind
    delegation: re.Pattern[str]


@functools.cache
def load(path: Path = PATH) -> Instruments:
    """The checked codebook of instruments.

    Raises:
        CodebookError: the file cannot be read, or an entry lacks a field or its example or has an unknown nature.
    """
    try:
        return _instruments(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, re.error) as error:
        advice = "Restore or correct it; the head of the file says what each entry holds."
        raise CodebookError(f"{path.name} cannot be used: {error!r}.", advice=advice) from error


def _instruments(data: dict[str, Any]) -> Instruments:
    kinds = {word: _kind(entry) for entry in data["kinds"] if entry["example"] for word in entry["words"]}
    known = {name.lower(): _kind(entry) for entry in data["known"] for name in entry["names"]}
    names = [name for entry in data["known"] for name in entry["names"]]
    handing, between = _any(data["delegation"]["phrases"]), _any(data["delegation"]["between"])
    article = r"(?:Articles?|paragraphs?|Annex|Chapter|Title|Section|Part)\s[\w(),. ]{1,40}?\sof"
    return Instruments(
        version=str(data["version"]),
        kinds=kinds,
        known=known,
        first_words=frozenset(re.split(r"[\s(-]", name)[0] for name in names),
        names=re.compile(rf"(?<!\w){_any(names)}(?!\w)"),
        never=re.compile(rf"(?:{'|'.join(data['never']['patterns'])})"),
        numbers=frozenset(data["numbered"]["words"]),
        numbered=re.compile(r"\b(?:" + "|".join(data["numbered"]["patterns"]) + ")"),
        numbered_kind=_kind(data["numbered"]),
        delegation=re.compile(rf"\b(?P<cue>(?i:{handing}))\s+(?:(?:{between}|{article})\s+)*$"),
    )


def _kind(entry: dict[str, Any]) -> Kind:
    if entry["nature"] not in NATURES:
        raise ValueError(f"nature {entry['nature']!r}")
    return Kind(entry["kind"], entry["nature"])


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True)) + ")"
