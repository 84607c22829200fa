"""What alarms do on healthy servers."""

import pytest

from catalog import Pack, pack
from catalog.derived.as_json import as_json
from catalog.docs import pages
from catalog.model.security_event import SecurityEvent

ALARMS = [event for event in pack(Pack.BASELINE) if event.alarm]


@pytest.mark.parametrize("event", ALARMS, ids=lambda event: event.key)
def test_every_alarm_of_the_baseline_says_what_it_does_on_a_healthy_server(event: SecurityEvent) -> None:
    assert event.healthy.endswith(".")
    assert as_json(event)["healthy"] == event.healthy


def test_the_catalog_page_says_what_alarms_do_on_healthy_servers() -> None:
    page = pages()["catalog.md"]
    assert page.count("**On a healthy server:**") >= len(ALARMS)
