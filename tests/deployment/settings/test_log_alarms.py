"""The settings of log alarms."""

import pytest
from pydantic import ValidationError

from deployment.settings.log_alarms import LogAlarmSettings


@pytest.mark.parametrize(
    ("time_zone", "offsets"),
    [
        ("UTC", (0,)),
        ("Asia/Tokyo", (9,)),
        ("Asia/Kolkata", (5.5,)),
        ("Europe/Berlin", (1, 2)),
        ("America/New_York", (-5, -4)),
        ("Africa/Casablanca", (0, 1)),
    ],
)
def test_a_time_zone_has_the_hours_of_each_season(time_zone: str, offsets: tuple[float, ...]) -> None:
    assert LogAlarmSettings(time_zone=time_zone).utc_offsets == offsets


def test_the_former_name_of_the_time_zone_is_refused_with_the_new_one() -> None:
    with pytest.raises(ValidationError, match="is called time_zone, such as Asia/Tokyo"):
        LogAlarmSettings.model_validate({"utc_offset": 9})
