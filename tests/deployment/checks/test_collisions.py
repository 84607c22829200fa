from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]


def test_one_region_of_one_account_twice_is_refused(problems_of_accounts: Problems) -> None:
    problems = problems_of_accounts(
        "  a: {id: 111111111111, regions: [eu-central-1]}\n"
        "  b: {id: 111111111111, regions: [eu-west-1, eu-central-1]}\n"
    )
    assert problems == [
        "6: accounts.b.id: 111111111111 is monitored in eu-central-1 by accounts.a already: their roles, "
        "topics and alarms would have the same names"
    ]


def test_two_regions_of_one_account_under_two_names_are_fine(problems_of_accounts: Problems) -> None:
    assert not problems_of_accounts(
        "  a: {id: 111111111111, regions: [eu-central-1]}\n  b: {id: 111111111111, regions: [eu-west-1]}\n"
    )


def test_two_stacks_of_one_name_are_refused(problems_of_accounts: Problems) -> None:
    problems = problems_of_accounts(
        "  a: {id: 111111111111, regions: [eusc-de-east-1]}\n"
        "  a-eusc: {id: 222222222222, regions: [de-east-1]}\n"
    )
    assert problems == [
        "6: accounts.a-eusc: its stack a-eusc-de-east-1 would have the name of one of accounts.a"
    ]


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (
            "{type: cloud, organization: example, workspace: security}",
            "6: accounts.b.state.workspace: a-eu-central-1 and b-eu-central-1 would share the state "
            "app.terraform.io/example/security: put {account} and {region} into the workspace's name",
        ),
        (
            "{type: s3, bucket: central, region: eu-central-1}",
            "6: accounts.b.state.bucket: central would be made in account 111111111111 and in 222222222222: "
            "put {account_id} into the name, or make it yourself and set 'create_bucket: false'",
        ),
    ],
)
def test_states_that_would_collide_are_refused(
    problems_of_accounts: Problems, state: str, problem: str
) -> None:
    assert problems_of_accounts(
        f"  a: {{id: 111111111111, regions: [eu-central-1], state: {state}}}\n"
        f"  b: {{id: 222222222222, regions: [eu-central-1], state: {state}}}\n"
    ) == [problem]


def test_a_central_bucket_that_exists_may_hold_the_state_of_all(problems_of_accounts: Problems) -> None:
    state = "{type: s3, bucket: central, region: eu-central-1, create_bucket: false}"
    assert not problems_of_accounts(
        f"  a: {{id: 111111111111, regions: [eu-central-1], state: {state}}}\n"
        f"  b: {{id: 222222222222, regions: [eu-central-1], state: {state}}}\n"
    )
