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
_A = frozenset({"a", "an"})
_NEW = frozenset({"new", "newly", "newly-established", "first", "first-ever", "inaugural"})
_TOLD = frozenset({"this", "that", "these", "those"})
_GOES_ON = frozenset({"continue", "resume", "keep"})
_REPORTS = frozenset({"decide", "agree", "announce", "confirm", "pledge", "say", "state"})
#: In tokens: how far before a head noun its own modifiers stand.
_FAR = 10
#: In tokens: how far before "including" the verb of the list stands.
_LIST = 12
#: In tokens: number and article before a name that opens its sentence.
_OPENING = 4
_WORDS_BETWEEN = frozenset({"DET", "ADJ", "ADV", "NUM", "PRON"})


@dataclass(frozen=True, slots=True)
class Act:
    """What happens to a forum.

    Attributes:
        cue: the verb or noun that says so.
        action: `set_up` or `continues`.
        rule: how it was found: `object, held, preposition, subject, passive, act, session, use, participle, neighbour, example,
            lead_in, label` or `meeting`.
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
            found = self._of_object(head, verb)
        elif top.dep_ in ("nsubj", "nsubjpass"):
            passive = top.dep_ == "nsubjpass" or clauses.is_passive(verb)
            found = self._of_subject(head, verb, passive=passive)
            return found or self._of_formula(head) or self._of_participle(head)
        elif top.dep_ == "pobj":
            found = self._of_preposition(head, top.head)
        else:
            found = None
        return (
            found or self._of_formula(head) or self._of_neighbour(head) or self._of_example(head) or self._of_participle(head)
        )

    def of_lead_in(self, verb: Token) -> Act | None:
        """Of a forum that is an item of the list which a verb opens ("The Parties agree to hold:")."""
        found = self._of_verb(verb, "", frozenset())
        return Act(found.cue, found.action, "lead_in") if found is not None else None

    def _of_preposition(self, head: Token, preposition: Token) -> Act | None:
        link, above = preposition.lower_, preposition.head
        if link in _EXAMPLES and above.pos_ == "VERB":
            return self._of_object(head, above)
        if link == "by" and above.lemma_ == "make" and above.dep_ == "acl":  # "the progress made by our working groups"
            link, above = "made", above.head
        elif link == "by":
            link = " ".join([link, *(c.lower_ for c in head.lefts if c.dep_ == "det")])
        if above.pos_ == "NOUN":
            found = self._of_noun(head, above, link)
        else:
            found = self._of_verb(above, link, words_before(head))
        return found or self._used(head, link, above)

    def _of_object(self, head: Token, verb: Token) -> Act | None:
        """Of a plain object; holding "the" forum or "our" forum again goes on with it."""
        words = words_before(head)
        found, lemma = self._of_verb(verb, "", words), verb.lemma_.lower()
        new, greeted = bool(words & _NEW) and not words & _TOLD, lemma in self.book.greets
        known = has_name(head) or (greeted and (new or self._goes_on(head)))
        if found is None and known and (greeted or lemma in self.book.meets):
            new = (new or bool(greeted and words & _A)) and "successful" not in words
            return Act(verb, "set_up" if new else "continues", "object" if greeted else "held")
        if found is None or found.action == "continues" or not self._is_held(verb):
            return found
        again = bool(words & {"the", "our", "their", "its"}) and not words & _FIRST
        return Act(verb, "continues", found.rule) if again else found

    def _is_held(self, verb: Token) -> bool:
        return all(not entry.past for entry in self.book.verbs[verb.lemma_.lower()])

    def _of_verb(self, verb: Token, link: str, words: frozenset[str]) -> Act | None:
        for entry in self.book.verbs.get(verb.lemma_.lower(), ()):
            particles = {link} | {c.lower_ for c in verb.rights if c.dep_ == "prt"}
            fits = bool(entry.particles & particles) if entry.particles else not link
            ahead = verb.tag_ == "VBG" or clauses.has_modal(verb)
            if entry.fresh and not (words & self.book.fresh or (words & _A and ahead)):
                continue
            if fits and happens(verb, past=entry.past):
                goes_on = verb.dep_ == "xcomp" and verb.head.lemma_ in _GOES_ON
                return Act(verb, "continues" if goes_on else entry.action, "object" if not link else "preposition")
        return None

    def _of_subject(self, head: Token, verb: Token, *, passive: bool) -> Act | None:
        lemma, told = verb.lemma_.lower(), self.book.subjects
        if passive and lemma in told["set_up"]:
            return Act(verb, "set_up", "passive") if happens(verb, past=True) else None
        meets = lemma in self.book.gathers or (passive and lemma in self.book.meets)
        if meets and has_name(head) and happens(verb, past=True):
            return Act(verb, "continues", "subject")
        if not happens(verb, past=False):
            return None
        future = clauses.has_modal(verb)
        known = lemma in told["passive" if passive else "active"]
        if known and (future or clauses.is_infinitive(verb) or lemma in told["present"]):
            return Act(verb, "continues", "subject")
        return Act(verb, "continues", "subject") if future and has_name(head) else None

    def _of_noun(self, head: Token, noun: Token, link: str) -> Act | None:
        lemma = noun.lemma_.lower()
        act = self.book.acts.get(lemma)
        if act is not None and link in (act.particles or {"of"}) and (not act.standing or self.stands(head)):
            done = act.action == "set_up" and any(c.lower_ == "successful" for c in noun.lefts)
            return Act(noun, "continues" if done else act.action, "use" if act.standing else "act")
        if link in ("to", "on") and lemma in ("commitment", "intention"):
            standing = has_name(head) and not words_before(head) & (_NEW | _A)
            return Act(noun, "continues" if standing else "set_up", "act")
        if link == "of" and lemma in self.book.sessions:
            return self._of_session(head, noun)
        if link == "of" and lemma in self.book.carriers and noun.dep_ == "dobj":
            return self._of_object(head, noun.head)
        return None

    def _of_session(self, head: Token, noun: Token) -> Act | None:
        """ "Look forward to the next meeting of the Space Forum"; its first meeting sets it up."""
        above = noun.head
        if noun.dep_ == "pobj":
            found = self._of_verb(above.head, above.lower_, frozenset())
        else:
            found = self._of_verb(above, "", frozenset()) if noun.dep_ == "dobj" else None
        if found is None and not (is_of_sides(head, self.book) or has_name(head)):
            return None
        first = any(c.lower_ in ("first", "inaugural") for c in noun.lefts)
        return Act(found.cue if found else noun, "set_up" if first else "continues", "session" if found else "use")

    def stands(self, head: Token) -> bool:
        """Whether a forum has a proper name, or is called one that goes on ("our annual space dialogue")."""
        return has_name(head) or is_of_sides(head, self.book) or bool(words_before(head) & self.book.standing)

    def _goes_on(self, head: Token) -> bool:
        """Whether a forum without a name is the sides' own or called one that goes on ("support the bilateral space talks")."""
        return is_of_sides(head, self.book) or bool(words_before(head) & (self.book.frequencies | self.book.often))

    def _used(self, head: Token, link: str, above: Token) -> Act | None:
        """A forum through which something is done ("coordinate through the Sea Lanes Forum"), or at the next of which."""
        by = ("through", "via", "under") if has_name(head) else ("through", "via")
        through = link in by or above.lower_ in ("auspices", "framework", "part")
        if link == "of" and above.dep_ == "pobj" and above.pos_ == "NOUN" and not through:  # "through the two tracks of"
            link, above = above.head.lower_, above.head.head
            through = link in by
        if not (
            self.stands(head) or words_before(head) & _NEW if through else link in self.book.places and self._stands_out(head)
        ):
            return None
        for _ in range(6):
            if above.pos_ in ("VERB", "AUX") and above.lower_ not in _EXAMPLES:
                new = bool(words_before(head) & _NEW)
                return Act(above, "set_up" if new else "continues", "use") if happens(above, past=True) else None
            above = above.head
        return None

    def _stands_out(self, head: Token) -> bool:
        """Whether a forum is no place of a meeting but one of the two sides' own, or said to meet again."""
        return is_paired(head, self.book) or bool(words_before(head) & self.book.standing - {"our", "their", "established"})

    def _of_participle(self, head: Token) -> Act | None:
        """ "The newly established Sea Lanes Forum"; "the space dialogue planned in May"."""
        for child in (*head.lefts, *head.rights):
            lemma = child.lemma_.lower()
            before = child.i < head.i and lemma in self.book.subjects["set_up"]
            behind = child.i > head.i and child.dep_ == "acl" and lemma in self.book.planned
            if child.tag_ in ("VBN", "VBD") and (before or behind):
                return Act(child, "set_up", "participle")
        return None

    def _of_example(self, head: Token) -> Act | None:
        """ "Strengthen the bodies for consultation, including the Sea Lanes Forum": the verb before the list of examples."""
        start, _ = name_of(head, frozenset())
        i = start - 1
        while i > 0 and head.doc[i].pos_ in _WORDS_BETWEEN:
            i -= 1
        if i <= 0 or not _opens_examples(head.doc[i]):
            return None
        before = head.doc[max(head.sent.start, i - _LIST) : i]
        verb = next((t for t in reversed(before) if t.pos_ == "VERB" and t.dep_ != "amod"), None)
        found = self._of_verb(verb, "", words_before(head)) if verb is not None else None
        if found is None and self._stands_out(head):
            return Act(head.doc[i], "continues", "use")
        return Act(found.cue, found.action, "example") if found is not None else None

    def _of_formula(self, head: Token) -> Act | None:
        """ "A Joint Committee for ports, hereinafter the ‘Committee’, is hereby established": the parse loses the subject."""
        if head.sent.start + _OPENING < head.left_edge.i or not words_before(head) & _A:
            return None
        for token in head.doc[head.i + 1 : head.sent.end]:
            be = token.nbor(-1 if token.nbor(-1).lower_ != "hereby" else -2)
            if token.tag_ == "VBN" and be.lemma_ == "be" and token.lemma_.lower() in self.book.subjects["set_up"]:
                doer = clauses.own_subject(token)
                return Act(token, "set_up", "passive") if doer is None or doer.lower_ in self.book.nouns else None
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
        found = self._of_verb(verb, "", words_before(head))
        return Act(found.cue, found.action, "neighbour") if found is not None else None


