# Everything happens in .venv, which is made here; Python 3.11, 3.12 or 3.13 is all that is needed.
# On Windows use the commands of the README.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := requirements/locked.txt
# The environment is made again when the dependencies change, not when only a date does.
STAMP  := $(VENV)/.made-for-$(shell cat pyproject.toml $(LOCK) | cksum | tr ' ' '-')
CORES  := $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)

.DEFAULT_GOAL := help
.PHONY: help demo test test-newest test-lowest lint docs bench mutants setup models lock

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: setup ## A drawn person makes some mistakes and is coached
	$(BIN)/facetrack demo

# Compiled code is kept, whatever the shell says: else each process that a test starts compiles all of facetrack again.
test: export PYTHONDONTWRITEBYTECODE :=
test: export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/bytecode
test: lint models ## Style, types and all tests
	scripts/run_tests.sh $(BIN)/python

test-newest: setup ## The demo and the tests around sessions, from the wheel with the newest libraries
	scripts/test_wheel.sh $(PYTHON) newest

test-lowest: setup ## The same with the lowest libraries that pyproject.toml allows
	scripts/test_wheel.sh $(PYTHON) lowest

lint: setup ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup ## The pages and the Python reference as a site, in out/docs
	$(BIN)/python -m sphinx -q -W --keep-going -d out/docs-cache -b html docs out/docs
	@echo "out/docs/index.html"

bench: RESULTS := benchmarks/results
bench: setup models ## Speed and accuracy on this computer
	$(BIN)/python -m pytest benchmarks --benchmark-only --benchmark-json $(RESULTS)/drawing.json
	$(BIN)/python -m benchmarks.speed --json $(RESULTS)/speed.json --markdown $(RESULTS)/speed.md
	$(BIN)/python -m benchmarks.live --json $(RESULTS)/live.json
	$(BIN)/python -m benchmarks.accuracy --quick --floor --json $(RESULTS)/accuracy.json --markdown $(RESULTS)/accuracy.md

mutants: SEED := 1
mutants: COUNT := 60
mutants: WORKERS := $(CORES)
mutants: setup ## Which small faults in coach/ and geometry/ the tests do not notice (SEED=1 COUNT=60)
	$(BIN)/python -m benchmarks.mutants --known --workers $(WORKERS)
	$(BIN)/python -m benchmarks.mutants --seed $(SEED) --count $(COUNT) --workers $(WORKERS) --json out/mutants-$(SEED).json

models: setup
	$(BIN)/facetrack models fetch

setup: $(STAMP)

$(STAMP):
	@echo "Making $(VENV) with the libraries: a minute or two, once."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.made-for-*
	@touch $@

COMPILE := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	--no-annotate --custom-compile-command 'make lock' --upgrade pyproject.toml
lock: ## Write requirements/ anew: the newest and the lowest libraries that pyproject.toml allows
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --resolution highest --output-file requirements/locked.txt
	$(COMPILE) --resolution lowest-direct --output-file requirements/lowest.txt
