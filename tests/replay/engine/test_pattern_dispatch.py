import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import EVENTS, matches
from catalog.filter_pattern import FilterPattern
from replay.engine.pattern_dispatch import PatternDispatch
from replay.readers.record import RecordError, from_event_xml
from tests.replay.logs import event_xml, failed_logon, record

_DISPATCH = PatternDispatch(EVENTS)
_IDS = sorted({event.event_id for event in EVENTS})


def _every_pattern_tried(text: str) -> list[str]:
    channel = record(text).channel
    return sorted(
        event.key
        for event in EVENTS
        if event.channel == channel
        for pattern in event.patterns
        if matches(pattern, text)
    )


def test_a_record_counts_for_each_event_whose_filter_matches() -> None:
    found = _DISPATCH.matching(record(failed_logon()))
    assert "logon-failed-network" in found
    assert "logon-failed-interactive" not in found


@given(
    event_id=st.sampled_from(_IDS),
    logon_type=st.integers(0, 11),
    channel=st.sampled_from(["Security", "System", "Application"]),
    value=st.sampled_from(["", "<EventID>1102</EventID>", ">4740</EventID>", "S-1-5-32-544", "-512"]),
    forged=st.booleans(),
)
def test_dispatch_finds_what_trying_every_pattern_finds(
    event_id: int, logon_type: int, channel: str, value: str, forged: bool
) -> None:
    text = event_xml(event_id, {"LogonType": str(logon_type), "TargetSid": value}, channel=channel)
    if forged:  # the agent can put a value into a message without escaping it again
        text = text.replace("&lt;", "<").replace("&gt;", ">")
    assert sorted(_DISPATCH.matching(record(text))) == _every_pattern_tried(text)


def test_a_filter_of_another_channel_does_not_count_the_same_id() -> None:
    assert _DISPATCH.matching(record(event_xml(4625, {"LogonType": "3"}, channel="Application"))) == []


def test_on_real_records_dispatch_finds_what_trying_every_pattern_finds(corpus: Path) -> None:
    with gzip.open(corpus / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["xml"] for line in lines]
    seen = 0
    for text in texts[::4]:
        try:
            found = sorted(_DISPATCH.matching(from_event_xml(text)))
        except RecordError:
            continue
        assert found == _every_pattern_tried(text)
        seen += len(found)
    assert seen > 50


def test_no_pattern_for_another_id_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def note(pattern: FilterPattern, _: str) -> bool:
        tried.append(str(pattern))
        return False

    monkeypatch.setattr(FilterPattern, "matches", note)
    PatternDispatch(EVENTS).matching(record(failed_logon()))
    assert tried
    assert all("4625</EventID>" in pattern for pattern in tried)
