"""With whose key everything is encrypted."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, StrictBool

from deployment.model import Cascading
from deployment.templates import fill
from deployment.values import KmsKeyArn


class Encryption(Cascading):
    """The customer managed key of log groups, topics, the agent's parameter and the output bucket."""

    customer_managed: StrictBool = True
    """Whether a customer managed key encrypts them. false: the keys that AWS owns. Default: true."""
    key: KmsKeyArn | None = None
    """The ARN of a key that exists already, whose policy admits CloudWatch Logs and CloudWatch; {region},
    {account_id} and {partition} are filled in. Default: a key is made."""

    def filled(self, stack: Mapping[str, str]) -> Self:
        """Return it for one stack; ``stack`` holds the values of the placeholders."""
        return self.model_copy(update={"key": fill(self.key, stack) if self.key else None})


def _from_word(value: Any) -> Any:
    return {"customer_managed": False} if value == "none" else value


#: The encryption; ``none`` for the keys that AWS owns.
EncryptionOrNone = Annotated[
    Encryption,
    BeforeValidator(_from_word, json_schema_input_type=Literal["none"] | Encryption),
]
