"""Training passages: real ones rebuilt from their documents by address and hash, and written ones.

The project holds no text of the real passages. `corpus/training/official.csv` says of each where it stands: the address of its
document, the hash of the file, and start, length and hash of a stretch in the document's text reduced to lower-case words.
Whoever has the files gets the passages back. The labels were coded once, by runs of a language model; no person has coded them.
"""

from __future__ import annotations

import csv
import hashlib
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import ingest, structure
from pipeline.classify.passages import Example
from pipeline.errors import CatalogueError, PipelineError
from pipeline.records import Block, Document
from pipeline.tabular import records

WORD = re.compile(r"[a-z0-9']+")
TRAINING = Path(__file__).resolve().parent.parent / "corpus" / "training"
OFFICIAL, WRITTEN, OVERRIDES = "official.csv", "written.jsonl", "overrides.csv"
ADVICE = "Give a CSV or JSONL file of coded passages in UTF-8 with the columns text and areas (joined by ';')."
OFFICIAL_COLUMNS = ("source_url", "file_sha256", "start", "length", "stretch_sha256", "areas", "unsure")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A row of `official.csv`; start and length count words (`WORD`) of the document's text in lower case."""

    source_url: str
    file_sha256: str
    start: int
    length: int
    stretch_sha256: str
    areas: tuple[str, ...]
    unsure: bool


def words_of(text: str) -> list[tuple[str, int, int]]:
    """The words of a text in lower case with their offsets in it.

    >>> words_of("The EU's aim")
    [('the', 0, 3), ("eu's", 4, 8), ('aim', 9, 12)]
    """
    return [(m.group(), m.start(), m.end()) for m in WORD.finditer(text.lower())]


def fingerprint(words: Iterable[str]) -> str:
    """First 16 hex digits of the SHA-256 of the words joined by spaces."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def read_official(path: Path) -> list[Pointer]:
    """The rows of `official.csv`.

    Raises:
        CatalogueError: the file cannot be read or a row is not of the form; the row is named.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}.") from error
    out = []
    for number, row in enumerate(rows, 2):
        try:
            areas = tuple(a for a in row["areas"].split(";") if a)
            place = int(row["start"]), int(row["length"])
            out.append(
                Pointer(row["source_url"], row["file_sha256"], *place, row["stretch_sha256"], areas, row["unsure"] == "true")
            )
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            advice = f"The columns are {', '.join(OFFICIAL_COLUMNS)}."
            raise CatalogueError(f"{path}, row {number} is not of the form: {error}.", advice=advice) from error
    return out


def rebuild(pointers: Sequence[Pointer], folder: Path) -> tuple[list[Example], list[Pointer]]:
    """The passages whose documents are in a folder, at any depth, and the pointers that were not found.

    Files are told by the hash of their bytes, whatever they are called. A stretch that has moved, because the text of a
    document is read better than when it was coded, is looked for by its hash.
    """
    wanted: dict[str, list[Pointer]] = defaultdict(list)
    for pointer in pointers:
        wanted[pointer.file_sha256].append(pointer)
    found: list[Example] = []
    missing: list[Pointer] = []
    for path in ingest.find_files([folder]):
        mine = wanted.pop(hashlib.sha256(path.read_bytes()).hexdigest(), None)
        if mine:
            examples = list(_examples(path, mine))
            found += [e for e in examples if isinstance(e, Example)]
            missing += [e for e in examples if isinstance(e, Pointer)]
    return found, missing + [p for rest in wanted.values() for p in rest]


def _examples(path: Path, pointers: list[Pointer]) -> Iterator[Example | Pointer]:
    try:
        document = structure.build(ingest.read(path))
    except PipelineError:
        yield from pointers  # said with the others that were not found
        return
    words = words_of(document.text)
    starts = [b.start for b in document.blocks]
    for pointer in pointers:
        first = _find(words, pointer)
        if first is None:
            yield pointer
            continue
        start, end = words[first][1], words[first + pointer.length - 1][2]
        block = document.blocks[bisect_right(starts, start) - 1]
        yield _example(document, block, pointer, end=end)


def _find(words: list[tuple[str, int, int]], pointer: Pointer) -> int | None:
    """Index of the first word of the stretch: where it was, else the nearest place with the same words."""
    plain = [w for w, _, _ in words]

    def matches(first: int) -> bool:
        return fingerprint(plain[first : first + pointer.length]) == pointer.stretch_sha256

    if matches(pointer.start):
        return pointer.start
    anywhere = sorted(range(len(plain) - pointer.length + 1), key=lambda first: abs(first - pointer.start))
    return next(filter(matches, anywhere), None)


