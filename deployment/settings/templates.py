"""Placeholders in names and ARNs that are written once and hold for every account and region."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel

from catalog.errors import did_you_mean

#: A stack as good as any, to see whether a template makes a valid name.
SAMPLE: Mapping[str, str] = {
    "name": "windows-security",
    "account": "production",
    "account_id": "111111111111",
    "region": "eu-central-1",
    "partition": "aws",
}


@dataclass(frozen=True, slots=True)
class Template:
    """Marks a type, by ``Annotated``, as text whose placeholders are filled in.

    Args:
        arn_only: Whether only an ARN has placeholders: in any other text a brace is a brace.
    """

    arn_only: bool = False


_Model = TypeVar("_Model", bound=BaseModel)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its ``{account}``, ``{account_id}``, ``{region}``, ... filled in.

    Raises:
        ValueError: It names a placeholder that there is not, or has a brace of no placeholder.
    """
    text = _PLACEHOLDER.sub(lambda match: _value(match[1], values), template)
    if "{" in text or "}" in text:
        raise ValueError(f"{template!r} has a brace that belongs to no placeholder")
    return text


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        known = ", ".join(f"{{{known}}}" for known in values)
        raise ValueError(f"no such placeholder {{{name}}}{did_you_mean(name, values)}; there are {known}")
    return values[name]


def filled(model: _Model, stack: Mapping[str, str]) -> _Model:
    """Return a group of settings with its placeholders, and those of the groups in it, filled in.

    Args:
        model: The settings; they are returned as they are where they hold no placeholder.
        stack: The values of the placeholders for one stack.

    Raises:
        ValueError: A text names a placeholder that does not exist.
    """
    templates = _templates(type(model))
    updates = {
        name: new
        for name in type(model).model_fields
        if (new := _filled(value := getattr(model, name), templates.get(name), stack)) is not value
    }
    return model.model_copy(update=updates) if updates else model


def _filled(value: Any, template: Template | None, stack: Mapping[str, str]) -> Any:
    """Return a value with its placeholders filled in; the same object where there are none."""
    match value:
        case str() if template and "{" in value and (value.startswith("arn:") or not template.arn_only):
            return fill(value, stack)
        case BaseModel():
            return filled(value, stack)
        case tuple():
            items = [_filled(item, template, stack) for item in value]
            return tuple(items) if any(map(_differ, items, value)) else value
        case Mapping():
            items = [_filled(item, template, stack) for item in value.values()]
            return dict(zip(value, items, strict=True)) if any(map(_differ, items, value.values())) else value
        case _:
            return value


def _differ(one: Any, other: Any) -> bool:
    return one is not other


@cache
def _templates(model: type[BaseModel]) -> Mapping[str, Template]:
    """Return the fields of a model that hold templates."""
    found = {
        name: next(_markers((*field.metadata, field.annotation)), None)
        for name, field in model.model_fields.items()
    }
    return {name: marker for name, marker in found.items() if marker}


def _markers(hints: tuple[Any, ...]) -> Iterator[Template]:
    for hint in hints:
        if isinstance(hint, Template):
            yield hint
        yield from _markers(get_args(hint))
