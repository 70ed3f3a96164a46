# make run: the city hall with its demo town.  make test: everything that must hold.  Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
UV := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

.PHONY: run test test-long test-calendar fuzz check bench lock clean help tools
.DELETE_ON_ERROR:

help:
	@echo "make run    bring up the city hall with the demo town at http://127.0.0.1:8000"
	@echo "make test   install what is needed and run all checks and tests"
	@echo "make test-long  the tests of whole halls, and those that go over every page and text (continuous integration runs them too)"
	@echo "make test-calendar  the tests without a browser on six days that are hard for a calendar; DAY=... for one"
	@echo "make fuzz   ask the API what nobody would ask: 5,000 requests with keys that open something (some minutes)"
	@echo "make check  style, types, import order, and the definitions"
	@echo "make bench  measure, interleaved in one run"
	@echo "make lock   renew the locked requirements"
	@echo "make clean  remove what was installed and built (the data in .madoguchi stays)"

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit('Python 3.11 or newer is needed, this is %d.%d: make PYTHON=python3.11' % sys.version_info[:2] if sys.version_info < (3, 11) else 0)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  echo "This Python cannot make virtual environments. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing the locked packages (about a minute) ..."
	@$(PIP) --no-deps --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo "Installing the locked packages for development ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.madoguchi-lock: $(VENV)/dev.stamp package-lock.json
	@$(BIN)/python -m madoguchi.design.building
	@touch $@

build/assets.stamp: $(VENV)/run.stamp requirements/build.txt package-lock.json $(shell find src/madoguchi/design/static_src src/madoguchi/locale -type f -not -name '*.mo' 2>/dev/null) $(wildcard src/madoguchi/catalogue/questions/*/browser.js) src/madoguchi/design/assets.py src/madoguchi/foundation/japan_post.py
	@echo "Building styles, scripts and fonts ..."
	@$(BIN)/python -m madoguchi.design.assets
	@touch $@

run: build/assets.stamp
	@exec $(BIN)/madoguchi run $(ARGS)

tools:
	@sh .ci/tools

check: $(VENV)/dev.stamp node_modules/.madoguchi-lock build/assets.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/madoguchi check procedures/

# The tests without a browser run on a day that is hard for a calendar, another one every day; DAY=now is the machine's.
ON_A_DAY := $(BIN)/python -m tests.shifted_clock
test: tools check
	$(ON_A_DAY) $(or $(DAY),of-the-day) -n 2 --dist worksteal -m "not browser and not long"
	$(BIN)/pytest -n 2 --dist worksteal -m "browser and not long"

test-long: tools $(VENV)/dev.stamp build/assets.stamp
	$(ON_A_DAY) $(or $(DAY),of-the-day) -n 2 --dist worksteal -m "long and not browser"
	$(BIN)/pytest -n 2 --dist worksteal -m "long and browser"

test-calendar: tools $(VENV)/dev.stamp build/assets.stamp
	$(ON_A_DAY) $(or $(DAY),every) -n 2 --dist worksteal -m "not browser"

fuzz: $(VENV)/dev.stamp build/assets.stamp
	$(BIN)/python -m drills.fuzz --cases 5000 $(ARGS)

bench: $(VENV)/dev.stamp build/assets.stamp
	$(BIN)/python -m bench
	$(BIN)/python -m bench.datastore

lock: $(VENV)/dev.stamp
	$(UV) pyproject.toml --overrides requirements/left-out.txt -o requirements/run.txt
	$(UV) --group build -o requirements/build.txt
	$(UV) pyproject.toml --extra dev -o requirements/dev.txt
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:
	rm -rf $(VENV) build node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
