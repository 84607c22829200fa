from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("topic", "single"),
    [
        ("arn:aws:sns:eu-west-1:111111111111:x", True),
        ("arn:aws:sns:eu-central-1:222222222222:x", True),
        ("arn:aws:sns:eu-west-1:111111111111:x", False),
    ],
)
def test_an_existing_topic_elsewhere_is_refused(
    problems_of_account: Problems, topic: str, single: bool
) -> None:
    setting = f"existing_topic: '{topic}'" if single else f"existing_topics: {{high: '{topic}'}}"
    layout = "single" if single else "per-severity"
    path = "existing_topic" if single else "existing_topics.high"
    assert problems_of_account(f"notifications:\n  topics: {layout}\n  {setting}") == [
        f"12: notifications.{path}: {topic} is not in 111111111111 and eu-central-1, as a-eu-central-1 is: "
        "write {account_id} and {region} for what differs, or name the account of the topics under "
        "central_account"
    ]


def test_an_action_in_another_region_is_refused(problems_of_account: Problems) -> None:
    assert problems_of_account(
        "events:\n"
        "  logon-failed-network:\n"
        "    actions:\n"
        "    - arn:aws:ssm-incidents::111111111111:response-plan/x\n"
        "    - arn:aws:sns:eu-west-1:222222222222:x\n"
    ) == [
        "14: events.logon-failed-network.actions[1]: arn:aws:sns:eu-west-1:222222222222:x is not in "
        "eu-central-1, as a-eu-central-1 is: write {region} for what differs"
    ]


def test_an_action_without_the_region_that_its_arn_must_have_is_refused(
    problems_of_account: Problems,
) -> None:
    (problem,) = problems_of_account(
        "events: {logon-failed-network: {actions: ['arn:aws:sns::111111111111:x']}}"
    )
    assert problem.endswith(
        ": arn:aws:sns::111111111111:x is not in eu-central-1, as a-eu-central-1 is: "
        "write {region} for what differs"
    )


def test_a_key_in_another_region_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        "notifications:\n  kms_key: arn:aws:kms:eu-west-1:111111111111:alias/alarms\n"
    )
    assert problem.startswith(
        "11: notifications.kms_key: arn:aws:kms:eu-west-1:111111111111:alias/alarms is not in "
    )


@pytest.mark.parametrize(
    "boundary",
    [
        "boundary",
        "teams/boundary",
        "arn:{partition}:iam::{account_id}:policy/boundary",
        "arn:aws:iam::aws:policy/PowerUserAccess",
    ],
)
def test_a_permissions_boundary_is_a_policy_of_the_account_or_of_aws(
    problems_of_account: Problems, boundary: str
) -> None:
    assert not problems_of_account(f"created_roles: {{permissions_boundary: '{boundary}'}}")


@pytest.mark.parametrize(
    "boundary", ["arn:aws:iam::222222222222:policy/boundary", "arn:aws-cn:iam::aws:policy/PowerUserAccess"]
)
def test_a_permissions_boundary_of_another_account_or_partition_is_refused(
    problems_of_account: Problems, boundary: str
) -> None:
    assert problems_of_account(f"created_roles: {{permissions_boundary: '{boundary}'}}") == [
        f"10: created_roles.permissions_boundary: {boundary} is not a policy of 111111111111 in the "
        "partition aws: write the policy's name alone, or {account_id} and {partition} in the ARN"
    ]


def test_a_permissions_boundary_that_is_a_role_is_refused(problems_of_account: Problems) -> None:
    assert problems_of_account(
        "created_roles: {permissions_boundary: 'arn:aws:iam::111111111111:role/boundary'}"
    ) == [
        "10: created_roles.permissions_boundary: 'arn:aws:iam::111111111111:role/boundary' is neither the "
        "name of a managed policy of IAM nor the ARN of one, such as "
        "arn:{partition}:iam::{account_id}:policy/boundary"
    ]


@pytest.mark.parametrize("path", ["security/", "/security", "/se curity/", ""])
def test_a_path_that_iam_would_refuse_is_refused(problems_of_account: Problems, path: str) -> None:
    (problem,) = problems_of_account(f"created_roles: {{path: '{path}'}}")
    assert "is not the path of an IAM role, which begins and ends with a slash: /security/" in problem


