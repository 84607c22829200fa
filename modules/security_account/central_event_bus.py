"""A security account's event bus for the alarms of many accounts and regions."""

import json
from collections.abc import Sequence

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus
from cdktf_cdktf_provider_aws.cloudwatch_event_bus_policy import CloudwatchEventBusPolicy
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from constructs import Construct

from deployment import partition
from deployment.aws.policies import policy_document
from deployment.resources.security_account import ALARM_STATE_CHANGE
from modules.terraform.providers import use_provider

#: Characters of an event bus's policy (EventBridge quotas).
MAXIMUM_POLICY = 10_240


class CentralEventBus(Construct):
    """An event bus on which named accounts put their alarms' changes of state, from any region.

    The other accounts name it under ``central.event_bus``. What arrives is the change as CloudWatch wrote it,
    with account, region, alarm and its description, as JSON for programs; a rule hands each alarm that fires
    to a topic. Further rules and targets are added like this one.

    Args:
        scope: The construct to put it under, in a stack of the security account.
        id: Its id there.
        name: The bus's name, at most 60 letters, digits, hyphens and underscores.
        region: The region of the stack.
        accounts: The accounts that may send.
        topic_arn: A topic that receives each alarm that fires; its policy must admit EventBridge, as that
            of a ``CentralTopic`` with ``event_rules`` does. None for no rule.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        arn: The bus's ARN.
        name: Its name, for further rules.

    Raises:
        ValueError: There are no accounts, or more than fit into the bus's policy.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        region: str,
        accounts: Sequence[str],
        topic_arn: str | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        bus = CloudwatchEventBus(self, "bus", name=name)
        self.arn: str = bus.arn
        self.name: str = bus.name
        senders = [f"arn:{partition(region)}:iam::{each}:root" for each in sorted({*accounts})]
        policy = policy_document(
            {
                "Sid": "AlarmsOfTheseAccounts",
                "Effect": "Allow",
                "Principal": {"AWS": senders},
                "Action": "events:PutEvents",
                "Resource": self.arn,
            }
        )
        if not accounts or len(policy) > MAXIMUM_POLICY:
            raise ValueError(
                f"event bus {name}: its policy takes 1 account to as many as fit into {MAXIMUM_POLICY:,} "
                f"characters, not {len(accounts)}"
            )
        CloudwatchEventBusPolicy(self, "policy", event_bus_name=self.name, policy=policy)
        if topic_arn is None:
            return
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=f"{name}-rings",
            description="Alarms of any account that go to ALARM",
            event_bus_name=self.name,
            event_pattern=json.dumps(ALARM_STATE_CHANGE | {"detail": {"state": {"value": ["ALARM"]}}}),
        )
        CloudwatchEventTarget(
            self,
            "target",
            target_id="topic",
            event_bus_name=self.name,
            rule=rule.name,
            arn=topic_arn,
        )
