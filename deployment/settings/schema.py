"""The JSON Schema of a deployment file, by which editors complete, explain and underline."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from catalog import EVENTS
from catalog.correlations import CORRELATIONS
from catalog.model.alarm_rule import rule
from catalog.model.correlation import Correlation
from catalog.model.security_event import SecurityEvent
from deployment.settings.deployment import Deployment
from deployment.settings.types.events import CORRELATION_KEY_SCHEMA, EVENT_KEY_SCHEMA

#: The file that ``deployment.yaml`` names in its first line.
SCHEMA_FILE = Path(__file__).parents[1] / "deployment.schema.json"


class _Schema(GenerateJsonSchema):
    """Without titles that only repeat a setting's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def plain_schema() -> dict[str, Any]:
    """Return the schema as it follows from the models, without what is there for editors only."""
    schema = Deployment.model_json_schema(schema_generator=_Schema)
    return {"$schema": _Schema.schema_dialect, **_unwrapped(schema), "title": "deployment.yaml"}


def json_schema() -> str:
    """Return the schema as it stands in ``SCHEMA_FILE``."""
    described = plain_schema()
    events = [(each.key, each.title, _of_event(each)) for each in EVENTS]
    correlations = [(each.key, each.title, _of_correlation(each)) for each in CORRELATIONS]
    _explain(described, "Event", EVENT_KEY_SCHEMA, events)
    _explain(described, "Correlation", CORRELATION_KEY_SCHEMA, correlations)
    return json.dumps(described, ensure_ascii=False, indent=1)


def _of_event(event: SecurityEvent) -> str:
    alarm = f"alarm at {rule(event.alarm)}" if event.alarm else "no alarm"
    return f"Event {event.event_id} in {event.channel}; severity {event.severity.value}; {alarm}."


def _of_correlation(correlation: Correlation) -> str:
    return f"Correlation; severity {correlation.severity.value}."


def _explain(
    schema: dict[str, Any], kind: str, key_schema: dict[str, Any], known: Iterable[tuple[str, str, str]]
) -> None:
    """Have editors show, for each key of the catalog, its title and a sentence.

    Editors show what a schema says of a property, and nothing of what its name must be. So a mapping by such
    keys has a property for each, in a definition of its own; lists of keys share one definition.
    """
    definitions, known = schema["$defs"], sorted(known)
    *_, of_own = key_schema["anyOf"]
    of_override = {}
    for definition in list(definitions.values()):
        for setting in definition.get("properties", {}).values():
            if setting.get("items", {}).get("anyOf") == key_schema["anyOf"]:
                setting["items"] = {"$ref": f"#/$defs/{kind}Key"}
            elif setting.get("propertyNames", {}).get("anyOf") == key_schema["anyOf"]:
                of_override = _without_choice(setting.pop("additionalProperties"), definitions)
                del setting["propertyNames"], setting["type"]
                setting["$ref"] = f"#/$defs/{kind}Overrides"
    definitions[f"{kind}Overrides"] = {
        "type": "object",
        "propertyNames": of_own,
        "properties": {
            key: {"title": title, "description": text, **of_override} for key, title, text in known
        },
        "additionalProperties": of_override,
    }
    definitions[f"{kind}Key"] = {
        "type": "string",
        "anyOf": [*({"const": key, "title": title} for key, title, _ in known), of_own],
    }


def _without_choice(setting: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a reference in place of the choice between one and null: editors show the titles of choices."""
    match setting:
        case {"anyOf": [{"$ref": str(reference)}, {"type": "null"}]}:
            definitions[reference.rpartition("/")[2]]["type"] = ["object", "null"]
            return {"$ref": reference}
    return setting


def _unwrapped(schema: Any) -> Any:
    """Join the lines of descriptions, which are wrapped for the source only."""
    match schema:
        case dict():
            return {
                name: " ".join(value.split())
                if name == "description" and isinstance(value, str)
                else _unwrapped(value)
                for name, value in schema.items()
            }
        case list():
            return [_unwrapped(value) for value in schema]
        case _:
            return schema
