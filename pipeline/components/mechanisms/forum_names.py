"""Where a forum's name begins and ends: its modifiers before the head noun, its topic behind it ("dialogue on space")."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from pipeline import times
from pipeline.codebook import fora
from pipeline.components import clauses

#: Words at which a topic ends ("dialogue on space *between* …").
_TOPIC_ENDS = frozenset(
    {
        "between",
        "with",
        "to",
        "at",
        "by",
        "including",
        "within",
        "as",
        "that",
        "which",
        "through",
        "under",
        "from",
        "during",
        "such",
    }
)
#: Words that lead on from a topic to what is cut off ("… in line *with*").
_TRAILS = frozenset({"in", "line", "relating", "related", "aimed", "dedicated", "based"})
#: In tokens; longer runs are lists that a parse took for one name.
_LONGEST = 12
_MODIFIERS = frozenset(("amod", "compound", "nmod", "nummod", "npadvmod", "advmod", "conj"))
#: Who meets, in the possessive: "leaders' forum".
_WHO = frozenset({"leaders", "ministers", "experts", "officials", "directors", "chiefs", "commanders", "donors"})
_LOOSE = frozenset(("and", "'s", "’s", "-", "/"))


def name_of(head: Token, leading: frozenset[str]) -> tuple[int, int]:
    """Token range of a forum's name: its modifiers, the head and its topic ("on space"), without `leading` words."""
    doc, start = head.doc, head.i
    floor = max(head.sent.start, head.i - _LONGEST)
    while start > floor and _belongs_before(doc, start - 1, head):
        start -= 1
    while start < head.i and (
        (doc[start].lower_ in leading and doc[start].text.islower())
        or doc[start].lower_ in _LOOSE
        or doc[start].pos_ in ("CCONJ", "PUNCT", "DET")
    ):
        start += 1
    return start, max(_topic_end(head), named_behind(head))


def named_behind(head: Token) -> int:
    """End of a proper name or number behind the head: "Task Force 153", "Exercise SEA LANTERN"."""
    doc, end = head.doc, head.i + 1
    opens = head.lower_ in ("exercise", "exercises")
    if not head.text[0].isupper() and not opens:
        return end
    opens = opens and not (head.i and head.nbor(-1).text[0].isupper())
    while end < len(doc) and doc[end].sent_start != 1:
        word = doc[end].text
        if not (word.isdigit() or (opens and word[0].isupper()) or (word.isupper() and len(word) > 1)):
            break
        end += 1
    return end


def _belongs_before(doc: Doc, i: int, head: Token) -> bool:
    """Whether token `i`, right before what is known of the name, belongs to it."""
    token = doc[i]
    if token.is_space or (token.sent_start == 1 and token.pos_ in ("VERB", "ADP", "SCONJ")):
        return False
    if doc[i + 1].text == "-" and not token.whitespace_ and token.is_alpha:
        return True
    if token.text in ("(", ")"):
        return head.text[0].isupper() and _in_short_form(doc, i)
    if token.text in ("-", "/", "–", "&"):
        return not token.whitespace_ or token.text == "&"
    if token.text in ("'", "’", "'s", "’s") or token.lower_ in _WHO:
        return (token if token.lower_ in _WHO else doc[i - 1]).lower_ in _WHO
    capital = head.text[0].isupper()
    if token.lower_ == "and" or token.text == ",":
        return _joins(doc, i, head)
    if capital and token.lower_ in ("for", "of") and doc[i + 1].text[0].isupper() and doc[i - 1].text[0].isupper():
        return doc[i - 1].pos_ in ("PROPN", "NOUN") and doc[i - 1].sent_start != 1
    if capital and token.text[0].isupper():
        participle = token.tag_ in ("VBN", "VBG") and token.sent_start != 1
        return participle or token.pos_ not in ("DET", "PRON", "VERB", "ADP", "AUX")
    if capital and token.pos_ in ("ADV", "VERB"):  # "the recently launched Sea Lanes Forum"
        return False
    return token.pos_ in ("ADJ", "NOUN", "PROPN", "NUM", "ADV", "VERB") and _modifies(token, head)


