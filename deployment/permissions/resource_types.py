"""What terraform calls for each type of resource, and on which resources of a region IAM may allow it.

Recorded from terraform with AWS provider 5.100 against the local AWS; what the recording cannot show, such as
the permission to tag what is created, is from the service authorization reference, which also says which
actions take resources.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from deployment.aws.partitions import dns_suffix, service_principal
from deployment.aws.policies import CLOUDWATCH, EVENTBRIDGE
from deployment.permissions.arns import (
    alarm_arns,
    alias_arns,
    all_log_group_arns,
    association_arns,
    bucket_arns,
    created_document_arns,
    created_instance_roles,
    created_key_arns,
    created_log_group_arns,
    created_topic_arns,
    dashboard_arn,
    document_arns,
    function_arns,
    iam_arns,
    key_arn,
    link_arns,
    metric_alarm_arns,
    parameter_arns,
    role_arns,
    rule_arns,
    slack_channel_arns,
    stack_arns,
    subscribed_topic_arns,
    teams_channel_arns,
    where,
)
from deployment.permissions.grants import ANY, Grant, actions
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarms import callers
from deployment.resources.associations import associations
from deployment.resources.chat import CHATBOT, chat_roles
from deployment.resources.log_alarms import log_alarm_roles
from deployment.resources.mute_rules import mute_rules
from deployment.resources.roles import RoleSpec, managed_policy_arn
from deployment.resources.security_account import alarm_event_rule, observability_link

Names = Callable[[RegionPlan], Iterable[str]]


def _nothing(_: RegionPlan) -> Iterable[Grant]:
    return ()


@dataclass(frozen=True, slots=True)
class ResourceType:
    """What terraform calls for the resources of one type.

    Args:
        arns: Returns the ARNs of a region's resources of the type; none where it creates none. ``*`` stands
            for ids that AWS gives.
        reads: What a plan calls on them, each action with its service.
        writes: What an apply calls on them, in addition.
        reads_any: What a plan calls and IAM allows on all resources only.
        writes_any: What an apply calls so, in addition.
        others: Returns what an apply needs on other resources, or under a condition.
        reads_others: Returns what a plan needs so.
        looks_up: What ``recover`` calls on them.
        looks_up_any: What ``recover`` calls and IAM allows on all resources only.
    """

    arns: Names
    reads: str = ""
    writes: str = ""
    reads_any: str = ""
    writes_any: str = ""
    others: Callable[[RegionPlan], Iterable[Grant]] = _nothing
    reads_others: Callable[[RegionPlan], Iterable[Grant]] = _nothing
    looks_up: str = ""
    looks_up_any: str = ""

    def grants(self, plan: RegionPlan, *, write: bool) -> Iterator[Grant]:
        """Return what a plan, or an apply, of a region needs for this type."""
        arns = tuple(self.arns(plan))
        if not arns:
            return
        yield Grant(actions(self.reads), arns)
        yield Grant(actions(self.reads_any))
        yield from self.reads_others(plan)
        if write:
            yield Grant(actions(self.writes), arns)
            yield Grant(actions(self.writes_any))
            yield from self.others(plan)

    def lookups(self, plan: RegionPlan) -> Iterator[Grant]:
        """Return what ``recover`` needs in a region for this type."""
        if arns := tuple(self.arns(plan)):
            yield Grant(actions(self.looks_up), arns)
            yield Grant(actions(self.looks_up_any))


def _in_stacks(plan: RegionPlan) -> Iterator[Grant]:
    """Return what CloudFormation calls in the name of who creates the stack of a log alarm or mute rule."""
    if mute_rules(plan):
        rules = plan.arn("cloudwatch", f"alarm-mute-rule:{plan.names.alarm_prefix}*")
        yield Grant(
            actions(
                "cloudwatch: DeleteAlarmMuteRule GetAlarmMuteRule ListTagsForResource PutAlarmMuteRule "
                "TagResource UntagResource"
            ),
            (rules,),
        )
        yield Grant(actions("cloudwatch: PutAlarmMuteRule"), tuple(alarm_arns(plan)))
    if not plan.has_log_alarms:
        return
    yield Grant(
        actions("cloudwatch: DeleteAlarms ListTagsForResource PutLogAlarm TagResource UntagResource"),
        tuple(alarm_arns(plan)),
    )
    yield Grant(actions("cloudwatch: DescribeAlarms"))
    yield pass_roles(plan, log_alarm_roles(plan), "logs.amazonaws.com", CLOUDWATCH)


def pass_roles(plan: RegionPlan, roles: Iterable[RoleSpec], *services: str) -> Grant:
    """Return the permission to hand roles of the stack to services."""
    arns = tuple(plan.role_arn(role.name) for role in roles)
    condition = {"StringEquals": {"iam:PassedToService": _one_or_more(services)}}
    return Grant(("iam:PassRole",), arns, condition)


def _one_or_more(values: Iterable[str]) -> str | list[str]:
    unique = list(dict.fromkeys(values))
    return unique[0] if len(unique) == 1 else unique


def _bounded_roles(plan: RegionPlan) -> Iterator[Grant]:
    """Return what makes a role, and gives it rights: with the permissions boundary only, where there is one.

    An adopted role has none, or its own.
    """
    boundary = None if plan.settings.adopt.server_role else plan.permissions_boundary
    condition = {"StringEquals": {"iam:PermissionsBoundary": boundary}} if boundary else None
    yield Grant(actions("iam: CreateRole PutRolePolicy"), tuple(role_arns(plan)), condition)
    if plan.permissions_boundary:
        yield Grant(actions("iam: PutRolePermissionsBoundary"), tuple(role_arns(plan)), condition)


def _attached_policies(plan: RegionPlan) -> Iterator[Grant]:
    roles = created_instance_roles(plan)
    names = {policy for role in roles for policy in role.managed_policies}
    arns = sorted(managed_policy_arn(name, plan.region_name) for name in names)
    yield Grant(
        actions("iam: AttachRolePolicy DetachRolePolicy"),
        tuple(iam_arns(plan, "role", roles)),
        {"ArnEquals": {"iam:PolicyARN": _one_or_more(arns)}},
    )


def _instance_profile_roles(plan: RegionPlan) -> Iterator[Grant]:
    service = service_principal("ec2", plan.region_name)
    condition = {"StringEquals": {"iam:PassedToService": _one_or_more(["ec2.amazonaws.com", service])}}
    yield Grant(("iam:PassRole",), tuple(iam_arns(plan, "role", created_instance_roles(plan))), condition)


def use_of_key(plan: RegionPlan, service: str, *actions: str) -> Iterator[Grant]:
    """Return the use of the key by way of a service; none where keys of AWS encrypt."""
    if arn := key_arn(plan):
        endpoint = f"{service}.{plan.region_name}.{dns_suffix(plan.region_name)}"
        yield Grant(actions, (arn,), {"StringEquals": {"kms:ViaService": endpoint}})


def _associated(plan: RegionPlan) -> Iterator[Grant]:
    """Return what an association is of: documents, those of AWS too, and the servers with the tags."""
    documents = {each.document for each in associations(plan)}
    of_aws = f"arn:{plan.partition}:ssm:{plan.region_name}::document"
    yield Grant(
        actions("ssm: CreateAssociation UpdateAssociation"),
        (
            *document_arns(plan),
            *(f"{of_aws}/{name}" for name in documents if name.startswith(("AWS-", "Amazon"))),
            plan.arn("ec2", "instance/*"),
            plan.arn("ssm", "managed-instance/*"),
        ),
    )


def _rule_role(plan: RegionPlan) -> Iterator[Grant]:
    if rule := alarm_event_rule(plan):
        yield pass_roles(plan, [rule.role], EVENTBRIDGE)


def _linked(plan: RegionPlan) -> Iterator[Grant]:
    link = observability_link(plan)
    if link:
        yield Grant(actions("oam: CreateLink UpdateLink"), (link.sink_arn, plan.arn("oam", "link/*")))
        yield Grant(actions("cloudwatch: Link logs: Link"))


def _channels(plan: RegionPlan) -> Iterator[Grant]:
    """Return what a chat channel needs: its role, and the service's own for its first one in an account."""
    if roles := chat_roles(plan):
        yield pass_roles(plan, roles, CHATBOT)
        principal = f"management.{CHATBOT}"
        arn = f"arn:{plan.partition}:iam::{plan.account_id}:role/aws-service-role/{principal}/*"
        condition = {"StringEquals": {"iam:AWSServiceName": principal}}
        yield Grant(("iam:CreateServiceLinkedRole",), (arn,), condition)


