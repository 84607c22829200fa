from collections.abc import Callable
from pathlib import Path

import pytest

from deployment import DeploymentError, load

Write = Callable[[str], Path]

DEPLOYMENT = """\
defaults:
  regions: [eu-central-1]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts_folder: accounts/
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of accounts that the deployment names, with one account in it."""
    folder = tmp_path / "accounts"
    folder.mkdir()
    (folder / "tokyo.yaml").write_text("id: 222222222222\nregions: [ap-northeast-1]\n")
    return folder


@pytest.fixture
def refused(write: Write) -> Callable[[str], list[str]]:
    """Return the problems of a deployment file, without the folder it is in."""

    def problems(text: str) -> list[str]:
        path = write(text)
        with pytest.raises(DeploymentError) as error:
            load(path)
        return str(error.value).replace(f"{path.parent}/", "").splitlines()

    return problems


Refused = Callable[[str], list[str]]


@pytest.mark.usefixtures("folder")
def test_each_file_of_the_folder_is_an_account_beside_those_of_the_deployment_file(write: Write) -> None:
    deployment = load(write(f"{DEPLOYMENT}accounts: {{production: {{id: 111111111111}}}}\n"))
    assert {name: account.id for name, account in deployment.accounts.items()} == {
        "production": "111111111111",
        "tokyo": "222222222222",
    }
    assert deployment.accounts["tokyo"].regions == ("ap-northeast-1",)


@pytest.mark.usefixtures("folder")
def test_a_deployment_may_have_its_accounts_in_the_folder_only(write: Write) -> None:
    assert list(load(write(DEPLOYMENT)).accounts) == ["tokyo"]


def test_every_problem_names_the_file_and_line_it_is_in(folder: Path, refused: Refused) -> None:
    (folder / "tokyo.yaml").write_text("regions: [tokyo]\nid: 222222222222\n")
    (folder / "osaka.yml").write_text("# nothing yet\nretenton: 5\n")
    (folder / "kyoto.yaml").write_text("id: 333333333333\nregions: [\n")
    assert refused(f"{DEPLOYMENT}name: X\n") == [
        "deployment.yaml:5: name: 'X' is not a name of 1 to 24 lower-case letters, digits and single "
        "hyphens, beginning with a letter",
        "accounts/kyoto.yaml:3: accounts.kyoto: is not YAML while parsing a flow node: did not find expected "
        "node content",
        "accounts/osaka.yml:1: accounts.osaka.id: is missing: the account's id: 12 digits",
        "accounts/osaka.yml:2: accounts.osaka.retenton: no such setting; did you mean retention_days?",
        "accounts/tokyo.yaml:1: accounts.tokyo.regions[0]: 'tokyo' is not the name of an AWS region, such as "
        "ap-northeast-1 or us-gov-west-1",
    ]


def test_what_contradicts_the_defaults_is_placed_in_the_account_that_says_it(
    folder: Path, refused: Refused
) -> None:
    (folder / "tokyo.yaml").write_text("id: 222222222222\nagent_version: 1.2.3\n")
    (problem,) = refused(DEPLOYMENT)
    assert problem.startswith("accounts/tokyo.yaml:2: accounts.tokyo.agent_version: 1.2.3 does not know")


def test_a_file_whose_name_is_no_account_name_is_refused(folder: Path, refused: Refused) -> None:
    (folder / "tokyo.yaml").rename(folder / "Tokyo_1.yaml")
    assert refused(DEPLOYMENT) == [
        "accounts/Tokyo_1.yaml:1: accounts.Tokyo_1: 'Tokyo_1' is not a name of 1 to 50 lower-case letters, "
        "digits and single hyphens, beginning with a letter"
    ]


@pytest.mark.usefixtures("folder")
def test_a_name_that_the_deployment_file_has_too_is_refused_with_both_places(refused: Refused) -> None:
    assert refused(f"{DEPLOYMENT}accounts:\n  tokyo: {{id: 111111111111}}\n") == [
        "accounts/tokyo.yaml:1: accounts.tokyo: is in deployment.yaml:6 already"
    ]


@pytest.mark.usefixtures("folder")
def test_an_id_that_the_deployment_file_has_too_is_refused_with_both_places(refused: Refused) -> None:
    assert refused(f"{DEPLOYMENT}accounts:\n  a:\n    regions: [eu-west-1]\n    id: '222222222222'\n") == [
        "accounts/tokyo.yaml:1: accounts.tokyo: the id 222222222222 is that of accounts.a in "
        "deployment.yaml:8 already"
    ]


def test_two_files_for_one_name_are_refused_with_both_places(folder: Path, refused: Refused) -> None:
    (folder / "tokyo.yml").write_text("id: 333333333333\n")
    assert refused(DEPLOYMENT) == [
        "accounts/tokyo.yml:1: accounts.tokyo: is in accounts/tokyo.yaml:1 already"
    ]


def test_a_file_that_would_be_passed_over_is_refused(folder: Path, refused: Refused) -> None:
    (folder / "osaka.YAML").touch()
    (folder / "europe").mkdir()
    assert [problem.split(": ")[0] for problem in refused(DEPLOYMENT)] == [
        "accounts/europe",
        "accounts/osaka.YAML",
    ]


def test_hidden_files_and_a_readme_are_passed_over(folder: Path, write: Write) -> None:
    (folder / ".tokyo.yaml.swp").touch()
    (folder / "README.md").touch()
    assert list(load(write(DEPLOYMENT)).accounts) == ["tokyo"]


def test_a_folder_that_is_missing_or_empty_is_told_at_its_setting(tmp_path: Path, refused: Refused) -> None:
    assert refused(DEPLOYMENT) == ["deployment.yaml:4: accounts_folder: accounts: there is no such folder"]
    (tmp_path / "accounts").mkdir()
    assert refused(DEPLOYMENT) == [
        "deployment.yaml:4: accounts_folder: accounts has no file NAME.yaml: an account each"
    ]


@pytest.mark.parametrize("path", ["/etc", "~/accounts", "C:\\accounts", "[accounts]"])
def test_a_folder_is_relative_to_the_deployment_file(path: str, refused: Refused) -> None:
    (problem, *_) = refused(f"accounts_folder: {path}\naccounts: {{a: {{id: 111111111111}}}}\n")
    assert problem.startswith("deployment.yaml:1: accounts_folder: ")
