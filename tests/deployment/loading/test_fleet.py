import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from deployment import Deployment, DeploymentError, load, resolve
from deployment.loading.fleet import notices

Write = Callable[[str], Path]
Fleet = Callable[..., Deployment]

DEPLOYMENT = """\
defaults:
  regions: [eu-central-1]
  retention_days: 30
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
"""


def member(number: int, name: str, **more: Any) -> dict[str, Any]:
    """One account as AWS prints it."""
    return {
        "Id": str(number) * 12,
        "Arn": f"arn:aws:organizations::999999999999:account/o-example/{str(number) * 12}",
        "Email": f"{number}@example.com",
        "Name": name,
        "Status": "ACTIVE",
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": "2024-01-01T00:00:00.000000+09:00",
        **more,
    }


PRODUCTION = member(1, "Production EU", OrganizationalUnit="Root/Workloads/Production", Tags={"Owner": "a"})
STAGING = member(2, "Staging", OrganizationalUnit="Root/Workloads/Test/Staging", Tags={})


@pytest.fixture
def fleet(write: Write) -> Fleet:
    """Load a deployment with an organization: its members, its settings, and what else is in the file."""

    def load_fleet(
        *members: Mapping[str, Any], accounts: str = "", defaults: str = "", **organization: Any
    ) -> Deployment:
        settings = {"export": "list-accounts.json", **organization}
        path = write(f"{DEPLOYMENT}{defaults}organization: {json.dumps(settings)}\n{accounts}")
        export = {"Accounts": members}
        path.with_name("list-accounts.json").write_text(json.dumps(export, indent=4), encoding="utf-8")
        return load(path)

    return load_fleet


def refusal(fleet: Fleet, *members: Mapping[str, Any], **organization: Any) -> list[str]:
    with pytest.raises(DeploymentError) as refused:
        fleet(*members, **organization)
    problems = [str(problem) for problem in refused.value.problems]
    return [problem[max(problem.find("deployment.yaml"), problem.find("list-acc")) :] for problem in problems]


def retention(deployment: Deployment) -> dict[str, int]:
    return {region.account: region.settings.retention_days for region in resolve(deployment)}


def test_an_account_of_the_organization_is_watched_as_the_defaults_say(fleet: Fleet) -> None:
    deployment = fleet(PRODUCTION, STAGING, rules=[{}])
    assert {name: account.id for name, account in deployment.accounts.items()} == {
        "production-eu": "111111111111",
        "staging": "222222222222",
    }
    assert retention(deployment) == {"production-eu": 30, "staging": 30}


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ({"organizational_unit": "Root/Workloads"}, {"production-eu", "staging"}),
        ({"organizational_unit": "Root/*/Production"}, {"production-eu"}),
        ({"organizational_unit": "Root/Workloads/Prod"}, set()),
        ({"organizational_unit": "Root/*/*/*"}, {"staging"}),
        ({"organizational_unit": "root"}, set()),
        ({"name": "Prod*"}, {"production-eu"}),
        ({"name": "Prod"}, set()),
        ({"tags": {"Owner": "a"}}, {"production-eu"}),
        ({"tags": {"Owner": "*"}}, {"production-eu"}),
        ({"tags": {"Owner": "b"}}, set()),
        ({"tags": {"Owner": "a"}, "name": "Staging"}, set()),
        ({}, {"production-eu", "staging"}),
    ],
)
def test_a_rule_holds_for_the_accounts_that_all_of_it_matches(
    fleet: Fleet, pattern: dict[str, Any], matching: set[str]
) -> None:
    rule = {**pattern, "settings": {"retention_days": 400}}
    found = retention(fleet(PRODUCTION, STAGING, rules=[rule], unmatched="watch"))
    assert {name for name, days in found.items() if days == 400} == matching


@pytest.mark.parametrize(("name", "pattern"), [("Payments [prod]", "Payments [prod]"), ("What?", "W*?")])
def test_a_name_with_brackets_or_a_question_mark_is_matched_as_it_is(
    fleet: Fleet, name: str, pattern: str
) -> None:
    rule = {"name": pattern, "settings": {"retention_days": 400}}
    members = {**PRODUCTION, "Name": name}, {**STAGING, "Name": "Payments p"}
    found = retention(fleet(*members, rules=[rule], unmatched="watch"))
    assert sorted(found.values()) == [30, 400]


