"""Correlation rules of Sigma: the query finds what the rule means, and what cannot be an alarm is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.derived.correlation_query import correlation_query
from catalog.model.correlation import Correlation
from catalog.model.record import windows_record
from catalog.model.record_evaluation import TimedRecord, groups_in_alarm
from catalog.samples.windows_event import windows_event
from catalog.sigma.conversion import Conversion, Engine
from catalog.sigma.patterns import Claim
from catalog.sigma.rule_set import conversions
from local_aws.insights import parse_query

LOGSOURCE = "logsource: {product: windows, service: security}"
FAILURE = f"""\
title: A Failed Logon
name: failed_logon
level: low
{LOGSOURCE}
detection: {{selection: {{EventID: 4625, TargetUserName|startswith: adm}}, condition: selection}}
"""
SUCCESS = f"""\
title: A Logon
name: logon
{LOGSOURCE}
detection: {{selection: {{EventID: 4624}}, condition: selection}}
"""
PROCESS = """\
title: A Shell
name: shell
logsource: {product: windows, category: process_creation}
detection: {selection: {CommandLine|re: 'cmd( |$)'}, condition: selection}
"""
KEY = "sigma-guessed"

Convert = Callable[..., list[Conversion]]


def correlated(body: str, **head: str) -> str:
    """Return the text of a correlation rule."""
    words = {"title": "Guessed", "level": "high", **head}
    return "".join(f"{key}: {value}\n" for key, value in words.items()) + f"correlation: {{{body}}}\n"


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Convert rules, each in a file of its own, and return what becomes of them in their order."""

    def converted(*rules: str) -> list[Conversion]:
        files = [tmp_path / f"{number}.yml" for number in range(len(rules))]
        for file, rule in zip(files, rules, strict=True):
            file.write_text(rule, encoding="utf-8")
        return conversions(files)

    return converted


def found_by(correlation: Correlation, *records: str) -> set[tuple[str, ...]]:
    """Return the groups in alarm for records a second apart; the query must agree with the evaluation."""
    query = correlation_query(correlation)
    rows = parse_query(query.query).run(
        [{"@timestamp": 1000.0 * time, "@message": text} for time, text in enumerate(records)]
    )
    by_query = {
        tuple(str(row[name]) for name in query.contributors)
        for row in rows
        if not correlation.type.counts or float(str(row["number"])) >= query.threshold
    }
    timed = [TimedRecord(1000 * time, windows_record(text)) for time, text in enumerate(records)]
    assert groups_in_alarm(correlation, timed) == by_query
    return by_query


def failure(user: str = "admin", address: str = "10.0.0.5") -> str:
    return windows_event(4625, {"TargetUserName": user, "IpAddress": address})


def success(user: str = "admin", address: str = "10.0.0.5") -> str:
    return windows_event(4624, {"TargetUserName": user, "IpAddress": address})


def correlation_of(found: Conversion) -> Correlation:
    assert found.correlation is not None, found.refusal
    return found.correlation


def test_event_count_is_an_alarm_from_its_number_on(convert: Convert) -> None:
    body = (
        "type: event_count, rules: [failed_logon], group-by: [IpAddress], timespan: 5m, condition: {gte: 3}"
    )
    _, found = convert(FAILURE, correlated(body))
    correlation = correlation_of(found)
    assert (correlation.threshold, correlation.timespan, correlation.severity.value) == (3, 300, "high")
    assert found_by(correlation, *[failure()] * 3) == {("10.0.0.5",)}
    assert found_by(correlation, *[failure()] * 2, failure(address="10.0.0.6")) == set()
    assert found_by(correlation, *[failure(user="sato")] * 3) == set()


def test_gt_is_an_alarm_above_its_number(convert: Convert) -> None:
    body = "type: event_count, rules: [failed_logon], group-by: [IpAddress], timespan: 5m, condition: {gt: 3}"
    assert correlation_of(convert(FAILURE, correlated(body))[1]).threshold == 4


def test_value_count_counts_distinct_values(convert: Convert) -> None:
    body = (
        "type: value_count, rules: [failed_logon], group-by: [Computer], timespan: 10m, "
        "condition: {field: TargetUserName, gte: 2}"
    )
    correlation = correlation_of(convert(FAILURE, correlated(body))[1])
    computer = "web-01.example.com"
    assert found_by(correlation, failure("admin"), failure("adm2")) == {(computer,)}
    assert found_by(correlation, failure("admin"), failure("ADMIN")) == set()


@pytest.mark.parametrize(("kind", "any_order"), [("temporal", True), ("temporal_ordered", False)])
def test_temporal_needs_a_record_of_each_rule(convert: Convert, kind: str, any_order: bool) -> None:
    body = f"type: {kind}, rules: [failed_logon, logon], group-by: [TargetUserName], timespan: 1h"
    correlation = correlation_of(convert(correlated(body), FAILURE, SUCCESS)[0])
    assert found_by(correlation, failure(), success()) == {("admin",)}
    assert found_by(correlation, success(), failure()) == ({("admin",)} if any_order else set())
    assert found_by(correlation, failure(), failure()) == set()


