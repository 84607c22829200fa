from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws import LocalAws
from local_aws.records import Records
from tests.local_requests import without_sockets

ACCOUNT = "111122223333"
REGION = "eu-west-1"
# One session reads each service's model one time.
SESSION = boto3.Session()


# Of the module, not of the session: another module may run a local AWS of its own, one at a time.
@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    with LocalAws(region=REGION) as aws, without_sockets(aws):
        yield aws


@pytest.fixture(scope="module")
def empty(server: LocalAws) -> Records:
    """The records of empty accounts."""
    return server.records()


@pytest.fixture
def aws(server: LocalAws, empty: Records) -> LocalAws:
    server.restore(empty)
    return server


@pytest.fixture(scope="module")
def make_client(server: LocalAws) -> Callable[..., Any]:
    """Make clients that send what they are given, so that a refusal is the server's: one of a kind."""

    @cache
    def make(service: str, access_key: str, secret_key: str, session_token: str) -> Any:
        return SESSION.client(
            service,
            region_name=REGION,
            endpoint_url=server.endpoint_url,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=session_token,
            config=Config(parameter_validation=False, proxies={}),
        )

    return make


@pytest.fixture
def client(aws: LocalAws, make_client: Callable[..., Any]) -> Callable[[str], Any]:
    """Clients of the services in one account."""
    environment = aws.environment(ACCOUNT)
    credentials = [
        environment[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")
    ]
    return lambda service: make_client(service, *credentials)


@pytest.fixture
def refusal() -> Callable[..., tuple[str, str]]:
    """The code and the text of the error with which a call is refused."""

    def refuse(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500
        problem = caught.value.response["Error"]
        return problem["Code"], problem["Message"]

    return refuse
