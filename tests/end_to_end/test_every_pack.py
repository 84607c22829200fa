"""Every pack and every correlation in one account, by log alarms: far beyond 100 metric filters."""

import pytest

from catalog import Pack
from catalog.correlations import CORRELATIONS
from local_aws import LocalAws, Terraform, inventory
from tests.end_to_end.project import Project, deployment

ACCOUNT, REGION = "111111111111", "eu-central-1"
#: Each stack of CloudFormation is waited for: many at a time take no longer than one.
_AT_ONCE = "-parallelism=100"


@pytest.mark.every_pack
@pytest.mark.parametrize("layout", ["severity", "event"])
def test_every_pack_is_applied_planned_as_empty_and_destroyed_without_a_trace(
    layout: str, aws: LocalAws, project: Project
) -> None:
    stacks = project.synthesize(
        deployment(
            {"production": {"id": ACCOUNT, "regions": [REGION]}},
            packs=[pack.value for pack in Pack],
            events={},
            engine="log",
            log_alarms={"layout": layout, "log_lines": 3},
            correlations={correlation.key: {} for correlation in CORRELATIONS},
        )
    )
    terraform = Terraform(stacks[f"production-{REGION}"], aws.environment())
    terraform.init()
    terraform.apply(_AT_ONCE)
    assert terraform.plan().is_empty
    paginator = aws.client("cloudwatch", ACCOUNT, REGION).get_paginator("describe_alarms")
    alarms = [alarm for page in paginator.paginate(AlarmTypes=["LogAlarm"]) for alarm in page["LogAlarms"]]
    assert len(alarms) > len(CORRELATIONS)
    terraform.destroy(_AT_ONCE)
    assert not any(inventory(aws, ACCOUNT, REGION).values())
