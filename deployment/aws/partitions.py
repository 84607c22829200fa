"""The partitions of AWS, and what is called otherwise in each."""

from collections.abc import Mapping
from typing import Literal

#: Partition and domain by what the names of its regions begin with; every other region is of ``aws``.
_PARTITIONS: Mapping[str, tuple[str, str]] = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
}
_STANDARD = ("aws", "amazonaws.com")


def partition(region: str) -> str:
    """Return the AWS partition of a region: ``aws``, ``aws-cn``, ``aws-us-gov``, ..."""
    return _partition(region)[0]


def dns_suffix(region: str) -> str:
    """Return the domain of the endpoints in a region's partition: ``amazonaws.com``, ..."""
    return _partition(region)[1]


def service_principal(service: Literal["ec2", "logs"], region: str) -> str:
    """Return the name by which policies in a region know one of the services whose name depends on it.

    That of EC2 depends on the partition, that of CloudWatch Logs on the region too. CloudWatch, EventBridge
    and SNS are ``<service>.amazonaws.com`` in every partition. In the European Sovereign Cloud so are all:
    IAM refuses ``ec2.amazonaws.eu`` there.
    """
    suffix = "amazonaws.com" if partition(region) == "aws-eusc" else dns_suffix(region)
    return f"{service}.{region}.{suffix}" if service == "logs" else f"{service}.{suffix}"


def _partition(region: str) -> tuple[str, str]:
    return next((found for prefix, found in _PARTITIONS.items() if region.startswith(prefix)), _STANDARD)
