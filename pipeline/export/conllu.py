"""CoNLL-U: sentences with lemma, UPOS, XPOS, features and dependencies, and in MISC what Pactscope found.

- `# newdoc id`, then the document's metadata; `# newpar id` where a passage begins, with its record_id, kind, page, citation
  and areas; `# sent_id`, `# text`; a line `# commitment_3 = …` where the aim of the document's third commitment stands.
- MISC: `Actor=B-GBR` (and `I-`) on mentions, `Commitment=3:B-aim,4:I-object` on the parts of commitments (`3:` is the number in
  the comment), `SpaceAfter=No`, and `SpacesAfter`, `SpacesBefore` after UDPipe's convention where white space is not one space:
  with them the words give back the document's text to the character.
- `deprel` are the labels of the spaCy pipeline; English ones follow ClearNLP, not Universal Dependencies.
- Blocks that are not in English are words without analysis.

The whole statement of a commitment is in its comment (`start-end`), not in MISC, where it would mark every word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.dataset import Dataset
from pipeline.export.options import Options
from pipeline.export.parsed import Piece, parser, pieces
from pipeline.export.texts import Row, Text, extents, facts, texts

if TYPE_CHECKING:
    from spacy.tokens import Token

_ESCAPES = {" ": "\\s", "\n": "\\n", "\r": "\\r", "\t": "\\t", "|": "\\p", "\\": "\\\\"}
_PASSAGE = ("kind", "paragraph", "page", "areas", "uncertain_areas", "citation")
_VERDICT = ("obligation", "stage", "negated", "party_ids", "time_value", "condition_kind", "areas")
Marks = dict[int, list[str]]  # offset of a character -> what the word there is


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes one file with all documents."""
    nlp = parser(options.settings)
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for text in texts(data):
            file.writelines(_document(text, pieces(nlp, text.document)))
    return []


def _document(text: Text, found: list[Piece]) -> Iterator[str]:
    sentences = [(piece, [t for t in sentence if not t.is_space]) for piece in found for sentence in piece.doc.sents]
    sentences = [(piece, words) for piece, words in sentences if words]
    if not sentences:
        return  # comments without a word are not valid
    yield f"# newdoc id = {text.name}\n"
    yield from (f"# {name} = {_line(value)}\n" for name, value in facts(text).items() if value)
    yield from _Writer(text).sentences(sentences)


class _Writer:
    """The sentences of one document."""

    def __init__(self, text: Text) -> None:
        self.name, self.text = text.name, text.document.text
        self.passages = sorted((row["start"], row) for row in text.rows["passages"])
        self.commitments = dict(enumerate(text.rows["commitments"], 1))
        self.marks = _marks(text, self.commitments)

    def sentences(self, found: list[tuple[Piece, list[Token]]]) -> Iterator[str]:
        """All lines; where a word ends and the next begins is what lies between."""
        starts = [piece.start + word.idx for piece, words in found for word in words] + [len(self.text)]
        i = 0
        for number, (piece, words) in enumerate(found, 1):
            yield from self._comments(piece.start + words[0].idx, piece.start + words[-1].idx, number)
            yield f"# text = {_shown(words)}\n"
            ids = {word.i: n for n, word in enumerate(words, 1)}
            for word in words:
                at = piece.start + word.idx
                misc = self._misc(at, at + len(word), starts[i + 1], first=i == 0)
                yield "\t".join((str(ids[word.i]), *_columns(piece, word, ids), "|".join(misc) or "_")) + "\n"
                i += 1
            yield "\n"

    def _comments(self, start: int, last: int, number: int) -> Iterator[str]:
        while self.passages and self.passages[0][0] <= last:
            _, row = self.passages.pop(0)
            yield f"# newpar id = {row['record_id']}\n"
            yield from (f"# {name} = {_line(row[name])}\n" for name in _PASSAGE if row[name] not in ("", None))
        yield f"# sent_id = {self.name}-{number}\n"
        for n, row in self.commitments.items():
            if row["aim_start"] is not None and start <= row["aim_start"] <= last:
                verdict = " ".join(f"{name}={row[name]}" for name in _VERDICT if row[name] not in ("", None))
                yield f"# commitment_{n} = {row['record_id']} {row['start']}-{row['end']} {verdict}\n"

    def _misc(self, start: int, end: int, following: int, *, first: bool) -> list[str]:
        out = sorted({mark for at in range(start, end) for mark in self.marks.get(at, ())})
        between = self.text[end:following]
        if first and (before := self.text[:start]):
            out.append(f"SpacesBefore={_escaped(before)}")
        if not between:
            out.append("SpaceAfter=No")
        elif between != " ":
            out.append(f"SpacesAfter={_escaped(between)}")
        return _joined(out)


def _marks(text: Text, commitments: dict[int, Row]) -> Marks:
    """For every offset at which a part has words: `Actor=B-GBR` where it begins, `I-` after."""
    marks: Marks = defaultdict(list)
    for row in text.rows["mentions"]:
        _mark(marks, row["start"], row["end"], f"Actor={{}}-{_escaped(row['actor_id'], keep_spaces=True)}")
    for n, row in commitments.items():
        for part, start, end in list(extents("commitments", row))[1:]:
            _mark(marks, start, end, f"Commitment={n}:{{}}-{part}")
    return marks


def _mark(marks: Marks, start: int, end: int, mark: str) -> None:
    for at in range(start, end):
        marks[at].append(mark.format("B" if at == start else "I"))


def _joined(marks: list[str]) -> list[str]:
    """Values of one key joined by a comma; a word in which a part begins is B, though its other letters are I."""
    keys: dict[str, list[str]] = defaultdict(list)
    for mark in marks:
        key, _, value = mark.partition("=")
        if value.replace("I-", "B-", 1) not in keys[key]:
            keys[key].append(value)
    return [f"{key}={','.join(values)}" for key, values in keys.items()]


def _columns(piece: Piece, word: Token, ids: dict[int, int]) -> tuple[str, ...]:
    """FORM to DEPS of a word."""
    form = _one_line(word.text)
    if not piece.analysed:
        return (form, *"_" * 8)[:8]
    head = word.head
    while head.i not in ids and head.head.i != head.i:  # a head that is white space stands in no line
        head = head.head
    root = head.i == word.i or head.i not in ids
    return (
        form,
        word.lemma_ or "_",
        word.pos_ or "_",
        word.tag_ or "_",
        str(word.morph) or "_",
        "0" if root else str(ids[head.i]),
        "root" if root else word.dep_ or "dep",
        "_",
    )


def _line(value: object) -> str:
    return " ".join(str(value).split())


def _shown(words: list[Token]) -> str:
    """The sentence with one space wherever white space stands, as validators put it together from the words."""
    gaps = [" " if after.idx > word.idx + len(word) else "" for word, after in pairwise(words)]
    return "".join(_one_line(word.text) + gap for word, gap in zip(words, [*gaps, ""], strict=True))


def _one_line(text: str) -> str:
    """The text with a space for whatever a reader could take for the end of a line or column."""
    return "".join(" " if c == "\t" or len(f"{c}.".splitlines()) > 1 else c for c in text)


def _escaped(text: str, *, keep_spaces: bool = False) -> str:
    """White space and the signs that MISC is made of as escapes; white space that UDPipe has none for as \\u and its number."""
    out = []
    for c in text:
        if keep_spaces and c == " ":
            out.append(c)
        else:
            out.append(_ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c.isspace() else c))
    return "".join(out)
