"""List items that carry a commitment by their form: a verb under a lead-in ("The Parties will:"), or an imperative alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from pipeline.codebook.modality import Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate, lower_of
from pipeline.components.commitments.cues import CueFinder


class ItemFinder:
    """Finds the candidates of list items.

    Args:
        book: the codebook of modality.
        cues: the finder of cues, for the lead-in.
    """

    def __init__(self, book: Modality, cues: CueFinder) -> None:
        self.book = book
        self.cues = cues

    def find(
        self, doc: Doc, block: Span, lead: Span | None, *, openers: dict[int, Candidate | None]
    ) -> Iterator[tuple[Candidate, Candidate | None]]:
        """The candidates of item `block` with the cue of its lead-in, None where there is no lead-in.

        Args:
            doc: the Doc.
            block: the item.
            lead: its lead-in.
            openers: keeps the cue of each lead-in of the Doc by its first token, as its items share it.
        """
        verb = self.opening_verb(block, led=lead is not None)
        if verb is None or block.text.isupper():  # "I. SECURE THE COAST" is a heading
            return
        opener = None
        if lead is not None and self._lists_functions(lead):
            return
        if lead is not None and not self._only_names(lead):
            if lead.start not in openers:
                openers[lead.start] = self.lead_cue(lead)
            opener = openers[lead.start]
        bare = verb.tag_ != "VBG" and not clauses.is_infinitive(verb) and self._is_item(block, verb)
        if opener is None and (not bare or self._only_names(lead) or self._only_advises(lead)):
            return
        obligation = opener.obligation if opener is not None else "committed"
        base = Candidate(None, verb.i, verb.i, verb.i, verb.i, obligation, "lead_in" if opener else "imperative")
        if opener is not None:
            base = replace(base, cue=opener.cue, negated=opener.negated, stage=opener.stage)
        found = list(self.cues.aims.targets(verb, base))
        for one in (*found, *self.cues.aims.parallel(doc, found)):
            yield replace(one, first=one.aim, last=one.aim), opener

    def _is_item(self, block: Span, verb: Token) -> bool:
        """A list item, or a paragraph that begins with a known verb as an order: "Create a joint centre …", "b. Take …"."""
        first = all(not t.is_alpha or len(t) == 1 for t in block[: verb.i - block.start])
        return block.label_ == "list_item" or (first and verb.lower_ in self.book.words["imperatives.words"])

    def opening_verb(self, block: Span, *, led: bool) -> Token | None:
        """The verb that opens an item, behind its number or an adverb, under a lead-in also behind "to"."""
        imperatives = self.book.words["imperatives.words"]
        for token in block[:8]:
            if token.lower_ == "second" and self._opens_object(token):
                return token  # "second two officers": the tagger takes it for a number
            if token.is_punct or token.is_space or token.like_num or token.tag_ in ("LS", "RB", "CC") or len(token) == 1:
                continue
            lettered = token.i == block.start and token.text.endswith(".") and len(token) < 5  # "b.", "iv."
            if lettered or (token.tag_ == "TO" and led):
                continue
            nxt = token.nbor(1) if token.i + 1 < len(token.doc) else token
            if nxt.i > token.i and token.dep_ == "advcl" and token.head.i > token.i and clauses.own_subject(token.head):
                return None  # "To protect cables, Belmark has …"
            if nxt.is_title and nxt.i + 1 < len(token.doc) and nxt.nbor(1).text == ".":
                return None  # "Exchange Transactions. Both …": a label
            if nxt.pos_ == "AUX" and nxt.tag_ in ("VBZ", "VBP", "VBD", "MD"):
                return None  # "Work is also underway"
            third = token.lower_.endswith("s") and token.lower_ != token.lemma_.lower()  # "Reaffirms the …" reports
            if token.tag_ in ("VB", "VBP", "VBG") and not third and clauses.own_subject(token) is None:
                return token
            known = token.lower_ in self.book.words["imperatives.after_to"]
            if known and (nxt.pos_ in ("DET", "PRON", "NUM") or nxt.lower_ == "with"):
                return token  # "Partner with", "Finance two"
            if token.lower_ in imperatives and not nxt.is_punct and nxt.lower_ not in ("of", "on", "in"):
                after = token.nbor(2) if token.i + 2 < len(token.doc) else nxt
                return None if nxt.dep_ == "cc" and after.tag_ not in clauses.BASE_TAGS else token  # "exchange and sharing of"
            return None
        return None

    def _lists_functions(self, lead: Span) -> bool:
        """Whether a lead-in gives the scope of somebody's work: "a committee whose functions shall include:"."""
        return any(t.dep_ == "nsubj" and t.lemma_.lower() in self.book.words["leads.functions"] for t in lead)

    @staticmethod
    def _only_advises(lead: Span | None) -> bool:
        """Whether a lead-in says what others should do: "The government should:"."""
        return lead is not None and any(t.lower_ == "should" for t in lead)

    @staticmethod
    def _opens_object(token: Token) -> bool:
        following = token.doc[token.i + 1 : token.i + 2]
        return any(t.pos_ in ("DET", "NUM") or t.lower_ in ("at", "up", "its", "their", "our") for t in following)

    def _only_names(self, lead: Span | None) -> bool:
        """Whether a lead-in announces examples, means or topics ("such as:", "by:"), not what will be done."""
        if lead is None:
            return False
        words = [t.lower_ for t in lead[-4:] if not t.is_punct and not t.is_space]
        return bool(words) and (
            words[-1] in self.book.words["leads.naming"] or " ".join(words[-2:]) in self.book.words["leads.naming"]
        )

    def lead_cue(self, lead: Span) -> Candidate | None:
        """The last cue of a lead-in sentence, with obligation and stage, whatever its aim."""
        book, last = self.book, None
        for token in self._speaking(lead):
            lemma = token.lemma_.lower()
            for kind in ("modals", "verbs", "adjectives", "nouns"):
                word = token.lower_ if kind == "adjectives" else lemma
                cue = book.cues[kind].get(word)
                ends = all(t.is_punct or t.is_space for t in lead.doc[token.i + 1 : lead.end])  # "To this end they may:"
                if cue is not None and not cue.particle and (self._carries(token, kind) or (ends and token.tag_ == "MD")):
                    rule = {"modals": "modal", "adjectives": "adjective", "nouns": "noun"}.get(kind, "verb")
                    last = Candidate(cue, token.i, token.i, token.i, token.i, cue.obligation, rule, cue.stage)
                    break
            else:
                weak = book.weak.get(lemma)
                if last is not None and weak is not None and weak.obligation and token.tag_ == "VB" and token.i - last.head < 5:
                    last = replace(last, obligation=lower_of(last.obligation, weak.obligation))
        return last

    @staticmethod
    def _speaking(lead: Span) -> Span:
        """A lead-in, of which only the last sentence counts if it tells what was done: "Steps we have taken include:"."""
        last = lead[max(lead[-1].sent.start - lead.start, 0) :]
        done = any(t.tag_ == "VBN" and (clauses.child(t, "aux") or t).lemma_.lower() == "have" for t in last)
        return last if done else lead

    @staticmethod
    def _carries(token: Token, kind: str) -> bool:
        if kind == "modals":
            return token.tag_ == "MD" and token.lower_ not in ("may", "would")
        if kind == "verbs":
            return token.tag_ in clauses.VERB_TAGS and (token.tag_ != "VBG" or clauses.child(token, "aux") is not None)
        return token.pos_ == "NOUN" if kind == "nouns" else token.dep_ in ("acomp", "ROOT", "attr", "oprd", "xcomp", "conj")
