"""What a page was made from: a mark in its head that says whether it still shows what the tables hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline import __version__
from pipeline.dataset import corrections, datapackage

#: Bytes at the beginning of a page in which the mark stands.
_HEAD = 1000


def mark(folder: Path) -> str:
    """The mark of a page about the dataset in a folder: a hash of its tables' descriptor, its corrections and the release."""
    total = hashlib.sha256(__version__.encode())
    for name in (datapackage.DESCRIPTOR, corrections.FILE):
        path = folder / name
        total.update(path.read_bytes() if path.is_file() else b"")
    return f'<meta name="made-from" content="{total.hexdigest()[:16]}">'


def is_current(page: Path, folder: Path) -> bool:
    """Whether a page is there and was made from the dataset as it is now, corrections and all."""
    return page.is_file() and mark(folder).encode() in page.read_bytes()[:_HEAD]
