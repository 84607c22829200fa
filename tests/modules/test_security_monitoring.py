"""The whole procedure for one account and region."""

import json
import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest

from catalog import EVENTS, Provider, Severity
from deployment import Account, Deployment, RegionPlan, resolve
from deployment.resources.alarms import Combination
from deployment.settings.account_alarms import Suppressor
from modules import (
    CompositeAlarm,
    EncryptionKey,
    EventLogGroup,
    ExistingBucket,
    ExistingLogGroup,
    ExistingTopic,
    SecurityMonitoring,
)
from tests.modules.synthesis import (
    NOTIFIED,
    Synthesized,
    event_alarms,
    monitored_region,
    new_stack,
    policy,
    synthesized,
)

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm  # isort: skip

LOCKED = {"events": {"user-account-locked-out": {"enabled": True}}, "packs": []}


def monitoring(region: RegionPlan, **existing: Any) -> Synthesized:
    stack = new_stack()
    SecurityMonitoring(stack, "monitoring", region=region, **existing)
    return synthesized(stack)


SEPARATE: dict[str, Any] = {"layout": "separate"}
#: The steps as they were published.
PUBLISHED: dict[str, Any] = {"associations": SEPARATE, "agent_configuration": {"mode": "replace"}}


def ordered_content(written: Synthesized) -> Any:
    (document,) = (d for d in written.all_of("aws_ssm_document") if d["name"].endswith("-watch-servers"))
    return json.loads(document["content"].replace("$${", "${").replace("%%{", "%{"))


def test_a_server_is_watched_by_the_ordered_steps_of_one_document() -> None:
    written = monitoring(monitored_region())
    assert [step["name"] for step in ordered_content(written)["mainSteps"]] == [
        "repairAgent",
        "installAgent",
        "configureAgent",
        "applyAuditPolicy",
        "proveAgent",
    ]
    assert len(written.all_of("aws_ssm_association")) == 2


def test_a_step_that_is_switched_off_is_not_in_the_ordered_document() -> None:
    off = {"install_agent": {"enabled": False}, "apply_audit_policy": {"enabled": False}}
    steps = ordered_content(monitoring(monitored_region(associations=off)))["mainSteps"]
    assert [step["name"] for step in steps] == ["configureAgent", "proveAgent"]


def test_the_ordered_document_runs_after_all_that_it_names_exists() -> None:
    written = monitoring(monitored_region(packs=["article"]))
    (association,) = (
        a for a in written.all_of("aws_ssm_association") if "-watch-servers-" in a["association_name"]
    )
    kinds = ("aws_cloudwatch_log_group", "aws_cloudwatch_log_metric_filter", "aws_ssm_parameter")
    needed = {f"{kind}.{logical_id}" for kind in kinds for logical_id in written.resources(kind)}
    assert needed <= set(association["depends_on"])


def test_another_audit_policy_version_or_configuration_runs_the_ordered_document_again() -> None:
    def run(**settings: Any) -> tuple[str, str]:
        written = monitoring(monitored_region(**settings))
        (found,) = (
            a for a in written.all_of("aws_ssm_association") if "-watch-servers-" in a["association_name"]
        )
        return found["association_name"], str(found["parameters"])

    others = (
        {"agent_version": "1.300064.1b1344"},
        {"packs": ["baseline"]},
        {"audit_policy": {"mode": "report"}},
    )
    assert len({run(), *(run(**other) for other in others)}) == 4
    assert run() == run()


def test_old_servers_share_the_ordered_document() -> None:
    written = monitoring(monitored_region(ec2config_targets={"OS": ["Windows Server 2012 R2"]}))
    assert len(written.all_of("aws_ssm_document")) == 2
    assert sum("watch-servers" in a["association_name"] for a in written.all_of("aws_ssm_association")) == 2


def test_aws_own_document_replaces_other_configurations() -> None:
    written = monitoring(monitored_region(**PUBLISHED))
    (association,) = (
        a for a in written.all_of("aws_ssm_association") if a["name"] == "AmazonCloudWatch-ManageAgent"
    )
    assert association["parameters"]["action"] == "configure"


@pytest.mark.parametrize("mode", ["append", "remove"])
def test_the_deployments_own_document_lets_other_configurations_stay_with_separate_associations(
    mode: str,
) -> None:
    written = monitoring(monitored_region(associations=SEPARATE, agent_configuration={"mode": mode}))
    (association,) = (
        a for a in written.all_of("aws_ssm_association") if "configure-agent" in a["association_name"]
    )
    steps = {
        f"${{aws_ssm_document.{logical_id}.name}}": [
            step["name"] for step in json.loads(document["content"])["mainSteps"]
        ]
        for logical_id, document in written.resources("aws_ssm_document").items()
    }
    expected = ["configureAgent", "proveAgent"] if mode == "append" else ["removeConfiguration"]
    assert steps[association["name"]] == expected
    assert association["parameters"].keys() == {"agentConfiguration", "configurationHash"}


