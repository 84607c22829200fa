"""The snippets of the documentation are right: YAML is loaded as what it is part of, Python runs.

The keys of a YAML snippet show what it is: a Sigma rule, a deployment file, one without its accounts, or
settings of an account. What a deployment file lacks is added.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.docs.markdown import anchor
from catalog.events import EVENTS, event
from catalog.model.security_event import Pack
from catalog.samples import samples_of
from catalog.sigma.reading import read_rules
from deployment import Deployment, load, resolve
from deployment.settings.deployment import Settings
from deployment.settings_page import PAGE as SETTINGS_PAGE

REPOSITORY = Path(__file__).resolve().parents[1]
#: The page of settings has the examples of a file that other tests load. So have blocks that include a file.
PAGES = [
    *REPOSITORY.glob("*.md"),
    *REPOSITORY.glob("examples/**/README.md"),
    *(page for page in REPOSITORY.glob("docs/**/*.md") if page != REPOSITORY / SETTINGS_PAGE),
]
_BLOCK = re.compile(r"^( *)```(\w+)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SOURCES = {"accounts", "accounts_folder", "organization"}
_ACCOUNT = {"id": "111111111111"}
_DEFAULTS: dict[str, Any] = {
    "regions": ["eu-central-1"],
    "notifications": {"subscriptions": [{"protocol": "email", "endpoint": "security@example.com"}]},
}


@dataclass(frozen=True)
class Snippet:
    """A block of code in a page."""

    place: str
    language: str
    code: str

    def __str__(self) -> str:
        return self.place


def snippets() -> Iterator[Snippet]:
    for page in sorted(PAGES):
        text = page.read_text(encoding="utf-8")
        for block in _BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            code = re.sub(f"^{block[1]}", "", block[3], flags=re.MULTILINE)
            yield Snippet(f"{page.relative_to(REPOSITORY)}:{line}", block[2], code)


ALL = list(snippets())


def of_language(language: str) -> list[Snippet]:
    found = [each for each in ALL if each.language == language]
    assert found
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the snippets name."""
    folder = tmp_path_factory.mktemp("snippets")
    rules = REPOSITORY / "examples" / "sigma_rules" / "rules"
    shutil.copytree(rules, folder / "rules")
    (folder / "rules" / "lab").mkdir()
    rule = (rules / "new_administrator.yml").read_text(encoding="utf-8")
    for file, title in (("lab/trial.yml", "Trial"), ("unwanted.yml", "A Rule That We Do Not Want")):
        (folder / "rules" / file).write_text(re.sub("title: .*", f"title: {title}", rule), encoding="utf-8")
    (folder / "sysmon").mkdir()
    shutil.copy(rules / "processes" / "archive_of_a_share.yml", folder / "sysmon")
    created = samples_of(event("user-account-created")).matches[0]
    (folder / "five-accounts.xml").write_text(created * 5, encoding="utf-8")
    (folder / "four-accounts.xml").write_text(created * 4, encoding="utf-8")
    shutil.copy(REPOSITORY / "examples" / "own_events" / "my_events.py", folder)
    (folder / "accounts").mkdir()
    (folder / "accounts" / "production.yaml").write_text(json.dumps(_ACCOUNT), encoding="utf-8")
    unit = {"OrganizationalUnit": "Root/Workloads/Production", "Tags": {"Criticality": "high"}}
    members = [{"Id": "111111111111", "Name": "Production", "Status": "ACTIVE", **unit}]
    (folder / "list-accounts.json").write_text(json.dumps({"Accounts": members}), encoding="utf-8")
    return folder


def completed(content: dict[str, Any]) -> dict[str, Any]:
    """Return the deployment file that a snippet is, or is part of."""
    if not content.keys() & Deployment.model_fields.keys():
        content = {"defaults": content}
    given = {**_DEFAULTS, **content.get("defaults", {})}
    if "notifications" in given and "subscriptions" not in given["notifications"]:
        given["notifications"] = {**_DEFAULTS["notifications"], **given["notifications"]}
    if not content.keys() & _SOURCES:
        content = {**content, "accounts": {"production": _ACCOUNT}}
    return {**content, "defaults": given}


@pytest.mark.parametrize("snippet", of_language("yaml"), ids=str)
def test_yaml_is_loaded_as_what_it_is_part_of(snippet: Snippet, folder: Path) -> None:
    content = yaml.safe_load(snippet.code)
    if "detection" in content:
        file = folder / "rule.yml"
        file.write_text(snippet.code, encoding="utf-8")
        assert read_rules(file)
        return
    if "regression_tests_info" in content:
        return  # beside a rule's own test logs, which tests/replay/engine/test_rule_tests.py tries
    if unknown := content.keys() - Deployment.model_fields.keys() - Settings.model_fields.keys():
        pytest.fail(f"no settings, and no Sigma rule: {', '.join(unknown)}")
    file = folder / "deployment.yaml"
    file.write_text(yaml.safe_dump(completed(content), allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert list(resolve(load(file)))


@pytest.mark.parametrize("snippet", of_language("python"), ids=str)
def test_python_runs(snippet: Snippet) -> None:
    # What the installed package calls windows_security.catalog is catalog in the checkout.
    code = snippet.code.replace("windows_security.", "")
    names = dict(vars(import_module("catalog")))
    if "(stack, " in code:
        import_module("modules")  # before cdktf, which starts quickly then
        cdktf = import_module("cdktf")
        names["stack"] = cdktf.TerraformStack(cdktf.Testing.app(), "stack")
    exec(compile(code, snippet.place, "exec"), names)


@pytest.mark.parametrize("snippet", of_language("json"), ids=str)
def test_json_is_read(snippet: Snippet) -> None:
    json.loads(snippet.code)


def test_every_page_that_a_file_names_exists() -> None:
    files = [
        file
        for pattern in (
            "*.md",
            "Makefile",
            "docs/**/*.md",
            "examples/**/*.*",
            "*/**/*.py",
            ".github/**/*.yml",
        )
        for file in REPOSITORY.glob(pattern)
        if file.is_file()
        and not any(part.startswith(".") and part != ".github" for part in file.relative_to(REPOSITORY).parts)
    ]
    named = {
        (str(file.relative_to(REPOSITORY)), page)
        for file in files
        for page in re.findall(r"\bdocs/[\w/-]+\.md\b", file.read_text(encoding="utf-8", errors="replace"))
        if "node_modules" not in file.parts and file.name != "CHANGELOG.md"
    }
    assert named
    assert [f"{file}: {page}" for file, page in sorted(named) if not (REPOSITORY / page).is_file()] == []


@cache
def anchors(page: Path) -> frozenset[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(map(anchor, headings))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)\s#]*)#?([^)\s]*)\)", page.read_text(encoding="utf-8"))
    targets = [((page.parent / file).resolve() if file else page, heading) for file, heading in links]
    assert [f"{file}#{heading}" for file, heading in targets if not file.exists()] == []
    assert [f"{file}#{each}" for file, each in targets if each and each not in anchors(file)] == []


def test_every_page_is_in_the_menu_of_the_website() -> None:
    menu = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    listed = re.findall(r"[\w/-]+\.md", menu)
    pages = [str(page.relative_to(REPOSITORY / "docs")) for page in REPOSITORY.glob("docs/**/*.md")]
    assert sorted(listed) == sorted(pages)


def test_the_security_model_names_events_that_the_catalog_has() -> None:
    text = (REPOSITORY / "docs" / "explanation" / "security-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text))
    assert named
    assert named <= {event.key for event in EVENTS} | {pack.value for pack in Pack}
