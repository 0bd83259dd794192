"""Precision and delegation of commitments, beside their obligation: the three dimensions of Abbott et al. (2000).

Abbott, Keohane, Moravcsik, Slaughter and Snidal (2000), "The Concept of Legalization", International Organization 54(3).
Precision is counted from what a commitment specifies, delegation from the bodies and instruments in its sentence; each verdict
keeps the words that caused it. Pure functions over records; offsets count in `Document.text`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.codebook import fora
from pipeline.records import Annotations, Commitment, Extent, Instrument

ASPECTS = ("who", "what", "when", "how_much")
#: Delegation: to nobody, to an instrument, to a body, to a body that reviews, to a body that decides.
DELEGATIONS = ("none", "instrument", "body", "review", "decision")
_NUMBER = re.compile(
    r"(?:[€$£¥]\s?|\b(?:EUR|USD|GBP|JPY)\s)?\b\d[\d.,]*\d*\b(?:\s?(?:%|per cent|percent|million|billion|trillion))?"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|one hundred|double|triple|halve)\b",
    re.IGNORECASE,
)
#: Numbers that count nothing: of articles and resolutions, years, and within names ("5G", "2+2").
_COUNTS_NOTHING = re.compile(r"(?:[Aa]rticles?|[Pp]aragraphs?|[Rr]esolutions?|No\.?|[Aa]nnex|[Cc]hapter|[Tt]itle|\()\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_AGENT = re.compile(
    r"\b(?:by|to|within|before|through|in|via) (?:the|a|an|each) (?P<body>(?:[A-Z][\w-]*\s?(?:and\s|of\s)?){1,6})"
)
#: No name is longer, in characters.
_LONGEST = 300
_NAME = re.compile(r"(?!The )\b[A-Z][\w&-]+(?:\s[A-Z][\w&-]+)*")
#: What stands before the first word of a sentence: a number or a bullet.
_OPENING = re.compile(r"\W*(?:\w{1,3}[.)]\s*)?")
#: Capitals of treaty prose that name nothing.
_GENERIC = frozenset(
    {"The", "Party", "Parties", "Contracting", "Agreement", "Partnership", "Article", "Articles", "Annex", "Protocol", "Treaty",
     "Convention", "Member", "Members", "State", "States", "Authorities", "Authority", "Government", "Governments", "Leaders",
     "Ministers", "Participants", "Sides"}
)  # fmt: skip


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """An aspect (one of `ASPECTS`, or the delegation) with the words that show it."""

    aspect: str
    extent: Extent


@dataclass(frozen=True, slots=True)
class Precision:
    """How much a commitment specifies: one point each for who, what, when and how much.

    Attributes:
        evidence: one for each aspect that is specified, in the order of `ASPECTS`.
    """

    evidence: tuple[Evidence, ...] = ()

    @property
    def level(self) -> int:
        """0 to 4."""
        return len(self.evidence)


@dataclass(frozen=True, slots=True)
class Delegation:
    """To whom or what a commitment is handed over.

    Attributes:
        kind: one of `DELEGATIONS`, the furthest that its sentence shows.
        evidence: the names and verbs that show it.
    """

    kind: str = "none"
    evidence: tuple[Evidence, ...] = ()


def precision(text: str, commitment: Commitment, found: Annotations) -> Precision:
    """What a commitment specifies.

    - who: its actor's words hold the name of an actor or of a forum that the text sets up, or one in capitals;
    - what: its object holds a term of the codebook, a named actor, forum or instrument, or a name in capitals;
    - when: its time has a normalised value ("as soon as possible" has none);
    - how much: a number or amount between its aim and the end of its object or sentence, no year, name or number of an act.

    Args:
        text: `Document.text`.
        commitment: one of `found.commitments`.
        found: all that was found in the document.
    """
    aspects = {
        "who": _who(text, commitment, found),
        "what": _what(text, commitment, found),
        "when": commitment.time if commitment.time_value else None,
        "how_much": _how_much(text, commitment, found),
    }
    return Precision(tuple(Evidence(name, extent) for name, extent in aspects.items() if extent is not None))


def delegation(text: str, commitment: Commitment, found: Annotations) -> Delegation:
    """Who decides or reviews: a body in the commitment's sentence, or the instrument under which it is to be done.

    A body has a head noun that stands for one ("the Joint Committee"); it decides or reviews if it is bound to, if the aim is
    done by it ("disputes shall be settled by the Joint Committee") or if others report to it.
    """
    words = fora.load()
    evidence = [Evidence("instrument", Extent(i.start, i.end)) for i in instruments_of(commitment, found.instruments)]
    kind = "instrument" if evidence else "none"
    body = _body(text, commitment)
    if body is not None:
        tasks = (("decision", "decides"), ("review", "reviews"))
        kind = next((k for k, key in tasks if commitment.aim_lemma in words.delegation[key]), "body")
        evidence.append(Evidence(kind, body))
        if kind != "body":
            evidence.append(Evidence(kind, commitment.aim))
    return Delegation(kind, tuple(evidence))


def instruments_of(commitment: Commitment, instruments: Iterable[Instrument]) -> list[Instrument]:
    """The instruments in the commitment's sentence to which a phrase hands the matter over ("in line with …")."""
    return [i for i in instruments if i.cue is not None and commitment.start <= i.start < commitment.end]


