"""The pages of the documentation are current, and whole."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from catalog import EVENTS, Pack
from catalog.derived.audit_script import auditpol_commands
from catalog.docs import pages as write_pages
from catalog.docs.appendix_l import appendix_l
from catalog.docs.audit_noise import NOISE
from catalog.docs.markdown import anchor
from catalog.model.audit_policy import AuditSubcategory

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference"
#: The name of each page.
PAGES = ("appendix-l.md", "audit-policy.md", "catalog.md")
_LINK = re.compile(r"\]\((?!https://)([^)#]*)#?([^)]*)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@cache
def pages() -> Mapping[str, str]:
    return write_pages()


def test_the_pages_are_these() -> None:
    assert tuple(pages()) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_the_records_have_it(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == pages()[name], f"docs/reference/{name} is out of date: run 'python -m catalog docs'"


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_a_page_or_heading_leads_to_one(name: str) -> None:
    headings = {page: {anchor(each) for each in _HEADING.findall(text)} for page, text in pages().items()}
    links = _LINK.findall(pages()[name])
    assert links
    dangling = [
        (page, heading)
        for page, heading in links
        if (page or name) not in headings or (heading and heading not in headings[page or name])
    ]
    assert dangling == []


@pytest.mark.parametrize("name", PAGES)
def test_every_table_has_as_many_cells_in_each_row(name: str) -> None:
    for block in pages()[name].split("\n\n"):
        if block.startswith("|"):
            cells = {len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(cells) == 1, block[:200]


def test_the_page_of_the_catalog_has_every_event_and_pack() -> None:
    page = pages()["catalog.md"]
    assert [event.key for event in EVENTS if page.count(f"| `{event.key}` |") != 1] == []
    assert [pack for pack in Pack if page.count(f"| `{pack.value}` |") != 1] == []


def test_an_event_is_described_in_both_languages_with_its_alarm_audit_and_techniques() -> None:
    (row,) = (line for line in pages()["catalog.md"].splitlines() if "| `logon-failed-network` |" in line)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1].startswith("[4625](https://learn.microsoft.com/")
    assert cells[2:11] == [
        "Network logon failed<br>ネットワーク経由のログオン失敗",
        "medium",
        "10 in 5 min",
        "10",
        "[Logon](audit-policy.md#logon): failure",
        "yes",
        "seen in real logs",
        "[T1110](https://attack.mitre.org/techniques/T1110/)",
        "article, baseline, remote-desktop",
    ]


def test_the_page_of_the_audit_policy_has_the_exact_command_of_every_subcategory() -> None:
    page = pages()["audit-policy.md"]
    assert [command for command in auditpol_commands(EVENTS) if f"```bat\n{command}\n```" not in page] == []


def test_the_noise_of_every_subcategory_is_described() -> None:
    assert [each.name for each in AuditSubcategory if each not in NOISE] == []


def test_the_filters_of_a_pack_are_counted_in_every_event_log() -> None:
    rows = pages()["catalog.md"].splitlines()
    for pack in Pack:
        row = next(row for row in rows if row.startswith(f"| `{pack.value}` |"))
        counted = [int(part.split()[0]) for part in row.split(" | ")[3].split("<br>")]
        assert sum(counted) == sum(len(event.patterns) for event in EVENTS if pack in event.packs)


def test_the_page_of_appendix_l_has_every_row() -> None:
    rows = pages()["appendix-l.md"].partition("## Row by row")[2]
    assert rows.count("\n| ") == len(appendix_l()) + 2
