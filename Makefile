# GNU make 3.81, as on macOS, is enough.
#
#   PYTHON=python3.13   the Python to make the environment with (default: the first that runs)
#   VENV=.venv          where the environment goes
#   JAX_VENV=.venv-jax  where that of the tests on JAX goes
#   PORT=8501           where the app is served
#   WORKERS=2           how many processes run the tests
#   CHROMIUM=/path/to   the browser for the tests (default: see tests/browser/chromium.py)
#   ARGS="-k gru"       more arguments for streamlit, pytest, the benchmarks or the mutants

VENV ?= .venv
JAX_VENV ?= .venv-jax
PORT ?= 8501
WORKERS ?= 2

python := $(VENV)/bin/python
export PYTHON

# Without ARGS there must be tests.
may_select_nothing := $(if $(strip $(ARGS)),|| test $$? -eq 5)

# A browser on a loaded machine can miss a click, and Keras's clear_session, which some tests call
# while others build, is not made for threads: what fails is run again, twice at most, and the
# summary says so, as it names what took longest.
again := --reruns 2 -rR --durations=15

.DEFAULT_GOAL := help
.PHONY: help run test test-jax lint chromium nginx postgres bench mutants clean
.NOTPARALLEL:

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

# The stamps say which requirements are installed. They count only while the environment
# works: a system update can take its Python away.
ifeq ($(shell "$(python)" -c "print('works')" 2>/dev/null),)
.PHONY: $(VENV)/.app-installed $(VENV)/.tests-installed $(VENV)/.bench-installed
endif

$(VENV)/.app-installed: requirements.txt
	@scripts/venv.sh "$(VENV)" requirements.txt
	@touch "$@"

$(VENV)/.tests-installed: requirements-dev.txt requirements.txt
	@scripts/venv.sh "$(VENV)" requirements-dev.txt
	@touch "$(VENV)/.app-installed" "$@"

$(VENV)/.bench-installed: requirements-bench.txt requirements-dev.txt requirements.txt
	@scripts/venv.sh "$(VENV)" requirements-bench.txt
	@touch "$(VENV)/.app-installed" "$(VENV)/.tests-installed" "$@"

# Without showEmailPrompt=false Streamlit's first start waits for an answer on stdin.
run: $(VENV)/.app-installed ## install what is missing and start the app
	@"$(python)" -m streamlit run app.py --server.port=$(PORT) --server.showEmailPrompt=false $(ARGS)

# The browser tests run on their own, since they fill two cores, and by the file: each worker has
# one server and one Chromium. (Not --dist loadgroup: pytest 9.2 ignores it, pytest-xdist issue
# 1386.) Exit code 5 means that ARGS selected nothing in this half.
test: lint chromium nginx postgres ## check everything: lint, types, layers, all tests
	"$(python)" -m pytest -n $(WORKERS) --ignore=tests/browser $(again) $(ARGS) $(may_select_nothing)
	"$(python)" -m pytest -n $(WORKERS) --dist loadfile tests/browser $(again) $(ARGS) $(may_select_nothing)

$(JAX_VENV)/.installed: requirements-jax.txt
	@scripts/venv.sh "$(JAX_VENV)" requirements-jax.txt
	@touch "$@"

# Keras compiles its loop over timesteps anew at every call; what is compiled is kept for the next.
test-jax: export KERAS_BACKEND := jax
test-jax: export JAX_COMPILATION_CACHE_DIR := $(abspath $(JAX_VENV))/compiled
test-jax: export JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS := 0
test-jax: export JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES := -1
test-jax: $(JAX_VENV)/.installed ## check capture and verify where Keras runs on JAX, without TensorFlow
	"$(JAX_VENV)/bin/python" -m pytest -n $(WORKERS) tests/unit/tracing tests/unit/test_cells.py \
		tests/unit/models tests/unit/training/test_backends.py tests/unit/lessons $(ARGS)

# As `python -m`, not as scripts: a script's first line breaks when the folder is moved.
lint: $(VENV)/.tests-installed ## ruff, mypy and import-linter only
	"$(python)" -m ruff check .
	"$(python)" -m ruff format --check .
	"$(python)" -m mypy
	"$(python)" -c "from importlinter.cli import lint_imports_command as main; main()" --no-logo

chromium: $(VENV)/.tests-installed ## get a Chromium for the browser tests, if there is none
	@"$(python)" tests/browser/chromium.py --install

nginx: $(VENV)/.tests-installed ## get nginx for the tests of deploy/, if there is none
	@"$(python)" -m tests.browser.nginx --install

postgres: $(VENV)/.tests-installed ## get PostgreSQL for the tests of rooms, if there is none
	@"$(python)" -m tests.unit.classroom.postgres --install

bench: $(VENV)/.bench-installed ## measure what the README claims
	"$(python)" -m benchmarks $(ARGS)

mutants: $(VENV)/.tests-installed ## change the numeric core, and count what the tests notice
	@"$(python)" -m scripts.mutants $(ARGS)

clean: ## remove the environment and all caches
	@if [ -f "$(VENV)/pyvenv.cfg" ]; then rm -rf "$(VENV)"; fi
	@if [ -f "$(JAX_VENV)/pyvenv.cfg" ]; then rm -rf "$(JAX_VENV)"; fi
	@rm -rf .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache build dist *.egg-info
	@find . -path ./.git -prune -o -type d -name __pycache__ -exec rm -rf {} +
