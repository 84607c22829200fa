import pytest
from pydantic import TypeAdapter

from deployment import dns_suffix, partition, service_principal
from deployment.settings.types.accounts import RegionName


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("ap-northeast-1", "aws"),
        ("us-east-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_belongs_to_its_partition(region: str, expected: str) -> None:
    assert partition(region) == expected


def test_every_region_that_botocore_knows_is_a_region_of_the_same_partition() -> None:
    botocore_session = pytest.importorskip("botocore.session", reason="botocore lists the regions")
    session = botocore_session.get_session()
    for name in session.get_available_partitions():
        for region in session.get_available_regions("cloudwatch", partition_name=name):
            assert TypeAdapter(RegionName).validate_python(region) == region
            assert partition(region) == name


def test_every_partition_has_the_domain_that_botocore_knows() -> None:
    botocore_loaders = pytest.importorskip("botocore.loaders", reason="botocore lists the partitions")
    partitions = botocore_loaders.create_loader().load_data("partitions")["partitions"]
    assert len(partitions) >= 8
    for known in partitions:
        for region in known["regions"]:
            if not region.endswith("-global"):
                assert dns_suffix(region) == known["outputs"]["dnsSuffix"], region


@pytest.mark.parametrize(
    ("region", "logs", "ec2"),
    [
        ("eu-west-1", "logs.eu-west-1.amazonaws.com", "ec2.amazonaws.com"),
        ("us-gov-west-1", "logs.us-gov-west-1.amazonaws.com", "ec2.amazonaws.com"),
        ("cn-north-1", "logs.cn-north-1.amazonaws.com.cn", "ec2.amazonaws.com.cn"),
        ("us-iso-east-1", "logs.us-iso-east-1.c2s.ic.gov", "ec2.c2s.ic.gov"),
        # Not amazonaws.eu, which is the domain of its endpoints only.
        ("eusc-de-east-1", "logs.eusc-de-east-1.amazonaws.com", "ec2.amazonaws.com"),
    ],
)
def test_policies_name_services_as_the_partition_does(region: str, logs: str, ec2: str) -> None:
    assert service_principal("logs", region) == logs
    assert service_principal("ec2", region) == ec2
