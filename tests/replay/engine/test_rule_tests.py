"""The test logs that a Sigma rule names are judged by the rule."""

from pathlib import Path

import pytest

from catalog.samples.windows_event import windows_event
from catalog.sigma.conversion import Conversion
from catalog.sigma.rule_set import conversions
from replay.engine.rule_tests import wrong_test_logs

ADMINISTRATORS = {"TargetSid": "S-1-5-32-544"}
RULE = """\
title: A rule
regression_tests_path: tests/info.yml
logsource: {product: windows, service: security}
detection:
  selection: {EventID: 4732, TargetSid: S-1-5-32-544}
  condition: selection
"""


def rule_with(folder: Path, description: str) -> Conversion:
    """Return a rule in a folder whose neighbour holds its test log, with two records that it means."""
    (folder / "rules").mkdir()
    (folder / "tests").mkdir()
    (folder / "rules" / "rule.yml").write_text(RULE, encoding="utf-8")
    (folder / "tests" / "info.yml").write_text(description, encoding="utf-8")
    records = [windows_event(4732, ADMINISTRATORS, record_id=number) for number in (1, 2)]
    records.append(windows_event(4732, {"TargetSid": "S-1-5-32-545"}, record_id=3))
    (folder / "tests" / "log.xml").write_text("\n".join(records), encoding="utf-8")
    (found,) = conversions([folder / "rules" / "rule.yml"])
    return found


def described(path: str, count: int) -> str:
    return f"regression_tests_info: [{{path: {path}, match_count: {count}}}]"


def test_log_with_as_many_records_as_described_is_judged_rightly(tmp_path: Path) -> None:
    assert wrong_test_logs(rule_with(tmp_path, described("tests/log.xml", 2))) == (1, [])


@pytest.mark.parametrize(
    ("description", "problem"),
    [
        (described("tests/log.xml", 3), "tests/log.xml: the rule finds 2 of 3 records, and must find 3"),
        (described("tests/none.xml", 1), "the log tests/none.xml is in no folder above the rule"),
        ("something: else", "lists no test log under regression_tests_info"),
    ],
)
def test_log_that_is_not_as_described_is_reported(tmp_path: Path, description: str, problem: str) -> None:
    _, (found,) = wrong_test_logs(rule_with(tmp_path, description))
    assert found == f"{tmp_path}/tests/info.yml: {problem}"


def test_description_that_does_not_exist_leaves_nothing_to_try(tmp_path: Path) -> None:
    (tmp_path / "rule.yml").write_text(RULE, encoding="utf-8")
    (found,) = conversions([tmp_path / "rule.yml"])
    assert wrong_test_logs(found) == (0, [])