def _example(document: Document, block: Block, pointer: Pointer, *, end: int) -> Example:
    """The passage with the context that the document gives it; a passage may end after the block it begins in."""
    text = document.text[block.start : max(end, block.end)] if end > block.end else document.slice(block)
    lead = document.slice(document.blocks[block.lead_in]) if block.lead_in is not None else ""
    heading = block.heading_path[-1] if block.heading_path else ""
    title = document.metadata.text_of("title") or (block.heading_path[0] if block.heading_path else "")
    return Example(
        text,
        pointer.areas,
        pointer.source_url,
        heading,
        lead,
        title,
        block.kind,
        origin="official",
        unsure=pointer.unsure,
        source=pointer.file_sha256,
        key=pointer.stretch_sha256,
    )


def read_coded(path: Path, *, origin: str = "own") -> list[Example]:
    """Coded passages of a CSV or JSON Lines file: `text, areas` (ids joined by ";", in JSON a list too).

    Optional are `heading, lead, title, kind, group`.

    Raises:
        CatalogueError: the file cannot be read or lacks a column, or a row has no text; the row is named.
    """
    columns, rows = records(path, advice=ADVICE)
    if missing := [name for name in ("text", "areas") if columns and name not in columns]:
        raise CatalogueError(f"{path} lacks the column {missing[0]}.", advice=ADVICE)
    return [_own(path, number, row, origin) for number, (_, row) in enumerate(rows, 1)]


def _own(path: Path, number: int, row: dict[str, object], origin: str) -> Example:
    areas = row.get("areas") or []
    given = [a.strip() for a in areas.split(";")] if isinstance(areas, str) else areas
    if not row.get("text") or not isinstance(given, list):
        raise CatalogueError(f"{path}, passage {number} has no text or no list of areas.", advice="Give `text` and `areas`.")
    context = {name: str(row.get(name) or "") for name in ("heading", "lead", "title")}
    named = (str(row[name]) for name in ("group", "source_url", "doc", "file") if row.get(name))
    group = next(named, f"{path.name}:{number}")
    kind = str(row.get("kind") or "paragraph")
    return Example(
        str(row["text"]),
        tuple(a for a in given if a),
        group,
        **context,
        kind=kind,
        origin=origin,
        unsure=row.get("unsure") in (True, "true", "True", "1"),
        source=str(row.get("file") or ""),
        key=fingerprint(w for w, _, _ in words_of(str(row["text"]))),
    )


def read_overrides(path: Path) -> dict[str, tuple[str, ...]]:
    """Corrected labels: fingerprint of a passage -> areas. The file's third column says why.

    Raises:
        CatalogueError: the file cannot be read or lacks a column.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return {r["stretch_sha256"]: tuple(a for a in r["areas"].split(";") if a) for r in csv.DictReader(lines)}
    except (OSError, KeyError, AttributeError) as error:
        advice = "The columns are stretch_sha256, areas, reason."
        raise CatalogueError(f"{path} cannot be read: {error}.", advice=advice) from error


def corrected(examples: Iterable[Example], overrides: dict[str, tuple[str, ...]]) -> list[Example]:
    """The examples with their corrected labels, which are no longer in doubt."""
    return [replace(e, areas=overrides[e.key], unsure=False) if e.key in overrides else e for e in examples]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Training passages and how many of the real ones were found.

    Attributes:
        pointed: real passages that the project points at.
        found: those whose document was at hand.
    """

    examples: tuple[Example, ...]
    pointed: int
    found: int


def gather(
    areas: Collection[str], *, documents: Path | None = None, labels: Path | None = None, folder: Path = TRAINING
) -> Gathered:
    """All passages at hand for training: written ones, real ones whose documents are given, and a researcher's own.

    The project's own passages are left out where the codebook is of another field, that is, lacks one of their areas.

    Args:
        areas: ids of the codebook's areas.
        documents: a folder of documents, or a JSON Lines file of coded passages with their text.
        labels: coded passages of the researcher, see `read_coded`.
        folder: holds `official.csv`, `written.jsonl` and `overrides.csv`.

    Raises:
        CatalogueError: a file cannot be read or is not of the form.
    """
    own = read_coded(labels) if labels else []
    written = read_coded(folder / WRITTEN, origin="written") if (folder / WRITTEN).is_file() else []
    if not all(a in areas for e in written for a in e.areas):
        return Gathered(tuple(own), 0, 0)
    pointers = read_official(folder / OFFICIAL) if (folder / OFFICIAL).is_file() else []
    real: list[Example] = []
    if documents is not None:
        real = read_coded(documents, origin="official") if documents.is_file() else rebuild(pointers, documents)[0]
        real = corrected(real, read_overrides(folder / OVERRIDES))
    return Gathered((*real, *written, *own), len(pointers), len(real))
