# The menu. Belongs here: one target per thing that people do with this repository. Does not belong here: how a thing is
# done (the command `gongkai`, pytest, ruff, mypy, Dagster).

PYTHON ?= python3
VENV ?= .venv
READY := $(VENV)/.ready
# A process of tests for each core, up to four; a test that was not begun goes to whoever has nothing left to do.
PYTEST := $(VENV)/bin/python -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help setup build test soak lint bench scale arrivals dictionary dev clean

help: ## this menu
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## an environment of its own in .venv, with the exact versions of constraints.txt

# The variable reaches the environment that the package is built in too; the option -c alone would not.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is not Python 3.11 or newer: name one, e.g. make build PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' \
		|| { echo "$(PYTHON) cannot make environments: on Debian, apt-get install python3-venv" >&2; exit 1; }
	@echo "setting up $(VENV): one to two minutes, once"
	@$(PYTHON) -m venv "$(VENV)"
	@PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 \
		"$(VENV)/bin/python" -m pip install -qq -c constraints.txt -e ".[dev]"
	@touch "$@"

build: $(READY) ## the main job: data/raw becomes data/curated/gongkai.duckdb and data/curated/parquet
	@"$(VENV)/bin/gongkai" build

test: $(READY) ## all tests but the long ones
	@$(PYTEST)

soak: export HYPOTHESIS_PROFILE ?= soak
soak: $(READY) ## the long tests (HYPOTHESIS_PROFILE=explore and GONGKAI_SEED=… draw fresh examples)
	@$(PYTEST) -m soak -ra || { status=$$?; test $$status -eq 5 && echo "there is no long test yet"; }

lint: $(READY) ## style, format and types
	@"$(VENV)/bin/ruff" check .
	@"$(VENV)/bin/ruff" format --check .
	@"$(VENV)/bin/mypy"

bench: $(READY) ## how fast reports are read beside the yardstick, and builds of 1,000 and 10,000 (four minutes)
	@"$(VENV)/bin/python" -m benchmarks.speed
	@"$(VENV)/bin/python" -m benchmarks.scale --sizes 1000 10000

scale: $(READY) ## builds of 1,000, 10,000 and 100,000 generated reports, and what comes after (half an hour)
	@"$(VENV)/bin/python" -m benchmarks.scale

arrivals: $(READY) ## what it costs to keep 20,000 reports current, held against builds from scratch (ten minutes)
	@"$(VENV)/bin/python" -m benchmarks.arrivals

dictionary: $(READY) ## docs/data_dictionary.md from schemas/
	@"$(VENV)/bin/python" -m schemas.dictionary > docs/data_dictionary.md.new
	@mv docs/data_dictionary.md.new docs/data_dictionary.md

dev: export DAGSTER_HOME ?= $(CURDIR)/.dagster
dev: export DAGSTER_DISABLE_TELEMETRY ?= 1
dev: $(READY) ## Dagster's pages on http://localhost:3000: the asset graph, runs, the sensor for new files
	@mkdir -p "$(DAGSTER_HOME)" && touch "$(DAGSTER_HOME)/dagster.yaml"
	@"$(VENV)/bin/dagster" dev

clean: ## removes the environment and everything that was built
	@rm -rf "$(VENV)" .dagster .mypy_cache .ruff_cache .pytest_cache .hypothesis gongkai.egg-info
	@find data/curated -mindepth 1 ! -name .gitkeep -delete
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
