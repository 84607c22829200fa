"""Text that a deployment file holds, and what refuses any that is not as it must be."""

import re
from collections.abc import Hashable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator

from deployment.settings.explanation import shown
from deployment.settings.templates import SAMPLE, fill

#: What every reference of CDKTF's begins with inside a text: ``${TfToken[``, ``#{TfToken[``.
CDKTF_TOKEN = "TfToken["

_Item = TypeVar("_Item", bound=Hashable)


def _as_text(value: Any) -> Any:
    """Take ``2022`` and ``true`` for the text that stood in the file: the reader changes neither's digits."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else value


#: Text, also where the file has a number or ``true`` without quotation marks.
Text = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int | bool)]


def matching(pattern: str, what: str, *, template: bool = False) -> AfterValidator:
    """Admit what matches; a template, by what it becomes for a sample stack."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not compiled.fullmatch(fill(value, SAMPLE) if template else value):
            raise ValueError(f"{shown(value)} is not {what}")
        return value

    return AfterValidator(check)


def hyphenated(longest: int) -> AfterValidator:
    """Admit lower-case words joined by hyphens, of so many characters at most."""
    return matching(
        rf"(?=.{{1,{longest}}}$)[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*",
        f"a name of 1 to {longest} lower-case letters, digits and single hyphens, beginning with a letter",
    )


def _distinct(values: tuple[_Item, ...]) -> tuple[_Item, ...]:
    twice = [value for index, value in enumerate(values) if value in values[:index]]
    if twice:
        raise ValueError(f"{shown(getattr(twice[0], 'value', twice[0]))} is given twice")
    return values


#: For lists: no entry is given twice.
DISTINCT = AfterValidator(_distinct)


def _relative_path(value: str) -> str:
    if value.startswith(("/", "\\", "~")) or not re.fullmatch(r"[^:\x00-\x1f\x7f]+", value):
        raise ValueError(f"{shown(value)} is not a relative path: the file is for every machine")
    return value


RelativePath = Annotated[str, AfterValidator(_relative_path)]

#: What is adopted or named here is in the stack's own account and region: its name says it all.
NOT_ITS_ARN = "(its name alone, not its ARN)"
