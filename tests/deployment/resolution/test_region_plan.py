from collections.abc import Callable

import pytest

from deployment import Associations, RegionPlan
from deployment.resources.alarms import alarms
from deployment.resources.associations import STEPS, associations

Region = Callable[[str], RegionPlan]
SYSTEM_ONLY = "packs: []\nwatched_paths: []\nevents: {service-installed: {enabled: true}}\n"
OLD = "ec2config_targets: {OS: [Windows Server 2012 R2]}\n"


@pytest.mark.parametrize(
    ("settings", "channel"),
    [
        ("", "Security"),
        ("collection: levels", "Security"),
        (SYSTEM_ONLY, "System"),
        (f"{SYSTEM_ONLY}collection: levels", "Security"),
        ("silence_alarm: {enabled: false}", None),
    ],
)
def test_the_silence_of_the_security_log_is_an_alarm_or_else_of_the_first_log_that_is_collected(
    region_of_account: Region, settings: str, channel: str | None
) -> None:
    region = region_of_account(settings)
    assert region.no_data_channel == channel
    names = [a.name.rpartition("-silent-")[2] for a in alarms(region) if a.key == "silence_alarm"]
    assert names == ([channel.lower()] if channel else [])


def test_whom_the_alarm_for_silence_tells_has_a_topic_although_no_event_is_of_its_severity(
    region_of_account: Region,
) -> None:
    region = region_of_account(f"{SYSTEM_ONLY}silence_alarm: {{severity: critical}}")
    assert "critical" in [severity.value for topic in region.topics for severity in topic.severities]


def test_an_event_logs_name_becomes_one_that_an_alarm_may_have(region_of_account: Region) -> None:
    names = region_of_account("").names
    assert names.no_data_alarm("Windows PowerShell").endswith("-silent-windows-powershell")
    assert names.no_data_alarm("Microsoft-Windows-Windows Defender/Operational").endswith(
        "-silent-microsoft-windows-windows-defender-operational"
    )


def test_old_servers_have_associations_of_their_own(region_of_account: Region) -> None:
    old = {"OS": ("Windows Server 2012 R2",)}
    region = region_of_account(OLD + "\nassociations: {layout: separate}")
    assert [planned.key for planned in associations(region) if planned.targets == old] == [
        "update_ec2config",
        "install_agent_ec2config",
        "apply_audit_policy_ec2config",
        "configure_agent_ec2config",
    ]
    others = [planned for planned in associations(region) if planned.targets != old]
    assert others == list(associations(region_of_account("associations: {layout: separate}")))
    assert [planned.key for planned in others] == [planned.step for planned in others]


def test_every_step_has_servers() -> None:
    assert ["layout", *STEPS] == list(Associations.model_fields)


def test_an_association_that_is_switched_off_is_none_for_any_server(region_of_account: Region) -> None:
    region = region_of_account(f"{OLD}associations: {{install_agent: {{enabled: false}}}}")
    assert "install_agent" not in [planned.step for planned in associations(region)]
