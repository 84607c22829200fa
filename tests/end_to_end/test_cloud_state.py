"""State in Terraform Cloud: a workspace for each account and region, in a server that stands in for it."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from local_aws import LocalAws, Terraform, TerraformError, inventory, terraform_environment
from tests.end_to_end.project import Project, deployment
from tests.end_to_end.terraform_cloud import HOSTNAME, TOKEN, TerraformCloud, terraform_cloud

ACCOUNT = "111111111111"
TOKEN_VARIABLE = "TF_TOKEN_" + HOSTNAME.replace(".", "_")

CLOUD_STATE = deployment(
    {
        "production": {"id": ACCOUNT, "regions": ["eu-central-1", "eu-west-1"]},
        "staging": {"id": "222222222222", "regions": ["eu-central-1"]},
    },
    state={"type": "cloud", "organization": "example", "workspace": "security-{account}-{region}"},
)

pytestmark = pytest.mark.usefixtures("one_provider")


@pytest.fixture(scope="module")
def cloud() -> Iterator[TerraformCloud]:
    with terraform_cloud("example") as server:
        yield server


@pytest.fixture(scope="module")
def environment(
    aws: LocalAws, cloud: TerraformCloud, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """The variables that point terraform at both stand-ins; the token is in none of its files."""
    folder = tmp_path_factory.mktemp("terraform")
    variables = terraform_environment(folder)
    provider_installation = Path(variables.get("TF_CLI_CONFIG_FILE") or os.devnull).read_text()
    configuration = folder / "cloud.tfrc"
    configuration.write_text(provider_installation + cloud.cli_configuration)
    return {
        **variables,
        **aws.environment(),
        "TF_CLI_CONFIG_FILE": str(configuration),
        TOKEN_VARIABLE: TOKEN,
    }


@pytest.fixture(scope="module")
def stacks(
    one_provider: None, shared_project: Project, environment: Mapping[str, str]
) -> Mapping[str, Terraform]:
    """Every stack, initialised, by name."""
    terraforms = {
        name: Terraform(folder, environment)
        for name, folder in shared_project.synthesize(CLOUD_STATE).items()
    }
    for terraform in terraforms.values():
        terraform.init()
    return terraforms


@pytest.fixture(scope="module")
def applied(stacks: Mapping[str, Terraform]) -> Terraform:
    terraform = stacks["production-eu-central-1"]
    terraform.validate()
    terraform.apply()
    return terraform


@pytest.mark.usefixtures("stacks")
def test_each_account_and_region_has_a_workspace_named_by_the_template(cloud: TerraformCloud) -> None:
    assert set(cloud.workspaces) == {
        "security-production-eu-central-1",
        "security-production-eu-west-1",
        "security-staging-eu-central-1",
    }


def test_a_stack_is_applied_and_its_state_is_in_its_workspace_only(
    applied: Terraform, cloud: TerraformCloud, aws: LocalAws
) -> None:
    assert applied.plan().is_empty
    assert applied.output()["log_groups"] == {"Security": "Security"}
    assert inventory(aws, ACCOUNT, "eu-central-1")["metric alarms"]

    *others, own = sorted(cloud.workspaces.values(), key=lambda workspace: len(workspace.states))
    assert own.attributes["name"] == "security-production-eu-central-1"
    assert json.loads(own.states[-1])["resources"]
    assert not any(workspace.states for workspace in others)
    assert not list(applied.directory.glob("*.tfstate"))


def test_a_locked_workspace_is_left_as_it_is(
    applied: Terraform, cloud: TerraformCloud, aws: LocalAws
) -> None:
    workspace = cloud.workspaces["security-production-eu-central-1"]
    states = list(workspace.states)
    workspace.attributes["locked"] = True

    with pytest.raises(TerraformError, match="Error acquiring the state lock"):
        applied.destroy()

    workspace.attributes["locked"] = False
    assert workspace.states == states
    assert applied.plan().is_empty


def test_no_token_is_in_any_file(applied: Terraform, shared_project: Project) -> None:
    files = [
        path
        for path in shared_project.folder.rglob("*")
        if path.is_file() and "providers" not in path.parts  # terraform's own, and large
    ]

    assert applied.directory / "cdk.tf.json" in files
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []


def test_without_a_token_terraform_says_how_to_log_in(
    environment: Mapping[str, str], project: Project
) -> None:
    folder = project.synthesize(CLOUD_STATE)["staging-eu-central-1"]
    # Nor is there the file that `terraform login` would have written.
    anonymous = {**environment, TOKEN_VARIABLE: "", "HOME": str(project.folder)}

    with pytest.raises(TerraformError, match="terraform login"):
        Terraform(folder, anonymous).init()
