"""From a cue to its aims: coordinated verbs, weak verbs that belong to the cue, lists that the parse broke apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from pipeline.codebook.modality import Cue, Modality
from pipeline.components import clauses
from pipeline.records import OBLIGATIONS

#: Tags besides those of verbs that count in a list of aims: modals, semicolons, verbs taken for nouns or adjectives.
_LOOKED_AT = frozenset({"MD", ":", "NN", "NNP", "JJ"})


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


def last_before(verb: Token, floor: int) -> int:
    """The last word of the cue before `verb`: its "to" or preposition."""
    if verb.head.i > floor and verb.head.dep_ == "prep" and verb.head.i < verb.i:
        return verb.head.i
    return max((c.i for c in verb.lefts if c.tag_ == "TO"), default=floor)


def _and_to(token: Token) -> bool:
    """Whether "and", "or" or a semicolon stands before an infinitive, or "and to" follows a comma further on."""
    if not clauses.after_comma(token):
        return True
    rest = token.doc[token.i : token.sent.end]
    return any(t.lower_ in ("and", "or") and t.i + 1 < rest.end and t.nbor(1).lower_ == "to" for t in rest)


def _goes_on_inside(last: Token, verb: Token) -> bool:
    """Whether a bare verb behind a comma goes on with an infinitive or clause before it: "a plan to end raids, *share* data".

    Of such verbs that the parse joins to the cue, none of 5 in the coded training and gold passages was an aim.
    """
    if _is_inside(verb):
        return True
    between = verb.doc[last.i + 1 : verb.i]
    if verb.tag_ not in clauses.BASE_TAGS or clauses.is_infinitive(verb):
        return False
    if not clauses.after_comma(verb):  # "gather what is needed to end raids, trace smugglers, and *share* data"
        if len(between) < 2 or between[-1].lower_ != "and" or between[-2].text != ",":
            return False
        first = next((t.i for t in between if t.tag_ == "VB" and clauses.is_infinitive(t)), verb.i)
        return any(t.i > first and t.tag_ in clauses.BASE_TAGS and t.nbor(-1).text == "," for t in between)
    return any((t.tag_ == "VB" and clauses.is_infinitive(t)) or t.tag_ in ("VBP", "VBZ", "VBD", "MD") for t in between)


def _is_inside(verb: Token) -> bool:
    """Whether a gerund goes on with one behind a preposition: "will continue helping them in planning, *building* and …"."""
    before = verb.doc[max(0, verb.i - 3) : verb.i]
    listed = verb.tag_ == "VBG" and len(before) == 3 and before[2].text == "," and before[1].lower_.endswith("ing")
    return listed and before[0].pos_ == "ADP"


def _shares_object(token: Token) -> bool:
    """Whether a preposition waits for the same object before "and": "prevention of and *fight* against"."""
    before = token.doc[max(0, token.i - 2) : token.i]
    return len(before) == 2 and before[1].lower_ in ("and", "or") and before[0].pos_ == "ADP" and before[0].dep_ == "prep"


def _and_to_after(aim: Token, token: Token) -> bool:
    """Whether ", and to" leads back from an infinitive inside to the aim's own list: "to end raids by force, *and to* pay".

    Not where the infinitives inside make a list of their own: "a plan to end raids, to share data, and to pay".
    """
    if not clauses.is_infinitive(token) or clauses.separator(token) != "and":
        return False
    before = token.doc[max(0, token.i - 5) : token.i]
    cc = next((t for t in reversed(before) if t.lower_ == "and" or before.doc[t.i : t.i + 3].text == "as well as"), aim)
    if cc.nbor(-1).text != ",":
        return False
    return not any(clauses.is_infinitive(t) and clauses.after_comma(t) for t in token.doc[aim.i + 1 : token.i])


class AimFinder:
    """Finds the aims under a cue by a codebook of modality.

    Args:
        book: the codebook.
    """

    def __init__(self, book: Modality) -> None:
        self.book = book
        self.words = book.words

    def targets(self, verb: Token, base: Candidate) -> Iterator[Candidate]:
        """Each coordinated verb, reached through the weak verbs before it."""
        denied, last = clauses.is_negated(verb), verb
        first: Candidate | None = None
        for depth, one in enumerate(clauses.coordinated(verb)):
            if depth and _goes_on_inside(last, one):
                return
            last = one
            negated = clauses.is_negated(one) or (denied and clauses.separator(one) in ("or", ",", "nor"))
            if depth and (self._is_cue(one) or one.nbor(-1).lower_ in ("if", "as", "where", "when")):
                continue  # "shall be filed and, if required, sent"
            step = replace(base, depth=base.depth + depth, negated=base.negated or negated)
            if first is not None and first.through and self._ends_part(one):  # "will work to end raids; *share* data"
                step = replace(step, obligation=lower_of(step.obligation, first.obligation), last=first.last)
            found = list(self._through(one, step))
            first = first or found[0]
            yield from found

    def _is_cue(self, verb: Token) -> bool:
        """Whether a joined verb is a cue of its own: "will hold talks and *intend* to sign"."""
        if verb.lemma_ in ("stand", "remain") and verb.nbor(1).lower_ in self.book.cues["adjectives"]:
            return True  # "are resolved to end raids and *stand* ready to …"
        cue = self.book.cues["verbs"].get(verb.lemma_.lower()) if verb.tag_ in clauses.BASE_TAGS else None
        if cue is None or cue.orders or clauses.is_infinitive(verb):
            return False
        if verb.nbor(1).lower_ == "that":  # "and further *agree* that neither Party will …"
            return True
        return clauses.verb_after(verb, ("to", *cue.prepositions)) is not None

    def _through(self, verb: Token, base: Candidate) -> Iterator[Candidate]:
        lemma = verb.lemma_.lower()
        behind, obligation, negates = self._behind(verb, lemma)
        if len(base.through) < 5 and behind:
            stage = base.stage or ("continuing" if lemma == "continue" else "")
            passed = replace(
                base, obligation=lower_of(base.obligation, obligation), stage=stage, through=(*base.through, lemma)
            )
            for one in behind:
                last = max(base.last, last_before(one, verb.i))
                yield from self.targets(one, replace(passed, last=last, negated=base.negated != negates))
            return
        following = verb.nbor(1).lower_ if verb.i + 1 < len(verb.doc) else ""
        weak = self.book.weak.get(f"{lemma} {following}") or self.book.weak.get(lemma)
        if weak is not None and not weak.through and weak.obligation:
            base = replace(base, obligation=lower_of(base.obligation, weak.obligation))
        elif weak is not None and lemma == "work" and self._works_towards(verb):
            base = replace(base, obligation=lower_of(base.obligation, "intended"))
        if weak is not None and weak.negates:  # "refrain from operations"
            noun = next(iter(clauses.prepositional(verb, ("from",))), None)
            base = replace(base, negated=not base.negated, last=max(base.last, verb.i + 1))
            yield replace(base, aim=noun.i if noun is not None and noun.i - verb.i < 8 else verb.i)
            return
        yield replace(base, aim=verb.i)

    @staticmethod
    def _works_towards(verb: Token) -> bool:
        return any(c.lower_ in ("towards", "toward") for c in verb.rights)

    def _behind(self, verb: Token, lemma: str) -> tuple[list[Token], str, bool]:
        """The verbs behind a weak verb or a carrier phrase, the obligation it sets, and whether it negates."""
        following = verb.nbor(1).lower_ if verb.i + 1 < len(verb.doc) else ""
        weak = self.book.weak.get(f"{lemma} {following}") or self.book.weak.get(lemma)
        if weak is not None and weak.through:
            if weak.particle and weak.particle not in (t.lower_ for t in verb.doc[verb.i + 1 : verb.i + 3]):
                return self._behind_carrier(verb, lemma)
            thing = clauses.child(verb, "dobj")
            together = any(t.lower_ in ("together", "jointly") for t in verb.doc[verb.i + 1 : verb.i + 4])
            if (lemma == "work" and clauses.is_shared_work(verb)) or (lemma == "act" and together):
                return [], "", False
            if lemma == "continue" and thing is not None and thing.pos_ == "NOUN" and thing.i - verb.i < 8:
                return self._behind_carrier(verb, lemma)  # "continue cooperation to end raids"
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
        found += [v for noun in clauses.prepositional(verb, ("with",)) for v in clauses.infinitives(noun, "acl", "relcl")]
        found += [g for g in clauses.prepositional(verb, ("to", "towards", "toward", "from")) if g.tag_ == "VBG"]
        near = clauses.verb_after(verb, ("to", "towards", "toward", "from"))
        return list({v.i: v for v in (found or ([near] if near is not None else []))}.values())

    def _behind_carrier(self, verb: Token, lemma: str) -> tuple[list[Token], str, bool]:
        noun = clauses.child(verb, "dobj") or self._lost_carrier(verb, lemma)
        if noun is None and lemma == "look":  # "look for ways to"
            noun = next(iter(clauses.prepositional(verb, ("for",))), None)
        if noun is None:
            return [], "", False
        carries = (
            lemma in self.words["carriers.verbs"] and noun.lemma_.lower().removesuffix("s") in self.words["carriers.nouns"]
        )
        if lemma == "continue" and clauses.child(noun, "poss", "det") is None:
            carries = False  # "continue our efforts to" belongs to the cue, "continue efforts" is what is done
        offers = lemma in self.book.opportunity_verbs and noun.lemma_.lower() in self.words["carriers.opportunity_nouns"]
        if not carries and not (offers and lemma in ("seek", "look")):
            return [], "", False
        found = list(clauses.infinitives(noun, "acl", "relcl", "advcl", "xcomp"))
        found += [v for v in clauses.infinitives(verb, "advcl", "xcomp") if v.i > noun.i]
        found += [g for g in clauses.prepositional(noun, ("on", "towards", "toward", "in")) if g.tag_ == "VBG"]
        if noun.doc[noun.i + 1 : noun.i + 3].text.lower() == "in order":  # "take all measures in order to deliver"
            near = clauses.verb_after(noun.doc[noun.i + 2])
            found += [near] if near is not None else []
        if not found and carries:
            near = clauses.verb_after(noun)
            found += [near] if near is not None and near.tag_ != "VBG" else []  # "increase our efforts to ensuring"
        tries = lemma == "make" and carries  # "make every effort to"
        return found[:1], self.book.opportunity_verbs[lemma] if offers else "intended" if tries else "", False

    def _lost_carrier(self, verb: Token, lemma: str) -> Token | None:
        """The object of a carrier that the parse made a subject: "make their best *endeavours* to conclude the accord"."""
        if lemma not in self.words["carriers.verbs"]:
            return None
        near = next((t for t in verb.doc[verb.i + 1 : verb.i + 5] if t.pos_ not in ("DET", "ADJ", "PRON", "ADV")), verb)
        return near if near.pos_ == "NOUN" and clauses.verb_after(near, gap=0) is not None else None

    def _begins_another(self, token: Token, above: bool) -> bool:
        """Whether a list ends here: at a modal or another cue, or where the gerund `above` the aims goes on.

        "stressing her promise to end raids, and *praising* …"
        """
        if above and token.tag_ == "VBG" and "," in token.doc[max(0, token.i - 2) : token.i].text:
            return clauses.continues_list(token)
        return token.tag_ == "MD" or (self._is_cue(token) and clauses.continues_list(token))

    def parallel(self, doc: Doc, found: list[Candidate]) -> Iterator[Candidate]:
        """Further verbs of the same form after a comma, "and" or a semicolon that the parse hung elsewhere.

        A verb that stands behind another infinitive, gerund or relative clause may belong there: its `far` is `nested`.
        """
        first = min(found, key=lambda c: c.aim)
        aim = doc[first.aim]
        gerund = aim.tag_ == "VBG" or (aim.dep_ == "compound" and aim.lower_.endswith("ing"))  # "training officers"
        if (aim.pos_ == "NOUN" and not gerund and first.rule != "modal") or clauses.is_passive(aim):
            return
        mixed = gerund and bool(first.through)  # "to continue facilitating trade, …, and adopt rules"
        known, bare = {c.aim: c for c in found}, not clauses.is_infinitive(aim)
        nested, semicolon, last = False, False, first
        pending: list[Candidate] = []
        above = gerund and first.governor >= 0 and doc[first.governor].tag_ == "VBG"
        for token in doc[first.aim + 1 : aim.sent.end]:
            tag = token.tag_
            if tag not in clauses.VERB_TAGS and tag not in _LOOKED_AT:
                continue
            if token.i in known:
                last, nested = known[token.i], False
                if not clauses.after_comma(token):
                    yield from pending
                    pending = []
            elif token.lower_ == ";":
                semicolon = True
            elif self._begins_another(token, above):
                if clauses.separator(token) == "and":  # the list of commas before it was one
                    yield from pending
                break
            elif not bare and _and_to_after(doc[last.aim], token):
                nested = False
                pending.extend(self._through(token, replace(last, depth=last.depth + 1, far="far", through=())))
                yield from pending
                pending = []
            elif self._shares(last, token):
                yield replace(last, aim=token.i, depth=last.depth + 1, far="far", through=())
            elif _is_inside(token) or (clauses.is_infinitive(token) and (bare or not _and_to(token))):
                nested = True  # "to" after a bare verb, or after one comma, tells a purpose
            elif self._may_continue(token, gerund, bool(pending)) or (mixed and self._may_continue(token, False)):
                behind = nested and not (semicolon and self._ends_part(token))
                base = replace(last, depth=last.depth + 1, far="nested" if behind else "far", through=())
                if gerund and token.tag_ != "VBG":  # no longer under "refrain from …ing"
                    base = replace(base, negated=False)
                pending.extend(self._through(token, base))
                if not clauses.after_comma(token):  # a list of commas counts from its "and" on
                    yield from pending
                    pending = []
            elif self._opens_clause(token, gerund, mixed=mixed):
                nested = True

    def _opens_clause(self, token: Token, gerund: bool, *, mixed: bool) -> bool:
        """Whether what follows may belong to `token`, not to the aims: a verb of their form inside, a relative clause."""
        if mixed and token.tag_ == "VBG" and token.nbor(-1).lower_ in ("by", "including", "through"):
            return False  # "to continue easing trade, including by cutting fees, and adopt rules"
        if gerund and token.tag_ == "VBN" and token.dep_ == "acl" and clauses.after_comma(token):
            return True  # "a just end, founded on …, extending to …": what describes the object
        return token.tag_ == ("VBG" if gerund else "VB") or token.dep_ == "relcl" or self._is_clause(token)

    @staticmethod
    def _is_clause(token: Token) -> bool:
        """Whether a finite clause with its own subject begins: "discuss how we *tackle* smuggling and build trust"."""
        return token.tag_ in ("VBP", "VBZ", "VBD") and token.dep_ != "conj" and clauses.own_subject(token) is not None

    @staticmethod
    def _ends_part(token: Token) -> bool:
        """Whether a semicolon stands before `token`, or before its "and"."""
        before = clauses.separator(token)
        if before in ("and", "or"):
            cc = next((t for t in reversed(token.doc[max(0, token.i - 4) : token.i]) if t.lower_ == before), None)
            return cc is not None and cc.i > 0 and cc.nbor(-1).lower_ == ";"
        return before == ";"

    @staticmethod
    def _shares(last: Candidate, token: Token) -> bool:
        """Whether a word between two aims is a verb taken for a noun, with their object: "amend, *revise* and expand it"."""
        if token.pos_ not in ("NOUN", "ADJ") or token.i - last.aim != 2 or token.nbor(-1).text != ",":
            return False
        after = [t for t in token.doc[token.i + 1 : token.i + 4] if t.text != ","]
        return len(after) > 1 and after[0].lower_ in ("and", "or") and after[1].tag_ in clauses.BASE_TAGS

    def _opens_object(self, token: Token) -> bool:
        """Whether what follows a verb taken for a noun is its object: "respond to raids, *combat* smuggling, and …"."""
        nxt = token.nbor(1)
        if nxt.pos_ in ("DET", "ADJ", "PRON") or self._ends_part(token) or clauses.child(token, "dobj") is not None:
            return True
        return token.nbor(-1).lower_ == "," and token.head == nxt and nxt.pos_ == "NOUN"

    def _may_continue(self, token: Token, gerund: bool, listed: bool = False) -> bool:
        """Whether a word may be the next of several verbs; `listed` if a comma stood before the last one."""
        tag = token.tag_
        if token.lower_ in ("including", "regarding", "concerning", "following", "emerging", "existing"):
            return False
        verbal = tag == "VBG" if gerund else tag in clauses.BASE_TAGS
        if verbal:
            head = token.head
            finite = token.dep_ == "conj" and tag == head.tag_ == "VBP" and clauses.own_subject(head) is not None
            modifies = token.dep_ in ("amod", "compound")
            if (modifies or (finite and not gerund)) and (gerund or token.lower_ not in self.words["imperatives.words"]):
                return False
        elif (
            gerund
            or tag not in ("NN", "NNP", "JJ")
            or token.lower_ not in self.words["imperatives.words"]
            or token.i + 1 >= len(token.doc)
            or not (self._opens_object(token) or (listed and token.dep_ == "compound" and clauses.separator(token) == "and"))
        ):
            return False
        if token.dep_ == "conj" and token.head.pos_ == "NOUN" and token.i + 1 < len(token.doc) and token.nbor(1).is_punct:
            return False  # "with determination and *resolve*."
        own = clauses.own_subject(token)  # before a semicolon it is an item that the parse took for a subject
        goes_on = clauses.continues_list(token) and (own is None or clauses.separator(token) == ";")
        return goes_on and not _shares_object(token)
