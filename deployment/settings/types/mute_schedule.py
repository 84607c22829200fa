"""When an alarm mute rule mutes: CloudWatch's own cron and at expressions, durations and time zones.

What they may be is from PutAlarmMuteRule and its type Schedule, and from the API's own messages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator

from catalog.errors import did_you_mean
from deployment.settings.explanation import shown

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_AT = re.compile(r"at\(([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})\)")
_CRON = re.compile(r"cron\(([^()]*)\)")
_DURATION = re.compile(
    r"P(?:(?P<days>[0-9]{1,5})D)?(?:T(?:(?P<hours>[0-9]{1,5})H)?(?:(?P<minutes>[0-9]{1,5})M)?)?"
)
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=15)
_LONGEST_TIME_ZONE = 50
#: Long enough for a 29 February, also across a year that has none.
_DAYS_OF_LEAP_YEARS = 8 * 366 + 2
#: The day that stands for any, as a schedule does not depend on today.
_ANY_DAY, _YEAR = date(2027, 1, 1), 365


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    lowest: int
    names: tuple[str, ...] = ()
    highest: int = 0
    names_only: bool = False

    def values(self, text: str) -> frozenset[int]:
        """Return the numbers that a field stands for.

        Raises:
            ValueError: CloudWatch would refuse it, or does not say what it means.
        """
        highest = self.lowest + len(self.names) - 1 if self.names else self.highest
        if text == "*":
            return frozenset(range(self.lowest, highest + 1))
        values: set[int] = set()
        for part in text.split(","):
            first, hyphen, last = part.partition("-")
            low = self._number(first, highest, text)
            high = self._number(last, highest, text) if hyphen else low
            if high < low:
                raise ValueError(f"{self.name} {shown(text)}: {part} runs backwards")
            values.update(range(low, high + 1))
        return frozenset(values)

    def _number(self, text: str, highest: int, field: str) -> int:
        if text in self.names:
            return self.lowest + self.names.index(text)
        if not self.names_only and re.fullmatch("[0-9]{1,2}", text) and self.lowest <= int(text) <= highest:
            return int(text)
        span = f"{self.names[0]} to {self.names[-1]}" if self.names else f"{self.lowest} to {highest}"
        raise ValueError(f"{self.name} {shown(field)}: takes *, {span}, with - and , only")


# Which number Sunday has is not documented, so that days of the week are names here.
_FIELDS = (
    _Field("minutes", 0, highest=59),
    _Field("hours", 0, highest=23),
    _Field("days of the month", 1, highest=31),
    _Field("months", 1, _MONTHS),
    _Field("days of the week", 0, _WEEKDAYS, names_only=True),
)


def _cron(text: str) -> tuple[frozenset[int], ...]:
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            f"has {len(fields)} fields in place of {len(_FIELDS)}, which are "
            f"{', '.join(each.name for each in _FIELDS)}, without a year"
        )
    if "*" not in (fields[2], fields[4]):
        raise ValueError("gives days of the month and of the week: one of the two must be *")
    return tuple(field.values(text) for field, text in zip(_FIELDS, fields, strict=True))


def starts(expression: str, first: date, days: int) -> Iterator[datetime]:
    """Yield when a schedule begins in the given days, in order, by the clock of its time zone.

    Args:
        expression: A valid ``MuteExpression``.
        first: The first day.
        days: How many days to look at.
    """
    if at := _AT.fullmatch(expression):
        start = datetime.fromisoformat(at[1])
        if first <= start.date() < first + timedelta(days):
            yield start
        return
    found = _CRON.fullmatch(expression)
    assert found, "the expression is valid"
    minutes, hours, days_of_month, months, days_of_week = _cron(found[1])
    for number in range(days):
        day = first + timedelta(number)
        if day.day in days_of_month and day.month in months and day.isoweekday() % 7 in days_of_week:
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    yield datetime(day.year, day.month, day.day, hour, minute)


def length(duration: str) -> timedelta:
    """Return how long a valid ``MuteDuration`` is."""
    found = _DURATION.fullmatch(duration)
    assert found, "the duration is valid"
    return timedelta(**{unit: int(number) for unit, number in found.groupdict().items() if number})


def always_mutes(expression: str, duration: str) -> bool:
    """Return whether each window begins before the one before has ended, all year long."""
    longest = length(duration)
    year = _ANY_DAY, _ANY_DAY + timedelta(_YEAR)
    begin, end = (datetime.combine(day, time()) for day in year)
    known = (begin, *starts(expression, _ANY_DAY, _YEAR), end)
    return len(known) > 2 and all(later - earlier <= longest for earlier, later in pairwise(known))


def _expression(value: str) -> str:
    if at := _AT.fullmatch(value):
        try:
            datetime.fromisoformat(at[1])
        except ValueError:
            raise ValueError(f"{shown(value)}: there is no such date and time") from None
        return value
    found = _CRON.fullmatch(value)
    if found is None:
        raise ValueError(
            f"{shown(value)} is not a schedule that a mute rule takes: cron(minutes hours days-of-month "
            "months days-of-week), such as cron(0 2 * * SUN), or once, at(yyyy-mm-ddThh:mm); there is no "
            "rate(...)"
        )
    try:
        _cron(found[1])
    except ValueError as error:
        raise ValueError(f"{shown(value)}: {error}") from None
    if next(starts(value, _ANY_DAY, _DAYS_OF_LEAP_YEARS), None) is None:
        raise ValueError(f"{shown(value)}: there is no such day")
    return value


def _duration(value: str) -> str:
    found = _DURATION.fullmatch(value)
    if found is None or value.endswith("T") or not _SHORTEST <= length(value) <= _LONGEST:
        raise ValueError(
            f"{shown(value)} is not a duration of 1 minute to 15 days in ISO 8601, such as PT30M, PT4H or "
            "P2DT12H"
        )
    return value


def _time_zone(value: str) -> str:
    known = available_timezones()
    if not known:
        raise ValueError("this machine has no list of time zones: run 'pip install tzdata'")
    if value not in known or len(value) > _LONGEST_TIME_ZONE:
        raise ValueError(
            f"{shown(value)} is not the name of a time zone, such as Asia/Tokyo or UTC"
            f"{did_you_mean(value, known)}"
        )
    return value


MuteExpression = Annotated[str, AfterValidator(_expression)]
MuteDuration = Annotated[str, AfterValidator(_duration)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
