import pytest
from botocore.exceptions import ClientError

from local_aws import Faults, LocalAws
from tests.local_requests import without_sockets

ACCOUNT = "111122223333"


def struck(faults: Faults, calls: int = 400) -> list[tuple[str, int]]:
    """The codes and statuses of those among many calls, without a second try, that fail."""
    failures = []
    with LocalAws(faults=faults) as aws, without_sockets(aws):
        ssm = aws.client("ssm", ACCOUNT)
        ssm.meta.events.unregister("needs-retry.ssm", unique_id="retry-config-ssm")
        for _ in range(calls):
            try:
                ssm.describe_parameters()
            except ClientError as problem:
                status = problem.response["ResponseMetadata"]["HTTPStatusCode"]
                failures.append((problem.response["Error"]["Code"], status))
    return failures


def test_a_share_of_all_calls_fails_in_turn_throttled_and_with_a_500() -> None:
    failures = struck(Faults(rate=0.1, seed=1))

    assert 20 <= len(failures) <= 60
    assert set(failures) == {("ThrottlingException", 400), ("InternalFailure", 500)}


def test_the_same_seed_strikes_the_same_calls() -> None:
    first, second = Faults(rate=0.3, seed=7), Faults(rate=0.3, seed=7)

    assert struck(first, 100) == struck(second, 100)
    assert first.struck == second.struck > 0


def test_a_struck_call_changes_nothing() -> None:
    faults = Faults(rate=0)
    with LocalAws(faults=faults) as aws:
        sns = aws.client("sns", ACCOUNT)
        faults.rate = 1
        with pytest.raises(ClientError):
            sns.create_topic(Name="alarms")
        faults.rate = 0

        assert sns.list_topics()["Topics"] == []


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("ssm", "describe_parameters", "ThrottlingException", 400),
        ("iam", "list_roles", "Throttling", 400),
        ("s3", "list_buckets", "SlowDown", 503),
        ("oam", "list_sinks", "TooManyRequestsException", 429),
    ],
)
def test_each_protocol_throttles_in_its_own_words(
    service: str, operation: str, code: str, status: int
) -> None:
    faults = Faults(rate=0)
    with LocalAws(faults=faults) as aws:
        client = aws.client(service, ACCOUNT)
        client.meta.events.unregister(f"needs-retry.{service}", unique_id=f"retry-config-{service}")
        faults.rate = 1
        with pytest.raises(ClientError) as caught:
            getattr(client, operation)()

    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_rate_that_is_no_share_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="share from 0 to 1"):
        Faults(rate=rate)
