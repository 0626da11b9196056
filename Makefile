# Two commands do everything on a fresh machine with Python 3.11 or newer and make: `make demo` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check contract drills estates fuzz sandbox-deep docs clients bench lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CONNECTOR5 := .venv-connector5
READY5 := $(CONNECTOR5)/.ready
WORKERS ?= 3
# Tests start the runner and the sandbox hundreds of times: what is compiled is kept, whatever the caller's shell says.
unexport PYTHONDONTWRITEBYTECODE

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "runner needs Python 3.11 or newer; say PYTHON=... to make")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(READY5): requirements-connector5.lock pyproject.toml
	$(PYTHON) -m venv $(CONNECTOR5)
	$(CONNECTOR5)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-connector5.lock
	@touch $@

setup: $(READY) $(READY5) ## Both environments: the runner's own, and one with the connector's next major version

demo: $(READY) ## The whole migration, on the sandbox
	@$(BIN)/python .ci/demo.py

test: setup check ## Lint, types, floors, and all tests
	$(BIN)/python -m pytest -q -n $(WORKERS)

check: $(READY)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.log || (cat $(VENV)/imports.log; exit 1)

clients: setup ## Other people's clients against the sandbox, each in an environment of its own; writes what came back
	$(BIN)/python tests/clients/matrix.py $(CLIENTS)

contract: setup ## Snowflake's documented examples, in the sandbox; RUNNER_CONTRACT_CONNECTION=NAME: on a live account too
	$(BIN)/python -m pytest -q tests/contract/test_documented_examples.py

drills: setup ## The long drills: kills after every statement, races, faults
	$(BIN)/python -m pytest -q -n $(WORKERS) -m drill --run-drills

estates: setup ## RUNNER_ESTATES (100) random estates and the large one: planned, migrated, compared, taken back
	$(BIN)/python -m pytest -q -n0 -m drill --run-drills tests/projects

fuzz: setup ## Anything at the door for FUZZ_SECONDS (60), from FUZZ_SEED; ends with 1 when something was found
	$(BIN)/python -m tests.fuzz.fuzz

sandbox-deep: setup ## The sandbox's long drills: kill -9 hundreds of times, 16 clients, large results, 10,000 objects, fuzz
	SANDBOX_KILLS=200 SANDBOX_DRILL_SECONDS=60 $(BIN)/python -m pytest -q -n0 -m drill --run-drills tests/e2e/door tests/unit/sandbox
	FUZZ_SECONDS=600 $(BIN)/python -m tests.fuzz.fuzz

docs: $(READY) ## Write the generated parts of the documentation again, and the picture
	$(BIN)/python .ci/write_docs.py
	$(BIN)/python .ci/picture.py

bench: setup ## Measure: beside a peer, in one run
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/sandbox.py
	$(BIN)/python benchmarks/planning.py

lock: $(READY) ## Resolve the lock files again from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml --extra sandbox --extra dev -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements-connector5.lock

clean: ## Remove the environments and the sandbox's state
	-test ! -x $(BIN)/runner || $(BIN)/runner sandbox down
	rm -rf $(VENV) $(CONNECTOR5) .sandbox .demo
