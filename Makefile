# Everything a newcomer types. `make` alone lists it.
# The environment is .venv, made from the hash-pinned files of requirements/; each step leaves a
# stamp in it, so that a second run starts at once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One more than the cores of a small machine: some tests wait, for a server or a disk.
WORKERS ?= 3
POSTS ?= 1000
SOAK := $(BIN)/python -m pytest --exitfirst --hypothesis-profile soak -m hypothesis
# Checkers of what we publish, written for Node. They are tried where npm is, and never required.
NODE_TOOLS := axe-core@4.14.1 vnu-jar@26.9.27

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where nothing compiled may be kept, each of a thousand processes compiles us anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help venv dev demo test check lint types tests soak bench bench-scale bench-publish bench-serve format docs requirements browser-tools clean

help: ## Say what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(VENV)/.runtime ## Make the environment that crosspost runs in.

dev: $(VENV)/.dev ## Make the environment that tests, lints and types it.

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "$(PYTHON) was not found. Install Python 3.11 or newer, or name it: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "crosspost needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv module. On Debian or Ubuntu: apt install python3-venv" >&2; \
	  exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The wheel's own tools are pinned too: the project is installed without a look at any index.
$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(VENV)/.python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.runtime ## Build the example town, and publish it to an instance on this machine.
	@$(BIN)/python tools/demo.py

test: check ## The whole suite: lint, types, tests. Says what it skipped, and why.

check: lint types tests

lint: $(VENV)/.dev ## Style and formatting.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Strict types of src/.
	$(BIN)/mypy

tests: $(VENV)/.dev browser-tools ## The tests alone.
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

soak: $(VENV)/.dev ## The property tests with 20 times the examples; half an hour at most.
	$(BIN)/python tools/bounded.py 300 $(SOAK) tests/properties
	$(BIN)/python tools/bounded.py 900 $(SOAK) --numprocesses $(WORKERS) tests/publish/test_crashes.py
	$(BIN)/python tools/bounded.py 300 $(SOAK) tests/publish/test_schedules.py
	$(BIN)/python tools/bounded.py 300 $(SOAK) --ignore tests/properties \
	  --ignore tests/publish/test_crashes.py --ignore tests/publish/test_schedules.py

bench: $(VENV)/.runtime ## Measure beside Hugo and Pelican, on POSTS=1000 invented posts, and on a hundred.
	@$(BIN)/python benchmarks/run.py --posts $(POSTS) --against 100

bench-scale: $(VENV)/.runtime ## Measure beside Hugo how costs grow from 10,000 posts to 40,000.
	@$(BIN)/python benchmarks/run.py --posts 10000 --against 40000 --scenarios cold same \
	  --tools crosspost crosspost-gfm hugo

bench-publish: $(VENV)/.runtime ## Measure planning beside builds, publishing a message, and a ledger of ten years.
	@$(BIN)/python benchmarks/publishing.py

# An ignored folder, filled when npm is there; without it the tests that need it say so and skip.
browser-tools:
	@if command -v npm >/dev/null && [ ! -e node_modules/.crosspost ]; then \
	  npm install --silent --no-save --no-package-lock --no-audit --no-fund --ignore-scripts $(NODE_TOOLS) \
	    && touch node_modules/.crosspost \
	    || echo "The Node checkers could not be installed: the tests that use them are skipped."; \
	fi

bench-serve: $(VENV)/.runtime ## Measure the preview of POSTS invented posts: its first page, and a saved post.
	@$(BIN)/python benchmarks/serve.py --posts $(POSTS)

format: $(VENV)/.dev ## Format the code, and mend what ruff can mend.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.runtime ## Make the reference pages of docs/ from the code.
	$(BIN)/python tools/reference.py

requirements: ## Pin the dependencies anew (needs uv).
	tools/requirements.sh

clean: ## Remove what was made: output, caches, the demo's statuses; not the environment.
	rm -rf .crosspost .bench node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find output -mindepth 1 ! -name .gitkeep -delete
