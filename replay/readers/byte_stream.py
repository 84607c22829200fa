"""The bytes of a file, unpacked, in the sizes that are asked for."""

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from replay.readers.input_problem import InputProblem, Report

BLOCK = 65536
GZIP = b"\x1f\x8b"
#: How often a file may be packed: Firehose packs what CloudWatch Logs has packed already.
_TIMES = 3


class ByteStream:
    """Bytes in the sizes that are asked for, from blocks of any size."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._buffer = bytearray()

    def peek(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end only; they stay to be read."""
        while len(self._buffer) < size and (block := next(self._blocks, b"")):
            self._buffer.extend(block)
        return bytes(self._buffer[:size])

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end only."""
        piece = self.peek(size)
        del self._buffer[:size]
        return piece


def unpacked(file: BinaryIO, report: Report) -> Iterator[bytes]:
    """Yield a file's bytes, unpacked where it is packed with gzip, as far as it can be read."""
    with io.BufferedReader(cast(io.RawIOBase, file), BLOCK) as stream:
        empty = True
        try:
            for _ in range(_TIMES):
                if not stream.peek(2).startswith(GZIP):
                    break
                stream = io.BufferedReader(
                    cast(io.RawIOBase, gzip.GzipFile(fileobj=stream, mode="rb")), BLOCK
                )
            while block := stream.read1(BLOCK):
                empty = False
                yield block
            if empty:
                report(InputProblem.EMPTY_FILE, "0 bytes")
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            report(InputProblem.DAMAGED_FILE, f"gzip: {error}")
