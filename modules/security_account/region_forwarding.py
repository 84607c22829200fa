"""What a region sends to a security account, in addition to what stays."""

from collections.abc import Collection, Mapping

from constructs import Construct

from deployment import RegionPlan
from deployment.resources.security_account import linked_namespaces
from modules.logs.event_log_group import LogGroup
from modules.security_account.alarm_event_forwarding import AlarmEventForwarding
from modules.security_account.log_forwarding import LogForwarding
from modules.security_account.observability_link import ObservabilityLink


def send_to_security_account(
    scope: Construct,
    region: RegionPlan,
    *,
    log_groups: Mapping[str, LogGroup],
    log_group_names: Collection[str],
) -> None:
    """Send alarms, events and metrics where ``region.settings.central`` names a place for them."""
    settings, central = region.settings, region.settings.central
    if central.event_bus:
        AlarmEventForwarding(
            scope,
            "alarm-event-forwarding",
            rule_name=region.names.alarm_event_rule,
            role_name=region.names.alarm_event_role,
            account_id=region.account_id,
            region=region.region_name,
            event_bus_arn=central.event_bus,
            alarm_name_prefix=region.names.alarm_prefix,
            further_alarm_names=list(settings.adopt.alarms.values()),
            role_path=settings.created_roles.path,
            permissions_boundary=region.permissions_boundary,
        )
    if central.log_destination:
        LogForwarding(
            scope,
            "log-forwarding",
            name=region.names.central_subscription,
            log_groups=log_groups,
            destination_arn=central.log_destination,
        )
    if central.oam_sink:
        ObservabilityLink(
            scope,
            "observability-link",
            sink_arn=central.oam_sink,
            log_group_names=log_group_names,
            metric_namespaces=linked_namespaces(region),
        )
