"""The page of the settings is current, and has every setting."""

import re
from pathlib import Path

import pytest

from deployment.settings.schema import plain_schema
from deployment.settings_page import EXAMPLES, PAGE, settings_page

REPOSITORY = Path(__file__).resolve().parents[2]
WRITTEN = (REPOSITORY / PAGE).read_text(encoding="utf-8")
SCHEMA = plain_schema()
SECTIONS = {
    each.partition("\n")[0].strip("`"): each for each in re.split(r"^### ", WRITTEN, flags=re.MULTILINE)
}


def test_the_page_is_current() -> None:
    page = settings_page((REPOSITORY / EXAMPLES).read_text(encoding="utf-8"))
    assert page == WRITTEN, f"{PAGE} is out of date: run 'python -m deployment schema --write'"


def test_every_setting_has_a_heading() -> None:
    names = {path.rpartition(".")[2] for path in SECTIONS}
    types = [SCHEMA, *SCHEMA["$defs"].values()]
    assert {name for each in types for name in each.get("properties", {})} <= names


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("retention_days", "`30` or `60`"),
        ("agent_configuration.proxy.no_proxy", "**Type:** text"),
        ("silence_alarm.period", "**Type:** number"),
        ("retention_days", "**Default:** 365."),
        ("retention_days", "```yaml\nretention_days: 90\n```"),
        ("packs", "list: a [pack](#pack)"),
        ("notifications.topics", "`per-severity` or `single`"),
        (
            "notifications.subscriptions",
            "list: [in `notifications.subscriptions[]`](#in-notificationssubscriptions)",
        ),
        ("accounts.NAME.id", "**Required**"),
        ("mute.NAME.schedule", "at(2027-05-01T18:00)"),
        ("engine", "[log-alarms](../explanation/log-alarms.md)"),
    ],
)
def test_a_setting_has_its_type_default_and_example(path: str, part: str) -> None:
    assert part in SECTIONS[path]


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    headings = {
        re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-")
        for each in re.findall(r"^#+ (.*)$", WRITTEN, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", WRITTEN)) <= headings
