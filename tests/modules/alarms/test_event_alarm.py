"""An event's metric filters and alarm."""

from dataclasses import replace

import pytest

from catalog import AlarmDefaults, Field, SecurityEvent, Severity, event, object_handle_requested, pack
from deployment import AdditionalAlarm, Names
from modules import EventAlarm, EventLogGroup
from modules.logs.event_log_group import ExistingLogGroup, LogGroup
from tests.modules.synthesis import Synthesized, new_stack, synthesized

FAILED = event("logon-failed-network")
NAMES = Names("windows-security", "111111111111", "eu-west-1")


def alarm(chosen: SecurityEvent, log_group: LogGroup | None = None) -> Synthesized:
    stack = new_stack()
    EventAlarm(
        stack,
        "event",
        event=chosen,
        log_group=log_group or EventLogGroup(stack, "group", name="Security"),
        names=NAMES,
        metric_namespace="WindowsSecurity",
        description="what happened",
        actions=["arn:aws:sns:eu-west-1:111111111111:alarms"],
    )
    return synthesized(stack)


def test_the_filter_counts_one_for_a_record_and_zero_for_a_minute_without() -> None:
    written = alarm(FAILED).one("aws_cloudwatch_log_metric_filter")
    assert written["pattern"] == FAILED.patterns[0]
    assert written["metric_transformation"] == {
        "name": "Windows-Logon-Fail",
        "namespace": "WindowsSecurity",
        "value": "1",
        "default_value": "0",
    }


def test_the_alarm_sums_the_metric_and_rests_while_nothing_arrives() -> None:
    chosen = replace(
        FAILED, alarm=AlarmDefaults(threshold=7, period=120, evaluation_periods=3, datapoints_to_alarm=2)
    )
    written = alarm(chosen).one("aws_cloudwatch_metric_alarm")
    expected = {
        "alarm_name": "windows-security-111111111111-eu-west-1-logon-failed-network",
        "metric_name": "Windows-Logon-Fail",
        "namespace": "WindowsSecurity",
        "statistic": "Sum",
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "threshold": 7,
        "period": 120,
        "evaluation_periods": 3,
        "datapoints_to_alarm": 2,
        "treat_missing_data": "notBreaching",
        "alarm_actions": ["arn:aws:sns:eu-west-1:111111111111:alarms"],
    }
    assert {name: written[name] for name in expected} == expected


def test_an_alarm_names_no_unit_since_a_wrong_one_would_leave_it_without_data_for_ever() -> None:
    assert "unit" not in alarm(FAILED).one("aws_cloudwatch_metric_alarm")


def test_a_signal_has_a_metric_and_no_alarm() -> None:
    written = alarm(event("special-privileges-assigned"))
    assert len(written.all_of("aws_cloudwatch_log_metric_filter")) == 1
    assert written.all_of("aws_cloudwatch_metric_alarm") == []


def test_alternatives_are_filters_of_their_own_that_add_up_in_one_metric() -> None:
    chosen = replace(FAILED, where=(Field("LogonType").one_of("3", "10"),))
    written = alarm(chosen)
    filters = written.all_of("aws_cloudwatch_log_metric_filter")
    assert sorted(f["pattern"] for f in filters) == sorted(chosen.patterns)
    assert len({f["name"] for f in filters}) == 2
    assert {f["metric_transformation"]["name"] for f in filters} == {"Windows-Logon-Fail"}
    assert len(written.all_of("aws_cloudwatch_metric_alarm")) == 1


def test_a_path_reaches_terraform_as_it_must_stand_in_the_pattern() -> None:
    (chosen,) = (e for e in pack("article") if e.watched_field)
    written = alarm(chosen).one("aws_cloudwatch_log_metric_filter")
    assert written["pattern"].endswith(r"""C:\\Documents\\大切なファイル</Data>" """.strip())


def test_a_path_that_looks_like_a_template_of_terraforms_stays_what_it_is() -> None:
    written = alarm(object_handle_requested(r"C:\${a}\%{b}")).one("aws_cloudwatch_log_metric_filter")
    assert written["pattern"].endswith(r"""C:\\$${a}\\%%{b}</Data>" """.strip())


def test_a_log_group_that_exists_already_is_named_and_not_made() -> None:
    group = ExistingLogGroup("Security", "arn:aws:logs:eu-west-1:111111111111:log-group:Security")
    written = alarm(FAILED, group)
    assert written.one("aws_cloudwatch_log_metric_filter")["log_group_name"] == "Security"
    assert written.all_of("aws_cloudwatch_log_group") == []


def test_a_variant_is_a_further_alarm_over_the_same_metric_without_another_filter() -> None:
    stack = new_stack()
    made = EventAlarm(
        stack,
        "event",
        event=FAILED,
        log_group=EventLogGroup(stack, "group", name="Security"),
        names=NAMES,
        metric_namespace="WindowsSecurity",
        description="a burst",
    )
    slow = replace(FAILED, alarm=AlarmDefaults(threshold=200, period=86_400), severity=Severity.LOW)
    made.add_alarm(AdditionalAlarm("slow", slow), description="a slow one", actions=["arn:aws:sns:::x"])
    written = synthesized(stack)
    assert len(written.all_of("aws_cloudwatch_log_metric_filter")) == 1
    alarms = {each["alarm_name"]: each for each in written.all_of("aws_cloudwatch_metric_alarm")}
    burst = alarms.pop("windows-security-111111111111-eu-west-1-logon-failed-network")
    added = alarms.pop("windows-security-111111111111-eu-west-1-logon-failed-network-slow")
    assert alarms == {}
    differing = {name for name in burst | added if burst.get(name) != added.get(name)}
    assert differing == {"alarm_name", "alarm_description", "alarm_actions", "threshold", "period", "tags"}
    assert (added["threshold"], added["period"], added["alarm_actions"]) == (200, 86_400, ["arn:aws:sns:::x"])
    assert added["tags"] == {"EventKey": "logon-failed-network", "Severity": "low"}
    assert list(made.additional_alarms) == ["slow"]


def test_a_variant_leaves_the_id_of_the_events_own_alarm_as_it_is() -> None:
    alone = alarm(FAILED).resources("aws_cloudwatch_metric_alarm")
    stack = new_stack()
    group = EventLogGroup(stack, "group", name="Security")
    made = EventAlarm(
        stack, "event", event=FAILED, log_group=group, names=NAMES, metric_namespace="x", description="x"
    )
    made.add_alarm(AdditionalAlarm("slow", FAILED), description="x")
    assert set(alone) < set(synthesized(stack).resources("aws_cloudwatch_metric_alarm"))


def test_a_variant_of_a_signal_is_refused() -> None:
    signal = event("special-privileges-assigned")
    stack = new_stack()
    group = EventLogGroup(stack, "group", name="Security")
    made = EventAlarm(
        stack, "event", event=signal, log_group=group, names=NAMES, metric_namespace="x", description="x"
    )
    with pytest.raises(ValueError, match=r"special-privileges-assigned\.slow has no alarm"):
        made.add_alarm(AdditionalAlarm("slow", signal), description="x")
