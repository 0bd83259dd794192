"""Reasons why a cue with an aim is no commitment (codebook B and E): what each means stands at its test.

A reason is a short word ("thing", "recital"), kept for the model of confidence and for finding errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.codebook.modality import Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate
from pipeline.components.commitments.bearers import Bearer, Parties, singular
from pipeline.components.commitments.idle import Idle
from pipeline.components.commitments.recitals import in_preamble, opens

_AGREED = frozenset({"treaty", "agreement", "agreement_draft"})
_UNKNOWN = ""
#: A state may be a party that the document's title does not name; what persons and formats plan is told where they take part.
_STATES = frozenset({"state", "ministry", "armed_forces"})
_PARTAKING = _STATES | {"person", "format"}
_SPOKEN = frozenset({"speech", "press_release", "readout"})
_AGO = re.compile(
    r"\b(?:years?|months?|weeks?) ago\b|\blast (?:year|month|week|spring|summer|autumn|fall|winter)\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:in|of|[A-Z][a-z]+[ey]r?|March|April|May|June|July|August) ((?:19|20)\d\d)\b")
_OUGHT = frozenset({"can", "could", "should", "might", "would"})
_CONDITIONAL = frozenset({"if", "unless", "whether", "where", "when", "whenever"})


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for a whole Doc.

    Attributes:
        treaty: whether "shall" binds by law.
        anchor: date of the document.
        doc_type: as in `records.DOC_TYPES`, empty if not known.
        quoted: token ranges between quotation marks.
        recitals: token ranges of paragraphs before "have agreed as follows".
    """

    parties: Parties
    treaty: bool
    anchor: str = ""
    doc_type: str = ""
    quoted: tuple[tuple[int, int], ...] = ()
    recitals: tuple[tuple[int, int], ...] = ()


