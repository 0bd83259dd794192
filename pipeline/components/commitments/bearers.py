"""Who is bound by a commitment: finds the words, tells their kind, and resolves them to parties."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path

from spacy.tokens import Doc, Span, Token

from pipeline.codebook import modality
from pipeline.codebook.actors import load_gazetteer, split
from pipeline.codebook.modality import Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate

OFFICES = Path(modality.__file__).with_name("office_holders.csv")
POSSESSIVES = frozenset({"our", "their", "its", "his", "her", "my"})
_DISTRIBUTED = frozenset({"each", "either", "every", "both", "neither", "any"})
_OF_STATE = re.compile(r"\b(?:minister|secretary(?![ -]general)|ambassador)\b", re.IGNORECASE)
_GLUED = re.compile(r"^\d+\.(?=[a-z])")  # "18.We", where a reader lost the space
_MEMBER_STATE = re.compile(r"\bMember States?$")
_MARKS = frozenset({"’", "'", "’s", "'s"})
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
        formed: ids of organisations that the document itself defines or that are known by their shape only.
    """

    ids: tuple[str, ...]
    title_words: frozenset[str]
    actors: dict[int, str]
    sides: dict[str, str] = field(default_factory=dict)
    formed: frozenset[str] = frozenset()

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
    return Parties(ids, words, actors, _sides(doc, ids), _formed(doc))


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


