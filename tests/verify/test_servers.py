from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from deployment import MonitoredRegion
from tests.verify.deployed import launch, put_role
from verify import Check, Status, Window
from verify.account import Account
from verify.log_streams import Arrivals
from verify.servers import check

Client = Callable[[str], Any]
NOW = datetime.now(UTC)
#: So much later than a server is launched that it should have shipped events.
LATER = Window(24, NOW + timedelta(hours=3))


def server_checks(
    region: MonitoredRegion,
    account: Account,
    last_events: Mapping[str, datetime] | None = None,
    window: Window = LATER,
) -> list[Check]:
    arrived = [Arrivals(None, {}), Arrivals(NOW, last_events or {})]
    return list(check(region, account, arrived, window))


def test_a_server_that_ships_events_is_in_order(
    region: MonitoredRegion, account: Account, client: Client
) -> None:
    server = launched(client, region)

    (found,) = server_checks(region, account, {server: NOW})

    assert (found.resource, found.status) == (server, Status.OK)


def test_a_server_that_ships_nothing_is_found(
    region: MonitoredRegion, account: Account, client: Client
) -> None:
    silent, talking = launched(client, region), launch(client("ec2"), region)

    by_server = {each.resource: each for each in server_checks(region, account, {talking: NOW})}

    assert by_server[talking].status is Status.OK
    assert by_server[silent].status is Status.FAILED
    assert "no event of it has arrived" in by_server[silent].message


def test_old_servers_are_looked_for_as_well(
    region_of: Callable[..., MonitoredRegion], account: Account, client: Client
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
    region: MonitoredRegion, account: Account, client: Client
) -> None:
    launch(client("ec2"), region, IamInstanceProfile={})

    (found,) = server_checks(region, account)

    assert found.status is Status.FAILED
    assert "attach windows-security-eu-west-1-server" in found.message


def test_a_server_without_an_instance_profile_is_told_the_role_that_the_deployment_names(
    region_of: Callable[..., MonitoredRegion], account: Account, client: Client
) -> None:
    region = region_of("server_role: {existing: our-servers}")
    launch(client("ec2"), region, IamInstanceProfile={})

    (found,) = server_checks(region, account)

    assert "the one of the role our-servers" in found.message


def test_a_server_just_launched_may_be_silent(
    region: MonitoredRegion, account: Account, client: Client
) -> None:
    launched(client, region)

    (found,) = server_checks(region, account, window=Window(24))

    assert found.status is Status.WARNING
    assert "launched" in found.message


def test_a_server_of_which_little_is_watched_may_be_silent(
    region_of: Callable[..., MonitoredRegion], account: Account, client: Client
) -> None:
    region = region_of("", LITTLE)
    launched(client, region)

    (found,) = server_checks(region, account)

    assert found.status is Status.WARNING
    assert "rare" in found.message


def test_servers_that_are_stopped_or_lack_a_tag_do_not_count(
    region_of: Callable[..., MonitoredRegion], account: Account, client: Client
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


def launched(client: Client, region: MonitoredRegion) -> str:
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
