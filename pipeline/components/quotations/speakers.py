"""Links the source of a quotation to an actor: by the verb's subject, by a pronoun's antecedent, by an office, by nearness."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

Extent = tuple[int, int]
#: Sentences back to which a pronoun's person is looked for, its own included.
LOOK_BACK = 8
#: Parts of a subject that can hold the name: "the High Representative, Kaja Kallas".
_NAMING = frozenset(("appos", "compound", "flat", "nmod", "amod", "conj", "poss", "prep", "pobj"))


class Speakers:
    """The actors of a Doc, ready to be asked who speaks.

    Args:
        doc: with `doc.spans["actors"]` where the actors are known.
        pronouns: lower-case pronouns that can stand for a speaker.
        titles: words before a name that are no part of it.
    """

    def __init__(self, doc: Doc, pronouns: frozenset[str], titles: frozenset[str]) -> None:
        self.doc = doc
        self.pronouns = pronouns
        self.titles = titles
        group = doc.spans.get("actors")
        self.mentions: list[Span] = sorted(group, key=lambda s: (s.start, -s.end)) if group is not None else []
        self.roles: list[tuple[int, str, str]] = []
        attrs = group.attrs if group is not None else {}
        for m in self.mentions:
            role = str((attrs.get(str(m.start_char)) or {}).get("role", ""))
            if role and m.label_ == "person":
                self.roles.append((m.start_char, role.lower(), m.id_))

    def of(self, cue: Extent, segment: Extent) -> tuple[Extent | None, str]:
        """The source and speaker of the verb at `cue`; `segment` is the stretch outside the quotation that holds both."""
        span = self.doc.char_span(*cue, alignment_mode="expand")
        if span is not None and self.doc.has_annotation("DEP"):
            source, speaker = self.subject(span.root, segment)
            if source is not None:
                return source, speaker
        before = list(self._inside(segment[0], cue[0]))
        after = list(self._inside(cue[1], segment[1]))
        chosen = _person(reversed(before)) or _person(iter(after)) or next(iter([*reversed(before), *after]), None)
        if chosen is not None:
            return (chosen.start_char, chosen.end_char), self._holder(chosen)
        return self._pronoun(segment)

    def subject(self, verb: Token, segment: Extent | None = None) -> tuple[Extent | None, str]:
        """The verb's subject as source, and its actor; (None, "") if it has none, or none in `segment`."""
        subject = next((t for v in _coordinated(verb) for t in v.children if t.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is None:
            return None, ""
        if segment is not None and not segment[0] <= subject.idx < segment[1]:
            return None, ""
        if subject.lower_ in ("that", "which") and verb.dep_ == "relcl":
            subject = verb.head
        if subject.pos_ not in ("NOUN", "PROPN", "PRON", "DET", ""):
            return None, ""
        if subject.lower_ in self.pronouns:
            return (subject.idx, subject.idx + len(subject)), self._antecedent(subject)
        tokens = [t for t in subject.subtree if _names(t, subject)]
        inside = [m for m in self.mentions if any(m.start <= t.i < m.end for t in tokens)]
        head = next((m for m in inside if m.start <= subject.i < m.end), None)
        chosen = head if head is not None and head.label_ == "person" else _person(iter(inside)) or head
        if chosen is not None:
            return (chosen.start_char, chosen.end_char), self._holder(chosen)
        phrase = self.doc[subject.left_edge.i : subject.i + 1]
        return (phrase.start_char, phrase.end_char), self._office(phrase.text, subject.idx)

    def person_in(self, start: int, end: int) -> tuple[Extent, str] | None:
        """The first person mentioned in the stretch."""
        person = _person(self._inside(start, end))
        return ((person.start_char, person.end_char), person.id_) if person is not None else None

    def named(self, start: int, end: int) -> tuple[Extent, str]:
        """The name that stands there, and the actor whose name it is: "President Varn" is Ada Varn, "Rep. Bo Varn" is not."""
        words = set(re.findall(r"\w+", self.doc.text[start:end]))
        for m in self.mentions:
            full = set(re.findall(r"\w+", _full_name(m)))
            if m.start_char < end and start < m.end_char and (words >= full or words - self.titles <= full):
                return (m.start_char, m.end_char), m.id_
        return (start, end), ""

    def first_in(self, start: int, end: int) -> tuple[Extent, str] | None:
        """The first actor mentioned in the stretch."""
        actor = next(self._inside(start, end), None)
        return ((actor.start_char, actor.end_char), actor.id_) if actor is not None else None

    def _inside(self, start: int, end: int) -> Iterator[Span]:
        return (m for m in self.mentions if start <= m.start_char and m.end_char <= end)

    def _pronoun(self, segment: Extent) -> tuple[Extent | None, str]:
        for word in re.finditer(r"\w+", self.doc.text[slice(*segment)]):
            if word.group().lower() in self.pronouns:
                start = segment[0] + word.start()
                span = self.doc.char_span(start, start + len(word.group()), alignment_mode="expand")
                if span is not None:
                    return (span.start_char, span.end_char), self._antecedent(span[0])
        return None, ""

    def _antecedent(self, pronoun: Token) -> str:
        """He, she, who: the person spoken of; it: the body or state; they: nobody in particular."""
        if pronoun.lower_ in ("he", "she", "who"):
            return self._before(pronoun)
        return self._before(pronoun, person=False) if pronoun.lower_ == "it" else ""

    def _before(self, pronoun: Token, *, person: bool = True) -> str:
        """The person (or body) of the nearest sentence with one: its subject ("she" goes on about her), else the last named.

        Empty where that subject is a name that is no known actor.
        """
        mentions = [m for m in self.mentions if (m.label_ == "person") == person and m.end <= pronoun.i]
        if not self.doc.has_annotation("SENT_START"):
            return mentions[-1].id_ if mentions else ""
        end = pronoun.i
        for _ in range(LOOK_BACK):
            start = self.doc[max(end - 1, 0)].sent.start
            found = self._spoken_of([m for m in mentions if start <= m.start < end], start, end, offices=person)
            if found is not None:
                return found
            end = start
        return ""

    def _spoken_of(self, mentions: list[Span], start: int, end: int, *, offices: bool) -> str | None:
        """The one of the mentions that the tokens speak of, "" if an unknown name is their subject, None if nobody."""
        for token in self.doc[start:end]:
            if token.dep_ not in ("nsubj", "nsubjpass") or token.head.dep_ not in ("ROOT", "conj"):
                continue
            mention = next((m for m in self.mentions if m.start <= token.i < m.end), None)
            phrase = self.doc[token.left_edge.i : token.i + 1]
            found = mention.id_ if mention is not None and mention in mentions else ""
            found = found or (self._office(phrase.text, phrase.start_char) if offices else "")
            if found or (mention is None and token.pos_ == "PROPN"):
                return found
        return mentions[-1].id_ if mentions else None

    def _holder(self, mention: Span) -> str:
        """The mention's actor; the person in office where it is an office whose holder the text names."""
        return (mention.label_ != "person" and self._office(mention.text, mention.start_char)) or mention.id_

    def _office(self, phrase: str, place: int) -> str:
        """The person whose role was given with the office that the phrase names, the nearest before first."""
        office = re.sub(r"^(?:the|our|their|his|her)\s+", "", phrase.lower())
        if len(office) < 5:
            return ""
        known = [(start, person) for start, role, person in self.roles if office in role]
        before = [person for start, person in known if start < place]
        return before[-1] if before else next((person for _, person in known), "")


def _person(mentions: Iterator[Span]) -> Span | None:
    return next((m for m in mentions if m.label_ == "person"), None)


def _full_name(mention: Span) -> str:
    return mention.id_.removeprefix("name:") if mention.label_ == "person" else mention.text


def _coordinated(verb: Token) -> Iterator[Token]:
    """The verb and those that it is coordinated with, nearest first: they share their subject."""
    yield verb
    while verb.dep_ == "conj":
        verb = verb.head
        yield verb


def _names(token: Token, subject: Token) -> bool:
    """Does the token belong to the subject's name, not to a clause about it?"""
    while token != subject:
        if token.dep_ not in _NAMING and token.pos_ not in ("PROPN", "PUNCT", "ADP", "DET"):
            return False
        token = token.head
    return True
