"""Finds what may be a commitment: a cue of the codebook and each aim under it. Who is bound and what counts comes after.

One pass over an array of lemmas picks the cue words; the parse is walked only there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy
from spacy.tokens import Doc, Token

from pipeline.codebook.modality import Cue, Modality
from pipeline.components import clauses
from pipeline.records import OBLIGATIONS

_BE = frozenset({"be", "remain", "stand", "feel", "become", "stay"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cue and one aim under it; indices count tokens of the Doc.

    Attributes:
        cue: the codebook's entry, None for an item that is told by its form alone.
        head: the cue word.
        first, last: first and last token of the cue as written.
        aim: the main verb or activity noun.
        obligation: after weak verbs.
        stage: what cue and weak verbs say; empty if nothing.
        negated: "not", "refrain from".
        governor: the verb that performs a noun cue, else -1.
        depth: 0 for the first aim, then its place among the coordinated ones.
        rule: what found it.
        through: lemmas between cue and aim.
        far: `far` where the words and not the parse join the aim to the cue, `nested` where it may belong to a verb between.
    """

    cue: Cue | None
    head: int
    first: int
    last: int
    aim: int
    obligation: str
    rule: str
    stage: str = ""
    negated: bool = False
    governor: int = -1
    depth: int = 0
    through: tuple[str, ...] = ()
    far: str = ""


def lower_of(one: str, other: str) -> str:
    """The weaker of two obligations; an empty one does not count."""
    return min((o for o in (one, other) if o), key=OBLIGATIONS.index)


def _after_comma(token: Token) -> bool:
    """Whether only a comma stands before `token` and its adverbs, no "and" and no semicolon."""
    return clauses.separator(token) == ","


def _and_to(token: Token) -> bool:
    """Whether "and", "or" or a semicolon stands before an infinitive, or "and to" follows a comma further on."""
    if not _after_comma(token):
        return True
    rest = token.doc[token.i : token.sent.end]
    return any(t.lower_ in ("and", "or") and t.i + 1 < rest.end and t.nbor(1).lower_ == "to" for t in rest)


