"""Speed as ratios within one run: `make bench`. Prints figures; asserts nothing, since machines are noisy.

Uses documents of the shared folder where it is there, else the sample corpus several times over.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = "1"  # one core for each side of a comparison; must stand before numpy is loaded

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("PACTSCOPE_SHARED", ROOT.parent / "shared"))
PACTSCOPE = [sys.executable, "-m", "pipeline.cli"]


def sample(number: int) -> list[Path]:
    """The same `number` real documents each time, or the sample corpus."""
    folders = [
        SHARED / "realdocs" / f for f in ("us-joint-statements", "us-fact-sheets", "readouts", "us-other", "eu-agreements")
    ]
    files = [p for f in folders if f.is_dir() for p in sorted(f.iterdir()) if p.stat().st_size < 60_000]
    files = files or [
        p for p in sorted((ROOT / "corpus").rglob("*.*")) if p.suffix in (".html", ".pdf", ".docx", ".md", ".txt")
    ]
    random.Random(0).shuffle(files)
    return files[:number]


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def against_bare_spacy(files: list[Path], rounds: int = 3) -> None:
    """The analysis of structured documents against `nlp.pipe` of the bare pipeline on the same stretches of text."""
    import spacy

    from pipeline import Analyser, annotate, ingest, metadata, structure

    analyser = Analyser()
    documents = [metadata.describe(structure.build(ingest.read(p)), None, analyser.gazetteer) for p in files]
    stretches = [(d, s) for d in documents for s in annotate.stretches(d, analyser.settings.stretch_chars)]
    texts = [d.text[s[0][0] : s[-1][1]] for d, s in stretches]
    bare = spacy.load(analyser.settings.spacy_model)

    def run_bare() -> None:
        for _ in bare.pipe(texts):
            pass

    def run_ours() -> None:
        for document in documents:
            analyser.analyse_document(document)

    run_bare(), run_ours()
    pairs = [(timed(run_bare), timed(run_ours)) for _ in range(rounds)]
    ratio = statistics.median(b / o for b, o in pairs)
    chars = sum(map(len, texts))
    print(f"analysis against bare spaCy: {ratio:.2f} times its speed (aim 1.3, at least 0.9)")
    print(f"  {len(documents)} documents, {chars:,} characters; bare {statistics.median(b for b, _ in pairs):.1f} s")
    print("  components:", ", ".join(bare.pipe_names), "| ours:", ", ".join(analyser.nlp.pipe_names))


def batch(files: list[Path]) -> None:
    """Two workers against one, and a second run with nothing new against the first."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder) / "in"
        inputs.mkdir()
        for number, path in enumerate(files):
            shutil.copy(path, inputs / f"{number:04d}-{path.name[-80:]}")

        def run(out: str, workers: int) -> float:
            command = [*PACTSCOPE, "run", str(inputs), "--out", str(Path(folder) / out), "--workers", str(workers)]
            return timed(lambda: subprocess.run(command, check=False, capture_output=True, cwd=ROOT))

        one = run("one", 1)
        two = run("two", 2)
        again = run("one", 1)
        print(f"two workers against one: {one / two:.2f} times as fast (at least 1.7), {len(files)} documents, one {one:.1f} s")
        print(f"unchanged second run: {again / one:.1%} of the first (under 5 %)")


def start_up() -> None:
    """A command that needs no model."""
    seconds = [
        timed(lambda: subprocess.run([*PACTSCOPE, "--help"], check=True, capture_output=True, cwd=ROOT)) for _ in range(7)
    ]
    print(f"start-up of a command that needs no model: {statistics.median(seconds):.2f} s (under 0.5 s)")


def main() -> None:
    """All figures, in the order of growing patience."""
    start_up()
    if (SHARED / "realdocs" / "pdf").is_dir():
        from bench_pdf import bench_pdf

        figures = bench_pdf(SHARED / "realdocs" / "pdf")
        ratio = figures["pdf_times_as_fast"]
        print(f"PDF into blocks: {ratio:.1f} times as fast as pdfplumber's extract_text (aim 15, at least 8)")
    against_bare_spacy(sample(60))
    batch(sample(int(os.environ.get("BENCH_DOCUMENTS", "500"))))


if __name__ == "__main__":
    main()
