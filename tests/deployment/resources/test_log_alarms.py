import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import validate_parameters

from catalog import EVENTS, Pack
from catalog.correlations import CORRELATIONS
from catalog.derived.alarm_query import CASE_BRANCHES
from deployment.aws.limits import TEMPLATE_BYTES
from deployment.resources.alarms import alarm_specs, alarms
from deployment.resources.log_alarms import LogAlarmSpec, event_groups, log_alarm_roles
from tests.modules.synthesis import monitored_region

FIRST_RECORD = [e for e in EVENTS if e.alarm and e.alarm.threshold == 1 and e.channel == "Security"]


def log_alarms(**settings: Any) -> dict[str, LogAlarmSpec]:
    region = monitored_region(**{"packs": ["baseline"], "engine": "log"} | settings)
    return {key: s for key, s in alarm_specs(region).items() if isinstance(s, LogAlarmSpec)}


def test_a_spec_is_what_put_log_alarm_takes() -> None:
    shape = get_session().get_service_model("cloudwatch").operation_model("PutLogAlarm").input_shape
    every: Any = {each.key: {} for each in CORRELATIONS}
    specs = log_alarms(packs=[each.value for each in Pack], correlations=every, log_alarms={"log_lines": 5})
    assert len(specs) > 200
    for spec in specs.values():
        validate_parameters(spec.properties, shape)
        assert len(spec.description) <= 1024
        assert len(spec.template.encode()) < TEMPLATE_BYTES
        assert json.loads(spec.template)["Resources"]["Alarm"]["Properties"] == spec.properties


@pytest.mark.parametrize(
    ("key", "seconds"), [("user-account-created", 60 + 900), ("logon-failed-network", 60 + 900 + 300)]
)
def test_a_run_looks_back_over_schedule_lateness_and_what_is_counted(key: str, seconds: int) -> None:
    spec = log_alarms(log_alarms={"schedule": 60, "lateness": 900})[key]
    schedule = spec.properties["ScheduledQueryConfiguration"]["ScheduleConfiguration"]
    assert schedule == {
        "ScheduleExpression": "rate(1 minute)",
        "StartTimeOffset": seconds,
        "EndTimeOffset": 0,
    }


def test_records_in_the_mail_need_a_role_and_are_off_by_default() -> None:
    assert "ActionLogLineCount" not in log_alarms()["user-account-created"].properties
    properties = log_alarms(log_alarms={"log_lines": 3})["user-account-created"].properties
    assert properties["ActionLogLineCount"] == 3
    assert properties["ActionLogLineRoleArn"].endswith(":role/windows-security-ap-northeast-1-log-lines")


def test_a_deployment_without_log_alarms_has_no_role_for_them() -> None:
    assert log_alarm_roles(monitored_region(packs=["baseline"])) == ()


def test_an_alarm_keeps_no_name_of_the_other_engine() -> None:
    metric = {a.name for a in alarms(monitored_region(packs=["baseline"]))}
    log = {spec.name for spec in log_alarms().values()}
    assert metric.isdisjoint(log)


def test_the_layout_severity_shares_alarms_of_the_events_that_fire_at_the_first_record() -> None:
    each, shared = log_alarms(), log_alarms(log_alarms={"layout": "severity"})
    assert "logon-failed-network" in shared
    assert "user-account-created" not in shared
    assert len(shared) < len(each) / 2
    assert any("user-account-created: " in spec.description for spec in shared.values())


def test_an_event_with_actions_or_contributors_keeps_an_alarm_of_its_own() -> None:
    pager = "arn:aws:sns:ap-northeast-1:111111111111:pager"
    events = {
        "user-account-created": {"actions": [pager]},
        "user-account-deleted": {"contributors": ["Computer"]},
    }
    shared = log_alarms(log_alarms={"layout": "severity"}, events=events)
    assert shared["user-account-created"].actions == (pager,)
    assert shared["user-account-deleted"].query.contributors == ("Computer",)


def test_a_group_of_events_has_at_most_as_many_as_a_case_has_branches() -> None:
    groups = event_groups(FIRST_RECORD)
    assert max(map(len, groups)) <= CASE_BRANCHES
    assert sorted(e.key for group in groups for e in group) == sorted(e.key for e in FIRST_RECORD)


def test_an_added_event_changes_one_group() -> None:
    before = event_groups(FIRST_RECORD[:40])
    for number in range(20):
        added = replace(FIRST_RECORD[0], key=f"added-{number}")
        after = event_groups([*FIRST_RECORD[:40], added])
        assert sum(one != other for one, other in zip(before, after, strict=True)) <= 2


def test_a_variant_has_a_log_alarm_of_its_own() -> None:
    specs = log_alarms(events={"logon-failed-network": {"variants": {"slow": {"threshold": 100}}}})
    assert specs["logon-failed-network.slow"].threshold == 100


def test_stack_names_are_those_that_cloudformation_takes() -> None:
    names = [spec.stack_name for spec in log_alarms(packs=[each.value for each in Pack]).values()]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 128 and name.replace("-", "").isalnum() for name in names)