class CueFinder:
    """Finds candidates by a codebook of modality.

    Args:
        book: the codebook.
        doc: a Doc whose vocabulary the cue words are looked up in.
    """

    def __init__(self, book: Modality) -> None:
        self.book = book
        self.words = book.words

    def keys(self, doc: Doc) -> list[int]:
        """Indices of the tokens that are a cue word by lemma or form."""
        strings = doc.vocab.strings
        lemmas = {lemma for cues in self.book.cues.values() for lemma in cues} | {"be"}
        wanted = numpy.array([strings.add(lemma) for lemma in sorted(lemmas)], dtype="uint64")
        array = doc.to_array(["LEMMA", "LOWER"])
        return [int(i) for i in numpy.flatnonzero(numpy.isin(array, wanted).any(axis=1))]

    def find(self, doc: Doc) -> Iterator[Candidate]:
        """All candidates in order of their cues."""
        for i in self.keys(doc):
            found = list(self.at(doc[i]))
            yield from found
            if found:
                yield from self.parallel(doc, found)

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
        owned = clauses.own_subject(token) is None and clauses.child(token, "poss", "det", "prep") is not None
        return not owned and token.dep_ in ("ROOT", "conj", "ccomp") and clauses.verb_after(token, gap=0) is not None

    def parallel(self, doc: Doc, found: list[Candidate]) -> Iterator[Candidate]:
        """Further verbs of the same form after a comma, "and" or a semicolon that the parse hung elsewhere.

        A verb that stands behind another infinitive, gerund or relative clause may belong there: its `far` is `nested`.
        """
        first = min(found, key=lambda c: c.aim)
        aim = doc[first.aim]
        gerund = aim.tag_ == "VBG" or (aim.dep_ == "compound" and aim.lower_.endswith("ing"))  # "training officers"
        if (aim.pos_ == "NOUN" and not gerund) or clauses.is_passive(aim):
            return
        known, bare = {c.aim: c for c in found}, not clauses.is_infinitive(aim)
        nested, semicolon, last = False, False, first
        pending: list[Candidate] = []
        for token in doc[first.aim + 1 : aim.sent.end]:
            if token.i in known:
                last, nested = known[token.i], False
            elif token.lower_ == ";":
                semicolon = True
            elif token.tag_ == "MD":
                break
            elif clauses.is_infinitive(token) and (bare or not _and_to(token)):
                nested = True  # "to" after a bare verb, or after one comma, tells a purpose
            elif self._may_continue(token, gerund):
                behind = nested and not (semicolon and self._ends_part(token))
                base = replace(last, depth=last.depth + 1, far="nested" if behind else "far", through=())
                pending.extend(self._through(token, base))
                if not _after_comma(token):  # a list of commas counts from its "and" on
                    yield from pending
                    pending = []
            elif token.tag_ == ("VBG" if gerund else "VB") or token.dep_ == "relcl":
                nested = True

    @staticmethod
    def _ends_part(token: Token) -> bool:
        """Whether a semicolon stands before `token`, or before its "and"."""
        before = clauses.separator(token)
        if before in ("and", "or"):
            cc = next((t for t in reversed(token.doc[max(0, token.i - 4) : token.i]) if t.lower_ == before), None)
            return cc is not None and cc.i > 0 and cc.nbor(-1).lower_ == ";"
        return before == ";"

    def _may_continue(self, token: Token, gerund: bool) -> bool:
        tag = token.tag_
        verbal = tag == "VBG" if gerund else tag in clauses.BASE_TAGS
        if verbal:
            head = token.head
            finite = token.dep_ == "conj" and tag == head.tag_ == "VBP" and clauses.own_subject(head) is not None
            if token.dep_ in ("amod", "compound") or (finite and not gerund):
                return False
        elif (
            gerund
            or tag not in ("NN", "NNP", "JJ")
            or token.lower_ not in self.words["imperatives.words"]
            or token.i + 1 >= len(token.doc)
            or (token.nbor(1).pos_ not in ("DET", "ADJ", "PRON") and not self._ends_part(token))
        ):
            return False
        return clauses.continues_list(token) and clauses.own_subject(token) is None

    def _modal(self, token: Token, cue: Cue) -> Iterator[Candidate]:
        verb: Token | None = token.head
        if token.dep_ not in ("aux", "auxpass") or token.head.i <= token.i or token.head.pos_ not in ("VERB", "AUX"):
            verb = self._next_verb(token)
        if verb is None or self._adjective_below(verb):
            return
        base = self._base(cue, token, verb, "modal")
        yield from self.targets(verb, base)

    def _next_verb(self, token: Token) -> Token | None:
        """The verb after a modal that the parse left alone: "will, where appropriate, share" has "share" for a noun."""
        known = self.words["imperatives.words"]
        end = min(token.i + 12, token.sent.end)
        for t in token.doc[token.i + 1 : end]:
            if t.tag_ in ("VB", "VBN") or (t.lower_ in known and t.tag_ in ("NN", "NNP", "JJ")):
                return t
        return None

    def _adjective_below(self, verb: Token) -> bool:
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
        passive = clauses.child(token, "auxpass", "aux")
        if passive is not None and passive.lemma_ in _BE and token.tag_ in ("VBN", "JJ"):
            return passive
        if token.dep_ == "conj":
            return self._copula(head) if head.lower_ in self.book.cues["adjectives"] or head.pos_ == "ADJ" else None
        return None

    def _adjective(self, token: Token, cue: Cue) -> Iterator[Candidate]:
        copula = self._copula(token)
        if copula is None or (cue.under_modal and not clauses.has_modal(copula)):
            return
        first = min((c.i for c in copula.lefts if c.dep_ in ("aux", "neg")), default=copula.i)
        base = replace(self._base(cue, token, token, "adjective"), first=min(first, copula.i))
        base = replace(
            base, negated=base.negated or clauses.is_negated(copula), stage="continuing" if copula.lemma_ == "remain" else ""
        )
        yield from self._complements(token, cue, base)

    def _verb(self, token: Token, cue: Cue) -> Iterator[Candidate]:
        if cue.particle and cue.particle not in (t.lower_ for t in token.doc[token.i + 1 : token.i + 3]):
            return
        if cue.participle_only and token.tag_ != "VBN":
            return
        left = [c.i for c in token.lefts if c.dep_ in ("aux", "auxpass", "neg") and c.tag_ != "MD"]
        base = replace(self._base(cue, token, token, "verb"), first=min([token.i, *left]))
        if cue.orders:
            yield from self._orders(token, base)
        else:
            yield from self._complements(token, cue, base)

    def _orders(self, token: Token, base: Candidate) -> Iterator[Candidate]:
        for verb in clauses.infinitives(token, "xcomp", "ccomp", "advcl"):
            yield from self.targets(verb, replace(base, rule="order", last=max(base.last, verb.i - 1)))
        for noun in (c for c in token.rights if c.dep_ in ("dobj", "dative")):
            for verb in clauses.infinitives(noun, "acl", "relcl"):
                yield from self.targets(verb, replace(base, rule="order", last=max(base.last, verb.i - 1)))

    def _complements(self, token: Token, cue: Cue, base: Candidate) -> Iterator[Candidate]:
        """Infinitives, gerunds and activity nouns that complete a verb or an adjective."""
        found: dict[int, Token] = {}
        near = clauses.verb_after(token, ("to", *cue.prepositions)) or (
            self._after_particle(token, cue) if cue.particle else None
        )
        if near is not None:
            found[near.i] = near
        sources = [token] if cue.particle == "" else [token, *(t for t in token.rights if t.lower_ == cue.particle)]
        for sought in (s for source in sources for s in clauses.prepositional(source, cue.prepositions)):
            if sought.tag_ == "VBG" or (not cue.gerund_only and self._is_activity(sought)):
                found.setdefault(sought.i, sought)
        for verb in clauses.infinitives(token, "xcomp", "ccomp", "advcl", "conj"):
            if verb.i not in found and (
                clauses.continues_list(verb) and not _after_comma(verb) if found else verb.i - token.i < 12
            ):
                found[verb.i] = verb
        if cue.objects:
            found.update((c.i, c) for c in token.rights if c.dep_ == "dobj" and self._is_activity(c) and not found)
        for verb in found.values():
            yield from self.targets(verb, replace(base, last=max(base.last, self._last_before(verb, token.i))))

    @staticmethod
    def _after_particle(token: Token, cue: Cue) -> Token | None:
        particle = next((t for t in token.doc[token.i + 1 : token.i + 3] if t.lower_ == cue.particle), None)
        return clauses.verb_after(particle, cue.prepositions) if particle is not None else None

    @staticmethod
    def _last_before(verb: Token, floor: int) -> int:
        """The last word of the cue before `verb`: its "to" or preposition."""
        if verb.head.i > floor and verb.head.dep_ == "prep" and verb.head.i < verb.i:
            return verb.head.i
        return max((c.i for c in verb.lefts if c.tag_ == "TO"), default=floor)

    def _is_activity(self, noun: Token) -> bool:
        return noun.lemma_.lower() in self.words["activities.nouns"]

    def _noun(self, token: Token, cue: Cue) -> Iterator[Candidate]:
        governor = self._governor(token)
        first = token.left_edge.i if governor is None else min(governor.i, token.left_edge.i)
        base = replace(self._base(cue, token, token, "noun"), first=first, governor=-1 if governor is None else governor.i)
        if governor is not None and governor.lemma_ in self.words["reporting.reaffirmed"]:
            base = replace(base, stage="reaffirmed")
        found: dict[int, Token] = {}
        near = clauses.verb_after(token, ("to", *cue.prepositions))
        if near is not None:
            found[near.i] = near
        for verb in clauses.infinitives(token, "acl", "relcl", "xcomp", "advcl"):
            if verb.i not in found and (not found or (clauses.continues_list(verb) and not _after_comma(verb))):
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
            yield from self.targets(verb, replace(base, last=max(base.last, self._last_before(verb, token.i))))

    def _governor(self, noun: Token) -> Token | None:
        """The verb that performs a noun of will: of which it is the object, or "be" of which it is the subject."""
        token = noun
        for _ in range(5):
            head = token.head
            if head is token:
                return None
            if token.dep_ in ("nsubj", "attr") and head.lemma_ in ("be", "remain"):
                return head
            if token.dep_ == "prep" and head.lower_ in self.words["reporting.united"]:
                return head
            if head.tag_ in clauses.VERB_TAGS and token.dep_ in ("dobj", "prep", "oprd", "attr", "ccomp", "dep", "nsubjpass"):
                return head
            if token.dep_ not in ("conj", "pobj", "prep", "compound", "nmod", "dobj", "appos"):
                return None
            token = head
        return None

    def _be_to(self, token: Token) -> Iterator[Candidate]:
        """ "Both sides are to meet"."""
        nxt = token.nbor(1) if token.i + 1 < len(token.doc) else None
        if token.tag_ not in ("VBZ", "VBP") or nxt is None or nxt.tag_ != "TO":
            return
        subject = clauses.own_subject(token) or clauses.own_subject(nxt.head)
        if subject is None or subject.lemma_.lower() in self.book.cues["nouns"] or subject.pos_ == "VERB":
            return
        cue = Cue("be to", "modals", "committed", "")
        verb = nxt.head if nxt.head.i > nxt.i else None
        if verb is not None and verb.tag_ in clauses.VERB_TAGS:
            yield from self.targets(verb, replace(self._base(cue, token, verb, "be_to"), last=nxt.i))

    def targets(self, verb: Token, base: Candidate) -> Iterator[Candidate]:
        """Each coordinated verb, reached through the weak verbs before it."""
        denied = clauses.is_negated(verb)
        for depth, one in enumerate(clauses.coordinated(verb)):
            negated = clauses.is_negated(one) or (denied and clauses.separator(one) in ("or", ",", "nor"))
            step = replace(base, depth=base.depth + depth, negated=base.negated or negated)
            yield from self._through(one, step)

    @staticmethod
    def weaker(one: str, other: str) -> str:
        """See `lower_of`."""
        return lower_of(one, other)

    def _through(self, verb: Token, base: Candidate) -> Iterator[Candidate]:
        lemma = verb.lemma_.lower()
        behind, obligation, negates = self._behind(verb, lemma)
        if len(base.through) < 5 and behind:
            stage = base.stage or ("continuing" if lemma == "continue" else "")
            passed = replace(
                base, obligation=lower_of(base.obligation, obligation), stage=stage, through=(*base.through, lemma)
            )
            for one in behind:
                last = max(base.last, self._last_before(one, verb.i))
                yield from self.targets(one, replace(passed, last=last, negated=base.negated != negates))
            return
        weak = self.book.weak.get(lemma)
        if weak is not None and not weak.through and weak.obligation:
            base = replace(base, obligation=lower_of(base.obligation, weak.obligation))
            if verb.rights and (gerund := clauses.child(verb, "xcomp")) is not None and gerund.tag_ == "VBG":
                yield replace(base, aim=gerund.i, through=(*base.through, lemma))
                return
        elif weak is not None and lemma == "work" and self._works_towards(verb):
            base = replace(base, obligation=lower_of(base.obligation, "intended"))
        if weak is not None and weak.negates:  # "refrain from operations"
            base = replace(base, negated=not base.negated)
        yield replace(base, aim=verb.i)

    @staticmethod
    def _works_towards(verb: Token) -> bool:
        return any(c.lower_ in ("towards", "toward") for c in verb.rights)

    def _behind(self, verb: Token, lemma: str) -> tuple[list[Token], str, bool]:
        """The verbs behind a weak verb or a carrier phrase, the obligation it sets, and whether it negates."""
        weak = self.book.weak.get(lemma)
        if weak is not None and weak.through:
            if weak.particle and weak.particle not in (t.lower_ for t in verb.doc[verb.i + 1 : verb.i + 3]):
                return self._behind_carrier(verb, lemma)
            if lemma == "work" and clauses.is_shared_work(verb):
                return [], "", False
            found = self._complement_of_weak(verb)
            return (found, weak.obligation, weak.negates) if found else self._behind_carrier(verb, lemma)
        cue = self.book.cues["verbs"].get(lemma)
        if cue is not None and not cue.orders and lemma != "engage":
            found = [v for v in clauses.infinitives(verb, "xcomp") if v.i - verb.i < 8]
            return found, cue.obligation, False
        return self._behind_carrier(verb, lemma)

    @staticmethod
    def _complement_of_weak(verb: Token) -> list[Token]:
        found = [v for v in clauses.infinitives(verb, "xcomp", "advcl", "ccomp") if v.i - verb.i < 8]
        found += [c for c in verb.rights if c.dep_ == "xcomp" and c.tag_ == "VBG"]
        found += [g for g in clauses.prepositional(verb, ("to", "towards", "toward", "from")) if g.tag_ == "VBG"]
        near = clauses.verb_after(verb, ("to", "towards", "toward", "from"))
        return list({v.i: v for v in (found or ([near] if near is not None else []))}.values())

    def _behind_carrier(self, verb: Token, lemma: str) -> tuple[list[Token], str, bool]:
        noun = clauses.child(verb, "dobj")
        if noun is None and lemma == "look":  # "look for ways to"
            noun = next(iter(clauses.prepositional(verb, ("for",))), None)
        if noun is None:
            return [], "", False
        carries = lemma in self.words["carriers.verbs"] and noun.lemma_.lower() in self.words["carriers.nouns"]
        offers = lemma in self.book.opportunity_verbs and noun.lemma_.lower() in self.words["carriers.opportunity_nouns"]
        if not carries and not (offers and lemma in ("seek", "look")):
            return [], "", False
        found = list(clauses.infinitives(noun, "acl", "relcl", "advcl", "xcomp"))
        found += [v for v in clauses.infinitives(verb, "advcl", "xcomp") if v.i > noun.i]
        found += [g for g in clauses.prepositional(noun, ("on", "towards", "toward", "in")) if g.tag_ == "VBG"]
        return found[:1], self.book.opportunity_verbs[lemma] if offers else "", False
