# Two commands matter: `make up` and `make test`. Each target is one line; what it runs is a program of the project.
SHELL := /bin/bash -o pipefail
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -c constraints.txt
unexport PYTHONDONTWRITEBYTECODE # each of the programs would compile the whole project anew
.PHONY: up build serve demo-fleet test coverage e2e check lint-deploy lock audit format client api-docs screenshots fuzz bench clean-venv

up: build serve ## build what is missing or stale, then run all four programs until Ctrl-C

build: .venv/.run ## materialise the whole graph: readings, features, models, champion
	@$(BIN)/python -m steel_assets.build

serve: .venv/.run ## Dagster, API, dashboard and MLflow, until Ctrl-C
	@$(BIN)/python scripts/serve.py

demo-fleet: .venv/.run ## the three demonstration plants of examples/fleet, built and served in data/fleet
	@STEEL_SITES_DIR=examples/fleet STEEL_DATA_DIR=data/fleet STEEL_SOURCE=simulated $(MAKE) up

PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q

test: .venv/.dev ## the whole test suite on two cores
	@$(PYTEST)

coverage: .venv/.dev ## the same with branch coverage, for which Python needs half as long again
	@$(PYTEST) --cov --cov-report=term:skip-covered

e2e: .venv/.dev ## the loop and a fleet with real programs: a new champion and back, kill -9 of each program and worker; minutes
	@STEEL_E2E=1 $(BIN)/python -m pytest tests/e2e/loop tests/e2e/fleet -q -s

check: .venv/.dev ## ruff (lint and format) and mypy strict
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

lint-deploy: .venv/.dev ## Dockerfile, compose file, manifests and workflows: rules, schemas and what they promise
	@$(BIN)/python -m pytest tests/deploy -q

lock: .venv/.dev ## the libraries of the service's Bento, pinned as in constraints.txt
	@$(BIN)/uv pip compile pyproject.toml --extra service --extra onnx --constraint constraints.txt --quiet --python-platform linux \
	  --python-version 3.11 --no-annotate --custom-compile-command 'make lock' --output-file deploy/requirements-service.txt

audit: .venv/.dev ## known weaknesses of the pinned libraries; fails where it could learn nothing of one
	@$(BIN)/pip-audit --strict --disable-pip --no-deps --progress-spinner off -r constraints.txt

format: .venv/.dev ## let ruff mend what it can
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

client: .venv/.dev ## the client's records, from the service's OpenAPI document
	@$(BIN)/python scripts/generate_client.py

api-docs: .venv/.dev ## the answers and tables of docs/api.md, by running its examples
	@$(BIN)/python scripts/api_examples.py --write

screenshots: .venv/.dev ## the pictures of docs/dashboard.md, from the dashboard that runs
	@$(BIN)/python scripts/screenshots.py http://127.0.0.1:$${STEEL_UI_PORT:-5006}

fuzz: .venv/.dev ## thousands of requests that the API's document allows or forbids, to an open and a locked service
	@$(BIN)/python scripts/fuzz.py

bench: .venv/.dev ## every figure that the README and docs quote, in at most 40 minutes; docs/benchmarks.md anew
	@$(BIN)/python benchmarks/bench.py

.venv/.run: pyproject.toml constraints.txt
	@echo "Installing into .venv (about two minutes the first time) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) -e '.[run]' | sed -u -n 's/^Collecting \([^ ]*\).*/  \1/p; s/^Successfully.*/  done/p'
	@touch $@

.venv/.dev: .venv/.run
	@echo "Installing the tools for development into .venv ..."
	@$(PIP) -e '.[dev]' | sed -u -n 's/^Collecting \([^ ]*\).*/  \1/p; s/^Successfully.*/  done/p'
	@touch $@

clean-venv: ## remove the environment
	rm -rf .venv
