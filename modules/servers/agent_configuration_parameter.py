"""The CloudWatch agent's configuration in Parameter Store."""

import hashlib
from collections.abc import Mapping
from typing import Any

from cdktf import DefaultTokenResolver, StringConcat, Token, Tokenization
from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter
from constructs import Construct

from catalog import minified
from catalog.derived.agent_configuration import PARAMETER_PREFIX
from deployment.aws.limits import ADVANCED_PARAMETER_BYTES
from modules.terraform.escape_template import escape_template
from modules.terraform.replacement import replaced_with

#: Bytes that a parameter of the tier Standard holds (PutParameter).
STANDARD_BYTES = 4096


class AgentConfigurationParameter(Construct):
    """A parameter that holds the agent's configuration, minified, in the cheapest tier it fits.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The parameter's name; it must begin with ``AmazonCloudWatch-``.
        configuration: The agent's configuration, such as ``catalog.derived.agent_configuration`` returns.
        kms_key_arn: A key to encrypt with, as a SecureString; None for a plain String. The configuration
            holds no secret.
        adopted: Whether a parameter of that name exists already, as the wizard stores it, and is imported. It
            stays a String, which Parameter Store does not turn into a SecureString, and keeps its tier.

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
    ) -> None:
        super().__init__(scope, id)
        value = minified(configuration)
        size = len(value.encode())
        if not name.startswith(PARAMETER_PREFIX):
            raise ValueError(
                f"parameter {name}: the name must begin with {PARAMETER_PREFIX}, or no agent may read it"
            )
        if size > ADVANCED_PARAMETER_BYTES:
            raise ValueError(
                f"parameter {name}: the agent's configuration has {size:,} bytes, over the "
                f"{ADVANCED_PARAMETER_BYTES:,} that Parameter Store takes; watch fewer events, or shorten "
                "the prefix of the log groups"
            )
        if "{{" in value:
            raise ValueError(f"parameter {name}: Parameter Store takes no value with {{{{ in it")
        tier = "Standard" if size <= STANDARD_BYTES else "Advanced"
        stored = {"type": "String", "tier": tier}
        if adopted:
            # An advanced parameter cannot become a standard one: this tier leaves either as it is, and grows
            # where it must.
            stored = {"type": "String", "tier": "Intelligent-Tiering"}
        elif kms_key_arn:
            stored = {"type": "SecureString", "key_id": kms_key_arn, "tier": tier}
        self.resource = SsmParameter(
            self,
            "parameter",
            name=name,
            description="Configuration of the CloudWatch agent on monitored Windows servers",
            # Not insecure_value, which the provider never writes over an imported one.
            value=escape_template(value),
            # Parameter Store does not change the type of a parameter (PutParameter).
            lifecycle=replaced_with(self, stored["type"]),
            **stored,
        )
        self.name: str = self.resource.name
        self.arn: str = self.resource.arn
        #: Changes with the configuration, and with nothing else: tokens are numbered anew at each synthesis.
        self.content_hash = hashlib.sha256(self._resolved(value).encode()).hexdigest()[:8]

    def _resolved(self, value: str) -> str:
        if not Token.is_unresolved(value):
            return value
        resolver = DefaultTokenResolver(StringConcat())
        return str(Tokenization.resolve(value, scope=self, resolver=resolver, preparing=False))