def _destination(plan: RegionPlan) -> Iterator[Grant]:
    if destination := plan.settings.central.log_destination:
        yield Grant(actions("logs: PutSubscriptionFilter"), (destination,))


def _service_linked_roles(plan: RegionPlan) -> Iterator[Grant]:
    """Return what the first alarm of an account with an action of Systems Manager needs (PutMetricAlarm)."""
    for service in ("ssm", "ssm-incidents"):
        if callers(plan, service):
            principal = f"{service}.alarms.cloudwatch.amazonaws.com"
            arn = f"arn:{plan.partition}:iam::{plan.account_id}:role/aws-service-role/{principal}/*"
            yield Grant(
                ("iam:CreateServiceLinkedRole",),
                (arn,),
                {"StringEquals": {"iam:AWSServiceName": principal}},
            )


#: What terraform calls, by type of resource.
RESOURCE_TYPES: Mapping[str, ResourceType] = {
    "aws_chatbot_slack_channel_configuration": ResourceType(
        slack_channel_arns,
        reads_any="chatbot: DescribeSlackChannelConfigurations",
        writes=(
            "chatbot: DeleteSlackChannelConfiguration TagResource UntagResource "
            "UpdateSlackChannelConfiguration"
        ),
        writes_any="chatbot: CreateSlackChannelConfiguration",
        others=_channels,
        looks_up_any="chatbot: DescribeSlackChannelConfigurations ListMicrosoftTeamsChannelConfigurations",
    ),
    "aws_chatbot_teams_channel_configuration": ResourceType(
        teams_channel_arns,
        reads_any="chatbot: ListMicrosoftTeamsChannelConfigurations",
        writes=(
            "chatbot: DeleteMicrosoftTeamsChannelConfiguration TagResource UntagResource "
            "UpdateMicrosoftTeamsChannelConfiguration"
        ),
        writes_any="chatbot: CreateMicrosoftTeamsChannelConfiguration",
        others=_channels,
        looks_up_any="chatbot: DescribeSlackChannelConfigurations ListMicrosoftTeamsChannelConfigurations",
    ),
    "aws_cloudformation_stack": ResourceType(
        stack_arns,
        reads="cloudformation: DescribeStacks GetTemplate",
        writes=(
            "cloudformation: CreateStack DeleteStack DescribeStackEvents TagResource UntagResource "
            "UpdateStack"
        ),
        others=_in_stacks,
        looks_up="cloudformation: DescribeStacks",
    ),
    # To create composite alarms, the permission must be for all alarms (PutCompositeAlarm).
    "aws_cloudwatch_composite_alarm": ResourceType(
        lambda plan: where(plan.settings.effective_composite_alarms, *alarm_arns(plan)),
        reads="cloudwatch: ListTagsForResource",
        writes="cloudwatch: DeleteAlarms TagResource UntagResource",
        reads_any="cloudwatch: DescribeAlarms",
        writes_any="cloudwatch: PutCompositeAlarm",
    ),
    "aws_cloudwatch_dashboard": ResourceType(
        lambda plan: filter(None, [dashboard_arn(plan)]),
        reads="cloudwatch: GetDashboard",
        writes="cloudwatch: DeleteDashboards PutDashboard",
    ),
    "aws_cloudwatch_event_rule": ResourceType(
        rule_arns,
        reads="events: DescribeRule ListTagsForResource",
        writes="events: DeleteRule PutRule TagResource UntagResource",
    ),
    "aws_cloudwatch_event_target": ResourceType(
        rule_arns,
        reads="events: ListTargetsByRule",
        writes="events: PutTargets RemoveTargets",
        others=_rule_role,
    ),
    "aws_cloudwatch_log_group": ResourceType(
        created_log_group_arns,
        reads="logs: ListTagsForResource",
        writes=(
            "logs: AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DisassociateKmsKey "
            "PutRetentionPolicy TagResource UntagResource"
        ),
        reads_any="logs: DescribeLogGroups",
        looks_up="logs: ListTagsForResource",
        looks_up_any="logs: DescribeLogGroups",
    ),
    "aws_cloudwatch_log_metric_filter": ResourceType(
        lambda plan: where(plan.metric_events, *all_log_group_arns(plan)),
        reads="logs: DescribeMetricFilters",
        writes="logs: DeleteMetricFilter PutMetricFilter",
    ),
    "aws_cloudwatch_log_subscription_filter": ResourceType(
        lambda plan: where(plan.settings.central.log_destination, *all_log_group_arns(plan)),
        reads="logs: DescribeSubscriptionFilters",
        writes="logs: DeleteSubscriptionFilter PutSubscriptionFilter",
        others=_destination,
    ),
    "aws_cloudwatch_metric_alarm": ResourceType(
        metric_alarm_arns,
        reads="cloudwatch: ListTagsForResource",
        writes="cloudwatch: DeleteAlarms PutMetricAlarm TagResource UntagResource",
        reads_any="cloudwatch: DescribeAlarms",
        others=_service_linked_roles,
    ),
    "aws_cloudwatch_query_definition": ResourceType(
        lambda plan: where(plan.events, *ANY),
        reads="logs: DescribeQueryDefinitions",
        writes="logs: DeleteQueryDefinition PutQueryDefinition",
        looks_up="logs: DescribeQueryDefinitions",
    ),
    "aws_iam_instance_profile": ResourceType(
        lambda plan: iam_arns(plan, "instance-profile", created_instance_roles(plan)),
        reads="iam: GetInstanceProfile",
        writes=(
            "iam: AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile "
            "RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile"
        ),
        others=_instance_profile_roles,
        looks_up="iam: GetInstanceProfile",
    ),
    "aws_iam_role": ResourceType(
        role_arns,
        reads="iam: GetRole ListAttachedRolePolicies ListRolePolicies",
        writes=(
            "iam: DeleteRole ListInstanceProfilesForRole TagRole UntagRole UpdateAssumeRolePolicy UpdateRole "
            "UpdateRoleDescription"
        ),
        others=_bounded_roles,
        looks_up="iam: GetRole",
    ),
    "aws_iam_role_policy": ResourceType(
        role_arns, reads="iam: GetRolePolicy", writes="iam: DeleteRolePolicy"
    ),
    "aws_iam_role_policy_attachment": ResourceType(
        lambda plan: iam_arns(plan, "role", created_instance_roles(plan)),
        reads="iam: ListAttachedRolePolicies",
        others=_attached_policies,
    ),
    "aws_kms_alias": ResourceType(
        alias_arns,
        writes="kms: CreateAlias DeleteAlias UpdateAlias",
        reads_any="kms: ListAliases",
        looks_up_any="kms: ListAliases",
    ),
    "aws_kms_key": ResourceType(
        created_key_arns,
        reads="kms: DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
        writes=(
            "kms: EnableKeyRotation PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource "
            "UpdateKeyDescription"
        ),
        writes_any="kms: CreateKey",
        looks_up="kms: DescribeKey GetKeyPolicy ListResourceTags",
        looks_up_any="kms: ListKeys",
    ),
    "aws_lambda_permission": ResourceType(
        function_arns, reads="lambda: GetPolicy", writes="lambda: AddPermission RemovePermission"
    ),
    "aws_oam_link": ResourceType(
        link_arns,
        reads="oam: GetLink ListTagsForResource",
        writes="oam: DeleteLink TagResource UntagResource",
        others=_linked,
        looks_up="oam: ListTagsForResource",
        looks_up_any="oam: ListLinks",
    ),
    "aws_s3_bucket": ResourceType(
        bucket_arns,
        reads=(
            "s3: GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLogging "
            "GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging "
            "GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration "
            "GetReplicationConfiguration ListBucket"
        ),
        writes="s3: CreateBucket DeleteBucket PutBucketTagging",
        looks_up="s3: GetBucketTagging",
        looks_up_any="s3: ListAllMyBuckets",
    ),
    "aws_s3_bucket_lifecycle_configuration": ResourceType(
        bucket_arns, reads="s3: GetLifecycleConfiguration", writes="s3: PutLifecycleConfiguration"
    ),
    "aws_s3_bucket_ownership_controls": ResourceType(
        bucket_arns, reads="s3: GetBucketOwnershipControls", writes="s3: PutBucketOwnershipControls"
    ),
    "aws_s3_bucket_policy": ResourceType(
        bucket_arns, reads="s3: GetBucketPolicy", writes="s3: DeleteBucketPolicy PutBucketPolicy"
    ),
    "aws_s3_bucket_public_access_block": ResourceType(
        bucket_arns, reads="s3: GetBucketPublicAccessBlock", writes="s3: PutBucketPublicAccessBlock"
    ),
    "aws_s3_bucket_server_side_encryption_configuration": ResourceType(
        bucket_arns, reads="s3: GetEncryptionConfiguration", writes="s3: PutEncryptionConfiguration"
    ),
    "aws_s3_bucket_versioning": ResourceType(
        bucket_arns, reads="s3: GetBucketVersioning", writes="s3: PutBucketVersioning"
    ),
    "aws_sns_topic": ResourceType(
        created_topic_arns,
        reads="sns: GetTopicAttributes ListTagsForResource",
        writes="sns: CreateTopic DeleteTopic SetTopicAttributes TagResource UntagResource",
        looks_up="sns: GetTopicAttributes ListTagsForResource",
    ),
    "aws_sns_topic_policy": ResourceType(
        created_topic_arns, reads="sns: GetTopicAttributes", writes="sns: SetTopicAttributes"
    ),
    # A subscription has no ARN in policies.
    "aws_sns_topic_subscription": ResourceType(
        subscribed_topic_arns,
        reads="sns: ListSubscriptionsByTopic",
        writes="sns: Subscribe",
        reads_any="sns: GetSubscriptionAttributes",
        writes_any="sns: SetSubscriptionAttributes Unsubscribe",
    ),
    "aws_ssm_association": ResourceType(
        association_arns,
        reads="ssm: DescribeAssociation ListTagsForResource",
        writes=(
            "ssm: AddTagsToResource CreateAssociation DeleteAssociation RemoveTagsFromResource "
            "UpdateAssociation"
        ),
        others=_associated,
        looks_up="ssm: ListTagsForResource",
        looks_up_any="ssm: ListAssociations",
    ),
    "aws_ssm_document": ResourceType(
        created_document_arns,
        reads="ssm: DescribeDocument DescribeDocumentPermission GetDocument ListTagsForResource",
        writes=(
            "ssm: AddTagsToResource CreateDocument DeleteDocument RemoveTagsFromResource UpdateDocument "
            "UpdateDocumentDefaultVersion"
        ),
        looks_up="ssm: DescribeDocument ListTagsForResource",
    ),
    "aws_ssm_parameter": ResourceType(
        parameter_arns,
        reads="ssm: GetParameter ListTagsForResource",
        writes="ssm: AddTagsToResource DeleteParameter PutParameter RemoveTagsFromResource",
        reads_any="ssm: DescribeParameters",
        others=lambda plan: use_of_key(plan, "ssm", "kms:Encrypt", "kms:GenerateDataKey"),
        reads_others=lambda plan: use_of_key(plan, "ssm", "kms:Decrypt"),
        looks_up="ssm: GetParameter ListTagsForResource",
    ),
}
