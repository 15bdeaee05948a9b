# From NumPy to CNN. `make lab` and `make test` are all that is needed on a fresh
# machine with Python 3.11 or newer; each sets the course up first, in .venv.

# Any name or path of a Python ≥ 3.11 will do: make lab PYTHON=python3.12
PYTHON ?= python3
# Passed on: make lab ARGS=--no-browser, make test ARGS="-k relu", make present ARGS=04
ARGS ?=

# Packages of another Python must not shadow the course's own, nor its scripts be hidden
# from each other.
PYTHONHOME =
PYTHONPATH =
PYTHONSAFEPATH =

.PHONY: help lab update present slides test outputs bench setup pins clean

help:
	@echo "make lab      open the course in JupyterLab"
	@echo "make update   bring the newest version; your answers are carried over"
	@echo "make present  open one notebook for a projector: make present ARGS=04"
	@echo "make slides   make slides that need no network, in build/slides"
	@echo "make test     run the tests; make test ARGS=--everything runs the rare ones too"
	@echo "make outputs  run the notebooks and store their outputs"
	@echo "make bench    measure how fast everything is"
	@echo "make setup    only make or mend .venv, which all above but update do first"
	@echo "make pins     choose the packages' exact versions anew"
	@echo "make clean    remove what set-up made: .venv and build"

lab: setup
	@.venv/bin/python -m tools.lab $(ARGS)

present: setup
	@.venv/bin/python -m tools.present $(ARGS)

slides: setup
	@.venv/bin/python -m classroom slides $(ARGS)

# Without set-up, which the new version may want done otherwise.
update:
	@"$(PYTHON)" -m tools.update $(ARGS)

test: setup
	@.venv/bin/python -m pytest $(ARGS)

outputs: setup
	@.venv/bin/python -m tools.outputs $(ARGS)

bench: setup
	@.venv/bin/python -m benchmarks $(ARGS)

setup:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "There is no '$(PYTHON)' \
	here: install Python 3.11 or newer, or name yours, as in: \
	make lab PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" tools/setup_venv.py

# Without set-up: new bounds in pyproject.toml may contradict the old pins.
pins:
	@"$(PYTHON)" tools/pin_versions.py $(ARGS)

clean:
	rm -rf .venv build
