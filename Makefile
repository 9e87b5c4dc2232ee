# Two commands: `make demo` shows the main job, `make test` proves it. Both do all of their own set-up.

PY := .venv/bin/python
DEMO ?=

.PHONY: setup setup-test demo test bench prove check format lock clean

setup:            ## virtual environment and browser
	@scripts/setup.sh

setup-test:       ## the same, and the servers that the tests start
	@scripts/setup.sh test

demo: setup       ## the 83 demo portals and an agent that watches them; DEMO="--once" ends after one cycle
	@.venv/bin/portalwatch demo $(DEMO)

check: setup      ## style, types, rooms
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: setup-test check  ## everything that CI holds; some of it: make test TESTS=tests/unit
ifdef TESTS
	$(PY) -m pytest $(TESTS)
else
	$(PY) -m pytest -n 2 --dist loadfile tests/unit tests/contract tests/integration
	$(PY) -m pytest -n 2 --dist loadfile tests/e2e
endif

prove: setup-test ## the long proofs, by hand: kill series, outages under load, the confusion matrix
	$(PY) -m pytest -m prove -s $(TESTS)

bench:            ## how fast, beside peers; by hand. One figure: make bench BENCH=journeys
	@scripts/setup.sh bench
	$(PY) -m bench $(BENCH)

format: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: setup       ## re-pin the requirements, without addresses
	.venv/bin/uv pip compile pyproject.toml -o requirements/runtime.txt $(LOCK)
	.venv/bin/uv pip compile pyproject.toml --group dev -o requirements/dev.txt $(LOCK)

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

clean:
	rm -rf build data .venv
