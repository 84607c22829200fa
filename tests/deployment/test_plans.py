import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import Severity
from deployment import (
    AssumedRole,
    Deployment,
    DeploymentError,
    LocalBackend,
    Protocol,
    RegionPlan,
    Subscription,
    load,
    resolve,
)

REPOSITORY = Path(__file__).resolve().parents[2]
Region = Callable[[str], RegionPlan]
Regions = Callable[[str], tuple[RegionPlan, ...]]


def test_each_account_in_each_region_is_a_stack(deployment: Deployment) -> None:
    regions = resolve(deployment)
    assert [(r.stack_name, r.account, r.account_id, r.region_name, r.partition) for r in regions] == [
        ("production-eu-central-1", "production", "111111111111", "eu-central-1", "aws"),
        ("production-ap-northeast-1", "production", "111111111111", "ap-northeast-1", "aws"),
        ("staging-eu-central-1", "staging", "222222222222", "eu-central-1", "aws"),
    ]


def test_the_instances_name_is_part_of_every_name(deployment: Deployment) -> None:
    named = deployment.model_copy(update={"name": "second"})
    assert {region.names.name for region in resolve(named)} == {"second"}


def test_a_region_cannot_be_changed(deployment: Deployment) -> None:
    region = resolve(deployment)[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        region.account = "x"  # type: ignore[misc]


def test_without_a_role_the_callers_credentials_count(deployment: Deployment) -> None:
    assert resolve(deployment)[0].assume_role is None


@pytest.mark.parametrize(
    ("setting", "role"),
    [
        ("assume_role: deployment", AssumedRole("arn:aws:iam::111111111111:role/deployment")),
        (
            "assume_role: '{name}-{region}'",
            AssumedRole("arn:aws:iam::111111111111:role/windows-security-eu-central-1"),
        ),
        (
            "assume_role: {role: 'arn:{partition}:iam::{account_id}:role/x', external_id: 1234, "
            "session_name: me}",
            AssumedRole("arn:aws:iam::111111111111:role/x", "1234", "me"),
        ),
    ],
)
def test_the_role_to_assume_is_one_of_the_account(
    region_of_account: Region, setting: str, role: AssumedRole
) -> None:
    assert region_of_account(setting).assume_role == role


def test_a_role_is_in_the_partition_of_the_region(region_of_account: Region) -> None:
    region = region_of_account("regions: [cn-north-1]\nassume_role: deployment")
    assert region.assume_role == AssumedRole("arn:aws-cn:iam::111111111111:role/deployment")


def test_there_is_a_topic_for_each_severity_that_has_an_alarm(region_of_account: Region) -> None:
    region = region_of_account(
        """
        packs: []
        watched_paths: []
        events:
          user-account-created: {enabled: true, severity: low}
          user-account-deleted: {enabled: true, severity: critical}
          user-account-disabled: {enabled: true, severity: medium, alarm: false}
        silence_alarm: {enabled: false}
        """
    )
    everyone = Subscription(protocol=Protocol.EMAIL, endpoint="security@example.com")
    assert [(t.name, t.severities, t.existing_arn, t.subscriptions) for t in region.topics] == [
        ("windows-security-low", (Severity.LOW,), None, (everyone,)),
        ("windows-security-critical", (Severity.CRITICAL,), None, (everyone,)),
    ]


EVENTS = """
packs: []
watched_paths: []
events:
  user-account-created: {enabled: true, severity: low}
  user-account-deleted: {enabled: true, severity: high}
notifications:
"""


def endpoints(region: RegionPlan) -> dict[str, list[str]]:
    return {topic.name: [s.endpoint for s in topic.subscriptions] for topic in region.topics}


def test_a_subscription_is_made_for_its_severities_only(region_of_account: Region) -> None:
    region = region_of_account(
        EVENTS + "  subscriptions:\n"
        "  - {protocol: email, endpoint: all@example.com}\n"
        "  - {protocol: email, endpoint: some@example.com, severities: [high, critical]}\n"
    )
    assert endpoints(region) == {
        "windows-security-low": ["all@example.com"],
        "windows-security-high": ["all@example.com", "some@example.com"],
    }


def test_a_single_topic_is_for_all_alarms(region_of_account: Region) -> None:
    region = region_of_account(EVENTS + "  topics: single\n")
    assert endpoints(region) == {"windows-security-alarms": ["security@example.com"]}
    assert region.topics[0].severities == (Severity.LOW, Severity.HIGH)


def test_an_existing_topic_takes_the_place_of_one_that_would_be_made(region_of_account: Region) -> None:
    region = region_of_account(
        EVENTS + "  existing_topics: {low: 'arn:{partition}:sns:{region}:{account_id}:ours'}\n"
    )
    assert [topic.existing_arn for topic in region.topics] == [
        "arn:aws:sns:eu-central-1:111111111111:ours",
        None,
    ]


def test_severities_with_the_same_existing_topic_share_it_and_each_address_is_subscribed_once(
    region_of_account: Region,
) -> None:
    region = region_of_account(
        EVENTS + "  existing_topics: {low: 'arn:aws:sns:{region}:{account_id}:ours',\n"
        "    high: 'arn:aws:sns:eu-central-1:111111111111:ours'}\n"
        "  subscriptions:\n"
        "  - {protocol: email, endpoint: a@example.com, severities: [high, critical]}\n"
        "  - {protocol: email, endpoint: a@example.com, severities: [low]}\n"
        "  - {protocol: email, endpoint: b@example.com}\n"
        "  - {protocol: email, endpoint: c@example.com, severities: [medium]}\n"
    )
    (topic,) = region.topics
    assert topic.existing_arn == "arn:aws:sns:eu-central-1:111111111111:ours"
    assert topic.severities == (Severity.LOW, Severity.HIGH)
    assert [each.endpoint for each in topic.subscriptions] == ["a@example.com", "b@example.com"]
    assert {region.topic(event) for event in region.events} == {topic}


def test_the_alarm_that_suppresses_a_composite_one_is_filled_in_where_it_is_an_arn(
    region_of_account: Region,
) -> None:
    region = region_of_account(
        """
        composite_alarms:
          arn:
            title: x
            any_of: [logon-failed-network]
            suppressor: {alarm: 'arn:{partition}:cloudwatch:{region}:{account_id}:alarm:x'}
          name:
            title: x
            any_of: [logon-failed-network]
            suppressor: {alarm: 'x {region}'}
        """
    )
    suppressors = [alarm.suppressor for alarm in region.settings.effective_composite_alarms.values()]
    assert [each.alarm for each in suppressors if each] == [
        "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:x",
        "x {region}",
    ]


def test_an_existing_single_topic_is_for_all_alarms(region_of_account: Region) -> None:
    arn = "arn:aws:sns:eu-central-1:111111111111:ours"
    region = region_of_account(EVENTS + f"  topics: single\n  existing_topic: {arn}\n")
    assert [topic.existing_arn for topic in region.topics] == [arn]


def test_an_unnotified_severity_has_no_topic(region_of_account: Region) -> None:
    region = region_of_account(EVENTS + "  unnotified: [low]\n")
    assert [topic.name for topic in region.topics] == ["windows-security-high"]
    assert [region.topic(event) for event in region.events if event.severity is Severity.LOW] == [None]


def test_an_unnotified_severity_does_not_use_the_single_topic(region_of_account: Region) -> None:
    region = region_of_account(EVENTS + "  topics: single\n  unnotified: [low]\n")
    notified = {event.key: region.topic(event) for event in region.events}
    assert notified == {"user-account-created": None, "user-account-deleted": region.topics[0]}


def test_arns_are_filled_in_for_each_account_and_region(regions_of: Regions) -> None:
    regions = regions_of(
        """\
        defaults:
          regions: [eu-central-1, cn-north-1]
          packs: []
          events:
            user-account-created: {enabled: true, actions: ["arn:{partition}:sns:{region}:{account_id}:a"]}
            user-account-deleted: {enabled: true, severity: low}
          output_bucket: {existing: "output-{account_id}-{region}", prefix: "{account}/{name}"}
          notifications:
            kms_key: arn:{partition}:kms:{region}:{account_id}:alias/alarms
            subscriptions:
            - {protocol: sqs, endpoint: "arn:{partition}:sqs:{region}:{account_id}:q"}
            - {protocol: https, endpoint: "https://example.com/alarms"}
        accounts:
          a: {id: 111111111111, regions: [eu-central-1]}
          b: {id: 222222222222, regions: [cn-north-1]}
        """
    )
    found = []
    for region in regions:
        bucket, notifications = region.settings.output_bucket, region.settings.notifications
        assert bucket is not None
        found.append(
            (
                *region.actions["user-account-created"],
                bucket.existing,
                bucket.prefix,
                notifications.kms_key,
                *(subscription.endpoint for subscription in region.topics[0].subscriptions),
            )
        )
    assert found == [
        (
            "arn:aws:sns:eu-central-1:111111111111:a",
            "output-111111111111-eu-central-1",
            "a/windows-security",
            "arn:aws:kms:eu-central-1:111111111111:alias/alarms",
            "arn:aws:sqs:eu-central-1:111111111111:q",
            "https://example.com/alarms",
        ),
        (
            "arn:aws-cn:sns:cn-north-1:222222222222:a",
            "output-222222222222-cn-north-1",
            "b/windows-security",
            "arn:aws-cn:kms:cn-north-1:222222222222:alias/alarms",
            "arn:aws-cn:sqs:cn-north-1:222222222222:q",
            "https://example.com/alarms",
        ),
    ]


def test_the_log_groups_are_those_of_the_events(region_of_account: Region) -> None:
    assert region_of_account("packs: [remote-desktop]\nwatched_paths: []").log_groups == {
        "Security": "Security"
    }


def test_the_log_groups_are_those_of_all_levels_that_are_collected(region_of_account: Region) -> None:
    region = region_of_account(
        "packs: [remote-desktop]\nwatched_paths: []\ncollection: levels\nlog_group_prefix: /windows/"
    )
    assert region.log_groups == {"System": "/windows/System", "Security": "/windows/Security"}


def test_state_is_local_and_relative_by_default(deployment: Deployment) -> None:
    assert resolve(deployment)[0].state == LocalBackend(
        "state/windows-security-production-eu-central-1.tfstate"
    )


@pytest.mark.parametrize("word", ["none", "null"])
def test_an_account_may_do_without_an_output_bucket(region_of_account: Region, word: str) -> None:
    assert region_of_account(f"output_bucket: {word}").settings.output_bucket is None


def test_loading_takes_as_many_steps_for_each_account_however_many_there_are(tmp_path: Path) -> None:
    def loaded(count: int) -> tuple[int, tuple[RegionPlan, ...]]:
        """The lines of the project that run, and the stacks."""
        path = tmp_path / "deployment.yaml"
        accounts = "".join(
            f"  account-{number}:\n    id: {100000000000 + number}\n    tags: {{Number: {number}}}\n"
            f"    events: {{logon-failed-network: {{threshold: {number}}}}}\n"
            for number in range(100, 100 + count)
        )
        path.write_text(
            "defaults:\n"
            "  regions: [eu-central-1, ap-northeast-1]\n"
            "  events: {logon-failed-network: {period: 60}}\n"
            "  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}\n"
            "accounts:\n" + accounts,
            encoding="utf-8",
        )
        lines = 0

        def count_lines(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal lines
            lines += event == "line"
            return count_lines if frame.f_code.co_filename.startswith(str(REPOSITORY)) else None

        other = sys.gettrace()
        sys.settrace(count_lines)
        try:
            regions = resolve(load(path))
        finally:
            sys.settrace(other)
        return lines, regions

    loaded(16)  # Some is worked out once in a process.
    (few, _), (some, _), (many, regions) = (loaded(count) for count in (4, 8, 16))
    # A search of all accounts for each account adds 12 lines to each of the later ones.
    assert (many - some) / 8 == pytest.approx((some - few) / 4, abs=3)
    assert len(regions) == 32
    thresholds = [next(e.alarm for e in r.events if e.key == "logon-failed-network") for r in regions]
    assert [alarm and alarm.threshold for alarm in thresholds] == [100 + n // 2 for n in range(32)]


_SEVERITIES = st.lists(st.sampled_from([severity.value for severity in Severity]), unique=True)
_NOTIFICATIONS = st.fixed_dictionaries(
    {},
    optional={
        "topics": st.sampled_from(["per-severity", "single"]),
        "subscriptions": st.lists(
            st.fixed_dictionaries(
                {
                    "protocol": st.just("email"),
                    "endpoint": st.sampled_from(["a@example.com", "b@example.com"]),
                },
                optional={"severities": _SEVERITIES.filter(bool)},
            ),
            max_size=3,
        ),
        "existing_topics": _SEVERITIES.map(
            lambda names: dict.fromkeys(names, "arn:aws:sns:{region}:{account_id}:x")
        ),
        "existing_topic": st.just("arn:aws:sns:{region}:{account_id}:x"),
        "unnotified": _SEVERITIES,
    },
)
_OVERRIDES = st.dictionaries(
    st.sampled_from(["user-account-created", "logon-failed-network", "special-privileges-assigned"]),
    st.fixed_dictionaries(
        {},
        optional={
            "enabled": st.booleans(),
            "alarm": st.booleans(),
            "threshold": st.integers(1, 5),
            "severity": st.sampled_from([severity.value for severity in Severity]),
            "actions": st.just(["arn:aws:sns:{region}:{account_id}:own"]),
        },
    ),
)
_LEVEL = st.fixed_dictionaries({}, optional={"notifications": _NOTIFICATIONS, "events": _OVERRIDES})


@given(_LEVEL, _LEVEL)
def test_no_alarm_notifies_nobody_unless_that_is_said(
    defaults: dict[str, object], account: dict[str, object]
) -> None:
    deployment = Deployment.model_validate(
        {
            "defaults": {"regions": ["eu-central-1"], "packs": ["remote-desktop"], **defaults},
            "accounts": {"a": {"id": "111111111111", **account}},
        }
    )
    try:
        (region,) = resolve(deployment)
    except DeploymentError:
        return
    for event in region.events:
        if event.alarm and event.severity not in region.settings.notifications.unnotified:
            topic = region.topic(event)
            assert event.key in region.actions or (topic and (topic.existing_arn or topic.subscriptions))
