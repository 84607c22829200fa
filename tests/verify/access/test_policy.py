import json
from typing import Any

import pytest

from verify.access.policy import admits, called_for

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
ALARM = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:logon"
ALLOW = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish"}
DENY = ALLOW | {"Effect": "Deny"}


def admitted(*statements: dict[str, Any]) -> bool:
    """Whether CloudWatch may publish to the topic for the alarm."""
    return admits(
        {"Statement": list(statements)},
        service="cloudwatch.amazonaws.com",
        action="sns:Publish",
        resource=TOPIC,
        context=called_for(ALARM, "111122223333"),
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"Principal": {"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]}}, True),
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, False),
        ({"Principal": {"Service": "events.amazonaws.com"}}, False),
        ({"Action": "SNS:publish"}, True),
        ({"Action": ["sns:Subscribe", "sns:*"]}, True),
        ({"Action": "sns:Subscribe"}, False),
        ({"Resource": TOPIC}, True),
        ({"Resource": "arn:aws:sns:*:111122223333:alarm?"}, True),
        ({"Resource": ["arn:aws:sns:eu-west-1:111122223333:other"]}, False),
        ({"Effect": "Deny"}, False),
    ],
)
def test_principal_action_and_resource_decide(changes: dict[str, Any], expected: bool) -> None:
    assert admitted(ALLOW | changes) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*"}}, True),
        ({"ArnEquals": {"AWS:SourceARN": "arn:aws:cloudwatch:*:111122223333:alarm:logon"}}, True),
        ({"StringLike": {"aws:SourceArn": ["arn:*:s3:*", "arn:*:alarm:log??"]}}, True),
        ({"StringEquals": {"aws:SourceArn": "arn:aws:cloudwatch:*"}}, False),
        ({"StringEquals": {"aws:SourceAccount": ["444455556666", "111122223333"]}}, True),
        ({"StringEquals": {"aws:SourceAccount": "444455556666"}}, False),
        ({"StringEquals": {"aws:SourceOwner": "111122223333"}}, True),
        ({"StringNotEquals": {"aws:SourceAccount": "444455556666"}}, True),
        ({"StringNotEquals": {"aws:SourceAccount": "111122223333"}}, False),
        ({"StringEqualsIgnoreCase": {"aws:SourceArn": ALARM.upper()}}, True),
        ({"Bool": {"aws:SecureTransport": True}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}, True),
        ({"Null": {"aws:PrincipalOrgID": "true"}}, True),
        ({"Null": {"aws:SourceArn": "true"}}, False),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"StringEquals": {"aws:SourceAccount": "111122223333", "aws:SourceOwner": "444455556666"}}, False),
    ],
)
def test_conditions_hold_as_iam_takes_them(condition: dict[str, Any], expected: bool) -> None:
    assert admitted(ALLOW | {"Condition": condition}) is expected


def test_a_denial_outweighs_any_permission() -> None:
    assert not admitted(ALLOW, DENY)
    assert not admitted(DENY, ALLOW)


def test_a_denial_of_unencrypted_calls_does_not_concern_cloudwatch() -> None:
    unencrypted = {"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

    assert admitted(ALLOW, DENY | unencrypted)


def test_a_denial_of_strangers_to_the_organisation_concerns_cloudwatch_unless_it_excepts_services() -> None:
    strangers: dict[str, Any] = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    excepted = {**strangers, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}

    assert not admitted(ALLOW, DENY | {"Principal": "*", "Condition": strangers})
    assert admitted(ALLOW, DENY | {"Principal": "*", "Condition": excepted})


def test_what_is_named_by_exception_is_taken_so() -> None:
    other = "arn:aws:sns:eu-west-1:111122223333:other"
    not_subscribe = {"Effect": "Allow", "Principal": "*", "NotAction": "sns:Subscribe"}
    deny_others = {"Effect": "Deny", "NotPrincipal": ALLOW["Principal"], "Action": "*"}

    assert admitted(not_subscribe)
    assert not admitted(not_subscribe | {"NotAction": "sns:*"})
    assert admitted(ALLOW, deny_others)
    assert not admitted(ALLOW, deny_others | {"NotPrincipal": {"Service": "events.amazonaws.com"}})
    assert admitted(ALLOW, DENY | {"NotResource": TOPIC})
    assert not admitted(ALLOW, DENY | {"NotResource": other})


def test_without_a_statement_nothing_is_admitted() -> None:
    assert not admitted()


def test_a_single_statement_may_stand_without_a_list() -> None:
    document = json.loads(json.dumps({"Statement": ALLOW}))

    assert admits(
        document, service="cloudwatch.amazonaws.com", action="sns:Publish", resource=TOPIC, context={}
    )
