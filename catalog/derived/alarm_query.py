"""What the query of a log alarm is made of, whether it looks for an event or for a correlation.

What a query may say is limited to what the Logs Insights user guide documents: the value of a field that a
record lacks is never compared.
"""

import re
import zlib
from dataclasses import dataclass

from catalog.derived.record_clause import regular_expression
from catalog.model.condition import Markup
from catalog.model.correlation import COMPUTER
from catalog.model.record import NOTHING

#: The characters of a query and of an aggregation that CloudWatch takes: for the latter the API model says
#: 2,048, and a page of the user guide 256.
QUERY_CHARACTERS, AGGREGATION_CHARACTERS = 10_000, 256
#: The most branches of one ``case`` (user guide).
CASE_BRANCHES = 10


@dataclass(frozen=True, slots=True)
class AlarmQuery:
    """What a log alarm asks, and when the answer is an alarm.

    Args:
        query: The query.
        aggregation: The expression that makes one number of the rows of each contributor.
        threshold: The lowest number that is an alarm.
        window: The seconds before a run that must be looked at, beside schedule and lateness.
        contributors: The fields that the aggregation groups by: each combination of their values is judged,
            and notified, by itself.
    """

    query: str
    aggregation: str
    threshold: int
    window: int
    contributors: tuple[str, ...]

    def look_back(self, schedule: int, lateness: int) -> int:
        """Return how many seconds back a run looks: whatever the query needs, in full, of any record in time.

        Args:
            schedule: The seconds between two runs.
            lateness: The seconds that a record may be late.
        """
        return self.window + schedule + lateness


def column(field: str) -> str:
    """Return the column of a data field: a name of its own, since a contributor may be called like it.

    Fields that differ in other characters than those of a column's name have columns of their own, too.
    """
    name = re.sub(r"[^A-Za-z0-9_]", "", field)
    return f"data{name}" if name == field else f"data{name}_{zlib.crc32(field.encode()):08x}"


def parse_command(field: str, markup: Markup) -> str:
    """Return the command that reads a data field, or ``Computer``, into its column."""
    start = "<Computer>" if field == COMPUTER else regular_expression(markup.tags(field)[0])
    return f"parse @message /{start}(?<{column(field)}>[^<]*)</"


def value_of(field: str) -> str:
    """Return the expression of a data field's value in small letters, ``-`` where the record lacks it."""
    return f'tolower(coalesce({column(field)}, "{NOTHING[0]}"))'
