from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_aws.moto.composite_alarms import children, is_sound

Refusal = Callable[..., tuple[str, str]]

METRIC_ALARM: dict[str, Any] = {
    "Namespace": "Windows",
    "MetricName": "Windows-Logon-Fail",
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}


@pytest.fixture
def cloudwatch(client: Callable[[str], Any]) -> Any:
    cloudwatch = client("cloudwatch")
    for name in ("failed", "locked"):
        cloudwatch.put_metric_alarm(AlarmName=name, **METRIC_ALARM)
    return cloudwatch


def names(alarms: list[dict[str, Any]]) -> list[str]:
    return [alarm["AlarmName"] for alarm in alarms]


def test_a_composite_alarm_is_read_back_as_it_was_made(cloudwatch: Any) -> None:
    settings = {
        "AlarmRule": 'ALARM("failed") AND NOT OK(locked)',
        "AlarmDescription": "総当たり",
        "ActionsEnabled": False,
        "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:alarms"],
        "OKActions": ["arn:aws:sns:eu-west-1:111122223333:ok"],
        "InsufficientDataActions": [],
        "ActionsSuppressor": "locked",
        "ActionsSuppressorWaitPeriod": 60,
        "ActionsSuppressorExtensionPeriod": 120,
    }
    cloudwatch.put_composite_alarm(AlarmName="both", **settings)

    (alarm,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]

    assert {name: alarm[name] for name in settings} == settings
    assert alarm["AlarmArn"] == "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:both"


def test_alarms_are_described_by_their_types(cloudwatch: Any) -> None:
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(failed)")

    unasked = cloudwatch.describe_alarms()
    composite = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])
    each = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm", "MetricAlarm"])

    assert (names(unasked["MetricAlarms"]), names(unasked["CompositeAlarms"])) == (["failed", "locked"], [])
    assert (names(composite["MetricAlarms"]), names(composite["CompositeAlarms"])) == ([], ["both"])
    assert (names(each["MetricAlarms"]), names(each["CompositeAlarms"])) == (["failed", "locked"], ["both"])


def test_alarms_are_described_by_name_prefix_state_and_action(cloudwatch: Any) -> None:
    action = "arn:aws:sns:eu-west-1:111122223333:alarms"
    cloudwatch.put_metric_alarm(AlarmName="with-action", AlarmActions=[action], **METRIC_ALARM)
    cloudwatch.set_alarm_state(AlarmName="locked", StateValue="ALARM", StateReason="test")

    def found(**wanted: Any) -> list[str]:
        return names(cloudwatch.describe_alarms(**wanted)["MetricAlarms"])

    assert found(AlarmNames=["failed", "gone"]) == ["failed"]
    assert found(AlarmNamePrefix="with-") == ["with-action"]
    assert found(StateValue="ALARM") == ["locked"]
    assert found(ActionPrefix="arn:aws:sns") == ["with-action"]


def test_tags_of_a_composite_alarm_are_kept(cloudwatch: Any) -> None:
    cloudwatch.put_composite_alarm(
        AlarmName="both", AlarmRule="ALARM(failed)", Tags=[{"Key": "team", "Value": "soc"}]
    )

    tags = cloudwatch.list_tags_for_resource(
        ResourceARN="arn:aws:cloudwatch:eu-west-1:111122223333:alarm:both"
    )

    assert tags["Tags"] == [{"Key": "team", "Value": "soc"}]


def test_a_rule_over_an_alarm_that_does_not_exist_is_refused(cloudwatch: Any, refusal: Refusal) -> None:
    code, message = refusal(
        cloudwatch.put_composite_alarm, AlarmName="both", AlarmRule="ALARM(failed) OR ALARM(gone)"
    )

    assert code == "ValidationError"
    assert "['gone']" in message


def test_a_rule_over_more_than_a_hundred_alarms_is_refused(cloudwatch: Any, refusal: Refusal) -> None:
    rule = " OR ".join(f"ALARM(a{number})" for number in range(101))

    code, message = refusal(cloudwatch.put_composite_alarm, AlarmName="all", AlarmRule=rule)

    assert code == "ValidationError"
    assert "101 alarms, more than 100" in message


@pytest.mark.parametrize(
    "rule",
    [
        "failed",
        "V",
        "NOT",
        "ALARM(failed",
        "ALARM(failed) ALARM(locked)",
        "ALARM(failed) AND",
        "(ALARM(failed)",
    ],
)
def test_a_rule_that_cannot_be_parsed_is_refused(cloudwatch: Any, refusal: Refusal, rule: str) -> None:
    code, message = refusal(cloudwatch.put_composite_alarm, AlarmName="both", AlarmRule=rule)

    assert code == "ValidationError"
    assert rule in message


def test_an_alarm_that_a_composite_watches_cannot_be_deleted_before_it(
    cloudwatch: Any, refusal: Refusal
) -> None:
    arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:failed"
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule=f'ALARM("{arn}")')

    code, message = refusal(cloudwatch.delete_alarms, AlarmNames=["failed"])
    assert code == "ValidationError"
    assert "failed" in message

    cloudwatch.delete_alarms(AlarmNames=["both"])
    cloudwatch.delete_alarms(AlarmNames=["failed"])
    assert names(cloudwatch.describe_alarms()["MetricAlarms"]) == ["locked"]


alarm_names = st.text("abcXYZ019-_./", min_size=1, max_size=12).filter(lambda name: name not in ("AND", "OR"))
states = st.builds(
    lambda state, name, quote: (f"{state}({quote}{name}{quote})", {name}),
    st.sampled_from(["ALARM", "OK", "INSUFFICIENT_DATA"]),
    alarm_names,
    st.sampled_from(["", '"']),
)
rules = st.recursive(
    st.one_of(states, st.sampled_from([("TRUE", set[str]()), ("FALSE", set[str]())])),
    lambda inner: st.one_of(
        st.builds(lambda one: (f"NOT {one[0]}", one[1]), inner),
        st.builds(lambda one: (f"( {one[0]} )", one[1]), inner),
        st.builds(
            lambda one, word, two: (f"{one[0]} {word} {two[0]}", one[1] | two[1]),
            inner,
            st.sampled_from(["AND", "OR"]),
            inner,
        ),
    ),
    max_leaves=8,
)


@given(rules)
def test_every_rule_of_the_grammar_is_sound_and_gives_away_its_children(rule: tuple[str, set[str]]) -> None:
    text, watched = rule

    assert is_sound(text)
    assert children(text) == watched


@given(rules, rules)
def test_two_rules_without_a_word_between_them_are_not_sound(
    one: tuple[str, set[str]], two: tuple[str, set[str]]
) -> None:
    assert not is_sound(f"{one[0]} {two[0]}")
