# The one door to every command. It needs Python 3.11, 3.12 or 3.13 and GNU make.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check --no-input
PYTEST := $(PY) -X dev -m pytest
DJANGO_CODE := bawg_site content courses registrations

.PHONY: help run test prove lint format types check lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run     start the site and its worker here (HOST, PORT, SAMPLE=no)"
	@echo "make test    every test, on PostgreSQL and on SQLite, and in a browser (ARGS=tests/courses)"
	@echo "make prove   the long proofs, on both databases"
	@echo "make format  put the code into shape"
	@echo "make lint    what format would change, and what is not good"
	@echo "make check   lint, types, migrations, and Django's own checks for production"
	@echo "make lock    renew the locked dependencies"

# The environment. A stamp that is newer than its lock file says that there is nothing to install.

# A sentence, when no Python on this machine will do.
$(VENV)/python.stamp:
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
	  if "$$python" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; \
	  then "$$python" -m venv $(VENV) && touch $@ && exit 0; exit 1; fi; \
	done; \
	echo "This needs Python 3.11, 3.12 or 3.13 with its venv module (Debian: apt install python3-venv); none was found. PYTHON=/path/to/python names one." >&2; \
	exit 1

$(VENV)/run.stamp: requirements.lock | $(VENV)/python.stamp
	@echo "Installing what the site needs into $(VENV)"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/python.stamp
	@echo "Installing what its tests and tools need into $(VENV)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Running it.

run: $(VENV)/run.stamp
	@$(PY) -m bawg_site.local

# Testing it. Two runs, one for each database; the second adds the browser and counts the lines
# that either has covered. With ARGS, only those tests, and no count.

NOTHING_IS_FINE := || [ $$? -eq 5 ]
ifdef ARGS
COVER :=
COVER_MORE :=
else
COVER := --cov --cov-report=
COVER_MORE := --cov --cov-append --cov-report=term:skip-covered
endif

test: $(VENV)/dev.stamp
	@TEST_DATABASE=postgres $(PYTEST) -m "not prove and not browser" $(COVER) $(ARGS) $(if $(ARGS),$(NOTHING_IS_FINE))
	@TEST_DATABASE=sqlite $(PYTEST) -m "not prove" $(COVER_MORE) $(ARGS)

prove: $(VENV)/dev.stamp
	@TEST_DATABASE=postgres $(PYTEST) -m "prove and not browser" $(ARGS)
	@TEST_DATABASE=sqlite $(PYTEST) -m prove $(ARGS)
