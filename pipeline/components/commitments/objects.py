"""What an aim is done to, and with or for whom: object and recipient of a commitment. Ranges count tokens of the Doc."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from spacy.tokens import Doc, Span, Token

from pipeline.codebook.modality import Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate
from pipeline.components.commitments.bearers import Bearer, singular

_DIRECT = frozenset({"dobj", "attr", "oprd", "ccomp", "acomp"})
_WITH = frozenset({"with", "to", "for", "towards", "toward", "alongside"})
_FOR = frozenset({"with", "for", "alongside"})
_ABOUT = frozenset({"on", "about", "against", "of", "with", "in"})
_ASIDE = frozenset({"including", "which", "who", "whose", "where", "such"})
_ENDS = re.compile(r"with (?:a|the) (?:\w+ )?(?:view|aim|goal|objective|purpose)\b|in order to|so as to|based on")
_OTHER = frozenset({"other", "another"})
_THEM = frozenset({"them", "us", "it", "me", "him", "her"})
#: A recipient's own words end before these: "with partners *on* aid".
_BEYOND = frozenset({"on", "towards", "toward", "about", "against", "to", "as", "through"})


class ObjectFinder:
    """Finds objects and recipients by a codebook of modality.

    Args:
        book: the codebook; its lists `recipients.*` say which nouns and verbs point to one.
        actors: indices of the tokens that belong to an actor's name.
    """

    def __init__(self, book: Modality, actors: Collection[int]) -> None:
        self.words = book.words
        self.actors = actors

    def object(self, verb: Token, stop: int) -> tuple[int, int] | None:
        """The object of an aim, else the phrase or clause that completes it; ends before `stop`.

        Args:
            verb: the aim; of a verb in the passive the object is its subject.
            stop: token where the next aim's own words begin, or the end of the sentence.
        """
        if verb.pos_ in ("NOUN", "PROPN"):
            return _of_noun(verb, stop)
        rights = [c for c in verb.rights if c.i < stop and c.dep_ not in ("punct", "cc", "conj", "prt", "neg")]
        direct = [c for c in rights if c.dep_ in _DIRECT]
        if clauses.is_passive(verb) and not any(c.dep_ == "dobj" for c in direct):
            return _theme(verb)
        told = self._told(verb, direct, rights)
        others = [c for c in rights if c.dep_ not in ("advmod", "npadvmod", "mark", "aux") and not self._is_aside(c)]
        chosen = [told] if told is not None else direct or self._without_partner(others)
        if not chosen:
            return _words_behind(verb, stop)
        start = chosen[0].left_edge.i
        end = max(c.right_edge.i + 1 for c in (chosen if direct and told is None else chosen[:1]))
        following = next((c for c in rights if c.left_edge.i == end and self._goes_on(c, chosen[0])), None)
        if direct and following is not None:  # "the possibility for X to join" often hangs on the verb
            end = following.right_edge.i + 1
        return _trimmed(verb.doc, max(start, verb.i + 1), min(end, stop))

    def behind_asides(self, verb: Token, asides: list[tuple[int, int]], stop: int) -> tuple[int, int] | None:
        """The object behind a time, a condition or a recipient: "share, *where appropriate*, images", "send *to us* the data".

        Args:
            verb: the aim.
            asides: time and condition, in characters of the Doc.
            stop: token where the next aim's own words begin, or the end of the sentence.
        """
        doc, i = verb.doc, verb.i + 1
        if verb.pos_ in ("NOUN", "PROPN") or clauses.is_passive(verb):
            return None
        asides = [aside for aside in asides if aside[0] > verb.idx]
        while i < stop and (following := self._after_aside(doc, i, asides)) > i:
            i = following
        if i == verb.i + 1 or i >= stop or doc[i].pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON"):
            return None
        noun = next((t for t in doc[i:stop] if t.pos_ in ("NOUN", "PROPN", "PRON")), None)
        if noun is None or noun.dep_ in ("nsubj", "nsubjpass", "conj") or doc[i].left_edge.i < i:
            return None
        while noun.dep_ == "compound" and noun.head.i > noun.i:
            noun = noun.head
        return _trimmed(doc, i, min(noun.right_edge.i + 1, stop)) if noun.i < stop else None

    def _after_aside(self, doc: Doc, i: int, asides: list[tuple[int, int]]) -> int:
        """The token behind the aside that begins at `i`, else `i`."""
        end = next((end for start, end in asides if start <= doc[i].idx < end), 0)
        if end:
            return next((t.i for t in doc[i:] if t.idx >= end), i)
        if doc[i].text == "," and i + 1 < len(doc):
            inner = doc[i + 1]
            opens = any(start <= inner.idx < end for start, end in asides)
            return i + 1 if opens or any(end <= doc[i].idx for _, end in asides) else i
        noun = clauses.child(doc[i], "pobj") if doc[i].lower_ in ("to", "with") else None
        return clauses.phrase(noun)[1] if noun is not None and self.names_party(noun) else i

    def _is_aside(self, token: Token) -> bool:
        """Whether a word tells manner, time or place, not an object: ", starting in May", "meet *in Belmark*"."""
        if token.dep_ == "advcl" and token.tag_ in ("VBG", "VBN"):
            return token.doc[token.left_edge.i - 1].text == ","
        place = clauses.child(token, "pobj") if token.lower_ in ("in", "at") else None
        return place is not None and place.pos_ == "PROPN" and token.head.lemma_.lower() not in self.words["recipients.into"]

    def _goes_on(self, link: Token, thing: Token) -> bool:
        """Whether a phrase behind the object belongs to it: "the Treaty *on the Open Sea*", "cooperation *in the ports*"."""
        if link.left_edge.lower_ in ("for", "of", "between", "toward", "towards"):
            return True
        noun = clauses.child(link, "pobj")
        if link.lower_ not in ("on", "in") or noun is None:
            return False
        named = thing.pos_ == "PROPN" and noun.pos_ == "PROPN" and link.lower_ == "on"
        return named or thing.lemma_.lower() in self.words["activities.nouns"] | self.words["stage.existing_nouns"]

    def _told(self, verb: Token, direct: list[Token], rights: list[Token]) -> Token | None:
        """What somebody is told or given, where that stands behind the person: "inform each other *of delays*"."""
        if verb.lemma_.lower() not in self.words["recipients.told"] or not direct or not self.names_party(direct[0]):
            return None
        joined = (x for c in rights if c.i > direct[0].i and c.dep_ == "prep" for x in (c, *c.conjuncts))
        within = self._theme_of_told(verb, direct[0])
        if within is not None:
            return clauses.child(within, "pobj") if within.lower_ == "with" else within
        links = (c for c in joined if c.lower_ in _ABOUT and c.i > direct[0].i)
        link = next((c for c in links if clauses.child(c, "pcomp" if c.lower_ == "in" else "pobj", "pcomp") is not None), None)
        return clauses.child(link, "pobj") or link if link is not None and link.lower_ == "with" else link

    def _theme_of_told(self, verb: Token, person: Token) -> Token | None:
        """The "of" or "with" that the parse hung on who is told: "inform the other Party *of* the grounds"."""
        if verb.lemma_.lower() not in self.words["recipients.told"]:
            return None
        for link in (c for c in person.rights if c.lower_ in ("of", "with") and c.dep_ == "prep"):
            noun = clauses.child(link, "pobj")
            if noun is not None and noun.pos_ == "NOUN" and not self.names_party(noun):
                return link  # not "inform the authorities of the other Party"
        return None

    def _without_partner(self, others: list[Token]) -> list[Token]:
        """Behind a verb without an object its purpose or theme before its partner: "work with Belmark *to end raids*"."""
        if not others or others[0].lower_ not in _WITH or others[0].dep_ != "prep":
            return others
        partner = clauses.child(others[0], "pobj")
        if partner is None or not self.names_party(partner):
            return others
        told = [c for c in (*others[1:], *partner.rights) if (c.tag_ == "VB" and clauses.is_infinitive(c)) or _is_theme(c)]
        return told or others

    def recipient(self, one: Candidate, bearer: Bearer, doc: Doc, stop: int) -> tuple[int, int] | None:
        """With or for whom it is done: behind "with", "to" or "for", or who is helped, told or invited."""
        for noun in self._partners(doc, one, stop):
            if self.names_party(noun) and not bearer.start <= noun.i < bearer.end:
                start, end = (noun.i - 1, noun.i + 1) if noun.lower_ in _OTHER and noun.i else clauses.phrase(noun)
                theme = self._theme_of_told(noun.head, noun)
                beyond = (c.i for c in noun.rights if c.dep_ == "prep" and (c.lower_ in _BEYOND or c == theme) and c.i < end)
                end = next(beyond, end)
                return start, end - (doc[end - 1].dep_ == "case")
        return None

    def _partners(self, doc: Doc, one: Candidate, stop: int) -> Iterator[Token]:
        """The nouns that may be the recipient, the likeliest first."""
        aim = doc[one.aim]
        helps = aim.lemma_.lower() in self.words["recipients.verbs"]
        thing = next((c for c in aim.rights if c.dep_ in ("dobj", "dative") and c.i < stop and c.pos_ != "ADP"), None)
        told = clauses.own_subject(aim) if clauses.is_passive(aim) else thing
        if told is not None and helps:
            yield told
        for noun in _linked(aim, _WITH, stop):
            yield noun
            if aim.pos_ == "NOUN":  # "our support for Belmark's efforts"
                yield from (c for c in noun.lefts if c.dep_ == "poss")
        if thing is not None:
            gives = thing.lemma_.lower() in self.words["recipients.gifts"]
            yield from _linked(thing, _WITH if gives else _FOR, stop)
            if aim.lemma_.lower() in self.words["recipients.backing"]:  # "support Belmark's efforts"
                yield from (c for c in thing.lefts if c.dep_ == "poss")
                yield from _linked(thing, frozenset({"of"}), stop)
        for c in aim.rights:  # "help Belmark train", "keep Belmark informed", "make it available to Belmark"
            subject = clauses.own_subject(c) if c.dep_ == "ccomp" and helps else None
            yield from (subject,) if subject is not None else ()
            yield from _linked(c, _WITH, stop) if c.dep_ in ("acomp", "oprd", "advmod") else ()
        yield from self._jointly(doc[aim.i : min(stop, aim.sent.end)])
        yield from self._jointly(doc[aim.sent.start : aim.i])

    def _jointly(self, words: Span) -> Iterator[Token]:
        """The nouns behind "in cooperation with", "together with", wherever the parse hangs them."""
        for with_ in (t for t in words if t.lower_ == "with" and t.i > words.start + 1):
            before = with_.nbor(-1)
            joint = before.lemma_.lower() in self.words["recipients.joint"] and "in" in (
                before.nbor(-1).lower_,
                words.doc[max(0, before.i - 2)].lower_,
            )
            noun = clauses.child(with_, "pobj")
            if noun is not None and (joint or before.lower_ in ("together", "along", "jointly")):
                yield noun

    def names_party(self, noun: Token) -> bool:
        """Whether a noun or pronoun names somebody with or for whom things are done."""
        if noun.i in self.actors or noun.lower_ in _THEM:
            return True
        if noun.lower_ in _OTHER and noun.i and noun.nbor(-1).lower_ in ("each", "one"):
            return True
        lemma = singular(noun.lemma_.lower())
        owner = clauses.child(noun, "poss")
        if owner is not None and owner.lower_ in ("our", "my") and lemma in self.words["recipients.own"]:
            return False
        if lemma in self.words["subjects.parties"] or lemma in self.words["recipients.words"]:
            return True
        if lemma in self.words["recipients.groups"]:  # "a wide range of partners"
            return any(self.names_party(inner) for inner in _linked(noun, frozenset({"of"}), noun.sent.end))
        return noun.pos_ == "PROPN" and noun.ent_type_ in ("GPE", "ORG", "NORP")


def _linked(head: Token, links: frozenset[str], stop: int) -> Iterator[Token]:
    """The nouns behind the prepositions `links` that hang on a word."""
    if head.pos_ == "PROPN":  # "the Initiative for Fair Trade" is one name
        return
    for c in head.rights:
        noun = clauses.child(c, "pobj") if c.i < stop and c.lower_ in links else None
        if noun is not None and c.dep_ in ("prep", "dative"):
            yield noun


def _is_theme(link: Token) -> bool:
    """Whether a preposition tells what is worked on: "on border checks", "in tackling raids"."""
    if link.lower_ in ("on", "against", "towards", "toward"):
        return True
    return link.lower_ in ("in", "for") and clauses.child(link, "pcomp") is not None


def _of_noun(noun: Token, stop: int) -> tuple[int, int] | None:
    """The object of an activity noun ("consultations *on trade*"), or of a verb taken for a noun ("exchange *views*")."""
    following = noun.doc[noun.i + 1] if noun.i + 1 < len(noun.doc) else noun
    if noun.dep_ in ("compound", "amod") and noun.head.i > noun.i:
        return _trimmed(noun.doc, noun.i + 1, min(noun.head.right_edge.i + 1, stop))
    if following.pos_ in ("DET", "ADJ", "NOUN", "PROPN", "NUM"):
        return _words_behind(noun, stop)
    start = min((c.i for c in noun.rights if c.dep_ in ("prep", "acl")), default=None)
    if start is None:
        return _words_behind(noun, stop)
    return _trimmed(noun.doc, start, min(noun.right_edge.i + 1, stop)) if start < stop else None


def _theme(verb: Token) -> tuple[int, int] | None:
    """Subject of a verb in the passive, all before its auxiliary; of coordinated verbs that of the first."""
    top = verb
    while clauses.own_subject(top) is None and top.dep_ == "conj" and top.head != top:
        top = top.head
    theme = clauses.own_subject(top)
    if theme is not None and theme.lower_ in clauses.RELATIVES and top.dep_ == "relcl":
        return clauses.phrase(top.head)
    if theme is None or theme.like_num:
        return _words_before(top)
    start = clauses.after_number(verb.doc, theme.left_edge.i, theme.i)
    first = min((c.i for c in top.lefts if c.dep_ in ("aux", "auxpass")), default=top.i)
    return _trimmed(verb.doc, start, max(theme.i + 1, min(theme.right_edge.i + 1, first)))


def _words_before(verb: Token) -> tuple[int, int] | None:
    """The words from the last sign to the auxiliary, if the parse lost the subject: "In short, *such data* shall be sent"."""
    doc, end = verb.doc, min((c.i for c in verb.lefts if c.dep_ in ("aux", "auxpass")), default=verb.i)
    start = end
    signs = (";", ":") if end > verb.sent.start and clauses.own_subject(verb) is not None else (",", ";", ":")
    while start > verb.sent.start and doc[start - 1].text not in signs:
        start -= 1
    start = clauses.after_number(doc, start, end - 1)
    nominal = start < end and doc[start].pos_ in ("DET", "ADJ", "NOUN", "PROPN", "NUM")
    return _trimmed(doc, start, end) if nominal else None


def _words_behind(verb: Token, stop: int) -> tuple[int, int] | None:
    """The words behind a verb to the next sign, where the parse hangs nothing on it ("coordinate port calls")."""
    doc, end = verb.doc, verb.i + 1
    if end >= len(doc) or doc[end].pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON"):
        return None
    while end < min(stop, len(doc)) and not doc[end].is_punct and not doc[end].is_space:
        end += 1
    return _trimmed(doc, verb.i + 1, end)


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int] | None:
    """A range without what stands aside behind a comma (", including …", ", which …") and loose words at its end."""
    for i in range(start + 1, end):
        participle = doc[i].tag_ in ("VBN", "VBG") and doc[i].dep_ in ("acl", "advcl")
        if doc[i - 1].text == "," and (doc[i].lower_ in _ASIDE or participle):
            end = i - 1
            break
        if doc[i].lower_ in ("with", "in", "so", "based") and _ENDS.match(doc[i : i + 4].text.lower()):
            end = i
            break
    while end > start and (doc[end - 1].tag_ == "TO" or doc[end - 1].lower_ == "including"):
        end -= 1
    start, end = clauses.trim(doc, start, end)
    return (start, end) if end > start else None
