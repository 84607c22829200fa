from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from deployment import RegionPlan
from tests.verify.deployed import launch, put_role
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.access.window import shown
from verify.checks.log_streams import Arrivals
from verify.checks.servers import check

Client = Callable[[str], Any]
NOW = datetime.now(UTC)
#: So much later than a server is launched that it should have shipped events.
LATER = Window(24, NOW + timedelta(hours=3))
#: When a server has been running for the whole of the window.
DAYS_LATER = Window(24, NOW + timedelta(days=9))


def server_checks(
    region: RegionPlan,
    account: AccountAccess,
    last_events: Mapping[str, datetime] | None = None,
    window: Window = LATER,
) -> list[Check]:
    arrived = {"System": Arrivals(None, {}), "Security": Arrivals(NOW, last_events or {})}
    return list(check(region, account, arrived, window))


def check_by_log(
    region: RegionPlan, account: AccountAccess, window: Window, **last_events: Mapping[str, datetime]
) -> Check:
    """Check the only server, by the last event of each server in each event log."""
    arrived = {channel: Arrivals(NOW, times) for channel, times in last_events.items()}
    (found,) = check(region, account, arrived, window)
    return found


def test_a_server_that_ships_events_is_in_order(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    server = launched(client, region)

    (found,) = server_checks(region, account, {server: NOW})

    assert (found.resource, found.status) == (server, Status.OK)


def test_a_server_that_ships_nothing_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    silent, talking = launched(client, region), launch(client("ec2"), region)

    by_server = {each.resource: each for each in server_checks(region, account, {talking: NOW})}

    assert by_server[talking].status is Status.OK
    assert by_server[silent].status is Status.FAILED
    assert "no event of it has arrived" in by_server[silent].message


def test_old_servers_are_looked_for_as_well(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("ec2config_targets: {OS: [Windows Server 2012 R2]}")
    launched(client, region)

    missing, _new = server_checks(region, account)

    assert (missing.resource, missing.status) == ("OS = Windows Server 2012 R2", Status.WARNING)
    assert "change ec2config_targets" in missing.message

    silent = launch(client("ec2"), region, "ec2config_targets")

    by_server = {each.resource: each for each in server_checks(region, account)}

    assert "no event of it has arrived" in by_server[silent].message


def test_a_server_without_an_instance_profile_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    launch(client("ec2"), region, IamInstanceProfile={})

    (found,) = server_checks(region, account)

    assert found.status is Status.FAILED
    assert "attach windows-security-eu-west-1-server" in found.message


def test_a_server_without_an_instance_profile_is_told_the_role_that_the_deployment_names(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("server_role: {existing: our-servers}")
    launch(client("ec2"), region, IamInstanceProfile={})

    (found,) = server_checks(region, account)

    assert "the one of the role our-servers" in found.message


def test_a_server_just_launched_may_be_silent(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    launched(client, region)

    (found,) = server_checks(region, account, window=Window(24))

    assert found.status is Status.WARNING
    assert "launched" in found.message


def test_a_server_of_which_little_is_watched_may_be_silent(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("", LITTLE)
    launched(client, region)

    (found,) = server_checks(region, account)

    assert found.status is Status.WARNING
    assert "rare" in found.message


def test_a_server_that_ships_one_event_log_and_not_the_other_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("collection: levels")
    server = launched(client, region)
    last = DAYS_LATER.end - timedelta(minutes=5)

    dead = check_by_log(region, account, DAYS_LATER, System={server: last}, Security={})
    well = check_by_log(region, account, DAYS_LATER, System={server: last}, Security={server: last})

    assert dead.status is Status.FAILED
    assert "no event of Security has arrived in the last 24 hours" in dead.message
    assert f"the last at {shown(last)}: see on the server" in dead.message
    assert (well.status, well.message) == (Status.OK, f"last event at {shown(last)}")


def test_all_silent_event_logs_of_a_server_are_named_in_one_line(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("collection: levels", OWN_EVENT)
    server = launched(client, region)

    found = check_by_log(region, account, DAYS_LATER, System={}, Security={}, Application={server: NOW})

    assert "no event of System, Security has arrived" in found.message


def test_a_silent_event_log_of_which_many_chosen_events_are_expected_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("", OWN_EVENT.replace("volume: rare", "volume: medium"))
    server = launched(client, region)

    found = check_by_log(region, account, DAYS_LATER, Security={server: NOW}, Application={})

    assert found.status is Status.FAILED
    assert "no event of Application has arrived" in found.message


def test_an_event_log_of_rare_events_may_be_silent_for_a_month(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    packs = "packs: [baseline, ransomware-precursors, system-integrity]"
    region = region_of("", LITTLE.replace("packs: []", packs))
    server = launched(client, region)
    month = Window(720, NOW + timedelta(days=40))

    found = check_by_log(region, account, month, Security={server: NOW}, System={})

    assert region.log_groups.keys() == {"Security", "System"}
    assert found.status is Status.OK


def test_an_event_log_that_is_shipped_whole_may_be_silent_where_little_is_known_of_it(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("collection: levels", OWN_EVENT)
    server = launched(client, region)

    found = check_by_log(region, account, DAYS_LATER, Security={server: NOW}, Application={})

    assert found.status is Status.OK


def test_the_system_log_may_rest_for_an_hour(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("collection: levels")
    server = launched(client, region)
    hour = Window(1, DAYS_LATER.end)

    found = check_by_log(region, account, hour, Security={server: NOW}, System={})

    assert found.status is Status.OK


def test_no_more_is_expected_of_a_server_than_since_it_was_started(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("collection: levels")
    server = launched(client, region)

    early = check_by_log(region, account, LATER, Security={server: NOW}, System={})
    late = check_by_log(region, account, DAYS_LATER, Security={server: NOW}, System={})

    assert (early.status, late.status) == (Status.OK, Status.FAILED)


def test_an_event_log_of_a_server_just_launched_may_be_silent(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("collection: levels")
    server = launched(client, region)
    soon = Window(24, NOW + timedelta(minutes=90))

    found = check_by_log(region, account, soon, Security={}, System={server: NOW})

    assert found.status is Status.OK


def test_servers_that_are_stopped_or_lack_a_tag_do_not_count(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("targets: {OS: [Windows Server 2022], Monitored: ['yes']}")
    stopped = launched(client, region)
    client("ec2").stop_instances(InstanceIds=[stopped])
    other = launch(client("ec2"), region)
    client("ec2").delete_tags(Resources=[other], Tags=[{"Key": "Monitored"}])

    (found,) = server_checks(region, account)

    assert found.status is Status.WARNING
    assert found.resource == "OS = Windows Server 2022 and Monitored = yes"
    assert "no running server has these tags" in found.message


def launched(client: Client, region: RegionPlan) -> str:
    """Start a server with the deployment's instance profile; return its id."""
    put_role(client("iam"), region.names.server_role, [])
    return launch(client("ec2"), region)


LITTLE = """\
accounts:
  production:
    id: 111122223333
    regions: [eu-west-1]
    packs: []
    events: {administrators-member-added: {enabled: true}}
    notifications:
      subscriptions: [{protocol: email, endpoint: soc@example.com}]
"""
OWN_EVENT = f"""\
own_events:
  - key: own-event
    event_id: 1000
    title: Own event
    severity: low
    volume: rare
    runbook: Look at it.
    provider: {{name: Own, channel: Application}}
{LITTLE}"""
