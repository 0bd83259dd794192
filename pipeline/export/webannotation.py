"""W3C Web Annotations (Web Annotation Data Model, W3C Recommendation 2017): a JSON-LD file and a `.txt` a document.

Each file is an `AnnotationPage`; an annotation's target is the text file with a `TextPositionSelector`, which counts code
points as the tables do, and a `TextQuoteSelector`, by which the words are found again where a text has changed. Its body is the
label as a tag (see `standoff`); attributes and the record_id stand beside under `pactscope:`. An arrow from a record to a part
of it is an annotation with the motivation `linking`, whose body is the annotation that it leads to.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.dataset import Dataset
from pipeline.export.options import Options
from pipeline.export.standoff import Annotated, Relation, Span, annotated
from pipeline.export.texts import Text, texts

_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"pactscope": "urn:pactscope:"}]
#: Characters of the text before and after the words that a quotation selector gives.
_AROUND = 32


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes `<key>.jsonld` and `<key>.txt` for every document."""
    for text in texts(data):
        page = _page(text, annotated(text))
        content = json.dumps(page, ensure_ascii=False)
        (target / f"{text.name}.jsonld").write_text(content + "\n", "utf-8", newline="\n")
        (target / f"{text.name}.txt").write_text(text.document.text, "utf-8", newline="")
    return []


def _page(text: Text, document: Annotated) -> dict[str, Any]:
    base = f"urn:pactscope:{text.row['doc_id']}"
    items = [_annotation(base, i, span, document) for i, span in enumerate(document.spans)]
    items += [_link(base, i, relation) for i, relation in enumerate(document.relations)]
    found = {"@context": _CONTEXT, "id": base, "type": "AnnotationPage", "label": text.row["title"], "items": items}
    return found | ({"via": text.row["url"]} if text.row["url"] else {})


def _annotation(base: str, number: int, span: Span, document: Annotated) -> dict[str, Any]:
    text, start, end = document.text, span.start, span.end
    selectors = [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - _AROUND) : start],
            "suffix": text[end : end + _AROUND],
        },
    ]
    return {
        "id": f"{base}:span-{number}",
        "type": "Annotation",
        "motivation": "tagging",
        "body": {"type": "TextualBody", "purpose": "tagging", "value": span.label},
        "target": {"source": f"{document.name}.txt", "selector": selectors},
        **{f"pactscope:{name}": value for name, value in (span.attributes | span.note).items()},
    }


def _link(base: str, number: int, relation: Relation) -> dict[str, Any]:
    return {
        "id": f"{base}:link-{number}",
        "type": "Annotation",
        "motivation": "linking",
        "body": f"{base}:span-{relation.target}",
        "target": f"{base}:span-{relation.source}",
        "pactscope:relation": relation.label,
    }
