"""What exists in an account and region: asked of the API, not of any state."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_aws.server import LocalAws


def _last_part(arn: str) -> str:
    return arn.rpartition(":")[2]


@dataclass(frozen=True)
class _Kind:
    """A kind of resource: the call that lists it, the member that holds the list, what to show of each."""

    title: str
    service: str
    operation: str
    member: str
    shown: Callable[[Mapping[str, Any]], str]
    parameters: Mapping[str, Any] = field(default_factory=dict)


_KINDS = (
    _Kind("roles", "iam", "list_roles", "Roles", lambda each: each["RoleName"]),
    _Kind(
        "instance profiles",
        *("iam", "list_instance_profiles", "InstanceProfiles"),
        lambda each: each["InstanceProfileName"],
    ),
    _Kind(
        "managed policies",
        *("iam", "list_policies", "Policies"),
        lambda each: each["PolicyName"],
        {"Scope": "Local"},
    ),
    _Kind("parameters", "ssm", "describe_parameters", "Parameters", lambda each: each["Name"]),
    _Kind(
        "associations",
        *("ssm", "list_associations", "Associations"),
        lambda each: each.get("AssociationName", each["Name"]),
    ),
    _Kind(
        "documents",
        *("ssm", "list_documents", "DocumentIdentifiers"),
        lambda each: each["Name"],
        {"Filters": [{"Key": "Owner", "Values": ["Self"]}]},
    ),
    _Kind("log groups", "logs", "describe_log_groups", "logGroups", lambda each: each["logGroupName"]),
    _Kind(
        "metric filters",
        *("logs", "describe_metric_filters", "metricFilters"),
        lambda each: each["filterName"],
    ),
    _Kind(
        "saved queries",
        *("logs", "describe_query_definitions", "queryDefinitions"),
        lambda each: each["name"],
    ),
    _Kind(
        "metric alarms",
        *("cloudwatch", "describe_alarms", "MetricAlarms"),
        lambda each: each["AlarmName"],
        {"AlarmTypes": ["MetricAlarm"]},
    ),
    _Kind(
        "composite alarms",
        *("cloudwatch", "describe_alarms", "CompositeAlarms"),
        lambda each: each["AlarmName"],
        {"AlarmTypes": ["CompositeAlarm"]},
    ),
    _Kind(
        "log alarms",
        *("cloudwatch", "describe_alarms", "LogAlarms"),
        lambda each: each["AlarmName"],
        {"AlarmTypes": ["LogAlarm"]},
    ),
    _Kind(
        "mute rules",
        *("cloudwatch", "list_alarm_mute_rules", "AlarmMuteRuleSummaries"),
        lambda each: _last_part(each["AlarmMuteRuleArn"]),
    ),
    _Kind(
        "CloudFormation stacks",
        *("cloudformation", "describe_stacks", "Stacks"),
        lambda each: each["StackName"],
    ),
    _Kind(
        "dashboards",
        *("cloudwatch", "list_dashboards", "DashboardEntries"),
        lambda each: each["DashboardName"],
    ),
    _Kind("topics", "sns", "list_topics", "Topics", lambda each: _last_part(each["TopicArn"])),
    _Kind(
        "subscriptions",
        *("sns", "list_subscriptions", "Subscriptions"),
        lambda each: f"{_last_part(each['TopicArn'])}: {each['Protocol']} {each['Endpoint']}",
    ),
    _Kind(
        "Slack channels",
        *("chatbot", "describe_slack_channel_configurations", "SlackChannelConfigurations"),
        lambda each: each["ConfigurationName"],
    ),
    _Kind(
        "Teams channels",
        *("chatbot", "list_microsoft_teams_channel_configurations", "TeamChannelConfigurations"),
        lambda each: each["ConfigurationName"],
    ),
    _Kind("event rules", "events", "list_rules", "Rules", lambda each: each["Name"]),
    _Kind("sinks", "oam", "list_sinks", "Items", lambda each: each["Name"]),
    _Kind("links", "oam", "list_links", "Items", lambda each: each["SinkArn"]),
)


def inventory(aws: LocalAws, account_id: str, region: str) -> dict[str, list[str]]:
    """The sorted names of everything that exists, by kind ("log groups"); a kind without any has no names.

    IAM has no regions: its roles are found in each. Of the buckets, those of the region are. A key is named
    by its description; one that waits for its deletion is gone, and AWS's own are nobody's.
    """
    clients: dict[str, Any] = {}
    found: dict[str, list[str]] = {}
    for kind in _KINDS:
        if kind.service not in clients:
            clients[kind.service] = aws.client(kind.service, account_id, region)
        found[kind.title] = sorted(map(kind.shown, _listed(clients[kind.service], kind)))
    found["buckets"] = sorted(_buckets(aws.client("s3", account_id, region), region))
    kms = aws.client("kms", account_id, region)
    found["keys"] = sorted(_keys(kms))
    found["key aliases"] = sorted(_key_aliases(kms))
    return found


def _listed(client: Any, kind: _Kind) -> Iterator[Mapping[str, Any]]:
    if client.can_paginate(kind.operation):
        pages = client.get_paginator(kind.operation).paginate(**kind.parameters)
    else:
        pages = [getattr(client, kind.operation)(**kind.parameters)]
    for page in pages:
        yield from page[kind.member]


def _buckets(client: Any, region: str) -> Iterator[str]:
    for bucket in client.list_buckets()["Buckets"]:
        name = bucket["Name"]
        # S3 knows its oldest region by no name.
        if (client.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1") == region:
            yield name


def _keys(client: Any) -> Iterator[str]:
    for key in client.list_keys()["Keys"]:
        found = client.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if found["KeyManager"] == "CUSTOMER" and found["KeyState"] != "PendingDeletion":
            yield found["Description"]


def _key_aliases(client: Any) -> Iterator[str]:
    for alias in client.list_aliases()["Aliases"]:
        if not alias["AliasName"].startswith("alias/aws/"):
            yield alias["AliasName"]
