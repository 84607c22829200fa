"""The regions of an account."""

from collections.abc import Iterator

from deployment.aws.partitions import partition
from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.settings.deployment import Settings


def of_settings(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Check that an account has regions, of one partition."""
    if not settings.regions:
        yield Problem(origin.here, "has no regions: list them under regions, here or in defaults")
    partitions = {partition(region): region for region in settings.regions}
    if len(partitions) > 1:
        yield Problem(
            origin.location_of("regions"),
            f"{' and '.join(partitions.values())} belong to different partitions "
            f"({', '.join(partitions)}), and an account to one only",
        )
