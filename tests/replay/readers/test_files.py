import errno
import gc
import gzip
import json
import os
import socket
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.readers.file_formats import file_records
from replay.readers.files import log_files
from replay.readers.input_problem import InputProblem, InputProblems
from tests.replay.logs import event_xml, failed_logon, written

_EVENTS = [failed_logon(at=1, TargetUserName="大切"), event_xml(4688, at=2)]
_XML = "\n".join(_EVENTS)


def _messages(path: Path) -> tuple[list[str], dict[str, int]]:
    problems = InputProblems()
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
        _XML.encode("utf-16-be"),
        f'<?xml version="1.0" encoding="shift_jis"?>\r\n<Events>{_XML}</Events>'.encode("cp932"),
        f"<?xml version='1.0' encoding = 'EUC-JP' ?>{_XML}".encode("euc-jp"),
        f'<?xml version="1.0" encoding="iso-2022-jp"?>{_XML}'.encode("iso-2022-jp"),
        "\n".join(json.dumps({"xml": event}) for event in _EVENTS).encode(),
        "\n".join(json.dumps({"xml": event}, ensure_ascii=False) for event in _EVENTS).encode("utf-16-le"),
        json.dumps({"events": [{"message": event} for event in _EVENTS]}).encode("utf-16-be"),
        json.dumps(
            {"events": [{"message": event, "timestamp": 1_777_975_201_000} for event in _EVENTS]}
        ).encode(),
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


def test_what_windows_calls_shift_jis_holds_the_characters_that_windows_added(tmp_path: Path) -> None:
    event = failed_logon(TargetUserName="髙橋①")
    path = tmp_path / "log"
    path.write_bytes(f'<?xml version="1.0" encoding="Shift_JIS"?>{event}'.encode("cp932"))
    assert _messages(path) == ([event], {})


