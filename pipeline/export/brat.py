r"""brat standoff: a `.txt` and an `.ann` a document, `annotation.conf`, `visual.conf`; and the way back, `read`.

What the files keep to, so that brat and INCEpTION read them (brat: the standoff and configuration pages of brat.nlplab.org and
`server/src/annotation.py`; INCEpTION: the module `inception-io-brat` and its pages of the user guide, see also `inception`):

- Offsets count characters (code points) of the `.txt`. It is the document's text with one space for every tab, carriage return
  and other character that a reader could take for the end of a line or column, so offsets are those of the tables.
- A span never crosses a line: it is written in fragments around each line feed (`0 5;6 10`), as brat requires. INCEpTION joins
  fragments that lie one character apart, and writes them so itself.
- Text-bound annotations (`T`), attributes (`A`), relations (`R`) and notes (`#`) only: INCEpTION refuses a file with
  normalisations (`N`) or equivalences (`*`), and its reader has no room for the roles of events (`E`).
- Names and values hold no white space: INCEpTION splits the values of an attribute at spaces.
- The id of an actor and the record_id stand in a note, as JSON, because they are no closed list.
"""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.dataset import Dataset, schema
from pipeline.dataset.datapackage import codebook_of
from pipeline.errors import ReadError
from pipeline.export.options import Options
from pipeline.export.standoff import AREA, ATTRIBUTES, LABELS, Annotated, Relation, Span, annotated, area_label, part_label
from pipeline.export.texts import PARTS, texts

#: C0 and C1 control characters and the Unicode line ends, which brat or Java's regular expressions take for the end of a line.
_PLAIN = str.maketrans({chr(c): " " for c in (*range(10), *range(11, 32), *range(127, 160), 0x2028, 0x2029, 0xFFFE, 0xFFFF)})
_TABLES = {label: table for table, label in LABELS.items()}
_LINE = re.compile(r"[^\n]+")
_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) ([TR]\d+)(?: (.*))?")
_RELATION = re.compile(r"(R\d+)\t(\S+) \w+:(T\d+) \w+:(T\d+)\s*")
_NOTE = re.compile(r"#\d+\t\S+ ([TR]\d+)\t(.*)")
_COLOURS = {
    "Actor": "#c6dbef", "Commitment": "#fdd0a2", "Statement": "#fff5eb", "Bearer": "#fee6ce", "Cue": "#e5d8bd",
    "Object": "#fee6ce", "Recipient": "#fee6ce", "Time": "#dadaeb", "Condition": "#fbb4ae", "Quotation": "#d9d9d9",
    "Speaker": "#f0f0f0", "Mechanism": "#c7e9c0", "Frequency": "#e5f5e0", "First": "#e5f5e0", "Instrument": "#fcc5c0",
}  # fmt: skip


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes the collection; the configuration lists all labels and values that the dataset has."""
    areas = {area_label(area) for area in _codebook_areas(data.folder)}
    values: dict[str, set[str]] = {}
    for text in texts(data):
        document = annotated(text)
        (target / f"{document.name}.txt").write_text(plain(document.text), "utf-8", newline="\n")
        (target / f"{document.name}.ann").write_text(ann(document), "utf-8", newline="\n")
        for span in document.spans:
            areas |= {span.label} if span.label.startswith(AREA) else set()
            for name, value in span.attributes.items():
                values.setdefault(name, set()).add(str(value))
    (target / "annotation.conf").write_text(_annotation_conf(sorted(areas), values), "utf-8", newline="\n")
    (target / "visual.conf").write_text(_visual_conf(sorted(areas)), "utf-8", newline="\n")
    return []


def plain(text: str) -> str:
    """The text as long as before, with line feeds as the only line ends and no control characters."""
    return text.translate(_PLAIN)


def ann(document: Annotated, *, at: Callable[[int], int] = lambda offset: offset, flag: str = "") -> str:
    """The lines of the `.ann`: spans with their attributes and notes, then relations.

    Args:
        at: how a tool counts the characters before an offset of the text.
        flag: value of an attribute that only stands there; brat wants none.
    """
    text = plain(document.text)
    lines: list[str] = []
    attributes = notes = 0
    for n, span in enumerate(document.spans, 1):
        fragments = [m.span() for m in _LINE.finditer(text, span.start, span.end)]
        where = ";".join(f"{at(start)} {at(end)}" for start, end in fragments)
        lines.append(f"T{n}\t{span.label} {where}\t{' '.join(text[start:end] for start, end in fragments)}")
        for name, value in span.attributes.items():
            attributes += 1
            lines.append(f"A{attributes}\t{name} T{n} {flag if value is True else value}".rstrip())
        if span.note:
            notes += 1
            lines.append(f"#{notes}\tAnnotatorNotes T{n}\t{json.dumps(span.note, ensure_ascii=False)}")
    for n, relation in enumerate(document.relations, 1):
        lines.append(f"R{n}\t{relation.label} Arg1:T{relation.source + 1} Arg2:T{relation.target + 1}")
    return "".join(f"{line}\n" for line in lines)


def read(folder: Path) -> list[Annotated]:
    """The annotated documents in a folder of brat files or of archives that INCEpTION exported, by name.

    Offsets count code points, whatever the tool counted: which one it was is told by the words beside the offsets. What
    INCEpTION puts under its own layers (`Span` with a feature `label`, `Relation`) is given its label again; its tokens are
    left out. Labels and attributes that an annotator added are kept. A span in several fragments becomes its whole extent;
    events, normalisations and equivalences, which `write` has none of, are not read.

    Raises:
        ReadError: there are no such files, one cannot be read, or an annotation does not fit the text; the message names it.
    """
    found = [_parse(name, text, lines) for name, text, lines in _files(folder)]
    if not found:
        advice = "Give the folder with the .ann and .txt files, or with the archives that INCEpTION exported."
        raise ReadError(f"There are no brat files in {folder}.", advice=advice)
    return sorted(found, key=lambda document: document.name)


def _files(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Name, text and annotations of every document."""
    for path in sorted([*folder.glob("*.ann"), *folder.glob("*.zip")]):
        try:
            yield from _archived(path) if path.suffix == ".zip" else _beside(path)
        except (OSError, UnicodeDecodeError, KeyError, zipfile.BadZipFile) as error:
            advice = "Put text (.txt, UTF-8) and annotations (.ann) side by side as they were exported."
            raise ReadError(f"{path} or its text cannot be read: {error}.", advice=advice) from error


