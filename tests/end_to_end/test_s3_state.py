"""State in S3: the bucket that a stack of its own makes, the object, and the lock."""

import json
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from deployment.permissions import PermissionRole
from local_aws import LocalAws, Terraform, TerraformError, inventory
from tests.end_to_end.disturbance import Disturbance
from tests.end_to_end.project import Project, deployment
from tests.iam_calls import denied

ACCOUNT = "111111111111"
REGION = "eu-central-1"
BUCKET = f"windows-security-state-{ACCOUNT}-{REGION}"
KEY = f"fleet/production/{REGION}/terraform.tfstate"
LOCK = f"{KEY}.tflock"

S3_STATE = deployment(
    # The second region's state stack is never applied here.
    {"production": {"id": ACCOUNT, "regions": [REGION, "eu-west-1"]}},
    state={"type": "s3", "prefix": "fleet", "assume_role": "security-deployment"},
)

pytestmark = pytest.mark.usefixtures("one_provider")


@pytest.fixture(scope="module")
def stacks(shared_project: Project) -> Mapping[str, Path]:
    return shared_project.synthesize(S3_STATE)


@pytest.fixture(scope="module")
def s3(aws: LocalAws, stacks: Mapping[str, Path]) -> Any:
    """A client of the account's S3, where the state stack has been applied."""
    state_stack = Terraform(stacks[f"production-{REGION}-state"], aws.environment())
    state_stack.init()
    state_stack.apply()
    assert state_stack.plan().is_empty
    assert state_stack.output() == {"state_bucket": BUCKET}
    return aws.client("s3", ACCOUNT, REGION)


@pytest.fixture
def applied(aws: LocalAws, stacks: Mapping[str, Path], s3: Any) -> Terraform:
    """The account's own stack, whose state is in the bucket."""
    terraform = Terraform(stacks[f"production-{REGION}"], aws.environment())
    terraform.init()
    if KEY not in keys(s3):
        terraform.apply()
    return terraform


def keys(s3: Any) -> set[str]:
    """The objects in the state bucket."""
    return {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_the_state_bucket_is_versioned_encrypted_private_and_reached_over_tls_only(s3: Any) -> None:
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    access = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(access.values()) == {True}
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.usefixtures("s3")
def test_a_state_bucket_that_is_missing_is_named(aws: LocalAws, stacks: Mapping[str, Path]) -> None:
    missing = f"windows-security-state-{ACCOUNT}-eu-west-1"

    with pytest.raises(TerraformError, match=f'S3 bucket "{missing}" does not exist'):
        Terraform(stacks["production-eu-west-1"], aws.environment()).init()


def test_of_two_applies_at_once_one_is_refused_and_nothing_is_lost(
    aws: LocalAws, stacks: Mapping[str, Path], s3: Any, tmp_path: Path
) -> None:
    first = Terraform(stacks[f"production-{REGION}"], aws.environment())
    second = Terraform(stacks[f"production-{REGION}"], aws.environment(), tmp_path / "elsewhere")
    first.init()
    second.init()

    arguments = ("apply", "-input=false", "-no-color", "-auto-approve")
    with first.start(*arguments, stdout=subprocess.DEVNULL) as apply:
        while LOCK not in keys(s3):
            assert apply.poll() is None
            sleep(0.1)
        # However fast the machine is, the first is not over before the second was refused.
        apply.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises(TerraformError, match="Error acquiring the state lock"):
                second.apply()
        finally:
            apply.send_signal(signal.SIGCONT)

    assert apply.returncode == 0
    assert keys(s3) == {KEY}
    assert second.plan().is_empty


def test_a_lock_left_behind_is_refused_until_somebody_removes_it(
    applied: Terraform, aws: LocalAws, s3: Any
) -> None:
    version = s3.head_object(Bucket=BUCKET, Key=KEY)["VersionId"]
    s3.put_object(Bucket=BUCKET, Key=LOCK, Body=json.dumps({"ID": "left-behind", "Who": "a runner"}))

    with pytest.raises(TerraformError, match="left-behind") as refused:
        applied.destroy()
    assert "Error acquiring the state lock" in refused.value.message
    assert s3.head_object(Bucket=BUCKET, Key=KEY)["VersionId"] == version
    assert inventory(aws, ACCOUNT, REGION)["metric alarms"]

    applied.start("force-unlock", "-force", "left-behind", stdout=subprocess.DEVNULL).wait()
    assert keys(s3) == {KEY}
    assert applied.plan().is_empty


@pytest.mark.usefixtures("applied")
def test_the_state_is_one_encrypted_object_named_after_account_and_region(
    stacks: Mapping[str, Path], s3: Any
) -> None:
    assert keys(s3) == {KEY}
    state = s3.get_object(Bucket=BUCKET, Key=KEY)
    assert state["ServerSideEncryption"] == "AES256"
    assert json.loads(state["Body"].read())["resources"]
    # Beside the stack there is but a note of where the state is.
    (note,) = stacks[f"production-{REGION}"].rglob("*.tfstate*")
    assert "resources" not in json.loads(note.read_text())


@pytest.mark.usefixtures("applied")
def test_terraform_made_no_call_that_who_deploys_may_not_make(
    faults: Disturbance, shared_project: Project
) -> None:
    calls = [call for call in faults.recorded if call.region == REGION]
    assert {"CreateBucket", "PutObject", "DeleteObject"} <= {call.operation for call in calls}
    assert denied(calls, shared_project.plans(), PermissionRole.DEPLOY) == set()
