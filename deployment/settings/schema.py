"""The JSON Schema of a deployment file, by which editors complete, explain and underline."""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from deployment.settings.deployment import Deployment

#: The file that ``deployment.yaml`` names in its first line.
SCHEMA_FILE = Path(__file__).parents[1] / "deployment.schema.json"


class _Schema(GenerateJsonSchema):
    """Without titles that only repeat a setting's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schema() -> str:
    """Return the schema as it stands in ``SCHEMA_FILE``."""
    schema = Deployment.model_json_schema(schema_generator=_Schema)
    described = {"$schema": _Schema.schema_dialect, **_unwrapped(schema), "title": "deployment.yaml"}
    return json.dumps(described, ensure_ascii=False, indent=2)


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
