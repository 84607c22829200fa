"""What each role of those who work with a deployment needs."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from deployment.permissions import PermissionRole
from deployment.permissions.arns import (
    alarm_arns,
    all_log_group_arns,
    association_arns,
    bucket_arns,
    created_roles,
    dashboard_arn,
    document_arns,
    function_arns,
    iam_arns,
    key_arn,
    log_group_arns,
    parameter_arns,
    rule_arns,
)
from deployment.permissions.grants import Grant, actions
from deployment.permissions.resource_types import RESOURCE_TYPES, use_of_key
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarms import callers
from deployment.resources.buckets import output_bucket, state_bucket
from deployment.resources.chat import chat_channels
from deployment.resources.roles import instance_roles
from deployment.settings.notifications import Protocol
from deployment.settings.state import S3Backend


def grants(plan: RegionPlan, role: PermissionRole) -> Iterator[Grant]:
    """Yield what a role needs for one region."""
    yield from _GRANTS[role](plan)


def reaches_state(plan: RegionPlan) -> bool:
    """Return whether who deploys reaches the state in S3 with the same credentials."""
    return isinstance(plan.state, S3Backend) and plan.state.assume_role == plan.assume_role


def state_notices(plans: Iterable[RegionPlan], role: PermissionRole) -> list[str]:
    """Return a sentence for each state in S3 that a role which reads it does not reach itself."""
    if role not in (PermissionRole.DEPLOY, PermissionRole.PLAN, PermissionRole.PREFLIGHT):
        return []
    others = {
        (plan.account, plan.state.bucket, plan.state.assume_role.arn if plan.state.assume_role else "")
        for plan in plans
        if isinstance(plan.state, S3Backend) and not reaches_state(plan)
    }
    return [
        f"{account}: the state in {bucket} is not among them: "
        f"{role_arn or 'the credentials that terraform starts with'} must reach it (--role state)"
        for account, bucket, role_arn in sorted(others)
    ]


def _deploys(plan: RegionPlan) -> Iterator[Grant]:
    for resource_type in RESOURCE_TYPES.values():
        yield from resource_type.grants(plan, write=True)
    if reaches_state(plan):
        yield from _state(plan)


def _plans(plan: RegionPlan) -> Iterator[Grant]:
    for resource_type in RESOURCE_TYPES.values():
        yield from resource_type.grants(plan, write=False)
    if reaches_state(plan):
        yield from _state(plan, write=False)


def _looks_ahead(plan: RegionPlan) -> Iterator[Grant]:
    """Yield what ``deployment preflight`` reads: regions, quotas, taken names, and the state."""
    for resource_type in RESOURCE_TYPES.values():
        yield from resource_type.lookups(plan)
    yield Grant(
        actions(
            "cloudformation: DescribeStacks cloudwatch: DescribeAlarms ec2: DescribeRegions iam: "
            "GetAccountSummary logs: DescribeLogGroups ssm: ListAssociations"
        )
    )
    yield Grant(actions("cloudwatch: ListTagsForResource"), tuple(alarm_arns(plan)))
    if board := dashboard_arn(plan):
        yield Grant(actions("cloudwatch: GetDashboard"), (board,))
    yield Grant(actions("events: DescribeRule ListTagsForResource"), tuple(rule_arns(plan)))
    yield Grant(actions("logs: DescribeMetricFilters ListTagsForResource"), tuple(all_log_group_arns(plan)))
    yield Grant(actions("s3: ListBucket"), tuple(bucket_arns(plan)))
    if reaches_state(plan):
        yield from _state(plan, write=False, lock=False)


def _recovers(plan: RegionPlan) -> Iterator[Grant]:
    for resource_type in RESOURCE_TYPES.values():
        yield from resource_type.lookups(plan)


def _state(plan: RegionPlan, *, write: bool = True, lock: bool = True) -> Iterator[Grant]:
    """Yield what the state in S3 needs: a plan locks it, too."""
    backend = plan.state
    if not isinstance(backend, S3Backend):
        return
    bucket = f"arn:{plan.partition}:s3:::{backend.bucket}"
    yield Grant(("s3:ListBucket",), (bucket,))
    yield Grant(
        actions("s3: GetObject PutObject" if write else "s3: GetObject"), (f"{bucket}/{backend.key}",)
    )
    if backend.use_lockfile and lock:
        yield Grant(actions("s3: DeleteObject GetObject PutObject"), (f"{bucket}/{backend.key}.tflock",))
    if backend.kms_key_id:
        key, condition = backend.kms_key_id, None
        if alias := key.partition(":alias/")[2]:
            key = f"{key.partition(':alias/')[0]}:key/*"
            condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{alias}"}}
        yield Grant(actions("kms: Decrypt GenerateDataKey" if lock else "kms: Decrypt"), (key,), condition)


def _verifies(plan: RegionPlan) -> Iterator[Grant]:
    names = plan.log_groups.values()
    groups = tuple(arn for name in names for arn in log_group_arns(plan, name))
    roles = (*instance_roles(plan), *created_roles(plan))
    policies = f"arn:{plan.partition}:iam::"
    yield Grant(
        actions(
            "cloudwatch: DescribeAlarmContributors DescribeAlarmHistory DescribeAlarms GetAlarmMuteRule "
            "GetMetricData ListAlarmMuteRules ListDashboards ec2: DescribeInstances logs: "
            "DescribeAccountPolicies DescribeLogGroups DescribeQueryDefinitions DescribeResourcePolicies "
            "TestMetricFilter sns: GetSubscriptionAttributes ssm: DescribeParameters ListAssociations"
        )
    )
    yield Grant(
        actions(
            "logs: DescribeLogStreams DescribeMetricFilters DescribeSubscriptionFilters "
            "GetDataProtectionPolicy"
        ),
        groups,
    )
    yield Grant(
        actions(
            "iam: GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole "
            "ListRolePolicies SimulatePrincipalPolicy"
        ),
        tuple(iam_arns(plan, "role", roles)),
    )
    # Any policy may be attached to a role, and is read for what it denies.
    yield Grant(
        actions("iam: GetPolicy GetPolicyVersion"),
        (f"{policies}{plan.account_id}:policy/*", f"{policies}aws:policy/*"),
    )
    yield Grant(
        actions("sns: GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic"),
        _called_topics(plan),
    )
    yield Grant(
        actions(
            "s3: GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock GetBucketVersioning "
            "GetEncryptionConfiguration ListBucket"
        ),
        tuple(
            f"arn:{plan.partition}:s3:::{bucket.name}"
            for bucket in (output_bucket(plan), state_bucket(plan))
            if bucket
        ),
    )
    if any(each.protocol is Protocol.SMS for topic in plan.topics for each in topic.subscriptions):
        yield Grant(("sns:CheckIfPhoneNumberIsOptedOut",))
    yield Grant(actions("ssm: DescribeAssociation"), tuple(association_arns(plan)))
    yield Grant(actions("ssm: DescribeDocument GetDocument"), tuple(document_arns(plan)))
    yield Grant(("ssm:GetParameter",), tuple(parameter_arns(plan)))
    yield Grant(actions("kms: DescribeKey GetKeyPolicy"), _read_keys(plan))
    yield from use_of_key(plan, "ssm", "kms:Decrypt")
    yield Grant(actions("sqs: GetQueueAttributes GetQueueUrl"), _queues(plan))
    yield Grant(actions("lambda: GetFunctionConcurrency GetPolicy"), tuple(function_arns(plan)))
    yield Grant(actions("events: DescribeRule ListTargetsByRule"), tuple(rule_arns(plan)))
    if chat_channels(plan):
        yield Grant(
            actions("chatbot: DescribeSlackChannelConfigurations ListMicrosoftTeamsChannelConfigurations")
        )
    if plan.settings.central.oam_sink:
        yield Grant(("oam:GetLink",), (plan.arn("oam", "link/*"),))
        yield Grant(("oam:ListLinks",))


def _drills(plan: RegionPlan) -> Iterator[Grant]:
    groups = tuple(arn for name in plan.log_groups.values() for arn in log_group_arns(plan, name))
    yield Grant(actions("logs: CreateLogStream DeleteLogStream PutLogEvents"), groups)
    yield Grant(
        actions(
            "cloudwatch: DescribeAlarmContributors DescribeAlarmHistory DescribeAlarms GetAlarmMuteRule "
            "GetMetricData ListAlarmMuteRules"
        )
    )
    yield Grant(("sns:ListSubscriptionsByTopic",), _called_topics(plan))


def _called_topics(plan: RegionPlan) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*plan.topic_arns.values(), *callers(plan, "sns")]))


def _read_keys(plan: RegionPlan) -> tuple[str, ...]:
    """Return the keys whose policies are read; no setting names those of resources of others."""
    settings = plan.settings
    of_topics = settings.notifications.kms_key
    of_others = any(topic.existing_arn for topic in plan.topics) or settings.existing_log_groups
    if of_others or _queues(plan) or settings.adopt.log_groups or (of_topics and ":alias/" in of_topics):
        return (plan.arn("kms", "key/*"),)
    return tuple(key for key in (key_arn(plan), of_topics) if key)


def _queues(plan: RegionPlan) -> tuple[str, ...]:
    subscribed = [each for topic in plan.topics for each in topic.subscriptions]
    return tuple(each.endpoint for each in subscribed if each.protocol is Protocol.SQS)


_GRANTS: Mapping[PermissionRole, Callable[[RegionPlan], Iterable[Grant]]] = {
    PermissionRole.DEPLOY: _deploys,
    PermissionRole.PLAN: _plans,
    PermissionRole.PREFLIGHT: _looks_ahead,
    PermissionRole.VERIFY: _verifies,
    PermissionRole.DRILL: _drills,
    PermissionRole.RECOVER: _recovers,
    PermissionRole.STATE: _state,
}
