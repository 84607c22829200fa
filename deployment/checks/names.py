"""Names that are too long, or that two alarms would have."""

from collections.abc import Iterator

from deployment.problem import KeyPath, Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarms import alarms
from deployment.resources.log_alarms import query_problem
from deployment.settings.state import CloudBackend, S3Backend

_ALARM_NAME_LENGTH = 255
_QUERY_NAME_LENGTH = 255
_STACK_NAME_LENGTH = 128
_BUCKET_NAME_LENGTH = 63
_WORKSPACE_NAME_LENGTH = 90


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check the names of alarms and saved queries, and those that placeholders have made longer."""
    yield from _alarm_names(region, origin)
    yield from _query_names(region, origin)
    yield from _lengths(region, origin)
    yield from _log_groups(region, origin)


def _alarm_names(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    first: dict[str, tuple[str, ...]] = {}
    for alarm in alarms(region):
        setting, name = alarm.setting, alarm.name
        if len(name) > _ALARM_NAME_LENGTH:
            yield Problem(
                origin.location_of(*setting),
                f"the alarm's name would have {len(name)} characters, over {_ALARM_NAME_LENGTH}: {name}",
            )
        stack = region.names.cloudformation_stack(name)
        if alarm.query and len(stack) > _STACK_NAME_LENGTH:
            yield Problem(
                origin.location_of(*setting),
                f"the log alarm's CloudFormation stack would have a name of {len(stack)} characters, over "
                f"{_STACK_NAME_LENGTH}: {stack}",
            )
        if alarm.query and (problem := query_problem(alarm.query)):
            yield Problem(origin.location_of(*setting), f"{alarm.key}: {problem}")
        # Adopted names are compared where they are adopted.
        other = first.setdefault(name, setting)
        if other != setting and name not in region.names.adopted.alarms.values():
            yield Problem(
                origin.location_of(*setting),
                f"the alarm would be called {name}, as that of {'.'.join(other)} is",
            )


def _query_names(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    for event in region.events:
        name = region.names.saved_query(event.family, event.key)
        if len(name) > _QUERY_NAME_LENGTH:
            yield Problem(
                origin.location_of("events", event.key),
                f"the saved query's name would have {len(name)} characters, over {_QUERY_NAME_LENGTH}: "
                f"{name}",
            )


def _log_groups(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    existing = region.settings.existing_log_groups
    managed = [name for channel, name in region.log_groups.items() if channel not in existing]
    if any("#" in name for name in managed):
        yield Problem(
            origin.location_of("log_group_prefix"),
            "has #: CloudWatch Logs creates such a log group, but refuses to list its tags, so that every "
            "later plan fails. Choose a prefix without #, or name the log groups under existing_log_groups",
        )


def _lengths(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check what placeholders have made longer than AWS or Terraform takes."""
    bucket = region.settings.output_bucket
    names: list[tuple[KeyPath, str, int]] = []
    if bucket and bucket.existing:
        names.append((("output_bucket", "existing"), bucket.existing, _BUCKET_NAME_LENGTH))
    match region.state:
        case S3Backend():
            names.append((("state", "bucket"), region.state.bucket, _BUCKET_NAME_LENGTH))
        case CloudBackend():
            names.append((("state", "workspace"), region.state.workspace, _WORKSPACE_NAME_LENGTH))
    for setting, name, longest in names:
        if len(name) > longest:
            yield Problem(
                origin.location_of(*setting),
                f"{name} has {len(name)} characters for {region.stack_name}, and may have {longest}",
            )
