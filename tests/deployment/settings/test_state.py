from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from deployment import AssumedRole, CloudBackend, LocalBackend, RegionPlan, S3Backend
from deployment.settings.state import State

Region = Callable[[str], RegionPlan]
Problems = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("local", "state/windows-security-a-eu-central-1.tfstate"),
        ("{type: local}", "state/windows-security-a-eu-central-1.tfstate"),
        ("{type: local, directory: ../states/}", "../states/windows-security-a-eu-central-1.tfstate"),
    ],
)
def test_local_state_is_a_file_for_each_stack_beside_the_deployment_file(
    region_of_account: Region, tmp_path: Path, setting: str, path: str
) -> None:
    assert region_of_account(f"state: {setting}").state == LocalBackend(path, folder=tmp_path)


def test_s3_state_is_an_object_for_each_stack_with_a_lock(region_of_account: Region, tmp_path: Path) -> None:
    assert region_of_account("state: {type: s3}").state == S3Backend(
        bucket="windows-security-state-111111111111-eu-central-1",
        key="windows-security/a/eu-central-1/terraform.tfstate",
        region="eu-central-1",
        create_bucket=True,
        kms_key_id=None,
        use_lockfile=True,
        assume_role=None,
        bucket_stack="a-eu-central-1-state",
        bucket_state=LocalBackend("state/windows-security-a-eu-central-1-state.tfstate", tmp_path),
    )


def test_s3_state_may_be_in_a_central_bucket(region_of_account: Region, tmp_path: Path) -> None:
    region = region_of_account(
        """
        state:
          type: s3
          bucket: central-state
          prefix: "teams/{account_id}"
          region: us-east-1
          create_bucket: false
          kms_key_id: arn:aws:kms:us-east-1:999999999999:alias/state
          use_lockfile: false
          assume_role: {role: "arn:aws:iam::999999999999:role/state", external_id: abc}
        """
    )
    assert region.state == S3Backend(
        bucket="central-state",
        key="teams/111111111111/a/eu-central-1/terraform.tfstate",
        region="us-east-1",
        create_bucket=False,
        kms_key_id="arn:aws:kms:us-east-1:999999999999:alias/state",
        use_lockfile=False,
        assume_role=AssumedRole("arn:aws:iam::999999999999:role/state", "abc"),
        bucket_stack="a-us-east-1-state",
        bucket_state=LocalBackend("state/windows-security-a-us-east-1-state.tfstate", tmp_path),
    )


def test_a_key_without_a_prefix_begins_with_the_account(region_of_account: Region) -> None:
    state = region_of_account("state: {type: s3, prefix: ''}").state
    assert isinstance(state, S3Backend)
    assert state.key == "a/eu-central-1/terraform.tfstate"


def test_cloud_state_is_a_workspace_for_each_stack(region_of_account: Region) -> None:
    assert region_of_account("state: {type: cloud, organization: example}").state == CloudBackend(
        "app.terraform.io", "example", "windows-security-a-eu-central-1", None
    )
    assert region_of_account(
        "state: {type: cloud, organization: example, hostname: tfe.example.com, project: Security, "
        "workspace: '{account_id}-{region}'}"
    ).state == CloudBackend("tfe.example.com", "example", "111111111111-eu-central-1", "Security")


def test_a_state_is_named_by_its_place(region_of_account: Region, tmp_path: Path) -> None:
    places = [
        str(region_of_account(f"state: {setting}").state)
        for setting in ("local", "{type: s3}", "{type: cloud, organization: example}")
    ]
    assert places == [
        f"{tmp_path}/state/windows-security-a-eu-central-1.tfstate",
        "s3://windows-security-state-111111111111-eu-central-1/windows-security/a/eu-central-1/terraform.tfstate",
        "app.terraform.io/example/windows-security-a-eu-central-1",
    ]


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("locl", "10: state: 'locl' is no type of state: it is local, s3 or cloud; did you mean local?"),
        ("{type: S3}", "10: state: 'S3' is no type of state: it is local, s3 or cloud"),
        ("{type: 3}", "10: state: 3 is no type of state: it is local, s3 or cloud"),
        ("5", "10: state: must be local, or a mapping with a type (local, s3 or cloud), not 5"),
        ("{bucket: x}", "10: state: is without a type: add 'type: local', 'type: s3' or 'type: cloud'"),
        ("cloud", "10: state: is missing: the organization that the workspaces belong to"),
        ("{type: s3, buckett: abc}", "10: state.buckett: no such setting; did you mean bucket?"),
        ("{type: local, directory: /var}",
         "10: state.directory: '/var' is not a relative path: the file is for every machine"),
        ("{type: s3, bucket: abc}",
         "10: state: the bucket abc is the same for every region: add the region that it is in, such as "
         "'region: eu-central-1'"),
        ("{type: s3, use_lockfile: yes}", "10: state.use_lockfile: must be true or false, not 'yes'"),
    ],
)  # fmt: skip
def test_a_malformed_state_is_told_in_its_own_terms(
    problems_of_account: Problems, setting: str, problem: str
) -> None:
    assert problems_of_account(f"state: {setting}") == [problem]


@pytest.mark.parametrize("state", ["type: local", "type: s3", "type: cloud, organization: example"])
def test_a_token_is_refused_and_not_repeated(problems_of_account: Problems, state: str) -> None:
    assert problems_of_account(f"state: {{{state}, token: very-secret}}") == [
        "10: state.token: a token must never be in this file: run 'terraform login', or set the environment "
        "variable TF_TOKEN_ followed by the host name with _ for each dot, such as TF_TOKEN_app_terraform_io"
    ]


@pytest.mark.parametrize("name", ["access_key", "secret_key", "session_token"])
def test_credentials_are_refused_and_not_repeated(problems_of_account: Problems, name: str) -> None:
    assert problems_of_account(f"state: {{type: s3, {name}: very-secret}}") == [
        f"10: state.{name}: credentials must never be in this file: they come from the environment "
        "(AWS_PROFILE, AWS_ACCESS_KEY_ID, ...), and assume_role names the role to enter the bucket's "
        "account by"
    ]


def test_a_state_that_is_one_already_is_taken_as_it_is() -> None:
    adapter: TypeAdapter[State] = TypeAdapter(State)
    state = adapter.validate_python("local")
    assert adapter.validate_python(state) is state
