# `make` alone prints what can be done. Each command brings what it needs: a bare machine with Python 3.11 is enough.

PYTHON ?= python3
PORT ?= 8000
HANDSET_PORT ?= 8040

# A process of ours starts two seconds sooner when its modules have been compiled before.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
# On a desk, whatever the environment says.
FLASK := $(PY) -m flask --app devtools
PIP := $(PY) -m pip --disable-pip-version-check -qq install --require-hashes
SIMULATOR := $(PY) -m pip --disable-pip-version-check -qq install --no-deps --no-build-isolation -e packages/twilio-simulator
LOCK := $(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate \
	--custom-compile-command "make lock"
# A test process that has nothing left to do takes over tests of the other. A third one on two cores was tried and won nothing.
ON_TWO_CORES := -n 2 --dist worksteal
IS_ROOT_ON_DEBIAN := test "$$(id -u)" = 0 && command -v apt-get >/dev/null
PROXIES := .venv/proxies
# The machine is changed when somebody says yes. Continuous integration has said it by setting CI; without a terminal it is no.
MAY_INSTALL = $(IS_ROOT_ON_DEBIAN) && { test -n "$$CI" || \
	{ test -t 0 && printf 'May apt-get install %s on this machine? [y/N] ' "$(1)" && read -r yes && test "$$yes" = y; }; }
# The browser of the tests, without windows.
CHROMIUM := chromium-headless-shell
APT := apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install

# What is installed carries the checksum of its lock in its name: another lock is another file, and is installed.
RUNNING := devtools/pip.txt requirements.txt devtools/requirements.txt packages/twilio-simulator/pyproject.toml
FOR_RUNNING := .venv/for-running-$(firstword $(shell cat $(RUNNING) | cksum))
FOR_CHECKING := .venv/for-checking-$(firstword $(shell cat $(RUNNING) requirements-dev.txt | cksum))

# What builds images here; a health check is of Docker's format. Its flags are for the machine: ENGINE='podman --storage-driver vfs', BUILD='--network host'.
ENGINE ?= $(firstword $(foreach one,podman docker,$(shell command -v $(one))) podman)
IMAGE ?= localhost/support-line
TARGET ?= service
BUILD ?=
VERSION := $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' pyproject.toml)

.PHONY: help run demo test quick bench check install screenshots film browser voice proxies image lock migration fresh bom licences audit docs
.NOTPARALLEL:

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name words; do \
		printf '  make %-10s %s\n' "$$name" "$$words"; done

run: $(FOR_RUNNING)  ## The line, its network and its console on this machine (AT=now, AT='2026-11-26 09:00', PORT=8001)
	@exec $(FLASK) up --at "$(AT)" --port $(PORT) --handset-port $(HANDSET_PORT)

demo: $(FOR_RUNNING)  ## One whole call in this terminal, then its record
	@exec $(FLASK) demo

test: install browser voice proxies check  ## Install what the checks need, then every check

quick: $(FOR_CHECKING)  ## Rules, program and one story of each kind, within a minute, while you work
	@$(PY) -m pytest $(ON_TWO_CORES) -m "quick and not slow"

check:  ## Every check, in order: the gate before a commit
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@$(PY) -m deptry .
	@$(PY) -m pytest $(ON_TWO_CORES)

bench: $(FOR_CHECKING)  ## What calls, pages and a start cost on this machine, in half an hour, into docs/measured.md (NAMES="calls line": these alone)
	@$(PY) -m bench $(NAMES)

install: $(FOR_CHECKING)  ## What the service and its checks need, into .venv

image:  ## One image of web, worker and commands, as IMAGE:VERSION and IMAGE:latest (BASE=debian, TARGET=try, ENGINE=docker)
	@$(ENGINE) build $(if $(findstring podman,$(ENGINE)),--format docker) $(BUILD) --file deploy/Containerfile --target $(TARGET) $(if $(BASE),--build-arg BASE=$(BASE)) \
		--build-arg VERSION=$(VERSION) --build-arg COMMIT=$$(git describe --always --abbrev=40 --dirty 2>/dev/null || echo unknown) \
		--tag $(IMAGE):$(if $(filter service,$(TARGET)),$(VERSION),$(TARGET)) $(if $(filter service,$(TARGET)),--tag $(IMAGE):latest) .

screenshots: $(FOR_CHECKING) browser  ## Photograph the main pages of one call for docs/screenshots.md
	@$(PY) -m tests.screenshots

film: $(FOR_CHECKING) browser  ## Film one call at three phones and the board, in two minutes, for README: docs/film.svg
	@$(PY) -m tests.film

docs: $(FOR_CHECKING)  ## These documents in a browser, at http://127.0.0.1:8001, read anew when a page changes
	@NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs serve --quiet --dev-addr 127.0.0.1:8001

lock: $(FOR_CHECKING)  ## Pin what pyproject.toml names and what that brings, with hashes
	@$(LOCK) pyproject.toml --all-extras --output-file requirements.txt
	@$(LOCK) --group dev --constraints requirements.txt --output-file requirements-dev.txt
	@$(LOCK) --group devtools --output-file devtools/requirements.txt

bom: $(FOR_CHECKING)  ## The bill of materials of what the service runs on, as CycloneDX, into var/bom.json
	@mkdir -p var
	@PYTHONWARNINGS=ignore .venv/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-file var/bom.json
	@echo "var/bom.json: $$(grep -c '"purl"' var/bom.json) packages"

licences: $(FOR_CHECKING)  ## Under which licence each package is that the service runs on
	@$(PY) -m devtools.licences

audit: $(FOR_CHECKING)  ## Known holes in what is locked, by pip-audit; offline by the list of its last answer
	@$(PY) -m devtools.audit

migration: $(FOR_CHECKING)  ## Write the next migration from the models (M="words")
	@$(FLASK) db migration "$(M)"
	@$(PY) -m ruff check --silent --fix --exit-zero migrations
	@$(PY) -m ruff format --quiet migrations

fresh:  ## Forget the demonstration's database, clock and logs
	@rm -rf var

browser:
	@command -v $(CHROMIUM) >/dev/null || { $(call MAY_INSTALL,$(CHROMIUM)) && $(APT) $(CHROMIUM) >/dev/null; } || \
		echo "No $(CHROMIUM) here, so the browser tests will be skipped. To have them: sudo apt-get install $(CHROMIUM)"

voice:
	@command -v espeak-ng >/dev/null || { $(call MAY_INSTALL,espeak-ng) && $(APT) espeak-ng >/dev/null; } || \
		echo "No espeak-ng here, so one test of spoken messages will be skipped. To have it: sudo apt-get install espeak-ng"

# Unpacked and not installed: an installed nginx would begin to serve this machine.
proxies:
	@test -x $(PROXIES)/usr/sbin/nginx -a -x $(PROXIES)/usr/bin/caddy -a -x $(PROXIES)/usr/bin/promtool || { mkdir -p $(PROXIES) && cd $(PROXIES) && \
		{ ! { $(IS_ROOT_ON_DEBIAN) && test -n "$$CI"; } || apt-get -qq update; } && apt-get -qq download nginx caddy prometheus >/dev/null && \
		for package in *.deb; do dpkg-deb -x $$package . || exit 1; done && rm -f ./*.deb usr/bin/prometheus; } 2>/dev/null || \
		echo "No nginx, caddy and promtool from Debian here, so the tests of docs/proxies and of the alerts will be skipped. They need apt-get."

$(FOR_RUNNING): | $(PY)
	@echo "Installing what the line runs on into .venv (once)..."
	@$(PIP) -r devtools/pip.txt
	@$(PIP) -r requirements.txt -r devtools/requirements.txt
	@$(SIMULATOR)
	@rm -f .venv/for-*
	@touch $@

$(FOR_CHECKING): $(FOR_RUNNING)
	@echo "Installing what the checks need into .venv (once)..."
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@rm -f .venv/for-checking-*
	@touch $@

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "This needs Python 3.11 or newer, and $(PYTHON) is not. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(call MAY_INSTALL,python3-venv) && $(APT) python3-venv >/dev/null; } || \
		{ echo "Python's venv module is missing. Install it: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
