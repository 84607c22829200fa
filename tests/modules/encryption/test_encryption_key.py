"""The key: CloudWatch and its logs may use it, for this account and these log groups, and nobody else."""

from typing import Any

from modules import EncryptionKey
from tests.modules.synthesis import new_stack, policy, synthesized


def statements(region: str = "eu-west-1") -> dict[str, dict[str, Any]]:
    stack = new_stack()
    EncryptionKey(
        stack,
        "key",
        alias="windows-security",
        account_id="111111111111",
        region=region,
        log_group_names=["System", "Security"],
    )
    return {s["Sid"]: s for s in policy(synthesized(stack).one("aws_kms_key")["policy"])}


def test_alarms_of_this_account_and_region_can_be_published_to_an_encrypted_topic() -> None:
    statement = statements()["AlarmsToTopics"]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert set(statement["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*"},
    }


def test_cloudwatch_logs_may_use_it_for_exactly_these_log_groups() -> None:
    statement = statements()["LogGroups"]
    assert statement["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    # Without the ":*" that the ARN of a log group has elsewhere.
    assert statement["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"] == [
        "arn:aws:logs:eu-west-1:111111111111:log-group:Security",
        "arn:aws:logs:eu-west-1:111111111111:log-group:System",
    ]


def test_nobody_but_the_account_and_these_services_is_admitted() -> None:
    assert [s["Principal"] for s in statements("cn-north-1").values()] == [
        {"AWS": "arn:aws-cn:iam::111111111111:root"},
        {"Service": "logs.cn-north-1.amazonaws.com.cn"},
        {"Service": "cloudwatch.amazonaws.com"},
    ]


def test_the_key_is_rotated_and_can_be_saved_for_a_month_after_it_was_deleted() -> None:
    stack = new_stack()
    EncryptionKey(
        stack, "key", alias="a", account_id="1" * 12, region="eu-west-1", log_group_names=["Security"]
    )
    key = synthesized(stack).one("aws_kms_key")
    assert key["enable_key_rotation"] is True
    assert key["deletion_window_in_days"] == 30


def test_a_key_for_topics_only_admits_no_log_group() -> None:
    stack = new_stack()
    EncryptionKey(stack, "key", alias="topics", account_id="111111111111", region="eu-west-1")
    sids = [statement["Sid"] for statement in policy(synthesized(stack).one("aws_kms_key")["policy"])]
    assert sids == ["AccountDecidesByIam", "AlarmsToTopics"]
