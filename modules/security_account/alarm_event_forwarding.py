"""The alarms' changes of state, sent to a security account's event bus."""

import json
from collections.abc import Sequence

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from deployment.resources.security_account import alarm_event_rule_of
from modules.terraform.providers import use_provider


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
        further_alarm_names: The names of alarms that begin otherwise. Default: none.
        role_path: The role's path. Default: /.
        permissions_boundary: The ARN of the role's permissions boundary. Default: none.
        provider: The AWS provider of its resources. Default: the stack's.

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
        role_path: str = "/",
        permissions_boundary: str | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        spec = alarm_event_rule_of(
            rule_name=rule_name,
            role_name=role_name,
            account_id=account_id,
            region=region,
            event_bus_arn=event_bus_arn,
            alarm_name_prefix=alarm_name_prefix,
            other_alarm_names=further_alarm_names,
            role_path=role_path,
            permissions_boundary=permissions_boundary,
        )
        role = IamRole(
            self,
            "role",
            name=spec.role.name,
            description=spec.role.description,
            assume_role_policy=spec.role.trust_policy,
            path=spec.role.written_path,
            permissions_boundary=spec.role.permissions_boundary,
        )
        policy = IamRolePolicy(
            self, "policy", name=spec.role.name, role=role.name, policy=spec.role.inline_policy
        )
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=spec.name,
            description=spec.description,
            event_pattern=json.dumps(spec.pattern),
        )
        CloudwatchEventTarget(
            self,
            "target",
            target_id=spec.target_id,
            rule=rule.name,
            arn=spec.event_bus_arn,
            role_arn=role.arn,
            depends_on=[policy],
        )
