"""pydantic's errors as sentences: what is wrong, and what would be right."""

import re
from collections.abc import Mapping
from typing import Any

from catalog.errors import did_you_mean

_LONGEST_SHOWN = 80


def explanation(error: Mapping[str, Any], settings: Mapping[str, str], refused: Mapping[str, str]) -> str:
    """Return the message about one error of a settings model.

    Args:
        error: As of ``ValidationError.errors()``.
        settings: The descriptions of the settings that there are in this place, by name.
        refused: The reasons why other settings must not be here, by name.
    """
    value, context = shown(error["input"]), error.get("ctx", {})
    name = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "missing":
            meaning = " ".join(settings[name].split()).split(". ")[0].rstrip(".")
            return f"is missing: {meaning[:1].lower()}{meaning[1:]}"
        case "extra_forbidden" if name in refused:
            return refused[name]
        case "extra_forbidden":
            return f"no such setting{nearest(name, settings)}"
        case "value_error":
            return str(context["error"])
        case "enum" | "literal_error":
            return f"{value}: must be {context['expected']}{_did_you_mean(error)}"
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            return f"must be a mapping (name: value), not {value}"
        case "tuple_type" | "list_type":
            return f"must be a list (a line '- value' for each), not {value}"
        case "too_short":
            return f"must have {context['min_length']} or more entries, not {len(error['input'])}"
        case "too_long":
            return f"must have {context['max_length']} or fewer entries, not {len(error['input'])}"
        case "bool_type":
            return f"must be true or false, not {value}"
        case "int_type":
            return f"must be a whole number, not {value}"
        case "greater_than_equal":
            return f"must be {context['ge']} or more, not {value}"
        case "less_than_equal":
            return f"must be {context['le']} or less, not {value}"
        case "is_instance_of":
            return f"must be of type {context['class']}, not {value}"
        case "string_type":
            return f"must be text, not {value}"
        case _:
            return str(error["msg"])


def nearest(name: str, known: Mapping[str, Any]) -> str:
    """Return a hint at the nearest known name, or where none is near, at all of them."""
    return did_you_mean(name, known) or f"; there are {', '.join(known)}"


def shown(value: object) -> str:
    """Return a value as it is named in a sentence."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return repr(value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 3] + "...")
        case Mapping():
            return "a mapping"
        case list() | tuple() | set():
            return "a list"
        case _:
            return str(value)


def _did_you_mean(error: Mapping[str, Any]) -> str:
    choices = re.findall("'([^']*)'", error["ctx"]["expected"])
    return did_you_mean(str(error["input"]), choices)
