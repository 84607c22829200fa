"""The query of an event's log alarm, run by the interpreter of Logs Insights over the event's samples."""

import re
from dataclasses import replace

import pytest

from catalog import EVENTS, AlarmDefaults, SecurityEvent, event
from catalog.derived.alarm_query import AGGREGATION_CHARACTERS, QUERY_CHARACTERS, AlarmQuery
from catalog.derived.event_query import contributors_of, event_alarm_query, events_alarm_query
from catalog.model.selection import Selection
from catalog.samples import samples_of
from local_aws.insights.query import parse_query
from local_aws.insights.values import Value

ALARMING = [each for each in EVENTS if each.alarm]
START = 1_700_000_100_000  # the start of a period of 5 minutes
FAILED = event("logon-failed-network")
CREATED = event("user-account-created")


def rows(query: AlarmQuery, records: list[tuple[int, str]]) -> list[dict[str, Value]]:
    """The rows that the alarm judges: the aggregation over the query's, as one more ``stats``."""
    text = f"{query.query}\n| stats {query.aggregation.replace(' by ', ' as value by ', 1)}"
    return parse_query(text).run(
        [{"@timestamp": START + seconds * 1000, "@message": message} for seconds, message in records]
    )


def alarmed(query: AlarmQuery, records: list[tuple[int, str]]) -> list[dict[str, Value]]:
    return [row for row in rows(query, records) if float(str(row["value"])) >= query.threshold]


def as_first_record(watched: SecurityEvent) -> SecurityEvent:
    return replace(watched, alarm=AlarmDefaults())


@pytest.mark.parametrize("watched", ALARMING, ids=lambda each: each.key)
def test_the_query_finds_each_sample_and_no_near_miss(watched: SecurityEvent) -> None:
    query = event_alarm_query(as_first_record(watched))
    samples = samples_of(watched)
    for sample in samples.matches:
        (row,) = alarmed(query, [(0, sample)])
        computer = re.search(r"<Computer>([^<]*)", sample)
        assert computer
        assert row["Computer"] == computer[1].lower()
    for near_miss in samples.near_misses:
        assert not alarmed(query, [(0, near_miss)])


@pytest.mark.parametrize("watched", ALARMING, ids=lambda each: each.key)
def test_query_and_aggregation_are_within_what_cloudwatch_takes(watched: SecurityEvent) -> None:
    query = event_alarm_query(watched)
    assert len(query.query) <= QUERY_CHARACTERS
    assert len(query.aggregation) <= AGGREGATION_CHARACTERS
    assert len(query.contributors) <= 5


def test_contributors_are_the_server_and_the_account_that_acts() -> None:
    assert contributors_of(CREATED) == ("Computer", "SubjectUserName")
    assert contributors_of(as_first_record(FAILED)) == ("Computer", "TargetUserName")
    assert contributors_of(event("event-log-service-stopped")) == ("Computer",)


def test_an_alarm_that_counts_adds_up_the_accounts_of_a_server() -> None:
    assert contributors_of(FAILED) == ("Computer",)
    assert contributors_of(replace(FAILED, contributors=("IpAddress",))) == ("IpAddress",)


def failures(number: int, *, start: int) -> list[tuple[int, str]]:
    sample = samples_of(FAILED).matches[0]
    return [(start + each, sample) for each in range(number)]


def counting(**numbers: int) -> AlarmQuery:
    return event_alarm_query(replace(FAILED, alarm=AlarmDefaults(**numbers)))


def test_a_count_is_reached_within_one_period() -> None:
    query = counting(threshold=10, period=300)
    assert alarmed(query, failures(10, start=0))
    assert not alarmed(query, failures(9, start=0))


def test_records_of_two_periods_are_not_added() -> None:
    query = counting(threshold=10, period=300)
    assert not alarmed(query, failures(9, start=0) + failures(9, start=300))


def test_records_over_the_edge_of_a_period_reach_the_count_once_one_side_does() -> None:
    query = counting(threshold=10, period=300)
    assert alarmed(query, failures(19, start=300 - 9))


def test_m_of_n_periods_are_counted() -> None:
    query = counting(threshold=5, period=300, evaluation_periods=3, datapoints_to_alarm=2)
    assert alarmed(query, failures(5, start=0) + failures(5, start=600))
    assert not alarmed(query, failures(5, start=0) + failures(4, start=600))


@pytest.mark.parametrize(
    ("numbers", "window"),
    [({}, 0), ({"threshold": 2}, 300), ({"evaluation_periods": 3, "datapoints_to_alarm": 2}, 900)],
)
def test_the_window_holds_every_period_that_is_looked_at(numbers: dict[str, int], window: int) -> None:
    assert counting(**numbers).window == window


def test_an_alarm_over_several_events_names_event_server_and_account() -> None:
    together = tuple(map(event, ("user-account-created", "user-account-deleted", "special-group-logon")))
    query = events_alarm_query(together)
    for each in together:
        sample = samples_of(each).matches[0]
        (row,) = alarmed(query, [(0, sample)])
        assert row["Event"] == each.key
        assert row["Computer"] != "-"
        assert row["Account"] != "-"
        assert not alarmed(query, [(0, samples_of(FAILED).matches[0])])


def test_a_selection_is_a_condition_beside_the_fields() -> None:
    sample = samples_of(CREATED).matches[0]
    for clause, found in (("@message like /(?i)SECURITY/", True), ("@message like /nowhere/", False)):
        selection = Selection((CREATED.event_id,), clause, lambda _: True)
        watched = replace(CREATED, selection=selection)
        assert watched.patterns == ()
        assert bool(alarmed(event_alarm_query(watched), [(0, sample)])) is found


def test_contributors_whose_fields_differ_in_a_space_or_lack_ascii_letters_keep_their_values() -> None:
    fields = ("Threat Name", "ThreatName", "名前", "2nd", "number")
    query = event_alarm_query(replace(FAILED, contributors=fields, where=()))
    data = "".join(f"<Data Name='{field}'>{index}</Data>" for index, field in enumerate(fields))
    message = f"<Event><System><EventID>4625</EventID></System><EventData>{data}</EventData></Event>"

    (row,) = rows(query, [(0, message)])

    assert query.contributors == ("ThreatName", "ThreatName2", "field", "field2nd", "number2")
    assert [row[name] for name in query.contributors] == ["0", "1", "2", "3", "4"]
    names = re.findall(r"\(\?<(\w+)>", query.query)
    assert len(set(names)) == len(fields)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) for name in names)