def _opens_examples(token: Token) -> bool:
    return token.lower_ in _EXAMPLES or (token.lower_ == "as" and token.i > 0 and token.nbor(-1).lower_ == "such")


def is_paired(head: Token, book: Fora) -> bool:
    """Whether the forum's name has those of two sides: "Arvenia-Belmark Space Dialogue"."""
    start, _ = name_of(head, frozenset())
    return book.paired.search(head.doc[start : head.i].text) is not None


def is_of_sides(head: Token, book: Fora) -> bool:
    """Whether the words before a forum say that it is the sides' own ("bilateral", "Arvenia-Belmark")."""
    return bool(words_before(head) & book.sided) or is_paired(head, book)


def words_before(head: Token) -> frozenset[str]:
    """What stands before a head noun in its phrase, in lower case, a hyphened word also by its first part."""
    return frozenset(t.lower_ for t in head.doc[max(head.left_edge.i, head.i - _FAR) : head.i])


def happens(verb: Token, *, past: bool) -> bool:
    """Whether it is done or to be done: not denied, not merely possible, no condition; in the past only if `past` counts."""
    while verb.dep_ == "conj" and not any(c.dep_ == "aux" for c in verb.lefts) and verb.head.pos_ in ("VERB", "AUX"):
        if verb.tag_ in ("VBD", "VBN") and not past:
            return False
        verb = verb.head
    aux = {c.lower_ for c in verb.lefts if c.dep_ in ("aux", "auxpass")}
    above = {c.lower_ for c in verb.head.lefts if c.dep_ == "aux"} if verb.dep_ == "xcomp" else set()
    if verb.dep_ == "ccomp" and verb.head.lemma_ in _REPORTS:
        aux -= {"would"}  # "decided that they would launch"
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
