# Two commands matter: `make run` starts everything, `make test` runs the tests. Both fetch what they need.
# Every path here is relative, so that a folder with a space in its name works.

PYTHON ?= $(shell command -v python3 || command -v python || echo python3)
VENV := .venv/bin
ARGS ?=

.PHONY: help run test check lint types layers content routing whole-house translations environments clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 16

run:  ## start everything on this machine and print the address (Ctrl-C stops it)
	@$(PYTHON) bootstrap.py run $(ARGS)

test: environments  ## run every test that needs no other service (ARGS="-k word" goes to pytest and leaves out Rasa's own)
	@good=0; $(VENV)/python -m pytest $(if $(ARGS),$(ARGS),-n auto --dist loadfile) || good=1; \
	[ -n "$(ARGS)" ] || $(VENV)/python -m sayable check-routing || good=1; exit $$good

environments:  ## only build or bring up to date both environments, with the test tools
	@$(PYTHON) bootstrap.py sync-tests

check: lint types layers content  ## lint, types, layering, content files

lint: environments  ## ruff
	@$(VENV)/python -m ruff check .

types: environments  ## mypy
	@$(VENV)/python -m mypy

layers: environments  ## who may import whom (import-linter)
	@$(VENV)/python -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

content: environments  ## scenes, word lists, help texts, wording
	@$(VENV)/python -m sayable check-content

routing: environments  ## Rasa's own checks: dialogue data, routing stories, channel
	@$(VENV)/python -m sayable check-routing

translations: environments  ## take new texts into each language's messages.po, and compile what is translated
	@$(VENV)/pybabel -q extract --no-location --sort-output -F web/translations/babel.cfg -k lazy_gettext -o web/translations/messages.pot web
	@$(VENV)/pybabel -q update --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete -w 130 -i web/translations/messages.pot -d web/translations
	@rm web/translations/messages.pot
	@$(VENV)/pybabel compile -d web/translations

whole-house: environments  ## tests with real Rasa, real action server, real browser (needs chromium and chromium-driver)
	@$(VENV)/python -m pytest -m whole_house tests/whole_house $(ARGS)

clean:  ## throw away environments and caches; what was practised (var/) stays
	rm -rf .venv rasa_project/.venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis rasa_project/.rasa .rasa
