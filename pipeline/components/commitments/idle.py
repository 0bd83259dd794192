"""Aims under which nothing is done: states, feelings, solidarity, what only defines, and what an instrument brings about."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from pipeline.codebook.modality import Cue, Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate
from pipeline.components.commitments.bearers import Bearer, singular


class Idle:
    """Tells aims that do nothing by the lists `never.*` of a codebook of modality.

    Args:
        book: the codebook.
    """

    def __init__(self, book: Modality) -> None:
        self.words = book.words

    def is_idle(self, doc: Doc, candidate: Candidate, bearer: Bearer) -> bool:
        """Whether the aim of a candidate does nothing."""
        if self._does_nothing(doc[candidate.aim], bearer, candidate.rule):
            return True
        return candidate.rule == "modal" and self.is_effect(self._first_aim(doc, candidate, bearer), bearer, candidate.cue)

    def _does_nothing(self, aim: Token, bearer: Bearer, rule: str) -> bool:
        words, lemma, doc = self.words, aim.lemma_.lower(), aim.doc
        behind = next((t for t in doc[aim.i + 1 : aim.i + 3] if t.tag_ != "RB" or t.lower_ in words["never.solidarity"]), aim)
        if lemma == "stand" and behind.lower_ in words["never.solidarity"]:
            return True  # "stand firmly with"
        if lemma in words["never.referring"] and any(t.lower_ in words["never.enclosed"] for t in aim.sent):
            return True
        following = doc[aim.i + 1 : aim.i + 3].text.lower()
        if following in words["never.constitutive"] or (lemma in words["never.concluding"] and self._names_itself(aim)):
            return True
        if lemma == "make" and following.startswith("up of"):
            return True
        theme = clauses.own_subject(aim) or clauses.own_subject(aim.head) if clauses.is_passive(aim) else None
        if theme is not None and singular(theme.lower_) in words["never.themes"]:
            return True
        itself = theme is not None and (theme.lower_ == "it" or self._is_itself(theme.left_edge))
        if itself and lemma in words["never.concluding"]:
            return True
        if lemma == "welcome" and clauses.child(aim, "dobj") is not None and rule in ("verb", "noun", "adjective"):
            return False  # "look forward to welcoming the delegation"
        defines = lemma in words["never.passive"] and clauses.is_passive(aim)
        acted = bearer.kind in ("we", "party", "named", "body") and clauses.agent(aim) is not None  # "defined jointly by both"
        return lemma in words["never.aims"] or (defines and not acted)

    def is_effect(self, aim: Token, bearer: Bearer, cue: Cue | None) -> bool:
        """Whether an aim tells what an instrument, a body or nobody brings about: "the Partnership will *enhance* security"."""
        lemma, it = aim.lemma_.lower(), bearer.text.lower() == "it"
        if clauses.is_passive(aim):
            return False
        foretold = cue is not None and cue.lemma == "will" and (it or bearer.kind == "instrument")
        if foretold and lemma in self.words["never.effects"]:
            return True
        if bearer.kind == "body" and aim.dep_ != "relcl" and lemma in self.words["never.done_by_bodies"]:
            return False
        impersonal = it or bearer.kind in ("instrument", "body", "implied", "missing")
        return impersonal and lemma in self.words["never.things"]

    @staticmethod
    def _first_aim(doc: Doc, candidate: Candidate, bearer: Bearer) -> Token:
        """The aim that tells whether those joined to it are effects: "the Pact will *support* training and build capacity"."""
        first = doc[candidate.head].head
        joined = (bearer.kind in ("instrument", "body") or bearer.text == "It") and candidate.depth and first.i > candidate.head
        return first if joined else doc[candidate.aim]

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
