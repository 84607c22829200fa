from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws import LocalAws

ACCOUNT = "111122223333"
REGION = "eu-west-1"
# One session reads each service's model one time.
SESSION = boto3.Session()


# Of the module, not of the session: another module may run a local AWS of its own, one at a time.
@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    with LocalAws(region=REGION) as aws:
        yield aws


@pytest.fixture
def aws(server: LocalAws) -> LocalAws:
    server.reset()
    return server


@pytest.fixture
def client(aws: LocalAws) -> Callable[[str], Any]:
    """Clients in one account that send what they are given, so that a refusal is the server's."""

    environment = aws.environment(ACCOUNT)

    @cache
    def make(service: str) -> Any:
        return SESSION.client(
            service,
            region_name=REGION,
            endpoint_url=aws.endpoint_url,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=environment["AWS_SESSION_TOKEN"],
            config=Config(parameter_validation=False, proxies={}),
        )

    return make


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
