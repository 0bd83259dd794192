"""A run in a process of its own, to be killed: `kill_run.py SOURCES OUT WORKERS`."""

import sys
from pathlib import Path

import fakes

from pipeline import batch, dataset

if __name__ == "__main__":
    sources, out, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    jobs = [batch.Job(p) for p in sorted(sources.iterdir())]
    batch.run(jobs, out, make_analyser=fakes.make, settings_id=fakes.SETTINGS, workers=workers)
    dataset.build(out)
