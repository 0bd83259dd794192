"""Who is bound by a commitment: finds the words, tells their kind, and resolves them to parties."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass, field
from pathlib import Path

from spacy.tokens import Doc, Span, Token

from pipeline.codebook import modality
from pipeline.codebook.modality import Modality
from pipeline.components import clauses
from pipeline.components.aims import Candidate

OFFICES = Path(modality.__file__).with_name("office_holders.csv")
POSSESSIVES = frozenset({"our", "their", "its", "his", "her", "my"})
_COLLECTIVE = frozenset({"we", "us", "ourselves", "both", "each", "they"})


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who is bound.

    Attributes:
        kind: `we`, `pronoun`, `party`, `named` (in the title or a party), `other_named`,
            `unknown_named` (no actor of the gazetteer), `body`, `instrument`, `third`, `implied` (passive or missing), `thing`.
        start, end: token range of the words, equal if implicit.
        text: as written, or in [brackets].
        party_ids: resolved ids.
        joint: more than one party.
    """

    kind: str
    start: int
    end: int
    text: str
    party_ids: tuple[str, ...] = ()
    joint: bool = False


@dataclass(frozen=True, slots=True)
class Parties:
    """What is known of a Doc's parties.

    Attributes:
        ids: actor ids of the document's parties.
        title_words: words of title and headings in lower case.
        actors: token index -> actor id, from `doc.spans["actors"]`.
        sides: actor id of a person or body -> the state or organisation that it speaks for.
    """

    ids: tuple[str, ...]
    title_words: frozenset[str]
    actors: dict[int, str]
    sides: dict[str, str] = field(default_factory=dict)

    def side(self, actor: str) -> str:
        """The side that a person speaks for; a body's own id unless a party stands behind it."""
        side = self.sides.get(actor, "")
        return side if side and (actor.startswith("name:") or (actor not in self.ids and side in self.ids)) else actor


def parties_of(doc: Doc) -> Parties:
    """Reads the parties from the Doc's span groups; all empty without them."""
    meta = doc.spans["blocks"].attrs.get("document", {}) if "blocks" in doc.spans else {}
    title = str(meta.get("title", "")).lower()
    actors = {t.i: span.id_ for span in doc.spans["actors"] for t in span} if "actors" in doc.spans else {}
    words = frozenset(w.strip(".,:;’'()").removesuffix("’s").removesuffix("'s") for w in title.replace("-", " ").split())
    return Parties(tuple(meta.get("parties", ())), words, actors, _sides(doc))


def _sides(doc: Doc) -> dict[str, str]:
    """Known office holders, and the sides that `pact_actors` read from offices and parents."""
    group = doc.spans.get("actors")
    if group is None:
        return sides()
    attrs = group.attrs
    named = {span.id_: side for span in group if (side := str(attrs.get(str(span.start_char), {}).get("side", "")))}
    return named | sides()


@functools.cache
def sides(path: Path = OFFICES) -> dict[str, str]:
    """Actor id of a person in office -> id of the state or organisation that the person speaks for."""
    with path.open(encoding="utf-8", newline="") as file:
        return {f"name:{row['name']}": row["of"] for row in csv.DictReader(file)}


