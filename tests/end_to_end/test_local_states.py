"""Two deployment files of one checkout, applied side by side: each has its own state, wherever that was."""

import pytest
import yaml

from local_aws import LocalAws, Terraform, TerraformError, inventory
from tests.end_to_end.project import Project, deployment

ACCOUNT = "111111111111"
REGION = "eu-central-1"
STACK = f"production-{REGION}"
FIRST = f"state/windows-security-{STACK}.tfstate"
SECOND = f"state/team-b-{STACK}.tfstate"

# As little as a deployment can be: a log group, a filter, an alarm, a topic and the agent's parameter.
SMALL = {
    "events": {"user-account-deleted": {"enabled": True}},
    "silence_alarm": {"enabled": False},
    "dashboard": False,
    "server_role": {"existing": "business-server"},
    "associations": {
        name: {"enabled": False}
        for name in ("update_ssm_agent", "update_ec2config", "watch_servers", "apply_audit_policy")
    },
}

pytestmark = pytest.mark.usefixtures("one_provider")


def write(project: Project, file: str, **settings: object) -> None:
    account = {"production": {"id": ACCOUNT, "regions": [REGION]}}
    top = {name: settings.pop(name) for name in ("name",) if name in settings}
    content = {**top, **deployment(account, **SMALL, **settings)}
    (project.folder / file).write_text(yaml.safe_dump(content), encoding="utf-8")


def synthesized(project: Project, aws: LocalAws, file: str, output: str = "cdktf.out") -> Terraform:
    """Synthesize a deployment file as a user does, and set up terraform for its stack."""
    run = project.main(DEPLOYMENT=file, CDKTF_OUTDIR=output)
    assert run.returncode == 0, run.stderr
    terraform = Terraform(project.folder / output / "stacks" / STACK, aws.environment())
    terraform.init()
    return terraform


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Main.py runs as a process of its own, with relative paths."""
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def applied(shared_project: Project, aws: LocalAws) -> Project:
    """One folder with two deployment files, both applied from the same output folder."""
    write(shared_project, "customer-a.yaml")
    write(shared_project, "team-b.yaml", name="team-b", log_group_prefix="team-b/", metric_namespace="TeamB")
    for file in ("customer-a.yaml", "team-b.yaml"):
        synthesized(shared_project, aws, file).apply()
    return shared_project


def test_two_deployment_files_of_one_checkout_keep_their_resources_and_states(
    applied: Project, aws: LocalAws
) -> None:
    assert inventory(aws, ACCOUNT, REGION)["log groups"] == ["Security", "team-b/Security"]
    assert states(applied) == [SECOND, FIRST]


def test_state_of_an_earlier_version_is_moved_by_its_own_deployment_whatever_the_output_folder(
    applied: Project, aws: LocalAws
) -> None:
    former = f"state/{STACK}.tfstate"
    (applied.folder / FIRST).rename(applied.folder / former)

    assert synthesized(applied, aws, "team-b.yaml").plan().is_empty
    assert states(applied) == [former, SECOND]

    assert synthesized(applied, aws, "customer-a.yaml", "build/ci/cdktf.out").plan().is_empty
    assert states(applied) == [SECOND, FIRST]


def test_refusal_of_another_log_group_prefix_points_a_second_deployment_to_a_name_of_its_own(
    applied: Project, aws: LocalAws
) -> None:
    write(applied, "second.yaml", log_group_prefix="second/", metric_namespace="Second")
    with pytest.raises(
        TerraformError, match=r"A second\s+deployment[\s\S]*needs\s+a\s+name\s+of\s+its\s+own"
    ):
        synthesized(applied, aws, "second.yaml").plan()


def states(project: Project) -> list[str]:
    return sorted(str(path.relative_to(project.folder)) for path in project.folder.glob("**/*-1.tfstate"))
