"""Runs over many documents, with a fake analyser: failures, changes, workers, kills."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import fakes
import pandas as pd
import pytest

from pipeline import batch, dataset, store
from pipeline.batch import Job, Summary
from pipeline.dataset import schema
from pipeline.errors import PipelineError, SettingsError
from pipeline.records import Analysis

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for i in range(6):
        (folder / f"doc{i}.txt").write_text(f"{fakes.TEXT}{i}. Arvenia will visit Belmark {i} times.\n" + "More.\n" * i)
    return folder


def go(sources: Path, out: Path, make: Callable[[], fakes.FakeAnalyser] = fakes.make, **options: object) -> Summary:
    jobs = [Job(p) for p in sorted(sources.rglob("*.txt"))]
    return batch.run(jobs, out, make_analyser=make, **({"settings_id": fakes.SETTINGS} | options))


def tables(out: Path) -> dict[str, pd.DataFrame]:
    dataset.build(out)
    data = dataset.load_dataset(out)
    return {name: data.table(name) for name in schema.TABLES}


def assert_same(first: dict[str, pd.DataFrame], second: dict[str, pd.DataFrame]) -> None:
    for name in schema.TABLES:
        pd.testing.assert_frame_equal(first[name], second[name])


def test_a_run_counts_and_reports(sources: Path, tmp_path: Path) -> None:
    heard = []
    summary = go(sources, tmp_path / "out", progress=lambda done, total, source: heard.append((done, total)))
    assert (summary.documents, summary.analysed, summary.failures, summary.pending) == (6, 6, 0, 0)
    assert summary.passages == len(tables(tmp_path / "out")["passages"])
    assert summary.commitments == len(tables(tmp_path / "out")["commitments"])
    assert heard == [(i, 6) for i in range(7)]


def test_a_second_run_does_nothing(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "out")
    assert dataset.build(tmp_path / "out")
    summary = go(sources, tmp_path / "out", fakes.make_none)
    assert (summary.documents, summary.analysed, summary.unchanged) == (6, 0, 6)
    assert not dataset.build(tmp_path / "out")


def test_a_touched_file_is_not_a_changed_one(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "out")
    (sources / "doc0.txt").touch()
    assert go(sources, tmp_path / "out", fakes.make_none).analysed == 0


def test_only_new_and_changed_documents_are_done_again(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "out")
    (sources / "doc0.txt").write_text("Arvenia will sail.")
    (sources / "new.txt").write_text("Belmark will fly.")
    summary = go(sources, tmp_path / "out")
    assert (summary.documents, summary.analysed, summary.unchanged) == (7, 2, 5)
    go(sources, tmp_path / "fresh")
    assert_same(tables(tmp_path / "out"), tables(tmp_path / "fresh"))


def test_other_settings_or_catalogue_entries_do_it_again(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "out")
    assert go(sources, tmp_path / "out", settings_id="other").analysed == 6
    job = Job(sources / "doc0.txt", entry={"title": "Another title", "file": "doc0.txt"})
    for analysed in (1, 0):
        options = {"make_analyser": fakes.make, "settings_id": "other"}
        assert batch.run([job], tmp_path / "out", **options).analysed == analysed
    assert "Another title" in set(tables(tmp_path / "out")["documents"]["title"])


def test_a_damaged_part_is_done_again(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "out")
    before = tables(tmp_path / "out")
    next((tmp_path / "out/parts").iterdir()).write_bytes(b"damaged")
    assert go(sources, tmp_path / "out").analysed == 1
    assert_same(before, tables(tmp_path / "out"))


def test_a_part_damaged_after_the_run_is_a_failure_until_it_is_done_again(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "out")
    part = next((tmp_path / "out/parts").iterdir())
    whole = part.read_bytes()
    part.write_bytes(b"damaged")
    assert list(tables(tmp_path / "out")["failures"]["stage"]) == ["store"]
    part.write_bytes(whole)
    assert tables(tmp_path / "out")["failures"].empty


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_document_is_a_row_of_failures(sources: Path, tmp_path: Path, workers: int) -> None:
    (sources / "fault.txt").write_text("FAULT")
    (sources / "refuse.txt").write_text("REFUSE")
    jobs = [Job(p) for p in sorted(sources.iterdir())] + [Job(sources / "missing.txt")]
    run = {"make_analyser": fakes.make, "settings_id": fakes.SETTINGS, "workers": workers}
    summary = batch.run(jobs, tmp_path / "out", **run)
    assert (summary.documents, summary.failed, summary.failures) == (6, 3, 3)
    failures = tables(tmp_path / "out")["failures"].set_index("key")
    assert list(failures.loc["refuse", ["stage", "error", "message", "advice"]]) == [
        "read",
        "ReadError",
        "The file is encrypted.",
        "Save it without a password.",
    ]
    assert list(failures.loc["fault", ["stage", "error"]]) == ["annotate", "ValueError"]
    assert list(failures.loc["missing", ["stage", "error"]]) == ["read", "FileNotFoundError"]
    again = batch.run(jobs, tmp_path / "out", **(run | {"make_analyser": fakes.make_none}))
    assert (again.analysed, again.failed, again.failures) == (0, 1, 3)


def test_failures_can_be_made_pending_again(sources: Path, tmp_path: Path) -> None:
    (sources / "refuse.txt").write_text("REFUSE")
    go(sources, tmp_path / "out")
    with store.Store(tmp_path / "out") as opened:
        assert opened.forget_failures() == 1
    assert go(sources, tmp_path / "out").failed == 1


def test_a_lone_surrogate_costs_only_its_document(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fakes.analysis_of
    monkeypatch.setattr(
        fakes, "analysis_of", lambda text, **o: whole(text, **(o | {"name": "\ud800"} if "5 times" in text else o))
    )
    summary = go(sources, tmp_path / "out")
    assert (summary.analysed, summary.failed) == (5, 1)


def test_two_workers_make_the_tables_of_one(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "one")
    go(sources, tmp_path / "two", workers=2)
    assert_same(tables(tmp_path / "one"), tables(tmp_path / "two"))


def test_a_worker_that_dies_costs_its_document_and_is_tried_again(sources: Path, tmp_path: Path) -> None:
    (sources / "crash.txt").write_text("CRASH")
    (sources / "crash2.txt").write_text("CRASH again")
    summary = go(sources, tmp_path / "out", workers=2)
    assert (summary.documents, summary.failed) == (6, 2)
    assert set(tables(tmp_path / "out")["failures"]["error"]) == {"WorkerDied"}
    (sources / "crash.txt").write_text("Calm now.")
    again = go(sources, tmp_path / "out", workers=2)
    assert (again.documents, again.analysed, again.failed) == (7, 1, 1)


def broken() -> fakes.FakeAnalyser:
    raise SettingsError("The model is not installed.")


def dying() -> fakes.FakeAnalyser:
    fakes._crash()
    raise AssertionError


@pytest.mark.parametrize("make", [broken, dying])
def test_an_analyser_that_cannot_be_made_ends_the_run(
    sources: Path, tmp_path: Path, make: Callable[[], fakes.FakeAnalyser]
) -> None:
    with pytest.raises(PipelineError, match=r"not installed|while starting"):
        go(sources, tmp_path / "out", make, workers=2)
    assert go(sources, tmp_path / "out").documents == 6


class NoModel(fakes.FakeAnalyser):
    """Loads its models on first use, as the real one does."""

    def analyse(self, path: Path, entry: dict[str, str] | None = None) -> Analysis:
        raise SettingsError("The model is not installed.")


@pytest.mark.parametrize("workers", [1, 2])
def test_wrong_settings_are_no_fault_of_a_document(sources: Path, tmp_path: Path, workers: int) -> None:
    with pytest.raises(SettingsError, match="not installed"):
        go(sources, tmp_path / "out", NoModel, workers=workers)
    assert store.read_ledger(tmp_path / "out") == []


def test_ctrl_c_stops_and_says_how_to_go_on(sources: Path, tmp_path: Path) -> None:
    def interrupt(done: int, total: int, source: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    for workers in (1, 2):
        out = tmp_path / f"out{workers}"
        summary = go(sources, out, progress=interrupt, workers=workers)
        assert (summary.interrupted, summary.pending, summary.analysed) == (True, 4, 2)
        assert "Run the same command again" in summary.how_to_go_on
        assert go(sources, out).analysed == 4


def test_equal_bytes_are_analysed_once(sources: Path, tmp_path: Path) -> None:
    (sources / "copy.txt").write_bytes((sources / "doc0.txt").read_bytes())
    go(sources, tmp_path / "out")
    summary = go(sources, tmp_path / "out", fakes.make_none)
    assert (summary.documents, summary.failures, summary.duplicates) == (6, 0, 1)
    failures = tables(tmp_path / "out")["failures"]
    assert list(failures["error"]) == ["Duplicate"]
    assert "same bytes as copy.txt" in failures["message"][0]
    (sources / "copy.txt").write_text("Something else.")
    summary = go(sources, tmp_path / "out")
    assert (summary.documents, summary.duplicates) == (7, 0)


def test_a_moved_file_is_no_duplicate(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "out")
    (sources / "doc0.txt").rename(sources / "renamed.txt")
    summary = go(sources, tmp_path / "out")
    assert (summary.documents, summary.duplicates) == (6, 0)
    assert "renamed" in set(tables(tmp_path / "out")["documents"]["key"])


def test_keys_are_unique_and_stay(sources: Path, tmp_path: Path) -> None:
    go(sources, tmp_path / "out")
    (sources / "before").mkdir()
    (sources / "before/doc0.txt").write_text("Corvia will meet.")
    go(sources, tmp_path / "out")
    documents = tables(tmp_path / "out")["documents"].set_index("doc_id")
    new = documents[documents["chars"] == 17]
    assert list(new["key"]) == [f"doc0-{new.index[0][:6]}"]
    assert documents["key"].is_unique
    assert go(sources, tmp_path / "out", fakes.make_none).unchanged == 7


@pytest.mark.slow
def test_a_run_killed_ten_times_completes_as_if_it_never_was(tmp_path: Path) -> None:
    sources, out = tmp_path / "in", tmp_path / "out"
    sources.mkdir()
    for i in range(120):
        (sources / f"doc{i}.txt").write_text(f"{fakes.TEXT}SLOW {i}\n")
    (sources / "copy.txt").write_bytes((sources / "doc7.txt").read_bytes())
    (sources / "fault.txt").write_text("FAULT")
    chance = random.Random(20)
    command = [sys.executable, Path(__file__).with_name("kill_run.py"), sources, out]
    done = [0]
    for i in range(10):
        process = subprocess.Popen([*command, str(1 + i % 2)], env=os.environ | {"PYTHONPATH": str(ROOT)})
        wait_for_work(process, out, done[-1])
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        process.wait()
        done.append(len(store.read_ledger(out)))
    assert done == sorted(done)
    assert 0 < done[-1] < 122
    go(sources, out, workers=2)
    go(sources, tmp_path / "calm")
    assert_same(tables(out), tables(tmp_path / "calm"))
    assert len(list((out / "parts").iterdir())) == 120


def wait_for_work(process: subprocess.Popen[bytes], out: Path, before: int) -> None:
    """Waits until the run has entered something new, so that the kill falls into its work and not into its imports."""
    for _ in range(2000):
        if process.poll() is not None or (out.is_dir() and len(store.read_ledger(out)) > before):
            return
        time.sleep(0.005)
