import struct
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from replay.readers.byte_stream import ByteStream
from replay.readers.evtx_file import CHUNK_SIZE, HEADER_SIZE, MAGIC, evtx_records
from replay.readers.file_formats import file_records
from replay.readers.input_problem import InputProblem, InputProblems
from tests.replay.evtx_writer import chunk, evtx_bytes
from tests.replay.logs import Reports, failed_logon

_NO_COUNT = MAGIC.ljust(HEADER_SIZE, b"\0")


def _read(chunks: bytes, header: bytes = _NO_COUNT) -> tuple[int, Reports]:
    reports = Reports()
    return sum(1 for _ in evtx_records(ByteStream(iter([header + chunks])), reports)), reports


class Log(NamedTuple):
    """A file of one chunk, and how many records it has."""

    content: bytes
    records: int

    @property
    def chunk(self) -> bytes:
        return self.content[HEADER_SIZE:]


@pytest.fixture(scope="module", params=["made up", "real"])
def log(request: pytest.FixtureRequest) -> Log:
    """A log without templates, written for the tests; and a real one, where the corpus is present."""
    if request.param == "real":
        return Log(request.getfixturevalue("evtx_file").read_bytes(), 91)
    return Log(evtx_bytes(chunk([failed_logon(second) for second in range(15)])), 15)


def test_every_record_of_a_file_is_read(log: Log) -> None:
    assert _read(log.chunk) == (log.records, [])


def test_chunks_that_were_never_written_to_are_no_damage(log: Log) -> None:
    assert _read(log.chunk + bytes(3 * CHUNK_SIZE)) == (log.records, [])


def test_a_file_that_ends_within_a_chunk_counts_up_to_there_and_the_lost_records_are_counted(
    log: Log,
) -> None:
    found, reports = _read(log.chunk[:20_000])
    assert 0 < found < log.records
    assert reports.titles[0] == "damaged file"
    assert found + sum(count for title, _, count in reports if title == "damaged record") == log.records


def test_a_file_that_ends_between_chunks_or_within_its_header_is_damaged(log: Log) -> None:
    header = log.content[:HEADER_SIZE]
    assert _read(b"", header) == (0, [("damaged file", "it ends after chunk 0, of 1", 1)])
    assert _read(b"", header[:100]) == (0, [("damaged file", "it ends within its header", 1)])


def test_a_file_with_a_damaged_header_is_read_all_the_same(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(bytes(HEADER_SIZE) + log.chunk)
    problems = InputProblems()
    assert sum(1 for _ in file_records(path, problems)) == log.records
    assert problems.counts == {InputProblem.DAMAGED_FILE: 1}


def test_a_damaged_chunk_does_not_hide_the_others(log: Log) -> None:
    good = log.chunk
    damaged = b"\xff" * 8 + good[8:]
    found, reports = _read(good + damaged + good)
    assert found == 2 * log.records
    assert reports == [("damaged file", "chunk 2 does not begin as a chunk does", 1)]


def test_a_record_that_cannot_be_decoded_does_not_hide_those_after_it(log: Log) -> None:
    damaged = bytearray(log.chunk)
    second = damaged.index(b"**\0\0", damaged.index(b"**\0\0", 512) + 4)
    damaged[second + 24 : second + 64] = b"\xff" * 40
    found, reports = _read(bytes(damaged))
    assert found == log.records - 1
    assert [(title, count) for title, _, count in reports] == [("damaged record", 1)]


def test_a_list_of_names_that_never_ends_does_not_hang_the_reading(log: Log) -> None:
    damaged = bytearray(log.chunk)
    unused = CHUNK_SIZE - 64
    assert not any(damaged[unused:])
    for head in range(128, 512, 4):
        first = struct.unpack_from("<I", damaged, head)[0] or unused
        struct.pack_into("<I", damaged, head, first)
        struct.pack_into("<I", damaged, first, first)
    found, _ = _read(bytes(damaged))
    assert found > 0


def test_chunks_are_read_wherever_they_begin_without_a_file_header(log: Log) -> None:
    for lead in (b"\1", b"\0" * 512 + b"x" * 13, b"y" * (CHUNK_SIZE + 7)):
        found, reports = _read(log.chunk + lead + log.chunk, header=b"")
        assert found == 2 * log.records
        assert set(reports.titles) == {"damaged file"}


def test_chunks_beyond_the_number_in_the_header_are_read(log: Log) -> None:
    assert _read(log.chunk + log.chunk, header=log.content[:HEADER_SIZE]) == (2 * log.records, [])


def test_a_chunk_that_is_cut_by_the_next_one_loses_no_record_of_it(log: Log) -> None:
    found, reports = _read(log.chunk[:20_000] + log.chunk)
    assert log.records < found < 2 * log.records
    assert reports[0] == ("damaged file", "the next chunk begins within chunk 1", 1)
    assert found + sum(count for title, _, count in reports if title == "damaged record") == 2 * log.records


def test_the_numbers_of_a_log_that_has_wrapped_are_no_damage() -> None:
    chunks = [chunk([failed_logon()] * 3, first=first) for first in (7001, 7004, 1)]
    assert _read(b"".join(chunks)) == (9, [])


@given(data=st.data())
def test_no_damage_is_an_error_and_no_record_goes_uncounted(log: Log, data: DataObject) -> None:
    damaged = bytearray(log.chunk)
    # The numbers of a chunk's records, which tell how many are lost, are kept.
    for place in data.draw(st.lists(st.integers(512, CHUNK_SIZE - 1), max_size=40)):
        damaged[place] = data.draw(st.integers(0, 255))
    length = data.draw(st.integers(513, CHUNK_SIZE))
    found, reports = _read(bytes(damaged[:length]))
    assert found + sum(count for title, _, count in reports if title != "damaged file") >= log.records
