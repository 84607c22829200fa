"""The topics that carry alarms to their recipients, and the functions that are called."""

from collections.abc import Sequence
from dataclasses import dataclass

from deployment.aws.arn import format_arn
from deployment.aws.policies import (
    CLOUDWATCH,
    CLOUDWATCH_TO_FUNCTIONS,
    EVENTBRIDGE,
    SNS,
    Statement,
    alarm_condition,
)
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.notifications import Protocol, Subscription

PUBLISH = "sns:Publish"
INVOKE_FUNCTION = "lambda:InvokeFunction"


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic.

    Args:
        name: Its name; of one that exists already, its ARN's last part.
        arn: Its ARN.
        subscriptions: The endpoints subscribed to it.
        existing: Whether somebody else manages it; only its subscriptions are the deployment's, then.
        encrypted: Whether a customer managed key encrypts it; of one that exists, somebody else decides.
    """

    name: str
    arn: str
    subscriptions: tuple[Subscription, ...]
    existing: bool
    encrypted: bool


def topics(plan: RegionPlan) -> tuple[TopicSpec, ...]:
    """Return the topics of a region, from the least severity to the most."""
    settings = plan.settings
    encrypted = settings.notifications.kms_key is not None or settings.encryption.customer_managed
    return tuple(
        TopicSpec(
            name=topic.name,
            arn=plan.topic_arn(topic),
            subscriptions=topic.subscriptions,
            existing=topic.existing_arn is not None,
            encrypted=encrypted and topic.existing_arn is None,
        )
        for topic in plan.topics
    )


def topic_statements(
    topic_arn: str, account_ids: Sequence[str], region: str, *, event_rules: bool = False
) -> list[Statement]:
    """Return the policy of a topic: alarms of these accounts may publish, and rules of EventBridge if asked.

    Which rules, a topic's policy cannot say: EventBridge shows it neither account nor rule (EventBridge user
    guide, resource-based policies).
    """
    statements: list[Statement] = [
        {
            "Sid": "AlarmsOfThisAccount" if len(account_ids) == 1 else "AlarmsOfTheseAccounts",
            "Effect": "Allow",
            "Principal": {"Service": CLOUDWATCH},
            "Action": PUBLISH,
            "Resource": topic_arn,
            "Condition": alarm_condition(account_ids, region),
        }
    ]
    if event_rules:
        statements.append(
            {
                "Sid": "EventRules",
                "Effect": "Allow",
                "Principal": {"Service": EVENTBRIDGE},
                "Action": PUBLISH,
                "Resource": topic_arn,
            }
        )
    return statements


@dataclass(frozen=True, slots=True)
class FunctionPermissionSpec:
    """What lets a service call a Lambda function, an alias or a version.

    Args:
        function_arn: The ARN that is called, with its qualifier.
        principal: The service.
        source_arn: What the service calls it for; ``*`` stands for any characters.
        source_account: The account of that; None where ``source_arn`` says it.
    """

    function_arn: str
    principal: str
    source_arn: str
    source_account: str | None = None

    @property
    def function_name(self) -> str:
        """The function's ARN without a qualifier."""
        *unqualified, _ = self.function_arn.split(":")
        return ":".join(unqualified) if self._is_qualified else self.function_arn

    @property
    def qualifier(self) -> str | None:
        """The alias or version. Lambda takes no permission for $LATEST: that of the function is the one."""
        last = self.function_arn.rpartition(":")[2]
        return last if self._is_qualified and last != "$LATEST" else None

    @property
    def _is_qualified(self) -> bool:
        return self.function_arn.count(":") == 7


def topic_calls_function(function_arn: str, topic_arn: str) -> FunctionPermissionSpec:
    """Return the permission for a topic to deliver to a subscribed function."""
    return FunctionPermissionSpec(function_arn, SNS, topic_arn)


def alarms_call_function(function_arn: str, *, region: str, account_id: str) -> FunctionPermissionSpec:
    """Return the permission for alarms to call a function (CloudWatch user guide, Lambda actions)."""
    source_arn = format_arn("cloudwatch", region, account_id, "alarm:*")
    return FunctionPermissionSpec(function_arn, CLOUDWATCH_TO_FUNCTIONS, source_arn, account_id)


#: What SNS calls to deliver to an endpoint that has a policy of its own.
DELIVERY_ACTIONS = {Protocol.SQS: "sqs:SendMessage", Protocol.LAMBDA: INVOKE_FUNCTION}
