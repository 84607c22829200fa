"""Applies that are disturbed: terraform killed or cancelled, calls throttled or answered with a 500."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest

from local_aws import Faults, LocalAws, Terraform, TerraformError, inventory
from local_aws.calls import ApiError, Call
from tests.end_to_end.project import Project, deployment

ACCOUNT = "111111111111"
REGION = "eu-central-1"
SMALL = deployment({"production": {"id": ACCOUNT, "regions": [REGION]}})

APPLY = ("apply", "-input=false", "-no-color", "-auto-approve")


class Disturbance(Faults):
    """Strikes as soon as terraform calls an operation, before AWS acts on the call.

    It sends a signal to `process`, if there is one, and lets the credentials expire, if `expiring`.
    """

    def __init__(self) -> None:
        super().__init__(rate=0)
        self.rest()

    def rest(self) -> None:
        """Disturb nothing any more."""
        self.rate = 0
        self.until = ""
        self.signal = signal.SIGKILL
        self.process: subprocess.Popen[str] | None = None
        self.expiring = self.expired = False

    def strike(self, call: Call) -> None:
        if call.operation == self.until:
            self.expired = self.expiring
            if self.process is not None:
                # The provider is a process of its own, which would not die with terraform.
                os.killpg(self.process.pid, self.signal)
                self.process = None
        if self.expired:
            raise ApiError("ExpiredToken", "The security token included in the request is expired")
        super().strike(call)


@pytest.fixture(scope="module")
def faults() -> Disturbance:
    return Disturbance()


@pytest.fixture(scope="module")
def aws(faults: Disturbance) -> Iterator[LocalAws]:
    """In place of the undisturbed one."""
    with LocalAws(faults=faults) as local_aws:
        yield local_aws


@pytest.fixture
def terraform(aws: LocalAws, faults: Disturbance, project: Project) -> Terraform:
    """A stack that is not applied yet, in accounts that are empty."""
    aws.reset()
    faults.rest()
    terraform = Terraform(project.synthesize(SMALL)[f"production-{REGION}"], aws.environment())
    terraform.init()
    return terraform


Disturbed = Callable[..., int]
Inventory = dict[str, list[str]]


@pytest.fixture
def disturbed(terraform: Terraform, faults: Disturbance) -> Disturbed:
    """Applies until an operation is called, and returns the exit code of terraform."""

    def apply(*options: str, until: str, by: signal.Signals) -> int:
        faults.until, faults.signal = until, by
        with terraform.start(
            *APPLY, *options, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            faults.process = process
        assert faults.process is None, f"{until} was never called"
        return process.returncode

    return apply


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, aws: LocalAws) -> Inventory:
    """What exists after an apply that nothing disturbs."""
    stacks = Project(tmp_path_factory.mktemp("undisturbed")).synthesize(SMALL)
    terraform = Terraform(stacks[f"production-{REGION}"], aws.environment())
    terraform.init()
    terraform.apply()
    return inventory(aws, ACCOUNT, REGION)


@pytest.mark.parametrize(
    ("by", "exit_code"),
    [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 1)],
    ids=["killed", "cancelled"],
)
def test_an_apply_is_taken_up_where_it_was_broken_off(
    undisturbed: Inventory,
    terraform: Terraform,
    disturbed: Disturbed,
    aws: LocalAws,
    by: signal.Signals,
    exit_code: int,
) -> None:
    # One resource at a time: whatever is finished is in the state already.
    assert disturbed("-parallelism=1", until="PutMetricAlarm", by=by) == exit_code
    begun = inventory(aws, ACCOUNT, REGION)
    assert any(begun.values())
    assert begun != undisturbed

    terraform.apply()

    assert terraform.plan().is_empty
    assert inventory(aws, ACCOUNT, REGION) == undisturbed


def test_what_was_being_made_as_terraform_was_killed_is_named_and_can_be_imported(
    undisturbed: Inventory, terraform: Terraform, disturbed: Disturbed, aws: LocalAws
) -> None:
    stack = json.loads((terraform.directory / "cdk.tf.json").read_text())
    (logical_id,) = stack["resource"]["aws_iam_instance_profile"]
    address = f"aws_iam_instance_profile.{logical_id}"
    # The profile exists then, and is not in the state yet.
    disturbed(f"-target={address}", until="AddRoleToInstanceProfile", by=signal.SIGKILL)
    (name,) = inventory(aws, ACCOUNT, REGION)["instance profiles"]

    with pytest.raises(TerraformError, match=f"Instance Profile {name} already exists"):
        terraform.apply(f"-target={address}")

    assert terraform.start("import", "-input=false", address, name, stdout=subprocess.DEVNULL).wait() == 0
    terraform.apply()
    assert terraform.plan().is_empty
    assert inventory(aws, ACCOUNT, REGION) == undisturbed


def test_throttled_calls_and_answers_of_500_are_tried_again(
    undisturbed: Inventory, terraform: Terraform, faults: Disturbance, aws: LocalAws
) -> None:
    faults.rate = 0.1
    struck = faults.struck

    terraform.apply()
    faults.rate = 0

    assert faults.struck - struck >= 5
    assert terraform.plan().is_empty
    assert inventory(aws, ACCOUNT, REGION) == undisturbed


def test_credentials_that_expire_during_an_apply_are_named_and_the_next_apply_goes_on(
    undisturbed: Inventory, terraform: Terraform, faults: Disturbance, aws: LocalAws
) -> None:
    faults.until, faults.expiring = "PutMetricAlarm", True
    with pytest.raises(TerraformError, match="The security token included in the request is expired"):
        terraform.apply()
    faults.rest()

    terraform.apply()

    assert terraform.plan().is_empty
    assert inventory(aws, ACCOUNT, REGION) == undisturbed
