"""The example with events of its own becomes log groups, filters and alarms like those of the catalog."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog import Provider, matches
from catalog.samples.windows_event import windows_event
from deployment import RegionPlan, load, resolve
from modules import AccountStack
from tests.modules.synthesis import Synthesized, new_app, synthesized

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_events" / "deployment.yaml"
DEFENDER = Provider("Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational")
LOG_GROUP = "Microsoft-Windows-Windows-Defender/Operational"


@pytest.fixture(scope="module")
def region() -> RegionPlan:
    (region,) = resolve(load(EXAMPLE))
    return region


@pytest.fixture(scope="module")
def written(region: RegionPlan) -> Synthesized:
    return synthesized(AccountStack(new_app(), region))


def filters(written: Synthesized, key: str) -> list[dict[str, Any]]:
    found = written.all_of("aws_cloudwatch_log_metric_filter")
    return [each for each in found if each["name"] == f"windows-security-{key}"]


def alarm(written: Synthesized, key: str) -> dict[str, Any]:
    (found,) = (
        each
        for each in written.all_of("aws_cloudwatch_metric_alarm")
        if each["alarm_name"].endswith(f"-eu-central-1-{key}")
    )
    return found


def test_own_events_follow_those_of_the_catalog(region: RegionPlan) -> None:
    assert [event.key for event in region.events[-5:]] == [
        "defender-threat-found",
        "payroll-account-logon",
        "break-glass-account-used",
        "decoy-backup-admin-touched",
        "decoy-sqladmin-touched",
    ]


def test_an_event_of_another_log_has_a_log_group_and_is_shipped_there(written: Synthesized) -> None:
    groups = {each["name"]: name for name, each in written.resources("aws_cloudwatch_log_group").items()}
    assert set(groups) == {"Security", "System", LOG_GROUP}
    (metric_filter,) = filters(written, "defender-threat-found")
    assert metric_filter["log_group_name"] == f"${{aws_cloudwatch_log_group.{groups[LOG_GROUP]}.name}}"
    assert metric_filter["metric_transformation"]["name"] == "Windows-Defender-Threat-Found"
    configuration = json.loads(written.one("aws_ssm_parameter")["value"])
    collected = configuration["logs"]["logs_collected"]["windows_events"]["collect_list"]
    assert {
        "event_name": DEFENDER.channel,
        "event_format": "xml",
        "event_ids": [1116],
        "log_group_name": LOG_GROUP,
        "log_stream_name": f"{{instance_id}}/{DEFENDER.channel}/0",
    } in collected


@pytest.mark.parametrize(
    ("key", "found", "passed_over"),
    [
        (
            "defender-threat-found",
            windows_event(1116, {"Threat Name": "x", "Severity Name": "Severe"}, provider=DEFENDER),
            windows_event(1116, {"Threat Name": "x", "Severity Name": "Low"}, provider=DEFENDER),
        ),
        (
            "payroll-account-logon",
            windows_event(4624, {"TargetUserName": "payroll"}),
            windows_event(4624, {"TargetUserName": "payroll", "IpAddress": "10.0.0.5"}),
        ),
        (
            "break-glass-account-used",
            windows_event(4624, {"TargetUserName": "break-glass"}),
            windows_event(4624, {"TargetUserName": "suzuki"}),
        ),
        (
            "decoy-sqladmin-touched",
            windows_event(4625, {"TargetUserName": "sqladmin"}, failure=True),
            windows_event(4625, {"TargetUserName": "backup-admin"}, failure=True),
        ),
        (
            "logon-failed-network",
            windows_event(4625, {"LogonType": "3"}, failure=True),
            windows_event(4625, {"LogonType": "3", "TargetUserName": "svc-scanner"}, failure=True),
        ),
    ],
)
def test_the_filter_finds_its_records_and_no_others(
    written: Synthesized, key: str, found: str, passed_over: str
) -> None:
    (metric_filter,) = filters(written, key)
    assert matches(metric_filter["pattern"], found)
    assert not matches(metric_filter["pattern"], passed_over)


def test_overrides_tune_own_events(written: Synthesized) -> None:
    payroll, break_glass = alarm(written, "payroll-account-logon"), alarm(written, "break-glass-account-used")
    assert (payroll["threshold"], payroll["period"]) == (3, 600)
    assert (break_glass["period"], break_glass["tags"]["Severity"]) == (300, "critical")


def test_a_variant_is_a_second_alarm_over_the_one_metric(written: Synthesized) -> None:
    burst, slow = alarm(written, "logon-failed-network"), alarm(written, "logon-failed-network-slow")
    assert (burst["threshold"], burst["period"]) == (10, 300)
    assert (slow["threshold"], slow["period"]) == (200, 86_400)
    assert burst["metric_name"] == slow["metric_name"] == "Windows-Logon-Fail"
    assert len(filters(written, "logon-failed-network")) == 1
