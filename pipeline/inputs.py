"""From what a user names (files, folders, catalogues) to the documents of a run."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch import Job
from pipeline.errors import ReadError
from pipeline.ingest import find_files
from pipeline.ingest.catalogue import read_catalogue
from pipeline.tabular import doubts

ADVICE = "Name files or folders of HTML, PDF, DOCX, Markdown or plain text, or a catalogue (CSV) of them."

ADDRESSES = "Its entries give only addresses: save the documents and name them in a column file."


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to analyse.

    Attributes:
        unfetched: how many entries of catalogues give only an address.
        doubts: what cannot be used in the catalogues, one line each.
    """

    jobs: tuple[Job, ...]
    unfetched: int
    doubts: tuple[str, ...]


def gather(paths: Sequence[Path], known: Container[str]) -> Inputs:
    """The documents in files, folders and catalogues; one that a catalogue lists is not taken a second time.

    Args:
        known: the ids of all actors.

    Raises:
        ReadError: a path does not exist, or there is no document.
        CatalogueError: a catalogue cannot be used.
    """
    listed = [(path, entry) for path in paths if _is_catalogue(path) for entry in read_catalogue(path)]
    jobs = [Job(Path(entry.file), entry.key, entry) for _, entry in listed if entry.file]
    taken = {job.path.resolve() for job in jobs}
    files = find_files(path for path in paths if not _is_catalogue(path))
    jobs += [Job(path) for path in files if path.resolve() not in taken]
    if not jobs:
        raise none_in(paths, ADDRESSES if listed else ADVICE)
    given = ((f"{path}, entry {e.key or e.file or e.url}", e.date, e.parties) for path, e in listed)
    return Inputs(tuple(jobs), sum(not e.file for _, e in listed), tuple(doubts(given, known)))


def none_in(paths: Sequence[Path], advice: str = ADVICE) -> ReadError:
    """The error that there is nothing to analyse."""
    return ReadError(f"There is no document in {', '.join(map(str, paths))} that can be read.", advice=advice)


def _is_catalogue(path: Path) -> bool:
    return path.suffix.lower() == ".csv"
