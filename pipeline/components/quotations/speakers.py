"""Links the source of a quotation to an actor: by the verb's subject, by a pronoun's antecedent, by an office, by nearness."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span, Token

from pipeline.codebook.actors import load_context
from pipeline.codebook.speech import Cues
from pipeline.components.quotations.names import Extent, name_in
from pipeline.components.quotations.roles import roles
from pipeline.components.quotations.subjects import SUBJECTS, described_by, employs, is_proper, names, subject_of

#: Sentences back to which a pronoun's person is looked for, its own included.
LOOK_BACK = 8
#: No mention is longer, in characters.
LONGEST = 200
#: So many characters about an unknown name may say that it is a person's.
NEARBY = 160
#: "Bo Lind and Ada Varn": no one speaker.
_AND_ANOTHER = re.compile(r"\s+and\s+[A-Z]")


class Speakers:
    """The actors of a Doc, ready to be asked who speaks.

    Args:
        doc: with `doc.spans["actors"]` where the actors are known.
        cues: the words of `quotations.toml`.
        text: `doc.text`, which is built anew whenever it is asked for.
    """

    def __init__(self, doc: Doc, cues: Cues, text: str) -> None:
        self.doc = doc
        self.cues = cues
        self.text = text
        self.parsed, self.sentenced = doc.has_annotation("DEP"), doc.has_annotation("SENT_START")
        group = doc.spans.get("actors")
        self.mentions: list[Span] = sorted(group, key=lambda s: (s.start, -s.end)) if group is not None else []
        self.starts = [m.start_char for m in self.mentions]
        self.known: dict[str, str] = {}
        self.marked: list[Extent] = []  # words between marks, in order, once they are known
        attrs = group.attrs if group is not None else {}
        self.roles = list(roles(self.mentions, attrs, cues, text))

    def of(self, cue: Extent, segment: Extent, begin: int) -> tuple[Extent | None, str]:
        """The source and speaker of the verb at `cue`: its subject, else the actor nearest to it.

        Args:
            segment: the stretch outside the quotation that holds both.
            begin: from where on the subject may stand: the verb may share one with a verb before another quotation.
        """
        source, speaker = self.named_subject(cue, segment, begin)
        if source is not None:
            return source, speaker
        before = list(self._inside(segment[0], cue[0]))
        after = list(self._inside(cue[1], segment[1]))
        chosen = _person(reversed(before)) or _person(iter(after)) or next(iter([*reversed(before), *after]), None)
        if chosen is not None:
            return (chosen.start_char, chosen.end_char), self._holder(chosen)
        return self._pronoun(segment)

    def named_subject(self, cue: Extent, segment: Extent, begin: int) -> tuple[Extent | None, str]:
        """The subject of the verb at `cue`, by the name that the words give it where there is one."""
        source, speaker = self.subject_at(cue, begin, segment[1])
        if source and self._in_marks(source[0]) and not self._in_marks(cue[0]):
            source, speaker = None, ""  # "“My dear Lind,” said I": he is spoken to
        source, speaker = self._by_words(cue, segment, source) or (source, speaker)
        speaker = speaker or self.person_at(source)
        return source, "" if source and _AND_ANOTHER.match(self.text, source[1]) else speaker

    def person_at(self, source: Extent | None, *, whole: bool = False) -> str:
        """The id of the person whose name the source is, though no list of actors holds it; empty if there is none.

        Args:
            whole: whether something must say that it is a person: mostly companies and states report with "that".
        """
        if source is None or source != name_in(self.text, *source, self.cues) or not self._proper(source):
            return ""
        if not whole or self._mention(source) is not None:
            return self.link(source)[1]
        word = self.text[slice(*source)]
        full = " " in word or word in self.known or self._surname(word, source[0])
        return self._person_called(source, plainly=False) if full else ""

    def _by_words(self, cue: Extent, segment: Extent, source: Extent | None) -> tuple[Extent, str] | None:
        """A name that stands between the words and the verb, or after it: newspapers write longer subjects than parsers bear.

        None where the parser's subject is a pronoun or a person whom the text knows.
        """
        mention = self._mention(source)
        known = mention is not None and mention.label_ == "person"
        if known or (source and self.text[slice(*source)].lower() in (*self.cues.pronouns, *self.cues.first_persons)):
            return None
        first, end = max(segment[0], *(self.text.rfind(mark, segment[0], cue[0]) + 1 for mark in ":;―")), cue[0]
        if cue[0] < segment[1] and not any(map(str.isalnum, self.text[first:end])):
            first, end = cue[1], segment[1]
        start = first
        subject = self.doc.char_span(*source, alignment_mode="expand") if source else None
        if subject is not None and first <= subject.start_char < end <= cue[0]:
            start = subject.root.left_edge.idx
        name = name_in(self.text, start, end, self.cues) or name_in(self.text, first, end, self.cues)
        own = name and source and name[0] < source[1] and source[0] < name[1]
        if not name or not self._proper(name) or (not own and self._acts(first, name[0], cue)):
            return None
        return self.link(name)

    def _acts(self, start: int, name: int, cue: Extent) -> bool:
        """Whether somebody does something to the name: "the leaders joined President Varn in saying"."""
        begin = max(start, self.text.rfind(",", start, name) + 1)
        span = self.doc.char_span(begin, name, alignment_mode="contract") if begin >= start and name <= cue[0] else None
        return span is not None and any(t.pos_ in ("VERB", "AUX") and t.tag_ != "VBG" for t in span)

    def link(self, name: Extent) -> tuple[Extent, str]:
        """The name with the actor who bears it: one of the text's actors, else a person of that name if it looks like one."""
        mention = self._mention(name)
        if mention is None:
            return name, self._person_called(name)
        if mention.label_ != "person":
            return (mention.start_char, mention.end_char), self._holder(mention)
        return (mention.start_char, mention.end_char), mention.id_

    def _mention(self, extent: Extent | None) -> Span | None:
        """The actor mentioned there, a person first."""
        if extent is None:
            return None
        near = self._inside(extent[0] - LONGEST, extent[1] + LONGEST)
        there = [
            m for m in near if m.start_char < extent[1] and extent[0] < m.end_char and not self.text.startswith("-", m.end_char)
        ]
        return _person(iter(there)) or next(iter(there), None)

    def _proper(self, name: Extent) -> bool:
        """Whether the words are a name by their tags, and no document's or abbreviation."""
        span = self.doc.char_span(*name, alignment_mode="expand") if self.parsed else None
        if span is None or (span.text.isupper() and len(span) == 1) or span[-1].text in load_context()["titles"]["heads"]:
            return False
        return not span[0].is_sent_start or any(t.pos_ == "PROPN" or (len(span) > 1 and t.pos_ in ("NOUN", "X")) for t in span)

    def _person_called(self, name: Extent, *, plainly: bool = True) -> str:
        """The id of somebody who is no known actor, empty if nothing says that it is a person.

        Said by a title or office, an age, apposition or party after it, or "he", "she" or "I" nearby; who speaks in marks is
        most often a person, so that without these only an article or talk of a company or club nearby speaks against it.
        """
        words = self.text[slice(*name)].split()
        if _is_body(words) or len(words) > 5:
            return ""
        if len(words) == 1 and (words[0] in self.known or self._surname(words[0], name[0])):
            return self.known[words[0]]
        before = self.text[max(name[0] - 40, 0) : name[0]].split()
        office = self.cues.offices.search(self.text, max(name[0] - 25, 0), name[0])
        if self.text[name[1] : name[1] + 1] == ",":
            office = office or self.cues.offices.search(self.text, name[1], name[1] + 25)
        titled = bool(office) or (bool(before) and before[-1].strip(".") in self.cues.titles)
        around = self.text[max(name[0] - NEARBY, 0) : name[1] + NEARBY]
        plain = plainly and not (before and before[-1].lower() in ("the", "a", "an")) and not self.cues.body_near.search(around)
        if not (titled or plain or self.cues.person_after.match(self.text, name[1]) or self.cues.person_near.search(around)):
            return ""
        person = f"name:{' '.join(words)}"
        if len(words) > 1:
            self.known[words[-1]] = person
        return person

    def _surname(self, word: str, place: int) -> bool:
        """Whether "Bo Lind, harbour master" stands before a bare "Lind"; then it is remembered."""
        full = re.compile(rf"\b(?:[A-Z][\w’'-]*\.?\s+){{1,4}}{re.escape(word)}\b")
        for found in full.finditer(self.text, 0, place):
            named = name_in(self.text, *found.span(), self.cues)
            if named and named[1] - named[0] > len(word) and self._person_called(named):
                break
        return word in self.known

    def subject_at(self, cue: Extent, begin: int, end: int | None = None) -> tuple[Extent | None, str]:
        """The subject of the verb at `cue`, if it stands between the offsets; without a parse there is none."""
        span = self.doc.char_span(*cue, alignment_mode="expand")
        if span is None or not self.parsed:
            return None, ""
        return self.subject(span.root, (begin, end if end is not None else cue[0]))

    def subject(self, verb: Token, segment: Extent | None = None) -> tuple[Extent | None, str]:
        """The verb's subject as source, and its actor; (None, "") if it has none, or none in `segment`."""
        subject = subject_of(verb)
        if subject is None:
            return None, ""
        if segment is not None and not segment[0] <= subject.idx < segment[1]:
            return None, ""
        if subject.lower_ in ("that", "which") and verb.dep_ == "relcl":
            subject = verb.head
        if subject.pos_ not in ("NOUN", "PROPN", "PRON", "DET", "") or subject.lower_ in ("the", "a", "an"):
            return None, ""
        return self._named_by(subject)

    def _named_by(self, subject: Token) -> tuple[Extent, str]:
        """The words that name a subject, and the actor; no one actor where several are joined ("Ada Varn and Bo Lind")."""
        if subject.lower_ in self.cues.pronouns:
            return (subject.idx, subject.idx + len(subject)), self._antecedent(subject)
        tokens = [t for t in subject.subtree if names(t, subject)]
        near = self._inside(subject.left_edge.idx - LONGEST, subject.right_edge.idx + LONGEST)
        inside = [m for m in near if any(m.start <= t.i < m.end for t in tokens)]
        head = next((m for m in inside if m.start <= subject.i < m.end), None)
        owners = [t for t in tokens if t.dep_ == "poss"]  # in "Varn's spokesman, Bo Lind" not she speaks
        persons = (m for m in inside if not any(m.start <= t.i < m.end for t in owners) and not employs(m, subject))
        chosen = head if head is not None and head.label_ == "person" else _person(persons) or head
        if chosen is not None:
            others = [m for m in inside if any(m.start <= t.i < m.end for t in subject.conjuncts) and m.id_ != chosen.id_]
            return (chosen.start_char, chosen.end_char), "" if others else self._holder(chosen)
        phrase = self.doc[subject.left_edge.i : subject.i + 1]
        extent = (phrase.start_char, phrase.end_char)
        apposed = next((t for t in subject.rights if t.dep_ == "appos" and is_proper(t, self.cues.offices)), None)
        if apposed is not None and not any(m.start <= apposed.i < m.end for m in inside):
            name = self.doc[apposed.left_edge.i : apposed.i + 1]
            return (name.start_char, name.end_char), self._person_id(name.text)
        speaker = inside[0].id_ if inside and subject.lower_.startswith("spokes") else ""
        return extent, speaker or self._office(phrase.text, subject.idx) or self._unlisted(phrase)

    def owner_of(self, noun: Extent) -> tuple[Extent, str] | None:
        """Who owns the noun there, by name or pronoun: "Ada Varn’s claim", "her claim", "the claim by Ada Varn"."""
        span = self.doc.char_span(*noun, alignment_mode="expand")
        if span is None or not self.parsed:
            return None
        owners = [t for t in span.root.lefts if t.dep_ == "poss" and t.lower_ not in ("our", "my", "your")]
        owners += [t for by in span.root.rights if by.lower_ == "by" for t in by.rights if t.dep_ == "pobj"]
        return self._named_by(owners[0]) if owners else None

    def subject_in(self, start: int, end: int) -> tuple[Extent, str] | None:
        """The person that is the first subject of a sentence in the stretch, by name, pronoun or office."""
        span = self.doc.char_span(start, end, alignment_mode="contract")
        if span is None or not self.parsed:
            return self.person_in(start, end)
        for token in span:
            if token.dep_ in SUBJECTS and token.head.dep_ in ("ROOT", "conj"):
                extent, speaker = self._named_by(token)
                name = name_in(self.text, token.left_edge.idx, max(token.head.idx, token.idx + len(token)), self.cues)
                if not speaker and name and self._proper(name):
                    return self.link(name)
                if speaker.startswith("name:"):
                    return extent, speaker
        return None

    def person_in(self, start: int, end: int) -> tuple[Extent, str] | None:
        """The first person mentioned in the stretch."""
        person = _person(self._inside(start, end))
        return ((person.start_char, person.end_char), person.id_) if person is not None else None

    def named(self, start: int, end: int) -> tuple[Extent, str]:
        """The name that stands there, and the actor whose name it is: "President Varn" is Ada Varn, "Rep. Bo Varn" is not."""
        words = _words(self.text[start:end])
        for m in self.mentions:
            full = _words(_full_name(m))
            whole = m.label_ != "person" or not _is_body(_words(self.text[m.end_char : end]))
            if m.start_char < end and start < m.end_char and (words - self.cues.titles <= full or (words >= full and whole)):
                return (m.start_char, m.end_char), m.id_
        office = self.text[end : end + 100].split(":")[0]
        titled = self.text[start:end].split()[0].strip(".") in self.cues.titles
        speaker = self._person_id(self.text[start:end]) if titled or self.cues.offices.search(office) else ""
        name = name_in(self.text, start, end, self.cues) if speaker else None
        return name or (start, end), speaker

    def bearer(self, start: int, end: int) -> tuple[Extent, str] | None:
        """The person whose name, but for titles, the words are."""
        words = _words(self.text[start:end]) - self.cues.titles
        for m in self._inside(start, end):
            if m.label_ == "person" and words <= _words(_full_name(m)) | _words(m.text):
                return (m.start_char, m.end_char), m.id_
        return None

    def signed(self, start: int, end: int) -> tuple[Extent, str] | None:
        """The name after a dash or bracket, of somebody whom the text names nowhere else: "— Bo Lind, harbour master"."""
        name = re.match(r"\W*[—–―(-]\s*((?:[A-Z][\w.’'-]*\s+){1,3}[A-Z][\w’'-]+)", self.text[start:end])
        return ((start + name.start(1), start + name.end(1)), self._person_id(name[1])) if name else None

    def first_in(self, start: int, end: int) -> tuple[Extent, str] | None:
        """The first actor mentioned in the stretch."""
        actor = next(self._inside(start, end), None)
        return ((actor.start_char, actor.end_char), actor.id_) if actor is not None else None

    def _inside(self, start: int, end: int) -> Iterator[Span]:
        first, last = bisect.bisect_left(self.starts, start), bisect.bisect_left(self.starts, end)
        return (m for m in self.mentions[first:last] if m.end_char <= end)

    def _unlisted(self, phrase: Span) -> str:
        """The id of somebody who is no known actor, where the words before the name say that it is a person's."""
        first = len(phrase)
        while first and phrase[first - 1].text[0].isupper():
            first -= 1
        name = phrase[first:].text
        role = phrase[first - 1].text if first else ""
        titled = name.split()[0].strip(".") in self.cues.titles if name else False
        return self._person_id(name) if titled or self.cues.offices.fullmatch(role) else ""

    def _person_id(self, name: str) -> str:
        """`name:` and the name without titles, empty if that is no full name or a body's ("Glass Council")."""
        words = [w.strip(".") for w in name.split()]
        while words and (words[0] in self.cues.titles or words[0] == "The"):
            words.pop(0)
        return f"name:{' '.join(words)}" if 2 <= len(words) <= 4 and not _is_body(words) else ""

    def _pronoun(self, segment: Extent) -> tuple[Extent | None, str]:
        for word in re.finditer(r"\w+", self.text[slice(*segment)]):
            if word.group().lower() in self.cues.pronouns:
                start = segment[0] + word.start()
                span = self.doc.char_span(start, start + len(word.group()), alignment_mode="expand")
                if span is not None:
                    return (span.start_char, span.end_char), self._antecedent(span[0])
        return None, ""

    def _antecedent(self, pronoun: Token) -> str:
        """He, she, who: the person spoken of; it: the body or state; they: nobody in particular."""
        if pronoun.lower_ == "who":
            return described_by(pronoun, self.mentions) or self._before(pronoun)
        if pronoun.lower_ in ("he", "she"):
            return self._before(pronoun)
        return self._before(pronoun, person=False) if pronoun.lower_ == "it" else ""

    def _before(self, pronoun: Token, *, person: bool = True) -> str:
        """The person (or body) of the nearest sentence with one: its subject ("she" goes on about her), else the last named.

        Empty where that subject is a name that is no known actor.
        """
        mentions = [m for m in self.mentions if (m.label_ == "person") == person and m.end <= pronoun.i]
        mentions = [m for m in mentions if not self._in_marks(m.start_char)]
        if not self.sentenced:
            return mentions[-1].id_ if mentions else ""
        end = pronoun.i
        for _ in range(LOOK_BACK):
            start = self.doc[max(end - 1, 0)].sent.start
            found = self._spoken_of([m for m in mentions if start <= m.start < end], start, end, offices=person)
            if found is not None:
                return found
            end = start
        return ""

    def _spoken_of(self, mentions: list[Span], start: int, end: int, *, offices: bool) -> str | None:
        """The one of the mentions that the tokens speak of, "" if an unknown name is their subject, None if nobody."""
        for token in self.doc[start:end]:
            if token.dep_ not in SUBJECTS or token.head.dep_ not in ("ROOT", "conj") or self._in_marks(token.idx):
                continue
            named = [token.i, *(t.i for t in token.rights if t.dep_ == "appos")]
            mention = next((m for m in self.mentions if any(m.start <= i < m.end for i in named)), None)
            phrase = self.doc[token.left_edge.i : token.i + 1]
            found = mention.id_ if mention is not None and mention in mentions else ""
            found = found or (self._office(phrase.text, phrase.start_char) if offices else "")
            if not found and mention is None and offices:
                found = self._person_from(token.left_edge.idx, max(token.head.idx, token.idx + len(token)))
            if found or (mention is None and token.pos_ == "PROPN"):
                return found
        first = self.doc[start]
        if not mentions and offices and first.pos_ == "PROPN":
            return self._person_from(first.idx, first.sent.root.idx) or None
        return mentions[-1].id_ if mentions else None

    def _in_marks(self, place: int) -> bool:
        """Whether the offset lies in words between marks: "“Bo Lind lies. He knows it,” she said" is not about him."""
        i = bisect.bisect_right(self.marked, (place, len(self.text)))
        return i > 0 and place < self.marked[i - 1][1]

    def _person_from(self, start: int, end: int) -> str:
        """The id of the unknown person whose name heads the stretch, which the parser need not take for a subject."""
        name = name_in(self.text, start, end, self.cues)
        return self._person_called(name) if name and self._proper(name) else ""

    def _holder(self, mention: Span) -> str:
        """The mention's actor; the person in office where it is an office whose holder the text names."""
        return (mention.label_ != "person" and self._office(mention.text, mention.start_char)) or mention.id_

    def _office(self, phrase: str, place: int) -> str:
        """The person whose role was given with the office that the phrase names, the nearest before first."""
        office = re.sub(r"^(?:the|our|their|his|her)\s+", "", phrase.lower())
        if len(office) < 5:
            return ""
        known = [(start, person) for start, role, person in self.roles if office == role]
        known = known or [(start, person) for start, role, person in self.roles if office in role]
        if not known and self.sentenced and phrase.lower().startswith("the ") and office.split()[-1] in self.cues.described:
            head = self.doc.char_span(place, place + 1, alignment_mode="expand")
            return self._before(head[0].sent[0]) if head is not None else ""
        before = [person for start, person in known if start < place]
        return before[-1] if before else next((person for _, person in known), "")


def _person(mentions: Iterator[Span]) -> Span | None:
    return next((m for m in mentions if m.label_ == "person"), None)


def _full_name(mention: Span) -> str:
    return mention.id_.removeprefix("name:") if mention.label_ == "person" else mention.text


def _is_body(words: Iterable[str]) -> bool:
    """Whether one of the words heads names of organisations."""
    return not load_context()["organisations"]["heads"].isdisjoint(words)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
