import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from catalog import EVENTS
from catalog.correlations import CORRELATIONS
from deployment.settings.schema import SCHEMA_FILE, json_schema

ROOT = Path(__file__).parents[3]
SCHEMA: dict[str, Any] = json.loads(json_schema())


def _valid(data: object) -> bool:
    validator: Any = jsonschema.Draft202012Validator(SCHEMA)
    return bool(validator.is_valid(data))


def test_the_schema_file_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == f"{json_schema()}\n", (
        "run: python -m deployment schema --write"
    )


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_example_names_the_schema_in_its_first_line() -> None:
    first = (ROOT / "deployment.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA_FILE.relative_to(ROOT).as_posix()}"


def test_the_example_is_valid_by_the_schema() -> None:
    assert _valid(yaml.safe_load((ROOT / "deployment.yaml").read_text(encoding="utf-8")))


def test_every_property_is_described() -> None:
    for name, definition in SCHEMA["$defs"].items():
        for setting, schema in definition.get("properties", {}).items():
            assert schema.get("description"), f"{name}.{setting}"


def test_descriptions_are_one_line_each() -> None:
    assert "\\n" not in json.dumps([d.get("properties") for d in SCHEMA["$defs"].values()])


@pytest.mark.parametrize("settings", ["Settings", "Account"])
def test_an_editor_knows_the_events(settings: str) -> None:
    events = SCHEMA["$defs"][settings]["properties"]["events"]
    assert events["$ref"] == "#/$defs/EventOverrides"
    overrides = SCHEMA["$defs"]["EventOverrides"]
    assert sorted(overrides["properties"]) == sorted(event.key for event in EVENTS)
    assert overrides["propertyNames"] == {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}


def test_an_editor_shows_the_title_of_an_event_and_of_a_correlation() -> None:
    events = SCHEMA["$defs"]["EventOverrides"]["properties"]
    correlations = SCHEMA["$defs"]["CorrelationOverrides"]["properties"]
    assert events["logon-failed-network"] == {
        "title": "Network logon failed",
        "description": "Event 4625 in Security; severity medium; alarm at 10 in 5 min.",
        "$ref": "#/$defs/EventOverride",
    }
    assert {key: each["title"] for key, each in correlations.items()} == {
        each.key: each.title for each in CORRELATIONS
    }
    # Of a choice, editors would show the titles of what can be chosen.
    assert {"anyOf", "allOf"}.isdisjoint(SCHEMA["$defs"]["EventOverride"])
    assert {"anyOf", "allOf"}.isdisjoint(SCHEMA["$defs"]["CorrelationOverride"])


def test_an_editor_shows_the_title_of_an_event_in_a_list() -> None:
    *of_the_catalog, own = SCHEMA["$defs"]["EventKey"]["anyOf"]
    assert of_the_catalog == [
        {"const": each.key, "title": each.title} for each in sorted(EVENTS, key=lambda each: each.key)
    ]
    assert own == {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
    assert SCHEMA["$defs"]["MutedAlarms"]["properties"]["events"]["items"] == {"$ref": "#/$defs/EventKey"}


def test_the_schema_is_no_larger_than_an_editor_reads_at_once() -> None:
    assert len(json_schema().encode()) < 400_000


@pytest.mark.parametrize(
    "account",
    [
        {"id": 111111111111},
        {"id": "111111111111", "assume_role": "x"},
        {"id": 1, "assume_role": {"role": "x", "external_id": 5}},
        {"id": 1, "state": "local"},
        {"id": 1, "state": {"type": "s3", "bucket": "x"}},
        {"id": 1, "state": {"type": "cloud", "organization": "x"}},
        {"id": 1, "output_bucket": "none"},
        {"id": 1, "output_bucket": None},
        {"id": 1, "tags": {"a": 5, "b": True, "c": None}},
        {"id": 1, "composite_alarms": {"a": None}},
        {"id": 1, "events": {"logon-failed-network": {"threshold": None, "alarm": False}}},
        {"id": 1, "events": {"own-event": {"exclude": {"IpAddress": "10.0.0.5", "LogonType": [3, "10"]}}}},
        {"id": 1, "events": {"own-event": {"variants": {"slow": {"threshold": 5}, "fast": None}}}},
    ],
)
def test_what_the_loader_takes_is_not_underlined(account: dict[str, object]) -> None:
    assert _valid({"accounts": {"a": account}})


@pytest.mark.parametrize(
    "account",
    [
        {},
        {"id": 1, "unknown": 5},
        {"id": 1, "state": {"type": "s3", "token": "x"}},
        {"id": 1, "output_bucket": "some"},
        {"id": 1, "retention_days": 100},
        {"id": 1, "events": {"Logon failed": {}}},
        {"id": 1, "events": {"logon-failed-network": {"threshold": 0}}},
        *({"id": 1, "events": {"logon-failed-network": {"period": n}}} for n in (0, 30, 90)),
        {"id": 1, "packs": ["basline"]},
        {"id": 1, "events": {"own-event": {"exclude": {"IpAddress": None}}}},
        {"id": 1, "events": {"own-event": {"variants": {"slow": {"thresold": 5}}}}},
    ],
)
def test_what_the_loader_refuses_is_underlined(account: dict[str, object]) -> None:
    assert not _valid({"accounts": {"a": account}})
