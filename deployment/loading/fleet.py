"""The accounts that a deployment takes from the export of an organization, and those that it does not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from deployment.problem import KeyPath, Problem
from deployment.settings.deployment import Account, Deployment, Organization, Unmatched
from deployment.settings.organization import Member


def member_place(index: int) -> KeyPath:
    """Return the place of an account in the export."""
    return ("organization", "export", "Accounts", index)


def with_members(
    deployment: Deployment, entries: Mapping[str, str]
) -> tuple[Deployment, dict[str, int], list[Problem]]:
    """Return the deployment with the accounts that its organization adds.

    Args:
        deployment: The deployment, with its own accounts only.
        entries: The ids of all accounts that have an entry, by name, also of those that are malformed and
            not in the deployment; "" where nobody knows it. For these nothing is added.

    Returns:
        The deployment, the accounts added, each with its index in the export, and what is wrong with others.
    """
    organization = deployment.organization
    if organization is None:
        return deployment, {}, []
    accounts = dict(deployment.accounts)
    added: dict[str, int] = {}
    problems: list[Problem] = []
    own_ids = frozenset(entries.values())
    taken = {name: f"accounts.{name}" for name in entries}
    for index, member in enumerate(organization.export.accounts):
        if not member.is_active:
            continue
        problem = _undecided(member, organization, has_entry=member.id in own_ids)
        if problem is None and member.id not in own_ids and why_left_out(member, organization) is None:
            name = member.account_name
            if other := taken.get(name):
                problem = (
                    f"{member} would be called {name}, as {other} is: give it an entry under accounts, with "
                    "its id and another name"
                )
            else:
                taken[name], added[name], accounts[name] = str(member), index, Account(id=member.id)
        if problem:
            problems.append(Problem(member_place(index), problem))
    if not accounts and not problems:
        problems.append(Problem(("organization",), "no account is left to watch"))
    return deployment.model_copy(update={"accounts": accounts}), added, problems


def notices(deployment: Deployment) -> Iterator[str]:
    """Tell which accounts of the organization are left out, and which rules match none."""
    organization = deployment.organization
    if organization is None:
        return
    own_ids = {account.id for account in deployment.accounts.values()}
    left_out = defaultdict(list)
    for member in organization.export.accounts:
        if member.id not in own_ids and (why := why_left_out(member, organization)):
            left_out[why].append(str(member))
    for why, members in left_out.items():
        yield f"organization: left out, since {why}: {', '.join(members)}"
    for index, rule in enumerate(organization.rules):
        if not any(map(rule.matches, organization.export.accounts)):
            yield f"organization: rules[{index}] matches no account"


def why_left_out(member: Member, organization: Organization) -> str | None:
    """Return why an account without an entry of its own is not watched; None where it is."""
    if not member.is_active:
        return f"AWS says {member.state or member.status}"
    rules = organization.rules_of(member.id)
    skips = [index for index in rules if organization.rules[index].skip is not None]
    if skips and organization.rules[skips[-1]].skip:
        return f"rules[{skips[-1]}] says so"
    return "no rule matches" if not rules and organization.unmatched is Unmatched.LEAVE_OUT else None


def _undecided(member: Member, organization: Organization, *, has_entry: bool) -> str | None:
    """Return why it is not known whether, or how, an account is to be watched."""
    for index, rule in enumerate(organization.rules):
        if lacking := rule.lacks(member):
            return (
                f"{member} is without {lacking}, which organization.rules[{index}] asks for: add it to the "
                "export"
            )
    unmatched = not has_entry and not organization.rules_of(member.id)
    if unmatched and organization.unmatched is Unmatched.ERROR:
        return (
            f"no rule matches {member}: add a rule, or say what becomes of such accounts: "
            "'unmatched: watch' or 'unmatched: leave-out', under organization"
        )
    return None
