"""Settings in, plans out: what each account and region gets, and everything that is wrong with it."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from catalog.model.correlation import Correlation
from catalog.model.security_event import Severity
from deployment.aws.partitions import partition
from deployment.checks import all_checks, own_correlations, own_events, servers, tags, text_forms
from deployment.problem import DeploymentError, Problem
from deployment.resolution.additional_alarm import AdditionalAlarm
from deployment.resolution.chosen_correlations import choose_correlations
from deployment.resolution.chosen_events import ChosenEvents, choose
from deployment.resolution.layers import Origin, merged
from deployment.resolution.names import Names
from deployment.resolution.region_plan import RegionPlan, Topic
from deployment.resources.alarms import alarms
from deployment.settings.deployment import Deployment, Settings
from deployment.settings.notifications import TopicLayout
from deployment.settings.templates import filled


def resolve(deployment: Deployment) -> tuple[RegionPlan, ...]:
    """Return what one stack each is made from: the accounts in their order, each with its regions.

    Raises:
        DeploymentError: Two stacks would collide, an alarm would notify nobody, AWS would refuse a value, ...
            It holds everything that is wrong. The places name no file: ``load`` gives a deployment whose
            places are known and whose problems are reported already.
    """
    regions, problems = examine(deployment)
    if problems:
        raise DeploymentError(problems)
    return regions


def examine(
    deployment: Deployment, *, complete: bool = True
) -> tuple[tuple[RegionPlan, ...], tuple[Problem, ...]]:
    """Return the stacks as far as they can be made out, and everything that is wrong, each thing once.

    Args:
        deployment: The settings.
        complete: Whether every account is there. Otherwise nothing is said of defaults that no account uses.
    """
    defaults = merged(Settings(), deployment.defaults)
    regions: list[tuple[RegionPlan, Origin]] = []
    problems = [*own_events.of_records(deployment), *own_events.of_keys(deployment)]
    problems += own_correlations.of_records(deployment)
    watched: set[str] = set()
    for account in deployment.accounts:
        origin = Origin(deployment, account)
        settings = defaults
        for _, layer in origin.layers[1:]:
            settings = merged(settings, layer)
        chosen = choose(settings, origin)
        watched |= chosen.keys
        correlations, correlation_problems = choose_correlations(settings, origin)
        problems += (*chosen.problems, *correlation_problems)
        problems += all_checks.of_settings(settings, chosen.events, origin)
        notices = (
            *chosen.notices,
            *tags.notices(settings),
            *servers.notices(settings),
            *text_forms.notices(chosen.events, correlations),
        )
        for name in settings.regions:
            region = replace(_region(name, settings, chosen, correlations, origin), notices=notices)
            problems += all_checks.of_region(region, origin)
            regions.append((region, origin))
    problems += all_checks.of_deployment(deployment, regions, watched, complete=complete)
    return tuple(region for region, _ in regions), tuple(dict.fromkeys(problems))


def _region(
    region: str,
    settings: Settings,
    chosen: ChosenEvents,
    correlations: tuple[Correlation, ...],
    origin: Origin,
) -> RegionPlan:
    names = Names(origin.deployment.name, origin.own.id, region, settings.adopt)
    stack = {
        "name": names.name,
        "account": origin.account,
        "account_id": names.account_id,
        "region": region,
        "partition": partition(region),
    }
    settings = filled(settings, stack)
    actions = {
        key: settings.events[override].actions or () for key, override in chosen.custom_actions.items()
    }
    additional_alarms = tuple(_additional_alarms(settings, chosen))
    monitored = RegionPlan(
        account=origin.account,
        names=names,
        settings=settings,
        events=chosen.events,
        actions=actions,
        topics=(),
        assume_role=settings.assume_role.in_account(stack) if settings.assume_role else None,
        state=settings.state.backend(stack, origin.deployment.folder),
        additional_alarms=additional_alarms,
        log_engine=chosen.log_engine,
        correlations=correlations,
        known_channels=origin.deployment.known_channels,
    )
    alarming = {alarm.severity for alarm in alarms(monitored) if not alarm.custom_actions}
    return replace(monitored, topics=tuple(_topics(settings, names, alarming)))


def _additional_alarms(settings: Settings, chosen: ChosenEvents) -> Iterator[AdditionalAlarm]:
    for name, key, event in chosen.additional_alarms:
        override = settings.events[key]
        yield AdditionalAlarm(name, event, override.actions_of(override.effective_variants[name]))


def _topics(settings: Settings, names: Names, alarming: Collection[Severity]) -> Iterator[Topic]:
    notifications = settings.notifications
    severities = [s for s in Severity if s in alarming and s not in notifications.unnotified]
    if notifications.topics is TopicLayout.SINGLE:
        if severities:
            yield Topic(
                names.topic(), tuple(severities), notifications.existing_topic, notifications.subscriptions
            )
        return
    # SNS knows an address once a topic: what is given for several severities is one topic, subscribed once.
    existing = notifications.existing_topics
    by_topic: defaultdict[str, list[Severity]] = defaultdict(list)
    for severity in severities:
        by_topic[existing.get(severity, severity.value)].append(severity)
    for of_topic in by_topic.values():
        subscribed = [s for s in notifications.subscriptions if not set(s.severities).isdisjoint(of_topic)]
        yield Topic(
            name=names.topic(of_topic[0]),
            severities=tuple(of_topic),
            existing_arn=existing.get(of_topic[0]),
            subscriptions=tuple({(s.protocol, s.endpoint): s for s in subscribed}.values()),
        )