def _beside(path: Path) -> Iterator[tuple[str, str, str]]:
    yield path.stem, path.with_suffix(".txt").read_bytes().decode("utf-8"), path.read_bytes().decode("utf-8")


def _archived(path: Path) -> Iterator[tuple[str, str, str]]:
    with zipfile.ZipFile(path) as archive:
        for name in sorted(n for n in archive.namelist() if n.endswith(".ann")):
            text = archive.read(f"{name.removesuffix('.ann')}.txt")
            yield path.stem, text.decode("utf-8"), archive.read(name).decode("utf-8")


def _parse(name: str, text: str, lines: str) -> Annotated:
    name = name.removesuffix(".zip").removesuffix(".txt")
    bound = [m for line in lines.split("\n") if (m := _TEXT_BOUND.fullmatch(line))]
    codepoint = _counting(name, text, bound)
    spans: dict[str, Span] = {}
    for match in bound:
        numbers = [codepoint(int(n)) for n in re.findall(r"\d+", match[3])]
        spans[match[1]] = Span(_short(match[2]), numbers[0], numbers[-1])
    arrows = {m[1]: m for line in lines.split("\n") if (m := _RELATION.fullmatch(line))}
    for line in lines.split("\n"):
        if (given := _ATTRIBUTE.fullmatch(line)) and given[2] in spans:
            spans[given[2]].attributes[given[1]] = True if given[3] in (None, "", "true") else given[3]
        elif (noted := _NOTE.fullmatch(line)) and noted[1] in spans:
            spans[noted[1]].note.update(_note(noted[2]))
    kept = {key: _relabelled(span) for key, span in spans.items() if span.label not in ("Token", "Sentence")}
    place = {key: i for i, key in enumerate(kept)}
    relations = [
        Relation(_arrow(_short(m[2]), kept[m[4]]), place[m[3]], place[m[4]])
        for m in arrows.values()
        if m[3] in place and m[4] in place
    ]
    return Annotated(name, text, tuple(kept.values()), tuple(relations))


