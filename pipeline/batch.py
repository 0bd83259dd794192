"""Runs many documents into a folder: only what is new or changed, one bad document a row of `failures`, ready to be stopped.

What a failure means for the next run: one that lies in the document (encrypted, no text layer, a fault met in it) stays as it
is while bytes, catalogue entry and settings stay; one that lies in the moment (`TRANSIENT`) is tried again;
`Store.forget_failures` makes all of them pending.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline import store
from pipeline.errors import CodebookError, PipelineError, ReadError, SettingsError
from pipeline.records import Analysis
from pipeline.roundtrip import to_json
from pipeline.store import Entry, Store
from pipeline.workers import Died, each

if TYPE_CHECKING:
    from pipeline.settings import Settings

#: Failures of the moment, not of the document: memory ran out, a process was killed, a file could not be opened.
TRANSIENT = frozenset({"WorkerDied", "MemoryError", "OSError", "PermissionError", "FileNotFoundError"})
Progress = Callable[[int, int, str], None]


class Coder(Protocol):
    """What analyses a document; `analyse.Analyser` is one."""

    def analyse(self, path: Path, entry: Any = None) -> Analysis:
        """The analysis of a file; raises PipelineError."""


@dataclass(frozen=True, slots=True)
class Job:
    """A document to be done.

    Attributes:
        path: the file.
        key: readable name; empty for one made from the file's name. Made unique in the folder.
        entry: its row of a catalogue (`ingest.catalogue.Entry`), handed to the analyser; a dataclass or a dict.
    """

    path: Path
    key: str = ""
    entry: Any = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, and what its folder now holds.

    Attributes:
        documents, passages, commitments, failures, duplicates: in the folder, over all its runs.
        analysed, failed: in this run.
        unchanged: inputs of this run that were done before.
        pending: inputs of this run that are still to do, 0 unless it was interrupted.
        seconds: wall-clock time.
    """

    documents: int
    passages: int
    commitments: int
    failures: int
    duplicates: int
    analysed: int
    failed: int
    unchanged: int
    pending: int
    seconds: float

    @property
    def interrupted(self) -> bool:
        """Whether it was stopped before its end."""
        return self.pending > 0

    @property
    def how_to_go_on(self) -> str:
        """What to tell a user whose run was stopped; empty if it was not."""
        if not self.interrupted:
            return ""
        return f"Stopped with {self.pending} documents to do. Run the same command again to go on; nothing done so far is lost."


@dataclass(frozen=True, slots=True)
class _Task:
    """A pending document: what its ledger row will say, and what the analyser needs."""

    path: Path
    entry: Any
    row: Entry
    parts: Path


def run(
    jobs: Iterable[Job],
    out: Path,
    *,
    make_analyser: Callable[[], Coder],
    settings_id: str,
    workers: int = 1,
    progress: Progress | None = None,
) -> Summary:
    """Analyses what is pending among `jobs` into the folder `out`; the same parts whatever `workers` is.

    Args:
        make_analyser: called once in each worker, and not at all if nothing is pending; must pickle if there are workers.
        settings_id: hash of all that changes results.
        workers: processes; 1 works in this process, where a crash of a library ends the run (the next one goes on).
        progress: called with documents done, documents to do, and the last one's source.

    Raises:
        StoreError: another run is writing to `out`, an incompatible version wrote it, or a part cannot be written.
        PipelineError: the analyser cannot be set up, as with a SettingsError or CodebookError.
    """
    began = time.monotonic()
    say = progress or (lambda done, total, source: None)
    with Store(out) as opened:
        plan = _plan(list(jobs), opened, settings_id)
        tasks = plan.tasks
        say(0, len(tasks), "")
        outcomes: dict[Entry, str] = {}
        row = None
        results = _results(tasks, make_analyser, workers)
        try:
            for row, temporary in results:
                opened.record(row, temporary)
                outcomes[row] = row.status
                say(len(outcomes), len(tasks), row.shown)
        except KeyboardInterrupt:  # told by `Summary.interrupted`; it may have come between the ledger and the count
            outcomes |= {e: e.status for e in opened.entries() if e == row}
        finally:
            results.close()
        return _summary(opened.entries(), plan, list(outcomes.values()), seconds=time.monotonic() - began)


