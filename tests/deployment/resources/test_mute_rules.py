"""Which alarms a maintenance window mutes, and how they are divided among rules."""

import re
from typing import Any

from deployment import MuteRuleSpec
from deployment.resolution.stable_groups import stable_groups
from deployment.resources.alarms import alarms
from deployment.resources.mute_rules import ALARMS_A_RULE, mute_rules
from tests.modules.synthesis import monitored_region

WINDOW = {"schedule": "cron(0 2 * * SUN)", "duration": "PT4H", "time_zone": "Asia/Tokyo"}


def rules(muted: Any, **settings: Any) -> tuple[MuteRuleSpec, ...]:
    return mute_rules(monitored_region(mute={"patching": {**WINDOW, "alarms": muted}}, **settings))


def muted_keys(muted: Any, **settings: Any) -> set[str]:
    """What a window mutes, by the last parts of the alarms' names."""
    names = {name for rule in rules(muted, **settings) for name in rule.alarm_names}
    return {re.sub(r"^windows-security-\d+-\w+-\w+-\d-", "", name) for name in names}


def test_event_is_muted_with_its_variants() -> None:
    events = {"logon-failed-network": {"variants": {"slow": {"threshold": 100}}}}
    found = muted_keys({"events": ["logon-failed-network"]}, packs=["article"], events=events)
    assert found == {"logon-failed-network", "logon-failed-network-slow"}


def test_severity_mutes_alarms_of_no_event_too() -> None:
    composite = {"both": {"title": "Both", "any_of": ["user-account-created"], "severity": "critical"}}
    found = muted_keys({"severities": ["critical"]}, packs=["article"], composite_alarms=composite)
    assert "composite-both" in found
    assert "silent-security" not in found


def test_all_mutes_every_alarm() -> None:
    region = monitored_region(mute={"patching": {**WINDOW, "alarms": "all"}}, packs=["baseline"])
    named = [name for rule in mute_rules(region) for name in rule.alarm_names]
    assert sorted(named) == sorted(alarm.name for alarm in alarms(region))


def test_rule_names_at_most_100_alarms() -> None:
    every = rules("all", packs=["baseline", "privileged-access", "domain-controller"], engine="log")
    assert sum(len(rule.alarm_names) for rule in every) > ALARMS_A_RULE
    assert all(1 <= len(rule.alarm_names) <= ALARMS_A_RULE for rule in every)
    assert len({rule.stack_name for rule in every}) == len(every)


def test_another_alarm_changes_one_rule_only() -> None:
    def groups(names: list[str]) -> tuple[tuple[str, ...], ...]:
        return stable_groups(names, key=str, average=70, fits=lambda group: len(group) <= ALARMS_A_RULE)

    names = [f"alarm-{number}" for number in range(200)]
    before, after = groups(names), groups([*names, "another"])
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


def test_template_is_the_request_of_put_alarm_mute_rule() -> None:
    (rule,) = rules({"events": ["user-account-created"]}, packs=["article"])
    assert rule.properties == {
        "Name": rule.name,
        "Description": "Maintenance window patching",
        "Rule": {
            "Schedule": {"Expression": "cron(0 2 * * SUN)", "Duration": "PT4H", "Timezone": "Asia/Tokyo"}
        },
        "MuteTargets": {"AlarmNames": [rule.alarm_names[0]]},
    }
    assert rule.stack_name == "windows-security-mute--patching--1"
