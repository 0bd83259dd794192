"""Words of passages for comparing: case and punctuation gone, the document's own parties masked; and a word-level redline."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from pipeline.compare.frames import Data, chosen, in_time, party_behind, result, split, table

#: Stands for the name of any of the document's parties, so that a clause is the same whoever signs it.
PARTY = "§"
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*|§")
_PIECE = re.compile(r"\s+|[^\W_]+(?:[’'][^\W_]+)*|.", re.DOTALL)
REDLINE, _OPS = ("op", "text"), ("same", "deleted", "inserted")
#: Consecutive words compared as one. Three is short enough that one changed word of twenty leaves 17 of 20 in common.
SHINGLE = 3


def words(text: str) -> list[str]:
    """The words of a text, casefolded, without punctuation; numbers count as words."""
    return _WORD.findall(text.casefold())


def runs(tokens: Sequence[str], size: int) -> list[int]:
    """Hashes of every run of `size` words, in order; of a shorter text the one run that it is."""
    starts = range(max(1, len(tokens) - size + 1)) if tokens else range(0)
    return [zlib.crc32(" ".join(tokens[i : i + size]).encode()) for i in starts]


def shingles(tokens: Sequence[str]) -> frozenset[int]:
    """Hashes of every run of `SHINGLE` words."""
    return frozenset(runs(tokens, SHINGLE))


def repeated(tokens: Sequence[str], size: int, known: Collection[int]) -> int:
    """How many of the words stand in a run of `size` whose hash is in `known`."""
    found, covered = 0, 0
    for start, run in enumerate(runs(tokens, size)):
        if run in known:
            end = min(start + size, len(tokens))
            found, covered = found + end - max(start, covered), end
    return found


def clauses(data: Data, documents: Iterable[str] | None = None) -> pd.DataFrame:
    """The passages of documents in order of date (undated last), key and offset, with their words.

    Returns:
        Columns record_id, key, date, passage, number, heading_path, citation, areas, text (printed number left out), `exact`
        (words joined, the identity of a passage), `masked` (list of words, names of the document's parties as `PARTY`),
        n_words.
    """
    found = chosen(data, documents)
    frame = found[["key", "date"]].merge(table(data, "passages"), on="key")
    frame = in_time(frame, "start")
    names = _party_names(data, found)
    texts = [without_number(text, number) for text, number in zip(frame["text"], frame["number"], strict=True)]
    exact = [" ".join(words(text)) for text in texts]
    masked = [words(names.get(key, str)(text)) for key, text in zip(frame["key"], texts, strict=True)]
    columns = ["record_id", "key", "date", "passage", "number", "heading_path", "citation", "areas"]
    added = {"text": texts, "exact": exact, "masked": masked, "n_words": [len(m) for m in masked]}
    return frame[columns].assign(**{name: pd.Series(v, index=frame.index, dtype=_TYPES[name]) for name, v in added.items()})


_TYPES: dict[str, Any] = {"text": "str", "exact": "str", "masked": object, "n_words": "int64"}


def without_number(text: str, number: str) -> str:
    """A passage without the number printed in front of it."""
    return text[len(number) :].lstrip() if number and text.startswith(number) else text


def masker(data: Data, key: str) -> Callable[[str], str]:
    """What puts `PARTY` for the names of the parties of one document."""
    documents = table(data, "documents")
    return _party_names(data, documents[documents["key"] == key]).get(key, str)


def _party_names(data: Data, documents: pd.DataFrame) -> dict[str, Callable[[str], str]]:
    """For each document what masks the names of its parties (and their organs), as its mentions spell them."""
    parties = {key: split(cell) for key, cell in zip(documents["key"], documents["parties"], strict=True)}
    spelt: dict[str, set[str]] = {}
    mentions = table(data, "mentions")[["key", "text", "actor_id"]].drop_duplicates()
    for key, text, actor in mentions.itertuples(index=False):
        if key in parties and party_behind(actor, parties[key]) == actor:
            spelt.setdefault(key, set()).add(text)
    return {key: _mask(names) for key, names in spelt.items()}


def _mask(names: Iterable[str]) -> Callable[[str], str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
    return lambda text: pattern.sub(PARTY, text)


def order(a: Sequence[str], b: Sequence[str]) -> float:
    """How far two texts have the same words in the same order, 0 to 1 (Ratcliff & Metzener 1988, on words)."""
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def redline(a: str, b: str) -> pd.DataFrame:
    """What must be struck out of `a` and put in to get `b`, word by word.

    Method: longest matching blocks (Ratcliff & Metzener 1988; Python's difflib) over words, spaces and punctuation marks;
    what two changes have between them goes with them where it is shorter than either, so that changed phrases stay whole.

    Returns:
        Columns op (`same`, `deleted`, `inserted`) and text, in reading order. The texts of same and deleted make up `a`,
        those of same and inserted `b`, to the character.
    """
    left, right = _PIECE.findall(a), _PIECE.findall(b)
    pieces: list[list[str]] = [["", "", ""]]  # unchanged, then deleted, then inserted, again and again
    for op, i, k, j, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        old, new = "".join(left[i:k]), "".join(right[j:m])
        if op == "equal":
            pieces.append([old, "", ""])
        else:
            pieces[-1][1:] = [old, new]
    rows = [(op, text) for piece in _joined(pieces) for op, text in zip(_OPS, piece, strict=True) if text]
    return result(rows, REDLINE)


def _joined(pieces: list[list[str]]) -> list[list[str]]:
    """Changes with less in common between them than either changes become one (Fraser 2012, "semantic cleanup")."""
    out = pieces[:1]
    for same, old, new in pieces[1:]:
        before = max(len(out[-1][1]), len(out[-1][2]))
        if len(same) <= min(before, max(len(old), len(new))):
            out[-1][1] += same + old
            out[-1][2] += same + new
        else:
            out.append([same, old, new])
    return out


def marked(a: str, b: str) -> str:
    """The redline as one line of plain text, after wdiff: "will [-consider-]{+hold+} talks"."""
    signs = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
    return "".join(f"{signs[op][0]}{text}{signs[op][1]}" for op, text in redline(a, b).itertuples(index=False))
