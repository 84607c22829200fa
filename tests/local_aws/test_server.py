import logging
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError

import boto3
import pytest

from local_aws import LocalAws


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    """Over its socket, as other processes reach it."""
    with LocalAws(region="eu-west-1") as aws:
        yield aws


ONE, OTHER = "111122223333", "444455556666"
Refusal = Callable[..., tuple[str, str]]


def parameters(aws: LocalAws, account_id: str, region: str) -> list[str]:
    found = aws.client("ssm", account_id, region).describe_parameters()["Parameters"]
    return [each["Name"] for each in found]


def test_accounts_and_regions_do_not_see_each_other(aws: LocalAws) -> None:
    aws.client("ssm", ONE, "eu-west-1").put_parameter(Name="mine", Value="1", Type="String")

    assert parameters(aws, ONE, "eu-west-1") == ["mine"]
    assert parameters(aws, ONE, "us-east-1") == []
    assert parameters(aws, OTHER, "eu-west-1") == []


def test_a_client_acts_in_its_account(aws: LocalAws) -> None:
    assert aws.client("sts", ONE).get_caller_identity()["Account"] == ONE


def test_a_reset_empties_every_account_of_motos_records_and_of_ours(aws: LocalAws) -> None:
    for account_id in (ONE, OTHER):
        ssm = aws.client("ssm", account_id)
        ssm.put_parameter(Name="name", Value="1", Type="String")
        ssm.create_association(Name="AWS-UpdateSSMAgent")

    aws.reset()

    for account_id in (ONE, OTHER):
        assert parameters(aws, account_id, aws.region) == []
        assert aws.client("ssm", account_id).list_associations()["Associations"] == []


def test_the_environment_points_an_sdk_here(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in aws.environment(ONE, "ap-northeast-1").items():
        monkeypatch.setenv(name, value)

    sts = boto3.Session().client("sts")

    assert sts.get_caller_identity()["Account"] == ONE
    assert sts.meta.region_name == "ap-northeast-1"


def test_clients_can_be_made_by_several_threads(aws: LocalAws) -> None:
    accounts = [f"{number:012}" for number in range(1, 21)]

    with ThreadPoolExecutor(8) as pool:
        found = pool.map(
            lambda account: aws.client("sts", account).get_caller_identity()["Account"], accounts
        )

    assert list(found) == accounts


def test_without_an_account_the_environment_holds_keys_of_none_of_yours(aws: LocalAws) -> None:
    environment = aws.environment()

    assert "AWS_SESSION_TOKEN" not in environment
    assert environment["AWS_REGION"] == aws.region


def test_the_environment_keeps_the_hosts_that_need_no_proxy(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "internal.example")

    assert aws.environment()["NO_PROXY"] == "internal.example,127.0.0.1"


def test_an_operation_that_moto_lacks_is_answered_at_once_with_a_client_error(
    client: Callable[[str], Any], refusal: Refusal
) -> None:
    code, message = refusal(client("logs").list_integrations)

    assert code == "UnknownOperationException"
    assert "list_integrations" in message


def test_a_service_that_moto_lacks_is_answered_at_once_with_a_client_error(
    client: Callable[[str], Any], refusal: Refusal
) -> None:
    code, _ = refusal(client("chime").list_accounts)

    assert code in ("UnknownOperationException", "InternalFailure")


def test_a_failure_inside_moto_is_a_client_error_that_says_so(
    client: Callable[[str], Any],
    refusal: Refusal,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr("moto.sns.models.SNSBackend.list_topics", fail)

    with caplog.at_level(logging.CRITICAL):
        code, message = refusal(client("sns").list_topics)

    assert code == "InternalFailure"
    assert "lost" in message


def test_an_unsigned_request_reaches_moto(aws: LocalAws) -> None:
    with pytest.raises(HTTPError) as caught, urllib.request.urlopen(f"{aws.endpoint_url}/no-such-bucket"):
        pass

    assert caught.value.code == 404
    assert b"NoSuchBucket" in caught.value.read()
    caught.value.close()


def test_a_server_that_starts_from_an_image_of_windows_runs_windows(aws: LocalAws) -> None:
    ec2 = aws.client("ec2", "111122223333", "eu-west-1")
    (image, *_) = ec2.describe_images(Filters=[{"Name": "platform", "Values": ["windows"]}])["Images"]
    (server,) = ec2.run_instances(ImageId=image["ImageId"], MinCount=1, MaxCount=1)["Instances"]
    (found,) = ec2.describe_instances(InstanceIds=[server["InstanceId"]])["Reservations"][0]["Instances"]
    assert found["Platform"] == "windows"


def test_an_account_has_only_the_images_that_every_region_has(aws: LocalAws) -> None:
    assert len(aws.client("ec2", "111122223333", "eu-west-1").describe_images()["Images"]) < 100


def test_a_call_that_an_sdk_repeats_acts_once_and_is_answered_again(aws: LocalAws) -> None:
    def as_one_call(request: Any, **_: Any) -> None:
        request.headers["amz-sdk-invocation-id"] = "6f1f4ffc-5f57-4b5c-9a6a-2f1e7d6b8f0e"

    ssm = aws.client("ssm", "111111111111")
    ssm.meta.events.register("before-send.ssm.CreateAssociation", as_one_call)
    try:
        calls = [ssm.create_association(Name="AWS-UpdateSSMAgent") for _ in range(2)]
    finally:
        ssm.meta.events.unregister("before-send.ssm.CreateAssociation", as_one_call)
    first, second = (call["AssociationDescription"]["AssociationId"] for call in calls)
    assert first == second
    assert len(ssm.list_associations()["Associations"]) == 1
