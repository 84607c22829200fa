"""Every type of resource that a deployment synthesizes has a spec, a construct and a check over the spec.

A new type of resource fails here first. It needs a line in ``RESOURCES``, a spec in ``deployment/resources``,
a construct in ``modules`` and a check in ``verify/checks``.
"""

import ast
import importlib
import json
import re
from dataclasses import dataclass, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import modules  # noqa: F401  (before anything imports cdktf: the start is quick then)
from deployment import S3Backend, load, resolve
from modules import AccountStack, StateStack
from tests.modules.synthesis import Synthesized, new_app, synthesized
from verify.stack import KINDS

REPOSITORY = Path(__file__).parents[3]
EVERYTHING = REPOSITORY / "tests" / "compatibility" / "everything.yaml"


@dataclass(frozen=True)
class Stated:
    """Where one type of resource is stated: all in the same three files.

    Args:
        spec: The spec, as ``<module>.<class>`` below ``deployment.resources``.
        construct: The module that makes it, below ``modules``.
        check: The kind of check in ``verify.stack.KINDS``.
        checks: The module of the check, below ``verify.checks``.
    """

    spec: str
    construct: str
    check: str
    checks: str


_ROLE = Stated("roles.RoleSpec", "servers.instance_role", "role", "roles")
_KEY = Stated("encryption_key.KeySpec", "encryption.encryption_key", "encryption key", "encryption_key")
_TOPIC = Stated("topics.TopicSpec", "notifications.alarm_topic", "topic", "topics")
_RULE = Stated(
    "security_account.EventRuleSpec",
    "security_account.alarm_event_forwarding",
    "event rule",
    "security_account",
)
_BUCKET = Stated("buckets.BucketSpec", "state.private_bucket", "bucket", "buckets")
_CHAT = Stated("chat.ChatChannelSpec", "notifications.chat_channel", "chat channel", "chat")
RESOURCES = {
    "aws_chatbot_slack_channel_configuration": _CHAT,
    "aws_chatbot_teams_channel_configuration": _CHAT,
    # A CloudFormation stack holds a log alarm or a mute rule.
    "aws_cloudformation_stack": Stated("log_alarms.LogAlarmSpec", "alarms.log_alarm", "alarm", "alarms"),
    "aws_cloudformation_stack/AWS::CloudWatch::AlarmMuteRule": Stated(
        "mute_rules.MuteRuleSpec", "alarms.mute_rule", "mute rule", "mute_rules"
    ),
    "aws_cloudwatch_composite_alarm": Stated(
        "alarms.CompositeAlarmSpec", "alarms.composite_alarm", "alarm", "alarms"
    ),
    "aws_cloudwatch_dashboard": Stated(
        "dashboard.DashboardSpec", "alarms.dashboard", "dashboard", "dashboards_and_queries"
    ),
    "aws_cloudwatch_event_rule": _RULE,
    "aws_cloudwatch_event_target": _RULE,
    "aws_cloudwatch_log_group": Stated(
        "log_groups.LogGroupSpec", "logs.event_log_group", "log group", "log_groups"
    ),
    "aws_cloudwatch_log_metric_filter": Stated(
        "metric_filters.MetricFilterSpec", "alarms.event_alarm", "metric filter", "metric_filters"
    ),
    "aws_cloudwatch_log_subscription_filter": Stated(
        "security_account.SubscriptionFilterSpec",
        "security_account.log_forwarding",
        "subscription filter",
        "security_account",
    ),
    "aws_cloudwatch_metric_alarm": Stated("alarms.MetricAlarmSpec", "alarms.metric_alarm", "alarm", "alarms"),
    "aws_cloudwatch_query_definition": Stated(
        "saved_queries.SavedQuerySpec", "alarms.saved_query", "saved query", "dashboards_and_queries"
    ),
    "aws_iam_instance_profile": _ROLE,
    "aws_iam_role": _ROLE,
    "aws_iam_role_policy": _ROLE,
    "aws_iam_role_policy_attachment": _ROLE,
    "aws_kms_alias": _KEY,
    "aws_kms_key": _KEY,
    "aws_lambda_permission": Stated(
        "topics.FunctionPermissionSpec", "notifications.function_permission", "function", "functions"
    ),
    "aws_oam_link": Stated(
        "security_account.LinkSpec", "security_account.observability_link", "link", "security_account"
    ),
    **dict.fromkeys(
        (
            "aws_s3_bucket",
            "aws_s3_bucket_ownership_controls",
            "aws_s3_bucket_policy",
            "aws_s3_bucket_public_access_block",
            "aws_s3_bucket_server_side_encryption_configuration",
            "aws_s3_bucket_versioning",
        ),
        _BUCKET,
    ),
    "aws_sns_topic": _TOPIC,
    "aws_sns_topic_policy": _TOPIC,
    "aws_sns_topic_subscription": _TOPIC,
    "aws_ssm_association": Stated(
        "associations.AssociationSpec", "servers.associations", "association", "associations"
    ),
    "aws_ssm_document": Stated(
        "documents.DocumentSpec", "servers.command_document", "audit policy", "audit_policy"
    ),
    "aws_ssm_parameter": Stated(
        "agent_configuration.ParameterSpec",
        "servers.agent_configuration_parameter",
        "agent configuration",
        "agent_configuration",
    ),
}
#: Types without a check, each with its reason.
UNCHECKED = {
    "terraform_data": "exists in terraform's state only",
    "aws_s3_bucket_lifecycle_configuration": "only decides when old output and old states are deleted",
}