def analyser_of(settings: Settings) -> Callable[[], Coder]:
    """A factory of analysers with these settings that pickles and imports nothing heavy until it is called."""
    return functools.partial(_make_analyser, settings)


def _make_analyser(settings: Settings) -> Coder:
    from pipeline.analyse import Analyser

    analyser = Analyser(settings)
    analyser.load()
    return analyser


def slug(name: str) -> str:
    """A key from a name: lower-case letters, digits and hyphens, at most 80 of them.

    >>> slug("EU–UK SDP (final)")
    'eu-uk-sdp-final'
    """
    return re.sub(r"[\W_]+", "-", name.lower())[:80].strip("-") or "document"


def _results(
    tasks: Sequence[_Task], make_analyser: Callable[[], Coder], count: int
) -> Generator[tuple[Entry, Path | None], None, None]:
    """The ledger row of every task as it ends, and the temporary file of its part."""
    if not tasks:
        return
    if min(count, len(tasks)) <= 1:
        coder = make_analyser()
        for task in tasks:
            yield _work(coder, task)
        return
    for task, result in each(tasks, setup=make_analyser, work=_work, workers=count):
        yield _lost(task, result) if isinstance(result, Died) else result


def _work(coder: Coder, task: _Task) -> tuple[Entry, Path | None]:
    """One document; whatever goes wrong in it becomes its failure, except that no part can be written at all."""
    row = task.row
    try:
        analysis = coder.analyse(task.path, task.entry)
        if analysis.document.doc_id != row.doc_id:
            raise ReadError(f"{row.shown} changed while it was read.", advice="Run the same command again.")
        document = replace(analysis.document, key=row.key)
        analysis = replace(analysis, document=document, settings_id=row.settings_id)
    except (SettingsError, CodebookError):
        raise  # no document can be analysed with them
    except PipelineError as error:
        return _failed(row, error.stage, type(error).__name__, error.message, advice=error.advice), None
    except Exception as error:  # noqa: BLE001 - nothing is hidden: it becomes the document's row of failures
        return _unexpected(row, "annotate", error), None
    try:
        temporary, digest = store.write_part(task.parts, analysis)
    except UnicodeEncodeError as error:
        return _unexpected(row, "store", error), None
    passages, commitments = len(document.passages()), len(analysis.annotations.commitments)
    part = store.part_name(row.doc_id, row.settings_id)
    done = replace(row, part=part, part_sha256=digest, n_passages=passages, n_commitments=commitments)
    return done, temporary


def _failed(row: Entry, stage: str, error: str, message: str, *, advice: str) -> Entry:
    return replace(row, status="failed", stage=stage or "annotate", error=error, message=message, advice=advice)


def _unexpected(row: Entry, stage: str, error: Exception) -> Entry:
    advice = "This is a fault of Pactscope: please report it with the file."
    if isinstance(error, MemoryError):
        advice = "Run again with fewer workers or on a machine with more memory."
    return _failed(row, stage, type(error).__name__, f"{row.shown}: {error}", advice=advice)


def _lost(task: _Task, died: Died) -> tuple[Entry, None]:
    message = (
        f"{task.row.shown}: the worker process died (exit code {died.exitcode}), by lack of memory or a crash in a library."
    )
    advice = "The next run tries it again; with fewer workers each has more memory."
    return _failed(task.row, "annotate", "WorkerDied", message, advice=advice), None


