# The one door to every command. It needs Python 3.11, 3.12 or 3.13 and GNU make.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --quiet --disable-pip-version-check --no-input
# As many worker processes as there are cores, each with a database of its own. What Python's
# development mode warns of fails every run already; its checks of memory and of the browser's loop
# cost a fourth more, and are for the long proofs.
PYTEST := $(PY) -m pytest --numprocesses logical --dist loadgroup
THOROUGH := PYTHONDEVMODE=1 $(PYTEST)
# Python keeps what it compiled: it saves each of the many processes of a run some seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run ready test cover prove scan bench lint format types check messages pictures lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run     start the site and its worker here (HOST, PORT, SAMPLE=no)"
	@echo "make ready   for a server: install what the site runs on, collect its static files"
	@echo "make test    every test, on PostgreSQL and on SQLite, and in a browser (ARGS=tests/courses)"
	@echo "make cover   how much of the code the tests run, in lines and branches"
	@echo "make prove   the long proofs, on both databases"
	@echo "make bench   what the site does in a second, into docs/performance.md (ARGS=\"pages rush\")"
	@echo "make scan    try the site with a scanner of weaknesses (half an hour)"
	@echo "make format  put the code into shape"
	@echo "make lint    what format would change, and what is not good"
	@echo "make check   lint, types, migrations, and Django's own checks for production"
	@echo "make messages  collect the words people read into the Spanish catalog, and compile it"
	@echo "make pictures  make the pictures of the documents anew (needs Chromium)"
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

# What the tests in a browser judge pages with. Without npm the run itself says what it left out.
# npm knows only the certificates it brings; the machine's own are added, as pip and git have them.
TOOLS := tests/browser/tools
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt)

$(TOOLS)/node_modules/tools.stamp: $(TOOLS)/package-lock.json
	@if command -v npm >/dev/null; then \
	  echo "Installing what judges pages into $(TOOLS)"; \
	  NODE_EXTRA_CA_CERTS="$${NODE_EXTRA_CA_CERTS:-$(CERTIFICATES)}" npm ci --prefix $(TOOLS) --ignore-scripts --no-audit --no-fund --silent && touch $@ || \
	  echo "npm could not install them." >&2; fi

# Running it.

run: $(VENV)/run.stamp
	@$(PY) -m bawg_site.local

# A server's services start it; docs/deploy.md.
ready: $(VENV)/run.stamp
	@$(PRODUCTION) $(PY) manage.py collectstatic --no-input --verbosity 0

# Testing it. A run for each database, that on SQLite with the browser and with what no database can
# change; between them, what measures time and bears nothing beside it. With ARGS, only those tests. Counting the lines takes half as long again: `make cover`.

# Lines and branches, in percent. What only a process of its own runs is not counted.
FLOOR := 85
NOTHING_IS_FINE := || [ $$? -eq 5 ]

test: $(VENV)/dev.stamp $(TOOLS)/node_modules/tools.stamp
	@TEST_DATABASE=postgres $(PYTEST) -m "not prove and not browser" $(ARGS) $(if $(ARGS),$(NOTHING_IS_FINE))
	@TEST_DATABASE=sqlite $(PYTEST) --numprocesses 0 -m "alone and not prove" $(ARGS) $(if $(ARGS),$(NOTHING_IS_FINE))
	@TEST_DATABASE=sqlite $(PYTEST) -m "not prove and not alone" $(ARGS) $(if $(ARGS),$(NOTHING_IS_FINE))

cover: $(VENV)/dev.stamp
	@TEST_DATABASE=sqlite $(PYTEST) -m "not prove and not browser" --cov --cov-report=term:skip-covered --cov-fail-under=$(FLOOR)

prove: $(VENV)/dev.stamp $(TOOLS)/node_modules/tools.stamp
	@TEST_DATABASE=postgres $(THOROUGH) -m "(prove or once) and not browser and not alone" $(ARGS)
	@TEST_DATABASE=postgres $(PYTEST) --numprocesses 0 -m "prove and alone" $(ARGS)
	@TEST_DATABASE=sqlite $(THOROUGH) -m "prove and not alone" $(ARGS)
	@TEST_DATABASE=sqlite $(PYTEST) --numprocesses 0 -m "prove and alone" $(ARGS)

# Measuring it, on a machine that does nothing else.

bench: $(VENV)/dev.stamp
	@$(PY) -m tests.load $(ARGS)

# Trying it as a stranger would. The scanner is no part of the locks: it weighs more than the site.

SCANNER := $(VENV)/scan/bin/wapiti

$(SCANNER): | $(VENV)/python.stamp
	@$(PY) -m venv $(VENV)/scan && $(VENV)/scan/bin/python -m pip --quiet --quiet install wapiti3==3.2.3 || \
	  { rm -rf $(VENV)/scan; echo "NOTHING WAS SCANNED: wapiti3 could not be installed." >&2; exit 1; }

scan: $(VENV)/dev.stamp $(SCANNER)
	@$(PY) -m tests.scanning $(SCANNER)

# Judging it.

TEMPLATES = $(shell git ls-files --cached --others --exclude-standard 'templates/*.html' 'templates/*.txt')

format: $(VENV)/dev.stamp
	@$(PY) -m ruff check --quiet --fix .
	@$(PY) -m ruff format --quiet .
	@$(VENV)/bin/djade --target-version 5.2 $(TEMPLATES)

lint: $(VENV)/dev.stamp
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/djade --target-version 5.2 --check $(TEMPLATES)
	@$(PY) -m djlint --quiet --lint templates

types: $(VENV)/dev.stamp
	@$(PY) -m mypy

# As in production: nothing from .env, and the address is https. Nothing is sent to these names.
PRODUCTION := env DOTENV=/dev/null DEBUG= SITE_URL=https://training.example.org \
  ALLOWED_HOSTS=training.example.org DEFAULT_FROM_EMAIL=training@of-this-check.org EMAIL_HOST=localhost \
  SECRET_KEY=only-for-this-check-and-long-enough-to-be-taken-for-a-real-one-0123456789

check: lint types
	@$(PRODUCTION) $(PY) manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

# The Spanish of the words people read: collected from the code, written in the .po, compiled to the
# .mo that the site reads. Both are kept, so that the site runs where GNU gettext is not.

messages: $(VENV)/run.stamp
	@$(PRODUCTION) $(PY) manage.py makemessages
	@$(PRODUCTION) $(PY) manage.py compilemessages --locale es --locale en --ignore .venv --verbosity 0

# The pictures of the documents, from the sample data.

pictures: $(VENV)/dev.stamp
	@$(PY) -m tests.pictures

# Renewing what is locked. The tools' lock holds the site's own versions.

UV := $(VENV)/lock/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header

lock: $(VENV)/python.stamp
	@$(PY) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip --quiet --quiet install uv
	@$(COMPILE) pyproject.toml -o requirements.lock $(ARGS)
	@$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock $(ARGS)

clean:
	@rm -rf $(VENV) $(TOOLS)/node_modules .coverage .mypy_cache .pytest_cache .ruff_cache