@cache
def synthesized_stacks() -> tuple[Synthesized, ...]:
    app = new_app()
    stacks: list[AccountStack | StateStack] = []
    for region in resolve(load(EVERYTHING)):
        stacks.append(AccountStack(app, region))
        if isinstance(region.state, S3Backend) and region.state.create_bucket:
            name = f"{region.stack_name}-state"
            stacks.append(StateStack(app, name, region=region, backend=region.state))
    return tuple(map(synthesized, stacks))


def synthesized_types() -> frozenset[str]:
    return frozenset(kind for stack in synthesized_stacks() for kind in stack.json["resource"])


def imports(module: str) -> set[str]:
    """What a module of the project imports, as ``module`` and ``module.name``."""
    source = (REPOSITORY / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    named = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return {f"{node.module}.{alias.name}" for node in named for alias in node.names} | {
        str(node.module) for node in named
    }


def test_every_synthesized_type_is_stated_or_has_a_reason() -> None:
    stated = {kind.partition("/")[0] for kind in RESOURCES}
    assert synthesized_types() == stated | UNCHECKED.keys()


def test_every_type_in_a_cloudformation_stack_is_stated() -> None:
    types = {
        resource["Type"]
        for stack in synthesized_stacks()
        for held in stack.all_of("aws_cloudformation_stack")
        for resource in json.loads(held["template_body"])["Resources"].values()
    }
    stated = {kind.partition("/")[2] for kind in RESOURCES if "/" in kind}
    assert types == stated | {"AWS::CloudWatch::LogAlarm"}


def test_the_documentation_says_what_is_proved_of_every_synthesized_type() -> None:
    page = (REPOSITORY / "docs" / "how-to" / "verify.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `((?:aws|terraform)_\w+)` \| (.+?) \|", page, re.MULTILINE)

    assert [kind for kind, _ in rows] == sorted(synthesized_types())
    assert {kind for kind, proved in rows if proved.startswith("nothing")} == UNCHECKED.keys()


@pytest.mark.parametrize("kind", RESOURCES)
def test_the_spec_is_frozen_data(kind: str) -> None:
    module, name = RESOURCES[kind].spec.split(".")
    spec: Any = getattr(importlib.import_module(f"deployment.resources.{module}"), name)
    assert is_dataclass(spec)
    parameters: Any = vars(spec)["__dataclass_params__"]
    assert parameters.frozen


@pytest.mark.parametrize("kind", RESOURCES)
def test_the_construct_makes_the_resource_from_the_module_of_the_spec(kind: str) -> None:
    stated = RESOURCES[kind]
    imported = imports(f"modules.{stated.construct}")
    assert f"cdktf_cdktf_provider_aws.{kind.partition('/')[0].removeprefix('aws_')}" in imported
    if kind != "aws_cloudwatch_log_group":  # one of a user's own stack takes plain arguments only
        assert f"deployment.resources.{stated.spec.split('.')[0]}" in imported


@pytest.mark.parametrize("kind", RESOURCES)
def test_the_check_compares_with_the_module_of_the_spec(kind: str) -> None:
    stated = RESOURCES[kind]
    assert stated.check in KINDS
    assert KINDS[stated.check].__module__ == f"verify.checks.{stated.checks}"
    assert f"deployment.resources.{stated.spec.split('.')[0]}" in imports(f"verify.checks.{stated.checks}")