def _summary(entries: list[Entry], plan: _Plan, outcomes: list[str], *, seconds: float) -> Summary:
    statuses = [e.status for e in entries]
    return Summary(
        documents=statuses.count("done"),
        passages=sum(e.n_passages for e in entries),
        commitments=sum(e.n_commitments for e in entries),
        failures=statuses.count("failed"),
        duplicates=statuses.count("duplicate"),
        analysed=outcomes.count("done"),
        failed=outcomes.count("failed") + plan.unreadable,
        unchanged=plan.unchanged,
        pending=len(plan.tasks) - len(outcomes),
        seconds=seconds,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done; the numbers of inputs that are unchanged and that cannot be opened."""

    tasks: list[_Task]
    unchanged: int
    unreadable: int


def _plan(jobs: list[Job], opened: Store, settings_id: str) -> _Plan:
    """The pending tasks, largest first so that no worker is left with a long one at the end.

    Enters at once what needs no analysis: files that cannot be opened, and files with the same bytes as another.
    """
    known = {e.source: e for e in opened.entries()}
    wanted: dict[str, tuple[Job, Entry]] = {}
    for job in jobs:
        row = _identify(job, settings_id)
        wanted.setdefault(row.source, (job, row))
    _forget_moved(known, wanted, opened)
    owners = _owners(known, wanted)
    names = _Names(known)
    tasks, settled = [], []
    for source, (job, found) in wanted.items():
        row = replace(found, key=names.name(source, found.key, found.sha256))
        if not row.sha256:
            settled.append(row)
        elif (owner := owners.setdefault(row.sha256, source)) != source:
            settled.append(_duplicate(row, owner))
        elif not _is_done(known.get(source), row, opened):
            tasks.append(_Task(job.path, job.entry, row, opened.parts))
    for row in settled:
        if known.get(row.source) != row:
            opened.record(row)
    tasks.sort(key=lambda t: (-t.row.size, t.row.source))
    unreadable = sum(row.status == "failed" for row in settled)
    return _Plan(tasks, len(wanted) - len(tasks) - len(settled), unreadable)


def _identify(job: Job, settings_id: str) -> Entry:
    """The ledger row that the job will have if all goes well; of a file that cannot be opened, its failure."""
    source, key = job.path.resolve().as_posix(), job.key or slug(job.path.stem)
    row = Entry(source, key, "", 0, _entry_id(job.entry), settings_id, "done", shown=str(job.path))
    try:
        with job.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return replace(row, sha256=digest, size=file.tell())
    except OSError as error:
        message = f"{job.path} cannot be opened: {error.strerror}."
        return _failed(row, "read", type(error).__name__, message, advice="Check the path and that you may read the file.")


def _entry_id(entry: Any) -> str:
    """Hash of what a catalogue says of a document; where its file lies and what it is called say nothing of it."""
    values = to_json(entry) if entry is not None else {}
    told = {name: value for name, value in values.items() if name not in ("file", "key")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12] if told else ""


def _forget_moved(known: dict[str, Entry], wanted: dict[str, tuple[Job, Entry]], opened: Store) -> None:
    """Drops inputs that are gone from their place and come in this run under another name."""
    hashes = {row.sha256 for _, row in wanted.values()}
    for source, entry in list(known.items()):
        if source not in wanted and entry.sha256 in hashes and not Path(source).exists():
            opened.forget(source)
            del known[source]


def _owners(known: dict[str, Entry], wanted: dict[str, tuple[Job, Entry]]) -> dict[str, str]:
    """Hash -> the input that stands for all with these bytes: the one in the ledger, as long as it has them still."""
    holders = {s: e.sha256 for s, e in known.items() if e.sha256 and e.status != "duplicate"}
    return {sha256: s for s, sha256 in holders.items() if s not in wanted or wanted[s][1].sha256 == sha256}


def _duplicate(row: Entry, owner: str) -> Entry:
    message = f"{row.shown} has the same bytes as {Path(owner).name}, which stands for both."
    advice = "Nothing to do; leave one of them out to be rid of this row."
    return replace(row, status="duplicate", stage="read", error="Duplicate", message=message, advice=advice)


def _is_done(before: Entry | None, row: Entry, opened: Store) -> bool:
    if before is None:
        return False
    same = all(getattr(before, n) == getattr(row, n) for n in ("sha256", "settings_id", "entry_id", "key"))
    if before.status == "done":
        return same and opened.is_whole(before)
    return same and before.status == "failed" and before.error not in TRANSIENT


class _Names:
    """Gives out keys: the first to ask has the bare one, others part of their hash; whoever has one keeps it."""

    def __init__(self, known: dict[str, Entry]) -> None:
        self.known = known
        self.holder = {e.key: source for source, e in known.items()}

    def name(self, source: str, key: str, sha256: str) -> str:
        before = self.known.get(source)
        if before and re.fullmatch(rf"{re.escape(key)}(-[0-9a-f]{{6}}(-\d+)?)?", before.key):
            return before.key
        choices = [key, f"{key}-{sha256[:6]}"] + [f"{key}-{sha256[:6]}-{n}" for n in range(2, len(self.holder) + 3)]
        found = next(c for c in choices if self.holder.get(c, source) == source)
        self.holder[found] = source
        return found
