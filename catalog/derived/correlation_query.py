"""A correlation as a Logs Insights query, and the aggregation by which a log alarm judges its result.

The last command before the aggregation leaves one row for each group that counts. What the query may say is
limited to what the user guide documents: the value of a field that a record lacks is never compared.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.derived.record_clause import record_clause
from catalog.filter_pattern import quote
from catalog.model.condition import escape
from catalog.model.correlation import COMPUTER, CorrelatedRecord, Correlation, CorrelationType

#: What Windows writes where there is nothing to write.
NOTHING = ("-", "")
_HOUR = 3_600_000
#: A time that no record has, in milliseconds: the year 2286.
_NEVER = 9_999_999_999_999


@dataclass(frozen=True, slots=True)
class AlarmQuery:
    """What a log alarm asks, and when the answer is an alarm.

    Args:
        query: The query.
        aggregation: The expression that makes one number of the rows of each contributor.
        threshold: The lowest number that is an alarm.
        window: The seconds before a run that must be looked at, beside schedule and lateness.
    """

    query: str
    aggregation: str
    threshold: int
    window: int


def correlation_query(correlation: Correlation, *, utc_offset: float = 0) -> AlarmQuery:
    """Return the query of a correlation.

    Args:
        correlation: The rule.
        utc_offset: The account's hours ahead of UTC, for a rule that counts at some hours only.
    """
    groups = ", ".join(correlation.group_by)
    number, condition = _counting(correlation)
    commands = [
        "fields @timestamp",
        "filter " + _any(correlation.records),
        *_hours(correlation, utc_offset),
        *_parsed(correlation),
        *(f"fields {_value(correlation, name)} as {name}" for name in correlation.names),
        "filter " + " and ".join(_has_value(correlation, name) for name in correlation.names),
        *_marks(correlation),
        f"stats {number} by {groups}",
        *condition,
    ]
    aggregation = "max(number)" if correlation.type.counts else "count(*)"
    return AlarmQuery(
        query="\n| ".join(commands),
        aggregation=f"{aggregation} by {groups}",
        threshold=correlation.threshold,
        window=correlation.timespan,
    )


def _counting(correlation: Correlation) -> tuple[str, list[str]]:
    """Return what is made of the records of a group, and the filter over the results."""
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            return "count(*) as number", []
        case CorrelationType.VALUE_COUNT:
            return f"count_distinct({correlation.counted}) as number", []
    numbers = [f"sum({step}) as {step}Records" for step in correlation.steps]
    conditions = [f"{step}Records >= {correlation.least(step)}" for step in correlation.steps]
    if correlation.type is CorrelationType.TEMPORAL_ORDERED:
        *before, last = correlation.steps
        numbers += [f"min({step}At) as {step}First" for step in before]
        numbers.append(f"max({last}At) as {last}Last")
        conditions += [f"{last}Last >= {step}First" for step in before]
    return ", ".join(numbers), ["filter " + " and ".join(conditions)]


def _marks(correlation: Correlation) -> list[str]:
    """Return the fields that say of each record which step it is, and when it came."""
    if correlation.type.counts:
        return []
    is_step = {
        step: _any([record for record in correlation.records if record.step == step])
        for step in correlation.steps
    }
    marks = [f"fields case({condition}, 1, 0) as {step}" for step, condition in is_step.items()]
    if correlation.type is CorrelationType.TEMPORAL_ORDERED:
        *before, last = correlation.steps
        marks += [f"fields case({step} = 1, toMillis(@timestamp), {_NEVER}) as {step}At" for step in before]
        marks.append(f"fields case({last} = 1, toMillis(@timestamp), 0) as {last}At")
    return marks


def _any(records: Sequence[CorrelatedRecord]) -> str:
    each = [_clause(record) for record in records]
    return each[0] if len(each) == 1 else " or ".join(f"({clause})" for clause in each)


def _clause(record: CorrelatedRecord) -> str:
    return record_clause(record.provider, record.event_id, record.where)


def _parsed(correlation: Correlation) -> Iterator[str]:
    """Yield the command that reads each data field, once."""
    fields = {
        record.data_field(name): record.provider.markup_of(record.data_field(name))
        for record in correlation.records
        for name in correlation.names
    }
    for field, markup in fields.items():
        start = "<Computer>" if field == COMPUTER else markup.tags(field)[0]
        yield f"parse @message /{start}(?<{_column(field)}>[^<]*)</"


def _column(field: str) -> str:
    """Return the column of a data field: a name of its own, since the correlation may call another so."""
    return "data" + re.sub(r"\W", "", field)


def _value(correlation: Correlation, name: str) -> str:
    """Return the value behind a name, in small letters: of each kind of record its own field."""
    columns = [f'coalesce({_column(record.data_field(name))}, "-")' for record in correlation.records]
    if len(set(columns)) == 1:
        return f"tolower({columns[0]})"
    branches = zip(map(_clause, correlation.records[:-1]), columns[:-1], strict=True)
    return f"tolower(case({''.join(f'{clause}, {column}, ' for clause, column in branches)}{columns[-1]}))"


def _has_value(correlation: Correlation, name: str) -> str:
    values = dict.fromkeys((*NOTHING, *(escape(v).lower() for v in correlation.left_out.get(name, ()))))
    return f"{name} not in [{', '.join(map(quote, values))}]"


def _hours(correlation: Correlation, utc_offset: float) -> Iterator[str]:
    if correlation.hours is None:
        return
    start, end = correlation.hours
    hour = f"(toMillis(@timestamp) / {_HOUR} + {24 + utc_offset:g}) % 24"
    yield f"filter {hour} >= {start} {'and' if start < end else 'or'} {hour} < {end}"
