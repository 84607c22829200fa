"""Several accounts and regions in one local AWS: nobody's resources are another's business."""

from collections.abc import Mapping

import pytest

from local_aws import LocalAws, Terraform, TerraformError, inventory
from tests.end_to_end.project import DEFAULTS, Project, deployment

# Account ids and regions by account. Each account watches an event that no other does.
ACCOUNTS = {"bonn": "111111111111", "tokyo": "222222222222", "oslo": "333333333333"}
REGIONS = {
    "bonn": ("eu-central-1", "eu-west-1"),
    "tokyo": ("ap-northeast-1",),
    "oslo": ("eu-central-1",),
}
OWN_EVENT = {
    "bonn": "user-account-created",
    "tokyo": "user-account-disabled",
    "oslo": "user-account-locked-out",
}
PLACES = [(account, region) for account, regions in REGIONS.items() for region in regions]

# IAM knows no regions: an account's roles are found in each.
GLOBAL = {"roles", "instance profiles", "managed policies"}

pytestmark = pytest.mark.usefixtures("one_provider")


@pytest.fixture(scope="module")
def applied(
    one_provider: None, aws: LocalAws, shared_project: Project
) -> Mapping[tuple[str, str], Terraform]:
    """All stacks, applied one after the other, by account and region."""
    accounts = {
        account: {
            "id": account_id,
            "regions": list(REGIONS[account]),
            "events": {OWN_EVENT[account]: {"enabled": True}},
        }
        for account, account_id in ACCOUNTS.items()
    }
    stacks = shared_project.synthesize(deployment(accounts))
    assert set(stacks) == {f"{account}-{region}" for account, region in PLACES}

    def apply(place: tuple[str, str]) -> Terraform:
        terraform = Terraform(stacks["-".join(place)], aws.environment())
        terraform.init()
        terraform.apply()
        return terraform

    return {place: apply(place) for place in PLACES}


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize(("account", "region"), PLACES)
def test_each_account_has_its_own_resources_and_none_of_the_others(
    aws: LocalAws, account: str, region: str
) -> None:
    found = inventory(aws, ACCOUNTS[account], region)

    watched = {*DEFAULTS["events"], OWN_EVENT[account]}
    assert set(found["metric filters"]) == {f"windows-security-{key}" for key in watched}
    alarms = f"windows-security-{ACCOUNTS[account]}-{region}-"
    assert f"{alarms}{OWN_EVENT[account]}" in found["metric alarms"]
    assert all(name.startswith(alarms) for name in found["metric alarms"])
    assert found["log groups"] == ["Security"]
    assert found["roles"] == [f"windows-security-{each}-server" for each in REGIONS[account]]


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize(
    ("account_id", "region"), [("444444444444", "eu-central-1"), (ACCOUNTS["tokyo"], "eu-central-1")]
)
def test_nothing_is_made_where_nothing_is_asked_for(aws: LocalAws, account_id: str, region: str) -> None:
    found = inventory(aws, account_id, region)

    assert not any(names for kind, names in found.items() if kind not in GLOBAL)
    assert bool(found["roles"]) == (account_id in ACCOUNTS.values())


def test_two_regions_of_one_account_do_not_fight_over_iam(
    applied: Mapping[tuple[str, str], Terraform], aws: LocalAws
) -> None:
    first, second = applied["bonn", "eu-central-1"], applied["bonn", "eu-west-1"]
    assert first.plan().is_empty
    assert second.plan().is_empty

    first.destroy()

    assert second.plan().is_empty
    assert inventory(aws, ACCOUNTS["bonn"], "eu-west-1")["roles"] == ["windows-security-eu-west-1-server"]
    gone = inventory(aws, ACCOUNTS["bonn"], "eu-central-1")
    assert not any(names for kind, names in gone.items() if kind not in GLOBAL)


@pytest.mark.usefixtures("own_providers")
def test_credentials_of_another_account_change_nothing(aws: LocalAws, project: Project) -> None:
    stacks = project.synthesize(
        deployment({"oslo": {"id": ACCOUNTS["oslo"], "regions": ["us-west-2"]}}, assume_role=None)
    )
    terraform = Terraform(stacks["oslo-us-west-2"], aws.environment(ACCOUNTS["tokyo"]))
    terraform.init()

    with pytest.raises(TerraformError, match=f"AWS account ID not allowed: {ACCOUNTS['tokyo']}"):
        terraform.plan()
