# Two commands for a fresh machine: `make demo` and `make test`.
# Every target first makes its virtual environment from a lock file, where it is missing or older than the lock.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
NEURAL := .venv-neural
DEMO   ?= demo

# The real data sets that some tests read; where they are absent those tests are skipped, but not on CI.
HTDBU_DATA ?= ../shared/data
export HTDBU_DATA := $(abspath $(HTDBU_DATA))
ifeq ($(CI),true)
export HTDBU_REQUIRE_DATA ?= 1
endif

# Tests start the command line hundreds of times; each start would compile the whole package anew without its cache.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-neural lint bench bench-repair bench-texture bench-paper bench-paper-neural bench-tuning bench-providers install

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: install ## run the main job on built-in data; writes rows and a report to ./demo (DEMO=DIR for another folder)
	$(BIN)/htdbu demo -o $(DEMO)

test: install ## run all tests, slow ones included
	$(BIN)/python -m pytest -n auto --dist worksteal

test-neural: $(NEURAL)/.installed ## run the tests of ctgan and tvae in .venv-neural, with SDV and PyTorch (close to 2 GB)
	$(NEURAL)/bin/python -m pytest -n auto --dist worksteal -k "ctgan or tvae" $(addprefix tests/generators/,\
	  neural test_conformance.py test_fitted.py test_paper.py test_synthesis.py)

lint: install ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: install ## measure on the real data; see benchmarks/README.md (ARGS=--force measures what is there again)
	$(BIN)/python benchmarks/bank_main.py $(ARGS)

bench-repair: install ## measure repairs beside three peers, and make docs/benchmarks/repair.md (ARGS=--quick tries it)
	$(BIN)/python -m benchmarks.repair_speed $(ARGS)

bench-texture: install ## measure likeness and obedience, and make docs/benchmarks/texture.md (ARGS=--quick tries it)
	$(BIN)/python -m benchmarks.texture $(ARGS)

bench-paper: install ## run the paper's experiment, and make docs/benchmarks/paper.md (ARGS=--quick tries it)
	$(BIN)/python -m benchmarks.paper $(ARGS)

bench-paper-neural: $(NEURAL)/.installed ## fill in its ctgan and tvae, which need SDV
	$(NEURAL)/bin/python -m benchmarks.paper --generators ctgan tvae --parts table $(ARGS)

bench-tuning: install ## measure the feedback loop on seeded faults, and make docs/benchmarks/tuning.md
	$(BIN)/python -m benchmarks.tuning $(ARGS)

bench-providers: install ## compare rule files of many origins, and make docs/benchmarks/providers.md (ARGS=--quick tries it)
	$(BIN)/python -m benchmarks.providers $(ARGS)

install: $(STAMP) ## make the virtual environment in .venv

$(STAMP): requirements.lock pyproject.toml
	$(call make-venv,$(VENV))
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# PyTorch stands apart, without a hash: it is built for the processor alone and for CUDA under one version, and which
# build an index gives differs. The lock holds all that the build for the processor needs.
$(NEURAL)/.installed: requirements-neural.lock pyproject.toml
	$(call make-venv,$(NEURAL))
	$(NEURAL)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-neural.lock
	$(NEURAL)/bin/pip install --quiet --disable-pip-version-check $(shell sed -n 's/^ *"\(torch==[^"]*\)".*/\1/p' pyproject.toml)
	$(NEURAL)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

define make-venv
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || { \
	  echo "htdbu needs Python 3.11 to 3.14, but '$(PYTHON)' is not one: $$($(PYTHON) --version 2>&1)" >&2; \
	  echo "  name another interpreter: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(1) || { \
	  echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
endef