def test_every_step_of_the_manual_procedure_is_there() -> None:
    written = monitoring(monitored_region(packs=["article"], **PUBLISHED))
    assert {a["name"] for a in written.all_of("aws_ssm_association")} == {
        "AWS-UpdateSSMAgent",
        "AWS-ConfigureAWSPackage",
        "AmazonCloudWatch-ManageAgent",
        "${" + f"aws_ssm_document.{next(iter(written.resources('aws_ssm_document')))}.name" + "}",
    }
    assert len(written.all_of("aws_cloudwatch_log_metric_filter")) == 10
    assert len(event_alarms(written)) == 9
    for resource_type in ("aws_iam_instance_profile", "aws_ssm_parameter", "aws_cloudwatch_log_group"):
        assert written.one(resource_type)


def test_old_servers_get_ec2config_and_all_that_the_others_get() -> None:
    old_servers = {"OS": ["Windows Server 2012 R2"]}
    new = monitoring(monitored_region(**PUBLISHED)).resources("aws_ssm_association")
    both = monitoring(monitored_region(ec2config_targets=old_servers, **PUBLISHED)).resources(
        "aws_ssm_association"
    )
    assert new.items() <= both.items()
    old = [association for logical_id, association in both.items() if logical_id not in new]
    assert all(a["targets"] == [{"key": "tag:OS", "values": ["Windows Server 2012 R2"]}] for a in old)
    assert sorted(re.sub("-[0-9a-f]{8}$", "", a["association_name"]) for a in old) == [
        "windows-security-apply-audit-policy-ec2config",
        "windows-security-configure-agent-ec2config",
        "windows-security-install-agent-ec2config",
        "windows-security-update-ec2config",
    ]
    for association in old:
        if association["name"] != "AWS-UpdateEC2Config":
            (like,) = (a for a in new.values() if a["name"] == association["name"])
            given, usual = (each.get("parameters") or {} for each in (association, like))
            differing = {name for name in usual if given[name] != usual[name]}
            assert differing <= {"version", "optionalConfigurationLocation"}
            apart = ("targets", "association_name", "output_location", "parameters", "//")
            assert {k: v for k, v in association.items() if k not in apart} == {
                k: v for k, v in like.items() if k not in apart
            }


def test_the_agent_is_configured_after_the_log_groups_and_the_filters_exist() -> None:
    written = monitoring(monitored_region(packs=["article"], **PUBLISHED))
    (association,) = (
        a for a in written.all_of("aws_ssm_association") if a["name"] == "AmazonCloudWatch-ManageAgent"
    )
    needed = [
        f"{kind}.{logical_id}"
        for kind in ("aws_cloudwatch_log_group", "aws_cloudwatch_log_metric_filter")
        for logical_id in written.resources(kind)
    ]
    assert sorted(association["depends_on"]) == sorted(needed)


def test_the_agent_writes_to_the_log_groups_that_the_filters_read() -> None:
    written = monitoring(monitored_region(log_group_prefix="/windows/", packs=["article"]))
    configuration = json.loads(written.one("aws_ssm_parameter")["value"])
    collected = configuration["logs"]["logs_collected"]["windows_events"]["collect_list"]
    assert {entry["log_group_name"] for entry in collected} == {"/windows/Security"}
    assert written.one("aws_cloudwatch_log_group")["name"] == "/windows/Security"


def test_what_the_log_groups_were_called_is_kept_to_refuse_another_prefix() -> None:
    written = monitoring(monitored_region(log_group_prefix="windows/", packs=["article"]))
    kept = next(each for each in written.all_of("terraform_data") if "prefix" in each.get("input", {}))
    assert kept["input"]["prefix"] == "windows/"
    assert kept["lifecycle"]["ignore_changes"] == ["input"]
    (condition,) = kept["lifecycle"]["postcondition"]
    assert condition["condition"] == '${self.input.prefix == "windows/"}'
    groups = {f"aws_cloudwatch_log_group.{name}" for name in written.resources("aws_cloudwatch_log_group")}
    assert set(kept["depends_on"]) == groups
    assert groups < set(condition["error_message"].split())


