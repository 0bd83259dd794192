"""Reading PDFs into blocks against `extract_text` of pdfplumber, on the same files and one core."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber

from pipeline import language, ligatures, structure
from pipeline.ingest import pdf


def bench_pdf(folder: Path) -> dict[str, float]:
    """Seconds of processor time and their ratio over all PDFs of `folder`.

    Language models are loaded before the clock starts, as a run loads them once for all its documents.
    """
    files = sorted(folder.glob("*.pdf"))
    language.detect("des mots français qui chargent les modèles")
    ligatures.find_damage("chal enging words load the list of words")
    blocks = 0

    def ours() -> None:
        nonlocal blocks
        for file in files:
            blocks += len(structure.build(pdf.read(file.read_bytes(), file.name)).blocks)

    def theirs() -> None:
        for file in files:
            with pdfplumber.open(file) as opened:
                for page in opened.pages:
                    page.extract_text()
                    page.close()

    figures = {"pdf_files": float(len(files)), "pdf_seconds": _clock(ours), "pdfplumber_seconds": _clock(theirs)}
    return figures | {"pdf_blocks": float(blocks), "pdf_times_as_fast": figures["pdfplumber_seconds"] / figures["pdf_seconds"]}


def _clock(work: Callable[[], None]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    for name, figure in bench_pdf(Path(sys.argv[1])).items():
        print(f"{name:20} {figure:8.2f}")
