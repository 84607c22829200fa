"""The rule that reports a server on which an association failed."""

import json
from collections.abc import Sequence

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetInputTransformer,
)
from constructs import Construct

from deployment.resources.association_failures import AssociationFailureRuleSpec
from modules.servers.associations import Association
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


class AssociationFailureRule(Construct):
    """Notifies a topic when an association fails on a server, and names the server.

    The topic's policy, and that of its key, must let ``events.amazonaws.com`` publish (``AlarmTopic`` and
    ``EncryptionKey`` with ``event_rules``). A server that Systems Manager does not reach has no run and hence
    no event: ``python -m verify`` finds those.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        spec: The rule.
        associations: The associations that it reports, at least one.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: AssociationFailureRuleSpec,
        associations: Sequence[Association],
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=spec.name,
            description=spec.description,
            event_pattern=json.dumps(spec.pattern([each.resource.association_id for each in associations])),
        )
        CloudwatchEventTarget(
            self,
            "target",
            target_id=spec.target_id,
            rule=rule.name,
            arn=spec.topic_arn,
            input_transformer=CloudwatchEventTargetInputTransformer(
                input_paths=dict(spec.input_paths), input_template=escape_template(spec.input_template)
            ),
        )