def _formed(doc: Doc) -> frozenset[str]:
    group = doc.spans.get("actors")
    rules = ((s, group.attrs.get(str(s.start_char), {}).get("rule")) for s in group) if group is not None else ()
    return frozenset(s.id_ for s, rule in rules if s.label_ == "organisation" and rule in ("shape", "definition"))


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
            token = self._of_noun(doc, candidate, parties)
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
        token = self._before_relative(token, parties) if candidate.rule == "modal" else token
        if token is not None and token.pos_ == "VERB" and clauses.is_infinitive(token):
            token = None  # "To mark the day, Varn and Brannick agreed to": the parse takes the verb for the subject
        numbered = token is not None and token.like_num and token.is_sent_start and token.i + 1 < head.i  # "6. Through this …"
        token = self._nearest(head, parties) if token is None or numbered else token
        if token is None:
            return self._implied(parties, "missing")
        return self._bearer(self._behind_label(token, head, parties), parties, head.i)

    def _behind_label(self, token: Token, head: Token, parties: Parties) -> Token:
        """The subject behind a label that the parse took for one: "Trade and Ports: *We* are committed to"."""
        colon = next((t for t in reversed(head.doc[token.i + 1 : head.i]) if t.text == ":"), None)
        if colon is None or colon.i - head.sent.start > 15:
            return token
        return next((t for t in head.doc[colon.i + 1 : head.i] if self._may_act(t, parties)), token)

    def _of_main_clause(self, head: Token, token: Token | None, parties: Parties) -> Token | None:
        """ "Varn said that bandits had fled, and agreed to …": the parse joins what comes after the comma to "had fled"."""
        first = head.head
        singular_verb = head.dep_ == "conj" and first.tag_ == "VBZ" and head.tag_ in clauses.BASE_TAGS
        if singular_verb and first.dep_ in ("relcl", "ccomp"):  # "We know the role that it plays and commit to …"
            return clauses.subject(first.head if first.dep_ == "ccomp" else self._verb_above(first)) or token
        if head.dep_ != "conj" or first.dep_ != "ccomp" or token is None or self.kind(token, parties) != "thing":
            return token
        outer = clauses.subject(first.head)
        return outer if outer is not None and self.kind(outer, parties) != "thing" else token

    @staticmethod
    def _verb_above(relative: Token) -> Token:
        """The verb of the clause around a relative clause."""
        return next((t for t in relative.ancestors if t.tag_ in clauses.VERB_TAGS), relative)

    def _before_relative(self, token: Token | None, parties: Parties) -> Token | None:
        """ "The Party which takes such measures shall inform": the parse takes the object before the modal for the subject."""
        if token is None or self.kind(token, parties) != "thing":
            return token
        above = token.head.head  # "The Party making such a request shall inform" is parsed in the same way
        if token.head.dep_ == "ccomp" and above.tag_ == "VBG" and above.i < token.i:
            return clauses.own_subject(above) or token
        for relative in reversed(token.doc[token.sent.start + 1 : token.left_edge.i]):
            if relative.is_punct:
                return token
            if relative.lower_ in clauses.RELATIVES and relative.tag_ in ("WDT", "WP"):
                noun = relative.nbor(-1)
                return noun if self.kind(noun, parties) in ("party", "named", "body") else token
        return token

    def _nearest(self, head: Token, parties: Parties) -> Token | None:
        """Where the parse lost the subject: the first words of the sentence before the cue that may name a party."""
        return next((t for t in head.doc[head.sent.start : head.i] if self._may_act(t, parties)), None)

    def _may_act(self, token: Token, parties: Parties) -> bool:
        nominal = token.pos_ in ("NOUN", "PROPN", "PRON")
        if not nominal or token.dep_ in ("compound", "poss", "pobj", "amod", "det", "nummod"):
            return False
        return self.kind(token, parties) in ("we", "party", "named", "other_named", "body")

    def _of_modal(self, head: Token, aim: Token) -> Token | None:
        verb = head.head if head.dep_ in ("aux", "auxpass") else aim
        if head.lemma_ == "be":
            verb = head
        before = head.nbor(-1) if head.i > head.sent.start else head
        return clauses.subject(verb) or (
            before if before.pos_ == "PRON" else None
        )  # "it shall, by a vote, adopt": a lost subject

    def _of_noun(self, doc: Doc, candidate: Candidate, parties: Parties) -> Token | None:
        noun = doc[candidate.head]
        owner = clauses.child(noun, "poss")
        shared = clauses.child(noun.head, "poss") if noun.dep_ == "conj" else None  # "Corvia's plan and readiness to"
        loose = clauses.child(noun, "nmod") if noun.left_edge.tag_ == "PRP$" else None  # "our governments’ commitment"
        before = next((t for t in reversed(doc[noun.sent.start : noun.i]) if t.pos_ not in ("ADJ", "ADV", "CCONJ")), noun)
        if before.text in _MARKS and before.i > noun.sent.start:  # "both countries’ commitment": the parse lost the possessor
            loose = before.nbor(-1)
        elif before.i in parties.actors:  # "the U.S. commitment"
            loose = before
        for named in (owner, loose, shared):
            if named is not None and named.i < noun.i and named.lower_ not in POSSESSIVES:
                return named
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
        appos = clauses.child(token, "appos") if kind == "thing" else None
        if appos is not None and appos.i == token.i + 1:  # "the host State"
            token, kind = appos, self.kind(appos, parties)
        if kind in ("unknown_named", "other_named"):
            kind = self._kind_by_words(doc[start:end], token, kind)
        if kind == "thing":  # "our experts and senior officials"
            joined = [c for c in token.rights if c.dep_ == "conj" and any(t.lower_ == "and" for t in doc[token.i : c.i])]
            kind = next((k for c in joined if (k := self.kind(c, parties)) in ("we", "party", "named")), kind)
        if kind == "pronoun" and token.lower_ in ("it", "he", "she"):  # "Varn & Sons announced it will"
            names = [t for t in reversed(doc[token.sent.start : token.i]) if t.pos_ == "PROPN"]
            hostile = (t for t in names if t.lower_ in self.words["subjects.third"])  # "stand up to Corvia, it will"
            told = next((t for t in names if t.dep_ == "nsubj"), None) or next(hostile, None)
            other = self.kind(told, parties) if told is not None else kind
            kind = other if other in ("third", "unknown_named") else kind
        span = doc[start:end]
        ids = self._antecedent(token, parties) if kind == "pronoun" else self._ids(kind, span, parties)
        one = kind == "party" and ids == parties.ids and self._is_one_side(token, span)
        one = one or (kind in ("body", "party") and len(ids) == 1 < len(parties.ids))
        return Bearer(kind, start, end, span.text, ids, not one and (len(ids) > 1 or _is_plural(token)))

    def _kind_by_words(self, span: Span, token: Token, kind: str) -> str:
        """What a subject that is no party's name must be by the words around it, else `kind`."""
        if span[0].lower_ == "our":
            return "body"  # "our frigate Constance"
        counted = token.tag_ == "NNPS" and any(t.lower_ in self.words["subjects.pronouns"] for t in token.lefts)
        return "party" if counted else kind  # "the two NSAs"

    def _is_one_side(self, token: Token, span: Span) -> bool:
        """Whether any party is meant, but one at a time: "the supplying Party", "the other side"."""
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
        lower, lemma = _GLUED.sub("", token.lower_), singular(token.lemma_.lower())
        of = clauses.child(token, "prep") if lower in self.words["subjects.pronouns"] else None
        inner = clauses.child(of, "pobj") if of is not None and of.lower_ == "of" else None
        if inner is not None:  # "none of us", "both of these programmes"
            return self.kind(inner, parties)
        if lower in self.words["subjects.we"]:
            return "we"
        if lower in self.words["subjects.third"] and parties.actors.get(token.i) not in parties.ids:
            return "third"
        if token.i in parties.actors:
            return self._named(token, parties)
        if lower in self.words["subjects.third"] or lemma in self.words["subjects.private"]:
            return "third"
        if lemma in self.words["subjects.laws"]:
            return "thing"
        if lower in self.words["subjects.pronouns"]:
            return "pronoun"
        if lemma in self.words["subjects.parties"]:
            return "party"
        if lemma in self.words["subjects.instruments"]:
            return "instrument"
        if lemma in self.words["subjects.bodies"]:
            return "body"
        if _is_acronym(token):
            return "body"
        if token.pos_ == "PROPN":
            return "named" if lower in parties.title_words else "unknown_named" if parties.actors else "other_named"
        return "thing"

    def _named(self, token: Token, parties: Parties) -> str:
        """The kind of a subject that is an actor of the gazetteer, or one of several joined ones."""
        joined = [c for c in token.rights if c.dep_ == "conj" and c.i in parties.actors]
        sides = {parties.side(parties.actors[t.i]) for t in (token, *joined)}
        if sides & set(parties.ids):
            return "named"
        formed = parties.actors[token.i] in parties.formed and _is_acronym(token)
        if formed or singular(token.lemma_.lower()) in self.words["subjects.bodies"]:
            return "body"
        return "named" if not parties.ids or token.lower_ in parties.title_words else "other_named"

    @staticmethod
    def _ids(kind: str, span: Span, parties: Parties) -> tuple[str, ...]:
        if kind in ("we", "pronoun", "instrument"):
            return parties.ids
        if kind == "body" or (kind == "party" and not any(t.i in parties.actors for t in span)):
            return _of_whom(span, parties) or parties.ids
        found = (parties.actors[t.i] for t in span if t.i in parties.actors)
        named = tuple(dict.fromkeys(parties.side(actor) for actor in found))
        if set(named) & set(parties.ids):  # what stands beside a party and is known by its name only is none
            named = tuple(actor for actor in named if actor in parties.ids or actor not in parties.formed)
        left = tuple(p for p in parties.ids if p not in named)
        unplaced = [actor for actor in named if actor.startswith("name:")]
        if unplaced and len(unplaced) == len(left):  # "Varn and the Minister of Belmark", of Arvenia and Belmark
            named = tuple(actor for actor in named if actor not in unplaced) + left
        return named or (parties.ids if kind == "party" else ())


