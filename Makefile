# What a person types here. Everything else is `.venv/bin/aftercare --help`.
.DEFAULT_GOAL := help
.PHONY: help setup test lint up demo bench oracle fuzz
PYTHON_BIN := .venv/bin/python
AFTERCARE := .venv/bin/aftercare

help:  ## show this
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup:  ## make .venv and install what the suite, its tests and its checks need
	@deploy/setup

up: setup  ## run the suite here until Ctrl-C
	@exec $(AFTERCARE) up

demo: setup  ## play a story through the whole suite; in Chinese with ARGS="--lang zh"
	@exec $(AFTERCARE) demo $(ARGS)

test: setup lint  ## run all checks and tests
	PYTHONDONTWRITEBYTECODE= $(PYTHON_BIN) -m pytest -n 3  # else each process compiles everything again

lint: setup  ## run the checks alone
	$(PYTHON_BIN) -m ruff check .
	$(PYTHON_BIN) -m ruff format --check .
	$(PYTHON_BIN) -m mypy
	.venv/bin/lint-imports

bench: setup  ## measure beside peers; one with ONLY=name
	$(PYTHON_BIN) -m tests.bench $(if $(ONLY),--only $(ONLY))

oracle: setup  ## ask a second opinion on the deadlines of 100,000 random cases; fewer with COUNT=n, the same with SEED=n
	$(PYTHON_BIN) -m tests.oracle $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

fuzz: setup  ## ask intake everything there is, by RPC and HTTP, right and wrong; longer with COUNT=n
	AFTERCARE_FUZZ_COUNT=$(or $(COUNT),200) $(PYTHON_BIN) -m pytest -q --hypothesis-profile search tests/integration/front -k fuzz
