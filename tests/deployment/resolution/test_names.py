import dataclasses
import re

from pydantic import TypeAdapter

from catalog import EVENTS, Severity
from deployment import Associations, Names
from deployment.settings.types.accounts import InstanceName, RegionName

NAMES = Names("windows-security", "111111111111", "eu-central-1")
#: The longest that the settings admit.
LONGEST = Names("a" * 24, "111111111111", "us-gov-northeast-1")


def test_the_names_are_those_that_people_look_for() -> None:
    assert NAMES.server_role == "windows-security-eu-central-1-server"
    assert NAMES.configuration_admin_role == "windows-security-eu-central-1-configuration-admin"
    assert NAMES.agent_parameter == "AmazonCloudWatch-windows-security"
    assert NAMES.output_bucket == "windows-security-output-111111111111-eu-central-1"
    assert NAMES.topic() == "windows-security-alarms"
    assert NAMES.topic(Severity.HIGH) == "windows-security-high"
    assert NAMES.alarm("logon-failed") == "windows-security-111111111111-eu-central-1-logon-failed"
    assert NAMES.metric_filter("logon-failed") == "windows-security-logon-failed"
    assert NAMES.metric_filter("logon-failed", 1) == "windows-security-logon-failed.2"
    assert NAMES.association("install_agent") == "windows-security-install-agent"


def test_the_longest_names_are_still_within_the_limits_of_aws() -> None:
    TypeAdapter(InstanceName).validate_python(LONGEST.name)
    TypeAdapter(RegionName).validate_python(LONGEST.region)
    longest_key = max((event.key for event in EVENTS), key=len) + "-01234567"
    assert len(LONGEST.server_role) <= 64
    assert len(LONGEST.configuration_admin_role) <= 64
    assert len(LONGEST.alarm_event_role) <= 64
    assert len(LONGEST.alarm_event_rule) <= 64
    assert len(LONGEST.central_subscription) <= 512
    assert len(LONGEST.output_bucket) <= 63
    assert len(LONGEST.alarm(longest_key)) <= 255
    assert len(LONGEST.metric_filter(longest_key, 99)) <= 512
    for severity in (None, *Severity):
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", LONGEST.topic(severity))
    for step in Associations.model_fields:
        assert re.fullmatch(r"[a-zA-Z0-9_\-.]{3,128}", LONGEST.association(step))
    assert re.fullmatch(r"[a-zA-Z0-9_.-]{1,1011}", LONGEST.agent_parameter)


def test_the_topic_of_all_alarms_is_named_like_no_severity() -> None:
    assert len({NAMES.topic(severity) for severity in (None, *Severity)}) == len(Severity) + 1


def test_the_filters_of_one_event_are_named_like_those_of_no_other() -> None:
    assert NAMES.metric_filter("logon", 1) != NAMES.metric_filter("logon-2", 0)


def test_two_regions_of_one_account_share_no_role_and_no_bucket() -> None:
    other = dataclasses.replace(NAMES, region="eu-west-1")
    for name in ("server_role", "configuration_admin_role", "output_bucket", "alarm_event_role"):
        assert getattr(NAMES, name) != getattr(other, name)


def test_two_instances_in_one_place_share_no_name() -> None:
    other = dataclasses.replace(NAMES, name="second")
    for name in ("server_role", "configuration_admin_role", "output_bucket", "agent_parameter"):
        assert getattr(NAMES, name) != getattr(other, name)
    assert NAMES.topic() != other.topic()
    assert NAMES.alarm("x") != other.alarm("x")
    assert NAMES.metric_filter("x") != other.metric_filter("x")
