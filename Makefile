# Two commands do everything: `make demo` holds up meshes of a CT, `make test` checks all there is.
# Both set up what they need, and do so once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
SCAN ?=
ENGINE ?= hounsfield
PORT ?= 8000
DATA_DIR ?= .data
export ENGINE PORT DATA_DIR

VENVS := .venvs
DEV := $(VENVS)/dev/bin
UV := $(DEV)/uv
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --quiet

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-26s %s\n", $$1, $$2}'

# ------------------------------------------------------------------ environments
$(VENVS)/dev/.ready: requirements/uv.txt requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENVS)/dev
	$(DEV)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(UV) pip sync --quiet --python $(DEV)/python --require-hashes requirements/dev.txt
	$(UV) pip install --quiet --python $(DEV)/python --no-deps --no-build-isolation --editable .
	$(DEV)/python -m scan_to_mesh.compiled
	@touch $@

$(VENVS)/%/.ready: requirements/%.txt | $(VENVS)/dev/.ready
	$(UV) venv --quiet --clear --python $(DEV)/python $(VENVS)/$*
	$(UV) pip sync --quiet --python $(VENVS)/$*/bin/python --require-hashes requirements/$*.txt
	@touch $@

frontend/node_modules/.ready: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.ready $(shell find frontend/src frontend/index.html -type f 2>/dev/null)
	cd frontend && npm run --silent build:local

.PHONY: setup
setup: $(VENVS)/dev/.ready $(VENVS)/emulator/.ready engine ## Set up what running needs

.PHONY: engine
engine: $(VENVS)/dev/.ready
ifeq ($(ENGINE),totalsegmentator)
	UV=$(UV) PYTHON=$(PYTHON) scripts/install-totalsegmentator.sh
endif

# ------------------------------------------------------------------ running
.PHONY: demo
demo: setup ## Segment SCAN=path (.nii, .nii.gz, DICOM folder or .zip), or a phantom, into out/
	@$(DEV)/python -m local_stack.demo $(if $(SCAN),"$(SCAN)")

.PHONY: dev
dev: setup frontend/dist/index.html ## Run the local stack on http://localhost:$(PORT) until Ctrl-C
	@exec $(DEV)/python app.py

# ------------------------------------------------------------------ checking
.PHONY: test
test: lint types contracts unit contract infrastructure frontend-test readers functional e2e ## Every check and test

.PHONY: lint
lint: setup ## Format, lint, drift of generated files
	$(DEV)/ruff format --check .
	$(DEV)/ruff check .
	$(DEV)/python scripts/generate_openapi.py --check
	$(DEV)/python scripts/list_licences.py --check

.PHONY: types
types: setup ## mypy --strict
	$(DEV)/mypy

.PHONY: contracts
contracts: setup ## Import contracts
	$(DEV)/lint-imports

.PHONY: unit
unit: setup ## Unit tests
	$(DEV)/pytest -q -n 2 --dist loadfile tests/unit

.PHONY: contract
contract: setup ## One suite over every implementation of a port
	$(DEV)/pytest -q tests/contract

.PHONY: infrastructure
infrastructure: setup $(VENVS)/sam/.ready $(VENVS)/checkov/.ready $(VENVS)/linters/.ready ## Template, layers, sam build, scripts, workflows
	$(DEV)/pytest -q -n 2 --dist loadfile tests/infrastructure

.PHONY: functional
functional: setup frontend/dist/index.html ## Scans through the running local stack
	$(DEV)/pytest -q tests/functional

.PHONY: e2e
e2e: setup frontend/dist/index.html ## The page in a real Chromium
	scripts/install-chromium.sh
	$(DEV)/pytest -q -n 2 --dist loadfile tests/e2e

.PHONY: frontend-test
frontend-test: frontend/node_modules/.ready ## Types and tests of the page
	cd frontend && npm test --silent

.PHONY: readers
readers: setup $(VENVS)/readers/.ready frontend/node_modules/.ready ## Meshes and label maps before other people's readers
	$(DEV)/pytest -q tests/readers

.PHONY: test-totalsegmentator
test-totalsegmentator: setup ## The real TotalSegmentator on the CPU, offline, through the whole API
	UV=$(UV) PYTHON=$(PYTHON) scripts/install-totalsegmentator.sh
	$(VENVS)/totalsegmentator/bin/python -m pytest -q tests/totalsegmentator \
		tests/unit/iris_oculus/test_structures.py

.PHONY: benchmark-cold-starts
benchmark-cold-starts: setup ## Measure the functions' cold starts into docs/COLD_STARTS.md; needs Python 3.13
	$(DEV)/python -m tests.benchmarks.cold_starts

.PHONY: benchmark-page
benchmark-page: setup frontend/node_modules/.ready ## Measure the page in a browser into docs/PERFORMANCE.md
	scripts/install-chromium.sh
	$(DEV)/python -m tests.benchmarks.page

.PHONY: pictures-mesh
pictures-mesh: setup ## Draw the pictures of docs/MESHING.md; needs ../shared/data
	$(DEV)/python -m tests.benchmarks.meshing.pictures

BENCH ?=
.PHONY: bench-mesh
bench-mesh: setup $(VENVS)/mesh-peers/.ready ## Measure meshing beside other ways into docs/MESHING_BENCHMARK.md
	$(DEV)/python -m tests.benchmarks.meshing $(BENCH)

# ------------------------------------------------------------------ upkeep
.PHONY: generate
generate: setup ## Write docs/openapi.json and docs/manifest.schema.json from the code
	$(DEV)/python scripts/generate_openapi.py

.PHONY: format
format: setup ## Format and mend what can be mended
	$(DEV)/ruff check --fix .
	$(DEV)/ruff format .

OVERRIDES := --override requirements/totalsegmentator-overrides.txt
LAYER := $(UV) pip compile --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet \
	--python-version 3.13 --python-platform aarch64-manylinux_2_28 --only-binary :all: pyproject.toml

.PHONY: lock
lock: $(VENVS)/dev/.ready ## Lock all dependencies anew
	$(LOCK) requirements/uv.in -o requirements/uv.txt
	$(LOCK) pyproject.toml --extra test -o requirements/dev.txt
	$(LOCK) requirements/emulator.in -o requirements/emulator.txt
	$(LOCK) requirements/sam.in -o requirements/sam.txt
	$(LOCK) requirements/cold-starts.in -o requirements/cold-starts.txt
	$(LOCK) requirements/checkov.in -o requirements/checkov.txt
	$(LOCK) requirements/linters.in -o requirements/linters.txt
	$(LOCK) requirements/readers.in -o requirements/readers.txt
	$(LOCK) requirements/mesh-peers.in -o requirements/mesh-peers.txt
	$(LOCK) $(OVERRIDES) pyproject.toml requirements/totalsegmentator.in --extra local -o requirements/totalsegmentator.txt
	$(LOCK) $(OVERRIDES) sagemaker/requirements.in pyproject.toml --extra container -o sagemaker/requirements.txt
	$(LAYER) --extra lambdas -o layers/dependencies/requirements.txt
	$(LAYER) --extra authorizer -o layers/authorizer_dependencies/requirements.txt
	$(LAYER) --extra imaging -o layers/imaging_dependencies/requirements.txt

.PHONY: clean
clean: ## Remove environments, builds and results; keeps DATA_DIR
	rm -rf $(VENVS) out frontend/node_modules frontend/dist .aws-sam
