"""The log groups: one for each Windows event log."""

from dataclasses import dataclass

from deployment.resolution.region_plan import RegionPlan

#: The only class that is known to take metric filters.
LOG_GROUP_CLASS = "STANDARD"


@dataclass(frozen=True, slots=True)
class LogGroupSpec:
    """A log group.

    Args:
        name: Its name.
        retention_days: How many days it keeps events; None where its own retention counts: that of a log
            group of somebody else, or of an adopted one, which would lose events with a shorter one.
        keeps_encryption: Whether it keeps the encryption that it has. An adopted one stays when the stack is
            destroyed, and could not be read once a key of the stack's was gone.
        outlives_stack: Whether destroying the stack leaves it, with its events, in AWS.
        existing: Whether somebody else manages it, and this deployment only uses it.
        protected: Whether terraform refuses to delete it.
    """

    name: str
    retention_days: int | None
    keeps_encryption: bool
    outlives_stack: bool
    existing: bool
    protected: bool = False


def log_groups(plan: RegionPlan) -> dict[str, LogGroupSpec]:
    """Return the log groups of a region, by channel."""
    settings = plan.settings
    adopted, existing = settings.adopt.log_groups, settings.existing_log_groups
    return {
        channel: LogGroupSpec(
            name=name,
            retention_days=None if channel in existing or channel in adopted else settings.retention_days,
            keeps_encryption=channel in existing or (channel in adopted and settings.encryption.key is None),
            outlives_stack=channel in adopted,
            existing=channel in existing,
            protected=settings.deletion_protection,
        )
        for channel, name in plan.log_groups.items()
    }