@pytest.mark.parametrize(
    "encoding",
    ["no-such-encoding", "utf-16", "hex", "rot13", "idna", "punycode", "utf-7", "undefined", "cp037", "é"],
)
def test_a_declared_encoding_that_cannot_be_the_texts_is_named_and_utf_8_is_tried(
    encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>{_XML}', encoding="utf-8")
    assert _messages(path) == (_EVENTS, {"unknown encoding": 1})


@pytest.mark.parametrize("blocks", [1, 3])
@pytest.mark.parametrize(
    ("declared", "written"),
    [("", "cp850"), ('<?xml version="1.0" encoding="us-ascii"?>', "cp932")],
)
def test_bytes_that_are_no_text_are_replaced_and_the_file_is_named_once(
    declared: str, written: str, blocks: int, tmp_path: Path
) -> None:
    number = 40 * blocks
    path = tmp_path / "log"
    name = {"cp850": "Système", "cp932": "大切"}[written]
    event = failed_logon(at=1, TargetUserName=name)
    text = declared + "\n".join([failed_logon(CommandLine="x" * 2000), event] * number)
    path.write_bytes(text.encode(written) + b"\x82")
    problems = InputProblems()
    found = [record.message for record in file_records(path, problems)]
    assert len(found) == 2 * number
    assert problems.counts == {InputProblem.REPLACED_TEXT: 1, InputProblem.NOT_AN_EVENT: 1}
    assert "\ufffd" in found[1]
    assert name not in found[1]
    assert "--encoding NAME" in InputProblem.REPLACED_TEXT.meaning


def test_japanese_text_without_a_declaration_is_guessed_and_the_guess_is_reported(tmp_path: Path) -> None:
    events = [*[failed_logon(CommandLine="x" * 40_000)] * 2, *_EVENTS]
    path = tmp_path / "log"
    path.write_bytes("\n".join(events).encode("cp932"))
    problems = InputProblems()
    assert [record.message for record in file_records(path, problems)] == events
    assert problems.counts == {InputProblem.GUESSED_ENCODING: 1}
    assert "--encoding NAME" in InputProblem.GUESSED_ENCODING.meaning


@pytest.mark.parametrize(
    ("written", "named"), [("cp850", "cp850"), ("utf-16-le", "cp850"), ("cp932", "cp932")]
)
def test_a_named_encoding_decides_unless_the_text_has_a_mark_of_its_own(
    written: str, named: str, tmp_path: Path
) -> None:
    event = failed_logon(TargetUserName="大切" if written == "cp932" else "Système")
    path = tmp_path / "log"
    path.write_bytes(f'<?xml version="1.0" encoding="utf-8"?>{event}'.encode(written))
    problems = InputProblems()
    assert [record.message for record in file_records(path, problems, encoding=named)] == [event]
    assert not problems.counts


def test_a_character_that_a_block_cuts_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "log"
    events = [failed_logon(TargetUserName="大切" * 5000), *_EVENTS * 100]
    for shift in range(3):
        path.write_text(" " * shift + "\n".join(events), encoding="utf-8")
        assert _messages(path) == (events, {})


def test_an_export_whose_event_has_a_line_that_looks_like_json_is_still_an_export(tmp_path: Path) -> None:
    events = [event_xml(4688, {"CommandLine": 'curl -d\n{"a": 1}\n  {"b": 2}'}), *_EVENTS]
    path = tmp_path / "log"
    text = "".join(f"2026-05-05T10:00:00.000Z {event}\n" for event in events)
    path.write_text(text, encoding="utf-8", newline="")
    assert _messages(path) == (events, {})


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
    problems = InputProblems()
    found = [str(path.relative_to(tmp_path)) for path in log_files([tmp_path], problems)]
    assert found == ["a/000000.gz", "a/b/x.XML", "a/y.jsonl", "z.evtx"]
    assert problems.counts == {InputProblem.OTHER_FILE: 1}


def test_what_a_folder_holds_that_is_not_read_is_named_with_the_reason(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    written(elsewhere / "unseen.xml", *_EVENTS)
    folder = tmp_path / "logs"
    folder.mkdir()
    log = written(folder / "a.xml", *_EVENTS)
    (folder / "linked").symlink_to(elsewhere)
    (folder / "round").symlink_to(folder)
    (folder / "broken.evtx").symlink_to(tmp_path / "nothing.evtx")
    (folder / "self.xml").symlink_to(folder / "self.xml")
    os.mkfifo(folder / "pipe.xml")
    problems = InputProblems()
    assert log_files([folder], problems) == [log]
    assert problems.counts == {InputProblem.LINKED_FOLDER: 2, InputProblem.NO_FILE: 3}
    assert [found.first for _, found in problems] == [str(folder / "linked"), str(folder / "broken.evtx")]


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = written(tmp_path / "a.xml", *_EVENTS)
    secret = tmp_path / "secret"
    secret.mkdir()
    list_folder = os.scandir

    def refusing(path: str) -> object:
        # Whoever runs the tests may be allowed to list everything.
        if Path(path) == secret:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", refusing)
    problems = InputProblems()
    assert log_files([tmp_path], problems) == [log]
    assert [(kind, found.first) for kind, found in problems] == [
        (InputProblem.UNREADABLE_FOLDER, str(secret))
    ]
    with pytest.raises(FileNotFoundError, match=r"without a log .*; unreadable folder: 1"):
        log_files([secret], InputProblems())


def test_a_link_to_a_file_that_may_not_be_seen_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, hidden = (written(tmp_path / name, *_EVENTS) for name in ("a.xml", "hidden.xml"))
    is_file = Path.is_file

    def refusing(path: Path) -> bool:
        if path == hidden:
            raise PermissionError
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refusing)
    problems = InputProblems()
    assert log_files([tmp_path], problems) == [log]
    assert problems.counts == {InputProblem.NO_FILE: 1}


def test_a_file_given_more_than_once_is_read_once_and_named(tmp_path: Path) -> None:
    log = written(tmp_path / "a.xml", *_EVENTS)
    other = written(tmp_path / "c.xml", *_EVENTS)
    (tmp_path / "b.xml").symlink_to(log)
    problems = InputProblems()
    assert log_files([log, log, tmp_path, tmp_path / ".." / tmp_path.name / "a.xml"], problems) == [
        log,
        other,
    ]
    assert problems.counts == {InputProblem.REPEATED_FILE: 4}


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError) as caught:
        log_files([tmp_path / "nothing.evtx", tmp_path / "empty"], InputProblems())
    assert "nothing.evtx: no such file" in str(caught.value)
    assert "empty: a folder without a log" in str(caught.value)


def test_memory_does_not_grow_with_a_file(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        path = tmp_path / "log.xml"
        path.write_text(failed_logon() * number)
        gc.collect()
        tracemalloc.start()
        assert sum(1 for _ in file_records(path, InputProblems())) == number
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(1)  # Some is loaded once in a process.
    grown = peak(2400) - peak(400)
    assert grown < len(failed_logon()) * 2000 / 10


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
