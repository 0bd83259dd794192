"""Loads `documents.toml`: the rules for publisher, type, legal status and parties of documents."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Pattern = re.Pattern[str]
PATH = Path(__file__).with_name("documents.toml")
LAYOUT = Path(__file__).with_name("layout.toml")


@dataclass(frozen=True, slots=True)
class Host:
    """A publisher known by its address; `party` is the id of the government or organisation that speaks there, if one does."""

    name: str
    party: str = ""


@dataclass(frozen=True, slots=True)
class TypeRule:
    """A rule for the type of a document: it holds if a pattern of `any` is found `where` it says, and none of `unless`."""

    doc_type: str
    where: str
    any: Pattern
    unless: Pattern | None


@dataclass(frozen=True, slots=True)
class StatusRules:
    """The words that say whether a text binds; see the comments in `documents.toml`."""

    own: frozenset[str]
    binding: Pattern
    non_binding: Pattern
    formulas: Pattern
    subject: Pattern
    instrument: Pattern
    announced: Pattern
    not_after: Pattern


@dataclass(frozen=True, slots=True)
class Dutch:
    """The parties in Dutch titles: what opens and ends their list, and the names of states by id."""

    opens: Pattern
    ends: Pattern
    names: dict[str, Pattern]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, compiled."""

    hosts: dict[str, Host]
    imprints: tuple[tuple[Pattern, str], ...]
    letterheads: Pattern
    offices: Pattern
    types: tuple[TypeRule, ...]
    status: StatusRules
    topic: Pattern
    circle: Pattern
    opening: Pattern
    verbs: Pattern
    place: Pattern
    offices_held: str
    european_union: frozenset[str]
    alone: Pattern
    label: Pattern
    members: dict[str, tuple[str, ...]]
    dutch: Dutch


@functools.cache
def load_rules() -> Rules:
    """The rules that come with Pactscope."""
    data = tomllib.loads(PATH.read_text("utf-8"))
    layout = tomllib.loads(LAYOUT.read_text("utf-8"))
    parties = data["parties"]
    return Rules(
        hosts={host: Host(**row) for host, row in data["publishers"].items()},
        imprints=tuple((_compile(pattern), name) for pattern, name in data["imprints"].items()),
        letterheads=_compile(*(f"(?:{pattern})$" for pattern in layout["offices"] + layout["letterheads"])),
        offices=_compile(*(f"(?:{pattern})$" for pattern in layout["offices"])),
        types=tuple(_type_rule(row) for row in data["doc_types"]),
        status=_status(data["status"]),
        topic=_compile(parties["topic"]),
        circle=_compile(parties["circle"]),
        opening=_compile(parties["opening"]),
        verbs=_compile(parties["verbs"]),
        place=_compile(parties["place"]),
        offices_held=parties["offices"],
        european_union=frozenset(parties["european_union"]),
        alone=_compile(*parties["alone"]),
        label=_compile(parties["label"]),
        members={actor_id: tuple(ids) for actor_id, ids in parties["members"].items()},
        dutch=_dutch(parties["dutch"]),
    )


def _dutch(row: dict[str, Any]) -> Dutch:
    names = {actor_id: _compile(rf"\b(?:{stems})\b") for actor_id, stems in row["names"].items()}
    return Dutch(_compile(row["opens"]), _compile(row["ends"]), names)


def _type_rule(row: dict[str, Any]) -> TypeRule:
    unless = _compile(*row["unless"]) if "unless" in row else None
    return TypeRule(row["type"], row["where"], _compile(*row["any"]), unless)


def _status(row: dict[str, Any]) -> StatusRules:
    nouns = row["nouns"]
    return StatusRules(
        own=frozenset(row["own"]),
        binding=_compile(*row["binding"]),
        non_binding=_compile(*row["non_binding"]),
        formulas=_compile(*row["formulas"]),
        subject=_compile(rf"\b(?:this|the present|these|today’s)(?: [\w’'-]+){{0,5}}? (?:{nouns})\b"),
        instrument=_compile(
            rf"\b(?:this|the present|these|today’s)(?: [\w’'-]+){{0,5}}? (?:{nouns})\b",
            # "The Partnership" is this one, "the provisions of a void treaty" are not.
            rf"\bthe(?: (?-i:[A-Z])[\w’'-]*| and)*? (?=(?-i:[A-Z]))(?:{nouns})\b",
        ),
        announced=_compile(
            rf"^it\b|\b(?:this|the|a|new)(?: [\w’'-]+){{0,5}}? (?:{nouns})\b",
            # "Security and Defence Partnerships are tailored arrangements"
            rf"^(?-i:[A-Z])[\w’'-]*(?: [\w’'-]+){{0,3}} (?:{nouns})s\b",
        ),
        not_after=_compile(row["not_after"]),
    )


def _compile(*patterns: str) -> Pattern:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE | re.DOTALL)