def _of_whom(span: Span, parties: Parties) -> tuple[str, ...]:
    """The parties whose body or official it is by an adjective or a name before it: "Arvenian experts", "EU personnel"."""
    head = span.root.i + 1 - span.start
    gazetteer = load_gazetteer()
    before = split(span[:head].text)
    hits = (hit for hit in gazetteer.scan(before) if hit.form != "guard")
    owners = [_owner(hit.actor_id, parties) for hit in hits]
    if not owners and _MEMBER_STATE.search(before.text):
        owners = ["EU"]
    return tuple(dict.fromkeys(owner for owner in owners if owner in parties.ids))


def _owner(actor_id: str, parties: Parties) -> str:
    """The party behind a body: itself, or the first of its parents that is one."""
    actors = load_gazetteer().actors
    while actor_id not in parties.ids and actor_id in actors and actors[actor_id].parent:
        actor_id = actors[actor_id].parent
    return actor_id


def singular(word: str) -> str:
    """A plural in -s without it; proper nouns keep their plural as lemma ("Parties")."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _is_acronym(token: Token) -> bool:
    """Whether something is named by its letters with an article, as what a document sets up: "the JCG shall meet"."""
    return token.is_upper and len(token) > 2 and any(t.lower_ == "the" for t in token.lefts)


def _is_plural(token: Token) -> bool:
    return token.lower_ in _COLLECTIVE or token.tag_ in ("NNS", "NNPS") or clauses.child(token, "conj") is not None
