"""The role by which an account is entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from deployment.settings.model import Model
from deployment.settings.types.roles import ExternalId, RoleReference, SessionName


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """A role of a certain account, ready to be assumed."""

    arn: str
    external_id: str | None = None
    session_name: str | None = None


class AssumeRole(Model):
    """The role to assume, and what it asks of who assumes it."""

    role: RoleReference
    """The role's ARN, or its name in the account. {account_id}, {account}, {region}, {partition} and {name}
    are filled in."""
    external_id: ExternalId | None = None
    """The external id that the role's trust policy asks for. Default: none."""
    session_name: SessionName | None = None
    """The name of the session, as it stands in CloudTrail. Default: one that Terraform makes up."""

    def in_account(self, stack: Mapping[str, str]) -> AssumedRole:
        """Return the role for one stack; ``stack`` holds the values of the placeholders."""
        role = self.role
        if not role.startswith("arn:"):
            role = f"arn:{stack['partition']}:iam::{stack['account_id']}:role/{role}"
        return AssumedRole(role, self.external_id, self.session_name)


def _from_name(value: Any) -> Any:
    return {"role": value} if isinstance(value, str) else value


#: A role to assume; its name or ARN alone will do.
RoleToAssume = Annotated[AssumeRole, BeforeValidator(_from_name, json_schema_input_type=str | AssumeRole)]
