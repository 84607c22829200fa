"""What people look at in the console: the dashboard and the saved queries. Alarms ring without them, too."""

from collections.abc import Iterator

from deployment import RegionPlan
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.checks.check import Check, judged

_MISSING = "does not exist: apply the stack again"


def check_dashboard(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check that the dashboard is there."""
    if not region.settings.dashboard:
        return
    name = region.names.dashboard
    pages = account.client("cloudwatch").get_paginator("list_dashboards").paginate(DashboardNamePrefix=name)
    found = {each["DashboardName"] for page in pages for each in page["DashboardEntries"]}
    yield judged("dashboard", name, warnings=() if name in found else [_MISSING], ok="there")


def check_saved_queries(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check that each event's saved query is there."""
    found = {each["name"] for each in account.saved_queries(f"{region.names.name}/")}
    for event in region.events:
        name = region.names.saved_query(event.family, event.key)
        yield judged("saved query", name, warnings=() if name in found else [_MISSING], ok="there")
