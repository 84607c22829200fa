"""The table of the article, row by row, with what was wrong in it put right."""

import json
import subprocess
import sys

import pytest

from catalog import pack

# (key, patterns) in the table's order; the rows that differ from the published text say so in their note.
TABLE = [
    ("logon-succeeded-network", """ "<EventID>4624</EventID>" "<Data Name='LogonType'>3</Data>" """),
    ("logon-failed-network", """ "<EventID>4625</EventID>" "<Data Name='LogonType'>3</Data>" """),
    (
        "object-handle-requested",
        r""" "<EventID>4656</EventID>" "<Data Name='ObjectName'>C:\\Documents\\大切なファイル</Data>" """,
    ),
    ("user-account-created", '"<EventID>4720</EventID>"'),
    ("user-password-change-attempted", '"<EventID>4723</EventID>"'),
    ("user-password-reset-attempted", '"<EventID>4724</EventID>"'),
    ("user-account-disabled", '"<EventID>4725</EventID>"'),
    ("user-account-deleted", '"<EventID>4726</EventID>"'),
    ("user-account-locked-out", '"<EventID>4740</EventID>"'),
    (
        "administrators-member-added",
        """ "<EventID>4732</EventID>" "<Data Name='TargetSid'>S-1-5-32-544</Data>" """,
    ),
    ("special-privileges-assigned", '"<EventID>4672</EventID>"'),
]


def test_the_pack_article_has_the_rows_of_the_table_in_its_order() -> None:
    assert [event.key for event in pack("article")] == [key for key, _ in TABLE]


@pytest.mark.parametrize(("key", "pattern"), TABLE)
def test_each_row_has_exactly_the_pattern_of_the_table(key: str, pattern: str) -> None:
    (event,) = (event for event in pack("article") if event.key == key)
    assert event.patterns == (pattern.strip(),)


def test_the_published_metric_names_are_kept() -> None:
    names = [event.metric_name for event in pack("article")]
    assert names[:2] == ["Windows-Logon-Success", "Windows-Logon-Fail"]


@pytest.mark.parametrize(
    "key",
    [
        "logon-succeeded-network",
        "logon-failed-network",
        "object-handle-requested",
        "administrators-member-added",
    ],
)
def test_a_row_that_was_corrected_or_explained_says_so_in_its_note(key: str) -> None:
    (event,) = (event for event in pack("article") if event.key == key)
    assert event.note


def test_the_very_frequent_row_is_a_metric_without_an_alarm() -> None:
    assert [event.key for event in pack("article") if event.alarm is None] == ["special-privileges-assigned"]


def test_the_command_line_prints_the_eleven_patterns_of_the_table_as_json() -> None:
    output = subprocess.run(
        [sys.executable, "-m", "catalog", "list", "--pack", "article", "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert [(row["key"], row["patterns"]) for row in json.loads(output)] == [
        (key, [pattern.strip()]) for key, pattern in TABLE
    ]
