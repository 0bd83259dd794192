"""What is done and what is pending in a run's folder: atomic parts and one ledger.

A folder holds `ledger.sqlite`, one row an input, and `parts/`, one compressed JSON file an analysis. A part is written under a
temporary name, synced, renamed, and only then entered into the ledger, so a run that is killed at any moment leaves nothing
half done: what stands in the ledger is whole, and what does not is done again. Whether an input is done is told by the hash
of its bytes, its catalogue entry, its key and the `settings_id`, never by a time stamp.

The ledger remembers the inputs of all runs in the folder: a dataset is what the ledger holds. A file that changed replaces its
old part. A file that a later run does not name stays; one that was moved or renamed is recognised by its bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.errors import StoreError
from pipeline.records import Analysis, Failure
from pipeline.roundtrip import from_json, to_json

LEDGER_VERSION = "1"
LEDGER, LOCK, PARTS = "ledger.sqlite", "run.lock", "parts"
TEMPORARY = ".tmp"
#: Of a 134-page PDF's part level 6 makes 510 kB in 61 ms, level 1 617 kB in 20 ms.
_GZIP_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One input in the ledger.

    Attributes:
        source: absolute path or address; identifies the input.
        key: readable name, unique in the folder.
        sha256: hex digest of the bytes; empty if they could not be read.
        entry_id: hash of the catalogue entry, empty without one.
        status: `done`, `failed` or `duplicate` (the same bytes as another input; a row of `failures` says which).
        part: file name in `parts/`, empty unless done.
        part_sha256: hex digest of that file.
    """

    source: str
    key: str
    sha256: str
    size: int
    entry_id: str
    settings_id: str
    status: str
    part: str = ""
    part_sha256: str = ""
    n_passages: int = 0
    n_commitments: int = 0
    shown: str = ""
    stage: str = ""
    error: str = ""
    message: str = ""
    advice: str = ""

    @property
    def doc_id(self) -> str:
        """First 12 hex digits of the hash."""
        return self.sha256[:12]

    @property
    def failure(self) -> Failure:
        """Its row of `failures`; `shown` is the source as the user gave it."""
        return Failure(self.shown, self.stage, self.error, self.message, self.advice, self.key)


_COLUMNS = [f.name for f in fields(Entry)]
_MADE = ", ".join(f"{f.name} {'INTEGER' if f.type == 'int' else 'TEXT'} NOT NULL" for f in fields(Entry))
_INSERT = f"INSERT OR REPLACE INTO inputs ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


