"""The policies that a role needs, by account."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deployment.permissions import PermissionRole
from deployment.permissions.grants import characters, policies
from deployment.permissions.roles import grants
from deployment.resolution.region_plan import RegionPlan


@dataclass(frozen=True, slots=True)
class AccountPolicy:
    """A managed policy for a role in one account; several are attached to the role together.

    Args:
        account: The account's name in the deployment.
        account_id: Its id.
        name: A name for the policy.
        document: The policy.
    """

    account: str
    account_id: str
    name: str
    document: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON, with its length as IAM counts it."""
        return {
            "account": self.account,
            "account_id": self.account_id,
            "name": self.name,
            "characters": characters(self.document),
            "policy": self.document,
        }


def account_policies(regions: Iterable[RegionPlan], role: PermissionRole) -> list[AccountPolicy]:
    """Return the policies that a role needs in each account, for all of the account's regions."""
    by_account: dict[str, list[RegionPlan]] = {}
    for region in regions:
        by_account.setdefault(region.account, []).append(region)
    found = []
    for account, plans in by_account.items():
        documents = policies(grant for plan in plans for grant in grants(plan, role))
        for number, document in enumerate(documents, 1):
            suffix = f"-{number}" if len(documents) > 1 else ""
            name = f"{plans[0].names.name}-{role.value}{suffix}"
            found.append(AccountPolicy(account, plans[0].account_id, name, document))
    return found
