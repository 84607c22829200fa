"""How many Sigma rules fit: the metric filters that they need, and the log alarms that they share."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from catalog.derived.event_query import events_alarm_query
from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP
from catalog.model.security_event import SecurityEvent, Severity
from cli.tables import text_table
from deployment.resources.log_alarms import event_groups


@dataclass(frozen=True, slots=True)
class RuleBudget:
    """What the rules of one event log and severity need.

    Args:
        channel: The event log.
        severity: The severity.
        by_filter: How many rules filters find exactly.
        filters: The metric filters that these need.
        by_log_alarm: How many rules only log alarms find.
        log_alarms: The log alarms that these share, as ``log_alarms: {layout: severity}`` packs them.
        longest_query: The characters of the longest of their queries.
    """

    channel: str
    severity: str
    by_filter: int
    filters: int
    by_log_alarm: int
    log_alarms: int
    longest_query: int


def rule_budgets(events: Iterable[SecurityEvent]) -> tuple[RuleBudget, ...]:
    """Return the budgets of rules, given as events: by event log, the most severe first."""
    chosen = tuple(events)
    return tuple(
        _budget(channel, severity, found)
        for channel in sorted({event.channel for event in chosen})
        for severity in reversed(Severity)
        if (found := [e for e in chosen if (e.channel, e.severity) == (channel, severity)])
    )


def _budget(channel: str, severity: Severity, events: list[SecurityEvent]) -> RuleBudget:
    by_filter = [event for event in events if event.patterns]
    groups = [group for group in event_groups(event for event in events if not event.patterns) if group]
    return RuleBudget(
        channel=channel,
        severity=severity.value,
        by_filter=len(by_filter),
        filters=sum(len(event.patterns) for event in by_filter),
        by_log_alarm=len(events) - len(by_filter),
        log_alarms=len(groups),
        longest_query=max((len(events_alarm_query(group).query) for group in groups), default=0),
    )


def as_text(budgets: Iterable[RuleBudget]) -> str:
    """Return the budgets as a table, with a line for each event log that needs too many filters."""
    shown = tuple(budgets)
    head = ("LOG", "LEVEL", "BY FILTER", "FILTERS", "BY LOG ALARM", "LOG ALARMS", "LONGEST QUERY")
    rows = [tuple(str(value) for value in asdict(each).values()) for each in shown]
    total = ("all", "", *(str(sum(getattr(b, name) for b in shown)) for name in _SUMMED), "")
    return "\n".join([text_table([head, *rows, total], align=str.rjust), *_over(shown)])


def as_json(budgets: Iterable[RuleBudget]) -> list[dict[str, Any]]:
    """Return the budgets as JSON has them."""
    return [asdict(each) for each in budgets]


_SUMMED = ("by_filter", "filters", "by_log_alarm", "log_alarms")


def _over(budgets: tuple[RuleBudget, ...]) -> Iterator[str]:
    for channel in dict.fromkeys(each.channel for each in budgets):
        filters = sum(each.filters for each in budgets if each.channel == channel)
        if filters > METRIC_FILTERS_A_LOG_GROUP:
            yield (
                f"{channel} needs {filters} metric filters: a log group takes {METRIC_FILTERS_A_LOG_GROUP}, "
                "with those of the catalog's events; set 'engine: log' for some of the rules"
            )
