# Two commands do everything, set-up included: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test tests test-long lint format schemas bench clean

demo: $(READY)  ## make the demo lab and run the whole job on it, end to end
	$(BIN)/qc demo --decide --force demo-lab

test: $(READY)  ## everything that must hold: lint, types, contracts, tests
	$(MAKE) --no-print-directory -j2 lint tests

tests: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not long and not benchmark" -q

test-long: $(READY)  ## the same tests with many more kills, cases and simulations
	ASSAYGATE_LONG=1 $(BIN)/python -m pytest -n 2 -q

bench: $(READY)  ## row validation beside other libraries (more of them with `pip install -e '.[bench]'`)
	$(BIN)/python tests/benchmarks/validation/run.py

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files schemas checks qc/api ':(glob)qc/readers/*.py' qc/__init__.py | grep '\.py$$')

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schemas: $(READY)  ## write the published JSON Schemas from the models that the commands print
	$(BIN)/python -m qc.cli.schema_files

clean:
	rm -rf $(VENV) demo-lab

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Assaygate needs Python 3.11 to 3.13; set PYTHON=python3.11") if not (3, 11) <= sys.version_info < (3, 14) else None'
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --compile -e '.[dev]'
	$(BIN)/python -m compileall -q schemas checks qc tui
	touch $@
