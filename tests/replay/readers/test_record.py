import pytest

from replay.readers.input_problem import InputProblem
from replay.readers.record import (
    LARGEST_MESSAGE,
    LARGEST_RENDERED,
    LATEST_TIME,
    RecordError,
    from_agent_text,
    from_event_xml,
    from_message,
)
from tests.replay.logs import HOST, START, event_xml, failed_logon


def test_a_record_knows_what_stands_in_the_system_part_of_its_text() -> None:
    text = event_xml(4625, {"LogonType": "3"}, at=61.5)
    record = from_event_xml(text)
    assert record.message == text
    assert (record.event_id, record.level, record.channel) == (4625, 0, "Security")
    assert (record.provider, record.computer) == ("Microsoft-Windows-Security-Auditing", HOST)
    assert record.time == START.timestamp() * 1000 + 61_500


def test_an_id_channel_or_time_inside_a_value_is_not_taken_for_the_records_own() -> None:
    forged = "</Data><EventID>1102</EventID><Channel>System</Channel>"
    assert from_event_xml(event_xml(4688, {"CommandLine": forged})).event_id == 4688


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [("20Z", 0), ("20.5Z", 500), ("20.0070000Z", 7), ("20.123456789Z", 123)],
)
def test_a_time_may_have_any_number_of_decimals(written: str, milliseconds: int) -> None:
    text = event_xml(4625).replace("00.0000000Z", written)
    assert from_agent_text(text).time == (START.timestamp() + 20) * 1000 + milliseconds


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-05T12:00:00.0000000+02:00",
        "2026-05-05T06:30:00,0-0330",
        "2026-05-05 10:00:00.000000+00:00",
        "2026-05-05 10:00:00 UTC",
        "2026-05-05 10:00:00.000000",
        "2026-05-05t10:00:00z",
    ],
)
def test_a_time_may_be_spelled_in_any_way_and_offset(written: str) -> None:
    text = event_xml(4625).replace("2026-05-05T10:00:00.0000000Z", written)
    assert from_event_xml(text).message == event_xml(4625)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<Channel>Security</Channel>", "<Channel></Channel>"),
        ("<Level>0</Level>", ""),
        ("2026-05-05T10", "2026-05-35T10"),
        ("2026-05-05T10", "9999-12-31T10"),
        ("2026-05-05T10", "1601-01-01T10"),
        ("2026-05-05T10", "0001-01-01T10"),
        (" SystemTime='2026-05-05T10:00:00.0000000Z'", ""),
    ],
)
def test_an_event_without_what_decides_its_way_is_incomplete(old: str, new: str) -> None:
    text = event_xml(4625).replace(old, new)
    with pytest.raises(RecordError) as caught:
        from_event_xml(text)
    assert caught.value.problem is InputProblem.INCOMPLETE_EVENT


@pytest.mark.parametrize("text", ["", "An account failed to log on.", "<html></html>", "<Event></Event>"])
def test_what_is_not_the_xml_of_an_event_is_named_so(text: str) -> None:
    for read in (from_event_xml, from_message):
        with pytest.raises(RecordError) as caught:
            read(text)
        assert caught.value.problem is InputProblem.NOT_AN_EVENT or not text


def test_an_event_that_breaks_off_is_damaged() -> None:
    with pytest.raises(RecordError) as caught:
        from_event_xml(failed_logon()[:-30])
    assert caught.value.problem is InputProblem.DAMAGED_RECORD


def test_an_event_nested_too_deep_is_damaged() -> None:
    deep = (
        failed_logon().replace("'", '"').replace("</EventData>", f"{'<a>' * 1200}{'</a>' * 1200}</EventData>")
    )
    for read in (from_event_xml, from_message):
        with pytest.raises(RecordError, match="nested deeper") as caught:
            read(deep)
        assert caught.value.problem is InputProblem.DAMAGED_RECORD


def test_a_message_that_the_agent_has_cut_still_counts_as_it_is() -> None:
    message = failed_logon()[:-40] + "[Truncated...]"
    record = from_message(message)
    assert (record.message, record.event_id) == (message, 4625)


def test_a_message_in_another_spelling_is_judged_as_cloudwatch_holds_it() -> None:
    message = failed_logon().replace("'", '"')
    assert from_message(message).message == message


def test_the_time_that_cloudwatch_gives_a_message_is_taken_before_the_events_own() -> None:
    assert from_message(failed_logon(), 1_700_000_000_123).time == 1_700_000_000_123


@pytest.mark.parametrize("time", [-1, LATEST_TIME + 1, 10**30])
def test_a_time_out_of_range_is_refused(time: int) -> None:
    with pytest.raises(RecordError, match="no time"):
        from_message(failed_logon(), time)


@pytest.mark.parametrize(("size", "fits"), [(-200, True), (+200, False)])
def test_an_event_larger_than_windows_renders_never_arrives(size: int, fits: bool) -> None:
    bare = event_xml(4688, {"CommandLine": "@"})
    text = bare.replace("@", "x" * (LARGEST_RENDERED // 2 - len(bare) + size))
    if fits:
        assert from_event_xml(text).event_id == 4688
    else:
        with pytest.raises(RecordError) as caught:
            from_event_xml(text)
        assert caught.value.problem is InputProblem.TOO_LARGE


def test_the_localised_texts_do_not_count_towards_the_size_that_windows_renders() -> None:
    tail = (
        f"<RenderingInfo Culture='en-US'><Message>{'x' * LARGEST_RENDERED}</Message></RenderingInfo></Event>"
    )
    assert from_event_xml(event_xml(4688).removesuffix("</Event>") + tail).event_id == 4688


def test_a_message_may_have_a_million_bytes_but_not_more() -> None:
    bare = event_xml(4688, {"CommandLine": "@"})
    full = bare.replace("@", "x" * (LARGEST_MESSAGE - len(bare) + 1))
    assert from_message(full).event_id == 4688
    with pytest.raises(RecordError) as caught:
        from_message(full.replace("xx", "xxx", 1))
    assert caught.value.problem is InputProblem.TOO_LARGE
