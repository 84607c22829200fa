"""Samples and near misses of own events: written in the deployment file, or in files beside it."""

from pathlib import Path

import pytest
import yaml

from catalog.samples.windows_event import windows_event
from deployment import DeploymentError, load

PAYROLL = windows_event(4624, {"TargetUserName": "payroll"})
ANOTHER = windows_event(4624, {"TargetUserName": "sato"})


def deployment(folder: Path, **samples: list[str]) -> Path:
    """Write a deployment file with an own event that has these samples, each on a line of its own."""
    event = {
        "key": "payroll-logon",
        "event_id": 4624,
        "title": "Logon to the payroll account",
        "severity": "high",
        "runbook": "Ask the payroll team.",
        "where": {"TargetUserName": "payroll"},
        "audit": "Logon",
        **samples,
    }
    notified = {"subscriptions": [{"protocol": "email", "endpoint": "a@example.com"}]}
    content = {
        "own_events": [event],
        "defaults": {"regions": ["eu-central-1"], "packs": ["remote-desktop"], "notifications": notified},
        "accounts": {"a": {"id": "111111111111"}},
    }
    file = folder / "deployment.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False, width=10_000), encoding="utf-8")
    return file


def problem(file: Path) -> str:
    """Return the one thing that is wrong with a deployment file, from its name on."""
    with pytest.raises(DeploymentError) as refused:
        load(file)
    (line,) = refused.value.lines
    return line.removeprefix(f"{file.parent}/")


def test_samples_that_match_and_near_misses_that_do_not_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "payroll.xml").write_text(PAYROLL, encoding="utf-8")
    load(deployment(tmp_path, samples=[PAYROLL, "payroll.xml"], near_misses=[ANOTHER]))


def test_a_sample_that_the_event_does_not_find_is_an_error_with_its_line(tmp_path: Path) -> None:
    assert problem(deployment(tmp_path, samples=[PAYROLL, ANOTHER])) == (
        "deployment.yaml:12: own_events[0].samples[1]: the event does not find this sample: "
        "it does not hold <Data Name='TargetUserName'>payroll</Data>"
    )


def test_a_near_miss_that_the_event_finds_is_an_error_with_its_line(tmp_path: Path) -> None:
    assert problem(deployment(tmp_path, near_misses=[PAYROLL])) == (
        "deployment.yaml:11: own_events[0].near_misses[0]: the event finds this near miss: "
        "add a condition that leaves it out"
    )


def test_a_sample_in_double_quotes_is_explained(tmp_path: Path) -> None:
    assert problem(deployment(tmp_path, samples=[PAYROLL.replace("'", '"')])).endswith(
        "the agent ships attributes in single quotes, without white space between elements"
    )


def test_a_sample_file_that_does_not_exist_is_an_error_with_its_line(tmp_path: Path) -> None:
    assert problem(deployment(tmp_path, samples=["payroll.xml"])) == (
        "deployment.yaml:11: own_events[0].samples[0]: payroll.xml: there is no such file"
    )


def test_a_sample_file_is_checked_like_a_sample(tmp_path: Path) -> None:
    (tmp_path / "payroll.xml").write_text(ANOTHER, encoding="utf-8")
    assert "the event does not find this sample" in problem(deployment(tmp_path, samples=["payroll.xml"]))


def test_a_file_without_an_event_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "payroll.xml").write_text("payroll", encoding="utf-8")
    assert problem(deployment(tmp_path, samples=["payroll.xml"])).endswith(
        "'payroll' is no event: its XML begins with <Event"
    )


def test_a_file_holds_the_records_of_a_correlations_sample(tmp_path: Path) -> None:
    file = deployment(tmp_path)
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["own_correlations"] = [
        {
            "key": "payroll-logons",
            "type": "event_count",
            "title": "Logons to the payroll account",
            "severity": "high",
            "runbook": "Ask the payroll team.",
            "records": [{"step": "logon", "event_id": 4624, "audit": "Logon"}],
            "group_by": ["TargetUserName"],
            "timespan": 600,
            "threshold": 2,
            "samples": [["two.xml"]],
            "near_misses": [["one.xml"]],
        }
    ]
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    (tmp_path / "one.xml").write_text(PAYROLL, encoding="utf-8")
    (tmp_path / "two.xml").write_text(f"<Events>{PAYROLL}\n{PAYROLL}</Events>\n", encoding="utf-8")
    load(file)
    (tmp_path / "two.xml").unlink()
    assert "own_correlations[0].samples[0][0]: two.xml: there is no such file" in problem(file)
