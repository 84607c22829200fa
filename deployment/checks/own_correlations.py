"""What would go wrong with the deployment's own correlations, found beforehand."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.etree.ElementTree import ParseError

from catalog.correlations import CORRELATIONS
from catalog.model.correlation import COMPUTER, CorrelatedRecord, Correlation, CorrelationType
from catalog.model.event_fields import field_problem, subcategories_of
from catalog.model.record import windows_record
from catalog.model.record_evaluation import Group, Match, TimedRecord, correlated, groups_in_alarm
from cli.text import counted
from deployment.checks.own_events import AS_SHIPPED, is_as_shipped
from deployment.problem import KeyPath, Problem
from deployment.settings.deployment import Deployment
from deployment.settings.explanation import shown
from deployment.settings.own_event import SAMPLE_LISTS

_NO_RECORD = "its XML begins with <Event, and its System has Provider, EventID and TimeCreated"
_TIME = re.compile(r"<TimeCreated SystemTime='([^']*)'")


def of_records(deployment: Deployment) -> Iterator[Problem]:
    """Check own correlations with each other, with the catalog's, and against what Windows writes."""
    taken = {correlation.key: "the catalog" for correlation in CORRELATIONS}
    for index, correlation in enumerate(deployment.own_correlations):
        place = ("own_correlations", index)
        if correlation.key in taken:
            yield Problem(
                (*place, "key"),
                f"{taken[correlation.key]} has a correlation {correlation.key}: take another key",
            )
        taken[correlation.key] = f"own_correlations[{index}]"
        for number, record in enumerate(correlation.records):
            for problem in _record_problems(correlation, record):
                yield Problem((*place, "records", number), problem)
        for path, problem in _sample_problems(correlation):
            yield Problem((*place, *path), problem)


def _record_problems(correlation: Correlation, record: CorrelatedRecord) -> Iterator[str]:
    if record.selection:
        return  # the rule itself was checked as it was read
    provider, event_id = record.provider.name, record.event_id
    asked = [record.data_field(name) for name in correlation.names]
    for field in dict.fromkeys([*asked, *(condition.field for condition in record.where)]):
        if field != COMPUTER and (problem := field_problem(provider, event_id, field)):
            yield problem
    written_by = subcategories_of(provider, event_id)
    if written_by and record.audit not in written_by:
        titles = " or ".join(each.value.title for each in written_by)
        yield f"event {event_id} is written with the audit subcategory {titles}: give it as audit"


def _sample_problems(correlation: Correlation) -> Iterator[tuple[KeyPath, str]]:
    """Yield the samples that a correlation does not find, and the near misses that it does."""
    for name in SAMPLE_LISTS:
        for index, sequence in enumerate(getattr(correlation, name)):
            records, problems = _timed(sequence)
            if problems:
                yield from (((name, index), problem) for problem in problems)
                continue
            found = any(groups_in_alarm(correlation, window) for window in _windows(correlation, records))
            if found and name == "near_misses":
                yield (name, index), "the correlation finds this near miss: its records are an alarm"
            elif not found and name == "samples":
                reason = _missing(correlation, records)
                yield (name, index), f"the correlation does not find this sample: {reason}"


def _timed(sequence: Sequence[str]) -> tuple[list[TimedRecord], list[str]]:
    """Return the records of a sequence by their time, and what is wrong with them."""
    records: list[TimedRecord] = []
    problems: list[str] = []
    for number, text in enumerate(sequence, 1):
        try:
            record = windows_record(text)
            written = datetime.fromisoformat(next(iter(_TIME.findall(text)), ""))
        except (ParseError, KeyError, ValueError):
            record = None
        if record and is_as_shipped(text):
            records.append(TimedRecord(round(written.timestamp() * 1000), record))
        else:
            reason = _NO_RECORD if is_as_shipped(text) else AS_SHIPPED
            problems.append(f"record {number}, {shown(text)}, is none that the agent ships: {reason}")
    return sorted(records, key=lambda record: record.time), problems


def _windows(correlation: Correlation, records: Sequence[TimedRecord]) -> Iterator[list[TimedRecord]]:
    """Yield the records that lie within a time span of each record, and not before it."""
    for first in records:
        end = first.time + correlation.timespan * 1000
        yield [record for record in records if first.time <= record.time <= end]


def _missing(correlation: Correlation, records: Sequence[TimedRecord]) -> str:
    """Return why the records of a sample are no alarm."""
    groups: defaultdict[Group, list[Match]] = defaultdict(list)
    for record in records:
        if match := correlated(correlation, record, (0,)):
            groups[match.group].append(match)
    if not groups:
        return "it looks at none of its records"
    if groups_in_alarm(correlation, records):
        return f"its records lie further apart than the time span of {correlation.timespan} seconds"
    shared = ", ".join(correlation.group_by)
    if correlation.type is CorrelationType.EVENT_COUNT:
        most = max(map(len, groups.values()))
        return f"at most {counted(most, 'record')} share {shared}; the threshold is {correlation.threshold}"
    if correlation.type is CorrelationType.VALUE_COUNT:
        most = max(len({match.counted for match in group}) for group in groups.values())
        return (
            f"at most {counted(most, 'value')} of {correlation.counted} share {shared}; "
            f"the threshold is {correlation.threshold}"
        )
    steps = [Counter(match.step for match in group) for group in groups.values()]
    best = max(steps, key=lambda numbers: sum(numbers[s] >= correlation.least(s) for s in correlation.steps))
    lacking = [step for step in correlation.steps if best[step] < correlation.least(step)]
    if not lacking:
        return f"no record of the step {correlation.steps[-1]} comes after one of each step before it"
    numbers = ", ".join(f"{best[step]} of {correlation.least(step)} of the step {step}" for step in lacking)
    return f"of the records that share {shared} there are {numbers}"
