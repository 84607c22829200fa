"""Applies that are disturbed: terraform killed or cancelled, calls throttled or answered with a 500."""

import signal

import pytest

from local_aws import LocalAws, Terraform, TerraformError, inventory
from tests.end_to_end.disturbance import Disturbance
from tests.end_to_end.project import Project, deployment
from tests.main_in_process import ProjectInProcess

ACCOUNT = "111111111111"
REGION = "eu-central-1"
SMALL = deployment({"production": {"id": ACCOUNT, "regions": [REGION]}})

Inventory = dict[str, list[str]]

pytestmark = pytest.mark.usefixtures("one_provider")


@pytest.fixture
def terraform(aws: LocalAws, faults: Disturbance, project: Project) -> Terraform:
    """A stack that is not applied yet, in accounts that are empty."""
    aws.reset()
    faults.rest()
    terraform = Terraform(project.synthesize(SMALL)[f"production-{REGION}"], aws.environment())
    terraform.init()
    return terraform


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, aws: LocalAws) -> Inventory:
    """What exists after an apply that nothing disturbs."""
    stacks = ProjectInProcess(tmp_path_factory.mktemp("undisturbed")).synthesize(SMALL)
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
    faults: Disturbance,
    aws: LocalAws,
    by: signal.Signals,
    exit_code: int,
) -> None:
    # One resource at a time: whatever is finished is in the state already.
    assert faults.apply(terraform, "-parallelism=1", until="PutMetricAlarm", by=by) == exit_code
    begun = inventory(aws, ACCOUNT, REGION)
    assert any(begun.values())
    assert begun != undisturbed

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
    faults.until, faults.expiring = ("PutMetricAlarm",), True
    with pytest.raises(TerraformError, match="The security token included in the request is expired"):
        terraform.apply()
    faults.rest()

    terraform.apply()

    assert terraform.plan().is_empty
    assert inventory(aws, ACCOUNT, REGION) == undisturbed
