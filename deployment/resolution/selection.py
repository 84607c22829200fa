"""What is asked for on the command line: some of a deployment's accounts and regions, or all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.errors import did_you_mean
from cli.errors import complain
from deployment.loading.deployment_file import load_sound
from deployment.loading.fleet import notices
from deployment.problem import DeploymentError, Problem
from deployment.resolution.plans import examine
from deployment.resolution.region_plan import RegionPlan


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for.

    Args:
        regions: The accounts and regions to build, in the order of the deployment.
        left_out: The accounts that something is wrong with, whether asked for or not, each with its problems.
        is_incomplete: Whether an account left out was asked for.
        notices: What is not wrong but should be known of the deployment as a whole, a sentence each.
    """

    regions: tuple[RegionPlan, ...]
    left_out: Mapping[str, tuple[Problem, ...]]
    is_incomplete: bool
    notices: tuple[str, ...]

    def without(self, problems: Iterable[Problem]) -> "Selection":
        """Return what is left to build when these problems, each of an account, came up while building."""
        left_out = dict(self.left_out)
        for problem in problems:
            account = str(problem.path[1])
            left_out[account] = (*left_out.get(account, ()), problem)
        regions = tuple(region for region in self.regions if region.account not in left_out)
        is_incomplete = self.is_incomplete or len(regions) < len(self.regions)
        return replace(self, regions=regions, left_out=left_out, is_incomplete=is_incomplete)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the accounts left out, each thing once."""
        return tuple(dict.fromkeys(problem for of_one in self.left_out.values() for problem in of_one))

    def report_left_out(self) -> None:
        """Report on standard error the accounts left out and what is wrong with them."""
        if self.left_out:
            complain(*map(str, self.problems), f"left out: {', '.join(self.left_out)}")


def selected(
    path: str | Path,
    *,
    accounts: Sequence[str] = (),
    regions: Sequence[str] = (),
    continue_on_error: bool = False,
) -> Selection:
    """Read a deployment file and return what is asked for.

    Args:
        path: The file.
        accounts: The names of the accounts; none: all of them.
        regions: The names of the regions; none: all of them.
        continue_on_error: Whether accounts that something is wrong with are left out rather than refused.

    Raises:
        DeploymentError: The file must not be deployed, or has no such account or region.
    """
    deployment, left_out = load_sound(path)
    refused = bool(left_out) and not continue_on_error
    # Loading has told what is wrong; that nobody watches an event may be since its account is left out.
    watched, _ = examine(deployment, complete=False)
    asked = [name for name in accounts if name not in left_out]
    # Of a region that no account watches which is left out, nobody can say here that none does.
    names = () if refused else regions
    unknown = [Problem((), problem) for problem in _unknown(asked, names, watched)]
    selection = Selection(
        regions=_chosen(watched, asked, regions),
        left_out=left_out,
        is_incomplete=len(asked) < len(accounts) if accounts else bool(left_out),
        notices=tuple(notices(deployment)),
    )
    if refused or unknown or (accounts and not asked):
        raise DeploymentError([*selection.problems, *unknown])
    return selection


def _chosen(
    regions: Iterable[RegionPlan], accounts: Sequence[str], names: Sequence[str]
) -> tuple[RegionPlan, ...]:
    return tuple(
        region
        for region in regions
        if (not accounts or region.account in accounts) and (not names or region.region_name in names)
    )


def _unknown(accounts: Sequence[str], names: Sequence[str], regions: Sequence[RegionPlan]) -> Iterator[str]:
    """Tell each name that stands for nothing, rather than building less than was asked for."""
    known_accounts = dict.fromkeys(region.account for region in regions)
    known_names = dict.fromkeys(region.region_name for region in regions)
    for account in accounts:
        if account not in known_accounts:
            yield f"--account {account}: there is no such account{did_you_mean(account, known_accounts)}"
        elif not _chosen(regions, [account], names):
            has = ", ".join(region.region_name for region in _chosen(regions, [account], []))
            yield f"--account {account}: is watched in none of these regions, but in {has}"
    for name in names:
        if name not in known_names:
            yield f"--region {name}: no account is watched there{did_you_mean(name, known_names)}"
        elif not _chosen(regions, accounts, [name]):
            yield f"--region {name}: none of these accounts is watched there"
