"""The CloudWatch agent's configuration in Parameter Store."""

import hashlib
from collections.abc import Mapping
from typing import Any

from cdktf import DefaultTokenResolver, StringConcat, TerraformProvider, Token, Tokenization
from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter
from constructs import Construct

from deployment.resources.agent_configuration import parameter_of
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider
from modules.terraform.replacement import replaced_with


class AgentConfigurationParameter(Construct):
    """A parameter that holds the agent's configuration, minified, in the cheapest tier it fits.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The parameter's name; it must begin with ``AmazonCloudWatch-``.
        configuration: The agent's configuration, such as ``catalog.derived.agent_configuration`` returns.
        kms_key_arn: A key to encrypt with. Default: that of AWS for Parameter Store; the configuration holds
            no secret. Another key is a change in place.
        adopted: Whether a parameter of that name exists already, as the wizard stores it, and is imported. It
            stays a String, and keeps its tier. Default: false.
        provider: The AWS provider of its resources. Default: the stack's.

    Raises:
        ValueError: The name lacks the prefix, or the configuration does not fit or cannot be stored.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        configuration: Mapping[str, Any],
        kms_key_arn: str | None = None,
        adopted: bool = False,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        spec = parameter_of(configuration, name=name, kms_key_arn=kms_key_arn, adopted=adopted)
        self.resource = SsmParameter(
            self,
            "parameter",
            name=spec.name,
            description=spec.description,
            # Not insecure_value, which the provider never writes over an imported one.
            value=escape_template(spec.value),
            type=spec.type,
            tier=spec.tier,
            key_id=spec.key_id,
            # Parameter Store does not change the type of a parameter (PutParameter).
            lifecycle=replaced_with(self, spec.type),
        )
        self.name: str = self.resource.name
        self.arn: str = self.resource.arn
        #: Changes with the configuration, and with nothing else: tokens are numbered anew at each synthesis.
        self.content_hash = hashlib.sha256(self._resolved(spec.value).encode()).hexdigest()[:8]

    def _resolved(self, value: str) -> str:
        if not Token.is_unresolved(value):
            return value
        resolver = DefaultTokenResolver(StringConcat())
        return str(Tokenization.resolve(value, scope=self, resolver=resolver, preparing=False))