FOREIGN = {
    "a topic": ("notifications: {existing_topics: {high: '%s'}}", "sns:eu-central-1:111111111111:x"),
    "the topic": (
        "notifications: {topics: single, existing_topic: '%s'}",
        "sns:eu-central-1:111111111111:x",
    ),
    "a topic's key": ("notifications: {kms_key: '%s'}", "kms:eu-central-1:111111111111:alias/x"),
    "a queue": (
        "notifications: {subscriptions: [{protocol: sqs, endpoint: '%s'}]}",
        "sqs:eu-central-1:111111111111:x",
    ),
    "a function": (
        "notifications: {subscriptions: [{protocol: lambda, endpoint: '%s'}]}",
        "lambda:eu-central-1:111111111111:function:x",
    ),
    "a key": ("encryption: {key: '%s'}", "kms:eu-central-1:111111111111:key/x"),
    "an action": (
        "events: {logon-failed-network: {actions: ['%s']}}",
        "ssm-incidents::111111111111:response-plan/x",
    ),
    "a variant's action": (
        "events: {logon-failed-network: {variants: {slow: {threshold: 900, actions: ['%s']}}}}",
        "sns:eu-central-1:111111111111:x",
    ),
}


@pytest.mark.parametrize(("settings", "resource"), FOREIGN.values(), ids=FOREIGN)
def test_what_is_in_another_partition_is_refused(
    problems_of_account: Problems, settings: str, resource: str
) -> None:
    (problem,) = problems_of_account(settings % f"arn:aws-cn:{resource}")
    assert problem.endswith(
        f": arn:aws-cn:{resource} is in the partition aws-cn, and a-eu-central-1 in aws: write {{partition}} "
        "for what differs"
    )
    assert not problems_of_account(settings % f"arn:{{partition}}:{resource}")


def test_a_queue_may_be_in_another_region_and_account(problems_of_account: Problems) -> None:
    assert not problems_of_account(
        "notifications: {subscriptions: [{protocol: sqs, endpoint: 'arn:aws:sqs:eu-west-1:222222222222:x'}]}"
    )


def test_a_function_in_another_region_could_not_be_given_the_permission(
    problems_of_account: Problems,
) -> None:
    function = "arn:aws:lambda:eu-west-1:111111111111:function:x"
    assert problems_of_account(
        "notifications:\n  subscriptions:\n"
        "  - {protocol: email, endpoint: a@example.com}\n"
        f"  - {{protocol: lambda, endpoint: '{function}'}}\n"
    ) == [
        f"13: notifications.subscriptions[1].endpoint: {function} is not in eu-central-1, as a-eu-central-1 "
        "is: write {region} for what differs"
    ]


@pytest.mark.parametrize("resource", ["key/x", "alias/x"])
def test_the_key_of_the_state_is_in_the_region_of_its_bucket(
    problems_of_account: Problems, resource: str
) -> None:
    state = "state: {type: s3, bucket: 'b-{account_id}', region: us-east-1, kms_key_id: '%s'}"
    assert not problems_of_account(state % f"arn:aws:kms:us-east-1:{{account_id}}:{resource}")
    assert problems_of_account(state % f"arn:aws:kms:eu-central-1:{{account_id}}:{resource}") == [
        f"10: state.kms_key_id: arn:aws:kms:eu-central-1:111111111111:{resource} is not in us-east-1, as the "
        "bucket b-111111111111 is: write {region} for what differs"
    ]


SUPPRESSED = """\
composite_alarms:
  guessing:
    title: Guessing
    any_of: [logon-failed-network]
    suppressor:
      alarm: '%s'
"""


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:maintenance",
        "arn:aws:cloudwatch:eu-central-1:222222222222:alarm:maintenance",
        "arn:aws-cn:cloudwatch:eu-central-1:111111111111:alarm:maintenance",
    ],
)
def test_a_suppressor_elsewhere_is_refused(problems_of_account: Problems, arn: str) -> None:
    assert problems_of_account(SUPPRESSED % arn) == [
        f"15: composite_alarms.guessing.suppressor.alarm: {arn} is not in 111111111111 and eu-central-1 "
        "(aws), as a-eu-central-1 is: write the alarm's name alone"
    ]


@pytest.mark.parametrize(
    "alarm",
    ["Maintenance {window}", "arn:{partition}:cloudwatch:{region}:{account_id}:alarm:maintenance"],
)
def test_a_suppressor_of_the_same_account_and_region_is_fine(
    problems_of_account: Problems, alarm: str
) -> None:
    assert not problems_of_account(SUPPRESSED % alarm)


@pytest.mark.parametrize(
    "role", ["arn:aws:iam::222222222222:role/deployment", "arn:aws-cn:iam::{account_id}:role/deployment"]
)
def test_a_role_of_another_account_or_partition_is_refused(problems_of_account: Problems, role: str) -> None:
    filled = role.replace("{account_id}", "111111111111")
    assert problems_of_account(f"assume_role: '{role}'") == [
        f"10: assume_role: {filled} is not a role of 111111111111 in the partition aws: write the role's "
        "name alone, or {account_id} and {partition} in the ARN"
    ]
