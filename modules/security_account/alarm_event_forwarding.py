"""The alarms' changes of state, sent to a security account's event bus."""

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from deployment.aws.arn import format_arn
from modules.encryption.policy_document import policy_document

#: What CloudWatch puts on the default bus of the alarm's account when an alarm's state changes.
ALARM_STATE_CHANGE = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}
#: Characters of an event pattern (EventBridge quotas).
MAXIMUM_PATTERN = 2048


class AlarmEventForwarding(Construct):
    """A rule that sends every change of state of chosen alarms to an event bus of any account and region.

    EventBridge assumes a role of this account to put the events there, which needs the consent of both ends:
    the role's, given here, and the bus's own policy (see ``CentralEventBus``).

    Args:
        scope: The construct to put it under.
        id: Its id there.
        rule_name: The rule's name, at most 64 characters.
        role_name: The role's name, at most 64 characters, unique in the account.
        account_id: The account of the alarms.
        region: The region of the alarms.
        event_bus_arn: The bus to send to.
        alarm_name_prefix: What the names of the alarms begin with.
        further_alarm_names: The names of alarms that begin otherwise.

    Raises:
        ValueError: The further names do not fit into an event pattern.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rule_name: str,
        role_name: str,
        account_id: str,
        region: str,
        event_bus_arn: str,
        alarm_name_prefix: str,
        further_alarm_names: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        pattern = json.dumps(
            ALARM_STATE_CHANGE
            | {"detail": {"alarmName": [{"prefix": alarm_name_prefix}, *further_alarm_names]}}
        )
        if len(pattern) > MAXIMUM_PATTERN:
            raise ValueError(
                f"rule {rule_name}: its event pattern has {len(pattern):,} characters, over the "
                f"{MAXIMUM_PATTERN:,} that EventBridge takes; let fewer alarms keep a name of their own"
            )
        rule_arn = format_arn("events", region, account_id, f"rule/{rule_name}")
        role = IamRole(
            self,
            "role",
            name=role_name,
            description="Lets EventBridge send the changes of security alarms to the central event bus",
            assume_role_policy=policy_document(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": account_id},
                        "ArnEquals": {"aws:SourceArn": rule_arn},
                    },
                }
            ),
        )
        policy = IamRolePolicy(
            self,
            "policy",
            name=role_name,
            role=role.name,
            policy=policy_document(
                {
                    "Sid": "SendAlarmEvents",
                    "Effect": "Allow",
                    "Action": "events:PutEvents",
                    "Resource": event_bus_arn,
                }
            ),
        )
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=rule_name,
            description="Changes of state of the alarms of Windows security events",
            event_pattern=pattern,
        )
        CloudwatchEventTarget(
            self,
            "target",
            target_id="central-event-bus",
            rule=rule.name,
            arn=event_bus_arn,
            role_arn=role.arn,
            depends_on=[policy],
        )
