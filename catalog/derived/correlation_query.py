"""A correlation as a Logs Insights query, and the aggregation by which a log alarm judges its result.

The last command before the aggregation leaves one row for each group that counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalog.derived.alarm_query import AlarmQuery, parse_command, value_of
from catalog.derived.record_clause import conditions_clauses, record_clause
from catalog.filter_pattern import quote
from catalog.model.condition import escape
from catalog.model.correlation import CorrelatedRecord, Correlation, CorrelationType
from catalog.model.record import NOTHING

_HOUR = 3_600_000
#: A time that no record has, in milliseconds: the year 2286.
_NEVER = 9_999_999_999_999


def correlation_query(correlation: Correlation, *, utc_offsets: Sequence[float] = (0,)) -> AlarmQuery:
    """Return the query of a correlation.

    Args:
        correlation: The rule.
        utc_offsets: The account's hours ahead of UTC, for a rule that counts at some hours only: two where
            its clocks change with the season, of which either decides.
    """
    groups = ", ".join(correlation.group_by)
    number, condition = _counting(correlation)
    commands = [
        "fields @timestamp",
        *(reads := _reads(correlation)),
        "filter " + _any(correlation.records),
        *_hours(correlation, utc_offsets),
        *(command for command in _parsed(correlation) if command not in reads),
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
        contributors=correlation.group_by,
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


def _reads(correlation: Correlation) -> list[str]:
    """Return the commands that the clauses of selections need before them, each once."""
    selections = [record.selection for record in correlation.records if record.selection]
    return list(dict.fromkeys(command for selection in selections for command in selection.reads))


def _clause(record: CorrelatedRecord) -> str:
    if record.selection:
        channel = quote(f"<Channel>{escape(record.provider.channel)}</Channel>")
        conditions = conditions_clauses(record.provider, record.where)
        return " and ".join([f"@message like {channel}", f"({record.selection.clause})", *conditions])
    # Another event log of the correlation may have the id from another provider.
    return record_clause(replace(record.provider, implied=False), record.event_id, record.where)


def _parsed(correlation: Correlation) -> Iterator[str]:
    """Yield the command that reads each data field, once."""
    fields = {
        record.data_field(name): record.provider.markup_of(record.data_field(name))
        for record in correlation.records
        for name in correlation.names
    }
    yield from (parse_command(field, markup) for field, markup in fields.items())


def _value(correlation: Correlation, name: str) -> str:
    """Return the value behind a name, in small letters: of each kind of record its own field."""
    values = [value_of(record.data_field(name)) for record in correlation.records]
    if len(set(values)) == 1:
        return values[0]
    branches = zip(map(_clause, correlation.records[:-1]), values[:-1], strict=True)
    return f"case({''.join(f'{clause}, {value}, ' for clause, value in branches)}{values[-1]})"


def _has_value(correlation: Correlation, name: str) -> str:
    values = dict.fromkeys((*NOTHING, *(escape(v).lower() for v in correlation.left_out.get(name, ()))))
    return f"{name} not in [{', '.join(map(quote, values))}]"


def _hours(correlation: Correlation, utc_offsets: Sequence[float]) -> Iterator[str]:
    if correlation.hours is None:
        return
    start, end = correlation.hours
    both = "and" if start < end else "or"
    hours = [f"(toMillis(@timestamp) / {_HOUR} + {24 + offset:g}) % 24" for offset in utc_offsets]
    each = [f"({hour} >= {start} {both} {hour} < {end})" for hour in hours]
    yield f"filter {' or '.join(each)}" if len(each) > 1 else f"filter {each[0][1:-1]}"
