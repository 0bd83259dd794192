"""Small questions to a dependency parse (ClearNLP labels): subjects, coordinated verbs, complements, phrases.

All functions take tokens of one parsed Doc; ranges are half-open and count tokens. A parse is often wrong in long sentences of
official prose, so a pattern of neighbouring words backs up the tree where one word decides ("to" after a cue).
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
RELATIVES = frozenset({"which", "that", "who", "whom"})
VERB_TAGS = frozenset({"VB", "VBP", "VBZ", "VBD", "VBN", "VBG"})
BASE_TAGS = frozenset({"VB", "VBP"})
_BETWEEN = frozenset({":", ",", "both", "further", "ourselves", "themselves", "itself", "himself", "herself"})
_TOGETHER = frozenset(
    {
        "together",
        "with",
        "alongside",
        "jointly",
        "collectively",
        "collaboratively",
        "through",
        "across",
        "within",
        "in",
        "on",
        "as",
    }
)
_SEPARATORS = frozenset({",", ";", "and", "or", ":", "&", "–", "—"})
_CLIMB = frozenset(
    {
        "conj",
        "xcomp",
        "ccomp",
        "advcl",
        "acl",
        "pcomp",
        "prep",
        "aux",
        "auxpass",
        "acomp",
        "dobj",
        "pobj",
        "attr",
        "dep",
        "oprd",
    }
)


def child(token: Token, *deps: str) -> Token | None:
    """The first child of `token` with one of the labels `deps`."""
    return next((c for c in token.children if c.dep_ in deps), None)


def own_subject(token: Token) -> Token | None:
    """The subject that hangs on `token` itself: the nearest, as "co-chairs" is parsed into two."""
    return next((c for c in reversed(list(token.lefts)) if c.dep_ in ("nsubj", "nsubjpass", "csubj")), None)


def subject(token: Token) -> Token | None:
    """Who does `token`: its own subject, that of the verb it depends on, or the noun that its relative clause describes."""
    for _ in range(12):
        found = own_subject(token)
        if found is not None and found.lower_ not in RELATIVES:
            return found
        if token.dep_ == "relcl" or (token.dep_ == "acl" and found is None and token.tag_ in ("VBN", "VBG")):
            return token.head
        if token.dep_ not in _CLIMB or token.head == token:
            return None
        token = token.head
    return None


def is_passive(verb: Token) -> bool:
    """Whether `verb` is a participle in the passive voice."""
    while verb.dep_ == "conj" and verb.tag_ in ("VBN", "VBD") and child(verb, "auxpass", "aux", "nsubj") is None:
        verb = verb.head
    return child(verb, "auxpass", "nsubjpass") is not None


def agent(verb: Token) -> Token | None:
    """The noun after "by" of a passive verb."""
    by = child(verb, "agent")
    return child(by, "pobj") if by is not None else None


def is_negated(verb: Token) -> bool:
    """Whether "not" or "never" hangs on `verb`; "not only" does not count."""
    for c in verb.children:
        if c.dep_ == "neg" or c.lower_ in ("not", "never"):
            following = c.nbor(1).lower_ if c.i + 1 < len(c.doc) else ""
            return following != "only"
    return False


def has_modal(verb: Token) -> bool:
    """Whether a modal auxiliary hangs on `verb`."""
    return any(c.tag_ == "MD" for c in verb.lefts)


def coordinated(verb: Token) -> Iterator[Token]:
    """`verb` and the verbs joined to it that share its subject and its cue, in order of the text."""
    yield verb
    for c in verb.rights:
        if c.dep_ == "conj" and joins(verb, c):
            yield from coordinated(c)


def joins(verb: Token, other: Token) -> bool:
    """Whether `other`, a conjunct of `verb`, goes on with the same cue: same form, no subject or modal of its own."""
    if other.tag_ not in VERB_TAGS and other.pos_ != "VERB":
        return False
    if own_subject(other) is not None or has_modal(other):
        return False
    if other.tag_ == "VBD":  # "will be examined and *confirmed*": the tagger takes the participle for a past tense
        return is_passive(verb) and separator(other) in ("and", "or")
    if other.tag_ == "VBZ":
        return False
    if verb.tag_ == "VBG" or other.tag_ == "VBG":
        return verb.tag_ == other.tag_
    if other.tag_ == "VBN":
        bare = any(c.dep_ == "auxpass" and c.tag_ == "VB" for c in other.lefts)  # "will consult and be informed"
        return is_passive(verb) or (bare and verb.tag_ in BASE_TAGS)
    return other.tag_ in BASE_TAGS


def is_infinitive(verb: Token) -> bool:
    """Whether `verb` has a "to" of its own."""
    return any(c.tag_ == "TO" or (c.dep_ == "aux" and c.lower_ == "to") for c in verb.lefts)


def verb_after(
    token: Token, prepositions: tuple[str, ...] = ("to",), *, gap: int = 3, known: frozenset[str] = frozenset()
) -> Token | None:
    """The verb in "<token> [adverbs] to [adverbs] <verb>" by the words alone, however the parse hangs them.

    Args:
        token: the word before.
        prepositions: what may stand for "to".
        gap: how many adverbs, colons and commas may stand between in all.
        known: verbs in lower case that are taken for one behind "to" whatever the tagger says ("committed to *present*").
    """
    doc, i = token.doc, token.i + 1
    seen = False
    while i < len(doc) and gap >= 0:
        t = doc[i]
        if t.sent_start == 1:
            return None
        if not seen and t.lower_ in prepositions:
            seen = True
        elif seen and ((t.pos_ == "VERB" and t.tag_ in ("VB", "VBG", "VBP")) or _is_known(t, known)):
            return t
        elif t.pos_ == "ADV" or t.lower_ in _BETWEEN:
            gap -= 1
        else:
            return None
        i += 1
    return None


def verb_after_aside(token: Token) -> Token | None:
    """The infinitive behind an aside of at most ten words: "its intent, working with the ports, to *share* data"."""
    doc, end = token.doc, min(token.i + 13, token.sent.end)
    if token.i + 1 >= end or doc[token.i + 1].text != ",":
        return None
    close = next((t for t in doc[token.i + 2 : end - 1] if t.text == ","), None)
    return verb_after(close, gap=1) if close is not None and close.nbor(1).lower_ == "to" else None


def _is_known(token: Token, known: frozenset[str]) -> bool:
    """Whether one of the `known` verbs stands behind "to" as a verb: "to *partner* in", not "to *support* for"."""
    if token.lower_ not in known or token.nbor(-1).lower_ != "to" or token.i + 1 >= len(token.doc):
        return False
    following = token.nbor(1)
    return not following.is_punct and following.lower_ not in ("for", "of", "from", "and")


def is_shared_work(verb: Token) -> bool:
    """Whether "work" is itself what is done: "work together", "work closely with X to …"."""
    for t in verb.doc[verb.i + 1 : verb.i + 5]:
        if t.lower_ in _TOGETHER:
            return True
        if t.tag_ == "TO" or t.pos_ not in ("ADV", "ADJ", "CCONJ"):
            return False
    return False


def separator(verb: Token) -> str:
    """The word or sign before `verb` and its "to" and adverbs, in lower case."""
    i = verb.i - 1
    while i > 0 and (verb.doc[i].tag_ == "TO" or (verb.doc[i].pos_ == "ADV" and verb.doc[i].lower_ != "as")):
        i -= 1
    if verb.doc[max(0, i - 2) : i + 1].text.lower() == "as well as":
        return "and"
    if i > 0 and verb.doc[i].dep_ == "cc" and verb.doc[i - 1].pos_ == verb.doc[i + 1].pos_ == "ADV":
        return ""  # "work closely and quickly to end raids"
    return str(verb.doc[i].lower_) if i >= 0 else ""


def continues_list(verb: Token) -> bool:
    """Whether `verb` may be one more of several: "and", a comma or a semicolon stands before it."""
    return separator(verb) in _SEPARATORS


def after_comma(verb: Token) -> bool:
    """Whether only a comma stands before `verb`, its "to" and its adverbs, no "and" and no semicolon."""
    return separator(verb) == ","


def infinitives(token: Token, *deps: str) -> Iterator[Token]:
    """Verbs with "to" that hang on `token` to its right by one of the labels `deps`."""
    for c in token.rights:
        if c.dep_ in deps and c.tag_ in VERB_TAGS and is_infinitive(c):
            yield c


def prepositional(token: Token, prepositions: tuple[str, ...]) -> Iterator[Token]:
    """The gerund or noun after each of `prepositions` that hangs on `token`, and after those joined to them ("and to …")."""
    for c in token.rights:
        if c.lower_ in prepositions and c.dep_ in ("prep", "conj", "dep", "dative"):
            yield from (_gerund_before(g, c) or g for g in c.children if g.dep_ in ("pcomp", "pobj"))
            yield from prepositional(c, prepositions)


def _gerund_before(noun: Token, preposition: Token) -> Token | None:
    """The gerund that the parse took for an adjective: "committed to *increasing* collaboration"."""
    first = preposition.nbor(1)
    verbal = first.tag_ == "VBG" or (first.dep_ == "compound" and first.lower_.endswith("ing") and first.i + 1 == noun.i)
    return first if noun.pos_ == "NOUN" and verbal and first.i < noun.i else None


def phrase(noun: Token) -> tuple[int, int]:
    """Token range of the noun phrase of `noun`: with modifiers, prepositions and coordinated nouns, without clauses."""
    start, end = after_number(noun.doc, noun.left_edge.i, noun.i), noun.i + 1
    for c in noun.rights:
        if c.dep_ in ("amod", "advmod", "prep") and noun.doc[c.left_edge.i - 1].text == ",":
            break  # "the Parties, consistent with their laws,"
        if c.dep_ in ("relcl", "acl", "advcl", "parataxis", "xcomp", "ccomp"):
            break
        if c.dep_ in (
            "prep",
            "conj",
            "cc",
            "appos",
            "case",
            "punct",
            "nmod",
            "nummod",
            "amod",
            "det",
            "predet",
            "dep",
            "npadvmod",
            "advmod",
        ):
            end = max(end, c.right_edge.i + 1)
    if start > 1 and noun.doc[start - 1].text == "-":  # "the co-chairs" is parsed into two
        start = noun.doc[start - 2].left_edge.i
    return trim(noun.doc, start, end)


def after_number(doc: Doc, start: int, head: int) -> int:
    """Where a phrase begins behind a number ("12.", "3.1"), a bullet or a bracket that the parse hangs on its `head`."""
    start = max([start, *(i + 1 for i in range(start, head) if doc[i].text in (")", "]", "”"))])
    while start < head:
        token = doc[start]
        lettered = token.is_sent_start and token.text[:1].isupper() and token.text[1:] == "."  # "C. Information …"
        numbered = token.like_num and (doc[start + 1].text in (".", ")") or (token.is_sent_start and "." in token.text))
        if not (token.is_punct or token.is_space or numbered or lettered):
            break
        start += 1
    return start


def trim(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """The range without punctuation, spaces and conjunctions at its ends, and without "that" or "with" at its end."""
    while end > start and (doc[end - 1].is_punct or doc[end - 1].is_space or _leads_on(doc[end - 1])):
        if doc[end - 1].text in (")", "%"):
            break
        end -= 1
    while start < end and (doc[start].is_punct or doc[start].is_space or doc[start].dep_ == "cc"):
        start += 1
    return start, end


def _leads_on(token: Token) -> bool:
    """Whether a word only leads to what follows: "and", "that", a preposition without its noun."""
    empty = token.dep_ == "prep" and all(c.is_punct for c in token.rights)
    return token.dep_ == "cc" or empty or (token.tag_ in ("WDT", "WP") and token.lower_ in RELATIVES)
