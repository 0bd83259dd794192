"""What holds for every comparison (an empty dataset, one document, any order of rows), and the small dataset to compare."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipeline import compare
from pipeline.compare import frames, intervals
from pipeline.dataset import schema
from pipeline.dataset.formats import frame
from pipeline.errors import SettingsError, StoreError
from pipeline.records import OBLIGATIONS

NAMES = {"the EU": "EU", "EEAS": "EEAS", "Arvenia": "XAA", "Belmark": "XAB", "Corvia": "XAC"}
CUES = {"may": "possible", "intend to": "intended", "intends to": "intended", "will": "committed", "shall": "binding"}
STATEMENT = re.compile(r"([^.:]*?)\b(may|intends? to|will|shall) (\w+)( [^.;]*)?[.;]")
TIMES = {
    "by 2030": "../2030",
    "within six months": "2025-03-18/P6M",
    "every month": "R/P1M",
    "every year": "R/P1Y",
    "from 2027": "2027",
}
#: Words in the order in which `frame` gives them; each line is "areas: text", "# " a heading, "- " an item of a list.
DRAFT = """# Cooperation > Sea
maritime: 1. The EU and Arvenia intend to share ship data by 2030. They thank all sailors for their long service.
maritime: 2. Arvenia will send two boats every year to the common patrol of the northern waters.
# Cooperation > Space
space: 3. The EU and Arvenia will hold a Space Dialogue every year on satellites, debris and the rules of the road.
: 4. Arvenia may open its harbours to visiting crews of the EU.
"""
FINAL = """# Cooperation > Sea
maritime: 1. The EU and Arvenia will share ship data within six months. They thank all sailors for their long service.
maritime: 2. Arvenia may send two boats every year to the common patrol of the northern waters.
# Cooperation > Space
space: 3. The EU and Arvenia will hold a Space Dialogue every month on satellites, debris and the rules of the road.
space;cyber: 5. The EU will warn Arvenia of every cyber attack on satellites, if its law allows, under the Velmora Treaty.
"""
OTHER = """# Cooperation > Sea
maritime: 1. The EU and Belmark will share ship data within six months. They thank all sailors for their long service.
residue: 2. EEAS shall advise Belmark on its defence budget from 2027.
"""
PRESS = """# A new deal
: Arvenia will share ship data with the EU, the minister said.
: The areas are:
- maritime: Sea
- fimi: Lies
"""


def corpus(*documents: tuple[str, str, str, str]) -> dict[str, pd.DataFrame]:
    """Frames of invented documents, each (key, date, parties, text)."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in schema.TABLES}
    for key, date, parties, text in documents:
        ids = {"doc_id": f"id-{key}", "key": key}
        about = {"date": date, "parties": parties, "publisher": f"Ministry of {parties[-3:]}", "short_title": key.title()}
        rows["documents"].append(schema.row("documents", record_id=f"id-{key}", **ids, **about))
        heading, offset = "", 0
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("# "):
                heading = line[2:]
                continue
            areas, _, words = line.removeprefix("- ").partition(": ")
            _passage(
                rows,
                ids | {"heading_path": heading},
                (areas, words, "list_item" if line[0] == "-" else "paragraph"),
                (number, offset),
            )
            offset += len(words) + 1
    return {table: frame(table, found) for table, found in rows.items()}


def _passage(rows: dict, ids: dict, said: tuple[str, str, str], at: tuple[int, int]) -> None:
    areas, words, kind = said
    number, offset = at
    printed = re.match(r"(\d+)\.", words)
    place = ids | {"paragraph": printed[1] if printed else "", "citation": f"{ids['key']}, passage {number}"}
    record = f"{ids['doc_id']}:{offset}-{offset + len(words)}:passage"
    extent = {"start": offset, "end": offset + len(words), "text": words}
    coded = {
        "areas": "" if areas == "residue" else areas,
        "residue": areas == "residue",
        "number": printed[0] if printed else "",
    }
    rows["passages"].append(schema.row("passages", record_id=record, passage=number, kind=kind, **extent, **place, **coded))
    inside = place | {"passage_id": record, "areas": coded["areas"]}
    for match in STATEMENT.finditer(words):
        _commitment(rows, inside, match, offset)
    for name, actor in NAMES.items():
        for match in re.finditer(rf"\b{name}\b", words, re.IGNORECASE):
            _mark(rows, "mentions", {k: v for k, v in inside.items() if k != "areas"} | {"actor_id": actor}, match, offset)
    for match in re.finditer(r"Space Dialogue", words):
        _mark(rows, "mechanisms", inside | {"kind": "dialogue", "frequency": "every month", "action": "set_up"}, match, offset)
    for match in re.finditer(r"the Velmora Treaty", words):
        _mark(rows, "instruments", {k: v for k, v in inside.items() if k != "areas"} | {"kind": "treaty"}, match, offset)


