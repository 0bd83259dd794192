r"""BibTeX: one `@misc` a document, which every style knows, with the fields of BibLaTeX (`date`, `type`) beside.

UTF-8, as biber and every TeX of the last decade take it; signs that TeX would act on are escaped. Titles and publishers stand
in double braces, so that no style changes their capitals or takes a ministry for a person.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.dataset import Dataset
from pipeline.export.earlier import BIBTEX
from pipeline.export.options import Options
from pipeline.export.sources import Source, sources

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A brace counts for BibTeX even behind a backslash, so it becomes a word.
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes the bibliography."""
    target.write_text("\n".join([f"{BIBTEX}\n", *map(entry, sources(data))]), "utf-8", newline="\n")
    return []


def entry(source: Source) -> str:
    """One entry; what is not known is left out. The publisher stands for the author, but of a treaty."""
    row = source.row
    treaty = row["doc_type"] == "treaty"
    fields = {
        "title": f"{{{{{escape(source.title)}}}}}",
        "shorttitle": f"{{{{{escape(row['short_title'])}}}}}" if row["short_title"] else "",
        "publisher" if treaty else "author": f"{{{{{escape(source.publisher)}}}}}" if source.publisher else "",
        "howpublished": f"{{{source.genre}}}" if source.genre else "",
        "type": f"{{{source.genre}}}" if source.genre else "",
        "date": f"{{{row['date']}}}" if source.date else "",
        "year": f"{{{source.date[0]}}}" if source.date else "",
        "month": _MONTHS[source.date[1] - 1] if len(source.date) > 1 else "",
        "url": f"{{{row['url'].translate(_URL)}}}" if row["url"] else "",
        "langid": "{english}" if source.language == "en" else "",
    }
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@misc{{{source.citekey},\n{lines}}}\n"


def escape(text: str) -> str:
    """Text that TeX prints as it is."""
    return text.translate(_TEX)
