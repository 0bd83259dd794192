"""What a text does with a forum: the verb or noun above its head noun, by the parse, else by the words before its name."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.codebook.fora import Fora
from pipeline.components import clauses
from pipeline.components.mechanisms.forum_names import has_name, name_of

_NOT_YET = frozenset({"may", "might", "can", "could", "would", "should"})
_PERFECT = frozenset({"has", "have", "had", "having", "was", "were", "been"})
_CONDITIONS = frozenset({"if", "unless", "whether"})
_EXAMPLES = frozenset({"including", "like"})
_FIRST = frozenset({"first", "inaugural", "new", "next"})
_GOES_ON = frozenset({"continue", "resume", "keep"})
_WORDS_BETWEEN = frozenset({"DET", "ADJ", "ADV", "NUM", "PRON"})


@dataclass(frozen=True, slots=True)
class Act:
    """What happens to a forum.

    Attributes:
        cue: the verb or noun that says so.
        action: `set_up` or `continues`.
        rule: how it was found: `object, preposition, subject, passive, act, session, use` or `neighbour`.
    """

    cue: Token
    action: str
    rule: str


class ActFinder:
    """Finds the act above a head noun.

    Args:
        book: the codebook of fora.
    """

    def __init__(self, book: Fora) -> None:
        self.book = book

    def find(self, head: Token) -> Act | None:
        """What the text says of the forum with the head noun `head`; None if nothing that counts."""
        top = _top(head)
        verb = top.head
        if top.dep_ in ("dobj", "oprd", "attr", "dative") or (top.dep_ == "conj" and verb.pos_ == "VERB"):
            return self._of_object(head, verb) or self._of_neighbour(head)
        if top.dep_ in ("nsubj", "nsubjpass"):
            return self._of_subject(head, verb, passive=top.dep_ == "nsubjpass" or clauses.is_passive(verb))
        if top.dep_ == "pobj":
            link, above = top.head.lower_, top.head.head
            if link in _EXAMPLES and above.pos_ == "VERB":
                return self._of_object(head, above)
            found = self._of_noun(above, link) if above.pos_ == "NOUN" else self._of_verb(above, link)
            return found or self._used(head, link, above) or self._of_neighbour(head)
        return self._of_neighbour(head)

    def _of_object(self, head: Token, verb: Token) -> Act | None:
        """Of a plain object; holding "the" forum or "our" forum again goes on with it."""
        found = self._of_verb(verb, "")
        if found is None and has_name(head) and verb.lemma_.lower() in self.book.greets:
            return Act(verb, "continues", "object")
        if found is None or found.action == "continues" or not self._is_held(verb):
            return found
        words = {c.lower_ for c in head.lefts}
        again = bool(words & {"the", "our", "their", "its"}) and not words & _FIRST
        return Act(verb, "continues", found.rule) if again else found

    def _is_held(self, verb: Token) -> bool:
        return all(not entry.past for entry in self.book.verbs[verb.lemma_.lower()])

    def _of_verb(self, verb: Token, link: str) -> Act | None:
        for entry in self.book.verbs.get(verb.lemma_.lower(), ()):
            particles = {link} | {c.lower_ for c in verb.rights if c.dep_ == "prt"}
            fits = bool(entry.particles & particles) if entry.particles else not link
            if fits and happens(verb, past=entry.past):
                goes_on = verb.dep_ == "xcomp" and verb.head.lemma_ in _GOES_ON
                return Act(verb, "continues" if goes_on else entry.action, "object" if not link else "preposition")
        return None

    def _of_subject(self, head: Token, verb: Token, *, passive: bool) -> Act | None:
        lemma, told = verb.lemma_.lower(), self.book.subjects
        if passive and lemma in told["set_up"]:
            return Act(verb, "set_up", "passive") if happens(verb, past=True) else None
        if not happens(verb, past=False):
            return None
        future = clauses.has_modal(verb)
        known = lemma in told["passive" if passive else "active"]
        if known and (future or clauses.is_infinitive(verb) or lemma in told["present"]):
            return Act(verb, "continues", "subject")
        return Act(verb, "continues", "subject") if future and has_name(head) else None

    def _of_noun(self, noun: Token, link: str) -> Act | None:
        lemma = noun.lemma_.lower()
        act = self.book.acts.get(lemma)
        if act is not None and link == "of":
            return Act(noun, act.action, "act")
        if link in ("to", "on") and lemma in ("commitment", "intention"):
            return Act(noun, "set_up", "act")
        if link == "of" and lemma in self.book.sessions:
            return self._of_session(noun)
        return None

    def _of_session(self, noun: Token) -> Act | None:
        """ "Look forward to the next meeting of the Space Forum"; its first meeting sets it up."""
        above = noun.head
        if noun.dep_ == "pobj":
            found = self._of_verb(above.head, above.lower_)
        else:
            found = self._of_verb(above, "") if noun.dep_ == "dobj" else None
        if found is None:
            return None
        first = any(c.lower_ in ("first", "inaugural") for c in noun.lefts)
        return Act(found.cue, "set_up" if first else "continues", "session")

    def _used(self, head: Token, link: str, above: Token) -> Act | None:
        """A forum with a name of its own through which something is done: "coordinate through the Sea Lanes Forum"."""
        if above.lower_ == "auspices":
            link = "through"
        if link not in ("through", "via") or not has_name(head):
            return None
        for _ in range(4):
            if above.pos_ in ("VERB", "AUX") and above.lower_ not in _EXAMPLES:
                return Act(above, "continues", "use") if happens(above, past=True) else None
            above = above.head
        return None

    def _of_neighbour(self, head: Token) -> Act | None:
        """Where the parse hangs the forum elsewhere: the verb right before its name."""
        start, _ = name_of(head, frozenset())
        i = start - 1
        while i > 0 and head.doc[i].pos_ in _WORDS_BETWEEN and head.doc[i].sent_start != 1:
            i -= 1
        verb = head.doc[i]
        if i < 0 or verb.sent != head.sent or verb.tag_ not in ("VB", "VBG", "VBP"):
            return None
        found = self._of_verb(verb, "")
        return Act(found.cue, found.action, "neighbour") if found is not None else None


def happens(verb: Token, *, past: bool) -> bool:
    """Whether it is done or to be done: not denied, not merely possible, no condition; in the past only if `past` counts."""
    while verb.dep_ == "conj" and not any(c.dep_ == "aux" for c in verb.lefts) and verb.head.pos_ in ("VERB", "AUX"):
        if verb.tag_ in ("VBD", "VBN") and not past:
            return False
        verb = verb.head
    aux = {c.lower_ for c in verb.lefts if c.dep_ in ("aux", "auxpass")}
    above = {c.lower_ for c in verb.head.lefts if c.dep_ == "aux"} if verb.dep_ == "xcomp" else set()
    conditional = any(c.dep_ == "mark" and c.lower_ in _CONDITIONS for c in verb.lefts)
    if clauses.is_negated(verb) or (aux | above) & _NOT_YET or conditional:
        return False
    return past or not (verb.tag_ == "VBD" or (verb.tag_ == "VBN" and bool(aux & _PERFECT)))


def _top(head: Token) -> Token:
    """The noun that stands for the forum in its clause: the first of a list, or what it is an example of."""
    start, _ = name_of(head, frozenset())
    top = head
    for _ in range(8):
        above = top.head
        listed = top.dep_ in ("conj", "appos", "compound", "nmod") and above.i != top.i and above.pos_ in ("NOUN", "PROPN")
        if listed:
            top = above
        elif top.dep_ == "pobj" and (above.i >= start or (above.lower_ in _EXAMPLES and above.head.pos_ in ("NOUN", "PROPN"))):
            top = above.head  # inside the name ("Sea Lanes for Peace Task Force"), or "bodies including …"
        else:
            break
    return top
