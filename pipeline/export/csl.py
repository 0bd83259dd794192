"""CSL-JSON, which Zotero, Pandoc and citeproc read: one item a document, types and names of CSL 1.0.2.

CSL has no type for a press release: it is a `document` with its `genre`, as are statements, readouts and political agreements.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.dataset import Dataset
from pipeline.export.options import Options
from pipeline.export.sources import Source, sources

_TYPES = {"treaty": "treaty", "speech": "speech", "web_page": "webpage"}


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes the list of items."""
    items = [item(source) for source in sources(data)]
    target.write_text(json.dumps(items, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return []


def item(source: Source) -> dict[str, Any]:
    """One item; what is not known is left out. The publisher stands for the author, but of a treaty."""
    row = source.row
    kind = _TYPES.get(row["doc_type"], "document")
    treaty = kind == "treaty"
    found: dict[str, Any] = {
        "id": source.citekey,
        "type": kind,
        "genre": source.genre if kind == "document" else "",
        "title": source.title,
        "title-short": row["short_title"],
        "author": [{"literal": source.publisher}] if source.publisher and not treaty else [],
        "publisher": source.publisher if treaty else "",
        "issued": {"date-parts": [list(source.date)]} if source.date else {},
        "URL": row["url"],
        "language": source.language,
        "status": "draft" if row["doc_type"] == "agreement_draft" else "",
        "custom": {"doc_id": row["doc_id"], "parties": row["parties"], "legal_status": row["legal_status"]},
    }
    return {name: value for name, value in found.items() if value}
