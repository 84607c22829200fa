"""The policies that a role needs, by account."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deployment.aws.arn import parse_arn
from deployment.aws.policies import Statement, policy
from deployment.permissions import PermissionRole
from deployment.permissions.grants import characters, policies
from deployment.permissions.roles import grants
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.encryption_key import existing_key_statements


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


def key_policies(regions: Iterable[RegionPlan]) -> dict[str, dict[str, Any]]:
    """Return the policy that each key named in the settings needs, by its ARN."""
    users: dict[str, list[RegionPlan]] = {}
    for region in regions:
        settings = region.settings
        for key in dict.fromkeys([settings.encryption.key, settings.notifications.kms_key]):
            if key:
                users.setdefault(key, []).append(region)
    found = {}
    for key, plans in users.items():
        arn = parse_arn(key)
        assert arn, key
        of_all = [plan for plan in plans if plan.settings.encryption.key == key]
        statements: list[Statement] = existing_key_statements(plans, arn.account_id, encrypts_logs=of_all)
        found[key] = policy(*statements)
    return found
