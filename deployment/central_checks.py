"""What would go wrong between a stack and the security account, found beforehand."""

from collections.abc import Iterator

from deployment.arn import Arn, parse_arn
from deployment.cascade import Origin
from deployment.monitored_region import MonitoredRegion
from deployment.problem import Problem


def of_region(region: MonitoredRegion, origin: Origin) -> Iterator[Problem]:
    """Check what goes to a security account."""
    yield from _subscriptions(region, origin)
    central = region.settings.central
    for name in ("event_bus", "log_destination", "oam_sink"):
        text = getattr(central, name)
        if arn := parse_arn(text or ""):
            for problem in _problems(name, arn, region):
                yield Problem(origin.of("central", name), f"{text} {problem}")


def _problems(name: str, arn: Arn, region: MonitoredRegion) -> Iterator[str]:
    here = (region.account_id, region.region)
    if arn.partition != region.partition:
        yield f"is in the partition {arn.partition}, and {region.stack_name} in {region.partition}"
    elif name != "event_bus" and arn.region != region.region:
        yield f"is not in {region.region}, as {region.stack_name} is: write {{region}} for what differs"
    elif name == "event_bus" and (arn.account_id, arn.region, arn.resource) == (*here, "event-bus/default"):
        yield "is the bus on which the alarms' changes are anyway: it would get them again and again"
    elif name == "oam_sink" and arn.account_id == region.account_id:
        yield f"is in {region.account_id} itself, which sees its own data: set 'oam_sink: null' there"


def _subscriptions(region: MonitoredRegion, origin: Origin) -> Iterator[Problem]:
    notifications = region.settings.notifications
    if notifications.central_account in (None, region.account_id):
        return
    if not (notifications.existing_topic or notifications.existing_topics):
        yield Problem(
            origin.of("notifications", "central_account"),
            "has no effect without topics of that account: name them under existing_topics or existing_topic",
        )
    for topic in region.topics:
        if topic.existing_arn and topic.subscriptions:
            yield Problem(
                origin.of("notifications", "subscriptions"),
                f"{topic.existing_arn} belongs to {notifications.central_account}: subscribe there; here, "
                "say only whom the topics made here tell",
            )
