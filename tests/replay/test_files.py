import gzip
import json
import socket
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.files import file_records, log_files
from replay.problems import Problem, Problems
from tests.replay.logs import event_xml, failed_logon

_EVENTS = [failed_logon(at=1, TargetUserName="大切"), event_xml(4688, at=2)]
_XML = "\n".join(_EVENTS)


def _messages(path: Path) -> tuple[list[str], dict[str, int]]:
    problems = Problems()
    found = [record.message for record in file_records(path, problems)]
    return found, {problem.title: count for problem, count in problems.counts.items()}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        _XML.encode(),
        b"\xef\xbb\xbf" + _XML.encode(),
        _XML.encode("utf-16"),
        b"\xfe\xff" + _XML.encode("utf-16-be"),
        _XML.encode("utf-16-le"),
        b"\n \n" + _XML.encode(),
        "\n".join(json.dumps({"xml": event}) for event in _EVENTS).encode(),
        json.dumps({"events": [{"message": event, "timestamp": 1} for event in _EVENTS]}).encode(),
        "".join(f"2026-05-05T10:00:00.000Z {event}\n" for event in _EVENTS).encode(),
    ],
)
def test_a_log_is_known_by_its_content_whatever_its_name(
    content: bytes, packed: bool, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(content, mtime=0) if packed else content)
    assert _messages(path) == (_EVENTS, {})


@pytest.mark.parametrize(
    "content",
    [
        _EVENTS[0][-50:] + _XML,
        "oops\n" + "\n".join(json.dumps({"xml": event}) for event in _EVENTS),
        "oops\n" + "".join(f"2026-05-05T10:00:00.000Z {event}\n" for event in _EVENTS),
    ],
)
def test_a_log_that_begins_with_damage_is_known_by_what_follows(content: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text(content, encoding="utf-8")
    found, _ = _messages(path)
    assert found == _EVENTS


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty file"),
        (b" \n\n", "empty file"),
        (gzip.compress(b"", mtime=0), "empty file"),
        (b"hello", "not a log"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a log"),
        (b"\x1f\x8b\xff\xff", "damaged file"),
        (b'[{"file": "a"}]', "not a log"),
        (b"<html><body/></html>", "not an event"),
    ],
)
def test_what_is_no_log_is_counted_and_named(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    found, problems = _messages(path)
    assert found == []
    assert problems[problem] == 1


def test_a_packed_log_that_breaks_off_counts_up_to_there(tmp_path: Path) -> None:
    events = [failed_logon(at=number) for number in range(2000)]
    path = tmp_path / "log.gz"
    packed = gzip.compress("\n".join(events).encode())
    path.write_bytes(packed[: len(packed) // 2])
    found, problems = _messages(path)
    assert 100 < len(found) < len(events)
    assert problems["damaged file"] == 1


def test_a_file_that_cannot_be_opened_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        assert _messages(path) == ([], {"unreadable file": 1})


def test_a_folder_stands_for_the_logs_in_it_and_below(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    names = ["z.evtx", "a/b/x.XML", "a/000000.gz", "a/y.jsonl", "a/readme.txt"]
    for name in names:
        (tmp_path / name).write_text("x")
    problems = Problems()
    found = [str(path.relative_to(tmp_path)) for path in log_files([tmp_path], problems)]
    assert found == ["a/000000.gz", "a/b/x.XML", "a/y.jsonl", "z.evtx"]
    assert problems.counts == {Problem.OTHER_FILE: 1}


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError) as caught:
        log_files([tmp_path / "nothing.evtx", tmp_path / "empty"], Problems())
    assert "nothing.evtx: no such file" in str(caught.value)
    assert "empty: a folder without a log" in str(caught.value)


def test_memory_does_not_grow_with_a_file(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        path = tmp_path / "log.xml"
        path.write_text(failed_logon() * number)
        tracemalloc.start()
        assert sum(1 for _ in file_records(path, Problems())) == number
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    assert peak(4000) < 1.2 * peak(400)


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=300),
    start=st.sampled_from([b"", b"<", b"{", b"[{", b"\x1f\x8b\x08", b"ElfFile\0"]),
)
def test_no_content_whatever_is_an_error(
    content: bytes, start: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "log"
    path.write_bytes(start + content)
    found, _ = _messages(path)
    assert found == []
