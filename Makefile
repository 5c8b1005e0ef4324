# Everything a person needs: each target sets up .venv by itself.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

.PHONY: help install demo ui test check bench format clean

help:
	@echo "make install  set up .venv"
	@echo "make demo     run everything on a local replica of both sites, into lap_demo (or LAP_HOME)"
	@echo "make ui       open the Dagster UI on the demo's home (or LAP_HOME)"
	@echo "make test     run the tests"
	@echo "make check    lint, format, types, import walls"
	@echo "make bench    measure duplicates search and hashing beside other tools"

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "LAP needs Python 3.11 or newer: make PYTHON=/path/to/python3.12 install"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[cpu,dev]'
	@touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/lap demo

ui: $(STAMP)
	@LAP_HOME="$${LAP_HOME:-lap_demo}" $(BIN)/lap ui

test: $(STAMP)
	@sh tests/system.sh
	$(BIN)/python -m pytest -n 2

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_definitions.py

bench: $(STAMP)
	@$(BIN)/lap bench

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
