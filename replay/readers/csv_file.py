"""Events in CSV, as the consoles of CloudWatch Logs and of Logs Insights save search results."""

import csv
import re
from collections.abc import Iterable, Iterator

from replay.readers.input_problem import InputProblem, Report
from replay.readers.json_events import timestamp
from replay.readers.record import LONGEST_TEXT, Record, RecordError, from_message

#: The column of the text, and that of its time.
_COLUMNS = {"message": "timestamp", "@message": "@timestamp"}
_NAME = r'"?@?[A-Za-z_][\w.@ ]*"?'
#: The first line: the names of columns, one of which is that of the text.
HEAD = re.compile(rf'(?:{_NAME},)*"?@?message"?(?:,{_NAME})*\r?(?:\n|\Z)')
_TEXT_BEGINS = re.compile(r'(?:^|,)"<Event ')


def csv_records(lines: Iterable[str], report: Report) -> Iterator[Record]:
    """Yield the event of each row."""
    csv.field_size_limit(2 * LONGEST_TEXT)
    rows = _rows(lines, report)
    _, names = next(rows, (1, []))
    text = next((name for name in _COLUMNS if name in names), "")
    if not text:
        report(InputProblem.NOT_A_LOG, f"CSV with the columns {', '.join(names)[:80]}")
        return
    time_column = names.index(_COLUMNS[text]) if _COLUMNS[text] in names else None
    for number, row in rows:
        if len(row) != len(names):
            report(InputProblem.DAMAGED_RECORD, f"line {number}: {len(row)} columns, of {len(names)}")
            continue
        try:
            record = from_message(row[names.index(text)])
        except RecordError as error:
            report(error.problem, f"line {number}: {error}")
            continue
        if time_column is not None:
            if time := timestamp(row[time_column]):
                record = record._replace(time=time)
            else:
                detail = f"line {number}: {row[time_column][:40]!r} is no time in milliseconds since 1970"
                report(InputProblem.WRONG_TIMESTAMP, detail)
        yield record


def _rows(lines: Iterable[str], report: Report) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its first line; the quotes of a row are even in number."""
    first, parts, quotes, size = 1, [""], 0, 0
    for number, line in enumerate(lines, start=1):
        if quotes % 2 and (_TEXT_BEGINS.search(line) or size > LONGEST_TEXT):
            report(InputProblem.DAMAGED_RECORD, f"line {first}: a quote is missing: {''.join(parts)[:60]!r}")
            quotes = 0
        if not quotes % 2:
            first, parts, quotes, size = number, [], 0, 0
        parts.append(line)
        size += len(line)
        quotes += line.count('"')
        if not quotes % 2 and line.strip():
            yield first, next(csv.reader(["".join(parts)]))
    if quotes % 2:
        report(InputProblem.DAMAGED_FILE, f"line {first}: the CSV breaks off")
