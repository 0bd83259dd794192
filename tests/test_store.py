"""Parts, ledger and lock of a run's folder."""

import dataclasses
import sqlite3
from pathlib import Path

import fakes
import pytest

from pipeline import store
from pipeline.errors import StoreError
from pipeline.store import Entry, Store

ROW = Entry("/in/a.txt", "a", "", 10, "", fakes.SETTINGS, "done")


def put(opened: Store, row: Entry = ROW, text: str = fakes.TEXT) -> Entry:
    """Writes and records the fake analysis of a text."""
    analysis = fakes.analysis_of(text)
    temporary, digest = store.write_part(opened.parts, analysis)
    part = store.part_name(analysis.document.doc_id, fakes.SETTINGS)
    row = dataclasses.replace(row, sha256=analysis.document.doc_id, part=part, part_sha256=digest)
    opened.record(row, temporary)
    return row


def test_a_part_comes_back_as_it_was_written(tmp_path: Path) -> None:
    with Store(tmp_path) as opened:
        row = put(opened)
    assert store.read_part(tmp_path / "parts" / row.part) == fakes.analysis_of(fakes.TEXT)
    assert [e for e, _ in store.analyses(tmp_path)] == [row]


def test_the_same_analysis_is_the_same_bytes(tmp_path: Path) -> None:
    first = store.write_part(tmp_path, fakes.analysis_of(fakes.TEXT))[1]
    assert store.write_part(tmp_path, fakes.analysis_of(fakes.TEXT))[1] == first


def test_a_changed_input_drops_its_old_part(tmp_path: Path) -> None:
    with Store(tmp_path) as opened:
        put(opened)
        new = put(opened, text="Arvenia will meet.")
        assert [p.name for p in opened.parts.iterdir()] == [new.part]


def test_a_part_of_two_inputs_stays_until_both_are_gone(tmp_path: Path) -> None:
    with Store(tmp_path) as opened:
        put(opened)
        row = put(opened, dataclasses.replace(ROW, source="/in/b.txt", key="b"))
        opened.forget("/in/a.txt")
        assert opened.is_whole(row)
        opened.forget("/in/b.txt")
        assert not list(opened.parts.iterdir())


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    with Store(tmp_path) as opened:
        row = put(opened)
        store.write_part(opened.parts, fakes.analysis_of("Arvenia will meet."))
        (opened.parts / "0123-orphan.json.gz").write_bytes(b"")
    with Store(tmp_path) as opened:
        assert [p.name for p in opened.parts.iterdir()] == [row.part]


def test_a_damaged_part_is_seen(tmp_path: Path) -> None:
    with Store(tmp_path) as opened:
        row = put(opened)
        path = opened.parts / row.part
        path.write_bytes(path.read_bytes()[:-5])
        assert not opened.is_whole(row)
    with pytest.raises(StoreError, match="cannot be read"):
        store.read_part(path)


def test_two_runs_cannot_write_to_one_folder(tmp_path: Path) -> None:
    with Store(tmp_path), pytest.raises(StoreError, match="Another run"):
        Store(tmp_path)
    Store(tmp_path).close()


def test_the_ledger_can_be_read_while_a_run_writes(tmp_path: Path) -> None:
    with Store(tmp_path) as opened:
        row = put(opened)
        assert store.read_ledger(tmp_path) == [row]


def test_a_ledger_of_another_form_is_refused(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / store.LEDGER) as db:
        db.execute("UPDATE meta SET value = '99'")
    with pytest.raises(StoreError, match="has the form 99"):
        Store(tmp_path)


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / store.LEDGER).write_bytes(b"not a database, but long enough to look at" * 10)
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path)
    (tmp_path / store.LEDGER).unlink()
    Store(tmp_path).close()  # the refused one left no lock behind


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        Store(tmp_path / "file")


def test_the_state_follows_what_the_folder_holds(tmp_path: Path) -> None:
    with Store(tmp_path) as opened:
        put(opened)
        first = store.state_of(opened.entries())
        put(opened, text="Arvenia will meet.")
        assert store.state_of(opened.entries()) != first