def test_log_groups_that_exist_already_need_no_such_guard() -> None:
    written = monitoring(monitored_region(**LOCKED, existing_log_groups={"Security": "logs-of-security"}))
    assert not [each for each in written.all_of("terraform_data") if "prefix" in each.get("input", {})]


def test_levels_collect_both_channels_of_the_wizard() -> None:
    written = monitoring(monitored_region(collection="levels", packs=["article"]))
    assert {group["name"] for group in written.all_of("aws_cloudwatch_log_group")} == {"System", "Security"}


def test_every_alarm_notifies_the_topic_of_its_severity() -> None:
    written = monitoring(monitored_region(packs=["article"]))
    topics = {
        arguments["name"]: f"${{aws_sns_topic.{logical_id}.arn}}"
        for logical_id, arguments in written.resources("aws_sns_topic").items()
    }
    for alarm in event_alarms(written):
        assert alarm["alarm_actions"] == [topics[f"windows-security-{alarm['tags']['Severity']}"]]


def test_one_topic_can_serve_all_severities() -> None:
    written = monitoring(monitored_region(notifications=NOTIFIED | {"topics": "single"}))
    assert written.one("aws_sns_topic")["name"] == "windows-security-alarms"
    assert len({str(a["alarm_actions"]) for a in written.all_of("aws_cloudwatch_metric_alarm")}) == 1


def test_an_event_can_call_something_else_than_its_topic() -> None:
    arn = "arn:aws:sns:ap-northeast-1:111111111111:pager"
    override = {"events": {"user-account-locked-out": {"enabled": True, "actions": [arn]}}, "packs": []}
    (alarm,) = event_alarms(monitoring(monitored_region(**override)))
    assert alarm["alarm_actions"] == [arn]


def test_a_function_of_the_account_may_be_called_by_its_alarms() -> None:
    own = "arn:aws:lambda:ap-northeast-1:111111111111:function:page"
    theirs = "arn:aws:lambda:ap-northeast-1:222222222222:function:page"
    slow = {"threshold": 900, "actions": [f"{own}:live", own]}
    override = {"enabled": True, "actions": [own, theirs], "variants": {"slow": slow}}
    written = monitoring(monitored_region(events={"user-account-locked-out": override}, packs=[]))
    permissions = written.all_of("aws_lambda_permission")
    called = [(each["function_name"], each.get("qualifier")) for each in permissions]
    assert sorted(called, key=str) == [(own, "live"), (own, None)]
    for permission in permissions:
        assert permission["principal"] == "lambda.alarms.cloudwatch.amazonaws.com"
        assert permission["source_account"] == "111111111111"
        assert permission["source_arn"] == "arn:aws:cloudwatch:ap-northeast-1:111111111111:alarm:*"


def test_an_existing_topic_of_two_severities_is_subscribed_to_once() -> None:
    pager = "arn:aws:sns:ap-northeast-1:111111111111:pager"
    settings = {
        "packs": [],
        "events": {
            "user-account-created": {"enabled": True, "severity": "low"},
            "user-account-deleted": {"enabled": True, "severity": "high"},
        },
    }
    shared, alone = (
        monitoring(monitored_region(**settings, notifications=NOTIFIED | {"existing_topics": topics}))
        for topics in ({"low": pager, "high": pager}, {"low": pager})
    )
    subscription = shared.one("aws_sns_topic_subscription")
    assert subscription["topic_arn"] == pager
    assert {str(alarm["alarm_actions"]) for alarm in event_alarms(shared)} == {str([pager])}
    # Another severity on the same topic leaves the subscription where it was.
    assert shared.resources("aws_sns_topic_subscription").keys() < (
        alone.resources("aws_sns_topic_subscription").keys()
    )


def test_the_subscriptions_of_an_existing_topic_stay_when_it_serves_another_severity() -> None:
    pager = "arn:aws:sns:ap-northeast-1:111111111111:pager"
    notifications = NOTIFIED | {"existing_topics": {"informational": pager, "low": pager}}

    def subscriptions(severity: str) -> set[str]:
        events = {
            "user-account-created": {"enabled": True, "severity": "low"},
            "user-account-deleted": {"enabled": True, "severity": severity},
        }
        settings: Any = {"packs": [], "silence_alarm": {"enabled": False}, "notifications": notifications}
        return set(
            monitoring(monitored_region(**settings, events=events)).resources("aws_sns_topic_subscription")
        )

    assert len(subscriptions("low")) == 1
    assert subscriptions("informational") == subscriptions("low")


