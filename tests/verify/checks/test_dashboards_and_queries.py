from collections.abc import Callable
from typing import Any

from botocore.stub import Stubber

from deployment import RegionPlan
from tests.verify.deployed import put_dashboard, put_saved_queries
from verify import Status, Window
from verify.access.account import AccountAccess
from verify.checks.dashboards_and_queries import check_dashboard, check_saved_queries

Client = Callable[[str], Any]
DASHBOARD = "windows-security-eu-west-1"
QUERY = "windows-security/account/user-account-created"


def statuses(region: RegionPlan, account: AccountAccess) -> dict[str, Status]:
    checks = (check_dashboard, check_saved_queries)
    return {each.resource: each.status for check in checks for each in check(region, account, Window(24))}


def test_dashboard_and_saved_queries_as_deployed_are_in_order(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_dashboard(client("cloudwatch"), region)
    put_saved_queries(client("logs"), region)

    found = statuses(region, account)

    assert len(found) == 1 + len(region.events)
    assert set(found.values()) == {Status.OK}


def test_a_dashboard_that_does_not_exist_is_a_warning(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("cloudwatch").put_dashboard(DashboardName=f"{DASHBOARD}-2", DashboardBody='{"widgets": []}')

    assert statuses(region, account)[DASHBOARD] is Status.WARNING


def test_a_dashboard_that_nobody_wants_is_not_missed(
    region_of: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    assert DASHBOARD not in statuses(region_of("dashboard: false"), account)


def test_a_saved_query_that_does_not_exist_is_a_warning(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_saved_queries(client("logs"), region)
    (query,) = client("logs").describe_query_definitions(queryDefinitionNamePrefix=QUERY)["queryDefinitions"]
    client("logs").delete_query_definition(queryDefinitionId=query["queryDefinitionId"])

    found = {each.resource: each for each in check_saved_queries(region, account, Window(24))}

    assert found.pop(QUERY).status is Status.WARNING
    assert {each.status for each in found.values()} == {Status.OK}


def test_saved_queries_on_a_second_page_are_seen(region: RegionPlan, account: AccountAccess) -> None:
    names = [region.names.saved_query(event.family, event.key) for event in region.events]
    pages = [{"queryDefinitions": [{"name": name}]} for name in names]
    with Stubber(account.client("logs")) as stub:
        for number, page in enumerate(pages, 1):
            token = {"nextToken": str(number)} if number < len(pages) else {}
            stub.add_response("describe_query_definitions", page | token)
        found = list(check_saved_queries(region, account, Window(24)))

    assert {each.status for each in found} == {Status.OK}
