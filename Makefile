# For developers; packaging/bootstrap.py makes .venv.
bin := .venv/bin
T ?= tests
SCENARIO ?= no-wan-install

.PHONY: check format test play

check:
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m pytest -q -n 0 tests/house

format:
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

test:
	$(bin)/python -m pytest -q -n 2 $(T)

play:
	$(bin)/python tests/support/scenario_plays.py --seeds 5 $(SCENARIO)
