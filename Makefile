# make demo: see it work on a local AWS.   make test: all tests but make compatibility, which CI runs beside it.

PYTHON ?= python3
PIPENV_VERSION = 2026.10.3
PIPENV = PIPENV_VENV_IN_PROJECT=1 PIPENV_IGNORE_VIRTUALENVS=1 PIPENV_VERBOSITY=-1 .tools/bin/pipenv
# Node 20 works, although jsii's support of it has ended: jsii need not print a banner at each start.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = 20

ifneq ($(firstword $(sort 3.81 $(MAKE_VERSION))),3.81)
$(error GNU make 3.81 or later is needed; this is $(MAKE_VERSION). Get it from https://www.gnu.org/software/make/)
endif

# A file of tests in one process each: its tests share what they deploy. More than two processes lose time
# to each other, and terraform repeats calls that take long.
IN_PARALLEL = .venv/bin/pytest -n 2 --dist loadfile

.PHONY: preflight setup demo test lint unit separate-processes accessibility pictures fuzz sigma wheel end-to-end every-pack compatibility checkov docs benchmark synth lock clean

# What runs terraform; everything else does without.
demo test separate-processes end-to-end every-pack: NEEDS = terraform

preflight:
	@./preflight.sh $(PYTHON) $(NEEDS)

# Python starts quicker from bytecode, also where PYTHONDONTWRITEBYTECODE keeps it from writing any.
setup: preflight
	@$(MAKE) --silent --no-print-directory -j 2 .venv/.installed node_modules/.installed
	@.venv/bin/python -m compileall -q -o 0 -o 1 catalog cli deployment modules replay verify recover local_aws main.py

demo: setup
	@.venv/bin/python -m local_aws.demo

# mypy works on one core: checkov is set up on the other.
test: setup
	@$(MAKE) --no-print-directory -j 2 lint .checkov/.installed
	@$(MAKE) --no-print-directory unit separate-processes

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

unit: setup
	.venv/bin/pytest -n 2 --dist worksteal tests --ignore tests/end_to_end --ignore tests/compatibility \
		--ignore tests/checkov --ignore tests/wheel -m "not slow"

# wheel, end-to-end, checkov and the other slow tests, side by side.
separate-processes: setup .checkov/.installed
	$(IN_PARALLEL) -m "slow and not every_pack" tests/end_to_end tests/local_aws tests/modules tests/checkov tests/wheel

# The web pages in Chromium, light and dark, wide and narrow; skipped, with the reason, where there is no browser.
accessibility: setup
	.venv/bin/pytest -rs tests/accessibility

# What README.md shows; the report only where there is a browser.
pictures: setup
	@.venv/bin/python -m tests.pictures.draw

# The built package in fresh environments of Python 3.11, 3.12 and 3.13, as far as this machine has them.
wheel: setup
	$(IN_PARALLEL) tests/wheel

# Thousands of broken deployment files, and each property on 1,000 other inputs every time; the unit tests try
# a small, fixed sample.
fuzz: setup
	HYPOTHESIS_PROFILE=thorough .venv/bin/pytest -n 2 tests/fuzzing
	HYPOTHESIS_PROFILE=thorough .venv/bin/pytest -n 2 --dist worksteal -m hypothesis tests --ignore tests/fuzzing

end-to-end: setup
	$(IN_PARALLEL) -m "slow and not every_pack" tests/end_to_end tests/local_aws tests/modules

# Sigma rules: also the public ones and real records, where these are beside the repository (the tests say so if not).
sigma: setup
	.venv/bin/pytest -n 2 --dist worksteal -rs tests/catalog/sigma tests/replay/test_public_sigma_rules.py \
		tests/deployment/loading/test_sigma_rules.py tests/modules/test_sigma_example.py

# All packs and correlations in one account by log alarms, with either layout: some ten minutes.
every-pack: setup
	.venv/bin/pytest -m every_pack tests/end_to_end

# The same stacks under CDK Terrain and under AWS provider 6: see docs/reference/compatibility.md.
compatibility: setup .compatibility/cdktn/.installed .compatibility/provider-21/.installed
	.venv/bin/pytest tests/compatibility

checkov: setup .checkov/.installed
	$(IN_PARALLEL) tests/checkov

# The documentation as a website, into site/. A warning fails it: a dead link or anchor, a page in no menu. So does a
# page that loads something from another server.
docs: .docs/.installed
	@NO_MKDOCS_2_WARNING=1 .docs/bin/mkdocs build --strict --quiet
	@! grep -rE '<(script|link|img|iframe)[^>]* (src|href)="?(https?:)?//' site --include='*.html'
	@echo "The documentation: site/index.html"

# Some ten minutes; it writes benchmarks/RESULTS.md.
benchmark: setup
	.venv/bin/python benchmarks/synthesis.py

synth: setup
	.venv/bin/python -O main.py

# The lock file must not record the index that pipenv locked from.
lock: .tools/bin/pipenv
	$(PIPENV) lock
	$(PYTHON) -c "import json, pathlib; p = pathlib.Path('Pipfile.lock'); lock = json.loads(p.read_text()); \
	lock['_meta']['sources'] = []; \
	[package.pop('index', None) for section in ('default', 'develop') for package in lock[section].values()]; \
	p.write_text(json.dumps(lock, indent=4) + '\n')"

clean:
	rm -rf .venv .tools .checkov .docs .wheel site node_modules cdktf.out .compatibility .local-aws

.tools/bin/pipenv:
	@./preflight.sh $(PYTHON)
	@echo "Setting up: pipenv"
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check pipenv==$(PIPENV_VERSION)

# checkov pins versions of boto3 and others that this project must not be held to.
.checkov/.installed: checkov-requirements.txt
	@echo "Setting up: checkov (about a minute)"
	@$(PYTHON) -m venv .checkov
	@.checkov/bin/pip install --quiet --disable-pip-version-check -r checkov-requirements.txt
	@touch $@

.docs/.installed: docs-requirements.txt
	@echo "Setting up: MkDocs (about half a minute)"
	@$(PYTHON) -m venv --clear .docs
	@.docs/bin/pip install --quiet --disable-pip-version-check -r docs-requirements.txt
	@touch $@

.venv/.installed: Pipfile.lock | .tools/bin/pipenv
	@echo "Setting up: the Python packages of Pipfile.lock (about a minute)"
	@$(PIPENV) sync --dev
	@env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -O -c "import main"
	@touch $@

node_modules/.installed: package-lock.json
	@echo "Setting up: cdktf-cli"
	@npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

.compatibility/%/.installed: tests/compatibility/requirements-%.txt
	@echo "Setting up: the Python packages of $< (about two minutes)"
	@$(PYTHON) -m venv --clear .compatibility/$*
	@.compatibility/$*/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
