# Every target does the set-up that it needs; none needs anything but Python 3.11+, make and a package registry.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TESTS  ?= tests

.DEFAULT_GOAL := help
.PHONY: help run setup demo test check quality crash simulate fuzz soak pictures bench words lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

run: setup ## set up, then start the bot (console and sample coverage when no token is set)
	@test -f .env || echo "To connect Telegram or Slack: $(BIN)/backstory setup"
	@exec $(BIN)/backstory run

demo: setup ## play the sample coverage on a fast clock and print the alerts
	@$(BIN)/backstory demo

setup: $(VENV)/.ready ## set-up alone: make .venv and install what `make run` needs

test: $(VENV)/.ready-dev ## set up, then run every test
	@$(BIN)/python -m pytest $(TESTS)

check: $(VENV)/.ready-dev ## lint, types and import rules, as CI runs them
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.audit

quality: $(VENV)/.ready-dev ## figures of grouping, backstory, topics and summaries on the evaluation data
	@$(BIN)/python -m tests.quality

crash: $(VENV)/.ready-dev ## kill the bot 500 times (KILLS=...) on SQLite, PostgreSQL and in a fleet, and print what arrived
	@KILLS=$${KILLS:-500} $(BIN)/python -m pytest -n 2 tests/crash

simulate: $(VENV)/.ready-dev ## live through SEEDS=100 days of faults and crashes on a virtual clock (SEED=17 replays one)
	@PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation

fuzz: $(VENV)/.ready-dev ## attack every way in with RUNS=1000000 mutants of feeds, pages, lists, queries, commands, payloads
	@$(BIN)/python -m tests.fuzz

soak: $(VENV)/.ready-dev ## run the bot for MINUTES=120 in a world RATE=1 times as busy: are memory, descriptors and tasks flat?
	@$(BIN)/python -m tests.soak

pictures: $(VENV)/.ready-dev ## what people see on Telegram and Slack, drawn by a headless Chromium where there is one
	@$(BIN)/python -m tests.lookalike

bench: $(VENV)/.ready-dev ## speed, as ratios against a named peer in the same run
	@$(BIN)/python -m tests.benchmarks

words: $(VENV)/.ready-dev ## bring the catalogues in bot/locale up to date with the texts in the code, and say what to translate
	@$(BIN)/python -m tests.words

lock: ## renew both lock files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate -q pyproject.toml deploy/build.in -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate -q pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove the set-up (never your data)
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Backstory needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)

# The stamps make a second call a no-op; a changed lock or project file sets up again.
$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready | $(VENV)/bin/python
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
