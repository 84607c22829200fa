"""The dashboard and the saved queries: alarms fire without them, too, so that one missing is a warning."""

from collections.abc import Iterator

from deployment import RegionPlan
from deployment.resources.dashboard import dashboard
from deployment.resources.saved_queries import saved_queries
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.result import Check, judged

_MISSING = "does not exist: apply the stack again"


def check_dashboard(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check that the dashboard exists."""
    spec = dashboard(region)
    if spec is None:
        return
    name = spec.name
    pages = account.client("cloudwatch").get_paginator("list_dashboards").paginate(DashboardNamePrefix=name)
    found = {each["DashboardName"] for page in pages for each in page["DashboardEntries"]}
    yield judged("dashboard", name, warnings=() if name in found else [_MISSING], ok="exists")


def check_saved_queries(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check that each event's saved query exists."""
    found = {each["name"] for each in account.saved_queries(f"{region.names.name}/")}
    for spec in saved_queries(region):
        warnings = () if spec.name in found else [_MISSING]
        yield judged("saved query", spec.name, warnings=warnings, ok="exists")
