"""The sample documents: complete, reproducible to the byte, in accord with `expected.json`, and nobody else's sentences."""

import csv
import importlib.util
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.codebook.actors import read_actors
from pipeline.ingest.catalogue import read_catalogue
from pipeline.records import DOC_TYPES, LEGAL_STATUSES, OBLIGATIONS

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
EXPECTED = json.loads((CORPUS / "expected.json").read_text("utf-8"))
KEYS = sorted(EXPECTED["documents"])
NOTICE = re.compile(r"Sample document written for the Pactscope project; the partner states? .+ (does|do) not exist\.")
RUN = 10
WORD = re.compile(r"[a-z0-9']+")


@pytest.fixture(scope="session")
def build() -> ModuleType:
    """`corpus/build.py`, which finds its neighbours as a script does."""
    sys.path.insert(0, str(CORPUS))
    spec = importlib.util.spec_from_file_location("build", CORPUS / "build.py")
    assert spec and spec.loader
    module = sys.modules["build"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def written(build: ModuleType) -> dict:
    return {source.meta["key"]: source for source in build.sources()}


def english(source) -> Iterator:
    """The parts of a source with the heading above, without those in another language; tracked changes accepted."""
    language, heading = "en", ""
    for part in source.parts:
        language = part.text if part.kind == "language" else language
        heading = part.text if part.kind == "heading" else heading
        if language == "en" and part.kind != "language":
            yield part, heading


def accepted(text: str) -> str:
    return re.sub(r"\{\+(.*?)\+\}", r"\1", re.sub(r"\{-.*?-\}|\[\^\d+\]", "", text))


def plain(source) -> str:
    return accepted("\n".join(part.text for part, _ in english(source)))


def under(source, number: str) -> str:
    """All text of a numbered paragraph with its items; of a treaty, of the article of that number."""
    if source.meta["doc_type"] == "treaty":
        return "\n".join(part.text for part, heading in english(source) if heading.startswith(f"Article {number}."))
    found, inside = [], False
    for part, _ in english(source):
        if part.number and part.kind == "paragraph":
            inside = part.number.rstrip(".") == number
        elif part.kind == "heading":
            inside = False
        if inside:
            found.append(accepted(part.text))
    return "\n".join(found)


def test_catalogue_names_every_document_and_only_those() -> None:
    entries = read_catalogue(CORPUS / "catalogue.csv")
    assert sorted(entry.key for entry in entries) == KEYS
    assert {Path(entry.file).name for entry in entries} == {path.name for path in (CORPUS / "documents").iterdir()}


def test_there_is_what_was_promised() -> None:
    kinds = [entry.doc_type for entry in read_catalogue(CORPUS / "catalogue.csv")]
    counts = {kind: kinds.count(kind) for kind in DOC_TYPES if kind in kinds}
    assert counts == {
        "press_release": 5,
        "joint_statement": 1,
        "agreement": 4,
        "agreement_draft": 1,
        "treaty": 1,
        "readout": 1,
        "speech": 1,
    }
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file() and "training" not in path.parts) < 2_000_000


def test_official_documents_have_addresses() -> None:
    entries = read_catalogue(CORPUS / "official.csv")
    assert entries and all(entry.url.startswith("https://") and not entry.file for entry in entries)


def test_gazetteer_of_invented_actors() -> None:
    actors = {actor.id: actor for actor in read_actors(CORPUS / "actors.csv")}
    states = [actor for actor in actors.values() if actor.kind == "state"]
    assert [state.id for state in states] == ["XAA", "XAB", "XAC", "XAD", "XAE"]
    assert all(state.capital and state.demonym for state in states)
    speakers = {q["speaker"] for d in EXPECTED["documents"].values() for q in d["quotations"]}
    assert speakers <= set(actors)


