"""Amazon resource names, put together and taken apart."""

import re
from dataclasses import dataclass

from deployment.aws.partitions import partition

_ARN = re.compile(
    r"arn:(?P<partition>aws(?:-[a-z]+)*):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):"
    r"(?P<account_id>\d{12}|):(?P<resource>\S+)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN; region and account id are empty for services that have none."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str


def format_arn(service: str, region: str, account_id: str, resource: str) -> str:
    """Return the ARN of something in a region: ``resource`` is what follows the account id."""
    return f"arn:{partition(region)}:{service}:{region}:{account_id}:{resource}"


def parse_arn(text: str) -> Arn | None:
    """Return the parts of an ARN, or None where the text is not one."""
    match = _ARN.fullmatch(text)
    return Arn(**match.groupdict()) if match else None
