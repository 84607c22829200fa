"""Parameters of Systems Manager, and when and on how many servers State Manager acts."""

import re
from typing import Annotated

from pydantic import AfterValidator

from catalog.derived.agent_configuration import PARAMETER_PREFIX
from deployment.settings.explanation import shown
from deployment.settings.types.text import Text, matching

ParameterName = Annotated[
    str,
    matching(
        rf"{PARAMETER_PREFIX}[\w.-]{{1,200}}",
        f"the name of a parameter that the agent's policies admit: {PARAMETER_PREFIX} and up to 200 ASCII "
        "letters, digits and . - _",
    ),
]
_EACH_RATE_IN_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
_RATE = re.compile(r"rate\(([1-9][0-9]{0,4}) (minute|hour|day)(s?)\)")
_WEEKDAY = r"(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)"
_CRON = re.compile(
    r"cron\((?:0 )?"
    rf"(?:0/30 \* \* \* \? \*|[0-5]?[0-9] (?:0/(?:1|2|4|8|12)|[01]?[0-9]|2[0-3]) [*?] \* "
    rf"(?:[*?]|{_WEEKDAY}(?:#[1-5]|L)?) \*)\)"
)


def _schedule(value: str) -> str:
    if rate := _RATE.fullmatch(value):
        number, unit = int(rate[1]), rate[2]
        if (number == 1) == bool(rate[3]):
            raise ValueError(f"{shown(value)}: write 'rate({number} {unit}{'' if number == 1 else 's'})'")
        if not 30 <= number * _EACH_RATE_IN_MINUTES[unit] < 31 * 1440:
            raise ValueError(f"{shown(value)}: State Manager takes 30 minutes or more, and less than 31 days")
    elif not _CRON.fullmatch(value):
        raise ValueError(
            f"{shown(value)} is not a schedule that State Manager takes: a rate such as rate(1 day), or a "
            "cron of one time a day or week, of hours (0/1, 0/2, 0/4, 0/8, 0/12) or of half hours, in UTC, "
            "such as cron(0 2 ? * SUN *) or cron(0 0/4 * * ? *)"
        )
    return value


Schedule = Annotated[str, AfterValidator(_schedule)]
MaxConcurrency = Annotated[
    Text,
    matching(
        r"[1-9][0-9]{0,6}|[1-9][0-9]?%|100%",
        "a number of servers from 1 or a share of them from '1%' to '100%'",
    ),
]
MaxErrors = Annotated[
    Text,
    matching(
        r"[1-9][0-9]{0,6}|0|[1-9][0-9]%|[0-9]%|100%",
        "a number of servers from 0 or a share of them from '0%' to '100%'",
    ),
]
