"""What a deployment file comes to: the plans of its regions, and the accounts that are left out of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from catalog.errors import did_you_mean
from cli.errors import complain
from deployment.problem import DeploymentError, Problem
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.deployment import Deployment


@dataclass(frozen=True, slots=True)
class DeploymentPlan:
    """A deployment with everything that its settings come to.

    Args:
        deployment: The settings, without the accounts left out.
        regions: The plan of each region of each account, in the order of the deployment.
        left_out: The accounts that have errors, whether they are requested or not; an account of the
            organization by its name there, with its id.
        problems: Everything that is wrong with the accounts left out, in the order of the lines.
        notices: What is not wrong but should be known of the deployment as a whole, a sentence each.
        is_incomplete: Whether a requested account is left out.
    """

    deployment: Deployment
    regions: tuple[RegionPlan, ...]
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    is_incomplete: bool

    def without(self, problems: Iterable[Problem]) -> "DeploymentPlan":
        """Return what is left when these problems, each of an account, came up later, as while building."""
        problems = tuple(problems)
        left_out = dict.fromkeys((*self.left_out, *(str(problem.path[1]) for problem in problems)))
        regions = tuple(region for region in self.regions if region.account not in left_out)
        return replace(
            self,
            regions=regions,
            left_out=tuple(left_out),
            problems=tuple(dict.fromkeys((*self.problems, *problems))),
            is_incomplete=self.is_incomplete or len(regions) < len(self.regions),
        )

    def report_left_out(self) -> None:
        """Report on standard error the accounts left out and what is wrong with them."""
        if self.left_out:
            complain(*map(str, self.problems), f"left out: {', '.join(self.left_out)}")

    def only(self, accounts: Sequence[str], regions: Sequence[str]) -> "DeploymentPlan":
        """Return the plan with the regions of these accounts only.

        Args:
            accounts: The names of the accounts; none: all of them.
            regions: The names of the regions; none: all of them.

        Raises:
            DeploymentError: There is no such account or region, or all these accounts are left out.
        """
        sound = [name for name in accounts if name not in self.left_out]
        unknown = [Problem((), problem) for problem in _unknown(sound, regions, self.regions)]
        if unknown or (accounts and not sound):
            raise DeploymentError([*self.problems, *unknown])
        return replace(
            self,
            regions=_chosen(self.regions, sound, regions),
            is_incomplete=len(sound) < len(accounts) if accounts else self.is_incomplete,
        )


def _chosen(
    regions: Iterable[RegionPlan], accounts: Sequence[str], names: Sequence[str]
) -> tuple[RegionPlan, ...]:
    return tuple(
        region
        for region in regions
        if (not accounts or region.account in accounts) and (not names or region.region_name in names)
    )


def _unknown(accounts: Sequence[str], names: Sequence[str], regions: Sequence[RegionPlan]) -> Iterator[str]:
    """Yield what is wrong with each name that stands for nothing: less than requested is never built."""
    known_accounts = dict.fromkeys(region.account for region in regions)
    known_names = dict.fromkeys(region.region_name for region in regions)
    for account in accounts:
        if account not in known_accounts:
            yield f"account {account}: there is no such account{did_you_mean(account, known_accounts)}"
        elif not _chosen(regions, [account], names):
            has = ", ".join(region.region_name for region in _chosen(regions, [account], []))
            yield f"account {account}: is watched in none of these regions, but in {has}"
    for name in names:
        if name not in known_names:
            yield f"region {name}: no account is watched there{did_you_mean(name, known_names)}"
        elif not _chosen(regions, accounts, [name]):
            yield f"region {name}: none of these accounts is watched there"
