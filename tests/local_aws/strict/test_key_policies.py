"""A key is refused for a log group unless it lets CloudWatch Logs use it, as AWS does."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local_aws.conftest import ACCOUNT, REGION

ClientMaker = Callable[[str], Any]
Refusal = Callable[..., tuple[str, str]]

GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:Security"
LOGS = {"Service": f"logs.{REGION}.amazonaws.com"}
ACTIONS = ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"]
ENCRYPTED = "kms:EncryptionContext:aws:logs:arn"
OWNER: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "kms:*",
    "Resource": "*",
}


def admitting(**changed: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": LOGS, "Action": ACTIONS, "Resource": "*", **changed}


def key(client: ClientMaker, *statements: dict[str, Any]) -> str:
    policy = {"Version": "2012-10-17", "Statement": [OWNER, *statements]}
    return str(client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"])


@pytest.mark.parametrize(
    "statement",
    [
        admitting(),
        admitting(Principal="*"),
        admitting(Condition={"ArnEquals": {ENCRYPTED: [GROUP, f"{GROUP}-other"]}}),
        admitting(Condition={"ArnLike": {ENCRYPTED: f"arn:aws:logs:{REGION}:{ACCOUNT}:*"}}),
        admitting(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
    ],
)
def test_key_that_admits_the_service_is_taken(client: ClientMaker, statement: dict[str, Any]) -> None:
    arn = key(client, statement)
    client("logs").create_log_group(logGroupName="Security", kmsKeyId=arn)
    client("logs").associate_kms_key(logGroupName="Security", kmsKeyId=arn)


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [admitting(Principal={"Service": "logs.us-west-2.amazonaws.com"})],
        [admitting(Action=["kms:Encrypt*", "kms:Decrypt*"])],
        [admitting(Condition={"ArnEquals": {ENCRYPTED: f"{GROUP}-other"}})],
        [admitting(), admitting(Effect="Deny", Action="kms:Decrypt")],
    ],
    ids=["account only", "another region", "an action is missing", "another log group", "denied"],
)
def test_key_that_does_not_admit_the_log_group_is_refused(
    client: ClientMaker, refusal: Refusal, statements: list[dict[str, Any]]
) -> None:
    logs, arn = client("logs"), key(client, *statements)

    code, message = refusal(logs.create_log_group, logGroupName="Security", kmsKeyId=arn)

    assert code == "AccessDeniedException"
    assert GROUP in message
    assert logs.describe_log_groups()["logGroups"] == []
    logs.create_log_group(logGroupName="Security")
    assert refusal(logs.associate_kms_key, logGroupName="Security", kmsKeyId=arn)[0] == code


def test_key_that_is_disabled_or_does_not_exist_is_refused(client: ClientMaker, refusal: Refusal) -> None:
    arn = key(client, admitting())
    client("kms").disable_key(KeyId=arn.rpartition("/")[2])
    missing = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"
    for each in (arn, missing):
        code, _ = refusal(client("logs").create_log_group, logGroupName="Security", kmsKeyId=each)
        assert code == "AccessDeniedException"