#: Settings with which a stack creates each kind of role.
EVERY_ROLE: Any = {
    "configuration_admin_role": True,
    "engine": "log",
    "central": {"event_bus": "arn:aws:events:ap-northeast-1:222222222222:event-bus/security"},
    "log_alarms": {"log_lines": 3},
}


def test_what_exists_already_is_used_and_not_made() -> None:
    written = monitoring(
        monitored_region(**LOCKED, server_role={"existing": "business-server"}),
        log_groups={"Security": ExistingLogGroup("Existing", "arn:aws:logs:::log-group:Existing")},
        topics={Severity.MEDIUM: ExistingTopic("arn:aws:sns:ap-northeast-1:111111111111:pager")},
        output_bucket=ExistingBucket("output", "arn:aws:s3:::output"),
    )
    for resource_type in ("aws_cloudwatch_log_group", "aws_s3_bucket", "aws_iam_role"):
        assert written.all_of(resource_type) == []
    (alarm,) = event_alarms(written)
    assert alarm["alarm_actions"] == ["arn:aws:sns:ap-northeast-1:111111111111:pager"]
    configuration = json.loads(written.one("aws_ssm_parameter")["value"])
    (entry,) = configuration["logs"]["logs_collected"]["windows_events"]["collect_list"]
    assert entry["log_group_name"] == "Existing"


def test_the_output_bucket_can_be_left_out() -> None:
    written = monitoring(monitored_region(output_bucket="none"))
    assert written.all_of("aws_s3_bucket") == []
    assert all("output_location" not in a for a in written.all_of("aws_ssm_association"))


def test_names_keep_two_accounts_and_two_regions_apart() -> None:
    tokyo = monitoring(monitored_region())
    virginia = monitoring(monitored_region(regions=["us-east-1"]))
    for resource_type, name in [
        ("aws_iam_role", "name"),
        ("aws_iam_instance_profile", "name"),
        ("aws_s3_bucket", "bucket"),
        ("aws_cloudwatch_metric_alarm", "alarm_name"),
    ]:
        here = {arguments[name] for arguments in tokyo.all_of(resource_type)}
        there = {arguments[name] for arguments in virginia.all_of(resource_type)}
        assert here.isdisjoint(there), resource_type
    assert all("111111111111" in a["alarm_name"] for a in tokyo.all_of("aws_cloudwatch_metric_alarm"))


def test_a_second_instance_that_would_count_the_same_records_is_refused() -> None:
    stack = new_stack()
    SecurityMonitoring(stack, "first", region=monitored_region())
    with pytest.raises(
        ValueError, match="another SecurityMonitoring in this stack has the same log group Security"
    ):
        SecurityMonitoring(stack, "second", region=monitored_region())


def test_an_alarm_that_would_notify_nobody_is_refused_even_where_no_deployment_file_was_checked() -> None:
    from dataclasses import replace

    region = replace(monitored_region(**LOCKED), topics=())
    with pytest.raises(ValueError, match="user-account-locked-out, silence_alarm would notify nobody"):
        monitoring(region)


def test_created_roles_have_no_path_and_no_boundary_unless_asked_for() -> None:
    written = monitoring(monitored_region(**EVERY_ROLE))
    for resource_type in ("aws_iam_role", "aws_iam_instance_profile"):
        for arguments in written.all_of(resource_type):
            assert not {"path", "permissions_boundary"} & arguments.keys()


def test_path_and_permissions_boundary_reach_every_created_role() -> None:
    chosen = {"path": "/security/", "permissions_boundary": "teams/boundary"}
    written = monitoring(monitored_region(**EVERY_ROLE, created_roles=chosen))
    roles = written.all_of("aws_iam_role")
    assert len(roles) == 5
    assert {(role["path"], role["permissions_boundary"]) for role in roles} == {
        ("/security/", "arn:aws:iam::111111111111:policy/teams/boundary")
    }
    assert {profile["path"] for profile in written.all_of("aws_iam_instance_profile")} == {"/security/"}


def test_the_role_of_a_configuration_admin_is_made_where_it_is_asked_for() -> None:
    assert len(monitoring(monitored_region()).all_of("aws_iam_role")) == 1
    assert len(monitoring(monitored_region(configuration_admin_role=True)).all_of("aws_iam_role")) == 2


def test_everything_that_is_kept_or_sent_is_encrypted_with_the_accounts_own_key() -> None:
    written = monitoring(monitored_region(packs=["article"]))
    (key,) = written.resources("aws_kms_key")
    arn = f"${{aws_kms_key.{key}.arn}}"
    assert written.one("aws_cloudwatch_log_group")["kms_key_id"] == arn
    assert all(topic["kms_master_key_id"] == arn for topic in written.all_of("aws_sns_topic"))
    assert written.one("aws_ssm_parameter")["key_id"] == arn
    (rule,) = written.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"]["kms_master_key_id"] == arn


