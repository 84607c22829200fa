"""The records of the local AWS are copied, and put back."""

import pytest

from local_aws import LocalAws

ONE, OTHER = "111111111111", "222222222222"


def parameter(aws: LocalAws, account: str, value: str) -> None:
    aws.client("ssm", account).put_parameter(Name="name", Value=value, Type="String", Overwrite=True)


def read(aws: LocalAws, account: str) -> list[str]:
    found = aws.client("ssm", account).describe_parameters()["Parameters"]
    ssm = aws.client("ssm", account)
    return [ssm.get_parameter(Name=each["Name"])["Parameter"]["Value"] for each in found]


def test_restored_accounts_hold_what_they_held_however_often(aws: LocalAws) -> None:
    parameter(aws, ONE, "before")
    records = aws.records()
    for _ in range(2):
        parameter(aws, ONE, "after")
        parameter(aws, OTHER, "after")

        aws.restore(records)

        assert (read(aws, ONE), read(aws, OTHER)) == (["before"], [])


def test_records_beside_those_of_moto_are_restored(aws: LocalAws) -> None:
    ssm = aws.client("ssm", ONE)
    ssm.create_association(Name="AWS-UpdateSSMAgent")
    records = aws.records()
    ssm.create_association(Name="AWS-ConfigureAWSPackage")

    aws.restore(records)

    assert [each["Name"] for each in ssm.list_associations()["Associations"]] == ["AWS-UpdateSSMAgent"]


def test_bucket_that_was_made_after_the_copy_can_be_made_again(aws: LocalAws) -> None:
    s3 = aws.client("s3", ONE)
    records = aws.records()
    for _ in range(2):
        s3.create_bucket(Bucket="output", CreateBucketConfiguration={"LocationConstraint": aws.region})
        assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == ["output"]
        aws.restore(records)
    assert s3.list_buckets()["Buckets"] == []


@pytest.mark.parametrize("again", ["client", "new client"])
def test_credentials_of_later_act_in_their_account_after_restoring(aws: LocalAws, again: str) -> None:
    records = aws.records()
    client = aws.client("sts", OTHER)
    aws.restore(records)
    after = client if again == "client" else aws.client("sts", OTHER)
    assert after.get_caller_identity()["Account"] == OTHER
