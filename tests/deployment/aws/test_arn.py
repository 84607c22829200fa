import pytest

from deployment.aws.arn import Arn, format_arn, parse_arn


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        (
            "arn:aws:sns:eu-central-1:111111111111:security",
            Arn("aws", "sns", "eu-central-1", "111111111111", "security"),
        ),
        ("arn:aws-cn:iam::111111111111:role/a", Arn("aws-cn", "iam", "", "111111111111", "role/a")),
        ("arn:aws-us-gov:s3:::bucket", Arn("aws-us-gov", "s3", "", "", "bucket")),
        (
            "arn:aws:lambda:eu-central-1:111111111111:function:f:live",
            Arn("aws", "lambda", "eu-central-1", "111111111111", "function:f:live"),
        ),
    ],
)
def test_an_arn_is_taken_apart(text: str, arn: Arn) -> None:
    assert parse_arn(text) == arn


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_an_arn_is_put_together_for_the_partition_of_its_region(region: str, partition: str) -> None:
    arn = format_arn("logs", region, "111111111111", "log-group:Security")
    assert parse_arn(arn) == Arn(partition, "logs", region, "111111111111", "log-group:Security")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "security",
        "arn:aws:sns:eu-central-1:111:x",
        "arn:azure:sns:r:111111111111:x",
        "arn:aws:sns:r::a b",
    ],
)
def test_what_is_no_arn_has_no_parts(text: str) -> None:
    assert parse_arn(text) is None
