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

_AGREED = frozenset({"treaty", "agreement", "agreement_draft"})
_UNKNOWN = ""
_SPOKEN = frozenset({"speech", "press_release", "readout"})
_AGO = re.compile(
    r"\b(?:years?|months?|weeks?) ago\b|\blast (?:year|month|week|spring|summer|autumn|fall|winter)\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?<=\bin )(?:19|20)\d\d\b")
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

    def of(self, doc: Doc, candidate: Candidate, bearer: Bearer, context: Context) -> Iterator[str]:
        """Every reason, none for a commitment."""
        aim = doc[candidate.aim]
        if candidate.far == "nested":
            yield "nested"
        if candidate.rule in ("imperative", "lead_in"):
            if aim.lemma_.lower() in self.words["never.aims"]:
                yield "never"
            if bearer.kind == "thing" and not self._is_duty_list(doc, bearer):
                yield "thing"  # "the provisions of this Agreement shall: (a) not affect …"
            return
        if bearer.kind in ("thing", "third"):
            yield bearer.kind
        if self._does_nothing(aim, bearer, candidate.rule):
            yield "never"
        performed = self._performs(doc, candidate, context)
        if not performed and (within(candidate.head, context.recitals) or self._in_preamble(doc[candidate.head])):
            yield "recital"
        if candidate.rule == "modal":
            yield from self._of_modal(doc, candidate, bearer, context)
        elif candidate.rule == "noun":
            yield from (d for d in self._of_noun(doc, candidate) if not (performed and d == "recital"))
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
        granted = self._is_subordinate(aim) or self._is_right(doc, bearer)
        if (
            bearer.kind == "implied"
        ):  # "Arvenia may be invited" tells what the others may do, "measures may be taken" what is allowed
            granted = context.treaty or not self._is_actor(clauses.own_subject(aim))
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
        if bearer.kind == "instrument" and (aim.dep_ == "relcl" or self._is_indefinite(doc, bearer)):
            yield "predicted"
        if "actors" in doc.spans and bearer.kind in ("other_named", "unknown_named") and not self._is_state(doc, bearer):
            yield "outsider"

    def _of_verb(self, head: Token, candidate: Candidate, bearer: Bearer, anchor: str) -> Iterator[str]:
        if self._in_condition(head):
            yield "conditional"
        if candidate.rule == "adjective":
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
        if candidate.rule == "verb" and self._is_past(head, anchor):
            yield "past"
        if candidate.rule == "be_to" and self._is_subordinate(head):
            yield "described"
        if candidate.rule in ("verb", "order") and self._is_embedded(head):
            yield "embedded"

    def _does_nothing(self, aim: Token, bearer: Bearer, rule: str) -> bool:
        words, lemma, doc = self.words, aim.lemma_.lower(), aim.doc
        if lemma == "stand" and aim.i + 1 < len(doc) and aim.nbor(1).lower_ in words["never.solidarity"]:
            return True
        behind = doc[aim.i + 1 : aim.i + 3].text.lower()
        if behind in words["never.constitutive"] or (lemma in words["never.concluding"] and self._names_itself(aim)):
            return True
        if lemma == "make" and behind.startswith("up of"):
            return True
        theme = clauses.own_subject(aim) or clauses.own_subject(aim.head) if clauses.is_passive(aim) else None
        if theme is not None and singular(theme.lower_) in words["never.themes"]:
            return True
        if theme is not None and lemma in words["never.concluding"] and self._is_itself(theme.left_edge):
            return True
        impersonal = (
            bearer.kind in ("instrument", "body", "implied", "missing") or bearer.text.lower() == "it"
        ) and rule == "modal"
        if lemma in words["never.things"] and impersonal and not clauses.is_passive(aim):
            return True
        if lemma == "welcome" and aim.tag_ == "VBG" and clauses.child(aim, "dobj") is not None and rule == "verb":
            return False  # "look forward to welcoming the delegation"
        return lemma in words["never.aims"] or (lemma in words["never.passive"] and clauses.is_passive(aim))

    def _names_itself(self, aim: Token) -> bool:
        """Whether "this Agreement" or "the following" is what the parties conclude or agree: the document itself."""
        for token in aim.doc[aim.i + 1 : aim.i + 5]:
            if token.lower_ in ("following", "follows"):
                return True
            if token.lower_ in ("this", "these", "present"):
                return self._is_itself(token)
        return False

    def _is_itself(self, token: Token) -> bool:
        """Whether "this Agreement" begins here."""
        if token.lower_ not in ("this", "these", "present") or token.i + 1 >= len(token.doc):
            return False
        return singular(token.nbor(1).lower_) in self.words["subjects.instruments"]

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
        first, last = doc[bearer.start], doc[bearer.end - 1]
        return first.lower_ in ("a", "an", "such") or (first.pos_ not in ("DET", "PRON", "PROPN") and last.tag_ == "NNS")

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

    def _is_past(self, verb: Token, anchor: str) -> bool:
        """Whether a cue tells what was tried or decided before: "sought to", "had agreed to", "two years ago pledged to"."""
        if any(c.lower_ == "had" and c.dep_ == "aux" for c in verb.lefts):
            return True
        if verb.tag_ != "VBD":
            return False
        if verb.lemma_.lower() in self.words["tried.verbs"]:
            return True
        before = verb.doc[verb.sent.start : verb.i + 1].text
        year = _YEAR.search(before)
        return bool(_AGO.search(before)) or (year is not None and anchor[:4].isdigit() and int(year[0]) < int(anchor[:4]) - 1)

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

    @staticmethod
    def _is_actor(token: Token | None) -> bool:
        actors = token.doc.spans.get("actors", []) if token is not None else []
        return token is not None and any(span.start <= token.i < span.end for span in actors)

    @staticmethod
    def _is_state(doc: Doc, bearer: Bearer) -> bool:
        """Whether a state is the bearer: it may be a party that the document's title does not name."""
        actors = (s for s in doc.spans.get("actors", []) if s.start < bearer.end and bearer.start < s.end)
        return any(span.label_ in ("state", "ministry", "armed_forces") for span in actors)

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
        if clauses.is_passive(aim) or context.doc_type in _SPOKEN or within(aim.i, context.quoted) or aim.dep_ == "ccomp":
            return False
        if context.doc_type in _AGREED or context.treaty:
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
        return owned and verb.tag_ in ("VBG", "VBN") and lemma not in self.words["tried.verbs"] and self._opens(verb)

    def _in_preamble(self, head: Token) -> bool:
        """Whether a cue stands under a participle that opens the sentence: "Considering that the Parties undertake to …"."""
        token = head
        for _ in range(12):
            joined = token.dep_ == "conj" and clauses.own_subject(token) is not None and token.tag_ != "VBG"
            if token.head == token or joined:
                break
            token = token.head
            if token.i < head.i and token.lower_ in self.words["recitals.openers"] and self._opens(token):
                return True
        return False

    @staticmethod
    def _opens(token: Token) -> bool:
        """Whether only numbers, marks and adverbs stand before a token in its sentence."""
        before = token.doc[token.sent.start : token.i]
        if len(before) and before[-1].text in (";", ":"):
            return True
        return len(before) < 6 and all(not t.is_alpha or t.pos_ in ("ADV", "CCONJ", "X") for t in before)

    def _is_duty_list(self, doc: Doc, bearer: Bearer) -> bool:
        """Whether a lead-in tells tasks: "the functions of the Committee shall be"."""
        return any(singular(t.lemma_.lower()) in self.words["subjects.duties"] for t in doc[bearer.start : bearer.end])

    @staticmethod
    def _is_question(verb: Token) -> bool:
        """Whether a clause asks: "on what matters the official will be questioned"."""
        return verb.dep_ in ("pcomp", "ccomp") and verb.left_edge.tag_ in ("WP", "WRB", "WDT")

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
        while verb.dep_ == "conj" and verb.head != verb:
            verb = verb.head
        return verb.dep_ == "ccomp" and verb.head.lemma_.lower() in self.words["reporting.speech"]

    def _of_noun(self, doc: Doc, candidate: Candidate) -> Iterator[str]:
        words = self.words
        if self._in_condition(doc[candidate.head]):
            yield "conditional"
        if candidate.governor < 0:
            yield "ungoverned"
            return
        governor, noun = doc[candidate.governor], doc[candidate.head].lemma_.lower()
        if governor.lemma_ in ("be", "remain") and any(c.lower_ == "of" for c in doc[candidate.head].rights):
            yield "scope"  # "the aim of this Agreement is to …"
        if governor.tag_ == "VBG" and governor.dep_ == "ROOT":
            yield "recital"
        if governor.lemma_.lower() in words["reporting.owned"] and noun in words["reporting.owned_nouns"]:
            if clauses.child(doc[candidate.head], "poss") is None:
                yield "unowned"
        elif governor.lemma_ in ("be", "remain"):
            if noun not in words["reporting.copular"] or doc[candidate.head].dep_ not in ("nsubj", "conj"):
                yield "ungoverned"
        elif governor.lemma_.lower() not in words["reporting.verbs"]:
            yield "unperformed"
        elif governor.lemma_ in words["reporting.welcome"] and noun not in words["reporting.welcome_nouns"]:
            yield "welcomed"

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
        if verb.dep_ == "acl" and verb.head.dep_ == "ROOT" and verb.i - verb.sent.start < 25:
            return False  # the tagger took a past tense for a participle, as nothing else carries the sentence
        return verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl", "amod") and clauses.child(verb, "aux", "auxpass") is None


def recitals(doc: Doc, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Token ranges of the blocks that open with one of `words` and do not end as a sentence: "Recalling their …;".

    Args:
        words: openers in lower case ("whereas").
    """
    for block in doc.spans.get("blocks", []):
        first = next((t for t in block[:4] if t.is_alpha and len(t) > 1), None)
        if first is None or first.lower_ not in words:
            continue
        last = next((t for t in reversed(block[-3:]) if not t.is_space), first)
        if last.text in (",", ";", ":") or last.lower_ == "and":
            yield block.start, block.end
