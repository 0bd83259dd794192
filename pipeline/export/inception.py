"""Archives for INCEpTION: one a document with `.ann` and `.txt`, to import as "brat basic"; the way back is "brat custom".

INCEpTION takes one file a document, hence the archives, and hands the offsets of the `.ann` to Java as they are: they count
UTF-16 units here, which differ from characters where a text holds one outside the basic plane (an emoji). Read in
`inception-io-brat` (`BratReader`, `BratWriter`, `BratBasicFormatSupport`, `BratCustomFormatSupport`) and in the user guide's
pages "brat basic" and "brat custom", versions 31 to 36; all else is as in `brat`. `pipeline.export.brat.read` reads what comes
back. Notes (ids of actors, record_ids) are not imported; a record's identity is its place in the text and comes back with it.
"""

from __future__ import annotations

import zipfile
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

from pipeline.dataset import Dataset
from pipeline.export import brat
from pipeline.export.options import Options
from pipeline.export.standoff import ATTRIBUTES, annotated
from pipeline.export.texts import texts

_README = """Import into INCEpTION

1. The server's settings.properties needs (the formats are marked experimental):
     format.brat-basic.enabled=true
     format.brat-custom.enabled=true
2. Create a project from the template "Basic annotation (span/relation)".
3. Settings, Layers, Span: Overlap "Any", Granularity "Character-level", allow crossing sentence boundaries. Add these
   features of type String, or the attributes are left out:
     {attributes}
   Relation: allow crossing sentence boundaries.
4. Settings, Documents: choose the format "brat basic" and all archives (.zip) of this folder. The labels arrive in the feature
   "label" of the layers Span and Relation.
5. Back: export documents as "brat custom", put the files or archives into one folder, and
     from pipeline.export import brat
     documents = brat.read(Path("that folder"))

Attributes that only stand there (Negated, Joint, Uncertain) hold "true". Ids of actors and records are not carried over; a
record is known by its document (the name of the file) and its place in the text.
"""


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes the archives and a README that says how to import them."""
    for text in texts(data):
        document = annotated(text)
        with zipfile.ZipFile(target / f"{document.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{document.name}.ann", brat.ann(document, at=_utf16(document.text), flag="true"))
            archive.writestr(f"{document.name}.txt", brat.plain(document.text))
    names = [name for attributes in ATTRIBUTES.values() for name in attributes]
    readme = _README.format(attributes=", ".join([*names, "Uncertain"]))
    (target / "README.txt").write_text(readme, "utf-8")
    return ["How to import: README.txt."]


def _utf16(text: str) -> Callable[[int], int]:
    """From characters to UTF-16 units."""
    wide = [i for i, c in enumerate(text) if ord(c) > 0xFFFF]
    return lambda offset: offset + bisect_left(wide, offset)
