"""The saved query shows who, from where, on which host."""

from dataclasses import replace

from catalog import Field, Provider, event
from catalog.derived.insights_query import columns, insights_query


def test_the_query_filters_as_the_metric_filter_does_and_shows_who_from_where_on_which_host() -> None:
    assert insights_query(event("logon-failed-network")).splitlines() == [
        "fields @timestamp, @logStream",
        '| filter @message like "<EventID>4625</EventID>"'
        """ and @message like "<Data Name='LogonType'>3</Data>\"""",
        "| parse @message /<Computer>(?<Computer>[^<]*)</",
        "| parse @message /<Data Name='SubjectUserName'>(?<SubjectUserName>[^<]*)</",
        "| parse @message /<Data Name='TargetUserName'>(?<TargetUserName>[^<]*)</",
        "| parse @message /<Data Name='IpAddress'>(?<IpAddress>[^<]*)</",
        "| parse @message /<Data Name='WorkstationName'>(?<WorkstationName>[^<]*)</",
        "| display @timestamp, Computer, SubjectUserName, TargetUserName, IpAddress, WorkstationName,"
        " @logStream",
        "| sort @timestamp desc",
        "| limit 1000",
    ]


def test_the_columns_of_another_provider_are_the_fields_that_the_event_asks_for() -> None:
    defender = Provider(
        "Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational"
    )
    found = replace(
        event("user-account-created"),
        provider=defender,
        query_fields=(),
        where=(Field("Path").contains("x"), Field("A") == "y"),
    )
    assert "| display @timestamp, Computer, Path, A, @logStream" in insights_query(found)


def test_the_column_of_a_classic_provider_is_its_data_without_a_name() -> None:
    query = insights_query(event("unexpected-shutdown"))
    assert "| parse @message /<Data>(?<Data>[^<]*)</" in query
    assert "SubjectUserName" not in query


def test_a_column_of_a_field_whose_name_has_spaces_is_named_without_them() -> None:
    query = insights_query(replace(event("user-account-created"), query_fields=("Threat Name",)))
    assert "| parse @message /<Data Name='Threat Name'>(?<ThreatName>[^<]*)</" in query
    assert "| display @timestamp, Computer, ThreatName, @logStream" in query


def test_columns_are_distinct_names_of_ascii_letters_and_digits() -> None:
    assert columns(("Threat Name", "ThreatName", "Threat-Name", "ThreatName2")) == {
        "Threat Name": "ThreatName",
        "ThreatName": "ThreatName2",
        "Threat-Name": "ThreatName3",
        "ThreatName2": "ThreatName22",
    }
    assert columns(("2nd", "名前", "説明", "_x", "Größe"), "number") == {
        "2nd": "field2nd",
        "名前": "field",
        "説明": "field2",
        "_x": "field_x",
        "Größe": "Gre",
    }
    assert columns(("number",), "number") == {"number": "number2"}


def test_query_shows_each_of_two_fields_that_differ_in_a_space() -> None:
    fields = ("Threat Name", "ThreatName", "名前")
    query = insights_query(replace(event("user-account-created"), query_fields=fields))
    assert "| display @timestamp, Computer, ThreatName, ThreatName2, field, @logStream" in query
    assert "/<Data Name='ThreatName'>(?<ThreatName2>[^<]*)</" in query


def test_alternatives_are_joined_by_or_and_exclusions_by_and() -> None:
    conditions = (Field("A").one_of("x", "y"), Field("B").none_of("p", "q"))
    query = insights_query(replace(event("user-account-created"), where=conditions))
    assert """(@message like "<Data Name='A'>x</Data>" or @message like "<Data Name='A'>y</Data>")""" in query
    assert (
        """(@message not like "<Data Name='B'>p</Data>" and @message not like "<Data Name='B'>q</Data>")"""
        in query
    )
