"""The alarms beyond those of single events: for silence, and over several events."""

from collections.abc import Mapping

from constructs import Construct

from catalog import Severity
from deployment import RegionPlan
from modules.alarms.alarm_description import composite_description, silence_description
from modules.alarms.composite_alarm import Combination, CompositeAlarm
from modules.alarms.event_alarm import EventAlarm
from modules.alarms.no_data_alarm import SilenceAlarm
from modules.logs.event_log_group import LogGroup
from modules.notifications.alarm_topic import Topic


def further_alarms(
    scope: Construct,
    region: RegionPlan,
    *,
    log_groups: Mapping[str, LogGroup],
    topics: Mapping[Severity, Topic],
    alarms: Mapping[str, EventAlarm],
) -> dict[str, str]:
    """Make the silence alarm and the composite alarms of a region, where its settings ask for them.

    Returns:
        The ARN of each, by the setting that asks for it: ``silence_alarm``, ``composite_alarms.<name>``.
    """
    settings = region.settings
    where = f"{region.account} ({region.account_id}), {region.region_name}"

    def actions(severity: Severity) -> tuple[str, ...]:
        topic = topics.get(severity)
        return (topic.arn,) if topic else ()

    arns: dict[str, str] = {}
    silence = settings.silence_alarm
    if channel := region.no_data_channel:
        arns["silence_alarm"] = SilenceAlarm(
            scope,
            "silence-alarm",
            name=region.names.no_data_alarm(channel),
            log_group=log_groups[channel],
            description=silence_description(channel, where, silence.period, settings.language),
            period=silence.period,
            actions=actions(silence.severity),
        ).arn
    for name, composite in settings.effective_composite_alarms.items():
        told = actions(composite.severity)
        arns[f"composite_alarms.{name}"] = CompositeAlarm(
            scope,
            f"composite-alarm-{name}",
            name=region.names.composite_alarm(name),
            combination=Combination.ALL if composite.all_of else Combination.ANY,
            alarms=[alarm for key in composite.all_of or composite.any_of if (alarm := alarms[key].alarm)],
            description=composite_description(composite.title, where),
            suppressor=composite.suppressor,
            actions=told,
            ok_actions=told if settings.notifications.ok_actions else (),
        ).arn
    return arns
