"""Sigma rules of a deployment: each becomes an event, or is reported with file, line and reason."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from catalog.samples.windows_event import windows_event
from deployment import DeploymentError, DeploymentPlan, load_plan
from deployment.reports.coverage import coverage, notices
from deployment.resources.alarms import alarms

ADMINISTRATORS = """\
title: A New Administrator
id: 5b1f7a0e-7f0c-4a53-9d3b-3c1e0f8f2a11
description: An account became an administrator of a server.
author: A. Writer
references: [https://example.com/administrators]
tags: [attack.persistence, attack.t1098.007]
level: high
logsource: {product: windows, service: security}
detection:
  selection: {EventID: 4732, TargetSid: S-1-5-32-544}
  condition: selection
"""
COMMAND = """\
title: An Encoded Command
level: medium
logsource: {product: windows, category: process_creation}
detection:
  selection: {CommandLine|contains: ' -enc '}
  condition: selection
"""
SENSOR = """\
title: A File
level: low
logsource: {product: windows, category: file_event}
detection:
  selection: {TargetFilename|endswith: .lnk}
  condition: selection
"""
NEEDS_SYSMON = (
    "needs Sysmon: where it is installed, write 'sysmon: true' beside 'rules' (--sysmon on the command line)"
)
NEW_ADMINISTRATOR, ENCODED = "sigma-a-new-administrator", "sigma-an-encoded-command"

_FOLDER = re.compile(r"/\S*/(?=deployment\.yaml|rules/)")

Plan = Callable[..., DeploymentPlan]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Load a deployment with these rules, a file each, and these settings of its one entry."""

    def load(*rules: str, entry: str = "", settings: str = "") -> DeploymentPlan:
        folder = tmp_path / "rules" / "windows"
        folder.mkdir(parents=True, exist_ok=True)
        for number, rule in enumerate(rules):
            (folder / f"{number}.yml").write_text(rule, encoding="utf-8")
        file = tmp_path / "deployment.yaml"
        notified = "notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}"
        file.write_text(
            dedent(f"""\
            sigma: [{{rules: "rules/**/*.yml"{entry}}}]
            defaults: {{regions: [eu-central-1], packs: [article], {notified}}}
            accounts:
              a:
                id: "111111111111"
                {settings}
            """),
            encoding="utf-8",
        )
        return load_plan(file)

    return load


def refused(plan: Plan, *rules: str, entry: str = "", settings: str = "") -> list[str]:
    """Return what is wrong, without the folder of the deployment file."""
    with pytest.raises(DeploymentError) as error:
        plan(*rules, entry=entry, settings=settings)
    return [_FOLDER.sub("", line) for line in error.value.lines]


def sigma_keys(found: DeploymentPlan) -> list[str]:
    return [event.key for event in found.regions[0].events if event.key.startswith("sigma-")]


def test_rule_becomes_an_event_with_what_it_says(plan: Plan) -> None:
    (region,) = plan(ADMINISTRATORS).regions
    event = next(event for event in region.events if event.key == NEW_ADMINISTRATOR)
    assert (event.title, event.severity.value, event.attack) == (
        "A New Administrator",
        "high",
        ("T1098.007",),
    )
    for part in ("5b1f7a0e-7f0c-4a53-9d3b-3c1e0f8f2a11", "A. Writer", "https://example.com/administrators"):
        assert part in event.runbook
    assert [each.value.title for each in event.audits] == ["Security Group Management"]


def test_rule_that_a_filter_finds_exactly_gets_a_metric_alarm_and_any_other_a_log_alarm(plan: Plan) -> None:
    (region,) = plan(ADMINISTRATORS, COMMAND).regions
    assert region.log_engine == {ENCODED}
    by_key = {alarm.key: alarm for alarm in alarms(region)}
    assert by_key[NEW_ADMINISTRATOR].query is None
    query = by_key[ENCODED].query
    assert query is not None
    assert "-enc" in query.query


def test_engine_log_gives_every_rule_a_log_alarm(plan: Plan) -> None:
    (region,) = plan(ADMINISTRATORS, COMMAND, entry=", engine: log").regions
    assert region.log_engine == {NEW_ADMINISTRATOR, ENCODED}


def test_engine_metric_reports_the_rules_that_no_filter_finds_exactly(plan: Plan) -> None:
    found = plan(ADMINISTRATORS, COMMAND, entry=", engine: metric")
    assert sigma_keys(found) == [NEW_ADMINISTRATOR]
    (notice,) = (text for text in found.notices if "An Encoded Command" in text)
    assert _FOLDER.sub("", notice) == (
        "rules/windows/1.yml:1: An Encoded Command: is not deployed, since it is found exactly by no filter "
        "(it leaves nothing to filter by but the event id: CommandLine), and its engine is metric: set "
        "'engine: auto'"
    )


def test_rule_on_sysmon_is_deployed_where_the_entry_says_that_it_is_installed(plan: Plan) -> None:
    (region,) = plan(ADMINISTRATORS, SENSOR, entry=", sysmon: true").regions
    event = next(event for event in region.collected_events if event.key == "sigma-a-file")
    assert (event.channel, event.event_ids) == ("Microsoft-Windows-Sysmon/Operational", (11,))
    assert "sigma-a-file" in region.log_engine
    assert [each.value.title for each in event.prerequisites] == [
        "Sysmon, with a configuration that reports what is looked for"
    ]


def test_placeholder_of_a_rule_is_filled_with_the_values_of_the_entry(plan: Plan) -> None:
    rule = COMMAND.replace("CommandLine|contains: ' -enc '", "CommandLine|contains|expand: '%Tools%'")
    (region,) = plan(rule, entry=', placeholders: {Tools: ["mimi*z", procdump]}').regions
    query = next(alarm.query for alarm in alarms(region) if alarm.key == ENCODED)
    assert query is not None
    assert "[^<]*(?:mimi[^<]*z|procdump)[^<]*" in query.query


def test_placeholder_that_no_rule_has_is_an_error_of_its_own_line(plan: Plan) -> None:
    assert refused(plan, ADMINISTRATORS, entry=", placeholders: {Tools: [a]}") == [
        "deployment.yaml:1: sigma[0].placeholders.Tools: no rule of rules/**/*.yml has the placeholder "
        "%Tools%"
    ]


def test_account_engine_log_reaches_a_rule_that_a_filter_finds(plan: Plan) -> None:
    assert plan(ADMINISTRATORS, settings="engine: log").regions[0].log_engine >= {NEW_ADMINISTRATOR}


def test_refused_rule_is_reported_with_file_line_and_reason(plan: Plan) -> None:
    found = plan(f"{ADMINISTRATORS}---\n{SENSOR}")
    assert [_FOLDER.sub("", text) for text in found.notices if "is not deployed" in text] == [
        f"rules/windows/0.yml:13: A File: is not deployed, since it {NEEDS_SYSMON}"
    ]


def test_rules_of_which_none_can_be_deployed_are_an_error(plan: Plan) -> None:
    assert refused(plan, SENSOR) == [
        "deployment.yaml:1: sigma[0].rules: none of the 1 rules of rules/**/*.yml is deployed: "
        f"rules/windows/0.yml:1: A File: is not deployed, since it {NEEDS_SYSMON}"
    ]


def test_linked_folder_that_a_pattern_does_not_enter_is_reported(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "command.yml").write_text(COMMAND, encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "linked").symlink_to(tmp_path / "elsewhere")
    found = plan(ADMINISTRATORS)
    assert sigma_keys(found) == [NEW_ADMINISTRATOR]
    notice = (
        "rules/linked: is a link to a folder, which ** does not enter: name rules/linked in an entry of its"
    )
    assert f"{notice} own" in found.notices
    named = plan(ADMINISTRATORS, entry="}, {rules: rules/linked/**/*.yml")
    assert sigma_keys(named) == [NEW_ADMINISTRATOR, ENCODED]


def test_malformed_rule_is_an_error_with_its_file(plan: Plan) -> None:
    (problem,) = refused(plan, ADMINISTRATORS, "title: [")
    assert problem.startswith("rules/windows/1.yml:1: is no rule that can be read: ")


def test_rule_below_the_minimum_level_is_not_deployed(plan: Plan) -> None:
    assert sigma_keys(plan(ADMINISTRATORS, COMMAND, entry=", minimum_level: high")) == [NEW_ADMINISTRATOR]


@pytest.mark.parametrize(
    "name",
    [NEW_ADMINISTRATOR, "A New Administrator", "rules/windows/0.*", "5b1f7a0e-7f0c-4a53-9d3b-3c1e0f8f2a11"],
)
def test_excluded_rule_is_not_deployed(plan: Plan, name: str) -> None:
    assert sigma_keys(plan(ADMINISTRATORS, COMMAND, entry=f", exclude: ['{name}']")) == [ENCODED]


def test_exclusion_that_names_no_rule_is_an_error(plan: Plan) -> None:
    assert refused(plan, ADMINISTRATORS, entry=", exclude: [nothing]") == [
        "deployment.yaml:1: sigma[0].exclude[0]: no rule of rules/**/*.yml has this id, key, title or file"
    ]


def test_pattern_that_finds_no_file_is_an_error(plan: Plan) -> None:
    assert refused(plan) == ["deployment.yaml:1: sigma[0].rules: no file is called rules/**/*.yml"]


def test_folder_in_place_of_files_is_an_error_with_the_pattern_to_write(plan: Plan, tmp_path: Path) -> None:
    plan(ADMINISTRATORS)
    file = tmp_path / "deployment.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("rules/**/*.yml", "rules"), encoding="utf-8")
    with pytest.raises(DeploymentError) as error:
        load_plan(file)
    assert error.value.lines[0].endswith(
        "sigma[0].rules: no file is called rules; a folder is: write rules/**/*.yml"
    )


def test_samples_beside_a_rule_are_no_rules(plan: Plan, tmp_path: Path) -> None:
    sample = tmp_path / "rules" / "windows" / "0.samples" / "matches" / "one.xml"
    sample.parent.mkdir(parents=True)
    sample.write_text(windows_event(4732, {"TargetSid": "S-1-5-32-544"}), encoding="utf-8")
    plan(ADMINISTRATORS)
    file = tmp_path / "deployment.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("*.yml", "*"), encoding="utf-8")
    assert sigma_keys(load_plan(file)) == [NEW_ADMINISTRATOR]


def test_override_and_exclusion_reach_the_event_of_a_rule(plan: Plan) -> None:
    settings = (
        f"events: {{{NEW_ADMINISTRATOR}: {{severity: low, exclude: {{SubjectUserName: [installer]}}}}}}"
    )
    (region,) = plan(ADMINISTRATORS, settings=settings).regions
    event = next(event for event in region.events if event.key == NEW_ADMINISTRATOR)
    assert event.severity.value == "low"
    assert all("-\"<Data Name='SubjectUserName'>installer</Data>\"" in pattern for pattern in event.patterns)


def test_rule_can_be_disabled_in_an_account(plan: Plan) -> None:
    assert (
        sigma_keys(plan(ADMINISTRATORS, settings=f"events: {{{NEW_ADMINISTRATOR}: {{enabled: false}}}}"))
        == []
    )


def test_two_rules_with_one_title_are_an_error(plan: Plan) -> None:
    (problem,) = refused(plan, ADMINISTRATORS, ADMINISTRATORS)
    assert problem == (
        f"rules/windows/1.yml:1: the rule in rules/windows/0.yml:1 has the key {NEW_ADMINISTRATOR} already: "
        "change a title"
    )


def test_sample_beside_a_rule_that_it_does_not_find_is_an_error(plan: Plan, tmp_path: Path) -> None:
    sample = tmp_path / "rules" / "windows" / "0.samples" / "matches" / "other.xml"
    sample.parent.mkdir(parents=True)
    sample.write_text(windows_event(4732, {"TargetSid": "S-1-5-32-545"}), encoding="utf-8")
    assert any("the rule does not find it" in line for line in refused(plan, ADMINISTRATORS))


def test_samples_beside_a_rule_are_those_of_its_event(plan: Plan, tmp_path: Path) -> None:
    sample = tmp_path / "rules" / "windows" / "0.samples" / "matches" / "one.xml"
    sample.parent.mkdir(parents=True)
    text = windows_event(4732, {"TargetSid": "S-1-5-32-544"})
    sample.write_text(text, encoding="utf-8")
    (event,) = plan(ADMINISTRATORS).deployment.own_events
    assert event.samples == (text,)


@pytest.mark.parametrize(
    ("detection", "never_fires"),
    [
        ("selection: {CommandLine|contains: ' -enc '}\n  condition: selection", True),
        (
            "one: {Image|endswith: a.exe}\n  two: {CommandLine: b}\n  condition: one and not two",
            False,
        ),
        ("one: {CommandLine|contains: b}\n  two: {Image|endswith: a.exe}\n  condition: one or two", False),
    ],
)
def test_rule_never_fires_where_no_record_without_a_command_line_can_match(
    plan: Plan, detection: str, never_fires: bool
) -> None:
    rule = COMMAND.partition("detection:")[0] + f"detection:\n  {detection}\n"
    (region,) = plan(rule).regions
    assert [event.key for event in coverage(region).never_firing] == ([ENCODED] if never_fires else [])
    named = "audit_policy.command_lines is not true, or the audit policy is not applied: "
    assert any(text.startswith(named) and ENCODED in text for text in notices(region)) is never_fires


def test_rule_on_script_blocks_finds_the_suspicious_ones_without_their_logging(plan: Plan) -> None:
    script = COMMAND.replace("process_creation", "ps_script").replace("CommandLine", "ScriptBlockText")
    (region,) = plan(script).regions
    assert coverage(region).never_firing == ()
    assert [text for text in notices(region) if "script_block_logging" in text] == [
        "audit_policy.script_block_logging is not true, or the audit policy is not applied: without "
        "PowerShell script block logging, only script blocks that PowerShell itself marks as suspicious can "
        f"match {ENCODED}"
    ]
    (applied,) = plan(script, settings="audit_policy: {script_block_logging: true}").regions
    assert not any("script_block_logging" in text for text in notices(applied))


GUESSED = """\
title: Many New Administrators
level: high
correlation:
  type: value_count
  rules: [5b1f7a0e-7f0c-4a53-9d3b-3c1e0f8f2a11]
  group-by: [SubjectUserName]
  timespan: 1h
  condition: {field: MemberSid, gte: 5}
"""
MANY = "sigma-many-new-administrators"


def test_correlation_of_rules_runs_in_place_of_the_alarms_of_its_rules(plan: Plan) -> None:
    found = plan(ADMINISTRATORS, GUESSED)
    (region,) = found.regions
    assert [each.key for each in region.correlations] == [MANY]
    assert sigma_keys(found) == []
    (alarm,) = (each for each in alarms(region) if each.correlation)
    assert alarm.query is not None
    assert (alarm.query.threshold, "TargetSid" in alarm.query.query) == (5, True)
    assert 4732 in {event.event_id for event in region.collected_events}
    (notice,) = (text for text in found.notices if "A New Administrator" in text)
    assert _FOLDER.sub("", notice) == (
        "rules/windows/0.yml:1: A New Administrator: has no alarm of its own, since it is a step of "
        f"{MANY}: set 'generate: true' there for one"
    )


def test_correlation_that_generates_leaves_its_rules_their_alarms(plan: Plan) -> None:
    found = plan(ADMINISTRATORS, GUESSED + "  generate: true\n")
    assert sigma_keys(found) == [NEW_ADMINISTRATOR]
    assert [each.key for each in found.regions[0].correlations] == [MANY]


def test_rules_of_an_excluded_correlation_have_their_alarms(plan: Plan) -> None:
    found = plan(ADMINISTRATORS, GUESSED, entry=f", exclude: [{MANY}]")
    assert sigma_keys(found) == [NEW_ADMINISTRATOR]
    assert found.regions[0].correlations == ()


def test_override_reaches_the_correlation_of_rules(plan: Plan) -> None:
    settings = f"correlations: {{{MANY}: {{threshold: 7, left_out: {{SubjectUserName: [installer]}}}}}}"
    (correlation,) = plan(ADMINISTRATORS, GUESSED, settings=settings).regions[0].correlations
    assert (correlation.threshold, correlation.left_out) == (7, {"SubjectUserName": ("installer",)})


def test_correlation_of_a_refused_rule_is_reported(plan: Plan) -> None:
    rule = GUESSED.replace("5b1f7a0e-7f0c-4a53-9d3b-3c1e0f8f2a11", "file").replace("MemberSid", "Image")
    found = plan(ADMINISTRATORS, SENSOR.replace("title: A File", "title: A File\nname: file"), rule)
    assert [_FOLDER.sub("", text) for text in found.notices if "Many New" in text] == [
        "rules/windows/2.yml:1: Many New Administrators: is not deployed, since it names the rule file, "
        f"which {NEEDS_SYSMON}"
    ]


def test_engine_metric_reports_a_correlation(plan: Plan) -> None:
    found = plan(ADMINISTRATORS, GUESSED, entry=", engine: metric")
    assert found.regions[0].correlations == ()
    assert any("only log alarms find correlations" in text for text in found.notices)


def test_rules_of_a_pack_are_watched_where_the_pack_is_chosen(plan: Plan) -> None:
    assert sigma_keys(plan(ADMINISTRATORS, entry=", packs: [ransomware-precursors]")) == []
    settings = "packs: [ransomware-precursors]"
    found = plan(ADMINISTRATORS, entry=", packs: [ransomware-precursors]", settings=settings)
    assert sigma_keys(found) == [NEW_ADMINISTRATOR]


REGISTRY = """\
title: A Run Key
level: high
logsource: {product: windows, category: registry_set}
detection: {selection: {TargetObject|contains: '\\Run\\'}, condition: selection}
"""


def test_rule_on_the_registry_fires_once_the_advice_is_followed(plan: Plan) -> None:
    (covered,) = (
        each for each in coverage(plan(REGISTRY).regions[0]).events if each.key == "sigma-a-run-key"
    )
    assert covered.never_rings == (
        "its records need an audit entry (SACL), which the audit policy sets on watched paths only: "
        "name what it is about in watched_paths, and enable an event that watches it, such as "
        "registry-value-changed"
    )
    settings = (
        r"watched_paths: ['\REGISTRY\MACHINE\SOFTWARE\Run']"
        "\n                events: {registry-value-changed: {enabled: true}}"
    )
    assert coverage(plan(REGISTRY, settings=settings).regions[0]).is_complete


def test_missing_extra_is_named_with_the_command_that_installs_it(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sigma", "sigma.collection"):
        monkeypatch.setitem(sys.modules, name, None)
    (problem,) = refused(plan, ADMINISTRATORS)
    assert 'pip install "windows-security-monitoring[sigma]"' in problem
