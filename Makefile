# Everything happens in .venv, which is made here; python3 (3.11 or later) is all that is needed.
# On Windows use the commands of the README.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# The environment is made again when the dependencies change, not when only a date does.
STAMP  := $(VENV)/.made-for-$(shell cksum pyproject.toml | tr ' ' '-' | cut -d- -f1,2)

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs bench mutants setup models

help: ## List these goals
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: setup ## A drawn person makes some mistakes and is coached
	$(BIN)/facetrack demo

test: lint models ## Style, types and all tests
	$(BIN)/python -m pytest

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
mutants: WORKERS := $(shell getconf _NPROCESSORS_ONLN)
mutants: setup ## Which small faults in coach/ and geometry/ the tests do not notice (SEED=1 COUNT=60)
	$(BIN)/python -m benchmarks.mutants --known --workers $(WORKERS)
	$(BIN)/python -m benchmarks.mutants --seed $(SEED) --count $(COUNT) --workers $(WORKERS) --json out/mutants-$(SEED).json

models: setup
	$(BIN)/facetrack models fetch

setup: $(STAMP)

$(STAMP):
	@echo "Making $(VENV) with the libraries: a minute or two, once."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@rm -f $(VENV)/.made-for-*
	@touch $@