def test_the_servers_may_use_the_key_of_what_they_read_and_write() -> None:
    written = monitoring(monitored_region())
    statements = {s["Sid"]: s for s in policy(written.one("aws_iam_role_policy")["policy"])}
    assert statements["UseEncryptionKey"]["Resource"].startswith("${aws_kms_key.")


def test_without_encryption_there_is_no_key() -> None:
    written = monitoring(monitored_region(encryption="none"))
    assert written.all_of("aws_kms_key") == []
    assert "kms_key_id" not in written.all_of("aws_cloudwatch_log_group")[0]
    assert written.one("aws_ssm_parameter")["key_id"] == "alias/aws/ssm"


@pytest.mark.parametrize("protected", [True, False])
def test_deletion_protection_keeps_the_log_groups_and_their_key(protected: bool) -> None:
    written = monitoring(monitored_region(packs=["article"], deletion_protection=protected))
    for kind in ("aws_cloudwatch_log_group", "aws_kms_key"):
        assert written.one(kind).get("lifecycle", {}).get("prevent_destroy", False) is protected


def test_an_adopted_log_group_is_protected_as_well() -> None:
    adopted = {"log_groups": ["Security"]}
    written = monitoring(monitored_region(packs=["article"], adopt=adopted, deletion_protection=True))
    lifecycle = written.one("aws_cloudwatch_log_group")["lifecycle"]
    assert lifecycle["prevent_destroy"] is True
    assert "retention_in_days" in lifecycle["ignore_changes"]


def test_a_key_that_exists_already_is_used_and_not_made() -> None:
    arn = "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555"
    written = monitoring(monitored_region(encryption={"key": arn}))
    assert written.all_of("aws_kms_key") == []
    assert {topic["kms_master_key_id"] for topic in written.all_of("aws_sns_topic")} == {arn}


def test_a_log_that_falls_silent_rings_and_missing_data_are_the_silence() -> None:
    written = monitoring(monitored_region(silence_alarm={"period": 7200}))
    (alarm,) = (a for a in written.all_of("aws_cloudwatch_metric_alarm") if a["namespace"] == "AWS/Logs")
    (group,) = (
        k for k, g in written.resources("aws_cloudwatch_log_group").items() if g["name"] == "Security"
    )
    expected = {
        "metric_name": "IncomingLogEvents",
        "dimensions": {"LogGroupName": f"${{aws_cloudwatch_log_group.{group}.name}}"},
        "comparison_operator": "LessThanThreshold",
        "threshold": 1,
        "period": 7200,
        "treat_missing_data": "breaching",
    }
    assert {name: alarm[name] for name in expected} == expected
    assert alarm["alarm_actions"] == alarm["ok_actions"] != []


def test_where_the_security_log_is_not_collected_the_silence_of_another_one_rings() -> None:
    written = monitoring(monitored_region(packs=[], events={"service-installed": {"enabled": True}}))
    (alarm,) = (a for a in written.all_of("aws_cloudwatch_metric_alarm") if a["namespace"] == "AWS/Logs")
    assert alarm["alarm_name"].endswith("-silent-system")
    assert alarm["alarm_description"].startswith("No event of the System log has arrived")


def test_the_silence_alarm_can_be_left_out() -> None:
    written = monitoring(monitored_region(silence_alarm={"enabled": False}))
    assert event_alarms(written) == written.all_of("aws_cloudwatch_metric_alarm")


def test_a_composite_alarm_refers_to_its_children_as_resources_so_that_it_is_destroyed_first() -> None:
    composite = {
        "title": "Guessing that locked somebody out",
        "all_of": ["logon-failed-network", "user-account-locked-out"],
        "suppressor": {"alarm": "maintenance", "wait_period": 60, "extension_period": 30},
    }
    written = monitoring(monitored_region(packs=["article"], composite_alarms={"guessing": composite}))
    alarm = written.one("aws_cloudwatch_composite_alarm")
    children = {a["alarm_name"]: k for k, a in written.resources("aws_cloudwatch_metric_alarm").items()}
    first, second = (
        f'ALARM("${{aws_cloudwatch_metric_alarm.{children[name]}.alarm_name}}")'
        for name in (
            "windows-security-111111111111-ap-northeast-1-logon-failed-network",
            "windows-security-111111111111-ap-northeast-1-user-account-locked-out",
        )
    )
    assert alarm["alarm_rule"] == f"{first} AND {second}"
    assert alarm["actions_suppressor"] == {"alarm": "maintenance", "wait_period": 60, "extension_period": 30}
    assert alarm["alarm_actions"] != []


