"""Terraform killed at its default parallelism: what it made and did not write down is found and imported."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deployment.permissions import PermissionRole
from local_aws import LocalAws, Terraform, TerraformError, inventory
from tests.end_to_end.disturbance import Disturbance
from tests.end_to_end.project import Project, deployment
from tests.iam_calls import denied
from tests.main_in_process import ProjectInProcess

ACCOUNT = "111111111111"
REGION = "eu-central-1"
STACK = f"production-{REGION}"
SMALL = deployment({"production": {"id": ACCOUNT, "regions": [REGION]}})
BUCKET = "security-states"
IN_S3 = deployment(
    {"production": {"id": ACCOUNT, "regions": [REGION]}},
    encryption={"customer_managed": True},
    tags={"Project": "windows-security"},
    state={
        "type": "s3",
        "bucket": BUCKET,
        "region": REGION,
        "create_bucket": False,
        "assume_role": "security-deployment",
    },
)
KILLED = -9
#: What is refused where it exists, or made once more.
CREATIONS = (
    *("CreateAssociation", "CreateDocument", "CreateInstanceProfile", "CreateLogGroup", "CreateRole"),
    *("CreateTopic", "PutParameter", "PutQueryDefinition"),
)

Inventory = dict[str, list[str]]

pytestmark = pytest.mark.usefixtures("one_provider")


def begin(content: dict[str, Any], aws: LocalAws, project: Project) -> Terraform:
    """A stack that is not applied yet."""
    terraform = Terraform(project.synthesize(content)[STACK], aws.environment())
    terraform.init()
    return terraform


def imported(terraform: Terraform) -> set[str]:
    """The addresses that terraform is to import to."""
    blocks = json.loads((terraform.directory / "recovered.tf.json").read_text())["import"]
    return {block["to"] for block in blocks}


def in_state(project: Project) -> set[str]:
    """The addresses whose resources the local state holds.

    The file is empty until the first resource is finished; then it also names those that are begun, with no
    instance.
    """
    state = (project.folder / "state" / f"windows-security-{STACK}.tfstate").read_text()
    resources = json.loads(state)["resources"] if state else []
    return {f"{each['type']}.{each['name']}" for each in resources if each["instances"]}


@pytest.fixture(scope="module")
def undisturbed(one_provider: None, aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """What exists after an apply that nothing disturbs."""
    terraform = begin(SMALL, aws, ProjectInProcess(tmp_path_factory.mktemp("undisturbed")))
    terraform.apply()
    found = inventory(aws, ACCOUNT, REGION)
    aws.reset()
    return found


@pytest.fixture(autouse=True)
def nothing_exists(undisturbed: Inventory, aws: LocalAws, faults: Disturbance) -> None:
    aws.reset()
    faults.rest()


def test_an_apply_that_is_killed_again_and_again_converges_when_what_it_made_is_recovered(
    undisturbed: Inventory, aws: LocalAws, faults: Disturbance, project: Project
) -> None:
    terraform = begin(SMALL, aws, project)
    lost: set[str] = set()
    kills = 0
    while faults.apply(terraform, until=CREATIONS, spared=2) == KILLED:
        kills += 1
        assert kills < 10, "it does not converge"
        project.recover(STACK, aws.environment())
        lost |= imported(terraform) - in_state(project)

    assert len(lost) >= kills >= 2
    assert terraform.plan().is_empty
    assert inventory(aws, ACCOUNT, REGION) == undisturbed
    assert [call for call in faults.called if call.startswith(("Delete", "Remove"))] == []


def test_what_a_lost_runner_left_out_of_a_remote_state_is_imported_once_its_lock_is_released(
    undisturbed: Inventory, aws: LocalAws, faults: Disturbance, project: Project
) -> None:
    s3 = aws.client("s3", ACCOUNT, REGION)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    terraform = begin(IN_S3, aws, project)
    # A remote state is written every 20 seconds: nothing is in it yet.
    assert faults.apply(terraform, until="CreateAlias") == KILLED
    assert inventory(aws, ACCOUNT, REGION)["keys"]
    before = len(faults.called)
    with pytest.raises(TerraformError, match="Error acquiring the state lock"):
        terraform.apply()

    faults.recorded_of_others.clear()
    said = project.recover(STACK, aws.environment())
    calls = faults.recorded_of_others.copy()

    assert {"ListAliases", "GetRole", "DescribeDocument"} <= {call.operation for call in calls}
    assert denied(calls, project.plans(), PermissionRole.RECOVER) == set()
    assert f"npx cdktf apply --skip-synth {STACK}" in said
    assert f"terraform -chdir={Path('cdktf.out', 'stacks', STACK)} force-unlock ID" in said
    found = imported(terraform)
    assert {"aws_kms_key", "aws_kms_alias", "aws_iam_role"} <= {each.partition(".")[0] for each in found}
    (lock,) = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    lock_id = json.loads(s3.get_object(Bucket=BUCKET, Key=lock)["Body"].read())["ID"]
    terraform.start("force-unlock", "-force", lock_id, stdout=subprocess.DEVNULL).wait()
    changes = terraform.plan().changes
    assert not any("delete" in change.actions for change in changes)
    assert {change.address for change in changes if "import" in change.actions} == found
    terraform.apply()
    assert terraform.plan().is_empty
    assert inventory(aws, ACCOUNT, REGION) == {
        **undisturbed,
        "keys": ["Security monitoring of Windows servers: events, alarms, command output"],
        "key aliases": ["alias/windows-security"],
        "buckets": [BUCKET],
    }, f"called before the runner was lost: {faults.called[:before]}; after it: {faults.called[before:]}"
