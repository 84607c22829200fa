"""The alarm of an event: how many records, in how long, make it fire."""

from dataclasses import dataclass

#: Metric filters count by the minute, in seconds: of a shorter period's data points most would be missing.
PERIOD_UNIT = 60
#: The longest stretch that an alarm may look at, in seconds: a day, or a week from periods of an hour on.
LONGEST_EVALUATION = 86_400
LONGEST_EVALUATION_OF_HOURS = 604_800


@dataclass(frozen=True, slots=True)
class AlarmDefaults:
    """When the number of an event's records is an alarm, unless a deployment says otherwise.

    Args:
        threshold: The alarm's lowest number of records in a period.
        period: Length of a period in seconds: a multiple of 60.
        evaluation_periods: How many of the latest periods are looked at.
        datapoints_to_alarm: How many of these must reach the threshold.
    """

    threshold: int = 1
    period: int = 300
    evaluation_periods: int = 1
    datapoints_to_alarm: int = 1

    def problems(self) -> list[str]:
        """Return what CloudWatch would refuse, or would never raise (PutMetricAlarm's limits)."""
        problems = []
        if self.threshold < 1:
            problems.append(f"threshold {self.threshold}: below 1 the alarm would never return to OK")
        if self.period < PERIOD_UNIT or self.period % PERIOD_UNIT:
            problems.append(f"period {self.period}: must be {PERIOD_UNIT} seconds or a multiple of that")
        if self.evaluation_periods < 1:
            problems.append(f"evaluation_periods {self.evaluation_periods}: must be 1 or more")
        if not 1 <= self.datapoints_to_alarm <= self.evaluation_periods:
            problems.append(
                f"datapoints_to_alarm {self.datapoints_to_alarm}: must be from 1 to evaluation_periods "
                f"({self.evaluation_periods})"
            )
        longest = LONGEST_EVALUATION if self.period < 3600 else LONGEST_EVALUATION_OF_HOURS
        if self.period * self.evaluation_periods > longest:
            problems.append(
                f"period {self.period} x evaluation_periods {self.evaluation_periods} is "
                f"{self.period * self.evaluation_periods} seconds: must not be over {longest}"
            )
        return problems


def duration(seconds: int) -> str:
    """Return the period of an alarm in the largest unit that it is a multiple of, such as ``5 min``."""
    for unit, name in ((86_400, "d"), (3600, "h")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds // PERIOD_UNIT} min"


def rule(alarm: AlarmDefaults) -> str:
    """Return when an alarm is raised, such as ``5 in 5 min, in 2 of 3 periods``."""
    text = f"{alarm.threshold:,} in {duration(alarm.period)}"
    if alarm.evaluation_periods > 1:
        text += f", in {alarm.datapoints_to_alarm} of {alarm.evaluation_periods} periods"
    return text
