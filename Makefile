# SPDX-License-Identifier: Apache-2.0
# One word per chore. `make` alone lists them.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# How `make test` calls pytest: one process per core, nothing that needs the network or the corpus. Each process takes
# a half of the modules as they follow each other, so that what a module shares is made once, and in the end what the
# other one has left.
WORKERS     ?= auto
PYTEST      := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
PYTEST_ARGS ?=
OFFLINE     := -m "not network and not corpus and not differential"

.DEFAULT_GOAL := help
.PHONY: help setup demo test e2e faults lint format types layers docs generated coverage corpus judges spoiled differential wheel oldest bench check clean

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ------------------------------------------------------------------------------------------- set up

setup: $(READY) ## create .venv with einvoice, all extras and all tools (once; again when pyproject.toml changes)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "einvoice needs Python 3.11 or newer, and '$(PYTHON)' is not: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	    echo "'$(PYTHON)' cannot create virtual environments: install its venv package (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[all]' --group dev
	@touch $@

# ------------------------------------------------------------------------------- what a visitor runs

demo: $(READY) ## turn an ERP export into UBL, CII, Factur-X and JSON invoices in demo-out/, and check them
	@PATH="$(abspath $(BIN)):$$PATH" sh tools/demo.sh

test: $(READY) ## run the tests that need neither network nor corpus
	$(PYTEST) $(OFFLINE) $(PYTEST_ARGS)

e2e: $(READY) ## send all fixtures over every channel of the testbed, with real processes and a mailbox of dovecot
	@if test -z "$$EINVOICE_DOVECOT"; then folder=$$(mktemp -d); chmod 755 $$folder; \
	    address=$$(tools/dovecot.sh start $$folder/imap) || exit 1; eval "$$address"; \
	    trap 'tools/dovecot.sh stop $$folder/imap; rm -rf $$folder' EXIT; fi; \
	EINVOICE_REQUIRE=e2e EINVOICE_FIXTURES=0 $(PYTEST) -m e2e $(PYTEST_ARGS) \
	    tests/e2e/test_channels.py tests/e2e/test_dovecot.py

# --------------------------------------------------------------------------- what a contributor runs

lint: $(READY) ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(READY) ## let ruff repair and format what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(READY) ## mypy --strict, tests included
	$(BIN)/mypy

layers: $(READY) ## the floors of the house and the imports that are forbidden
	$(BIN)/lint-imports

docs: $(READY) ## links, indices, decisions and changelog fragments
	$(BIN)/python tools/check_docs.py

generated: $(READY) ## fail if a generated file is not what its tool generates
	@for tool in schema_catalog schema_order json_schema mapping_schema header_presets goldens fix_goldens rule_examples; do \
	    echo "tools/$$tool.py --check"; $(BIN)/python tools/$$tool.py --check || exit 1; done

coverage: $(READY) ## run the tests and measure the branches they reach (with EINVOICE_CORPUS set: the corpus too)
	$(PYTEST) -m "not network" --cov --cov-report=term $(PYTEST_ARGS)

corpus: $(READY) ## run the tests over the corpus that EINVOICE_CORPUS names
	@test -n "$$EINVOICE_CORPUS" || { echo "set EINVOICE_CORPUS to the folder that holds manifest.jsonl" >&2; exit 2; }
	EINVOICE_REQUIRE=corpus $(PYTEST) -m "corpus and not network" $(PYTEST_ARGS) \
	    $$(grep -rlw --include='test_*.py' corpus tests)

judges: $(READY) ## compare the rules with the official Schematron: each rule, and 1,000 invoices spoiled at random
	@test -n "$$EINVOICE_CEN_CII" || $(BIN)/python tools/differential.py --fetch >/dev/null
	@test -n "$$EINVOICE_ARTEFACTS$$EINVOICE_PUBLISHERS" || $(BIN)/python tools/artefacts.py >/dev/null
	EINVOICE_REQUIRE=peers $(PYTEST) -m differential $(PYTEST_ARGS) tests/differential

spoiled: $(READY) ## compare the packs with their official judges on each 61st change of their documents (APART=1: each)
	EINVOICE_REQUIRE=peers EINVOICE_APART=$${APART:-61} $(PYTEST) -m "slow and peers" $(PYTEST_ARGS) tests/rules

differential: $(READY) ## compare the rules with the official Schematron on 20,000 invoices spoiled at random
	$(BIN)/python tools/differential.py

faults: $(READY) ## play the whole matrix of faults (500 kills, 10,000 messages; an hour) and write docs/faults.md
	$(BIN)/python tools/faults.py

wheel: $(READY) ## build the wheel and prove that it works alone: no extras, at most 60 MB
	$(BIN)/python tools/check_wheel.py

oldest: $(READY) ## run the tests on the oldest dependencies that pyproject.toml allows
	$(BIN)/python tools/check_oldest.py

bench: $(READY) ## measure speed and compare with the budgets
	@missed=0; for script in benchmarks/bench_*.py; do \
	    echo "== $$script"; $(BIN)/python $$script || missed=1; done; exit $$missed

check: lint types layers docs generated wheel coverage judges ## everything that must hold before a change is accepted

clean: ## remove what the other targets made (.venv too)
	rm -rf $(VENV) build dist demo-out .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
