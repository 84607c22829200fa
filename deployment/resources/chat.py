"""Channels of Slack and Microsoft Teams that alarms notify.

Amazon Q Developer in chat applications subscribes itself to the topics. It is a service of the whole account,
and takes a channel once an account.
"""

from dataclasses import dataclass

from deployment.resolution.region_plan import RegionPlan
from deployment.resources.roles import RoleSpec, managed_policy_arn
from deployment.settings.notifications import ChatChannelSettings, SlackChannel, TeamsChannel

#: The service that assumes the role.
CHATBOT = "chatbot.amazonaws.com"
#: What the members of a channel may do at most, whatever the role allows; without one, they may do anything.
_GUARDRAIL_POLICY = "CloudWatchReadOnlyAccess"

_ACTIONS = [
    f"cloudwatch:{name}"
    for name in (
        *("DescribeAlarmHistory", "DescribeAlarms", "DescribeAlarmsForMetric", "GetMetricData"),
        *("GetMetricStatistics", "GetMetricWidgetImage", "ListMetrics"),
    )
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChannelSpec:
    """The configuration of a chat channel: one of ``slack`` and ``teams`` is given."""

    key: str
    """What the deployment file calls it."""
    name: str
    """Its name, unique in the account."""
    arn: str
    role_arn: str
    topic_arns: tuple[str, ...]
    """The topics that notify it."""
    guardrail_policy_arn: str
    """The policy that bounds what members of the channel can do."""
    slack: SlackChannel | None
    teams: TeamsChannel | None


def channels_of(plan: RegionPlan) -> dict[str, ChatChannelSettings]:
    """Return the chat channels that the alarms of a region notify, by their names in the deployment file."""
    chat = plan.settings.notifications.effective_chat
    return {key: each for key, each in chat.items() if each.region in (None, plan.region_name)}


def chat_channels(plan: RegionPlan) -> tuple[ChatChannelSpec, ...]:
    """Return the configurations of the chat channels of a region."""
    return tuple(
        ChatChannelSpec(
            key=key,
            name=plan.names.chat_channel(key),
            arn=_arn(plan, channel, plan.names.chat_channel(key)),
            role_arn=plan.role_arn(plan.names.chat_role),
            topic_arns=topic_arns(plan, channel),
            guardrail_policy_arn=managed_policy_arn(_GUARDRAIL_POLICY, plan.region_name),
            slack=channel.slack,
            teams=channel.teams,
        )
        for key, channel in channels_of(plan).items()
    )


def topic_arns(plan: RegionPlan, channel: ChatChannelSettings) -> tuple[str, ...]:
    """Return the topics of a channel's severities."""
    wanted = set(channel.severities)
    return tuple(plan.topic_arn(topic) for topic in plan.topics if not wanted.isdisjoint(topic.severities))


def chat_roles(plan: RegionPlan) -> tuple[RoleSpec, ...]:
    """Return the role of the chat channels of a region; none where it has none."""
    if not channels_of(plan):
        return ()
    role = RoleSpec(
        name=plan.names.chat_role,
        description="For chat channels to look at alarms",
        trust={
            "Effect": "Allow",
            "Principal": {"Service": CHATBOT},
            "Action": "sts:AssumeRole",
        },
        statements=(
            {
                # For the graph in a notification, and what members ask about it.
                "Sid": "LookAtAlarms",
                "Effect": "Allow",
                "Action": _ACTIONS,
                "Resource": "*",
            },
        ),
        path=plan.settings.created_roles.path,
        permissions_boundary=plan.permissions_boundary,
    )
    return (role,)


def _arn(plan: RegionPlan, channel: ChatChannelSettings, name: str) -> str:
    kind = "slack-channel" if channel.slack else "microsoft-teams-channel"
    return f"arn:{plan.partition}:chatbot::{plan.account_id}:chat-configuration/{kind}/{name}"
