# The two commands that matter: `make lab` opens the lessons, `make test` runs every check.
# Both need Python >= 3.11 and make; everything else goes into .venv from the lock files.

PYTHON ?= $(shell for python in python3 python python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --upgrade

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: lab test lint bench notebooks lock clean help

lab: $(VENV)/lab.stamp $(VENV)/package.stamp ## open JupyterLab at the start lesson
	$(BIN)/jupyter lab $(LAB_ARGS) notebooks/00_start_here.ipynb

test: $(VENV)/dev.stamp $(VENV)/package.stamp ## run every check
	$(BIN)/python tests/run.py

lint: $(VENV)/dev.stamp $(VENV)/package.stamp ## run only ruff and mypy
	$(BIN)/python tests/run.py lint

bench: $(VENV)/dev.stamp $(VENV)/package.stamp ## measure import, lessons and sizes against their targets
	$(BIN)/python -m benchmarks

notebooks: $(VENV)/dev.stamp $(VENV)/package.stamp ## run every lesson and write it in its canonical form
	$(BIN)/python tests/canonical.py

# The superset first, so that the smaller files hold the same versions. The build backend is locked
# too, because the package is installed without build isolation.
lock: $(VENV)/dev.stamp ## write the three lock files anew (needs network)
	$(LOCK) --extra dev -o tests/requirements.txt
	echo hatchling | $(LOCK) - --extra all -c tests/requirements.txt -o requirements.txt
	echo hatchling | $(LOCK) - --extra validate --extra reports --extra models -c tests/requirements.txt \
		-o binder/requirements.txt

clean: ## remove the environment and everything that was built
	rm -rf $(VENV) build dist reports .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found. Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11, or no Python. Name another: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' || { echo "$(PYTHON) cannot create environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

# Without its announcements JupyterLab asks nothing over the first figure and needs no network.
$(VENV)/lab.stamp: requirements.txt | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements.txt
	@$(BIN)/jupyter labextension disable --level=sys_prefix \
		"@jupyterlab/apputils-extension:announcements" 2>/dev/null
	@touch $@

$(VENV)/dev.stamp: tests/requirements.txt | $(BIN)/python
	$(INSTALL) --require-hashes -r tests/requirements.txt
	@touch $@

# After whichever lock was asked for: both hold the build backend.
$(VENV)/package.stamp: pyproject.toml | $(if $(filter lab,$(MAKECMDGOALS)),$(VENV)/lab.stamp,$(VENV)/dev.stamp)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
