# QC Station. `make run` and `make test` set everything up by themselves; a second call starts at once.
SHELL := /bin/bash
export PYTHON
BIN := .venv/bin
# Where the station keeps its data; empty: the user's data folder (see README).
STATION_HOME ?=
# A folder of pictures to teach on and to inspect; empty: the demo cables.
DATA ?=
STATION := $(BIN)/qc-station $(if $(STATION_HOME),--home "$(STATION_HOME)") $(if $(DATA),--data "$(DATA)") $(ARGS)
PYTEST := QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

.PHONY: help ready run run-offscreen test test-slow test-gpu test-faults test-window lint format \
	translations screenshots bench results lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

ready:
	@.ci/setup

run: ready  ## the station in a window (DATA=DIR: your own pictures; STATION_HOME=DIR: where data live)
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  echo "There is no display here, so no window can open. 'make run-offscreen' runs the same station for a while and leaves screenshots." >&2; exit 1; fi
	@$(STATION)

run-offscreen: ready  ## the same station without a display: 40 parts, screenshots in screenshots/
	@QT_QPA_PLATFORM=offscreen $(STATION) --quit-after 40 --screenshots screenshots
	@echo "Screenshots are in screenshots/."

test: ready  ## all tests but the long ones
	@$(PYTEST)

test-slow: ready  ## tests that take minutes: full teaching on the real pictures
	@$(PYTEST) -m slow

test-gpu: ready  ## tests that need CUDA
	@$(PYTEST) -m gpu

test-faults: ready  ## power cuts, full disks, killed processes
	@$(PYTEST) -m fault

test-window: ready  ## tests in a real window under Xvfb
	@xvfb-run -a -s "-screen 0 1920x1080x24" $(BIN)/python -m pytest -m xvfb

lint: ready  ## ruff, mypy, import rules, translations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(PYTEST) -q tests/unit/test_translations.py

format: ready  ## let ruff rewrite the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

translations: ready  ## collect new strings into the .ts files and compile them
	@cd resources/translations && ../../$(BIN)/pyside6-lupdate -silent -no-obsolete -locations none \
	  -source-language en -target-language fr_FR $$(find ../../qc_station -name '*.py' | sort) -ts fr.ts && \
	  ../../$(BIN)/pyside6-lrelease -silent fr.ts -qm fr.qm

screenshots: ready  ## every page in both languages into docs/screenshots
	@rm -rf build/screenshots-home
	@QT_QPA_PLATFORM=offscreen $(BIN)/qc-station --home build/screenshots-home --quit-after 60 --screenshots docs/screenshots
	@$(BIN)/python .ci/shrink-png docs/screenshots

bench: ready  ## latency, teaching, start-up, event loop, statistics, thresholds, roll-back: medians and ratios within one run (DATA=DIR: your pictures)
	@rm -rf build/bench && mkdir -p build/bench
	@$(BIN)/qc-engine render-cables --out build/bench/cable --size 256 --train-good 60 --test-good 10 --defects 0 --progress none
	@$(BIN)/qc-engine bench --data "$(or $(DATA),build/bench/cable)"
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench_station
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench_event_loop
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench_change_over
	@$(BIN)/python -m tests.bench_statistics
	@$(BIN)/python -m tests.bench_thresholds
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench_review
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench_rollback

results: ready  ## the tables of docs/results: DATA=DIR NAME=name, or rendered cables (a GPU, or days)
	@.ci/results $(if $(DATA),"$(or $(NAME),$(notdir $(patsubst %/,%,$(DATA))))" "$(DATA)",cable)

lock: ready  ## resolve requirements.lock again (needs uv)
	@uv pip compile pyproject.toml --all-extras --universal --generate-hashes --python-version 3.11 --no-header -o requirements.lock

clean:  ## remove everything that make produced (never the station's data)
	@rm -rf .venv build dist screenshots .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