def _in_short_form(doc: Doc, i: int) -> bool:
    """Whether a bracket is that of a short form inside a name: "Science and Technology (S&T) Cooperation Group"."""
    start = i if doc[i].text == "(" else next((j for j in range(i - 1, max(i - 6, 0), -1) if doc[j].text == "("), 0)
    inside = doc[start + 1].text if start > 0 else ""
    return inside.isupper() and doc[start - 1].text[0].isupper()


def _joins(doc: Doc, i: int, head: Token) -> bool:
    """Whether "and" or a comma joins two modifiers of the head ("Trade and Technology Council", "space and cyber dialogue")."""
    before, following = doc[i - 1], doc[i + 1]
    if not head.text[0].isupper():
        return before.pos_ in ("ADJ", "NOUN") and following.pos_ in ("ADJ", "NOUN") and _modifies(before, head)
    if before.lower_ in fora.load().nouns:  # "the Sea Lanes Forum and Harbour Dialogue" are two
        return False
    capitals = before.text[0].isupper() and following.text[0].isupper()
    return doc[i].lower_ == "and" and capitals and before.pos_ in ("PROPN", "NOUN", "ADJ")


def _modifies(token: Token, head: Token) -> bool:
    """Whether a word hangs on the head noun as a modifier, over compounds and coordination."""
    for _ in range(6):
        if token.head.i == head.i:
            return token.dep_ in _MODIFIERS
        if token.dep_ not in _MODIFIERS and token.dep_ != "punct":
            return False
        token = token.head
    return False


def _topic_end(head: Token) -> int:
    """End of the name: behind "on …", "for …" or "of …"."""
    doc, end = head.doc, head.i + 1
    if end >= len(doc) or doc[end].lower_ not in ("on", "for", "of"):
        return end
    topic = next((c for c in doc[end].children if c.dep_ in ("pobj", "pcomp")), None)
    if topic is None or (topic.tag_ == "CD" and topic.pos_ == "NUM") or topic.ent_type_ == "DATE":
        return end
    _, stop = clauses.phrase(topic)
    stop = min(stop, end + 1 + _LONGEST)
    cut = next((i for i in range(end + 1, stop) if _ends_topic(doc, i)), stop)
    while cut > end and (doc[cut - 1].lower_ in _TRAILS or (doc[cut - 1].tag_ == "VBG" and doc[cut - 1].text.islower())):
        cut -= 1
    _, cut = clauses.trim(doc, end, cut)
    cut = _capitals_end(doc, cut) if head.text[0].isupper() else cut
    if cut <= end + 1 or times.find(doc[end:cut].text):  # "on 12 May" is a date
        return end
    return cut


def _capitals_end(doc: Doc, end: int) -> int:
    """Where the capitals end that go on before token `end`: "on Violence | Against Women and Girls"."""
    while end + 1 < len(doc) and doc[end - 1].text[0].isupper() and doc[end].sent_start != 1:
        step = 2 if doc[end].lower_ in ("and", "of", "against") else 1
        if not doc[end + step - 1].text[0].isupper():
            break
        end += step
    return end


def _ends_topic(doc: Doc, i: int) -> bool:
    """Whether a topic ends before token `i`: at a preposition, a sign, or a comma before another item ("…, the Union")."""
    token = doc[i]
    other = token.text == "," and i + 1 < len(doc) and (doc[i + 1].pos_ in ("DET", "PRON") or doc[i + 1].lower_ == "including")
    return token.lower_ in _TOPIC_ENDS or token.text in (";", ":", "(", ".") or other


def has_name(head: Token, *, least: int = 1) -> bool:
    """Whether the forum has a proper name: a name behind it, or at least so many words before it are written with a capital.

    The head is too, except that of an exercise ("the Sea Lantern exercise").
    """
    if named_behind(head) > head.i + 1:
        return True
    last = head.nbor(-1) if head.i else head
    exercise = head.lower_ in ("exercise", "exercises") and (last.pos_ == "PROPN" or last.text.isupper())
    before = head.doc[max(head.sent.start + 1, head.i - least) : head.i]
    capitals = len(before) == least and all(t.text[0].isupper() for t in before)
    return capitals and (head.text[0].isupper() or (exercise and not _is_actor(last)))


def _is_actor(token: Token) -> bool:
    return any(span.start <= token.i < span.end for span in token.doc.spans.get("actors", ()))