def _mark(rows: dict, table: str, values: dict, match: re.Match[str], offset: int) -> None:
    start, end = offset + match.start(), offset + match.end()
    record = f"{values['doc_id']}:{start}-{end}:{table[:-1]}"
    rows[table].append(schema.row(table, record_id=record, start=start, end=end, text=match.group(), **values))


def _commitment(rows: dict, inside: dict, match: re.Match[str], offset: int) -> None:
    who, cue, aim, rest = (part or "" for part in match.groups())
    bound = [actor for name, actor in NAMES.items() if re.search(name, who, re.IGNORECASE)]
    obligation = CUES[cue]
    time = next((words for words in TIMES if words in rest), "")
    start, end = offset + match.start(3), offset + match.end(3)
    values = {
        "party_ids": ";".join(bound),
        "joint": len(bound) > 1,
        "cue": cue,
        "aim": aim,
        "aim_lemma": aim,
        "object": rest.strip(),
    }
    values |= {
        "obligation": obligation,
        "obligation_level": OBLIGATIONS.index(obligation) + 1,
        "stage": "new",
        "delegation": "none",
    }
    values |= {
        "time": time,
        "time_value": TIMES.get(time, ""),
        "condition": "if its law allows" if "if its law" in rest else "",
    }
    extent = {"start": offset + match.start(), "end": offset + match.end(), "text": match.group().strip()}
    record = f"{inside['doc_id']}:{start}-{end}:commitment"
    rows["commitments"].append(schema.row("commitments", record_id=record, **inside, **extent, **values))


DOCUMENTS = (
    ("draft", "2025-01-14", "EU;XAA", DRAFT),
    ("final", "2025-03-18", "EU;XAA", FINAL),
    ("other", "2026", "EU;XAB", OTHER),
    ("press", "2025-03-18", "EU;XAA", PRESS),
)
SMALL = corpus(*DOCUMENTS)
#: Every comparison of a dataset, called with the documents that it needs.
CALLS: dict[str, Callable[[Any], pd.DataFrame]] = {
    "actor_network": compare.actor_network,
    "align": compare.align,
    "areas_over_time": compare.areas_over_time,
    "due_ledger": lambda data: compare.due_ledger(data, as_of="2026-01-01"),
    "instrument_network": compare.instrument_network,
    "mechanism_grid": compare.mechanism_grid,
    "mechanism_table": compare.mechanism_table,
    "novelty": compare.novelty,
    "template_distance": compare.template_distance,
    "template_tree": lambda data: compare.template_tree(compare.template_distance(data)),
    "who_is_bound": compare.who_is_bound,
}
CALLS |= {f"area_profile {by}": lambda data, by=by: compare.area_profile(data, by=by, n=50) for by in frames.BY}
CALLS |= {
    f"area_profile {unit}": lambda data, unit=unit: compare.area_profile(data, unit=unit, n=50)
    for unit in ("passages", "commitments")
}
CALLS |= {f"firmness {by}": lambda data, by=by: compare.firmness(data, by=by, n=50) for by in frames.BY}
CALLS |= {f"firmness_counts {by}": lambda data, by=by: compare.firmness_counts(data, by=by) for by in frames.BY}
CALLS |= {f"keyness {by}": lambda data, by=by: compare.keyness(data, by, least=1) for by in frames.BY}
PAIRS: dict[str, Callable[[Any, str, str], pd.DataFrame]] = {
    "align_pair": compare.align_pair,
    "announced_areas": compare.announced_areas,
    "announced_headings": lambda data, a, b: compare.announced_headings(data, a, [b]),
    "announcement_gap": compare.announcement_gap,
    "draft_against_final": compare.draft_against_final,
}
#: Not of a dataset but of what others return.
OF_RESULTS = {"newick", "redline", "marked", "template_tree"}


@pytest.fixture
def data() -> dict[str, pd.DataFrame]:
    return SMALL