def within(at: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Whether a token lies in one of the ranges."""
    return any(start <= at < end for start, end in ranges)


class Doubts:
    """Finds the reasons against a candidate by a codebook of modality.

    Args:
        book: the codebook.
    """

    def __init__(self, book: Modality) -> None:
        self.words = book.words
        self.idle = Idle(book)

    def of(self, doc: Doc, candidate: Candidate, bearer: Bearer, context: Context) -> Iterator[str]:
        """Every reason, none for a commitment."""
        aim = doc[candidate.aim]
        if candidate.far == "nested":
            yield "nested"
        if candidate.rule in ("imperative", "lead_in"):
            if aim.lemma_.lower() in self.words["never.aims"] or any(t.like_url for t in doc[aim.i + 1 : aim.i + 3]):
                yield "never"  # "Visit www.…"
            if bearer.kind == "thing" and not self._is_duty_list(doc, bearer):
                yield "thing"  # "the provisions of this Agreement shall: (a) not affect …"
            foretold = candidate.cue is not None and candidate.cue.lemma == "will" and bearer.end > 0
            worked = bearer.end > 0 and doc[bearer.start : bearer.end].root.lemma_.lower() in self.words["subjects.joint_work"]
            if foretold and not worked and self.idle.is_effect(aim, bearer, candidate.cue):
                yield "never"  # "It will: • Increase capacity"
            return
        if bearer.kind in ("thing", "third"):
            yield bearer.kind
        if self._hangs_on_phrase(aim if candidate.rule == "modal" else doc[candidate.head]):
            yield "described"
        if candidate.rule in ("verb", "noun", "adjective") and self._is_outsider(doc, bearer, _PARTAKING):
            yield "outsider"  # companies and associations
        if self.idle.is_idle(doc, candidate, bearer):
            yield "never"
        performed = self._performs(doc, candidate, context)
        if not performed and (
            within(candidate.head, context.recitals) or in_preamble(doc[candidate.head], self.words["recitals.openers"])
        ):
            yield "recital"
        if candidate.rule == "modal":
            yield from self._of_modal(doc, candidate, bearer, context)
        elif candidate.rule == "noun":
            yield from (d for d in self._of_noun(doc, candidate, bearer) if not (performed and d == "recital"))
        else:
            found = self._of_verb(doc[candidate.head], candidate, bearer, context.anchor)
            yield from (d for d in found if not (performed and d == "embedded"))

    def _of_modal(self, doc: Doc, candidate: Candidate, bearer: Bearer, context: Context) -> Iterator[str]:
        aim, head = doc[candidate.aim], doc[candidate.head]
        word = candidate.cue.lemma if candidate.cue is not None else ""
        if self._in_condition(aim) or self._is_question(aim) or self._is_ground(aim):
            yield "conditional"
        if aim.dep_ == "ccomp" and aim.head.lemma_.lower() in self.words["foreseen.thoughts"] and bearer.kind != "we":
            yield "foreseen"  # "we hope that Corvia will join us"
        if candidate.cue is not None and candidate.cue.reported and not self._is_reported(doc, candidate):
            yield "unreported"
        if head.is_title and not head.is_sent_start:
            yield "headline"  # "New Rules Will Help Ports"
        granted = (
            self._is_subordinate(aim) or self._is_right(doc, bearer) or (context.treaty and self._stands_for_party(aim, bearer))
        )
        if (
            bearer.kind == "implied"
        ):  # "Arvenia may be invited" tells what the others may do, "measures may be taken" what is allowed
            theme = clauses.own_subject(aim)
            granted = context.treaty or theme is None or theme.i not in context.parties.actors
        if word == "may" and granted and not candidate.negated:
            yield "restrictive"
        if word in ("can", "could", "might") and not self._is_offer(aim, head, bearer, context):
            yield "hypothetical"
        if word == "must" and not self._is_duty(aim, bearer, context):
            yield "appeal"
        if aim.dep_ == "relcl" and aim.lemma_.lower() in self.words["carriers.verbs"] and self._is_carrier(aim.head):
            yield "described"  # "steps that they will take"
        if bearer.kind == "implied" and self._is_described(aim):
            yield "described"
        if aim.dep_ in ("relcl", "pcomp", "acl", "advcl") and any(c.lemma_ == "have" and c.dep_ == "aux" for c in aim.lefts):
            yield "described"  # "the date on which each Party shall have notified"
        if bearer.kind == "instrument" and (aim.dep_ == "relcl" or self._is_indefinite(doc, bearer)):
            yield "predicted"
        acts = aim.dep_ != "relcl" and aim.lemma_.lower() not in self.words["never.things"]
        ordered = word == "shall" and acts and not context.treaty  # national orders name the organs that they bind
        if not ordered and self._is_outsider(doc, bearer, _STATES):
            yield "outsider"

    def _of_verb(self, head: Token, candidate: Candidate, bearer: Bearer, anchor: str) -> Iterator[str]:
        if self._in_condition(head):
            yield "conditional"
        if candidate.rule == "adjective":
            relative = clauses.own_subject(head) or clauses.own_subject(head.head)
            described = relative is not None and relative.lower_ in clauses.RELATIVES and bearer.kind not in ("we", "named")
            if described or bearer.kind == "instrument":
                yield "described"  # "partners who are committed to"
            denied = candidate.negated or bearer.text.lower().startswith(("neither", "none", "no "))
            if denied and head.lower_ in self.words["never.released"]:
                yield "released"
            if head.lower_ in self.words["never.released"] and bearer.kind not in ("we", "party", "named", "pronoun", "body"):
                yield "described"
            return
        if candidate.cue is not None and candidate.cue.reported and not self._is_told(head):
            yield "unreported"
        if candidate.rule == "verb" and self._is_foreseen(head, bearer):
            yield "foreseen"
        if any(c.tag_ == "MD" and c.lower_ in _OUGHT for c in head.lefts):
            yield "hypothetical"  # "a code to which states could commit"
        if candidate.rule in ("verb", "order") and self._is_past(head, anchor):
            yield "past"
        sought = candidate.rule == "verb" and head.lemma_.lower() in self.words["tried.verbs"]
        if sought and bearer.kind == "instrument" and not clauses.has_modal(head):
            yield "predicted"  # "this Agreement seeks to"
        if candidate.rule == "verb" and head.dep_ == "relcl" and self._is_carrier(head.head):
            yield "described"  # "the efforts that they have undertaken to"
        if candidate.rule == "be_to" and self._is_subordinate(head):
            yield "described"
        described = head.tag_ == "VBN" and head.dep_ == "acl" and head.lemma_.lower() in self.words["tried.verbs"]
        if candidate.rule in ("verb", "order") and (described or self._is_embedded(head)):
            yield "embedded"  # "a dialogue aimed at …" even where nothing else carries the sentence

    @staticmethod
    def _hangs_on_phrase(verb: Token) -> bool:
        """Whether the subject "that" hangs on the last noun of a phrase: "a fund for allies that will grow"."""
        if verb.dep_ != "relcl" or verb.head.dep_ != "pobj" or verb.head.head.lower_ in ("of", "by"):
            return False
        relative = clauses.own_subject(verb)
        return relative is not None and relative.lower_ == "that"

    @staticmethod
    def _is_described(aim: Token) -> bool:
        """Whether a passive stands in a relative clause: "the criteria that will be used"."""
        theme = clauses.child(aim, "nsubjpass") or clauses.child(aim.head, "nsubjpass")
        return theme is not None and theme.lower_ in clauses.RELATIVES

    def _is_carrier(self, noun: Token) -> bool:
        return noun.lemma_.lower() in self.words["carriers.nouns"]

    @staticmethod
    def _is_indefinite(doc: Doc, bearer: Bearer) -> bool:
        """Whether an instrument is not a certain one: "a programme", "projects"."""
        first, noun = doc[bearer.start], doc[bearer.start : bearer.end].root
        return first.lower_ in ("a", "an", "such") or (first.pos_ not in ("DET", "PRON", "PROPN") and noun.tag_ == "NNS")

    def _is_right(self, doc: Doc, bearer: Bearer) -> bool:
        """Whether "may" grants something to one side or to a kind of persons: "either Party may withdraw"."""
        if bearer.kind not in ("party", "body") or bearer.end <= bearer.start:
            return False
        first = doc[bearer.start]
        last = next((t for t in reversed(doc[bearer.start : bearer.end]) if t.pos_ in ("NOUN", "PROPN")), first)
        if last.tag_ not in ("NN", "NNP"):
            return False
        one_of = first.lower_ in ("a", "an", "any", "each", "either", "one", "such")
        return one_of or singular(last.lemma_.lower()) in self.words["subjects.sides"]

    @staticmethod
    def _stands_for_party(aim: Token, bearer: Bearer) -> bool:
        """Whether "it" is one of the parties: "If either Party objects, it may"."""
        return bearer.text.lower() == "it" and any(t.lower_ == "party" for t in aim.doc[aim.sent.start : aim.i])

    def _is_past(self, verb: Token, anchor: str) -> bool:
        """Whether a cue tells what was tried or decided before: "sought to", "had agreed to", "two years ago pledged to"."""
        if any(c.lower_ == "had" and c.dep_ == "aux" for c in verb.lefts):
            return True
        tried = verb.lemma_.lower() in self.words["tried.verbs"]
        if verb.tag_ == "VBN" and tried:  # "have sought to"
            return any(c.lemma_ == "have" and c.dep_ == "aux" for c in verb.lefts)
        if verb.tag_ != "VBD":
            return False
        if tried:
            return True
        before = verb.doc[verb.sent.start : verb.i + 1].text
        year = _YEAR.search(before)
        return bool(_AGO.search(before)) or (year is not None and anchor[:4].isdigit() and int(year[1]) < int(anchor[:4]) - 1)

    @staticmethod
    def _is_subordinate(verb: Token) -> bool:
        """Whether a clause only describes: "such data as the Court may request"."""
        while verb.dep_ == "conj" and verb.head != verb:
            verb = verb.head
        if verb.head.like_num:
            return False  # the parse hung the sentence on its number
        if verb.dep_ == "ccomp" and verb.head.lemma_.lower() == "ensure":
            return True
        return verb.dep_ in ("relcl", "acl", "pcomp") or (verb.dep_ == "advcl" and clauses.child(verb, "mark") is not None)

    def _is_outsider(self, doc: Doc, bearer: Bearer, kinds: frozenset[str]) -> bool:
        """Whether somebody with a name is neither a party nor of one of the `kinds` that a document's title may leave out."""
        if "actors" not in doc.spans or bearer.kind not in ("other_named", "unknown_named"):
            return False
        official = self.words["subjects.parties"] | self.words["subjects.bodies"]
        root = doc[bearer.start : bearer.end].root
        named = doc[bearer.start : bearer.end] if kinds is _PARTAKING else (root, *root.conjuncts, *root.lefts)
        if any(singular(t.lemma_.lower()) in official for t in named):
            return False
        return not any(s.label_ in kinds for s in doc.spans["actors"] if s.start < bearer.end and bearer.start < s.end)

    @staticmethod
    def _is_offer(aim: Token, modal: Token, bearer: Bearer, context: Context) -> bool:
        """Whether "could" or "might" holds out an act of a party; "can" does in an agreement only."""
        top = aim
        while top.dep_ == "conj" and top.head != top:
            top = top.head
        if context.doc_type not in {*_AGREED, _UNKNOWN} | ({"joint_statement"} if modal.lemma_ != "can" else set()):
            return False
        if clauses.is_passive(aim) or clauses.is_negated(aim):
            return False
        return top.dep_ == "ROOT" and bearer.kind in ("we", "party", "named", "pronoun") and not within(aim.i, context.quoted)

    @staticmethod
    def _is_duty(aim: Token, bearer: Bearer, context: Context) -> bool:
        """Whether "must" is laid on the parties in an agreed text; elsewhere it appeals."""
        top = aim
        while top.dep_ == "conj" and top.head != top:
            top = top.head
        agreed = context.treaty or context.doc_type in _AGREED
        if clauses.is_passive(aim):
            return agreed and top.dep_ not in ("relcl", "ccomp", "acl")
        if context.doc_type in _SPOKEN or within(aim.i, context.quoted) or top.dep_ == "ccomp":
            return False
        if agreed:
            return bearer.kind in ("we", "party", "named", "pronoun", "body")
        return bearer.kind == "we"

    def _performs(self, doc: Doc, candidate: Candidate, context: Context) -> bool:
        """Whether a participle makes the promise itself: "Reaffirming our commitment to …", "Determined to …".

        In political statements only: before a treaty's articles, in capitals or with a semicolon behind they are recitals.
        """
        verb = doc[candidate.governor if candidate.governor >= 0 else candidate.head]
        legal = context.treaty or context.doc_type in _AGREED or verb.is_upper or within(verb.i, context.recitals)
        if legal or candidate.rule == "modal":
            return False
        lemma = verb.lemma_.lower()
        owned = candidate.rule != "noun" or (
            lemma in self.words["reporting.verbs"] and lemma not in self.words["reporting.welcome"]
        )
        return owned and verb.tag_ in ("VBG", "VBN") and lemma not in self.words["tried.verbs"] and opens(verb)

    def _is_duty_list(self, doc: Doc, bearer: Bearer) -> bool:
        """Whether a lead-in tells tasks: "the functions of the Committee shall be"."""
        return any(singular(t.lemma_.lower()) in self.words["subjects.duties"] for t in doc[bearer.start : bearer.end])

    @staticmethod
    def _is_question(verb: Token) -> bool:
        """Whether a clause asks: "on what matters the official will be questioned"."""
        asked = verb.left_edge.lower_ in ("how", "why", "what") and verb.dep_ in ("conj", "acl", "dobj", "advcl")
        return asked or (verb.dep_ in ("pcomp", "ccomp") and verb.left_edge.tag_ in ("WP", "WRB", "WDT"))

    def _is_ground(self, verb: Token) -> bool:
        """Whether "that …" says what a noun holds: "on the ground that it will interfere", "his confidence that … will"."""
        mark = clauses.child(verb, "mark")
        if verb.dep_ not in ("acl", "relcl", "ccomp") or mark is None or mark.lower_ != "that" or not mark.i:
            return False
        noun = verb.head if verb.dep_ != "ccomp" else mark.nbor(-1)
        if verb.dep_ == "ccomp" and not (noun.dep_ == "pobj" and noun.head.lower_ in ("on", "in")):
            return False  # "assured the ministers that …"
        return noun.pos_ == "NOUN" and noun.lemma_.lower() not in self.words["subjects.assurances"]

    @staticmethod
    def _in_condition(verb: Token) -> bool:
        for _ in range(3):
            mark = clauses.child(verb, "mark", "advmod")
            if mark is not None and mark.lower_ in _CONDITIONAL and verb.dep_ in ("advcl", "ccomp"):
                return mark.i < verb.i
            if verb.dep_ != "conj":
                return False
            verb = verb.head
        return False

    def _is_reported(self, doc: Doc, candidate: Candidate) -> bool:
        return self._is_told(doc[candidate.head].head)

    def _is_told(self, verb: Token) -> bool:
        """Whether a clause hangs on a verb of speech: "confirmed that …, and that …"."""
        told = self.words["reporting.speech"]
        while verb.dep_ == "conj" and verb.head != verb:
            mark = clauses.child(verb, "mark")
            if mark is not None and mark.lower_ == "that" and verb.head.lemma_.lower() in told:
                return True
            verb = verb.head
        return verb.dep_ == "ccomp" and verb.head.lemma_.lower() in told

    def _of_noun(self, doc: Doc, candidate: Candidate, bearer: Bearer) -> Iterator[str]:
        words = self.words
        if self._in_condition(doc[candidate.head]):
            yield "conditional"
        if candidate.governor < 0:
            yield "ungoverned"
            return
        governor, noun = doc[candidate.governor], doc[candidate.head].lemma_.lower()
        firm = candidate.governor > candidate.aim and noun in words["reporting.firm_nouns"]
        if firm and doc[candidate.governor + 1].lower_ in words["reporting.firm"]:
            if bearer.kind in ("third", "other_named", "unknown_named"):
                yield "third"
            return  # "our commitment to defend the coast is firm"
        if governor.lemma_ in ("be", "remain") and any(c.lower_ == "of" for c in doc[candidate.head].rights):
            yield "scope"  # "the aim of this Agreement is to …"
        if governor.tag_ == "VBG" and governor.dep_ == "ROOT":
            yield "recital"
        if any(c.lower_ == "had" and c.dep_ == "aux" for c in governor.lefts):
            yield "past"
        if any(c.tag_ == "MD" and c.lower_ in _OUGHT for c in governor.lefts):
            yield "hypothetical"  # "every state should have a plan to"
        if governor.lemma_.lower() in words["reporting.owned"] and noun in words["reporting.owned_nouns"]:
            named = doc[candidate.head]
            if clauses.child(named, "poss") is None and named.left_edge.tag_ != "PRP$":  # "our governments' commitment"
                yield "unowned"
        elif governor.lemma_ in ("be", "remain"):
            owner = clauses.child(doc[candidate.head], "poss", "amod")
            if (owner is None or doc[candidate.head].left_edge.lower_ == "its") and not clauses.has_modal(governor):
                yield "scope"  # "the goal is to reduce losses" says what something is for
            if noun not in words["reporting.copular"] or doc[candidate.head].dep_ not in ("nsubj", "conj"):
                yield "ungoverned"
        elif not self._performs_noun(governor.lemma_.lower(), noun):
            yield "unperformed"
        elif governor.lemma_ in words["reporting.welcome"] and (
            noun not in words["reporting.welcome_nouns"] or bearer.kind in ("other_named", "unknown_named", "third")
        ):
            yield "welcomed"  # only what a party plans counts

    def _performs_noun(self, verb: str, noun: str) -> bool:
        """Whether a verb performs a noun of will: "confirm plans", not "have a shared interest", "reach a goal"."""
        words = self.words
        stated = verb in words["reporting.stated"] and noun in words["reporting.stated_nouns"]
        reached = verb == "reach" and noun in words["reporting.ends"]
        return verb in words["reporting.verbs"] and not stated and not reached

    def _is_foreseen(self, verb: Token, bearer: Bearer) -> bool:
        passive = clauses.child(verb, "auxpass") is not None and verb.lemma_.lower() in self.words["foreseen.verbs"]
        return passive and bearer.kind not in ("we", "party", "named")

    @staticmethod
    def _is_embedded(verb: Token) -> bool:
        """A cue verb that is itself subordinate: "called on them to commit to", "a group seeking to"."""
        if verb.tag_ == "VBG":
            return clauses.child(verb, "aux") is None
        if verb.tag_ == "VB":
            return clauses.is_infinitive(verb) and not clauses.has_modal(verb)
        finite = any(t.tag_ in ("VBZ", "VBP", "VBD", "MD") for t in verb.doc[verb.sent.start : verb.i])
        if verb.dep_ == "acl" and verb.head.dep_ == "ROOT" and verb.i - verb.sent.start < 25 and not finite:
            return False  # the tagger took a past tense for a participle, as nothing else carries the sentence
        return verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl", "amod") and clauses.child(verb, "aux", "auxpass") is None
