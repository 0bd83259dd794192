"""The documents as sources to cite: what BibTeX and CSL-JSON share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipeline.dataset import Dataset
from pipeline.export.texts import Row, rows_of

#: doc_type -> how a bibliography calls it.
GENRES = {
    "press_release": "Press release",
    "joint_statement": "Joint statement",
    "agreement": "Agreement",
    "agreement_draft": "Draft agreement",
    "treaty": "Treaty",
    "readout": "Readout",
    "speech": "Speech",
    "web_page": "Web page",
    "other": "",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A document to cite.

    Attributes:
        citekey: the document's key in letters, digits and `-_.:`, unique; the same in every export.
        date: year, month and day as far as they are known.
        language: ISO 639-1 code of the language of most of the text, empty if unknown.
    """

    citekey: str
    row: Row
    title: str
    publisher: str
    date: tuple[int, ...]
    language: str

    @property
    def genre(self) -> str:
        """Press release, Treaty, …; empty if not known."""
        return GENRES.get(self.row["doc_type"], "")


def sources(data: Dataset) -> list[Source]:
    """All documents by key."""
    found: dict[str, Source] = {}
    for row in rows_of(data.documents):
        key = _citekey(row["key"])
        n = 1
        while (citekey := key if n == 1 else f"{key}-{n}").lower() in found:
            n += 1
        found[citekey.lower()] = Source(
            citekey=citekey,
            row=row,
            title=" ".join((row["title"] or row["key"]).split()),
            publisher=" ".join(row["publisher"].split()),
            date=_date(row["date"]),
            language=row["languages"].partition(":")[0],
        )
    return list(found.values())


def _citekey(key: str) -> str:
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.:_-]+", "-", plain).strip("-") or "document"


def _date(date: str) -> tuple[int, ...]:
    """`2025-05` -> (2025, 5); empty for what is not a date."""
    return tuple(int(part) for part in date.split("-")) if re.fullmatch(r"\d{4}(-\d\d){0,2}", date) else ()
