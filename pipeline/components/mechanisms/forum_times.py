"""How often a forum meets and when first: from its name, its sentence, and the next where that goes on about it."""

from __future__ import annotations

import re

from spacy.tokens import Span, Token

from pipeline import times
from pipeline.codebook.fora import Fora
from pipeline.components.mechanisms.forum_acts import Act
from pipeline.times import TimeExpression

#: `frequency`, `first` -> start and end in characters of the Doc, and the normalised value.
Told = dict[str, tuple[int, int, str]]
_LABELS = {"frequency": "frequency", "date": "first", "deadline": "first"}
#: "In 2027, …": a date that opens its sentence is of what follows; in characters.
_OPENING = 4
#: In characters: so near behind its name a date is that of a standing forum's next meeting.
_NEAR = 60
#: In words: how far behind "annual" the noun of a forum may stand ("annual, named, multi-domain exercises").
_FOLLOWING = 5
#: "Shall report once a year" is not how often it meets.
_REPORTS = re.compile(r"\breport(?:s|ing|ed)?\b(?:(?!\bmeet)[^;.]){0,200}$")
_NEXT = re.compile(
    r"\s*(?:It|They|These?|This|The (?:first|inaugural|next|dialogue|group|"
    r"committee|working|task|forum|panel|council|meetings?))\b"
)
_MEETS = re.compile(r"\b(?:meet|meets|met|held|convened?|take place|meeting|co-chaired|chaired)\b")


def times_of(head: Token, name: Span, act: Act, *, anchor: str, book: Fora) -> Told:
    """Frequency and first meeting of the forum.

    Args:
        head: its head noun, or the verb by which persons meet.
        name: its name.
        act: what the text does with it.
        anchor: the document's date, ISO 8601 or empty.
        book: the codebook of fora.
    """
    out = _in_name(name, book)
    for span in _told_in(head):
        for time in times.find(span.text, anchor=anchor):
            label = _LABELS.get(time.kind, "")
            start = span.start_char + time.start
            if not label or _REPORTS.search(span.text[: time.start]) or span.text[time.end :].startswith(" report"):
                continue
            if label == "first" and not _is_first(name, time, start, act, anchor=anchor):
                continue
            if label == "frequency" and (_is_of_others(span.text, time, book) or _is_before(name, start, act)):
                continue
            if label not in out or (label == "frequency" and not out[label][2] and time.value):
                out[label] = (start, span.start_char + time.end, time.value)
    return out


def _in_name(name: Span, book: Fora) -> Told:
    """The adjective in a name that says how often: "annual space dialogue"."""
    adjective = next((t for t in name if t.lower_ in book.frequencies), None)
    if adjective is None:
        return {}
    value = next((t.value for t in times.find(f"{adjective.lower_} meetings")), "")
    return {"frequency": (adjective.idx, adjective.idx + len(adjective), value)}


def _told_in(head: Token) -> list[Span]:
    """The forum's sentence, and the next of the paragraph where that goes on to say how it meets."""
    doc, sentence = head.doc, head.sent
    if sentence.end >= len(doc) or "\n" in doc[sentence.end - 1].text_with_ws:
        return [sentence]
    following = doc[sentence.end].sent
    goes_on = _NEXT.match(following.text) and _MEETS.search(following.text)
    return [sentence, following] if goes_on else [sentence]


def _is_of_others(text: str, time: TimeExpression, book: Fora) -> bool:
    """Whether an adjective tells how often something else comes than a meeting: "annual exports"."""
    following = {word.lower() for word in re.findall(r"[\w-]+", text[time.end :])[:_FOLLOWING]}
    meets = not following or not following.isdisjoint({*book.nouns, "basis"})
    word = text[time.start : time.end].lower()
    return word in book.frequencies and not word.endswith("ly") and not meets  # "meet monthly to …"


def _is_before(name: Span, start: int, act: Act) -> bool:
    """Whether it stands before the name of a forum that is only named, and so is of what acts."""
    return act.rule in ("named", "use") and start < name.start_char


def _is_first(name: Span, time: TimeExpression, start: int, act: Act, *, anchor: str) -> bool:
    """Whether a date is that of a first meeting: not before the document's own; of a standing forum behind it and near."""
    if start < name.start_char and time.start >= _OPENING:
        return False
    if act.action == "set_up":
        return _is_ahead(time.value, anchor, later=False)
    near = time.start < _OPENING or start - name.end_char < _NEAR
    return near and time.kind == "date" and _is_ahead(time.value, anchor, later=True)


def _is_ahead(value: str, anchor: str, *, later: bool) -> bool:
    """Whether a date is not before the document's own; if `later`, behind it (a standing forum met before)."""
    dates: list[str] = re.findall(r"\d{4}(?:-\d\d)*", value)
    if len({date[:4] for date in dates}) != 1:  # "this decade" is no date of a meeting
        return False
    own = anchor[: len(dates[-1])]
    if not own:
        return not later
    return dates[-1] > own if later else dates[-1] >= own
