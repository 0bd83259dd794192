"""A dataset as one self-contained HTML file that opens from disk: overview, a page a document, commitments, comparison.

Works from tables alone and asks no network. All text from documents passes through Jinja2's autoescape, through
`highlight.render` or, as JSON, through `rows.embed`, so that nothing in it is ever read as markup; the page's own scripts put
text into the page as text only, and its content security policy lets no other script run.

A report too large to open with ease is split: the named file keeps the overview and the list of commitments, the documents go
in order of date into `report-2.html`, `report-3.html` … beside it, each of which works by itself.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline import charts, compare
from pipeline.compare.frames import chosen
from pipeline.dataset import Dataset
from pipeline.dataset.made_from import mark
from pipeline.records import OBLIGATIONS, STAGES
from pipeline.report import documents, figures, overview, rows

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = Path(__file__).parent
#: Bytes of one file. Chromium on two busy cores shows a file of 13.5 MB from disk in 2 seconds; much more is slow on a phone.
LIMIT = 14_000_000
#: Bytes that a document takes in the lists of a file, on the large side.
_LISTED = 1500
_SCRIPTS = ("core.js", "overview.js", "document.js", "commitments.js", "redline.js", "align.js", "pair.js", "start.js")
_MADE_BY = '<meta name="generator" content="Pactscope">'


class _Some(Dataset):
    """The rows of some documents of a dataset."""

    def __init__(self, whole: Dataset, keys: set[str]) -> None:
        self._whole, self._keys, self.corrections = whole, keys, []

    def table(self, name: str) -> pd.DataFrame:
        frame = self._whole.table(name)
        return frame[frame["key"].isin(self._keys)].reset_index(drop=True)


def write_report(
    dataset: Dataset,
    path: Path,
    *,
    area_names: dict[str, str],
    only: Sequence[str] = (),
    limit: int = LIMIT,
) -> list[Path]:
    """Writes the report of a dataset; returns its files, the first of which is `path`.

    Files that an earlier, longer report left beside it are removed.

    Args:
        path: HTML file to write.
        area_names: what to call each area id, in the order of the columns.
        only: keys of the documents to report on; all by default.
        limit: bytes beyond which the report is split; one document is never split.

    Raises:
        SettingsError: there is no document with one of the keys.
    """
    made_from = "" if only else mark(dataset.folder)
    if only:
        dataset = _Some(dataset, set(chosen(dataset, only)["key"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(_vega)  # a second's work outside Python, done before it is asked for
        report = _Report(dataset, area_names, path, made_from)
    files = report.files(limit)
    for name, text in files.items():
        (path.parent / name).write_text(text, "utf-8")
    _remove_others(path, set(files))
    return [path.parent / name for name in files]


def _remove_others(path: Path, kept: set[str]) -> None:
    """Removes parts of an earlier report of the same name."""
    part = re.compile(rf"{re.escape(path.stem)}-\d+{re.escape(path.suffix)}")
    for other in path.parent.iterdir():
        if part.fullmatch(other.name) and other.name not in kept and _MADE_BY.encode() in other.read_bytes()[:1000]:
            other.unlink()


def _templates() -> Environment:
    """The templates beside this file, with the filters that they use."""
    env = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["words"] = lambda name: str(name).replace("_", " ")
    env.filters["when"] = rows.when
    env.filters["route"] = lambda key: quote(key, safe="")
    env.filters["safe_url"] = lambda url: url if re.match(r"https?://", url) else ""
    return env


class _Report:
    """Everything that the files of a report are put together from, made once."""

    def __init__(self, dataset: Dataset, areas: dict[str, str], path: Path, made_from: str) -> None:
        self.path, self.areas, self.made_from = path, areas, made_from
        env = _templates()
        self.page: Template = env.get_template("report.html")
        self.documents: list[documents.Row] = documents.records(documents.in_order(dataset))
        self.actors = charts.names_of(dataset)
        self.commitments = rows.commitments(dataset.commitments)
        self.distance = compare.template_distance(dataset)
        pages = documents.Pages(
            dataset, env.get_template("document.html"), areas=areas, actors=self.actors, nearest=self._nearest()
        )
        self.html = {document["key"]: Markup(pages.page(document)) for document in self.documents}
        self.figures = figures.figures(dataset, self.distance, areas=areas)
        shown = overview.context(dataset, self.documents, areas=areas, fora=pages.fora)
        drawn = {figure.id: figure for figure in self.figures}
        self.overview = Markup(env.get_template("overview.html").render(shown, areas=areas, figures=drawn))

    def _nearest(self) -> dict[str, documents.Row]:
        """For each document that shares clauses with another the one it shares most with."""
        names = {d["key"]: d["short_title"] or d["title"] or d["key"] for d in self.documents}
        found = figures.nearest(self.distance).itertuples(index=False, name=None)
        return {key: {"key": other, "name": names[other], "share": f"{1 - apart:.0%}"} for key, other, apart in found}

    def files(self, limit: int) -> dict[str, str]:
        """Text of each file by its name."""
        keys = list(self.html)
        whole = self._file(self.path.name, [], {}, listed=[])
        sizes = [_bytes(self.html[key]) + _bytes(rows.embed(self.commitments.get(key, []))) + _LISTED for key in keys]
        if _bytes(whole) + sum(sizes) <= limit:
            return {self.path.name: self._file(self.path.name, keys, {}, listed=keys)}
        frame = _bytes(self._file("", [], dict.fromkeys(keys, self.path.name), listed=[]))
        where: dict[str, str] = {}
        for number, part in enumerate(_parts(keys, sizes, limit - frame), start=2):
            where |= dict.fromkeys(part, f"{self.path.stem}-{number}{self.path.suffix}")
        names = list(dict.fromkeys(where.values()))
        listed = keys if _bytes(whole) + _bytes(rows.embed(self.commitments)) <= limit else []
        files = {self.path.name: self._file(self.path.name, [], where, listed=listed)}
        for name in names:
            here = [key for key in keys if where[key] == name]
            files[name] = self._file(name, here, where, listed=here)
        return files

    def _file(self, name: str, here: list[str], where: dict[str, str], *, listed: list[str]) -> str:
        """One file: the documents `here`, the commitments of `listed`, the overview if it is the first.

        Args:
            where: file of each document if the report is split.
        """
        first = name == self.path.name
        script = Markup("".join((FOLDER / part).read_text("utf-8") for part in _SCRIPTS))
        bundle = Markup(_vega() if first and self.figures else "")
        return self.page.render(
            first=first,
            name=name,
            index=self.path.name,
            files=_contents(self.documents, where),
            here=here,
            listed=listed,
            overview=self.overview if first else "",
            pages=[(key, self.html[key]) for key in here],
            areas=self.areas,
            obligations=OBLIGATIONS,
            stages=STAGES,
            documents=self.documents,
            data=rows.embed(self._data(here, where, listed, first)),
            style=Markup((FOLDER / "report.css").read_text("utf-8")),
            bundle=bundle,
            script=script,
            hashes=" ".join(_hash(code) for code in (bundle, script) if code),
            made_by=Markup(_MADE_BY + self.made_from),
        )

    def _data(self, here: list[str], where: dict[str, str], listed: list[str], first: bool) -> dict[str, Any]:
        names = ("key", "title", "short_title", "date", "doc_type", "parties")
        described = [[d[name] for name in names] + [where.get(d["key"], "")] for d in self.documents]
        found = {key: self.commitments[key] for key in listed if key in self.commitments}
        parties = rows.COMMITMENTS.index("party_ids")
        bound = {actor for listed_rows in found.values() for row in listed_rows for actor in row[parties].split(";")}
        return {
            "documents": described,
            "here": here,
            "pair": self._pair(here),
            "columns": rows.COMMITMENTS,
            "commitments": found,
            "areas": self.areas,
            "actors": {actor: self.actors[actor] for actor in sorted(bound) if actor in self.actors},
            "charts": {figure.id: figure.spec for figure in self.figures if figure.spec} if first else {},
            "themes": {mode: charts.theme(dark=mode == "dark", background="transparent") for mode in ("light", "dark")},
        }

    def _pair(self, here: list[str]) -> list[str]:
        """The two documents to compare first: the nearest that are not equal."""
        if len(here) < 2:
            return []
        distance = self.distance.reindex(index=here, columns=here).fillna(1.0).to_numpy(dtype=float).copy()
        distance[distance == 0] = 1.0
        first, second = divmod(int(distance.argmin()), len(here))
        return [here[first], here[second] if first != second else here[1]]


def _parts(keys: list[str], sizes: list[int], room: int) -> list[list[str]]:
    """Keys in order, in as few parts as hold them one after the other."""
    parts: list[list[str]] = []
    used = room + 1
    for key, size in zip(keys, sizes, strict=True):
        if used + size > room:
            parts.append([])
            used = 0
        parts[-1].append(key)
        used += size
    return parts


def _contents(found: list[documents.Row], where: dict[str, str]) -> list[dict[str, Any]]:
    """The files of a split report: name, how many documents, first and last date."""
    out: dict[str, dict[str, Any]] = {}
    for document in found:
        if name := where.get(document["key"]):
            entry = out.setdefault(name, {"name": name, "n": 0, "first": document["date"], "key": document["key"]})
            entry["n"] += 1
            entry["last"] = document["date"]
    return list(out.values())


@functools.cache
def _vega() -> str:
    """Vega, Vega-Lite, Vega-Embed and Vega's interpreter as one script."""
    import vl_convert

    return re.sub(r"</(?=script)", r"<\\/", vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"), flags=re.IGNORECASE)


def _hash(code: str) -> str:
    """What the content security policy knows a script by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def _bytes(text: str) -> int:
    return len(text.encode())
