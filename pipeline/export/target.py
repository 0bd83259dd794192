"""Where an export is written: under a temporary name until it is whole, and never over what is not an export."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.export.earlier import is_export

#: Stands in every exported folder: only such a folder is ever replaced.
MARKER = ".pactscope-export"


@contextmanager
def new_file(path: Path, suffix: str, *, replace: bool) -> Iterator[Path]:
    """A temporary path that becomes `path` when all went well.

    Args:
        suffix: that of the format: only an earlier export of it is replaced.

    Raises:
        StoreError: something is in the way, or the file cannot be written.
    """
    if path.is_dir():
        raise StoreError(f"{path} is a folder.", advice="Give the name of a file with --out.")
    _refuse(path, replace)
    with _writing(path):
        if path.exists() and not is_export(path, suffix):
            advice = f"Give another --out, one that ends in {suffix}, or delete the file yourself."
            raise StoreError(f"{path} was not written by this export, so it is not replaced.", advice=advice)
    temporary = _temporary(path)
    try:
        with _writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path, form: str, *, replace: bool) -> Iterator[Path]:
    """A temporary folder that becomes `path` when all went well; an empty folder may be there already.

    Args:
        form: the format, noted in the folder.

    Raises:
        StoreError: something is in the way, or the folder cannot be written.
    """
    if path.is_file():
        raise StoreError(f"{path} is a file.", advice="Give the name of a folder with --out.")
    empty = path.is_dir() and not any(path.iterdir())
    if not empty:
        _refuse(path, replace)
        if path.exists() and not (path / MARKER).is_file():
            advice = "Give another --out, or delete the folder yourself."
            raise StoreError(f"{path} was not written by an export, so it is not replaced.", advice=advice)
    temporary = _temporary(path)
    try:
        with _writing(path):
            temporary.mkdir(parents=True)
            (temporary / MARKER).write_text(f"{form}\n", "utf-8")
            yield temporary
            if path.exists():
                shutil.rmtree(path)
            temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def safe_name(key: str) -> str:
    """A document's key as a file name: letters, digits and `._-` stay, all else becomes a hyphen."""
    name = "".join(c if c.isalnum() or c in "._-" else "-" for c in key).lstrip(".")
    return name[:120] or "document"


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def _refuse(path: Path, replace: bool) -> None:
    if path.exists() and not replace:
        raise StoreError(f"There is already something at {path}.", advice="Give another --out, or --replace to write it anew.")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        advice = "Make room, or give an --out that may be written to."
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.", advice=advice) from error