def shuffled(data: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    return {name: table.sample(frac=1, random_state=seed) for name, table in data.items()}


def test_every_public_function_is_held_by_these_tests() -> None:
    called = {name.split()[0] for name in (*CALLS, *PAIRS)}
    assert called | OF_RESULTS == set(compare.__all__)


@pytest.mark.parametrize("name", compare.__all__)
def test_every_function_states_its_method(name: str) -> None:
    text = inspect.getdoc(getattr(compare, name)) or ""
    assert re.search(r"Method:|after wdiff|Newick", text)


@pytest.mark.parametrize("name", CALLS)
def test_an_empty_dataset_gives_an_empty_table(name: str) -> None:
    full, empty = CALLS[name](SMALL), CALLS[name](corpus())
    assert len(empty) == 0
    if name not in ("mechanism_grid", "template_distance"):  # these have a column a document
        assert list(empty.columns) == list(full.columns)


@pytest.mark.parametrize("name", CALLS)
def test_one_document_is_enough(name: str) -> None:
    found = CALLS[name](corpus(DOCUMENTS[1]))
    alone = ("keyness", "template_tree")  # nothing to be compared with
    assert len(found) > 0 or name.startswith(alone)


@pytest.mark.parametrize("name", CALLS)
def test_a_document_without_words_does_no_harm(name: str) -> None:
    assert CALLS[name](corpus(*DOCUMENTS, ("empty", "", "", ""))) is not None


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_does_not_matter(name: str, seed: int) -> None:
    pd.testing.assert_frame_equal(CALLS[name](shuffled(SMALL, seed)), CALLS[name](SMALL))


@pytest.mark.parametrize("name", PAIRS)
def test_the_order_of_rows_does_not_matter_for_pairs(name: str) -> None:
    pd.testing.assert_frame_equal(PAIRS[name](shuffled(SMALL, 1), "press", "final"), PAIRS[name](SMALL, "press", "final"))


@pytest.mark.parametrize("name", PAIRS)
def test_a_document_beside_itself_or_nothing(name: str) -> None:
    assert len(PAIRS[name](corpus(DOCUMENTS[1]), "final", "final")) > 0
    assert PAIRS[name](corpus(("a", "", "", ""), ("b", "", "", "")), "a", "b").empty
    with pytest.raises(SettingsError, match="no document 'final'"):
        PAIRS[name](corpus(), "final", "final")


def test_a_missing_table_is_named_and_a_later_one_is_empty(data: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(StoreError, match="no table 'passages'"):
        compare.align({"documents": data["documents"]})
    older = {name: table for name, table in data.items() if name not in ("mechanisms", "instruments")}
    assert compare.mechanism_table(older).empty
    assert compare.firmness(older, n=0)["with_mechanism"].isna().all()


def test_columns_that_an_older_dataset_lacks_are_empty(data: dict[str, pd.DataFrame]) -> None:
    older = data | {"commitments": data["commitments"].drop(columns=["precision", "delegation"])}
    found = compare.firmness(older, n=0)
    assert found["precision"].isna().all()
    assert found["delegated"].isna().all()


def test_groups_of_documents(data: dict[str, pd.DataFrame]) -> None:
    assert dict(frames.groups(data, "partner").to_numpy()) == {"draft": "XAA", "final": "XAA", "press": "XAA", "other": "XAB"}
    assert set(frames.groups(data, "partner", home="XAA")["group"]) == {"EU", "XAB"}
    assert set(frames.groups(data, "year")["group"]) == {"2025", "2026"}
    with pytest.raises(SettingsError, match="colour"):
        frames.groups(data, "colour")


def test_an_organ_stands_for_its_party() -> None:
    assert frames.party_behind("EEAS", ["EU", "XAA"]) == "EU"
    assert frames.party_behind("XAA_NAVY", ["EU", "XAA"]) == "XAA"
    assert frames.party_behind("NATO", ["EU", "XAA"]) == ""
    assert frames.party_behind("name:Ada_EU", ["EU", "name"]) == ""


def test_the_bootstrap_finds_the_spread_of_a_known_ratio() -> None:
    import numpy as np

    top = np.random.default_rng(0).binomial(1, 0.3, size=(400, 1)).astype(float)
    low, high = intervals.ratios(top, np.ones((400, 1)), n=2000, seed=1, name="a")
    half = 1.96 * np.sqrt(0.3 * 0.7 / 400)  # what theory says
    assert (high[0] - low[0]) / 2 == pytest.approx(half, rel=0.1)
    again = intervals.ratios(top, np.ones((400, 1)), n=2000, seed=1, name="a")
    assert (low[0], high[0]) == (again[0][0], again[1][0])


def test_a_grid_says_levels_in_words() -> None:
    changed = SMALL | {"mechanisms": SMALL["mechanisms"].assign(level="senior_officials")}
    assert "Space Dialogue (senior officials, every month)" in compare.mechanism_grid(changed)["final"].tolist()


def test_ways_of_writing_one_forum_are_one_name_across_documents():
    one, *others = SMALL["mechanisms"].to_dict("records")
    names = ("U.S.-EU Task Force", "EU-US Taskforce", "EU-US Taskforce")
    rows = [one | {"text": name, "kind": "working_group", "cue_end": 0} for name in names]
    told = compare.mechanism_table(SMALL | {"mechanisms": pd.DataFrame([*rows, *others])})["names"]
    assert "EU-US Taskforce" in set(told) and not told.str.contains("U.S.-EU").any()
