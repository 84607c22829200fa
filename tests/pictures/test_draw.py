import re

import pytest

from tests.pictures.draw import PICTURES, mails


@pytest.mark.parametrize("name", ["mail-metric-alarm.svg", "mail-log-alarm.svg"])
def test_the_picture_of_a_mail_is_current(name: str) -> None:
    drawn = mails()[name]
    assert (PICTURES / name).read_text(encoding="utf-8") == drawn, "run: make pictures"
    lines = re.findall(r"<text [^>]*>(.*)</text>", drawn)
    assert "Member added to the local Administrators group (event id 4732)" in lines
    assert any(line.startswith("Contributor: Computer = ") for line in lines) == (
        name == "mail-log-alarm.svg"
    )


def test_the_picture_of_the_report_is_there_and_small() -> None:
    picture = (PICTURES / "report.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000
