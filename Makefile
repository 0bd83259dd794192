# Two commands for everybody: `make run` and `make test`. `make check` is the quick part for people who change the code.
PYTHON ?= python3.11
BIN := .venv/bin
SHELL := /bin/bash

.PHONY: run test check gate bench notebooks corpus lock clean

.venv/.done: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Pactscope needs Python 3.11 to 3.13: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: .venv/.done
	$(BIN)/pactscope run corpus/catalogue.csv --gazetteer corpus/actors.csv --out out

check: .venv/.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q -m "not model and not slow and not browser and not scale and not shared"

test: .venv/.done
	$(BIN)/pytest --cov --cov-report=term:skip-covered --cov-fail-under=85
	$(BIN)/pytest -q --nbmake --nbmake-timeout=300 notebooks

gate: .venv/.done
	$(BIN)/pytest -q tests/test_gate.py

bench: .venv/.done
	$(BIN)/python tests/benchmarks/bench.py
	$(BIN)/python tests/benchmarks/bench_compare.py

notebooks: .venv/.done
	$(BIN)/jupyter lab notebooks

corpus: .venv/.done
	$(BIN)/python corpus/build.py

# uv resolves for all platforms at once; pip installs what it wrote.
lock:
	uv pip compile pyproject.toml --extra dev --extra notebooks --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock

clean:
	rm -rf .venv out
