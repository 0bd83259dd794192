"""Which training passages must stay out when a model is to be measured on gold passages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.classify.passages import Example

#: A passage that shares more than this part of its runs of eight words with a gold passage is a copy or a variant of it.
RUN, SHARE = 8, 0.5
WORD = re.compile(r"[a-z0-9']+")


def runs(text: str, length: int = RUN) -> set[str]:
    """The runs of so many words in lower case; a shorter text is one run.

    >>> sorted(runs("We will meet again.", 3))
    ['we will meet', 'will meet again']
    """
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + length]) for i in range(max(1, len(words) - length + 1))}


def leave_out(examples: Sequence[Example], gold: Iterable[Mapping[str, Any]], documents: Path | None = None) -> list[Example]:
    """The examples that have nothing to do with the gold passages: neither from their documents nor with their words.

    Args:
        gold: rows with `text` and, to tell their documents, `file`, a path below `documents`.
        documents: the folder of the documents; without it a document is known by its name alone.
    """
    rows = list(gold)
    files = {str(row["file"]) for row in rows if row.get("file")}
    known = files | {
        hashlib.sha256((documents / f).read_bytes()).hexdigest() for f in files if documents and (documents / f).is_file()
    }
    groups = {e.group for e in examples if e.source in known}
    gold_runs = set[str]().union(*(runs(str(row["text"])) for row in rows))
    return [e for e in examples if e.group not in groups and not _copied(e.text, gold_runs)]


def _copied(text: str, gold_runs: Collection[str]) -> bool:
    own = runs(text)
    return sum(run in gold_runs for run in own) > SHARE * len(own)
