# Two commands do everything on a machine with Python, git and make:
#   make review [REPO=path]   set up what is missing and review a repository (this one by default)
#   make test                 set up what is missing and run every check and test
# Between two edits: make fix, then make quick. What the others do is in CONTRIBUTING.md.

PYTHON ?= python3
VENV   ?= .venv
REPO   ?= .
SECONDS_EACH ?= 600
SEED ?= 1
COUNT ?= 200
BIN    := $(VENV)/bin
# Rooms whose tests take seconds: they start no processes and grow no trees.
QUICK  := $(addprefix tests/,agents/test_examples.py catalogue contract domain formats house/test_floors.py \
            house/test_habits.py judging report rules test_config.py workflow)

.PHONY: review test quick system pythons mutants shells accuracy soak fix bench fuzz docs clean

# A verdict is what was asked for, whichever it is: ready (0), not ready (1) and could not judge (3) succeed here.
# A mistake or an interruption stays an error. CI calls `gonogo review` itself, whose exit code is the verdict.
review: $(VENV)/.run
	@$(BIN)/gonogo review $(REPO) || case $$? in 1|3) ;; *) exit $$? ;; esac

# Of long matrices a sample, which tests/sampling.py draws; `make soak` runs all of each (the table is in CONTRIBUTING.md).
test: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist worksteal

quick: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 $(QUICK)

system:
	@$(PYTHON) tools/system.py

pythons: $(VENV)/.dev
	$(BIN)/python -m tools.pythons

# What `make test` takes samples of: each matrix as a whole, or the rest of it.
soak: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -m soak

mutants: $(VENV)/.dev
	@SEED=$(SEED) COUNT=$(COUNT) $(BIN)/python -m tools.mutants

shells: $(VENV)/.dev
	@$(BIN)/python -m tools.shells

# The own set, which writes docs/accuracy.md, or what is labelled in CORPUS, which is read in place.
accuracy: $(VENV)/.dev
	@$(BIN)/python -m tools.accuracy $(CORPUS)

fix: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev
	$(BIN)/python -m tools.bench

fuzz: $(VENV)/.dev
	@for target in journal pinned archives statements; do \
		$(BIN)/python -m tests.fuzz.$$target -max_total_time=$(SECONDS_EACH) || exit 1; done

docs: $(VENV)/.dev
	$(BIN)/python -m tools.docs

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.run: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --editable '.[dev]'
	@touch $@ $(VENV)/.run
