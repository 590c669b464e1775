# The two commands of a newcomer are `make demo` and `make test`; everything else serves them.
PYTHON ?= python3
VENV ?= .venv
OUT ?= out/demo
BIN := $(VENV)/bin

.PHONY: demo test check format docs clean

demo: $(VENV)/.installed
	@$(BIN)/python -m flows.commands.demo --out "$(OUT)"

test: $(VENV)/.installed
	@$(BIN)/python -m pytest -n 2 --dist loadfile

# What CI runs: format, lint, types, import contracts, tests with coverage.
check: $(VENV)/.installed
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy flows nlp reports data
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term-missing:skip-covered --cov-fail-under=90

format: $(VENV)/.installed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# docs/tables.md is generated; a test keeps it true.
docs: $(VENV)/.installed
	@$(BIN)/python -m flows.commands.docs

$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) with the tested set of libraries (a few minutes, once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "voc needs Python 3.11 or newer; name one with: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) out build *.egg-info
