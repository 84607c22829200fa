"""What each role may do, and only where a deployment needs it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from deployment import RegionPlan, load, resolve
from deployment.permissions import PermissionRole
from deployment.permissions.grants import Grant
from deployment.permissions.resource_types import RESOURCE_TYPES
from deployment.permissions.roles import grants
from tests.deployment.resources.test_completeness import EVERYTHING, synthesized_types
from tests.iam_calls import CALLED_ACTIONS
from tests.modules.synthesis import NOTIFIED, monitored_region

HERE = "ap-northeast-1:111111111111"


#: What who deploys may call, and no recording has, with the reason.
NEVER_CALLED = {
    **dict.fromkeys(
        (
            *("cloudformation:UntagResource", "cloudwatch:UntagResource", "events:UntagResource"),
            *("iam:UntagInstanceProfile", "iam:UntagRole", "kms:UntagResource", "logs:UntagResource"),
            *("oam:UntagResource", "sns:UntagResource", "ssm:RemoveTagsFromResource"),
        ),
        "takes a tag away that the deployment no longer has",
    ),
    **dict.fromkeys(
        (
            *("iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"),
            *("kms:UpdateAlias", "kms:UpdateKeyDescription"),
        ),
        "another version of this project has another text",
    ),
    **dict.fromkeys(("cloudwatch:Link", "logs:Link"), "no call: oam:CreateLink needs it for what is linked"),
    **dict.fromkeys(
        (
            *("chatbot:CreateMicrosoftTeamsChannelConfiguration", "chatbot:CreateSlackChannelConfiguration"),
            *("chatbot:DeleteMicrosoftTeamsChannelConfiguration", "chatbot:DeleteSlackChannelConfiguration"),
            *("chatbot:DescribeSlackChannelConfigurations", "chatbot:TagResource", "chatbot:UntagResource"),
            *("chatbot:ListMicrosoftTeamsChannelConfigurations", "chatbot:UpdateSlackChannelConfiguration"),
            "chatbot:UpdateMicrosoftTeamsChannelConfiguration",
        ),
        "chat channels came after the recording",
    ),
    "cloudformation:DescribeStackEvents": "says why a stack of a log alarm was refused",
    "cloudwatch:DeleteAlarmMuteRule": "CloudFormation calls it",
    "cloudwatch:GetAlarmMuteRule": "CloudFormation calls it",
    "cloudwatch:PutAlarmMuteRule": "CloudFormation calls it",
    "iam:CreateServiceLinkedRole": "AWS calls it for the first chat channel, or action of Systems Manager",
    "iam:PutRolePermissionsBoundary": "another permissions boundary",
    "kms:GenerateDataKey": "a configuration over 4 KiB, or a state with a key of its own",
    "kms:PutKeyPolicy": "a log group that comes under the key",
    "logs:DeleteRetentionPolicy": "a log group that is adopted after it was created",
    "oam:UpdateLink": "a log group that is linked as well",
    "sns:SetSubscriptionAttributes": "a subscription that gets other severities",
}


@cache
def everything() -> tuple[RegionPlan, ...]:
    return resolve(load(EVERYTHING))


def allowed(role: PermissionRole, region: RegionPlan) -> Iterator[tuple[str, str, Any]]:
    """Each action with a resource and a condition."""
    for grant in grants(region, role):
        for action in grant.actions:
            for resource in grant.resources:
                yield action, resource, grant.condition


def deploy(**settings: Any) -> set[str]:
    return {action for action, _, _ in allowed(PermissionRole.DEPLOY, monitored_region(**settings))}


def of_action(action: str, **settings: Any) -> list[tuple[str, Any]]:
    """The resources and conditions of an action that who deploys may call."""
    region = monitored_region(**settings)
    return [
        (resource, condition)
        for each, resource, condition in allowed(PermissionRole.DEPLOY, region)
        if each == action
    ]


def test_every_type_of_resource_that_a_stack_creates_has_its_permissions() -> None:
    assert RESOURCE_TYPES.keys() == synthesized_types() - {"terraform_data"}


@pytest.mark.parametrize("kind", RESOURCE_TYPES)
def test_a_type_gets_permissions_in_a_deployment_that_creates_it(kind: str) -> None:
    assert any(list(RESOURCE_TYPES[kind].grants(plan, write=True)) for plan in everything())


@pytest.mark.parametrize(
    ("actions", "settings"),
    [
        ({"cloudformation:CreateStack", "cloudwatch:PutLogAlarm"}, {"engine": "log"}),
        (
            {"oam:CreateLink", "logs:Link"},
            {"central": {"oam_sink": "arn:aws:oam:ap-northeast-1:222222222222:sink/1"}},
        ),
        ({"events:PutTargets"}, {"central": {"event_bus": f"arn:aws:events:{HERE}:event-bus/b"}}),
        (
            {"logs:PutSubscriptionFilter"},
            {"central": {"log_destination": f"arn:aws:logs:{HERE}:destination:d"}},
        ),
        ({"kms:CreateKey", "kms:CreateAlias"}, {"encryption": {"customer_managed": True}}),
        ({"s3:CreateBucket"}, {"output_bucket": {}}),
        ({"cloudwatch:PutDashboard"}, {"dashboard": True}),
        ({"iam:PutRolePermissionsBoundary"}, {"created_roles": {"permissions_boundary": "b"}}),
    ],
)  # fmt: skip
def test_what_a_setting_needs_is_allowed_with_it_alone(actions: set[str], settings: dict[str, Any]) -> None:
    without: dict[str, Any] = {
        "encryption": "none",
        "output_bucket": "none",
        "dashboard": False,
        "association_failures": {"enabled": False},
    }
    assert actions <= deploy(**without | settings)
    assert actions.isdisjoint(deploy(**without))


def test_a_plan_changes_nothing() -> None:
    region = monitored_region(engine="log", configuration_admin_role=True)
    verbs = ("Get", "List", "Describe", "Decrypt")
    assert all(
        action.partition(":")[2].startswith(verbs) for action, _, _ in allowed(PermissionRole.PLAN, region)
    )


def test_roles_are_passed_to_the_services_that_use_them_only() -> None:
    passed = of_action("iam:PassRole", engine="log", log_alarms={"log_lines": 3})
    role = "arn:aws:iam::111111111111:role/windows-security-ap-northeast-1-"
    services = {
        resource.removeprefix(role): condition["StringEquals"]["iam:PassedToService"]
        for resource, condition in passed
    }
    of_log_alarms = ["logs.amazonaws.com", "cloudwatch.amazonaws.com"]
    assert services == {
        "server": "ec2.amazonaws.com",
        "log-queries": of_log_alarms,
        "log-lines": of_log_alarms,
    }


def test_only_the_policies_of_the_manual_procedure_can_be_attached() -> None:
    ((_, condition),) = of_action("iam:AttachRolePolicy")
    assert condition == {
        "ArnEquals": {
            "iam:PolicyARN": [
                "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
                "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
            ]
        }
    }


def test_roles_under_a_path_are_created_with_their_permissions_boundary_only() -> None:
    chosen = {"path": "/security/", "permissions_boundary": "boundary"}
    assert of_action("iam:CreateRole", created_roles=chosen) == [
        (
            "arn:aws:iam::111111111111:role/security/windows-security-ap-northeast-1-server",
            {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/boundary"}},
        )
    ]


def test_an_adopted_role_may_have_any_path_and_any_boundary() -> None:
    chosen = {"permissions_boundary": "boundary"}
    assert of_action("iam:PutRolePolicy", created_roles=chosen, adopt={"server_role": "business"}) == [
        ("arn:aws:iam::111111111111:role/business", None),
        ("arn:aws:iam::111111111111:role/*/business", None),
    ]


def test_nothing_is_allowed_on_an_existing_role_or_log_group() -> None:
    region = monitored_region(
        collection="levels",
        server_role={"existing": "business"},
        existing_log_groups={"Security": "theirs", "System": "other"},
    )
    found = list(allowed(PermissionRole.DEPLOY, region))
    assert not [resource for _, resource, _ in found if "business" in resource]
    assert {action for action, resource, _ in found if "log-group:theirs" in resource} == {
        "logs:DescribeMetricFilters",
        "logs:PutMetricFilter",
        "logs:DeleteMetricFilter",
    }


def test_a_partition_of_its_own_has_its_own_names() -> None:
    china = monitored_region(regions=["cn-north-1"])
    found = [resource for _, resource, _ in allowed(PermissionRole.DEPLOY, china) if resource != "*"]
    assert {resource.split(":")[1] for resource in found} == {"aws-cn"}
    via = [
        c["StringEquals"]["kms:ViaService"]
        for a, _, c in allowed(PermissionRole.PLAN, china)
        if "kms:D" in a
        if c
    ]
    assert via == ["ssm.cn-north-1.amazonaws.com.cn"]


S3_STATE = {"type": "s3", "kms_key_id": f"arn:aws:kms:{HERE}:alias/state"}


def test_who_deploys_with_the_same_credentials_reaches_the_state_and_locks_it() -> None:
    found = {
        (action, resource.partition(":::")[2])
        for action, resource, _ in allowed(PermissionRole.DEPLOY, monitored_region(state=S3_STATE))
        if action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket")
    }
    bucket = "windows-security-state-111111111111-ap-northeast-1"
    state = f"{bucket}/windows-security/production/ap-northeast-1/terraform.tfstate"
    lock = f"{state}.tflock"
    assert found >= {
        ("s3:ListBucket", bucket),
        ("s3:GetObject", state),
        ("s3:PutObject", state),
        ("s3:GetObject", lock),
        ("s3:PutObject", lock),
        ("s3:DeleteObject", lock),
    }
    assert ("s3:DeleteObject", state) not in found


def test_a_state_of_other_credentials_is_for_the_role_of_the_state() -> None:
    region = monitored_region(state=S3_STATE, assume_role="deployment")
    assert not [action for action, _, _ in allowed(PermissionRole.DEPLOY, region) if action == "s3:PutObject"]
    assert [action for action, _, _ in allowed(PermissionRole.STATE, region) if action == "s3:PutObject"]


def test_the_key_of_a_state_is_found_by_its_alias() -> None:
    keys = [
        grant for grant in grants(monitored_region(state=S3_STATE), PermissionRole.STATE) if grant.condition
    ]
    assert keys == [
        Grant(
            ("kms:Decrypt", "kms:GenerateDataKey"),
            (f"arn:aws:kms:{HERE}:key/*",),
            {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/state"}},
        )
    ]


@pytest.mark.parametrize("role", PermissionRole)
def test_a_resource_is_an_arn_or_everything(role: PermissionRole) -> None:
    for plan in everything():
        for action, resource, _ in allowed(role, plan):
            assert resource == "*" or resource.startswith("arn:aws:"), action


@pytest.mark.parametrize(
    ("notifications", "keys"),
    [
        ({"kms_key": f"arn:aws:kms:{HERE}:key/topics"}, {"key/own", "key/topics"}),
        ({"kms_key": f"arn:aws:kms:{HERE}:alias/topics"}, {"key/*"}),
        ({"existing_topics": {"high": f"arn:aws:sns:{HERE}:theirs"}}, {"key/*"}),
        ({}, {"key/own"}),
    ],
)
def test_who_verifies_reads_the_policies_of_the_keys_that_topics_and_log_groups_have(
    notifications: dict[str, Any], keys: set[str]
) -> None:
    region = monitored_region(
        encryption={"key": f"arn:aws:kms:{HERE}:key/own"}, notifications=NOTIFIED | notifications
    )
    found = {
        resource.rpartition(":")[2]
        for action, resource, _ in allowed(PermissionRole.VERIFY, region)
        if action == "kms:GetKeyPolicy"
    }
    assert found == keys


def test_who_deploys_may_call_what_terraform_calls_and_little_else() -> None:
    called = set(CALLED_ACTIONS.read_text(encoding="utf-8").split())
    roles = (PermissionRole.DEPLOY, PermissionRole.STATE)
    may = {action for plan in everything() for role in roles for action, _, _ in allowed(role, plan)}
    assert called - may == set()
    assert may - called == NEVER_CALLED.keys()


def test_an_action_of_systems_manager_needs_the_role_that_cloudwatch_creates_for_it() -> None:
    opsitem = f"arn:aws:ssm:{HERE}:opsitem:3"
    ((resource, condition),) = of_action(
        "iam:CreateServiceLinkedRole",
        events={"user-account-deleted": {"enabled": True, "actions": [opsitem]}},
    )
    principal = "ssm.alarms.cloudwatch.amazonaws.com"
    assert resource == f"arn:aws:iam::111111111111:role/aws-service-role/{principal}/*"
    assert condition == {"StringEquals": {"iam:AWSServiceName": principal}}
