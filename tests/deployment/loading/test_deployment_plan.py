import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.options import add_options
from deployment import DeploymentError, DeploymentPlan, Problem, load_plan

Write = Callable[[str], Path]
Select = Callable[..., DeploymentPlan]

DEPLOYMENT = """\
defaults:
  regions: [eu-central-1, eu-west-1]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts:
  production: {id: 111111111111}
  staging: {id: 222222222222}
  tokyo: {id: 333333333333, regions: [ap-northeast-1]}
"""
BROKEN = DEPLOYMENT.replace("{id: 222222222222}", "{id: 222222222222, retenton: 5}")
COLLIDING = DEPLOYMENT.replace("{id: 222222222222}", "{id: 111111111111}")


@pytest.fixture
def select(write: Write) -> Select:
    """Return what command line options choose of a deployment file."""

    def selection(text: str, *arguments: str) -> DeploymentPlan:
        parser = argparse.ArgumentParser()
        add_options(parser)
        return load_plan(write(text), **vars(parser.parse_args(arguments)))

    return selection


def stacks(selection: DeploymentPlan) -> list[str]:
    return [region.stack_name for region in selection.regions]


def refusal(select: Select, *arguments: str) -> list[str]:
    with pytest.raises(DeploymentError) as refused:
        select(*arguments)
    return str(refused.value).splitlines()


def test_without_options_everything_is_selected(select: Select) -> None:
    assert len(stacks(select(DEPLOYMENT))) == 5


def test_accounts_and_regions_are_selected_by_name(select: Select) -> None:
    assert stacks(select(DEPLOYMENT, "--account", "staging")) == ["staging-eu-central-1", "staging-eu-west-1"]
    assert stacks(
        select(
            DEPLOYMENT,
            "--account",
            "staging",
            "--account",
            "tokyo",
            "--region",
            "eu-west-1",
            "--region",
            "ap-northeast-1",
        )
    ) == ["staging-eu-west-1", "tokyo-ap-northeast-1"]


def test_the_regions_of_all_accounts_are_selected_by_name(select: Select) -> None:
    assert stacks(select(DEPLOYMENT, "--region", "eu-west-1")) == [
        "production-eu-west-1",
        "staging-eu-west-1",
    ]


def test_names_that_there_are_not_are_refused_all_at_once_with_the_nearest(select: Select) -> None:
    arguments = ("--account", "prodution", "--account", "x", "--region", "eu-west-2")
    assert refusal(select, DEPLOYMENT, *arguments) == [
        "account prodution: there is no such account; did you mean production?",
        "account x: there is no such account",
        "region eu-west-2: no account is watched there; did you mean eu-west-1?",
    ]


def test_an_account_that_is_not_watched_in_the_regions_asked_for_is_refused(select: Select) -> None:
    arguments = ("--account", "staging", "--account", "tokyo", "--region", "eu-west-1")
    assert refusal(select, DEPLOYMENT, *arguments) == [
        "account tokyo: is watched in none of these regions, but in ap-northeast-1"
    ]
    assert refusal(select, DEPLOYMENT, "--account", "tokyo", "--region", "eu-west-1")[1:] == [
        "region eu-west-1: none of these accounts is watched there"
    ]


def test_a_broken_account_stops_everything_by_default(select: Select) -> None:
    assert len(refusal(select, BROKEN, "--account", "production")) == 1


def test_a_broken_account_is_left_out_and_named_when_asked(select: Select) -> None:
    selection = select(BROKEN, "--keep-going")
    assert stacks(selection) == ["production-eu-central-1", "production-eu-west-1", "tokyo-ap-northeast-1"]
    assert list(selection.left_out) == ["staging"]
    (problem,) = selection.problems
    assert str(problem).endswith(
        "deployment.yaml:6: accounts.staging.retenton: no such setting; did you mean retention_days?"
    )
    assert selection.is_incomplete


def test_a_broken_account_does_not_make_incomplete_what_was_asked_for(select: Select) -> None:
    selection = select(BROKEN, "--keep-going", "--account", "production")
    assert list(selection.left_out) == ["staging"]
    assert not selection.is_incomplete
    assert select(BROKEN, "--keep-going", "--account", "production", "--account", "staging").is_incomplete


def test_an_event_that_only_a_broken_account_watches_may_be_tuned_in_the_defaults(select: Select) -> None:
    tuned = BROKEN.replace(
        "accounts:", "  packs: [remote-desktop]\n  events: {user-account-created: {threshold: 5}}\naccounts:"
    )
    tuned = tuned.replace("retenton: 5", "packs: [article], agent_version: 1.2.3")
    assert list(select(tuned, "--keep-going").left_out) == ["staging"]


def test_what_is_wrong_is_told_beside_a_name_that_there_is_not(select: Select) -> None:
    problem, unknown = refusal(select, BROKEN, "--keep-going", "--account", "x")
    assert "retenton" in problem
    assert unknown == "account x: there is no such account"


