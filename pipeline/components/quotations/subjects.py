"""What a parse says about who acts: the subject of a verb, also one that it shares, and the words that belong to a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacy.tokens import Span, Token

SUBJECTS = ("nsubj", "nsubjpass")
#: Parts of a subject that can hold the name: "the High Representative, Kaja Kallas".
_NAMING = frozenset(("appos", "compound", "flat", "nmod", "amod", "conj", "poss", "prep", "pobj"))


def subject_of(verb: Token) -> Token | None:
    """A verb's subject; coordinated verbs share theirs, a participle ("…, noting that …") has that of the main verb."""
    token = verb
    opens = verb.tag_ == "VBG" and verb == verb.sent[0]  # "Calling it historic, Varn …"
    while True:
        # What is reported has a subject of its own: "said that Arvenia agreed, noting that" is about who said so.
        reported = token != verb and token.dep_ == "ccomp" and token.head.i < token.i
        subject = next((t for t in token.children if t.dep_ in SUBJECTS and (token == verb or t.i < verb.i or opens)), None)
        if subject is not None and not reported:
            return subject
        shares = token.dep_ in ("conj", "xcomp", "pcomp") or (token.dep_ in ("advcl", "acl") and token.tag_ == "VBG")
        if token.head == token or (token == verb and not shares):
            return None
        token = token.head


def names(token: Token, subject: Token) -> bool:
    """Does the token belong to the subject's name, not to a clause about it?"""
    while token != subject:
        if token.dep_ not in _NAMING and token.pos_ not in ("PROPN", "PUNCT", "ADP", "DET"):
            return False
        token = token.head
    return True


def described_by(who: Token, mentions: Iterable[Span]) -> str:
    """Id of whom a relative clause is about: the person whose name, or whose apposition, stands right before it."""
    noun = who.head.head if who.head.dep_ == "relcl" else None
    while noun is not None and noun.dep_ == "appos":
        noun = noun.head
    persons = (m for m in mentions if m.label_ == "person")
    return next((m.id_ for m in persons if noun is not None and m.start <= noun.i < m.end), "")


def employs(mention: Span, subject: Token) -> bool:
    """Whether the subject is somebody's: "Varn spokesman Bo Lind", "a Varn lawyer"; "President Varn" is she herself."""
    between = mention.doc[mention.end : subject.i + 1] if mention.end <= subject.i else ()
    return any(t.pos_ == "NOUN" and t.text.islower() for t in between) and mention.root.dep_ in ("compound", "nmod", "amod")


def is_proper(apposition: Token, offices: re.Pattern[str]) -> bool:
    """Whether an apposition is a name: not "the chair", nor "Editor at the Malu Post"."""
    named = apposition.pos_ == "PROPN" and apposition.left_edge.pos_ != "DET"
    return named and not offices.fullmatch(apposition.left_edge.text)
