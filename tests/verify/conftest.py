from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient

from deployment import RegionPlan, load, resolve
from local_aws import LocalAws
from local_aws.records import Records
from tests.iam_calls import RecordedCall
from tests.local_requests import without_sockets
from tests.verify import deployed
from tests.verify.deployed import clients
from verify.access.account import AccountAccess, enter

SECURITY_ACCOUNT = "999999999999"
NOTIFICATIONS = "subscriptions: [{protocol: email, endpoint: soc@example.com}]"
DEPLOYMENT = f"""\
accounts:
  production:
    id: 111122223333
    regions: [eu-west-1]
    packs: [article]
    watched_paths: ['C:\\Secret\\']
    notifications:
      {NOTIFICATIONS}
"""


#: Does something that is described by a text, and returns what came of it.
Prepared = Callable[[str, Callable[[], Any]], Any]
Deploy = Callable[..., None]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    with LocalAws(region="eu-west-1") as aws, without_sockets(aws):
        yield aws


@pytest.fixture(scope="module")
def empty(server: LocalAws) -> Records:
    """The records of empty accounts."""
    return server.records()


@pytest.fixture
def aws(server: LocalAws, empty: Records, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    """An empty local AWS, and this process with the credentials of the account that is deployed to."""
    server.restore(empty)
    for name, value in server.environment("111122223333").items():
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture(scope="module")
def _kept() -> dict[str, tuple[Any, Records]]:
    return {}


@pytest.fixture
def prepared(server: LocalAws, tmp_path: Path, _kept: dict[str, tuple[Any, Records]]) -> Prepared:
    """Do something to empty accounts once in a module; the second time, restore what came of it."""

    def prepare(what: str, do: Callable[[], Any]) -> Any:
        # A plan names the folder of its file, which is another for each test.
        key = what.replace(str(tmp_path), "")
        if key in _kept:
            server.restore(_kept[key][1])
        else:
            result = do()
            _kept[key] = (result, server.records())
        return _kept[key][0]

    return prepare


@pytest.fixture
def deploy(aws: LocalAws, prepared: Prepared) -> Deploy:
    """Deploy stacks to empty accounts, where ``servers`` is set with a server in each that ships events."""

    def put(*regions: RegionPlan, servers: bool = False) -> None:
        def do() -> None:
            for region in regions:
                deployed.deploy(aws, region)
                if servers:
                    deployed.run_servers(aws, region)

        prepared(f"{servers} {regions}", do)

    return put


@pytest.fixture(scope="module")
def _entered() -> dict[str, AccountAccess]:
    return {}


@pytest.fixture
def deployment_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a deployment file: one account, with these settings and notifications, or another text."""

    def write(settings: str = "", text: str = DEPLOYMENT, notifications: str = NOTIFICATIONS) -> Path:
        path = tmp_path / "deployment.yaml"
        lines = text.replace(NOTIFICATIONS, notifications.replace("\n", "\n      "))
        path.write_text(lines + "".join(f"    {line}\n" for line in settings.splitlines()), encoding="utf-8")
        return path

    return write


@pytest.fixture
def region_of(deployment_file: Callable[..., Path]) -> Callable[..., RegionPlan]:
    """Return the first stack of a deployment file with these settings of the account."""
    return lambda *settings, **others: resolve(load(deployment_file(*settings, **others)))[0]


@pytest.fixture
def region(region_of: Callable[..., RegionPlan]) -> RegionPlan:
    return region_of()


@pytest.fixture
def client(aws: LocalAws, region: RegionPlan) -> Callable[[str], Any]:
    """A client of a service in the account that is deployed to."""
    return clients(aws, region)


@pytest.fixture
def account(aws: LocalAws, region: RegionPlan, _entered: dict[str, AccountAccess]) -> AccountAccess:
    """The account that is deployed to, as the checks enter it; entered once for a module."""
    if region.region_name not in _entered:
        _entered[region.region_name] = enter(region)
    return _entered[region.region_name]


@pytest.fixture
def sink(aws: LocalAws, prepared: Prepared) -> str:
    """The sink of a security account, which has the log destinations ``security`` and ``other``, too."""

    def make() -> str:
        for name in ("security", "other"):
            # The local AWS looks for a log group where a subscription names a destination.
            aws.client("logs", SECURITY_ACCOUNT, "eu-west-1").create_log_group(logGroupName=name)
        return str(aws.client("oam", SECURITY_ACCOUNT, "eu-west-1").create_sink(Name="security")["Arn"])

    return str(prepared("a security account", make))


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[RecordedCall]:
    """Record the calls that are made to the account from now on."""
    made: list[RecordedCall] = []
    call = BaseClient._make_api_call

    def record(self: Any, operation: str, parameters: Any) -> Any:
        service = self.meta.service_model.service_name
        made.append(RecordedCall(service, operation, parameters, "111122223333", self.meta.region_name))
        return call(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", record)
    return made
