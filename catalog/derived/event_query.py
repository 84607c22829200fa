"""An event as a Logs Insights query, and the aggregation by which a log alarm judges its result.

The query comes from the same record as the filter pattern and the saved query. With a threshold of 1 each
record counts, however often the runs of an alarm see it: a contributor is in ALARM or it is not. With a
higher one the records are counted by period first, in periods of the clock: a run that sees a record again
counts it into the same period again, and never adds it to another run's number.
"""

from collections.abc import Iterator, Sequence

from catalog.derived.alarm_query import AlarmQuery, parse_command, value_of
from catalog.derived.insights_query import columns, telling_fields
from catalog.derived.record_clause import conditions_clauses, record_clause
from catalog.filter_pattern import quote
from catalog.model.correlation import COMPUTER
from catalog.model.event_fields import fields_of
from catalog.model.record import NOTHING
from catalog.model.security_event import SecurityEvent

#: The contributors of an alarm over several events: which event, which server, which account.
EVENT, ACCOUNT = "Event", "Account"
#: The data fields that hold the account that acts, the surer one first.
_ACTING = ("SubjectUserName", "AccountName", "Requester", "TargetUserName")
#: Of these events the subject is the server itself: logons, tickets, lockouts.
_ACTING_TARGET = frozenset((4624, 4625, 4740, 4768, 4769, 4771, 4776))
_MILLISECONDS = 1000
_FIRST = "fields @timestamp, @message"


def contributors_of(event: SecurityEvent) -> tuple[str, ...]:
    """Return the fields that tell the contributors of an event's alarm apart.

    Without fields of its own these are the server and who acted; of an alarm that counts the server alone, so
    that failures of many accounts on it add up.
    """
    if event.contributors:
        return event.contributors
    acting = None if _counts(event) else acting_field(event)
    return (COMPUTER, acting) if acting else (COMPUTER,)


def acting_field(event: SecurityEvent) -> str | None:
    """Return the data field with the account that acts in an event's records; None where none is known."""
    if event.event_id in _ACTING_TARGET:
        return "TargetUserName"
    known = fields_of(event.provider.name, event.event_id)
    found = telling_fields(event) if known is None else known
    return next((field for field in _ACTING if field in found), None)


def _counts(event: SecurityEvent) -> bool:
    return event.alarm is not None and (event.alarm.threshold > 1 or event.alarm.evaluation_periods > 1)


def clause_of(event: SecurityEvent) -> str:
    """Return the clause that holds for the records of an event."""
    if event.selection is None:
        return record_clause(event.provider, event.event_id, event.where)
    conditions = conditions_clauses(event.provider, event.where)
    return " and ".join([f"({event.selection.clause})", *conditions])


def event_alarm_query(event: SecurityEvent) -> AlarmQuery:
    """Return the query of the alarm of one event.

    Raises:
        ValueError: The event has no alarm.
    """
    alarm = event.alarm
    if alarm is None:
        raise ValueError(f"{event.key} has no alarm")
    fields = contributors_of(event)
    names = tuple(columns(fields, "number", "period").values())
    groups = ", ".join(names)
    commands = [
        _FIRST,
        *(event.selection.reads if event.selection else ()),
        f"filter {clause_of(event)}",
        *(parse_command(field, event.provider.markup_of(field)) for field in fields),
        *(f"fields {value_of(field)} as {name}" for field, name in zip(fields, names, strict=True)),
    ]
    aggregation, threshold, window = "count(*)", 1, 0
    if _counts(event):
        commands += [
            f"fields floor(toMillis(@timestamp) / {alarm.period * _MILLISECONDS}) as period",
            f"stats count(*) as number by {groups}, period",
        ]
        window = alarm.period * alarm.evaluation_periods
        aggregation, threshold = "max(number)", alarm.threshold
    if alarm.evaluation_periods > 1:
        commands.append(f"filter number >= {alarm.threshold}")
        aggregation, threshold = "count(*)", alarm.datapoints_to_alarm
    return AlarmQuery("\n| ".join(commands), f"{aggregation} by {groups}", threshold, window, names)


def events_alarm_query(events: Sequence[SecurityEvent]) -> AlarmQuery:
    """Return the query of one alarm over several events, each of which is an alarm at its first record.

    Its contributors name the event, the server and the account. A record that two of them find is named by
    the first.

    Args:
        events: At most 10 events of one event log.
    """
    branches = "".join(f"{clause_of(event)}, {quote(event.key)}, " for event in events)
    return AlarmQuery(
        query="\n| ".join(
            [
                _FIRST,
                *dict.fromkeys(read for event in events if event.selection for read in event.selection.reads),
                f'fields case({branches}"{NOTHING[0]}") as {EVENT}',
                f'filter {EVENT} != "{NOTHING[0]}"',
                *dict.fromkeys(_parsed(events)),
                f"fields {value_of(COMPUTER)} as {COMPUTER}",
                f"fields {_account(events)} as {ACCOUNT}",
            ]
        ),
        aggregation=f"count(*) by {EVENT}, {COMPUTER}, {ACCOUNT}",
        threshold=1,
        window=0,
        contributors=(EVENT, COMPUTER, ACCOUNT),
    )


def _parsed(events: Sequence[SecurityEvent]) -> Iterator[str]:
    for event in events:
        yield parse_command(COMPUTER, event.provider.markup)
        if field := acting_field(event):
            yield parse_command(field, event.provider.markup_of(field))


def _account(events: Sequence[SecurityEvent]) -> str:
    """Return the expression of the acting account: of each event its own field."""
    by_field: dict[str, list[str]] = {}
    for event in events:
        if field := acting_field(event):
            by_field.setdefault(field, []).append(quote(event.key))
    branches = "".join(
        f"{EVENT} in [{', '.join(keys)}], {value_of(field)}, " for field, keys in by_field.items()
    )
    return f'case({branches}"{NOTHING[0]}")' if branches else f'"{NOTHING[0]}"'