def test_temporal_condition_that_joins_all_rules_is_the_same(convert: Convert) -> None:
    body = (
        "type: temporal, rules: [failed_logon, logon], group-by: [TargetUserName], timespan: 1h, "
        "condition: failed_logon and logon"
    )
    correlation = correlation_of(convert(FAILURE, SUCCESS, correlated(body))[2])
    assert found_by(correlation, failure(), success()) == {("admin",)}


def test_alias_is_the_field_of_each_rule(convert: Convert) -> None:
    body = (
        "type: temporal_ordered, rules: [logon, shell], group-by: [user], timespan: 1h, "
        "aliases: {user: {logon: TargetUserName, shell: SubjectUserName}}"
    )
    correlation = correlation_of(convert(SUCCESS, PROCESS, correlated(body))[2])
    shell = windows_event(4688, {"SubjectUserName": "admin", "CommandLine": "cmd /c"})
    other = windows_event(4688, {"SubjectUserName": "admin", "CommandLine": "CMD /c"})
    assert found_by(correlation, success(), shell) == {("admin",)}
    assert found_by(correlation, success(), other) == set()


def test_rules_are_named_by_id_too(convert: Convert) -> None:
    rule_id = "0e95725d-7320-415d-80f7-004da920fc11"
    body = (
        f"type: event_count, rules: [{rule_id}], group-by: [IpAddress], timespan: 5m, condition: {{gte: 3}}"
    )
    assert correlation_of(convert(f"id: {rule_id}\n{FAILURE}", correlated(body))[1]).key == KEY


def test_correlation_never_misses_and_takes_its_rules_alarms(convert: Convert) -> None:
    body = (
        "type: event_count, rules: [failed_logon], group-by: [IpAddress], timespan: 5m, condition: {gte: 3}"
    )
    rule, found = convert(FAILURE, correlated(body, tags="[attack.t1110.001]"))
    assert (found.engine, found.claim, found.attack) == (
        Engine.LOG_ALARM,
        Claim.NEVER_MISSES,
        ("T1110.001",),
    )
    assert (rule.step_of, found.channels, found.event_ids) == ((KEY,), ("Security",), (4625,))
    rule, _ = convert(FAILURE, correlated(f"{body}, generate: true"))
    assert rule.step_of == ()


COUNT = "type: event_count, rules: [failed_logon], timespan: 5m, condition: {gte: 3}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (COUNT, "has no group-by: name a field, such as Computer for each server"),
        (
            COUNT.replace("event_count", "value_sum").replace("gte", "field: KeyLength, gte")
            + ", group-by: [IpAddress]",
            "is of the type value_sum: there are alarms for event_count, value_count, temporal, "
            "temporal_ordered",
        ),
        (
            COUNT.replace("failed_logon", "failed_logons") + ", group-by: [IpAddress]",
            "names the rule failed_logons, which is in none of the files; did you mean failed_logon?",
        ),
        (
            COUNT.replace("gte", "lt") + ", group-by: [IpAddress]",
            "has the condition lt: 3: an alarm fires from a number on, gte or gt",
        ),
        (
            f"{COUNT}, group-by: [IpAddres]",
            "groups by or counts IpAddres, which no record of failed_logon has; did you mean IpAddress?",
        ),
        (
            f"{COUNT}, group-by: [Level]",
            "groups by or counts Level of failed_logon, which is neither Computer nor data",
        ),
        (
            COUNT.replace("5m", "7d") + ", group-by: [IpAddress]",
            "cannot be a log alarm: timespan 604800: must be 60 to 86400 seconds",
        ),
        (
            "type: temporal, rules: [failed_logon, logon], group-by: [IpAddress], timespan: 5m, "
            "condition: failed_logon and not logon",
            "has the condition failed_logon and not logon: there are alarms where each of its rules matches",
        ),
        (
            COUNT.replace("failed_logon", "file") + ", group-by: [IpAddress]",
            "names the rule file, which needs Sysmon: where it is installed, write 'sysmon: true' beside "
            "'rules' (--sysmon on the command line)",
        ),
    ],
)
def test_correlation_that_cannot_be_an_alarm_is_refused(convert: Convert, body: str, reason: str) -> None:
    sensor = FAILURE.replace("failed_logon", "file").replace("service: security", "category: file_event")
    *_, found = convert(FAILURE, SUCCESS, sensor, correlated(body))
    assert (found.engine, found.refusal) == (Engine.REFUSED, reason)


def test_correlation_of_correlations_is_refused(convert: Convert) -> None:
    inner = correlated(f"{COUNT}, group-by: [IpAddress]", name="inner")
    outer = correlated(f"{COUNT.replace('failed_logon', 'inner')}, group-by: [IpAddress]", title="Outer")
    *_, found = convert(FAILURE, inner, outer)
    assert found.refusal == "names the correlation inner: there are alarms for rules on records only"
