"""Stacks that would share a name, a state or a bucket."""

from collections.abc import Iterable, Iterator

from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.state import S3Backend


def of_all(regions: Iterable[tuple[RegionPlan, Origin]]) -> Iterator[Problem]:
    """Check that no two stacks collide."""
    by_place: dict[tuple[str, str], Origin] = {}
    by_name: dict[str, Origin] = {}
    by_state: dict[str, RegionPlan] = {}
    account_of_bucket: dict[str, str] = {}
    for region, origin in regions:
        other = by_place.setdefault((region.account_id, region.region_name), origin)
        if other.account != origin.account:
            yield Problem(
                (*origin.here, "id"),
                f"{region.account_id} is monitored in {region.region_name} by accounts.{other.account} "
                "already: their roles, topics and alarms would have the same names",
            )
        other = by_name.setdefault(region.stack_name, origin)
        if other.account != origin.account:
            yield Problem(
                origin.here,
                f"its stack {region.stack_name} would have the name of one of accounts.{other.account}",
            )
        first = by_state.setdefault(str(region.state), region)
        if first.stack_name != region.stack_name:
            yield Problem(
                origin.location_of("state", "workspace"),
                f"{first.stack_name} and {region.stack_name} would share the state {region.state}: "
                "put {account} and {region} into the workspace's name",
            )
        if isinstance(region.state, S3Backend) and region.state.create_bucket:
            owner = account_of_bucket.setdefault(region.state.bucket, region.account_id)
            if owner != region.account_id:
                yield Problem(
                    origin.location_of("state", "bucket"),
                    f"{region.state.bucket} would be made in account {owner} and in {region.account_id}: "
                    "put {account_id} into the name, or make it yourself and set 'create_bucket: false'",
                )