def _counting(name: str, text: str, bound: list[re.Match[str]]) -> Callable[[int], int]:
    """How to get from the file's offsets to code points: the way in which all words stand at their offsets."""
    wrong = ""
    for make in (_as_it_is, _from_utf16):
        way = make(text)
        wrong = next((m[0] for m in bound if not _fits(text, m, way)), "")
        if not wrong:
            return way
    raise ReadError(f"{name}.ann does not fit its text at “{wrong}”.", advice="Take text and annotations of one export.")


def _fits(text: str, match: re.Match[str], way: Callable[[int], int]) -> bool:
    numbers = [int(n) for n in re.findall(r"\d+", match[3])]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    words = " ".join(text[way(start) : way(end)] for start, end in pairs)
    return words.split() == match[4].split()


def _as_it_is(text: str) -> Callable[[int], int]:
    return lambda offset: offset


def _from_utf16(text: str) -> Callable[[int], int]:
    """From UTF-16 units, in which Java counts, to code points."""
    units = [0]
    for c in text:
        units.append(units[-1] + (2 if ord(c) > 0xFFFF else 1))
    index = {unit: i for i, unit in enumerate(units)}
    return lambda offset: index.get(offset, len(text))


def _short(label: str) -> str:
    """`custom-Span`, as INCEpTION writes a layer's full name, is `Span`."""
    return label.rsplit("-", 1)[-1] if label.startswith(("custom-", "webanno-", "de-")) else label


def _relabelled(span: Span) -> Span:
    label = span.attributes.get("label")
    if span.label != "Span" or not isinstance(label, str):
        return span
    rest = {name: value for name, value in span.attributes.items() if name != "label"}
    return Span(label, span.start, span.end, rest, span.note)


def _arrow(label: str, target: Span) -> str:
    return target.label.lower() if label == "Relation" else label


def _note(text: str) -> dict[str, str]:
    """What `ann` noted; a remark that an annotator wrote is kept as `comment`."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"comment": text}


def _codebook_areas(folder: Path) -> Iterator[str]:
    """Ids of the areas that the dataset's codebook knows, so that an annotator can give them all."""
    if path := codebook_of(folder):
        yield from (area["id"] for area in tomllib.loads(path.read_text("utf-8")).get("areas", ()))


def _annotation_conf(areas: list[str], values: dict[str, set[str]]) -> str:
    parts = {(part_label(t, p), LABELS[t]) for t in LABELS for p in PARTS[t] if p != "aim"} | {("Statement", "Commitment")}
    owners: dict[str, list[str]] = {"Instrument": ["Commitment"]}
    for part, owner in sorted(parts):
        owners.setdefault(part, []).append(owner)
    lines = ["[entities]", *LABELS.values(), *sorted({part for part, _ in parts}), *areas, "", "[relations]"]
    lines += [f"{part.lower()}\tArg1:{'|'.join(found)}, Arg2:{part}" for part, found in sorted(owners.items())]
    lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "", "[events]", "", "[attributes]"]
    for label, attributes in ATTRIBUTES.items():
        for name, column in attributes.items():
            allowed = schema.ALLOWED.get((_TABLES[label], column), ())
            known = [*filter(None, allowed), *sorted(values.get(name, set()) - {*allowed, "True"})]
            lines.append(f"{name}\tArg:{label}" + (f", Value:{'|'.join(known)}" if known else ""))
    if areas:
        lines.append(f"Uncertain\tArg:{'|'.join(areas)}")
    return "\n".join(lines) + "\n"


def _visual_conf(areas: list[str]) -> str:
    lines = ["[labels]", *(f"{a} | {a.removeprefix(AREA).replace('_', ' ')} | {a.removeprefix(AREA)[:8]}" for a in areas)]
    lines += ["", "[drawing]", "SPAN_DEFAULT\tfgColor:black, bgColor:#f7f7f7, borderColor:darken"]
    lines += ["ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5", "ATTRIBUTE_DEFAULT\tglyph:*"]
    lines += [f"{label}\tbgColor:{colour}" for label, colour in _COLOURS.items()]
    lines += [f"{area}\tbgColor:#edf8e9" for area in areas]
    lines += ["Negated\tbox:crossed, glyph:<NONE>, dashArray:<NONE>", "Uncertain\tglyph:?"]
    return "\n".join(lines) + "\n"
