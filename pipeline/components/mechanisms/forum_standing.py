"""Fora of which a text only says that they are there: by a name ("the Sea Lanes Forum") or as a series ("annual talks")."""

from __future__ import annotations

from spacy.tokens import Doc, Span, Token

from pipeline import times
from pipeline.codebook.fora import Fora, Noun
from pipeline.components.commitments.bearers import Parties
from pipeline.components.mechanisms.forum_acts import Act, happens, is_of_sides, words_before
from pipeline.components.mechanisms.forum_names import has_name, name_of, named_behind

#: Kinds that sides have with each other; a committee or a council may be anybody's.
_BETWEEN_SIDES = frozenset({"dialogue", "working_group", "exercise", "hotline"})
#: Kinds that stand for a series of meetings where "annual" comes before them.
_SERIES = frozenset({"dialogue", "exercise", "meeting", "summit"})
#: Length of a state's id, ISO 3166-1 alpha-3.
_STATE = 3
_INDEFINITE = frozenset({"a", "an", "any", "no", "each", "every", "another"})
_WHOSE = frozenset({"of", "between", "among", "with", "by"})
#: In tokens: words behind a head that say how often.
_HOW_OFTEN = 7
#: In tokens: how far behind its name a forum's members are told.
_FAR = 12


class StandingFinder:
    """Finds fora that no verb sets up or continues.

    Args:
        book: the codebook of fora.
    """

    def __init__(self, book: Fora) -> None:
        self.book = book

    def find(self, head: Token, noun: Noun, parties: Parties) -> Act | None:
        """ "Continues" for a forum of the parties with a proper name, or one that is said to meet regularly."""
        start, end = name_of(head, self.book.leading)
        series = noun.kind in _SERIES and (bool(words_before(head) & self.book.often) or _is_repeated(head))
        if not series and (noun.repeated or noun.event or not self._is_named(head, start, noun, parties)):
            return None
        above = next((t for t in head.ancestors if t.pos_ in ("VERB", "AUX")), head)
        if (above is not head and not happens(above, past=True)) or is_of_others(head, (start, end), parties):
            return None
        return Act(above, "continues", "named")

    def _is_named(self, head: Token, start: int, noun: Noun, parties: Parties) -> bool:
        doc = head.doc
        if not has_name(head) or {t.lower_ for t in doc[max(start - 2, 0) : start]} & _INDEFINITE:
            return False
        if noun.kind == "exercise" and head.lower_.endswith("s") and named_behind(head) == head.i + 1:
            return False  # "Increasing Participation in Defence Exercises" is a title
        if is_of_sides(head, self.book) or any(s.label_ == "format" for s in _actors_in(head, start)):
            return True
        if len(parties.ids) == 1 and len(parties.ids[0]) == _STATE:
            return False  # a state's own text names its own task forces
        several = noun.kind != "secretariat" and len(parties.ids) > 1 and head.i - start > 1 and not _is_treaty(doc)
        return not noun.named and (noun.kind in _BETWEEN_SIDES or several)


def _is_repeated(head: Token) -> bool:
    """Whether the words right behind say how often: "leaders' meetings every two years"."""
    behind = head.doc[head.i + 1 : head.i + _HOW_OFTEN].text
    return any(t.kind == "frequency" and t.value and t.start < 3 for t in times.find(behind))


def _is_treaty(doc: Doc) -> bool:
    """Whether the document binds: a treaty says itself which bodies it has, and names those of each side, too."""
    meta = doc.spans["blocks"].attrs.get("document", {}) if "blocks" in doc.spans else {}
    return meta.get("legal_status") == "binding"


def _actors_in(head: Token, start: int) -> list[Span]:
    return [s for s in head.doc.spans.get("actors", ()) if start <= s.start and s.end <= head.i]


def is_of_others(head: Token, name: tuple[int, int], parties: Parties) -> bool:
    """Whether actors are named in or right behind a forum's name, and none of them is a party ("the talks between …")."""
    doc, (start, end) = head.doc, name
    stop = end
    if end < len(doc) and doc[end].lower_ in _WHOSE:
        stop = next((t.i for t in doc[end : end + _FAR] if t.text in (",", ";", ".", ":")), min(end + _FAR, len(doc)))
    group = doc.spans.get("actors", ())
    kinds = ("state", "organisation", "eu_body")
    told = [s for s in group if start <= s.start < stop and s.label_ in kinds and not s.start <= head.i < s.end]
    return bool(told) and bool(parties.ids) and not any(parties.side(s.id_) in parties.ids for s in told)
