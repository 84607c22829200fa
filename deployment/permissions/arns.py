"""The ARNs of what a stack creates, and of what it uses; ``*`` stands for any characters.

Where AWS gives the ids, or a stack has many resources of a type, they are known by what their names begin
with.
"""

from collections.abc import Iterable

from deployment.aws.arn import parse_arn
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.agent_configuration import agent_parameters
from deployment.resources.alarms import alarms, callers
from deployment.resources.association_failures import association_failure_rule
from deployment.resources.associations import associations
from deployment.resources.buckets import output_bucket
from deployment.resources.chat import chat_channels, chat_roles
from deployment.resources.encryption_key import encryption_key
from deployment.resources.log_alarms import log_alarm_roles
from deployment.resources.log_groups import log_groups
from deployment.resources.mute_rules import mute_rules
from deployment.resources.roles import RoleSpec, instance_roles
from deployment.resources.security_account import alarm_event_rule, observability_link
from deployment.settings.notifications import Protocol
from deployment.settings.state import S3Backend


def where(condition: object, *arns: str) -> tuple[str, ...]:
    """Return the ARNs where a condition holds, and none otherwise."""
    return arns if condition else ()


def created_log_group_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the log groups that the stack creates; some actions name the streams behind the name as well."""
    created = [group.name for group in log_groups(plan).values() if not group.existing]
    return [arn for name in created for arn in log_group_arns(plan, name)]


def log_group_arns(plan: RegionPlan, name: str) -> tuple[str, str]:
    """Return how policies name a log group: itself, and with what is in it."""
    arn = plan.arn("logs", f"log-group:{name}")
    return arn, f"{arn}:*"


def all_log_group_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the log groups, also those that exist already."""
    return [arn for name in plan.log_groups.values() for arn in log_group_arns(plan, name)]


def alarm_arns(plan: RegionPlan) -> list[str]:
    """Return the alarms of a region."""
    adopted = plan.settings.adopt.alarms.values()
    names = [f"{plan.names.alarm_prefix}*", *adopted]
    return [plan.arn("cloudwatch", f"alarm:{name}") for name in names]


def metric_alarm_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the metric alarms."""
    return where(any(alarm.query is None for alarm in alarms(plan)), *alarm_arns(plan))


def dashboard_arn(plan: RegionPlan) -> str | None:
    """Return the dashboard, which IAM knows in no region; None where there is none."""
    if not plan.settings.dashboard:
        return None
    return f"arn:{plan.partition}:cloudwatch::{plan.account_id}:dashboard/{plan.names.dashboard}"


def stack_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the CloudFormation stacks of log alarms and mute rules."""
    # CloudFormation ends the ARN of a stack with an id of its own.
    return where(
        plan.has_log_alarms or mute_rules(plan), plan.arn("cloudformation", f"stack/{plan.names.name}-*/*")
    )


def created_roles(plan: RegionPlan) -> list[RoleSpec]:
    """Return the roles that a region's stack creates."""
    rule = alarm_event_rule(plan)
    roles = (*instance_roles(plan), *log_alarm_roles(plan), *chat_roles(plan), *([rule.role] if rule else ()))
    return [role for role in roles if not role.existing]


def created_instance_roles(plan: RegionPlan) -> list[RoleSpec]:
    """Return the roles for EC2 instances that the stack creates."""
    return [role for role in instance_roles(plan) if not role.existing]


def iam_arns(plan: RegionPlan, kind: str, roles: Iterable[RoleSpec]) -> list[str]:
    """Return the ARNs of roles, or of what is called as they are; one that exists may have any path."""
    prefix, adopted = f"arn:{plan.partition}:iam::{plan.account_id}:{kind}", plan.settings.adopt.server_role
    arns = []
    for role in roles:
        arns += (
            [f"{prefix}/{role.name}", f"{prefix}/*/{role.name}"]
            if role.existing or role.name == adopted
            else [f"{prefix}{role.path}{role.name}"]
        )
    return arns


def role_arns(plan: RegionPlan) -> list[str]:
    """Return the roles that the stack creates."""
    return iam_arns(plan, "role", created_roles(plan))


def created_topic_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the topics that the stack creates."""
    return [plan.topic_arn(topic) for topic in plan.topics if topic.existing_arn is None]


def subscribed_topic_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the topics to which the stack subscribes recipients."""
    return [plan.topic_arn(topic) for topic in plan.topics if topic.subscriptions]


def created_key_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the key that the stack creates, whose id AWS gives."""
    return where(encryption_key(plan), plan.arn("kms", "key/*"))


def alias_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the alias of that key, and the key."""
    key = encryption_key(plan)
    return where(key, plan.arn("kms", f"alias/{plan.names.key_alias}"), *created_key_arns(plan))


def key_arn(plan: RegionPlan) -> str | None:
    """Return the ARN of the customer managed key; of one that the stack creates, AWS gives the id."""
    encryption = plan.settings.encryption
    if not encryption.customer_managed:
        return None
    return encryption.key or plan.arn("kms", "key/*")


def parameter_arns(plan: RegionPlan) -> list[str]:
    """Return the parameters with agent configurations."""
    return [plan.arn("ssm", f"parameter/{name}") for name in agent_parameters(plan)]


def document_arns(plan: RegionPlan) -> list[str]:
    """Return the documents of the deployment's own."""
    names = {plan.names.audit_policy_document, plan.names.server_document}
    return [plan.arn("ssm", f"document/{name}*") for name in sorted(names)]


def created_document_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the documents that the stack creates."""
    own = {plan.names.audit_policy_document, plan.names.server_document}
    return where(own & {each.document for each in associations(plan)}, *document_arns(plan))


def association_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the associations, whose ids AWS gives."""
    return where(associations(plan), plan.arn("ssm", "association/*"))


def rule_arns(plan: RegionPlan) -> list[str]:
    """Return the rules of EventBridge."""
    rules = [rule for rule in (alarm_event_rule(plan), association_failure_rule(plan)) if rule]
    return [plan.arn("events", f"rule/{rule.name}") for rule in rules]


def slack_channel_arns(plan: RegionPlan) -> list[str]:
    """Return the channels of Slack."""
    return [each.arn for each in chat_channels(plan) if each.slack]


def teams_channel_arns(plan: RegionPlan) -> list[str]:
    """Return the channels of Microsoft Teams."""
    return [each.arn for each in chat_channels(plan) if each.teams]


def link_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the link to a sink, whose id AWS gives."""
    return where(observability_link(plan), plan.arn("oam", "link/*"))


def function_arns(plan: RegionPlan) -> list[str]:
    """Return the functions of the account that get a permission, each with its versions and aliases."""
    subscribed = [
        each.endpoint
        for topic in plan.topics
        for each in topic.subscriptions
        if each.protocol is Protocol.LAMBDA
    ]
    found = []
    for arn in dict.fromkeys([*subscribed, *callers(plan, "lambda")]):
        parts = parse_arn(arn)
        if parts and parts.account_id == plan.account_id:
            found.append(arn)
            if arn.count(":") == 7:
                found.append(arn.rpartition(":")[0])
    return found


def bucket_arns(plan: RegionPlan) -> Iterable[str]:
    """Return the buckets that are created: for the output of commands, and for the state."""
    spec = output_bucket(plan)
    names = [spec.name] if spec and not spec.existing else []
    if isinstance(plan.state, S3Backend) and plan.state.create_bucket:
        names.append(plan.state.bucket)
    return [f"arn:{plan.partition}:s3:::{name}" for name in names]
