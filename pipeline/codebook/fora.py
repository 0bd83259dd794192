"""The codebook's words for fora: head nouns, verbs that set up or continue, levels; read from `fora.toml` and checked once."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import CodebookError
from pipeline.records import ACTIONS, LEVELS

PATH = Path(__file__).with_name("fora.toml")
#: Lists of words that are read as they stand.
_WORDS = (
    "greets",
    "meets",
    "gathers",
    "carriers",
    "fresh",
    "standing",
    "planned",
    "places",
    "sessions",
    "gatherings",
    "meetings",
    "frequencies",
    "often",
    "sided",
    "others",
    "leading",
)
#: Kinds that can decide or review.
BODIES = frozenset({"committee", "working_group", "panel"})


@dataclass(frozen=True, slots=True)
class Noun:
    """A head noun in lower case; see the head of `fora.toml` for what each field says."""

    word: str
    kind: str
    before: frozenset[str] = frozenset()
    after: tuple[str, ...] = ()
    weak: bool = False
    repeated: bool = False
    event: bool = False
    named: bool = False
    sided: bool = False
    single: bool = False
    level: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb (or its noun) that sets up or continues a forum.

    Attributes:
        particles: what must stand between it and the forum, empty for a plain object.
        past: whether it counts in the past tense too.
        fresh, standing: whether it counts only of a forum that is called new, or that has a name or goes on.
    """

    word: str
    action: str
    particles: frozenset[str] = frozenset()
    past: bool = True
    fresh: bool = False
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Fora:
    """All of `fora.toml`.

    Attributes:
        nouns: every form of a head noun, singular and plural, in lower case -> its entries.
        verbs: lemma -> its entries.
        acts: noun of an act -> entry.
        subjects: `active`, `present`, `passive`, `set_up` -> lemmas of verbs whose subject is the forum.
        greets, meets: verbs that speak of a standing forum or hold it; only one with a proper name counts.
        gathers: of these the forum itself is the subject.
        carriers: nouns that hold several of its meetings ("a series of …").
        fresh, standing: words before a name that say that the forum is new, or that it goes on.
        paired: matches the names of two sides joined by a hyphen.
        planned: verbs behind a name that tell of its first meeting.
        places: prepositions by which something is done in it.
        sessions: nouns for its meetings ("the next meeting of …").
        gatherings: the same right behind its name ("a Space Forum meeting").
        meetings: verbs by which persons meet.
        levels: level -> expression, the highest first.
        frequencies: adjectives that say how often ("annual").
        often: those of them that make a series of meetings by themselves.
        sided: words before a name that say that a forum is the sides' own.
        others: words of the names of national and world-wide bodies.
        leading, vague: words at the start of a name that are no part of it; words that do not make a forum.
        never: matches what is said of settling disputes.
        again: matches what says that a first meeting will be followed by others.
        members: matches the words behind a forum's name that lead on to who meets.
        anything: matches topics that say nothing.
        delegation: `decides`, `reviews` -> lemmas.
        bodies: finds those that can decide or review, in plain text.
    """

    version: str
    nouns: dict[str, tuple[Noun, ...]]
    verbs: dict[str, tuple[Verb, ...]]
    acts: dict[str, Verb]
    subjects: dict[str, frozenset[str]]
    greets: frozenset[str]
    meets: frozenset[str]
    gathers: frozenset[str]
    carriers: frozenset[str]
    fresh: frozenset[str]
    standing: frozenset[str]
    paired: re.Pattern[str]
    planned: frozenset[str]
    places: frozenset[str]
    sessions: frozenset[str]
    gatherings: frozenset[str]
    meetings: frozenset[str]
    levels: dict[str, re.Pattern[str]]
    frequencies: frozenset[str]
    often: frozenset[str]
    sided: frozenset[str]
    others: frozenset[str]
    leading: frozenset[str]
    vague: frozenset[str]
    never: re.Pattern[str]
    again: re.Pattern[str]
    members: re.Pattern[str]
    anything: re.Pattern[str]
    delegation: dict[str, frozenset[str]]
    bodies: re.Pattern[str]


