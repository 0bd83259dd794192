"""Rows made from an analysis."""

import dataclasses

import fakes
import pytest

from pipeline.dataset import schema, tables
from pipeline.records import Commitment, Extent, Tag


@pytest.fixture
def rows() -> tables.Tables:
    return tables.tables_of(fakes.analysis_of(fakes.TEXT))


def test_rows_have_the_columns_of_the_schema(rows: tables.Tables) -> None:
    for table, found in rows.items():
        for row in found:
            assert tuple(row) == schema.NAMES[table]
            assert row["record_id"] and schema.table_of(row["record_id"]) == table
            for column in schema.COLUMNS[table]:
                kind = {"string": str, "integer": int | None, "number": float | None, "boolean": bool}[column.type]
                assert isinstance(row[column.name], kind), column.name


def test_ids_are_unique_and_offsets_true(rows: tables.Tables) -> None:
    for table, found in rows.items():
        assert len({r["record_id"] for r in found}) == len(found)
        if "text" in schema.NAMES[table]:
            assert all(fakes.TEXT[r["start"] : r["end"]] == r["text"] for r in found)


def test_a_commitment_is_told_with_its_place(rows: tables.Tables) -> None:
    first, second, third = rows["commitments"][:3]
    assert first["record_id"].endswith(f"{fakes.TEXT.index('hold')}-{fakes.TEXT.index('hold') + 4}:commitment")
    assert first["citation"] == "Arvenia-Belmark SDP 2025, para. 1"
    assert first["heading_path"] == "Arvenia-Belmark Security and Defence Partnership"
    assert first["sentence"] == "Arvenia and Belmark will hold a dialogue on maritime security by 2030."
    assert (first["obligation_level"], first["time"], first["party_ids"], first["joint"]) == (3, "by 2030", "XAA;XAB", True)
    assert second["sentence"] == "The Parties will meet."
    assert (third["passage_id"], third["paragraph"]) == (rows["passages"][2]["record_id"], "2")


def test_areas_follow_the_evidence_in_the_sentence(rows: tables.Tables) -> None:
    first, second, third = rows["commitments"][:3]
    assert (first["areas"], first["area_weight"]) == ("maritime;peacebuilding", 0.5)
    assert second["areas"] == "maritime;peacebuilding"  # no evidence of its own: all of the passage's
    assert (third["areas"], third["area_weight"]) == ("", None)
    near = fakes.analysis_of("The dialogue is open. We will hold maritime exercises.")
    assert [r["areas"] for r in tables.tables_of(near)["commitments"]] == ["maritime"]


def test_uncertain_tags_are_no_areas() -> None:
    analysis = fakes.analysis_of("We will train.")
    tag = Tag(0, 14, "maritime", 0.4, (Extent(8, 13),), status="uncertain")
    found = tables.tables_of(dataclasses.replace(analysis, area_tags=(tag,)))
    assert (found["passages"][0]["areas"], found["passages"][0]["uncertain_areas"]) == ("", "maritime")
    assert found["commitments"][0]["areas"] == ""
    assert found["tags"][0]["evidence"] == "train"


def test_the_residue_has_no_area(rows: tables.Tables) -> None:
    assert [(r["text"], r["residue_terms"]) for r in rows["passages"] if r["residue"]] == [("will train together", "train")]


def test_offsets_in_a_cell_are_read_back() -> None:
    assert list(schema.offsets("120-131;140-152")) == [(120, 131), (140, 152)]
    assert list(schema.offsets("")) == []


def test_a_commitment_outside_every_block_keeps_its_row() -> None:
    analysis = fakes.analysis_of("# Heading will do\n")
    away = Commitment(0, 1, "We", Extent(0, 1), Extent(0, 1), "intended")
    analysis = dataclasses.replace(analysis, annotations=dataclasses.replace(analysis.annotations, commitments=(away,)))
    row = tables.tables_of(analysis)["commitments"][0]
    assert (row["passage_id"], row["obligation_level"]) == ("", 2)


def test_precision_and_delegation_stand_beside_obligation() -> None:
    analysis = fakes.analysis_of("Arvenia will meet by 2030 under the Harbour Pact.")
    firm = dataclasses.replace(analysis.annotations.commitments[0], time_value="../2030", actor_at=Extent(0, 7), end=48)
    analysis = dataclasses.replace(analysis, annotations=dataclasses.replace(analysis.annotations, commitments=(firm,)))
    rows = tables.tables_of(analysis)
    (row,) = rows["commitments"]
    assert (row["precision"], row["precision_evidence"]) == (2, "who: Arvenia | when: by 2030")
    assert (row["delegation"], row["delegation_evidence"]) == ("instrument", "instrument: Harbour Pact")
    (instrument,) = rows["instruments"]
    assert (instrument["text"], instrument["nature"], instrument["cue"]) == ("Harbour Pact", "binding", "under")
    assert instrument["commitment_ids"] == row["record_id"]


def test_a_mechanism_is_told_with_its_sentence(rows: tables.Tables) -> None:
    (row,) = rows["mechanisms"]
    assert (row["text"], row["action"], row["level"], row["areas"]) == (
        "dialogue on maritime security",
        "set_up",
        "ministers",
        "maritime",
    )
    assert row["sentence"].startswith("Arvenia and Belmark will hold")
    assert row["citation"] == "Arvenia-Belmark SDP 2025, para. 1"
