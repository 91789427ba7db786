# 暖亭 Nuanting. The two that matter: make demo, make test. `make help` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: wander access help setup demo test gallery lint format bench torture frozen lock clean

PY := .venv/bin/python
SYSTEM ?= install
WORKERS ?= 2
# Tests wait about as long as they work, for devices as slow as real ones: one worker more than there are cores.
TEST_WORKERS ?= 3
TORTURE ?=
ONLY ?=

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: .stamps/system .venv/.made ## everything the rest needs: system packages (as root) and .venv

.stamps/system: packages.apt make/system-packages.sh
	@mkdir -p .stamps
	@if [ "$(SYSTEM)" != skip ]; then bash make/system-packages.sh; fi
	@touch $@

.venv/.made: requirements-dev.lock make/environment.sh make/python.sh | .stamps/system
	@bash make/environment.sh
	@touch $@

demo: setup ## the terminal, with made-up devices and a made-up citizen's hands
	@$(PY) -m demo

test: setup ## every test
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

wander: setup ## every test, the property tests on examples that were never drawn before
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder --hypothesis-profile wander

gallery: setup ## every page in every state and mode as a picture, examined (ONLY=home picks some)
	@$(PY) -m tests.ui.gallery --workers $(WORKERS) --only="$(ONLY)"

lint: setup ## style, import contracts, types, QML
	@bash make/lint.sh

format: setup ## puts the sources into the house's shape
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: setup ## measures, each against its limit
	@$(PY) -m bench

access: setup ## writes what assistive programs are told of every control: out/access.txt
	@$(PY) -m tests.ui_reading.access

torture: setup ## a thousand kills, cuts, full disks (TORTURE_CYCLES=200 fewer), then random visits (TORTURE="-k kills")
	@$(PY) -m tests.torture --workers $(WORKERS)
	@$(PY) -m pytest tests -m torture --hypothesis-profile torture --timeout 0 $(TORTURE)

frozen: setup ## the one-folder program in dist/, started once
	@bash make/frozen.sh

lock: ## writes the locks anew from requirements*.in (needs uv)
	@bash make/lock.sh

clean: ## forgets what was made, .venv too
	rm -rf .venv .stamps build dist out