def _inside(items: Sequence[_Spanned], extent: Extent | None) -> Extent | None:
    """The first of `items`, sorted by start, that overlaps `extent`."""
    if extent is None:
        return None
    for item in items[bisect_left(items, extent.start - _LONGEST, key=_start) :]:
        if item.start >= extent.end:
            return None
        if item.end > extent.start:
            return Extent(item.start, item.end)
    return None


def _start(item: _Spanned) -> int:
    return item.start


def _who(text: str, commitment: Commitment, found: Annotations) -> Extent | None:
    actor = commitment.actor_at
    if actor is None:
        return None
    return _inside(found.mentions, actor) or _inside(found.mechanisms, actor) or _name(text, commitment, actor)


def _what(text: str, commitment: Commitment, found: Annotations) -> Extent | None:
    thing = commitment.object
    if thing is None:
        return None
    for items in (found.mechanisms, found.instruments, found.terms, found.mentions):
        named = _inside(items, thing)
        if named is not None:
            return named
    return _name(text, commitment, thing)


def _name(text: str, commitment: Commitment, within: Extent) -> Extent | None:
    """The first words in capitals that name something; a single word that opens the sentence does not."""
    opening = _OPENING.match(text, commitment.start)
    for match in _NAME.finditer(text, max(within.start, commitment.start), within.end):
        opens = opening is not None and match.start() == opening.end() and " " not in match[0]
        if not opens and not _GENERIC.issuperset(match[0].split()):
            return Extent(match.start(), match.end())
    return None


def _how_much(text: str, commitment: Commitment, found: Annotations) -> Extent | None:
    thing = commitment.object
    start, end = commitment.aim.end, max(thing.end if thing else commitment.end, commitment.aim.end)
    if thing is not None and thing.start < commitment.aim.start:  # passive: the object stands before the aim
        start, end = thing.start, thing.end
    taken = [e for e in (commitment.time, _inside(found.instruments, Extent(start, end))) if e is not None]
    for match in _NUMBER.finditer(text, start, end):
        extent = Extent(match.start(), match.end())
        named = text[match.start() - 1 : match.start()] in ("-", "+") or text[match.end() : match.end() + 1] in ("-", "+", "G")
        if _YEAR.match(match[0]) or named or _COUNTS_NOTHING.search(text[max(start - 15, 0) : match.start()]):
            continue
        if not any(extent.start < t.end and t.start < extent.end for t in taken):
            return extent
    return None


def _body(text: str, commitment: Commitment) -> Extent | None:
    """A body that is bound, or that the sentence names as agent or addressee ("by", "to" or "within the Joint Committee")."""
    bodies, actor = fora.load().bodies, commitment.actor_at
    if actor is not None and bodies.search(text, actor.start, actor.end):
        return actor
    agent = _AGENT.search(text, commitment.aim.end, commitment.end)
    head = bodies.search(agent["body"]) if agent else None
    return Extent(agent.start("body"), agent.start("body") + head.end()) if agent and head else None
