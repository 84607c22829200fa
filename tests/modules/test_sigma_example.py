"""The example with Sigma rules becomes filters, log alarms and settings of servers."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalog import Provider, matches
from catalog.derived.audit_script import audit_policy_data
from catalog.derived.event_query import event_alarm_query
from catalog.model.condition import Condition, Operator
from catalog.model.record import windows_record
from catalog.samples import samples_of
from catalog.samples.windows_event import windows_event
from deployment import RegionPlan, load, resolve
from deployment.reports.coverage import coverage
from deployment.resources.log_alarms import LogAlarmSpec
from local_aws.insights import parse_query
from modules import AccountStack
from tests.modules.synthesis import Synthesized, new_app, synthesized
from verify.drill.plan import DrillError, plan_drills

EXAMPLE = Path(__file__).parents[2] / "examples" / "sigma_rules" / "deployment.yaml"
ADMINISTRATOR = "sigma-administrator-added-by-an-account-of-the-domain"
SCRIPT = "sigma-local-account-created-in-a-script"
ARCHIVE = "sigma-archive-of-a-share-with-a-password"
RUN = "sigma-program-started-at-logon-from-a-folder-of-users"
SEVERAL = "sigma-several-administrators-added-within-an-hour"
POWERSHELL = Provider("Microsoft-Windows-PowerShell", "Microsoft-Windows-PowerShell/Operational")


@pytest.fixture(scope="module")
def region() -> RegionPlan:
    (region,) = resolve(load(EXAMPLE))
    return region


@pytest.fixture(scope="module")
def written(region: RegionPlan) -> Synthesized:
    return synthesized(AccountStack(new_app(), region))


def test_rules_follow_the_events_of_the_catalog(region: RegionPlan) -> None:
    assert [event.key for event in region.events[-4:]] == [ADMINISTRATOR, SCRIPT, ARCHIVE, RUN]
    assert [correlation.key for correlation in region.correlations] == [SEVERAL]


def test_every_alarm_of_a_rule_can_fire(region: RegionPlan) -> None:
    assert coverage(region).is_complete


@pytest.mark.parametrize("key", [ADMINISTRATOR, ARCHIVE, RUN])
def test_drill_of_a_rule_sends_its_sample(region: RegionPlan, key: str) -> None:
    (drill,) = plan_drills([region], [key])
    event = next(event for event in region.events if event.key == key)
    assert event.selection is not None
    assert event.selection.is_met(windows_record(drill.sample))
    assert isinstance(drill.alarm, LogAlarmSpec) is (key in region.log_engine)
    assert drill.alarm is not None


def test_drill_of_a_rule_without_samples_is_refused_with_what_to_do(region: RegionPlan) -> None:
    with pytest.raises(DrillError, match=r"put one beside the rule, in its \.samples/matches"):
        plan_drills([region], [SCRIPT])


def test_drill_of_a_rule_does_not_send_what_the_account_excludes(region: RegionPlan) -> None:
    rule = next(event for event in region.events if event.key == ARCHIVE)
    sample = samples_of(rule).matches[0]
    name = windows_record(sample).fields["SubjectUserName"]
    excluded = Condition("SubjectUserName", Operator.NOT_EQUALS, (name,))
    events = tuple(
        replace(each, where=(excluded,)) if each.key == ARCHIVE else each for each in region.events
    )
    with pytest.raises(DrillError, match="no sample is known that it finds"):
        plan_drills([replace(region, events=events)], [ARCHIVE])


def test_rule_that_a_filter_finds_becomes_a_filter_with_the_exclusion_of_the_account(
    written: Synthesized, region: RegionPlan
) -> None:
    (found,) = (
        each
        for each in written.all_of("aws_cloudwatch_log_metric_filter")
        if each["name"] == f"windows-security-{ADMINISTRATOR}"
    )
    event = next(event for event in region.events if event.key == ADMINISTRATOR)
    samples = samples_of(event)
    assert [matches(found["pattern"], text) for text in (*samples.matches, *samples.near_misses)] == [
        True,
        False,
    ]
    (sample,) = samples.matches
    assert not matches(found["pattern"], sample.replace(">sato<", ">svc-distribution<"))


def test_other_rules_share_a_log_alarm_for_each_severity_and_event_log(written: Synthesized) -> None:
    templates = [each["template_body"] for each in written.all_of("aws_cloudformation_stack")]
    for key in (ARCHIVE, SCRIPT, RUN, SEVERAL):
        assert sum(key in template for template in templates) == 1
    assert len(templates) == 4


def test_query_of_a_rule_finds_its_record(region: RegionPlan) -> None:
    event = next(event for event in region.events if event.key == SCRIPT)
    query = parse_query(event_alarm_query(event).query)
    for text, found in (("new-localuser -Name a", True), ("Get-LocalUser", False)):
        record = windows_event(4104, {"ScriptBlockText": text}, provider=POWERSHELL)
        assert bool(query.run([{"@timestamp": 0, "@message": record}])) is found


def test_servers_ship_what_the_rules_need(written: Synthesized) -> None:
    configuration = str(written.all_of("aws_ssm_parameter"))
    assert POWERSHELL.channel in configuration
    assert "4104" in configuration


def test_servers_write_what_the_rules_need(region: RegionPlan) -> None:
    policy = audit_policy_data(
        region.collected_events, prerequisites=region.settings.audit_policy.prerequisites
    )
    names = {value["name"] for value in policy["registry_values"]}
    assert names == {"EnableScriptBlockLogging", "ProcessCreationIncludeCmdLine_Enabled"}
    assert "Process Creation" in str(policy)
