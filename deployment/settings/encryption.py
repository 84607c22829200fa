"""With whose key everything is encrypted."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, StrictBool, model_validator

from deployment.settings.model import Cascading
from deployment.settings.types.arns import KmsKeyArn


class EncryptionSettings(Cascading):
    """The customer managed key of log groups, topics, the agent's parameter and the output bucket."""

    customer_managed: StrictBool = True
    """Whether a customer managed key encrypts them: that of key, the defaults' included, or else one made
    here. false: the keys that AWS owns, whatever key the defaults name. Default: true."""
    key: KmsKeyArn | None = None
    """The ARN of a key that exists already, not of its alias; its policy admits CloudWatch Logs and
    CloudWatch. {region}, {account_id} and {partition} are filled in. null in an account: one is made, in
    place of the defaults'. Default: a key is created."""

    @model_validator(mode="before")
    @classmethod
    def _says_both(cls, value: Any) -> Any:
        """Let either setting say what it means for the other, for which the defaults' would count."""
        if not isinstance(value, Mapping):
            return value
        if value.get("key") is not None:
            return {"customer_managed": True, **value}
        return {**value, "key": None} if value.get("customer_managed") is False else value

    @model_validator(mode="after")
    def _uses_a_key_or_none(self) -> Self:
        if self.key and not self.customer_managed:
            raise ValueError(
                "names a key, and 'customer_managed: false' says that none is used: leave one out"
            )
        return self


def _from_word(value: Any) -> Any:
    return {"customer_managed": False} if value == "none" else value


#: The encryption; ``none`` for the keys that AWS owns.
EncryptionOrNone = Annotated[
    EncryptionSettings,
    BeforeValidator(_from_word, json_schema_input_type=Literal["none"] | EncryptionSettings),
]
