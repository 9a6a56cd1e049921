# `make run` and `make test` are all that is needed on a fresh machine with python3 >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: run test check bench soak scores clean

run: $(STAMP)
	$(BIN)/ronten run corpus/articles --out outputs/articles
	$(BIN)/ronten report outputs/articles

# The tests of a file stay together: they share what is dear to build. Threads of one process that
# wait for each other while another process computes would take ten times as long.
test: check
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(STAMP)
	$(BIN)/ruff check pipeline tests
	$(BIN)/ruff format --check pipeline tests
	$(BIN)/mypy
	$(BIN)/lint-imports

# Minutes; on a busy machine only the ratios can be trusted.
bench: $(STAMP)
	$(BIN)/python tests/helpers/variety.py outputs/bench/articles 300
	$(BIN)/ronten bench outputs/bench/articles --stock --min stock_ratio=6 \
	  --max entities_figures_pct=10 --max cues_claims_pct=10 --max ours_pct=20 \
	  --max extract_median_ms=15 --max load_s=3
	$(BIN)/python -m ronten.cluster_bench 100000 1000000

# An hour: thousands of articles, runs killed at random, very long inputs.
soak: $(STAMP)
	$(BIN)/python -m pytest -m slow -s

# The environment depends on what is declared and on nothing else.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "ronten needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	# Modules are compiled when they are first used: most of them never are, and all take minutes.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
	  --constraint constraints.txt --editable . --group dev
	touch $(STAMP)

clean:
	rm -rf $(VENV) outputs dist build

# Scores the present system and writes the table of README.md; the real articles lie beside a checkout.
scores: $(STAMP)
	$(BIN)/python -m ronten.evaluate.readme README.md "invented text, test split=corpus/gold/final:test" \
	  $(if $(wildcard ../shared/gold/dev_real.jsonl),"real text (dev_real, looked at in development)=../shared/gold/dev_real.jsonl")
