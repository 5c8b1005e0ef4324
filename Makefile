# The commands for users and developers; each target sets up .venv by itself.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
REFERENCE := .parity-venv/installed
REFERENCE_PYTHON := .parity-venv/bin/python

# The tests start Python often; without compiled modules on disk, each start would compile them again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help install demo ui test test-slow test-all test-cluster test-readers check bench crash crash-parts load load-full fuzz parity parity-record format clean

help:
	@echo "make install  set up .venv"
	@echo "make demo     run everything on a local replica of both sites, into lap_demo (or LAP_HOME)"
	@echo "make ui       open the Dagster UI on the demo's home (or LAP_HOME)"
	@echo "make test     run the fast tests, in a few minutes (WORKERS=2)"
	@echo "make test-slow run the slow tests, which make test leaves out"
	@echo "make test-all run all tests, with many more examples per property"
	@echo "make test-cluster  run the demo's graph on a cluster of processes with Postgres and Redis, killing some of them"
	@echo "make test-readers  read a packed release with other programs (datasets, mlcroissant, ultralytics, …)"
	@echo "make check    lint, format, types, import contracts"
	@echo "make bench    compare the speed of hashing and duplicate search with other tools, measure rules, models and releases"
	@echo "make crash    kill the demo at random moments and compare the results (docs/reliability.md; also: crash-parts, load, load-full, fuzz)"
	@echo "make parity   compare the models with the published programs on random weights (faster: ONLY=--quick)"

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

PYTEST := $(BIN)/python -m pytest -n $(or $(WORKERS),2)
test: $(STAMP)
	@sh tests/system.sh
	$(PYTEST) -m "not slow"

test-slow: $(STAMP)
	@sh tests/system.sh
	$(PYTEST) -m slow

test-all: $(STAMP)
	@sh tests/system.sh
	$(PYTEST) --hypothesis-profile=long

CLUSTER := .venv/cluster-installed
$(CLUSTER): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[cpu,cluster,dev]'
	@touch $(CLUSTER)

test-cluster: $(CLUSTER)
	@sh tests/cluster/system.sh
	$(BIN)/python -m tests.cluster

# Programs that read a release, in an environment of their own: 1.8 GB; takes minutes the first time.
READERS := .readers-venv/bin/python
READERS_READY := .readers-venv/installed
$(READERS_READY): tests/readers/packages.txt tests/readers/packages-alone.txt
	rm -rf .readers-venv
	$(PYTHON) -m venv .readers-venv
	$(READERS) -m pip install --quiet --disable-pip-version-check -r tests/readers/packages.txt
	$(READERS) -m pip install --quiet --disable-pip-version-check --no-deps -r tests/readers/packages-alone.txt
	@touch $(READERS_READY)

test-readers: $(STAMP) $(READERS_READY)
	$(BIN)/python -m tests.readers .readers-venv/work $(READERS) $(ONLY)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_definitions.py tests/test_layers.py tests/test_dagster_private_names.py

bench: $(STAMP)
	@$(BIN)/python -m benchmarks

# The published programs, in an environment of their own: 1.5 GB; takes minutes the first time. See docs/parity.md.
$(REFERENCE): tests/parity/packages.txt tests/parity/packages-alone.txt
	rm -rf .parity-venv
	$(PYTHON) -m venv .parity-venv
	$(REFERENCE_PYTHON) -m pip install --quiet --disable-pip-version-check -r tests/parity/packages.txt
	$(REFERENCE_PYTHON) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps \
	  -r tests/parity/packages-alone.txt
	rm -rf .parity-venv/lib/python*/site-packages/tests # mmpose installs a package with that name
	@touch $(REFERENCE)

parity: $(STAMP) $(REFERENCE)
	$(BIN)/python -m tests.parity .parity-venv/work $(REFERENCE_PYTHON) $(ONLY)

parity-record: $(REFERENCE)
	$(REFERENCE_PYTHON) -W ignore -m tests.parity.recording tests/models/recorded

# Kill the demo at random moments, in three worlds.
crash: $(STAMP)
	$(BIN)/python -m tests.crashes $(or $(KILLS),20) $(or $(WORLDS),3)

# Kill the command, a worker and the replica in turn; the results must be equal.
crash-parts: $(STAMP)
	$(BIN)/python -m tests.crashes.parts $(or $(KILLS),30) $(or $(ANIME),30)

# Run the demo with every kind of fault on SHARE % of the requests.
load: $(STAMP)
	$(BIN)/python -m tests.crashes.load $(or $(ANIME),300) $(or $(SHARE),1)

# Only the scraping, at the original's size: takes more than an hour. WORLD may be a folder with the original's lists.
load-full: $(STAMP)
	$(BIN)/python -m tests.crashes.at_size $(or $(WORLD),24000) $(or $(SHARE),1) $(or $(PROCESSES),4)

# Feed every reader with mutated files.
fuzz: $(STAMP)
	$(BIN)/python -m tests.fuzz $(or $(SECONDS),120)

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .parity-venv .readers-venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
