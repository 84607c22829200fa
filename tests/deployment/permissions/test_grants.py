import json

from deployment.aws.limits import MANAGED_POLICY_CHARACTERS
from deployment.permissions.grants import Grant, actions, characters, merged, policies


def test_actions_take_the_service_before_them() -> None:
    assert actions("logs: CreateLogGroup DeleteLogGroup sns: Subscribe") == (
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "sns:Subscribe",
    )


def test_grants_on_the_same_resources_become_one() -> None:
    assert merged([Grant(("a:B",), ("x",)), Grant(("a:A",), ("x",)), Grant(("a:A",), ("x",))]) == [
        Grant(("a:A", "a:B"), ("x",))
    ]


def test_grants_of_the_same_actions_become_one() -> None:
    assert merged([Grant(("a:A",), ("y",)), Grant(("a:A",), ("x",))]) == [Grant(("a:A",), ("x", "y"))]


def test_a_condition_keeps_grants_apart() -> None:
    condition = {"StringEquals": {"kms:ViaService": "ssm"}}
    assert len(merged([Grant(("a:A",), ("x",), condition), Grant(("a:A",), ("x",))])) == 2


def test_a_grant_without_resources_allows_nothing() -> None:
    assert merged([Grant(("a:A",), ()), Grant((), ("x",))]) == []


def test_the_length_counts_no_white_space_between_elements() -> None:
    assert characters({"Version": "2012-10-17", "Statement": []}) == len(
        '{"Version":"2012-10-17","Statement":[]}'
    )


def test_policies_are_divided_at_the_length_of_a_managed_policy_and_lose_nothing() -> None:
    wanted = [Grant((f"logs:Action{n}",), (f"arn:aws:logs:::{n}" + "x" * 1000,)) for n in range(20)]
    found = policies(wanted)
    assert len(found) > 1
    assert all(characters(policy) <= MANAGED_POLICY_CHARACTERS for policy in found)
    statements = [statement for policy in found for statement in policy["Statement"]]
    assert sorted(map(json.dumps, statements)) == sorted(json.dumps(grant.statement) for grant in wanted)


def test_a_statement_that_is_longer_than_a_policy_is_divided_by_its_resources() -> None:
    resources = tuple(f"arn:aws:logs:::{n:03}" + "x" * 100 for n in range(100))
    found = policies([Grant(("logs:CreateLogGroup",), resources)])
    assert all(characters(policy) <= MANAGED_POLICY_CHARACTERS for policy in found)
    named = [arn for policy in found for statement in policy["Statement"] for arn in statement["Resource"]]
    assert sorted(named) == list(resources)