def test_a_composite_alarm_is_described_and_suppressed_as_cloudwatch_takes_it() -> None:
    composite = {
        "title": "x" * 2000,
        "any_of": ["logon-failed-network"],
        "suppressor": {"alarm": "${window} %{x}"},
    }
    written = monitoring(monitored_region(packs=["article"], composite_alarms={"guessing": composite}))
    alarm = written.one("aws_cloudwatch_composite_alarm")
    assert len(alarm["alarm_description"].encode()) == 1024
    assert alarm["actions_suppressor"]["alarm"] == "$${window} %%{x}"


def test_a_composite_alarm_can_be_suppressed_by_an_alarm_of_the_stack() -> None:
    stack = new_stack()
    alarm = CloudwatchMetricAlarm(
        stack, "window", alarm_name="window", comparison_operator="LessThanThreshold", evaluation_periods=1
    )
    CompositeAlarm(
        stack,
        "composite",
        name="composite",
        combination=Combination.ANY,
        alarms=[alarm],
        description="x",
        suppressor=Suppressor(alarm=alarm.arn),
    )
    suppressor = synthesized(stack).one("aws_cloudwatch_composite_alarm")["actions_suppressor"]
    assert suppressor["alarm"] == "${aws_cloudwatch_metric_alarm.window.arn}"


def test_a_composite_alarm_that_was_taken_away_is_not_made() -> None:
    written = monitoring(monitored_region(packs=["article"], composite_alarms={"guessing": None}))
    assert written.all_of("aws_cloudwatch_composite_alarm") == []


def test_any_of_several_alarms_can_ring_a_composite_alarm() -> None:
    composite = {
        "title": "x",
        "any_of": ["logon-failed-network", "user-account-locked-out"],
        "severity": "high",
    }
    written = monitoring(monitored_region(packs=["article"], composite_alarms={"either": composite}))
    assert " OR " in written.one("aws_cloudwatch_composite_alarm")["alarm_rule"]


def test_an_alarm_tells_that_it_rests_again_where_that_is_asked_for() -> None:
    quiet = event_alarms(monitoring(monitored_region()))
    notifying = event_alarms(monitoring(monitored_region(notifications=NOTIFIED | {"ok_actions": True})))
    assert all(alarm.get("ok_actions", []) == [] for alarm in quiet)
    assert all(alarm["ok_actions"] == alarm["alarm_actions"] for alarm in notifying)


def test_the_audit_policy_is_applied_or_only_reported() -> None:
    for mode in ("apply", "report"):
        written = monitoring(monitored_region(audit_policy={"mode": mode}, **PUBLISHED))
        (association,) = (
            a for a in written.all_of("aws_ssm_association") if a["name"].startswith("${aws_ssm_document.")
        )
        assert association["parameters"] == {"mode": mode}


def test_command_lines_are_written_where_the_audit_policy_asks_for_them() -> None:
    for asked in (False, True):
        written = monitoring(monitored_region(audit_policy={"command_lines": asked}, **PUBLISHED))
        assert ("$wanted.registry_values" in written.one("aws_ssm_document")["content"]) is asked


def test_the_audit_policy_can_be_left_to_somebody_else() -> None:
    associations = SEPARATE | {"apply_audit_policy": {"enabled": False}}
    written = monitoring(monitored_region(**PUBLISHED | {"associations": associations}))
    assert written.all_of("aws_ssm_document") == []
    assert len(written.all_of("aws_ssm_association")) == 3


SLOW = {"slow": {"threshold": 100, "period": 86_400, "severity": "critical"}}


def test_a_variant_notifies_the_topic_of_its_own_severity() -> None:
    override = {"user-account-locked-out": {"enabled": True, "variants": SLOW}}
    written = monitoring(
        monitored_region(packs=[], events=override, notifications=NOTIFIED | {"ok_actions": True})
    )
    topics = {
        arguments["name"]: f"${{aws_sns_topic.{logical_id}.arn}}"
        for logical_id, arguments in written.resources("aws_sns_topic").items()
    }
    burst, slow = sorted(event_alarms(written), key=lambda each: each["alarm_name"])
    assert slow["alarm_name"].endswith("-user-account-locked-out-slow")
    assert slow["alarm_actions"] == slow["ok_actions"] == [topics["windows-security-critical"]]
    assert burst["alarm_actions"] == [topics["windows-security-medium"]]
    assert "Condition: 100 or more in 86400 seconds" in slow["alarm_description"]
    assert len(written.all_of("aws_cloudwatch_log_metric_filter")) == 1


