# On a fresh Debian or Ubuntu, `make` sets everything up and builds the PDFs and the site into build/.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := all
.PHONY: all setup system test test-all lint serve lock clean

BIN := .venv/bin

all: setup system         ## set up, then build every document, the site and the sample exam
	@$(BIN)/workings build
	@$(BIN)/workings exam content/sample-exam/sample-exam.toml --copies 12

setup: .venv/ready        ## the Python environment

.venv/ready: requirements.lock pyproject.toml scripts/setup-python
	@scripts/setup-python

system:                   ## TeX and KaTeX
	@scripts/setup-system

lint: setup
	@echo "ruff"; $(BIN)/ruff check -q && $(BIN)/ruff format -q --check
	@echo "mypy"; $(BIN)/mypy --no-error-summary

test: lint system         ## style, types and the fast tests
	@echo "pytest"; $(BIN)/pytest -q -n 2 -m "not slow"

test-all: lint system     ## the slow tests too
	@echo "pytest"; $(BIN)/pytest -q -n 2

serve: setup system       ## the site on this machine, rebuilt when a file changes
	@$(BIN)/workings serve

lock: setup               ## write requirements.lock anew; `make lock UPGRADE=1` takes newer versions
	@scripts/lock $(if $(UPGRADE),--upgrade)

clean:                    ## everything but the environment
	@rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
