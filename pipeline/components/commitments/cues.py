"""Finds what may be a commitment: a cue of the codebook and each aim under it. Who is bound and what counts comes after.

One pass over an array of lemmas picks the cue words; the parse is walked only there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from spacy.strings import get_string_id
from spacy.tokens import Doc, Token

from pipeline.codebook.modality import Cue, Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import AimFinder, Candidate, last_before
from pipeline.components.commitments.bearers import singular

_BE = frozenset({"be", "remain", "stand", "feel", "become", "stay"})


class CueFinder:
    """Finds candidates by a codebook of modality.

    Args:
        book: the codebook.
    """

    def __init__(self, book: Modality) -> None:
        self.book = book
        self.words = book.words
        self.aims = AimFinder(book)
        lemmas = {lemma for cues in book.cues.values() for lemma in cues} | {"be"}
        self.known = self.words["imperatives.words"] | self.words["imperatives.after_to"]
        self._hashes = np.array(sorted(get_string_id(lemma) for lemma in lemmas), dtype="uint64")

    def keys(self, doc: Doc) -> list[int]:
        """Indices of the tokens that are a cue word by lemma or form."""
        known = np.isin(doc.to_array(["LEMMA", "LOWER"]), self._hashes)
        return [int(i) for i in np.flatnonzero(known.any(axis=1))]

    def find(self, doc: Doc) -> Iterator[Candidate]:
        """All candidates in order of their cues."""
        for i in self.keys(doc):
            found = list(self.at(doc[i]))
            yield from found
            if found:
                yield from self.aims.parallel(doc, found)

    def at(self, token: Token) -> Iterator[Candidate]:
        """The candidates whose cue word is `token`."""
        cues, lemma = self.book.cues, token.lemma_.lower()
        if token.tag_ == "MD" or token.lower_ in ("shall",):
            if lemma in cues["modals"]:
                yield from self._modal(token, cues["modals"][lemma])
        elif lemma == "be":
            yield from self._be_to(token)
        elif token.lower_ in cues["adjectives"] and self._copula(token) is not None:
            yield from self._adjective(token, cues["adjectives"][token.lower_])
        elif lemma in cues["nouns"] and token.pos_ in ("NOUN", "PROPN") and not self._is_verb(token, lemma):
            if token.is_title and token.is_sent_start is not True:
                return  # "the Agreement", "the Action Plan" name an instrument
            yield from self._noun(token, cues["nouns"][lemma])
        elif lemma in cues["verbs"] and (token.tag_ in clauses.VERB_TAGS or self._is_verb(token, lemma)):
            yield from self._verb(token, cues["verbs"][lemma])

    def _is_verb(self, token: Token, lemma: str) -> bool:
        """A verb that the tagger took for a noun: "Arvenia plans to host" with nothing else to carry the sentence."""
        if lemma not in self.book.cues["verbs"] or token.tag_ in clauses.VERB_TAGS:
            return False
        if self.book.cues["verbs"][lemma].orders and clauses.child(token, "dobj") is not None:
            return token.dep_ == "conj"  # "we look forward to a review and task our ministers to"
        owned = clauses.own_subject(token) is None and clauses.child(token, "poss", "det", "prep") is not None
        return not owned and token.dep_ in ("ROOT", "conj", "ccomp") and clauses.verb_after(token, gap=0) is not None

    def _modal(self, token: Token, cue: Cue) -> Iterator[Candidate]:
        verb: Token | None = token.head
        nxt = token.nbor(1) if token.i + 1 < len(token.doc) else token
        if nxt.lower_ in self.words["imperatives.words"] and nxt.tag_ in ("RB", "NN", "NNP") and nxt.dep_ != "nsubj":
            verb = nxt  # "shall forward to the other Party the data": the tagger takes the verb for another word
        elif token.dep_ not in ("aux", "auxpass") or token.head.i <= token.i or not self._may_follow(token.head):
            verb = self._next_verb(token)
        if verb is None or self._adjective_below(verb):
            return
        base = self._base(cue, token, verb, "modal")
        if cue.lemma == "may" and (base.negated or clauses.is_negated(verb)):  # "may not" forbids
            forbids = replace(cue, obligation="committed", treaty="binding")
            base = replace(base, cue=forbids, obligation=forbids.obligation)
        yield from self.aims.targets(verb, base)

    @staticmethod
    def _may_follow(verb: Token) -> bool:
        """Whether the form of a verb can stand behind a modal: no "shall … established" in the past tense."""
        return verb.pos_ in ("VERB", "AUX") and (verb.tag_ not in ("VBD", "VBZ") or verb.lower_ == verb.lemma_)

    def _next_verb(self, token: Token) -> Token | None:
        """The verb after a modal that the parse left alone: "will, where appropriate, share" has "share" for a noun."""
        known = self.words["imperatives.words"]
        aside = token.i + 1 < len(token.doc) and token.nbor(1).text == ","  # "shall, on the request of a party, refuse"
        end = min(token.i + (30 if aside else 12), token.sent.end)
        for t in token.doc[token.i + 1 : end]:
            if t.i > token.i + 11 and t.nbor(-1).text != ",":
                continue
            passive = t.tag_ == "VBN" and any(b.lower_ == "be" for b in token.doc[token.i : t.i])
            before = t.nbor(-1)
            free = before.tag_ not in ("IN", "DT", "JJ") or before.lower_ == "particular"  # not "upon request"
            behind = t.i == token.i + 1 and t.tag_ == "NN" and t.dep_ in ("dobj", "compound", "ROOT") and t.head.i >= token.i
            if (
                t.tag_ in clauses.BASE_TAGS
                or passive
                or behind
                or (t.lower_ in known and t.tag_ in ("NN", "NNP", "JJ") and free)
            ):
                return t
        return None

    def _adjective_below(self, verb: Token) -> bool:
        if verb.lower_ in self.book.cues["adjectives"] and clauses.verb_after(verb) is not None:
            return True  # "will be required to submit"
        return verb.lemma_ in _BE and any(
            c.lower_ in self.book.cues["adjectives"] and c.dep_ in ("acomp", "xcomp", "attr") for c in verb.rights
        )

    @staticmethod
    def _base(cue: Cue, token: Token, upto: Token, rule: str) -> Candidate:
        return Candidate(cue, token.i, token.i, token.i, upto.i, cue.obligation, rule, cue.stage, clauses.is_negated(token))

    def _copula(self, token: Token) -> Token | None:
        head = token.head
        if head.lemma_ in _BE and token.dep_ in ("acomp", "attr", "xcomp", "oprd", "advcl", "ccomp", "dep"):
            return head
        passive = next((c for c in token.lefts if c.dep_ in ("auxpass", "aux") and c.lemma_ in _BE), None)
        if passive is not None and token.tag_ in ("VBN", "JJ"):
            return passive
        if token.dep_ == "conj":
            return self._copula(head) if head.lower_ in self.book.cues["adjectives"] or head.pos_ == "ADJ" else None
        return None

    def _adjective(self, token: Token, cue: Cue) -> Iterator[Candidate]:
        copula = self._copula(token)
        if copula is None or clauses.is_infinitive(copula) or (cue.under_modal and not clauses.has_modal(copula)):
            return
        first = min((c.i for c in copula.lefts if c.dep_ in ("aux", "neg")), default=copula.i)
        base = replace(self._base(cue, token, token, "adjective"), first=min(first, copula.i))
        base = replace(
            base, negated=base.negated or clauses.is_negated(copula), stage="continuing" if copula.lemma_ == "remain" else ""
        )
        yield from self._complements(token, cue, base)

    def _verb(self, token: Token, cue: Cue) -> Iterator[Candidate]:
        if self._is_noun(token, lone_noun=token.lemma_.lower() in self.book.cues["nouns"]):
            return
        following = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
        cue = self.book.cues["verbs"].get(f"{token.lemma_.lower()} {following}", cue)  # "look to"
        if cue.particle and cue.particle not in (t.lower_ for t in token.doc[token.i + 1 : token.i + 3]):
            return
        if cue.participle_only and token.tag_ != "VBN":
            return
        left = [c.i for c in token.lefts if c.dep_ in ("aux", "auxpass", "neg") and c.tag_ != "MD"]
        base = replace(self._base(cue, token, token, "verb"), first=min([token.i, *left]))
        if cue.orders:
            yield from self._orders(token, cue, base)
        else:
            yield from self._complements(token, cue, base)

    @staticmethod
    def _is_noun(token: Token, *, lone_noun: bool) -> bool:
        """A noun that the tagger took for a verb: "including plans to", "their war aims to", "solidarity and resolve to"."""
        lone = token.tag_ == "VBZ" and clauses.own_subject(token) is None
        named = lone and token.dep_ in ("ccomp", "dobj") and token.nbor(-1).pos_ == "NOUN"
        bare = token.tag_ == "VB" and token.i > 1 and token.nbor(-1).lower_ == "and" and token.nbor(-2).pos_ == "NOUN"
        joined = lone_noun and bare and token.dep_ == "conj" and token.head.pos_ == "NOUN"
        return token.dep_ == "pobj" or named or joined

    def _orders(self, token: Token, cue: Cue, base: Candidate) -> Iterator[Candidate]:
        for verb in clauses.infinitives(token, "xcomp", "ccomp", "advcl"):
            told = clauses.own_subject(verb) or clauses.child(token, "dobj", "dative")
            if not self._is_told(told, cue):
                continue
            yield from self.aims.targets(verb, replace(base, rule="order", last=max(base.last, verb.i - 1)))
        for noun in (c for c in token.rights if c.dep_ in ("dobj", "dative")):
            if any(c.lower_ == "of" for c in noun.rights) or not self._is_told(noun, cue):
                continue  # "directed the formation of a committee to …", "direct resources to …"
            for verb in clauses.infinitives(noun, "acl", "relcl"):
                yield from self.aims.targets(verb, replace(base, rule="order", last=max(base.last, verb.i - 1)))

    def _is_told(self, noun: Token | None, cue: Cue) -> bool:
        """Whether a noun may be told to act: a party, a body, somebody with a name, a pronoun; or an organ only."""
        if noun is None:
            return not cue.own
        lemma = singular(noun.lemma_.lower())
        if cue.own:
            return lemma in self.words["organs.nouns"]
        return noun.pos_ in ("PROPN", "PRON") or lemma in self.words["subjects.parties"] | self.words["subjects.bodies"]

    def _complements(self, token: Token, cue: Cue, base: Candidate) -> Iterator[Candidate]:
        """Infinitives, gerunds and activity nouns that complete a verb or an adjective."""
        found: dict[int, Token] = {}
        near = clauses.verb_after(token, ("to", *cue.prepositions), known=self.known) or (
            self._after_particle(token, cue) if cue.particle else clauses.verb_after_aside(token)
        )
        if near is not None:
            found[near.i] = near
        sources = [token] if cue.particle == "" else [token, *(t for t in token.rights if t.lower_ == cue.particle)]
        for sought in (s for source in sources for s in clauses.prepositional(source, cue.prepositions)):
            if sought.tag_ == "VBG" or (not cue.gerund_only and self._is_activity(sought)):
                found.setdefault(sought.i, sought)
        for verb in clauses.infinitives(token, "xcomp", "ccomp", "advcl", "conj"):
            if self._is_purpose(token, verb, cue) or (clauses.own_subject(verb) is not None and verb.dep_ == "ccomp"):
                continue  # "expect the others to sign"
            if verb.i not in found and (
                clauses.continues_list(verb) and not clauses.after_comma(verb) if found else verb.i - token.i < 12
            ):
                found[verb.i] = verb
        if cue.objects:
            found.update((c.i, c) for c in token.rights if c.dep_ == "dobj" and self._is_activity(c) and not found)
        for verb in found.values():
            yield from self.aims.targets(verb, replace(base, last=max(base.last, last_before(verb, token.i))))

    @staticmethod
    def _is_purpose(token: Token, verb: Token, cue: Cue) -> bool:
        """Whether what is agreed stands before the infinitive: "agreed to an accord to …", "are undertaking a review to …"."""
        for c in token.rights:
            if c.i < verb.i and c.dep_ == "dobj" and c.pos_ in ("NOUN", "PROPN", "NUM"):
                return True
            if c.i < verb.i and c.lower_ in ("to", *cue.prepositions) and clauses.child(c, "pobj") is not None:
                return not clauses.continues_list(verb)
        return False

    @staticmethod
    def _after_particle(token: Token, cue: Cue) -> Token | None:
        particle = next((t for t in token.doc[token.i + 1 : token.i + 3] if t.lower_ == cue.particle), None)
        return clauses.verb_after(particle, cue.prepositions) if particle is not None else None

    def _is_activity(self, noun: Token) -> bool:
        return noun.pos_ != "PROPN" and noun.lemma_.lower() in self.words["activities.nouns"]

    def _noun(self, token: Token, cue: Cue) -> Iterator[Candidate]:
        governor = self._governor(token)
        first = token.left_edge.i if governor is None else min(governor.i, token.left_edge.i)
        base = replace(self._base(cue, token, token, "noun"), first=first, governor=-1 if governor is None else governor.i)
        if governor is not None and governor.lemma_ in self.words["reporting.reaffirmed"]:
            base = replace(base, stage="reaffirmed")
        found: dict[int, Token] = {}
        near = clauses.verb_after(token, ("to", *cue.prepositions), known=self.known) or clauses.verb_after_aside(token)
        if near is not None:
            found[near.i] = near
        for verb in clauses.infinitives(token, "acl", "relcl", "xcomp", "advcl"):
            if verb.i in found or (not found and verb.i - token.i >= 12):
                continue
            if not found or (clauses.continues_list(verb) and not clauses.after_comma(verb)):
                found[verb.i] = verb
        for owner in (token, *(x for x in (governor,) if x is not None)):
            for sought in clauses.prepositional(owner, cue.prepositions):
                if sought.i > token.i and (sought.tag_ == "VBG" or (not cue.gerund_only and self._is_activity(sought))):
                    found.setdefault(sought.i, sought)
        if governor is not None and governor.lemma_ in ("be", "remain"):
            found.update((v.i, v) for v in clauses.infinitives(governor, "xcomp", "ccomp", "attr", "acl"))
        if not found and governor is not None and not cue.gerund_only and governor.lemma_ not in ("be", "remain"):
            found.update((v.i, v) for v in clauses.infinitives(governor, "advcl", "xcomp") if token.i < v.i < token.i + 12)
        for verb in found.values():
            yield from self.aims.targets(verb, replace(base, last=max(base.last, last_before(verb, token.i))))

    def _governor(self, noun: Token) -> Token | None:
        """The verb that performs a noun of will: of which it is the object, or "be" of which it is the subject."""
        token = noun
        for _ in range(5):
            head = token.head
            if head == token:
                return self._stands_firm(noun)
            if token.dep_ in ("nsubj", "attr") and head.lemma_ in ("be", "remain"):
                return head
            if token.dep_ == "prep" and head.lower_ in self.words["reporting.united"]:
                return head
            if token.dep_ == "prep" and token.lower_ != "to" and noun.lemma_.lower() in self.words["reporting.ends"]:
                return None  # "with the goal of", "progress on our goals"
            if token.lower_ in ("including", "with", "as") and token.dep_ == "prep" and head.tag_ not in clauses.VERB_TAGS:
                return None  # "countries with a commitment to", "efforts, including an agreement on"
            if token.dep_ == "prep" and token.lower_ == "for" and head.pos_ == "NOUN":
                return None  # "expressed gratitude for his decision to"
            if token.dep_ == "prep" and token.lower_ == "of" and head.lemma_.lower() not in self.words["reporting.sets"]:
                return None  # "concern over the announcement of their readiness to"
            if head.tag_ in clauses.VERB_TAGS and token.dep_ in ("dobj", "prep", "oprd", "attr", "ccomp", "dep", "nsubjpass"):
                return head
            if token.dep_ not in ("conj", "pobj", "prep", "compound", "nmod", "dobj", "appos"):
                return None
            token = head
        return None

    def _stands_firm(self, noun: Token) -> Token | None:
        """The verb of "our commitment to … is firm", wherever the parse hangs it."""
        rest = noun.doc[noun.i + 1 : noun.sent.end]
        verbs = (t for t in rest if t.lemma_ in ("be", "remain") and t.tag_ in ("VBZ", "VBP") and t.i + 1 < rest.end)
        return next((t for t in verbs if t.nbor(1).lower_ in self.words["reporting.firm"]), None)

    def _be_to(self, token: Token) -> Iterator[Candidate]:
        """ "Both sides are to meet"."""
        nxt = token.nbor(1) if token.i + 1 < len(token.doc) else None
        if token.tag_ not in ("VBZ", "VBP", "VBD") or nxt is None or nxt.tag_ != "TO":
            return
        subject = clauses.own_subject(token) or clauses.own_subject(nxt.head)
        lemma = subject.lemma_.lower() if subject is not None else ""
        kept = self.words["never.purposes"]
        unfit = (
            lemma in self.book.cues["nouns"] or lemma in kept or token.nbor(-1).lower_ in kept
        )  # "Varn’s top priority is to"
        if subject is None or subject.pos_ == "VERB" or unfit:
            return
        cue = Cue("be to", "modals", "committed", "", reported=token.tag_ == "VBD")
        verb = nxt.head if nxt.head.i > nxt.i else None
        if verb is not None and verb.tag_ in clauses.VERB_TAGS:
            yield from self.aims.targets(verb, replace(self._base(cue, token, verb, "be_to"), last=nxt.i))