@functools.cache
def load(path: Path = PATH) -> Fora:
    """The checked codebook of fora.

    Raises:
        CodebookError: the file cannot be read, or an entry lacks a field or its example or has an unknown value.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        _check(data)
        return _fora(data)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, re.error) as error:
        advice = "Restore or correct it; the head of the file says what each entry holds."
        raise CodebookError(f"{path.name} cannot be used: {error!r}.", advice=advice) from error


def _check(data: dict[str, Any]) -> None:
    for table in ("nouns", "verbs", "acts", "subjects", "levels"):
        for entry in data[table]:
            if not entry["example"] or entry.get("action", ACTIONS[0]) not in ACTIONS:
                raise ValueError(f"example or action of {table}: {entry['words']}")
            if entry.get("level") not in (None, *LEVELS):
                raise ValueError(f"level of {table}: {entry['level']}")


def _fora(data: dict[str, Any]) -> Fora:
    nouns: dict[str, tuple[Noun, ...]] = {}
    for entry in data["nouns"]:
        options = {k: entry[k] for k in ("weak", "repeated", "event", "named", "sided", "single", "level") if k in entry}
        for word in entry["words"]:
            noun = Noun(word, entry["kind"], frozenset(entry.get("before", ())), tuple(entry.get("after", ())), **options)
            for form in (word, plural(word)):
                nouns[form] = (*nouns.get(form, ()), noun)
    verbs: dict[str, tuple[Verb, ...]] = {}
    for verb in (v for entry in data["verbs"] for v in _verbs(entry)):
        verbs[verb.word] = (*verbs.get(verb.word, ()), verb)
    told = data["subjects"][0]
    return Fora(
        version=str(data["version"]),
        nouns=nouns,
        verbs=verbs,
        acts={verb.word: verb for entry in data["acts"] for verb in _verbs(entry)},
        subjects={
            "active": frozenset(told["words"]),
            "present": frozenset(told["present"]),
            "passive": frozenset(told["passive"]),
            "set_up": frozenset(told["passive_set_up"]),
        },
        **{name: frozenset(data[name]) for name in _WORDS},
        paired=re.compile(rf"(?<![\w-])(?!(?:{'|'.join(data['prefixes'])})\b)[A-Z][\w.]*\s?[-–—/]\s?[A-Z]"),
        levels={entry["level"]: _any(entry["words"]) for entry in data["levels"]},
        vague=frozenset(w.lower() for w in data["vague"]),
        never=_any(data["never"]),
        again=_any(data["again"]),
        members=_any(data["members"]),
        anything=_any(data["anything"]),
        delegation={key: frozenset(data["delegation"][key]) for key in ("decides", "reviews")},
        bodies=_any([_body(n) for n in {n for entries in nouns.values() for n in entries} if n.kind in BODIES]),
    )


def _body(noun: Noun) -> str:
    before = "|".join(map(re.escape, sorted(noun.before)))
    forms = f"(?:{re.escape(noun.word)}|{re.escape(plural(noun.word))})"
    if noun.after:
        return rf"{forms} (?:{'|'.join(noun.after)})"
    return rf"(?:{before})[\s-]{forms}" if before else forms


def _verbs(entry: dict[str, Any]) -> list[Verb]:
    particles = frozenset(entry.get("particle", ()))
    options = {k: bool(entry[k]) for k in ("past", "fresh", "standing") if k in entry}
    return [Verb(word, entry["action"], particles, **options) for word in entry["words"]]


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)", re.IGNORECASE)


def plural(word: str) -> str:
    """The regular plural."""
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def examples(path: Path = PATH) -> list[tuple[str, str]]:
    """Kind of forum (or nothing) and example of every entry whose example is a sentence, for tests."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = [entry for table in ("nouns", "verbs", "acts", "subjects") for entry in data[table]]
    return [(str(entry.get("kind", "")), str(entry["example"])) for entry in entries]