def test_a_rule_that_tunes_an_alarm_which_the_defaults_switch_off_is_told_so(fleet: Fleet) -> None:
    rules = [
        {"settings": {"events": {"logon-failed-network": {"threshold": 7}}}},
        {"name": "Staging", "settings": {"events": {"logon-failed-network": {"alarm": False}}}},
    ]
    assert fleet(PRODUCTION, STAGING, rules=rules)

    off = "  events: {logon-failed-network: {alarm: false}}\n"
    (problem,) = refusal(fleet, PRODUCTION, rules=rules[:1], defaults=off)
    assert "organization.rules[0].settings.events.logon-failed-network.threshold: has no effect" in problem


def test_of_several_rules_that_match_the_later_one_wins_and_an_entry_over_all(fleet: Fleet) -> None:
    rules = [
        {"settings": {"retention_days": 60, "tags": {"First": "1", "Both": "1"}}},
        {"name": "Prod*", "settings": {"retention_days": 90, "tags": {"Both": "2", "Second": "2"}}},
    ]
    (region,) = resolve(fleet(PRODUCTION, rules=rules))
    assert region.settings.retention_days == 90
    assert region.settings.tags == {"First": "1", "Both": "2", "Second": "2"}

    entry = "accounts: {main: {id: 111111111111, tags: {Second: '3'}}}\n"
    (region,) = resolve(fleet(PRODUCTION, rules=rules, accounts=entry))
    assert (region.account, region.settings.retention_days) == ("main", 90)
    assert region.settings.tags == {"First": "1", "Both": "2", "Second": "3"}


def test_an_account_that_no_rule_matches_is_never_left_out_silently(fleet: Fleet) -> None:
    rules = [{"name": "Prod*"}]
    assert refusal(fleet, PRODUCTION, STAGING, rules=rules) == [
        "list-accounts.json:16: organization.export.Accounts[1]: no rule matches Staging (222222222222): add "
        "a rule, or say what becomes of such accounts: 'unmatched: watch' or 'unmatched: leave-out', under "
        "organization"
    ]
    assert set(fleet(PRODUCTION, STAGING, rules=rules, unmatched="watch").accounts) == {
        "production-eu",
        "staging",
    }
    deployment = fleet(PRODUCTION, STAGING, rules=rules, unmatched="leave-out")
    assert set(deployment.accounts) == {"production-eu"}
    assert list(notices(deployment)) == [
        "organization: left out, since no rule matches: Staging (222222222222)"
    ]


def test_an_entry_of_its_own_needs_no_rule(fleet: Fleet) -> None:
    entry = "accounts: {staging: {id: 222222222222}}\n"
    assert set(fleet(STAGING, rules=[{"name": "Prod*"}], accounts=entry).accounts) == {"staging"}


def test_the_last_rule_that_says_so_decides_whether_an_account_is_left_out(fleet: Fleet) -> None:
    rules = [
        {"organizational_unit": "Root/Workloads", "skip": True},
        {"name": "Prod*", "skip": False},
        {"settings": {"retention_days": 90}},
    ]
    deployment = fleet(PRODUCTION, STAGING, rules=rules)
    assert set(deployment.accounts) == {"production-eu"}
    assert list(notices(deployment)) == [
        "organization: left out, since rules[0] says so: Staging (222222222222)"
    ]


@pytest.mark.parametrize("state", [{"Status": "SUSPENDED"}, {"State": "SUSPENDED"}, {"State": "CLOSED"}])
def test_an_account_that_is_not_active_is_left_out_with_a_notice(fleet: Fleet, state: dict[str, str]) -> None:
    deployment = fleet(PRODUCTION, {**STAGING, **state}, rules=[{}])
    assert set(deployment.accounts) == {"production-eu"}
    (says,) = state.values()
    assert list(notices(deployment)) == [
        f"organization: left out, since AWS says {says}: Staging (222222222222)"
    ]


def test_a_rule_that_matches_no_account_is_noticed(fleet: Fleet) -> None:
    deployment = fleet(PRODUCTION, rules=[{}, {"name": "Sandbox*", "skip": True}])
    assert list(notices(deployment)) == ["organization: rules[1] matches no account"]


@pytest.mark.parametrize(
    ("pattern", "lacking"),
    [({"organizational_unit": "Root"}, "OrganizationalUnit"), ({"tags": {"A": "b"}}, "Tags")],
)
def test_a_rule_that_asks_for_what_the_export_does_not_say_is_refused(
    fleet: Fleet, pattern: dict[str, Any], lacking: str
) -> None:
    (problem,) = refusal(fleet, member(1, "Plain"), rules=[{}, pattern])
    assert problem == (
        f"list-accounts.json:3: organization.export.Accounts[0]: Plain (111111111111) is without {lacking}, "
        "which organization.rules[1] asks for: add it to the export"
    )


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("Production EU (old)", "production-eu-old"),
        ("  a__b  ", "a-b"),
        ("2nd account", "account-2nd-account"),
        ("***", "account-111111111111"),
        ("x" * 49 + "-yz", "x" * 49),
    ],
)
def test_a_name_becomes_a_valid_name_of_an_account(fleet: Fleet, name: str, account: str) -> None:
    assert list(fleet(member(1, name), rules=[{}]).accounts) == [account]


