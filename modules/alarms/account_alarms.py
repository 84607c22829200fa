"""The alarms of a region that belong to no single event: for no data, and over other alarms."""

from collections.abc import Mapping

from constructs import Construct

from deployment import RegionPlan
from deployment.resources.alarms import AlarmSpec, CompositeAlarmSpec, MetricAlarmSpec
from modules.alarms.composite_alarm import CompositeAlarm
from modules.alarms.event_alarm import EventAlarm
from modules.alarms.no_data_alarm import NoDataAlarm
from modules.logs.event_log_group import LogGroup


def account_alarms(
    scope: Construct,
    plan: RegionPlan,
    specs: Mapping[str, AlarmSpec],
    *,
    log_groups: Mapping[str, LogGroup],
    event_alarms: Mapping[str, EventAlarm],
) -> dict[str, NoDataAlarm | CompositeAlarm]:
    """Create the no-data alarm and the composite alarms of a region, where its settings ask for them.

    Returns:
        Each, by its key: ``silence_alarm``, ``composite_alarms.<name>``.
    """
    created: dict[str, NoDataAlarm | CompositeAlarm] = {}
    if (channel := plan.no_data_channel) and isinstance(spec := specs["silence_alarm"], MetricAlarmSpec):
        created["silence_alarm"] = NoDataAlarm(
            scope,
            "silence-alarm",
            name=spec.name,
            log_group=log_groups[channel],
            description=spec.description,
            period=spec.period,
            actions=spec.actions,
        )
    by_name = {plan.names.alarm(key): each.alarm for key, each in event_alarms.items() if each.alarm}
    for key, spec in specs.items():
        if isinstance(spec, CompositeAlarmSpec):
            created[key] = CompositeAlarm(
                scope,
                f"composite-alarm-{key.rpartition('.')[2]}",
                name=spec.name,
                combination=spec.combination,
                alarms=[by_name[name] for name in spec.alarm_names],
                description=spec.description,
                suppressor=spec.suppressor,
                actions=spec.actions,
                ok_actions=spec.ok_actions,
            )
    return created
