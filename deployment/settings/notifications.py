"""Whom an alarm notifies, and how."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, ClassVar, Self

from pydantic import Field, StrictBool, TypeAdapter, ValidationInfo, field_validator, model_validator

from catalog.model.security_event import Severity
from deployment.settings.model import Cascading, Model
from deployment.settings.templates import Template
from deployment.settings.types.accounts import AccountId, RegionName
from deployment.settings.types.arns import FunctionArn, KmsKeyOrAliasArn, QueueArn, TopicArn
from deployment.settings.types.cloudwatch import CompositeName
from deployment.settings.types.notifications import (
    EmailAddress,
    HttpsUrl,
    PhoneNumber,
    SlackChannelId,
    SlackWorkspaceId,
    TeamsChannelId,
    TeamsGuid,
)
from deployment.settings.types.text import DISTINCT


class Protocol(Enum):
    """How SNS delivers to a subscription."""

    EMAIL = "email"
    HTTPS = "https"
    SQS = "sqs"
    LAMBDA = "lambda"
    SMS = "sms"


class TopicLayout(Enum):
    """How many topics there are."""

    PER_SEVERITY = "per-severity"
    """One for each severity, so that a subscription can choose."""
    SINGLE = "single"
    """One for all alarms."""


_ENDPOINTS: Mapping[Protocol, TypeAdapter[str]] = {
    Protocol.EMAIL: TypeAdapter(EmailAddress),
    Protocol.HTTPS: TypeAdapter(HttpsUrl),
    Protocol.SQS: TypeAdapter(QueueArn),
    Protocol.LAMBDA: TypeAdapter(FunctionArn),
    Protocol.SMS: TypeAdapter(PhoneNumber),
}


class Subscription(Model):
    """One address that alarms are delivered to."""

    protocol: Protocol
    """How to deliver: email, https, sqs, lambda or sms."""
    endpoint: Annotated[str, Template()]
    """Where to: an e-mail address, an https:// address, the ARN of a queue or function ({region},
    {account_id} and {partition} are filled in), or a telephone number such as +819012345678. A queue needs a
    policy of its own that lets sns.amazonaws.com send messages from the topic; a function is given the
    permission to be called, and must therefore be in the stack's region."""
    severities: Annotated[tuple[Severity, ...], Field(min_length=1), DISTINCT] = tuple(Severity)
    """Of which severities to notify. Default: all. Only with a topic for each severity."""

    @field_validator("endpoint")
    @classmethod
    def _suits_the_protocol(cls, value: str, info: ValidationInfo) -> str:
        protocol = info.data.get("protocol")
        return _ENDPOINTS[protocol].validate_python(value) if protocol else value


class SlackChannel(Model):
    """A channel of Slack. In a private one, a member invites the app first: /invite @Amazon Q."""

    workspace: SlackWorkspaceId
    """The id of the workspace, such as T0123ABCDEF, which a person has authorized once in the console."""
    channel: SlackChannelId
    """The id of the channel, such as C0123ABCDEF: the last part of the link that Slack copies."""


class TeamsChannel(Model):
    """A channel of Microsoft Teams. The AWS provider manages one channel a team and account."""

    tenant: TeamsGuid
    """The id of the tenant: tenantId in the channel's link."""
    team: TeamsGuid
    """The id of the team, which a person has authorized once in the console: groupId in the link."""
    channel: TeamsChannelId
    """The id of the channel as it stands in its link, such as 19%3Aabc%40thread.tacv2."""


class ChatChannelSettings(Model):
    """A channel that alarms notify. It can look at alarms and metrics, and change nothing."""

    slack: SlackChannel | None = None
    """The channel of Slack. Either this or teams. Default: none."""
    teams: TeamsChannel | None = None
    """The channel of Microsoft Teams. Either this or slack. Default: none."""
    severities: Annotated[tuple[Severity, ...], Field(min_length=1), DISTINCT] = tuple(Severity)
    """Of which severities to notify. Default: all. Only with a topic for each severity."""
    region: RegionName | None = None
    """The region whose alarms notify it: an account can configure a channel once. Default: the account's
    only region."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.slack is None) == (self.teams is None):
            raise ValueError("takes either slack or teams")
        return self


class Notifications(Cascading):
    """Whom alarms notify. Each setting of an account replaces that of the defaults."""

    #: These are addresses of one account: none of the defaults' is among those that an account gives.
    replaced: ClassVar[frozenset[str]] = frozenset({"existing_topics"})

    topics: TopicLayout = TopicLayout.PER_SEVERITY
    """per-severity: a topic for each severity that has an alarm. single: one topic for all. Default:
    per-severity."""
    subscriptions: tuple[Subscription, ...] = ()
    """The endpoints to notify, on the topics created here as on existing ones. Default: none."""
    existing_topics: Mapping[Severity, TopicArn] = {}
    """ARNs of topics, by severity, that take the place of those created here. They must be in the stack's own
    region, and in its own account unless central_account says otherwise; {region}, {account_id} and
    {partition} are filled in. An account's replace the defaults' as a whole. Default: none."""
    existing_topic: TopicArn | None = None
    """The ARN of the topic for all alarms, with topics: single. Default: one is created."""
    central_account: AccountId | None = None
    """The account that the existing topics belong to, such as a security account: the policies of the topics
    and of their keys must admit the alarms of this one, and the subscriptions are set there. Default: the
    stack's own account."""
    kms_key: KmsKeyOrAliasArn | None = None
    """The ARN of the customer managed key that encrypts the topics created here, or of an alias of it; its
    policy must let cloudwatch.amazonaws.com use it. {region}, {account_id} and {partition} are filled in.
    Default: that of encryption."""
    chat: Mapping[CompositeName, ChatChannelSettings | None] = {}
    """Channels of Slack and Microsoft Teams, each under a name of your own. A person authorizes the workspace
    or team once in the console (docs/how-to/notifications.md). Merged name by name: an account's replaces the
    defaults' of that name as a whole, and null takes it away. Default: none."""
    ok_actions: StrictBool = False
    """Whether to notify also when an alarm returns to OK. Default: false."""
    unnotified: Annotated[tuple[Severity, ...], DISTINCT] = ()
    """Severities whose alarms notify nobody, on purpose: they are seen in the console only. Default: none.
    An alarm that would notify nobody and is not named here is an error."""

    @property
    def effective_chat(self) -> Mapping[str, ChatChannelSettings]:
        """The chat channels without those that are taken away again."""
        return {name: channel for name, channel in self.chat.items() if channel}