def test_two_accounts_that_would_have_one_name_are_refused_with_both(fleet: Fleet) -> None:
    assert refusal(fleet, member(1, "Prod EU"), member(2, "prod-eu"), rules=[{}]) == [
        "list-accounts.json:12: organization.export.Accounts[1]: prod-eu (222222222222) would be called "
        "prod-eu, as Prod EU (111111111111) is: give it an entry under accounts, with its id and another name"
    ]


def test_an_account_that_would_have_the_name_of_an_entry_is_refused(fleet: Fleet) -> None:
    entry = "accounts: {staging: {id: 333333333333}}\n"
    (problem,) = refusal(fleet, STAGING, rules=[{}], accounts=entry)
    assert "Staging (222222222222) would be called staging, as accounts.staging is" in problem


def test_an_account_that_is_listed_twice_is_refused(fleet: Fleet) -> None:
    (problem,) = refusal(fleet, PRODUCTION, {**PRODUCTION, "Name": "Other"}, rules=[{}])
    assert problem.startswith("list-accounts.json:2: organization.export.Accounts: ")
    assert "Other (111111111111)" in problem


def test_an_organization_without_an_account_left_is_refused(fleet: Fleet) -> None:
    (problem,) = refusal(fleet, {**PRODUCTION, "Status": "SUSPENDED"}, rules=[{}])
    assert problem == "deployment.yaml:5: organization: no account is left to watch"


def test_a_wrong_setting_of_a_rule_is_told_once_at_the_rule(fleet: Fleet) -> None:
    rules = [{"settings": {"agent_version": "1.2.3"}}]
    (problem,) = refusal(fleet, PRODUCTION, STAGING, rules=rules)
    assert problem.startswith(
        "deployment.yaml:5: organization.rules[0].settings.agent_version: 1.2.3 does not"
    )


def test_a_rule_that_tunes_an_event_that_nobody_watches_is_refused(fleet: Fleet) -> None:
    settings = {"packs": ["remote-desktop"], "events": {"user-account-created": {"threshold": 5}}}
    (problem,) = refusal(fleet, PRODUCTION, rules=[{"settings": settings}])
    assert "organization.rules[0].settings.events.user-account-created: no account watches it" in problem


def test_what_is_wrong_with_the_export_is_placed_in_its_lines(fleet: Fleet) -> None:
    broken = [{**PRODUCTION, "Id": "12"}, {"Id": "222222222222", "Name": "B"}]
    assert [problem.split(": ")[:2] for problem in refusal(fleet, *broken, rules=[{}])] == [
        ["list-accounts.json:4", "organization.export.Accounts[0].Id"],
        ["list-accounts.json:16", "organization.export.Accounts[1]"],
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[]", "1: the file must be a mapping with Accounts, as 'aws organizations list-accounts' prints it"),
        ("{}", "1: organization.export.Accounts: is missing: the accounts of the organization"),
        (
            '{"Accounts": [],\n"NextToken": "x"}',
            "2: organization.export.NextToken: this is one page of several: export without --max-items and "
            "--no-paginate",
        ),
        (
            '{"Accounts": [}',
            "1: is not YAML while parsing a flow node: did not find expected node content",
        ),
    ],
)
def test_a_file_that_is_no_export_is_refused(write: Write, content: str, problem: str) -> None:
    path = write(f"{DEPLOYMENT}organization: {{export: list.json, rules: [{{}}]}}\n")
    path.with_name("list.json").write_text(content)
    with pytest.raises(DeploymentError) as refused:
        load(path)
    assert str(refused.value) == f"{path.with_name('list.json')}:{problem}"


def test_an_export_that_is_missing_is_named(write: Write) -> None:
    path = write(f"{DEPLOYMENT}organization: {{export: list.json}}\n")
    with pytest.raises(DeploymentError, match=r"list\.json: there is no such file$"):
        load(path)


def test_an_organization_can_be_written_in_python() -> None:
    deployment = Deployment.model_validate(
        {"organization": {"export": {"Accounts": [PRODUCTION]}}, "accounts": {"a": {"id": "333333333333"}}}
    )
    assert deployment.organization
    assert deployment.organization.rules_of("111111111111") == ()


def test_a_file_is_read_by_the_loader_only() -> None:
    with pytest.raises(ValueError, match="names a file"):
        Deployment.model_validate({"organization": {"export": "list.json"}})
