"""Fora that stand as an item of a list or before a colon, where no verb of their own says what happens to them."""

from __future__ import annotations

from spacy.tokens import Span, Token

from pipeline.components.mechanisms.forum_acts import Act, ActFinder
from pipeline.components.mechanisms.forum_names import name_of

#: In tokens: number and article before a name that opens its paragraph.
_OPENING = 5
#: The verb that opens a list stands so many tokens before its end at most.
_NEAR = 8


def listed_act(head: Token, acts: ActFinder) -> Act | None:
    """What the lead-in of a list, or the words behind a colon, say of the forum that opens the paragraph.

    "The Parties agree to hold:" before "(a) an annual meeting of ministers"; "Space Dialogue: The leaders will launch …".
    """
    block = _block_of(head)
    start, end = name_of(head, frozenset())
    if block is None or start - block.start > _OPENING:
        return None
    if end < block.end and head.doc[end].text == ":" and head.text[0].isupper():
        return _of_label(head, block, acts)
    return _of_lead_in(head, block, acts) if head.sent.start <= block.start + _OPENING else None


def _of_label(head: Token, block: Span, acts: ActFinder) -> Act | None:
    """By the first verb behind the colon that sets up or continues; nothing where the text comes back to the forum itself."""
    rest = head.doc[head.i + 1 : block.end]
    if any(token.lower_ == head.lower_ and acts.find(token) for token in rest):
        return None
    found = next((act for token in rest if token.pos_ == "VERB" and (act := acts.of_lead_in(token))), None)
    return Act(found.cue, found.action, "label") if found is not None else None


def _of_lead_in(head: Token, block: Span, acts: ActFinder) -> Act | None:
    group = head.doc.spans["blocks"]
    index = group.attrs.get(block.id_, {}).get("lead_in")
    opener = next((b for b in group if b.id_ == index), None) if index else None
    if opener is None or head.dep_ not in ("ROOT", "conj", "dep", "appos", "nsubj"):
        return None
    last = head.doc[max(opener.start, opener.end - _NEAR) : opener.end]
    verbs = [token for token in last if token.pos_ == "VERB" and token.lemma_ != "include"]
    return acts.of_lead_in(verbs[-1]) if verbs else None


def _block_of(token: Token) -> Span | None:
    group = token.doc.spans.get("blocks", [])
    return next((block for block in group if block.start <= token.i < block.end), None)
