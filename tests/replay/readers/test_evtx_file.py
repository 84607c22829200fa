import struct
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from replay.readers.byte_stream import ByteStream
from replay.readers.evtx_file import CHUNK_SIZE, HEADER_SIZE, MAGIC, evtx_records
from replay.readers.file_formats import file_records
from replay.readers.input_problem import InputProblem, InputProblems
from tests.replay.logs import Reports

_RECORDS = 91


def _read(chunks: bytes, header: bytes = MAGIC.ljust(HEADER_SIZE, b"\0")) -> tuple[int, Reports]:
    reports = Reports()
    return sum(1 for _ in evtx_records(ByteStream(iter([header + chunks])), reports)), reports


def _chunks(file: Path) -> bytes:
    return file.read_bytes()[HEADER_SIZE:]


def test_every_record_of_a_file_is_read(evtx_file: Path) -> None:
    assert _read(_chunks(evtx_file)) == (_RECORDS, [])


def test_chunks_that_were_never_written_to_are_no_damage(evtx_file: Path) -> None:
    assert _read(_chunks(evtx_file) + bytes(3 * CHUNK_SIZE)) == (_RECORDS, [])


def test_a_file_that_ends_within_a_chunk_counts_up_to_there_and_the_lost_records_are_counted(
    evtx_file: Path,
) -> None:
    found, reports = _read(_chunks(evtx_file)[:20_000])
    assert 0 < found < _RECORDS
    assert reports.titles[0] == "damaged file"
    assert found + sum(count for title, _, count in reports if title == "damaged record") == _RECORDS


def test_a_file_that_ends_between_chunks_or_within_its_header_is_damaged(evtx_file: Path) -> None:
    header = evtx_file.read_bytes()[:HEADER_SIZE]
    assert _read(b"", header) == (0, [("damaged file", "it ends after chunk 0, of 1", 1)])
    assert _read(b"", header[:100]) == (0, [("damaged file", "it ends within its header", 1)])


def test_a_file_with_a_damaged_header_is_read_all_the_same(evtx_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(bytes(HEADER_SIZE) + _chunks(evtx_file))
    problems = InputProblems()
    assert sum(1 for _ in file_records(path, problems)) == _RECORDS
    assert problems.counts == {InputProblem.DAMAGED_FILE: 1}


def test_a_damaged_chunk_does_not_hide_the_others(evtx_file: Path) -> None:
    good = _chunks(evtx_file)
    damaged = b"\xff" * 8 + good[8:]
    found, reports = _read(good + damaged + good)
    assert found == 2 * _RECORDS
    assert reports == [("damaged file", "chunk 2 does not begin as a chunk does", 1)]


def test_a_record_that_cannot_be_decoded_does_not_hide_those_after_it(evtx_file: Path) -> None:
    chunk = bytearray(_chunks(evtx_file))
    second = chunk.index(b"**\0\0", chunk.index(b"**\0\0", 512) + 4)
    chunk[second + 24 : second + 64] = b"\xff" * 40
    found, reports = _read(bytes(chunk))
    assert found == _RECORDS - 1
    assert [(title, count) for title, _, count in reports] == [("damaged record", 1)]


def test_a_list_of_names_that_never_ends_does_not_hang_the_reading(evtx_file: Path) -> None:
    chunk = bytearray(_chunks(evtx_file))
    for head in range(128, 512, 4):
        (first,) = struct.unpack_from("<I", chunk, head)
        if first:
            struct.pack_into("<I", chunk, first, first)
    found, _ = _read(bytes(chunk))
    assert found > 0


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_is_an_error_and_no_record_goes_uncounted(evtx_file: Path, data: DataObject) -> None:
    chunk = bytearray(_chunks(evtx_file))
    # The numbers of a chunk's records, which tell how many are lost, are left alone.
    for place in data.draw(st.lists(st.integers(512, CHUNK_SIZE - 1), max_size=40)):
        chunk[place] = data.draw(st.integers(0, 255))
    length = data.draw(st.integers(513, CHUNK_SIZE))
    found, reports = _read(bytes(chunk[:length]))
    assert found + sum(count for title, _, count in reports if title != "damaged file") >= _RECORDS