class Store:
    """The folder of a run, open for writing by one run at a time; a context manager.

    Raises:
        StoreError: another run is writing to the folder, or an incompatible version wrote it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = folder / PARTS
        try:
            self.parts.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {folder} cannot be made: {error.strerror}.", advice="Give another --out.") from error
        self._lock = _lock(folder)
        try:
            self._db = _open(folder / LEDGER)
            self._sweep()
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets the next run in."""
        self._db.close()
        self._lock.close()

    def entries(self) -> list[Entry]:
        """All inputs, ordered by key."""
        return _entries(self._db)

    def is_whole(self, entry: Entry) -> bool:
        """Whether the part of a done entry is there and unchanged since it was written."""
        try:
            return _digest((self.parts / entry.part).read_bytes()) == entry.part_sha256
        except OSError:
            return False

    def record(self, entry: Entry, temporary: Path | None = None) -> None:
        """Enters an input, whose part waits under a temporary name, and drops the part that it replaces."""
        before = self._db.execute("SELECT part FROM inputs WHERE source = ?", (entry.source,)).fetchone()
        if temporary is not None:
            temporary.replace(self.parts / entry.part)
            _sync_folder(self.parts)
        with self._db:
            self._db.execute(_INSERT, astuple(entry))
        if before and before[0] and before[0] != entry.part:
            self._drop(before[0])

    def forget(self, source: str) -> None:
        """Takes an input out of the dataset."""
        row = self._db.execute("SELECT part FROM inputs WHERE source = ?", (source,)).fetchone()
        with self._db:
            self._db.execute("DELETE FROM inputs WHERE source = ?", (source,))
        if row and row[0]:
            self._drop(row[0])

    def forget_failures(self) -> int:
        """Makes all failed inputs pending again; returns how many."""
        with self._db:
            return self._db.execute("DELETE FROM inputs WHERE status = 'failed'").rowcount

    def _drop(self, part: str) -> None:
        if not self._db.execute("SELECT 1 FROM inputs WHERE part = ?", (part,)).fetchone():
            (self.parts / part).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Deletes what a killed run left: temporary files and parts that never reached the ledger."""
        known = {row[0] for row in self._db.execute("SELECT part FROM inputs")}
        for path in self.parts.iterdir():
            if path.name not in known:
                path.unlink(missing_ok=True)


def part_name(doc_id: str, settings_id: str) -> str:
    """File name of a part."""
    return f"{doc_id}-{settings_id}.json.gz"


def write_part(parts: Path, analysis: Analysis) -> tuple[Path, str]:
    """Writes an analysis under a temporary name of this process and syncs it.

    Returns:
        The temporary path, to be renamed by `Store.record`, and the hex digest of the file.

    Raises:
        StoreError: the file cannot be written.
        UnicodeEncodeError: the text holds a lone surrogate, which no file can keep.
    """
    text = json.dumps(to_json(analysis), ensure_ascii=False, separators=(",", ":"))
    # mtime=0: the same analysis is the same bytes whenever it is written.
    data = gzip.compress(text.encode("utf-8"), compresslevel=_GZIP_LEVEL, mtime=0)
    path = parts / f"{part_name(analysis.document.doc_id, analysis.settings_id)}.{os.getpid()}{TEMPORARY}"
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        advice = "Make room, or check that the folder may be written to; then run the same command again."
        raise StoreError(f"The part {path} cannot be written: {error.strerror}.", advice=advice) from error
    return path, _digest(data)


def read_part(path: Path, *, layout: bool = True) -> Analysis:
    """The analysis in a part.

    Args:
        layout: False leaves out the lines of the pages, which tables do not need and which are most of a PDF's part.

    Raises:
        StoreError: the part is missing or damaged.
    """
    try:
        data = json.loads(gzip.decompress(path.read_bytes()))
        if not layout:
            for page in data["document"]["pages"]:
                page.pop("lines", None)
        return from_json(Analysis, data)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        advice = "Run the same command again: the document is then analysed anew."
        raise StoreError(f"The part {path} cannot be read: {error}.", advice=advice) from error


def read_ledger(folder: Path) -> list[Entry]:
    """All inputs of a run's folder, ordered by key, without locking it; empty if there is no ledger.

    Raises:
        StoreError: an incompatible version wrote the ledger, or it is damaged.
    """
    path = folder / LEDGER
    if not path.is_file():
        return []
    with closing(_open(path)) as db:
        return _entries(db)


def analyses(folder: Path, *, layout: bool = False) -> Iterator[tuple[Entry, Analysis | None]]:
    """All inputs ordered by key, each with its analysis, one at a time; None for one that failed."""
    for entry in read_ledger(folder):
        done = entry.status == "done"
        yield entry, read_part(folder / PARTS / entry.part, layout=layout) if done else None


def state_of(entries: list[Entry]) -> str:
    """Hash of what a folder holds: as long as it stays the same, tables made from it need not be made again."""
    total = hashlib.sha256()
    for entry in entries:
        total.update(json.dumps(astuple(entry)).encode())
    return total.hexdigest()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _entries(db: sqlite3.Connection) -> list[Entry]:
    rows: list[Any] = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM inputs ORDER BY key, source").fetchall()
    return [Entry(*row) for row in rows]


def _lock(folder: Path) -> sqlite3.Connection:
    """A lock held as long as the connection is open: SQLite's works on every system and dies with its process."""
    db = sqlite3.connect(folder / LOCK, timeout=0.2, isolation_level=None)
    try:
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        db.close()
        advice = "Wait until it has ended, or give another --out."
        raise StoreError(f"Another run is writing to {folder} ({error}).", advice=advice) from error
    return db


def _open(path: Path) -> sqlite3.Connection:
    """The ledger, made if it is new; a rollback journal, because write-ahead logs fail on network folders."""
    db = sqlite3.connect(path, timeout=30)
    try:
        if not _is_made(db):
            _make(db)
        version = db.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()[0]
    except sqlite3.DatabaseError as error:
        db.close()
        raise StoreError(f"The ledger {path} cannot be used: {error}.", advice="Delete the folder and run again.") from error
    if version != LEDGER_VERSION:
        db.close()
        advice = "Use the version that wrote it, or give another --out."
        raise StoreError(f"The ledger {path} has the form {version}, this Pactscope reads {LEDGER_VERSION}.", advice=advice)
    return db


def _is_made(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None


def _make(db: sqlite3.Connection) -> None:
    with db:
        db.execute("BEGIN IMMEDIATE")
        if _is_made(db):
            return  # by another process, between the look and the lock
        db.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        db.execute(f"CREATE TABLE inputs ({_MADE}, PRIMARY KEY (source))")
        db.execute("INSERT INTO meta VALUES ('version', ?)", (LEDGER_VERSION,))


def _sync_folder(folder: Path) -> None:
    """Makes a rename outlast a power cut; Windows has no such call and needs none."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