def test_a_variant_that_would_notify_nobody_is_refused_too() -> None:
    from dataclasses import replace

    override = {"user-account-locked-out": {"enabled": True, "variants": SLOW}}
    region = monitored_region(packs=[], events=override)
    notifying = tuple(topic for topic in region.topics if Severity.CRITICAL not in topic.severities)
    with pytest.raises(ValueError, match=r"user-account-locked-out\.slow would notify nobody"):
        monitoring(replace(region, topics=notifying))


def test_no_text_of_the_settings_becomes_a_template_of_terraform() -> None:
    text = "${path.cwd} %{ if true }"
    event: Any = {
        "key": "own-event",
        "event_id": 4000,
        "title": text,
        "severity": "high",
        "runbook": text,
        "where": {"Field": text},
        "provider": {"name": f"Maker {text}", "channel": "Application"},
        "alarm": {},
    }
    settings: Any = {
        "regions": ["ap-northeast-1"],
        "notifications": NOTIFIED,
        "targets": {"OS": [text]},
        "metric_namespace": "%{ if true }",
        "watched_paths": [f"C:\\{text}"],
        "packs": ["baseline"],
        "events": {
            "user-account-locked-out": {"enabled": True, "exclude": {"TargetUserName": text}},
            "object-handle-requested": {"enabled": True},
        },
        "composite_alarms": {
            "both": {"title": text, "any_of": ["user-account-locked-out"], "suppressor": {"alarm": text}}
        },
        "central": {"oam_sink": "arn:aws:oam:ap-northeast-1:222222222222:sink/s"},
    }
    account = Account(id="111111111111", **settings)
    (region,) = resolve(Deployment(own_events=(event,), accounts={"production": account}))
    written = json.dumps(monitoring(region).json)
    assert "$${path.cwd}" in written
    templates = re.findall(r"(?<![$%])[$%]\{[^}]*\}?", written)
    ours = re.compile(r"\$\{((aws_\w+|terraform_data)\.[\w-]+\.\w+|self\.input\.prefix( == .*)?)\}")
    assert [each for each in templates if not ours.match(each)] == []


def forgotten(written: Synthesized) -> set[str]:
    """The addresses that terraform forgets, without the hashes of their paths."""
    blocks = written.json.get("removed", [])
    assert all(block["lifecycle"] == [{"destroy": False}] for block in blocks)
    return {block["from"].rpartition("_")[0] for block in blocks}


def log_groups_of_other_channels(*made: str, construct: str = "monitoring") -> set[str]:
    """The addresses of the log groups of Security and System but for those that are made."""
    names = {"Security", "System"} - set(made)
    return {f"aws_cloudwatch_log_group.{construct}_log-group-{name}_log-group" for name in names}


def test_a_stack_with_security_and_system_forgets_nothing_so_that_checkov_can_read_it() -> None:
    assert "removed" not in monitoring(monitored_region(packs=["baseline"])).json


def address(written: Synthesized, resource_type: str) -> set[str]:
    return {f"{resource_type}.{name}".rpartition("_")[0] for name in written.resources(resource_type)}


def test_what_events_of_the_past_need_is_left_alone_under_the_address_that_it_was_made_at() -> None:
    settings = {"packs": [], "encryption": {"customer_managed": True}}
    both = {"event-log-cleared": {"enabled": True}, "user-account-deleted": {"enabled": True}}
    before = monitoring(monitored_region(**settings, events=both))
    after = monitoring(
        monitored_region(
            **settings | {"encryption": "none"},
            events={"user-account-deleted": {"enabled": True}},
            existing_log_groups={"Security": "Security"},
        )
    )

    others = log_groups_of_other_channels("Security", "System")
    assert forgotten(before) == others
    log_groups, key = address(before, "aws_cloudwatch_log_group"), address(before, "aws_kms_key")
    assert forgotten(after) == others | log_groups | key | {
        "terraform_data.monitoring_log-group-names_prefix"
    }


