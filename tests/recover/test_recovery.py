import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from local_aws.calls import ApiError, Call
from recover import FILE, Recovery, SynthesizedStack, publish, recover
from tests.recover.conftest import ACCOUNT

Client = Callable[[str], Any]
StackOf = Callable[..., SynthesizedStack]

LOG_GROUP = {"aws_cloudwatch_log_group": {"it": {"name": "Security"}}}
IMPORTS = {"aws_cloudwatch_log_group.it": "Security"}


def test_what_the_stack_imports_itself_is_left_to_it(client: Client, stack_of: StackOf) -> None:
    client("logs").create_log_group(logGroupName="Security")
    stack = stack_of(LOG_GROUP, **{"import": [{"to": "aws_cloudwatch_log_group.it", "id": "Security"}]})
    assert recover(stack) == Recovery(stack, {})


def test_another_region_is_not_looked_into(aws: LocalAws, stack_of: StackOf) -> None:
    aws.client("logs", "111122223333", "us-east-1").create_log_group(logGroupName="Security")
    assert recover(stack_of(LOG_GROUP)).imports == {}


@pytest.mark.usefixtures("aws")
def test_an_account_that_is_not_the_providers_is_refused(stack_of: StackOf) -> None:
    recovery = recover(stack_of(LOG_GROUP, provider={"allowed_account_ids": ["444455556666"]}))
    (failure,) = recovery.failures
    assert "in account 111122223333, not of 444455556666" in failure


def test_the_account_is_entered_by_the_providers_role(
    aws: LocalAws, stack_of: StackOf, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client("logs").create_log_group(logGroupName="Security")
    for name, value in aws.environment("999999999999").items():
        monkeypatch.setenv(name, value)
    role = {"role_arn": "arn:aws:iam::111122223333:role/deploy"}
    assert recover(stack_of(LOG_GROUP, provider={"assume_role": [role]})).imports == IMPORTS


def test_credentials_that_have_expired_are_named(
    aws: LocalAws, stack_of: StackOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def expired(_: Call) -> None:
        raise ApiError("ExpiredToken", "The security token included in the request is expired")

    monkeypatch.setattr("local_aws.gateway.validate", expired)
    recovery = recover(stack_of(LOG_GROUP))
    (failure,) = recovery.failures
    assert "ExpiredToken" in failure
    assert "use credentials (AWS_PROFILE, ...) of account 111122223333" in failure


def test_every_kind_that_may_not_be_looked_for_is_told_once_and_nothing_is_imported(
    client: Client, stack_of: StackOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(call: Call) -> None:
        if call.operation in ("GetRole", "GetParameter"):
            raise ApiError("AccessDenied", f"not authorized to perform {call.operation}")

    monkeypatch.setattr("local_aws.gateway.validate", denied)
    client("logs").create_log_group(logGroupName="Security")
    roles = {"aws_iam_role": {"one": {"name": "x"}, "other": {"name": "y"}}}
    recovery = recover(stack_of({**LOG_GROUP, **roles, "aws_ssm_parameter": {"it": {"name": "z"}}}))
    assert recovery.imports == {}
    assert [failure.split(" cannot be looked for: ")[0] for failure in recovery.failures] == [
        "aws_iam_role",
        "aws_ssm_parameter",
    ]


@pytest.mark.usefixtures("aws")
def test_the_file_holds_an_import_block_for_each_that_exists(stack_of: StackOf) -> None:
    stack = stack_of(LOG_GROUP)
    file = publish(Recovery(stack, IMPORTS))
    assert file == stack.folder / FILE
    assert json.loads(file.read_text()) == {
        "import": [{"to": "aws_cloudwatch_log_group.it", "id": "Security"}]
    }
    assert {path.name for path in stack.folder.iterdir()} == {"cdk.tf.json", FILE}


def test_an_earlier_file_is_removed_where_nothing_exists_any_more(stack_of: StackOf) -> None:
    stack = stack_of(LOG_GROUP)
    publish(Recovery(stack, IMPORTS))
    assert not publish(Recovery(stack, {})).exists()


def test_an_earlier_file_stays_where_the_account_could_not_be_asked(stack_of: StackOf) -> None:
    stack = stack_of(LOG_GROUP)
    before = publish(Recovery(stack, IMPORTS)).read_text()
    assert publish(Recovery(stack, {}, ("no credentials",))).read_text() == before


def test_the_arns_of_another_partition_are_known(aws: LocalAws, stack_of: StackOf) -> None:
    region = "cn-north-1"
    aws.client("sns", ACCOUNT, region).create_topic(Name="alarms")
    stack = stack_of({"aws_sns_topic": {"it": {"name": "alarms"}}}, provider={"region": region})
    assert recover(stack).imports == {"aws_sns_topic.it": f"arn:aws-cn:sns:{region}:{ACCOUNT}:alarms"}
