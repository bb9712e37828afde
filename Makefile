# Seamline: `make run` opens it, `make test` tests it, `make` alone lists the rest.
# Everything is installed into .venv from the lock files in requirements/.

PYTHON ?=
FOUND := $(shell sh scripts/find_python.sh $(PYTHON))
PY := $(FOUND) -B
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
HEADLESS := $(if $(filter Linux,$(shell uname -s)),$(if $(DISPLAY)$(WAYLAND_DISPLAY),,yes))

.DEFAULT_GOAL := help
.PHONY: help python run setup peers test chaos soak fuzz lint format bench screenshots tour package lock clean

help: ## show this list
	@echo "Seamline. PYTHON=python3.12 chooses the Python; ARGS=… reaches the command."
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python:
	@test -n "$(FOUND)"

run: python ## open the console; the first time, on the sample workspace
	@$(PY) -m scripts.environment runtime
	@$(PY) -m scripts.system qt
ifeq ($(HEADLESS),yes)
	@echo "There is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set."
	@echo "“make screenshots” draws the console into docs/screens/ without one;"
	@echo "“$(BIN)/seamline --help” lists the commands that need no window."
else
	@$(BIN)/seamline --sample-at-first $(ARGS)
endif

setup: python ## install what development takes, and change nothing else
	@$(PY) -m scripts.system qt display fonts keyring access || test "$$CI" != true
	@$(PY) -m scripts.environment dev

peers: python ## install the servers that tests talk to
	@$(PY) -m scripts.peers

test: setup peers ## run all tests
	@$(PY) -m scripts.run_tests $(ARGS)

chaos: setup peers ## kill the program at random instants, count what is lost
	@$(BIN)/python -m tests.chaos $(ARGS)

soak: setup ## an hour of work in one window: does anything pile up
	@$(BIN)/python -m tests.soak $(ARGS)

fuzz: setup ## feed a million inputs to all that reads what comes from outside
	@$(PY) -m scripts.fuzz $(ARGS)

lint: setup ## ruff with its security checks, mypy, import-linter, known holes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PY) -m scripts.audit

format: setup ## bring the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup ## measure speed: pulling, storing, searching, painting
	@$(PY) -m scripts.system bench display fonts
	@$(BIN)/python -m benchmarks $(ARGS)

screenshots: setup peers ## draw the console into docs/screens/, take the tour into docs/tour/
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m scripts.screenshots
	@$(BIN)/python -m scripts.tour

tour: setup peers ## take the pictures of docs/tour/ alone
	@$(BIN)/python -m scripts.tour

package: setup ## build a one-folder program into dist/ and try it
	@$(PY) -m scripts.system package
	@$(BIN)/pyinstaller --noconfirm --log-level WARN build.spec
	@$(BIN)/python -m scripts.try_bundle dist/seamline

lock: setup ## write the lock files anew (UPGRADE=1 takes the newest versions)
	@$(BIN)/python -m scripts.lock $(if $(UPGRADE),--upgrade)

clean: ## remove everything that was made
	@rm -rf .venv .cache build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