def test_without_keep_going_too_a_name_that_there_is_not_is_told_beside_what_is_wrong(
    select: Select, tmp_path: Path
) -> None:
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "osaka.yaml").write_text("id: 444444444444\nretenton: 5\n")
    folder = f"{DEPLOYMENT}accounts_folder: accounts\n"
    problem, unknown = refusal(
        select, folder, "--account", "osaka", "--account", "a9", "--region", "us-east-1"
    )
    assert "osaka.yaml:2: " in problem
    assert unknown == "account a9: there is no such account"


def test_the_problems_of_accounts_left_out_are_told_in_the_order_of_the_lines(
    select: Select, tmp_path: Path
) -> None:
    text = DEPLOYMENT.replace("production: {id: 111111111111}", "production: {id: 333333333333}")
    text = text.replace("{id: 333333333333, regions", "{id: 333333333333, packs: [], regions")
    text = text.replace("staging: {id: 222222222222}", "staging: {id: 222222222222, agent_version: x}")
    (tmp_path / "accounts").mkdir()
    for name in ("osaka", "kyoto"):
        (tmp_path / "accounts" / f"{name}.yaml").write_text("regions: [eu-west-1]\nretenton: 5\nid: 5\n")
    selection = select(f"{text}accounts_folder: accounts\n", "--keep-going")
    places = [(Path(problem.file).name, problem.line) for problem in selection.problems]
    assert places == [
        ("deployment.yaml", 6),
        ("deployment.yaml", 7),
        ("kyoto.yaml", 2),
        ("kyoto.yaml", 3),
        ("osaka.yaml", 2),
        ("osaka.yaml", 3),
    ]


def test_asking_for_nothing_but_broken_accounts_is_refused(select: Select) -> None:
    (problem,) = refusal(select, BROKEN, "--keep-going", "--account", "staging")
    assert "retenton" in problem


def test_of_two_accounts_that_collide_the_later_is_left_out(select: Select) -> None:
    selection = select(COLLIDING, "--keep-going")
    assert stacks(selection) == ["production-eu-central-1", "production-eu-west-1", "tokyo-ap-northeast-1"]
    assert list(selection.left_out) == ["staging"]


@pytest.mark.parametrize(
    "text",
    [
        BROKEN + "nme: x\n",
        BROKEN.replace("regions: [eu-central-1, ", "packs: [x]\n  regions: ["),
        BROKEN + "  - x\n",
        "accounts: {a: {id: 5}, b: {}}\n",
    ],
)
def test_what_is_wrong_outside_of_single_accounts_or_with_all_stops_everything(
    select: Select, text: str
) -> None:
    assert refusal(select, text, "--keep-going")


def test_a_broken_file_of_the_folder_is_left_out(select: Select, tmp_path: Path) -> None:
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "osaka.yaml").write_text("id: 444444444444\nregions: [\n")
    (tmp_path / "accounts" / "kyoto.yaml").write_text("id: 555555555555\n")
    selection = select(f"{DEPLOYMENT}accounts_folder: accounts\n", "--keep-going", "--region", "eu-west-1")
    assert stacks(selection) == ["production-eu-west-1", "staging-eu-west-1", "kyoto-eu-west-1"]
    assert list(selection.left_out) == ["osaka"]


MEMBERS = [
    {"Id": "222222222222", "Name": "Staging", "Status": "ACTIVE"},
    {"Id": "444444444444", "Name": "Osaka", "Status": "ACTIVE"},
]
RULES = "organization: {export: list.json, rules: [{name: S*}]}\n"


def test_an_account_of_the_organization_that_no_rule_matches_is_left_out(
    select: Select, tmp_path: Path
) -> None:
    (tmp_path / "list.json").write_text(json.dumps({"Accounts": MEMBERS}))
    selection = select(f"{RULES}{DEPLOYMENT}", "--keep-going")
    assert list(selection.left_out) == ["Osaka (444444444444)"]
    assert len(stacks(selection)) == 5


def test_an_account_whose_entry_is_broken_is_not_built_without_it(select: Select, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(json.dumps({"Accounts": MEMBERS[:1]}))
    selection = select(f"{RULES}{BROKEN}", "--keep-going")
    assert [name for name in stacks(selection) if "staging" in name] == []

    unknown = BROKEN.replace("id: 222222222222, ", "")
    assert ".staging.id: is missing" in refusal(select, f"{RULES}{unknown}", "--keep-going")[0]


def test_what_comes_up_while_building_leaves_out_its_account(select: Select) -> None:
    selection = select(DEPLOYMENT, "--account", "production", "--account", "tokyo")
    problem = Problem(("accounts", "tokyo"), "cannot be built")
    assert selection.without([]) == selection
    rest = selection.without([problem])
    assert stacks(rest) == ["production-eu-central-1", "production-eu-west-1"]
    assert (rest.problems, rest.is_incomplete) == ((problem,), True)


def test_an_own_event_that_no_account_watches_is_a_notice(select: Select) -> None:
    own = (
        "own_events: [{key: payroll, event_id: 77, title: t, severity: high, runbook: r, packs: [article], "
        "provider: {name: P, channel: Application}}]\n"
    )
    (notice,) = select(f"{own}{DEPLOYMENT}").notices
    assert notice.startswith("no account watches the own event payroll: choose one of its packs (article), ")
    assert select(f"{own.replace(', packs: [article]', '')}{DEPLOYMENT}").notices == ()