class BearerFinder:
    """Finds who is bound by a candidate.

    Args:
        book: the codebook of modality.
    """

    def __init__(self, book: Modality) -> None:
        self.words = book.words

    def find(self, doc: Doc, candidate: Candidate, parties: Parties) -> Bearer:
        """The bearer of `candidate`."""
        head, aim = doc[candidate.head], doc[candidate.aim]
        if candidate.rule == "noun":
            token = self._of_noun(doc, candidate)
        elif candidate.rule in ("modal", "be_to"):
            token = self._of_modal(head, aim)
        else:
            token = clauses.subject(head)
        if candidate.rule == "modal" and clauses.is_passive(aim):
            agent = clauses.agent(aim)
            return self._bearer(agent, parties) if agent is not None else self._implied(parties, "implied")
        token = token if token is not None else self._nearest(head, parties)
        return self._bearer(token, parties) if token is not None else self._implied(parties, "missing")

    def _nearest(self, head: Token, parties: Parties) -> Token | None:
        """Where the parse lost the subject: the first words of the sentence before the cue that may name a party."""
        for token in head.doc[head.sent.start : head.i]:
            nominal = token.dep_ not in ("compound", "poss", "pobj", "amod", "det") and token.pos_ in ("NOUN", "PROPN", "PRON")
            if nominal and self.kind(token, parties) in ("we", "party", "named", "other_named", "body"):
                return token
        return None

    def _of_modal(self, head: Token, aim: Token) -> Token | None:
        verb = head.head if head.dep_ in ("aux", "auxpass") else aim
        if head.lemma_ == "be":
            verb = head
        return clauses.subject(verb)

    def _of_noun(self, doc: Doc, candidate: Candidate) -> Token | None:
        noun = doc[candidate.head]
        owner = clauses.child(noun, "poss")
        if owner is not None and owner.lower_ not in POSSESSIVES:
            return owner
        for c in noun.rights:
            if c.i < candidate.aim and c.lower_ in ("of", "by", "for") and c.dep_ in ("prep", "agent"):
                inner = clauses.child(c, "pobj")
                if inner is not None and inner.tag_ != "VBG":
                    return inner
        governor = doc[candidate.governor] if candidate.governor >= 0 else None
        if governor is None or governor.lemma_ in ("be", "remain"):
            return owner if governor is None else None
        return clauses.subject(governor)

    def _bearer(self, token: Token, parties: Parties) -> Bearer:
        doc = token.doc
        start, end = clauses.phrase(token)
        start = _skip_lead(doc, start, token.i)
        kind = self.kind(token, parties)
        if kind == "thing":  # "our experts and senior officials"
            joined = [c for c in token.rights if c.dep_ == "conj"]
            kind = next((k for c in joined if (k := self.kind(c, parties)) in ("we", "party", "named")), kind)
        span = doc[start:end]
        ids = self._ids(kind, span, parties)
        return Bearer(kind, start, end, span.text, ids, len(ids) > 1 or _is_plural(token))

    @staticmethod
    def _implied(parties: Parties, kind: str) -> Bearer:
        return Bearer(kind, 0, 0, "[the parties]", parties.ids, len(parties.ids) > 1)

    def kind(self, token: Token, parties: Parties) -> str:
        """What sort of thing `token`, the head of a subject, names."""
        lower, lemma = token.lower_, singular(token.lemma_.lower())
        if lower in self.words["subjects.we"]:
            return "we"
        if token.i in parties.actors:
            known = parties.actors[token.i] in parties.ids
            return "named" if known or not parties.ids or lower in parties.title_words else "other_named"
        if lower in self.words["subjects.third"]:
            return "third"
        if lower in self.words["subjects.pronouns"]:
            return "pronoun"
        if lemma in self.words["subjects.parties"]:
            return "party"
        if lemma in self.words["subjects.instruments"]:
            return "instrument"
        if lemma in self.words["subjects.bodies"]:
            return "body"
        if token.pos_ == "PROPN":
            return "named" if lower in parties.title_words else "unknown_named" if parties.actors else "other_named"
        return "thing"

    @staticmethod
    def _ids(kind: str, span: Span, parties: Parties) -> tuple[str, ...]:
        if kind in ("we", "pronoun", "body", "instrument"):
            return parties.ids
        found = (parties.actors[t.i] for t in span if t.i in parties.actors)
        named = tuple(dict.fromkeys(parties.side(actor) for actor in found))
        left = tuple(p for p in parties.ids if p not in named)
        unplaced = [actor for actor in named if actor.startswith("name:")]
        if unplaced and len(unplaced) == len(left):  # "Varn and the Minister of Belmark", of Arvenia and Belmark
            named = tuple(actor for actor in named if actor not in unplaced) + left
        return named or (parties.ids if kind == "party" else ())


def singular(word: str) -> str:
    """A plural in -s without it; proper nouns keep their plural as lemma ("Parties")."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _skip_lead(doc: Doc, start: int, head: int) -> int:
    """Leaves out a number ("12."), bullet or the end of a bracket that the parse hangs on the subject."""
    start = max([start, *(i + 1 for i in range(start, head) if doc[i].text in (")", "]", "”"))])
    while start < head and (
        doc[start].is_punct or doc[start].is_space or (doc[start].like_num and doc[start + 1].text in (".", ")"))
    ):
        start += 1
    return start


def _is_plural(token: Token) -> bool:
    return token.lower_ in _COLLECTIVE or token.tag_ in ("NNS", "NNPS") or clauses.child(token, "conj") is not None
