import pytest

from catalog import EVENTS, event
from catalog.derived.insights_query import telling_fields
from catalog.model.provider import SECURITY_EVENTLOG
from replay.report import evidence as module
from replay.report.evidence import LONGEST_VALUE, RECORDS_KEPT, Logon, RecordEvidence, data_fields
from tests.replay.logs import HOST, event_xml, failed_logon, record, seconds_at_most


def _evidence(*texts: str, key: str = "logon-failed-network") -> RecordEvidence:
    evidence = RecordEvidence(EVENTS)
    for text in texts:
        evidence([key], record(text))
    return evidence


def test_fields_are_read_as_they_were_before_they_were_escaped() -> None:
    text = event_xml(4688, {"CommandLine": "a & b < c > \"d\" 'e' &amp;\r\n"})
    assert dict(data_fields(text))["CommandLine"] == "a & b < c > \"d\" 'e' &amp;\r\n"


def test_fields_of_user_data_and_unnamed_ones_are_read_too() -> None:
    assert dict(data_fields(event_xml(1102, provider=SECURITY_EVENTLOG)))["SubjectUserName"] == "sato"
    assert list(data_fields("<EventData><Data>x</Data></EventData>")) == [("Data", "x")]


def test_tags_without_end_take_no_time() -> None:
    with seconds_at_most(10):
        assert list(data_fields(f"<EventData>{'<a ' * 100_000}<b>c</b>")) == [("b", "c")]


def test_the_localised_message_is_no_field() -> None:
    text = (
        failed_logon().removesuffix("</Event>")
        + "<RenderingInfo><Message>m</Message></RenderingInfo></Event>"
    )
    assert "Message" not in dict(data_fields(text))


def test_a_long_value_is_cut() -> None:
    value = dict(data_fields(event_xml(4688, {"CommandLine": "x" * 10_000})))["CommandLine"]
    assert len(value) == LONGEST_VALUE + 1


def test_each_record_counts_once_for_each_account_address_and_host() -> None:
    evidence = RecordEvidence(EVENTS)
    text = failed_logon(TargetUserName="suzuki", SubjectUserName="suzuki", IpAddress="198.51.100.7")
    evidence(["logon-failed-network", "logon-failed-bad-password"], record(text))
    assert evidence.names.accounts == {"suzuki": 1}
    assert evidence.names.addresses == {"198.51.100.7": 1}
    assert evidence.names.hosts == {HOST: 1}


def test_the_systems_own_accounts_count_only_where_nobody_else_is_named() -> None:
    person = failed_logon(SubjectUserName="WEB-01$", TargetUserName="sato")
    nobody = failed_logon(SubjectUserName="WEB-01$", TargetUserName="-")
    assert _evidence(person).names.accounts == {"sato": 1}
    assert _evidence(nobody).names.accounts == {"WEB-01$": 1}


def test_a_group_is_no_account() -> None:
    text = event_xml(4732, {"TargetUserName": "Administrators", "SubjectUserName": "sato"})
    assert _evidence(text, key="administrators-member-added").names.accounts == {"sato": 1}


def test_an_address_is_the_same_in_kerberos_events() -> None:
    evidence = _evidence(failed_logon(IpAddress="::ffff:192.0.2.1"), failed_logon(IpAddress="192.0.2.1"))
    assert evidence.names.addresses == {"192.0.2.1": 2}


def test_the_first_records_of_an_event_are_kept_whole_and_later_ones_by_what_tells_who_did_it() -> None:
    texts = [failed_logon(at=number, IpAddress=f"192.0.2.{number}") for number in range(RECORDS_KEPT + 10)]
    kept = _evidence(*texts).records["logon-failed-network"]
    assert len(kept) == RECORDS_KEPT + 10
    assert [each.whole for each in kept] == [True] * RECORDS_KEPT + [False] * 10
    assert dict(kept[0].fields)["IpAddress"] == "192.0.2.0"
    assert dict(kept[-1].fields)["IpAddress"] == f"192.0.2.{RECORDS_KEPT + 9}"
    assert set(dict(kept[-1].fields)) <= set(telling_fields(event("logon-failed-network")))
    assert kept[0].record.message == ""


@pytest.mark.parametrize("limit", ["ROWS_KEPT", "ALL_ROWS_KEPT"])
def test_what_is_kept_is_bounded_however_many_records_match(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, 25)
    evidence = _evidence(*(failed_logon(at=number) for number in range(40)))
    assert len(evidence.records["logon-failed-network"]) == 25
    assert evidence.of_event["logon-failed-network"].hosts == {HOST: 40}


def test_logons_are_counted_by_account_server_type_and_source() -> None:
    evidence = RecordEvidence(EVENTS)
    values = {"TargetDomainName": "EXAMPLE", "TargetUserName": "sato", "LogonType": "10"}
    succeeded = event_xml(4624, {**values, "IpAddress": "192.0.2.1", "WorkstationName": "PC-7"})
    for text in (succeeded, succeeded, failed_logon(IpAddress="::ffff:192.0.2.1", WorkstationName="-")):
        evidence.saw(record(text), shipped=True)
    assert evidence.logons[Logon("EXAMPLE\\sato", HOST, "10", "PC-7 192.0.2.1", succeeded=True)] == 2
    assert [logon.source for logon in evidence.logons if not logon.succeeded] == ["192.0.2.1"]


def test_event_ids_are_counted_with_whether_the_agent_ships_them() -> None:
    evidence = RecordEvidence(EVENTS)
    evidence.saw(record(event_xml(4624)), shipped=True)
    evidence.saw(record(event_xml(4999)), shipped=False)
    assert evidence.ids == {("Security", 4624, True): 1, ("Security", 4999, False): 1}


def test_of_very_many_names_the_busiest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NAMES", 100)
    evidence = RecordEvidence(EVENTS)
    busy = record(failed_logon(IpAddress="192.0.2.1"))
    for number in range(300):
        evidence([], busy._replace(computer=f"host-{number}"))
        evidence([], busy)
    assert len(evidence.names.hosts) <= 100
    assert evidence.names.hosts[HOST] == 300