def test_build_gives_the_same_bytes(build: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("fpdf", reason="fpdf2, which makes the PDF files, is not installed")
    made = build.build(tmp_path)
    different = [path.name for path in made if path.read_bytes() != (CORPUS / "documents" / path.name).read_bytes()]
    assert not different
    assert (tmp_path / "catalogue.csv").read_bytes() == (CORPUS / "catalogue.csv").read_bytes()


@pytest.mark.parametrize("key", KEYS)
def test_each_says_at_its_head_what_it_is(written: dict, key: str) -> None:
    assert NOTICE.fullmatch(written[key].parts[0].text)


@pytest.mark.parametrize("key", KEYS)
def test_metadata_as_expected(written: dict, key: str) -> None:
    meta, facts = written[key].meta, EXPECTED["documents"][key]
    assert {name: meta[name] for name in ("parties", "date", "doc_type", "legal_status")}.items() <= facts.items()
    assert meta.get("announced_status") == facts.get("announced_status")
    assert facts["doc_type"] in DOC_TYPES and facts["legal_status"] in LEGAL_STATUSES


@pytest.mark.parametrize("key", KEYS)
def test_numbered_paragraphs_and_areas(written: dict, key: str) -> None:
    facts, numbers, areas = EXPECTED["documents"][key], [], {}
    names = area_names()
    for part, heading in english(written[key]):
        if part.kind == "paragraph" and part.number:
            numbers.append(part.number)
            area = names.get(re.sub(r"^\d+\. ", "", heading).removesuffix(" and irregular migration"))
            if area:
                areas.setdefault(area, []).append(part.number.rstrip("."))
    assert len(numbers) == facts["numbered_paragraphs"]
    assert areas == facts["areas_under_headings"]
    if "agreement" in facts["doc_type"]:
        assert 25 <= len(numbers) <= 40


@pytest.mark.parametrize("key", KEYS)
def test_commitments_stand_in_the_text(written: dict, key: str) -> None:
    text = plain(written[key])
    for fact in EXPECTED["documents"][key]["commitments"]:
        place = under(written[key], fact["number"]) if "number" in fact else text
        assert fact["text"] in place, fact
        # In a reported statement the verb of saying, and so the cue, can stand before the words quoted here.
        assert all(word in place.split() for word in fact["cue"].split()), fact
        assert fact["aim"] in fact["text"] + place, fact
        assert fact["obligation"] in OBLIGATIONS
        assert all(fact.get(name, "") in place for name in ("time", "condition")), fact


@pytest.mark.parametrize("key", KEYS)
def test_other_facts_stand_in_the_text(written: dict, key: str) -> None:
    text, facts = plain(written[key]), EXPECTED["documents"][key]
    for fact in facts["not_commitments"] + facts["deadlines"]:
        assert fact["text"] in text, fact
    for quotation in facts["quotations"]:
        start = text.index(quotation["first"])
        assert quotation["last"] in text[start:], quotation
        assert quotation["cue"] in text


def test_differences_between_the_agreements(written: dict) -> None:
    shared_text = ("reaffirm their commitment to uphold the Charter of the United Nations", "bears its own costs")
    for key, facts in EXPECTED["agreements"].items():
        text = plain(written[key])
        for name in ("strategic_dialogue", "cyber_dialogue", "review", "urgent_consultations", "attack_notice"):
            assert facts[name] == "none" or facts[name] in text, (key, name)
        left_out = [area for area in facts["areas_left_out"] if " " not in area]
        assert not set(left_out) & set(EXPECTED["documents"][key]["areas_under_headings"])
        assert all(heading in text for heading in facts["areas_added"])
        assert shared_text[0] in text and (key == "eu-belmark-sdp" or shared_text[1] in text)


def test_changes_from_draft_to_final(written: dict) -> None:
    for change in EXPECTED["draft_to_final"]:
        for version, key in (("draft", "eu-arvenia-sdp-draft"), ("final", "eu-arvenia-sdp")):
            number = change[f"{version}_number"]
            assert change[version] in (under(written[key], number) if number else ""), change
    final = plain(written["eu-arvenia-sdp"])
    assert not [c for c in EXPECTED["draft_to_final"] if len(c["draft"]) > 20 and c["draft"] in final]


def test_word_file_leaves_its_numbers_to_word() -> None:
    with zipfile.ZipFile(CORPUS / "documents" / "eu-belmark-sdp.docx") as archive:
        text = archive.read("word/document.xml").decode()
    assert "<w:ins " in text and "<w:del " in text and "<w:tbl>" in text and "footnoteReference" in text
    assert not re.search(r">(3\.2 |3\. |\(b\) )", text)


def area_names() -> dict[str, str]:
    """The areas' ids by their official wording; migration cut off, as one agreement leaves it out."""
    data = tomllib.loads((ROOT / "pipeline" / "codebook" / "areas.toml").read_text("utf-8"))
    areas = data.get("areas", data.get("area"))
    rows = areas if isinstance(areas, list) else [{"id": name, **area} for name, area in areas.items()]
    return {row["wording"].removesuffix(" and irregular migration"): row["id"] for row in rows}


def runs(text: str, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All stretches of `RUN` words; the official names of the areas count as ends of the text."""
    text = text.lower().replace("’", "'")
    for stretch in re.split("|".join(re.escape(name.lower()) for name in names) or r"\Z", text):
        words = WORD.findall(stretch)
        yield from zip(*(words[n:] for n in range(RUN)), strict=False)


@pytest.mark.shared
def test_no_sentence_of_the_shared_documents(shared: Path) -> None:
    names = tuple(area_names())
    # official.csv holds titles and addresses of real documents; of the page templates only what a reader sees counts.
    files = [*(CORPUS / "sources").rglob("*.*"), CORPUS / "actors.csv", CORPUS / "partnerships.csv", CORPUS / "README.md"]
    markup = re.compile(r"<(script|style).*?</\1>|<[^>]+>", re.S)
    own = {run: file.name for file in files for run in runs(markup.sub(" ", file.read_text("utf-8")), names)}
    found = set()
    for folder in ("realdocs", "train", "gold"):
        for file in (shared / folder).rglob("*"):
            if file.suffix in {".md", ".txt", ".jsonl", ".html"}:
                found |= {(own[run], " ".join(run)) for run in runs(file.read_text("utf-8", "replace")) if run in own}
    assert not found


def test_catalogue_cells_are_plain() -> None:
    with (CORPUS / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
