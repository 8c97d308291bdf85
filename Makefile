# Everything here needs git, make and Python 3.11 or newer; uv is used where it is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Ledgers are synced to disk at every fact; where there is a disk in memory, the tests use it.
PYTEST := $(if $(wildcard /dev/shm/.),PYTEST_DEBUG_TEMPROOT=/dev/shm) $(BIN)/python -m pytest
LOCK := requirements.lock
WORKER_LOCK := requirements-workers.lock
DEV_LOCK := requirements-dev.lock

SEEDS ?= 300
# The tests start many processes: each module is compiled once, and not by each of them.
export PYTHONDONTWRITEBYTECODE =
N ?= 1000000

.PHONY: help demo test test-slow test-crash test-openclaw test-browser test-postgres bench bench-check pictures simulate check check-protocol format manifest package endpoints area-codes check-hours lock clean
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/.ready ## Run the catering mission on the sandbox: no key, no network, no cost
	@$(BIN)/telnyx-toolkit demo

test: $(VENV)/.ready-dev ## Run the tests
	@$(PYTEST)

test-slow: $(VENV)/.ready-dev ## Run the slow tests as well
	@$(PYTEST) -m "not openclaw and not browser and not postgres"

simulate: $(VENV)/.ready-dev ## Run SEEDS=300 histories in which things go wrong, or tell one: SEED=123
	@$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(SEEDS))

test-crash: $(VENV)/.ready-dev ## Kill missions at every named point, and run them to their end
	@$(PYTEST) -m "slow or not slow" tests/command/crash --every-point

test-openclaw: $(VENV)/.ready-dev ## Run the real OpenClaw and ClawHub against the skill; installs them once, 650 MB
	@$(BIN)/python -m tests.openclaw.installed
	@$(PYTEST) -m openclaw -n 2 tests/openclaw

test-browser: $(VENV)/.ready-dev ## Look at report and dashboard in Chromium; installs it as root on Debian
	@$(BIN)/python -m tests.browser.installed
	@$(PYTEST) -m browser -n 2 tests/browser

test-postgres: $(VENV)/.ready-dev ## Run missions on a Postgres ledger, by several workers; starts a Postgres of its own
	@$(PYTEST) -m postgres -n 2 tests

bench: $(VENV)/.ready-dev ## Measure what the budgets are about, beside bare Python; also as JSON in build/bench.json
	@$(BIN)/python -m tests.bench

bench-check: $(VENV)/.ready-dev ## The same, and fail where a budget is broken
	@$(BIN)/python -m tests.bench --check

pictures: $(VENV)/.ready-dev ## Make the README's pictures and the recording of the demo anew (needs Chromium)
	@$(BIN)/python -m tests.browser.installed
	@$(BIN)/python -m tests.browser.pictures

check: $(VENV)/.ready-dev ## Format, lint, types, layers, then every test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/telnyx-toolkit manifest --check
	@$(MAKE) --no-print-directory test-slow

check-protocol: $(VENV)/.ready-dev ## Try every schedule of up to 6 faults on the calling protocol
	@$(BIN)/python -m tests.protocol.checker 6

check-hours: $(VENV)/.ready-dev ## Try N=1000000 calls at random against a second reckoning of when a phone may ring
	@HOURS_CASES=$(N) $(PYTEST) -q -m "slow or not slow" tests/unit/test_hours_in_bulk.py

format: $(VENV)/.ready-dev ## Format the code and mend what ruff can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

manifest: $(VENV)/.ready ## Write skill.yaml, the brief's schema and the tool tables anew
	@$(BIN)/telnyx-toolkit manifest

package: $(VENV)/.ready-dev ## Make the folder that is published on ClawHub, in build/clawhub (needs a package index)
	@$(BIN)/python -m tests.house.package_skill

endpoints: $(VENV)/.ready-dev ## Write docs/endpoints.md anew from the witness's table
	@WRITE_DOCS=1 $(PYTEST) -q -n 0 tests/witness/test_client_bodies.py -k page_of_endpoints

area-codes: $(VENV)/.ready-dev ## Write the table of area codes anew from phonenumbers' data
	@$(BIN)/python -m tests.house.area_codes

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra mcp --extra dashboard --group build --universal --python-version 3.11 --generate-hashes --quiet --no-header --upgrade -o $(LOCK)
	uv pip compile pyproject.toml --extra mcp --extra dashboard --extra distributed --extra otel --group build --universal --python-version 3.11 --generate-hashes --quiet --no-header --upgrade -c $(LOCK) -o $(WORKER_LOCK)
	uv pip compile pyproject.toml --extra mcp --extra dashboard --extra distributed --extra otel --group dev --universal --python-version 3.11 --generate-hashes --quiet --no-header --upgrade -c $(WORKER_LOCK) -o $(DEV_LOCK)

clean: ## Remove the environment and all caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist

# A marker is written last, so an interrupted set-up is simply done again.
$(VENV)/.ready: $(LOCK) pyproject.toml
	@$(call install,$(LOCK))
	@touch $@

$(VENV)/.ready-dev: $(DEV_LOCK) $(LOCK) pyproject.toml
	@$(call install,$(DEV_LOCK))
	@touch $@ $(VENV)/.ready

define install
echo "Setting up $(VENV) from $(1) ..." >&2; \
if command -v uv >/dev/null 2>&1; then \
  { [ -x $(BIN)/python ] || uv venv --quiet --python $(PYTHON) $(VENV); } && \
  uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) && \
  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
else \
  { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV); } && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
fi || { echo "The set-up failed: see the message above. It needs Python 3.11 or newer with venv (on Debian: apt install python3-venv); 'make clean' starts over." >&2; exit 1; }
endef
