import pytest

from deployment import Deployment, DeploymentError, RegionPlan, resolve


def test_a_deployment_built_in_python_is_checked_alike(deployment: Deployment) -> None:
    regions: tuple[RegionPlan, ...] = resolve(deployment)
    assert len(regions) == 3
    broken = deployment.model_copy(
        update={"defaults": deployment.defaults.model_copy(update={"regions": ()})}
    )
    with pytest.raises(DeploymentError) as refused:
        resolve(broken)
    assert str(refused.value) == (
        "accounts.staging: has no regions: list them under regions, here or in defaults"
    )