def test_the_log_group_of_an_own_event_that_is_switched_off_is_left_alone_and_can_be_read() -> None:
    setup = Provider("Microsoft-Windows-Servicing", channel="Setup")
    event = replace(
        next(each for each in EVENTS if each.key == "windows-started"),
        key="update-installed",
        event_id=2,
        provider=setup,
        audit=None,
        packs=(),
    )
    account: Any = {
        "id": "111111111111",
        "regions": ["ap-northeast-1"],
        "notifications": NOTIFIED,
        "packs": [],
    }

    def written(**settings: Any) -> Synthesized:
        deployment = Deployment(own_events=(event,), accounts={"production": Account(**account | settings)})
        (region,) = resolve(deployment)
        return monitoring(region)

    def read_by_the_key(each: Synthesized) -> str:
        return next(
            str(s["Condition"]) for s in policy(each.one("aws_kms_key")["policy"]) if s["Sid"] == "LogGroups"
        )

    deleted = {"user-account-deleted": {"enabled": True}}
    on, off = written(events=deleted), written(events=deleted | {"update-installed": {"enabled": False}})

    assert len(on.resources("aws_cloudwatch_log_group")) == 2
    assert len(off.resources("aws_cloudwatch_log_group")) == 1
    assert forgotten(on) == log_groups_of_other_channels("Security")
    assert forgotten(off) - forgotten(on) == {"aws_cloudwatch_log_group.monitoring_log-group-Setup_log-group"}
    assert read_by_the_key(on) == read_by_the_key(off)


def test_what_is_handed_in_takes_the_place_of_what_is_left_alone() -> None:
    stack = new_stack()
    key = EncryptionKey(stack, "key", alias="theirs", account_id="111111111111", region="ap-northeast-1")
    SecurityMonitoring(
        stack,
        "monitoring",
        region=monitored_region(**LOCKED),
        log_groups={"Security": EventLogGroup(stack, "theirs", name="theirs")},
        encryption_key=key,
    )

    assert forgotten(synthesized(stack)) == log_groups_of_other_channels() | {
        "aws_kms_key.monitoring_encryption-key",
        "terraform_data.monitoring_log-group-names_prefix",
    }


def test_two_instances_in_a_stack_each_leave_alone_what_was_theirs() -> None:
    stack = new_stack()
    settings: Any = LOCKED | {
        "regions": ["ap-northeast-1"],
        "notifications": NOTIFIED,
        "metric_namespace": "Second",
    }
    account = Account(id="111111111111", log_group_prefix="second-", **settings)
    (second,) = resolve(Deployment(name="second", accounts={"production": account}))
    SecurityMonitoring(stack, "first", region=monitored_region(**LOCKED))
    SecurityMonitoring(stack, "second", region=second)

    first, second_construct = (
        log_groups_of_other_channels("Security", construct=construct) for construct in ("first", "second")
    )
    assert forgotten(synthesized(stack)) == first | second_construct


def test_the_key_still_opens_the_log_groups_that_are_left_alone_and_those_of_a_former_prefix() -> None:
    written = monitoring(
        monitored_region(packs=[], events={"user-account-deleted": {"enabled": True}}, log_group_prefix="w-")
    )

    (statement,) = [
        each for each in policy(written.one("aws_kms_key")["policy"]) if each["Sid"] == "LogGroups"
    ]
    patterns = statement["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    groups = "arn:aws:logs:ap-northeast-1:111111111111:log-group:"
    for name in ("w-Security", "w-System", "former/Security"):
        assert any(fnmatchcase(f"{groups}{name}", pattern) for pattern in patterns)
    for other in (f"{groups}other", f"{groups}Security-other", f"{groups[:-1]}s:Security"):
        assert not any(fnmatchcase(other, pattern) for pattern in patterns)


def test_an_adopted_log_group_is_not_given_a_key_that_goes_before_it() -> None:
    adopted = {"adopt": {"log_groups": ["Security"]}, **LOCKED}
    key = "arn:aws:kms:ap-northeast-1:111111111111:key/theirs"

    own = monitoring(monitored_region(**adopted)).one("aws_cloudwatch_log_group")
    theirs = monitoring(monitored_region(**adopted, encryption={"key": key})).one("aws_cloudwatch_log_group")

    assert "kms_key_id" not in own
    assert theirs["kms_key_id"] == key


def test_agents_and_dashboard_are_told_the_name_of_a_log_group_that_is_handed_in() -> None:
    stack = new_stack()
    SecurityMonitoring(
        stack,
        "monitoring",
        region=monitored_region(**LOCKED),
        log_groups={"Security": EventLogGroup(stack, "theirs", name="/team/Security")},
    )

    written = synthesized(stack)
    assert '"log_group_name":"/team/Security"' in written.one("aws_ssm_parameter")["value"]
    assert "'/team/Security'" in written.one("aws_cloudwatch_dashboard")["dashboard_body"]
