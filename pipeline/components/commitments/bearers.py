"""Who is bound by a commitment: finds the words, tells their kind, and resolves them to parties."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path

from spacy.tokens import Doc, Span, Token

from pipeline.codebook import modality
from pipeline.codebook.modality import Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate

OFFICES = Path(modality.__file__).with_name("office_holders.csv")
POSSESSIVES = frozenset({"our", "their", "its", "his", "her", "my"})
_DISTRIBUTED = frozenset({"each", "either", "every", "both", "neither", "any"})
_OF_STATE = re.compile(r"\b(?:minister|secretary(?![ -]general)|ambassador)\b", re.IGNORECASE)
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
    ids = tuple(meta.get("parties", ()))
    return Parties(ids, words, actors, _sides(doc, ids))


def _sides(doc: Doc, ids: tuple[str, ...]) -> dict[str, str]:
    """Known office holders, and the sides that `pact_actors` read from offices and parents."""
    group = doc.spans.get("actors")
    if group is None:
        return sides()
    named = dict(sides())
    for span in group:
        told = group.attrs.get(str(span.start_char), {})
        # In a document of one party an office of state without one is that party's: "Secretary of the Interior Ada Varn".
        side = told.get("side") or (ids[0] if len(ids) == 1 and _OF_STATE.search(str(told.get("role", ""))) else "")
        if side:
            named.setdefault(span.id_, str(side))
    return named


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
            bare = agent is None or agent.pos_ == "NUM" or agent.lower_ in self.words["subjects.means"]
            if bare or agent is None or self.kind(agent, parties) == "thing":
                return self._implied(parties, "implied")
            return self._bearer(agent, parties)
        token = self._of_main_clause(head, token, parties) if candidate.rule == "verb" else token
        numbered = token is not None and token.like_num and token.is_sent_start  # "6. Through this Partnership, …"
        token = self._nearest(head, parties) if token is None or numbered else token
        return self._bearer(token, parties, head.i) if token is not None else self._implied(parties, "missing")

    def _of_main_clause(self, head: Token, token: Token | None, parties: Parties) -> Token | None:
        """ "Varn said that bandits had fled, and agreed to …": the parse joins what comes after the comma to "had fled"."""
        first = head.head
        if head.dep_ != "conj" or first.dep_ != "ccomp" or token is None or self.kind(token, parties) != "thing":
            return token
        outer = clauses.subject(first.head)
        return outer if outer is not None and self.kind(outer, parties) != "thing" else token

    def _nearest(self, head: Token, parties: Parties) -> Token | None:
        """Where the parse lost the subject: the first words of the sentence before the cue that may name a party."""
        for token in head.doc[head.sent.start : head.i]:
            nominal = token.dep_ not in ("compound", "poss", "pobj", "amod", "det", "nummod") and token.pos_ in (
                "NOUN",
                "PROPN",
                "PRON",
            )
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

    def _bearer(self, token: Token, parties: Parties, before: int = 0) -> Bearer:
        doc = token.doc
        start, end = clauses.phrase(token)
        if token.i < before < end:  # the parse hung the verb itself on its subject
            end = max(token.i + 1, before)
        if token.lower_ == "i" and start > 1 and doc[start - 1].lower_ == "and" and doc[start - 2].pos_ == "PROPN":
            start = doc[start - 2].left_edge.i  # "the Minister and I"
        kind = self.kind(token, parties)
        if kind in ("unknown_named", "other_named") and doc[start].lower_ == "our":
            kind = "body"  # "our frigate Constance"
        if kind == "thing":  # "our experts and senior officials"
            joined = [c for c in token.rights if c.dep_ == "conj"]
            kind = next((k for c in joined if (k := self.kind(c, parties)) in ("we", "party", "named")), kind)
        span = doc[start:end]
        ids = self._antecedent(token, parties) if kind == "pronoun" else self._ids(kind, span, parties)
        if kind == "party" and ids == parties.ids and self._is_one_side(token, span):
            return Bearer(kind, start, end, span.text)
        return Bearer(kind, start, end, span.text, ids, len(ids) > 1 or _is_plural(token))

    def _is_one_side(self, token: Token, span: Span) -> bool:
        """Whether a party is meant of which only its part is told: "the supplying Party", "the other side"."""
        single = token.tag_ in ("NN", "NNP") and singular(token.lemma_.lower()) in self.words["subjects.sides"]
        return single and not any(t.lower_ in _COLLECTIVE | _DISTRIBUTED or t.dep_ == "conj" for t in span)

    def _antecedent(self, pronoun: Token, parties: Parties) -> tuple[str, ...]:
        """The parties that "it" or "they" stands for: the subject before it in its paragraph, two sentences back at most."""
        block = next((b for b in pronoun.doc.spans.get("blocks", []) if b.start <= pronoun.i < b.end), None)
        floor = max(block.start if block is not None else 0, pronoun.sent.start - 100)
        for token in reversed(pronoun.doc[floor : pronoun.i]):
            if token.dep_ not in ("nsubj", "nsubjpass") or token.pos_ not in ("NOUN", "PROPN"):
                continue
            if pronoun.lower_ == "it" and (token.tag_ in ("NNS", "NNPS") or clauses.child(token, "conj") is not None):
                continue
            start, end = clauses.phrase(token)
            ids = self._ids(self.kind(token, parties), pronoun.doc[start : min(end, pronoun.i)], parties)
            one = pronoun.lower_ in ("it", "he", "she")
            return ids if ids and set(ids) <= set(parties.ids) and (one or len(ids) > 1) else parties.ids
        return parties.ids

    @staticmethod
    def _implied(parties: Parties, kind: str) -> Bearer:
        return Bearer(kind, 0, 0, "[the parties]", parties.ids, len(parties.ids) > 1)

    def kind(self, token: Token, parties: Parties) -> str:
        """What sort of thing `token`, the head of a subject, names."""
        lower, lemma = token.lower_, singular(token.lemma_.lower())
        of = clauses.child(token, "prep") if lower in self.words["subjects.pronouns"] else None
        inner = clauses.child(of, "pobj") if of is not None and of.lower_ == "of" else None
        if inner is not None:  # "none of us", "both of these programmes"
            return self.kind(inner, parties)
        if lower in self.words["subjects.we"]:
            return "we"
        if token.i in parties.actors:
            return self._named(token, parties)
        if lower in self.words["subjects.third"] or lemma in self.words["subjects.private"]:
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

    def _named(self, token: Token, parties: Parties) -> str:
        """The kind of a subject that is an actor of the gazetteer, or one of several joined ones."""
        joined = [c for c in token.rights if c.dep_ == "conj" and c.i in parties.actors]
        sides = {parties.side(parties.actors[t.i]) for t in (token, *joined)}
        if not parties.ids or sides & set(parties.ids) or token.lower_ in parties.title_words:
            return "named"
        return "body" if singular(token.lemma_.lower()) in self.words["subjects.bodies"] else "other_named"

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


def _is_plural(token: Token) -> bool:
    return token.lower_ in _COLLECTIVE or token.tag_ in ("NNS", "NNPS") or clauses.child(token, "conj") is not None
