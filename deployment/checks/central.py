"""What would go wrong between a stack and the security account, found beforehand."""

from collections.abc import Iterator

from deployment.aws.arn import parse_arn
from deployment.checks.arns import elsewhere
from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check what goes to a security account."""
    yield from _subscriptions(region, origin)
    central = region.settings.central
    for name in ("event_bus", "log_destination", "oam_sink"):
        text = getattr(central, name)
        if text and (problem := _problem(name, text, region)):
            yield Problem(origin.location_of("central", name), problem)


def _problem(name: str, text: str, region: RegionPlan) -> str | None:
    if problem := elsewhere(text, region.region_name, region.stack_name, anywhere=name == "event_bus"):
        return problem
    if text == region.arn("events", "event-bus/default"):
        return f"{text} is the bus on which the alarms' changes are anyway: it would get them again and again"
    arn = parse_arn(text)
    if name == "oam_sink" and arn and arn.account_id == region.account_id:
        return f"{text} is in {region.account_id} itself, which sees its own data: set 'oam_sink: null' there"
    return None


def _subscriptions(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    notifications = region.settings.notifications
    if notifications.central_account in (None, region.account_id):
        return
    if not (notifications.existing_topic or notifications.existing_topics):
        yield Problem(
            origin.location_of("notifications", "central_account"),
            "has no effect without topics of that account: name them under existing_topics or existing_topic",
        )
    for topic in region.topics:
        if topic.existing_arn and topic.subscriptions:
            yield Problem(
                origin.location_of("notifications", "subscriptions"),
                f"{topic.existing_arn} belongs to {notifications.central_account}: subscribe there; here, "
                "list only the subscriptions of topics that this deployment creates",
            )
