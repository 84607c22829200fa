from replay.readers.export_lines import export_records
from tests.replay.logs import START, Reports, event_xml, failed_logon

_TIME = "2026-05-05T10:00:00.250Z"


def _lines(*messages: str) -> list[str]:
    return "".join(f"{_TIME} {message}\n" for message in messages).splitlines(keepends=True)


def test_each_line_is_a_time_and_a_message() -> None:
    reports = Reports()
    found = list(export_records(_lines(failed_logon(at=99), event_xml(4688)), reports))
    assert [record.event_id for record in found] == [4625, 4688]
    assert found[0].message == failed_logon(at=99)
    assert found[0].time == START.timestamp() * 1000 + 250
    assert reports == []


def test_an_event_with_line_breaks_in_its_values_goes_on_until_its_end() -> None:
    event = event_xml(4673, {"PrivilegeList": f"SeDebug\n\t\t{_TIME} SeTcb\nend"})
    found = list(export_records(_lines(event, failed_logon()), Reports()))
    assert [record.message for record in found] == [event, failed_logon()]


def test_an_event_that_breaks_off_ends_where_the_next_begins() -> None:
    reports = Reports()
    found = list(export_records(_lines(failed_logon()[:200], failed_logon()), reports))
    assert [record.message for record in found] == [failed_logon()]
    assert reports.titles == ["damaged record"]


def test_a_message_that_is_no_xml_is_counted_and_the_next_is_found() -> None:
    reports = Reports()
    found = list(export_records(_lines("[Security] [INFORMATION] text", failed_logon()), reports))
    assert len(found) == 1
    assert reports.titles == ["not an event"]
    assert reports[0][1].startswith("line 1: ")


def test_an_impossible_time_is_counted() -> None:
    reports = Reports()
    lines = [line.replace("05-05T", "99-05T") for line in _lines(failed_logon())]
    assert list(export_records(lines, reports)) == []
    assert reports.titles == ["incomplete event"]
