"""Refuses a call that botocore's model of its service refuses, as AWS's own front door would.

The models carry, for each member of a request, whether it is required, its length or range, its enumeration
and its pattern. moto looks at few of them. What the models cannot say is in `service_rules`.
"""

from collections.abc import Iterator, Mapping, Sized
from functools import cache
from typing import Any

import regex
from moto.core.model import Shape

from local_aws.calls import ApiError, Call

# The code of a validation error, where it is not the one that the service's protocol suggests.
_CODES = {
    "cloudwatch": "ValidationError",
    "logs": "InvalidParameterException",
    "sns": "InvalidParameter",
}
_CODES_BY_PROTOCOL = {
    "json": "ValidationException",
    "rest-json": "ValidationException",
    "query": "ValidationError",
    "rest-xml": "InvalidArgument",
}


def validation_error(call: Call, violations: list[str]) -> ApiError:
    """The error with which the call's service refuses a request, naming every violation in it."""
    code = _CODES.get(call.service) or _CODES_BY_PROTOCOL.get(call.protocol, "ValidationError")
    count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
    return ApiError(code, count + "; ".join(violations))


def validate(call: Call) -> None:
    """Raise the service's validation error if the call breaks the model of its operation."""
    if call.model.input_shape is None:
        return
    violations = list(_violations(call.model.input_shape, call.parameters, ()))
    if violations:
        raise validation_error(call, violations)


def _violations(shape: Any, value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Each member that breaks a constraint, in the words of AWS's services."""
    metadata: Mapping[str, Any] = shape.metadata
    match shape.type_name:
        case "structure":
            # Members in headers and paths are AWS's address of the resource: a request without them is
            # another operation. Only the body's members can be missing.
            for name in shape.required_members:
                if name not in value and "location" not in shape.members[name].serialization:
                    yield _violation(None, (*path, _lower(name)), "Member must not be null")
            for name, member in value.items():
                if name in shape.members:
                    yield from _violations(shape.members[name], member, (*path, _lower(name)))
        case "list":
            yield from _length_violations(shape, value, path)
            for index, member in enumerate(value, start=1):
                yield from _violations(shape.member, member, (*path, str(index), "member"))
        case "map":
            yield from _length_violations(shape, value, path)
            for key, member in value.items():
                yield from _violations(shape.key, key, path)
                yield from _violations(shape.value, member, (*path, str(key), "member"))
        case "string":
            yield from _length_violations(shape, value, path)
            if shape.enum and value not in shape.enum:
                allowed = f"[{', '.join(shape.enum)}]"
                yield _violation(value, path, f"Member must satisfy enum value set: {allowed}")
            pattern = _compiled(metadata.get("pattern"))
            if pattern is not None and not pattern.fullmatch(value):
                yield _violation(
                    value, path, f"Member must satisfy regular expression pattern: {metadata['pattern']}"
                )
        case "blob":
            yield from _length_violations(shape, value, path)
        case "integer" | "long" | "float" | "double":
            if "min" in metadata and value < metadata["min"]:
                constraint = f"Member must have value greater than or equal to {metadata['min']}"
                yield _violation(value, path, constraint)
            if "max" in metadata and value > metadata["max"]:
                yield _violation(
                    value, path, f"Member must have value less than or equal to {metadata['max']}"
                )
        case _:
            pass


def _length_violations(shape: Shape, value: Sized, path: tuple[str, ...]) -> Iterator[str]:
    if "min" in shape.metadata and len(value) < shape.metadata["min"]:
        constraint = f"Member must have length greater than or equal to {shape.metadata['min']}"
        yield _violation(value, path, constraint)
    if "max" in shape.metadata and len(value) > shape.metadata["max"]:
        yield _violation(
            value, path, f"Member must have length less than or equal to {shape.metadata['max']}"
        )


def _violation(value: object, path: tuple[str, ...], constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{'.'.join(path)}' failed to satisfy constraint: {constraint}"


def _lower(name: str) -> str:
    """AWS's services name a member in their messages with a small first letter."""
    return name[:1].lower() + name[1:]


@cache
def _compiled(pattern: str | None) -> Any:
    """The pattern, or None if there is none or it cannot be read here.

    The patterns are Java's: `\\w` is ASCII only, but `\\p{L}` a letter of any script. The regex package reads
    both (though not in one pattern), which the standard library does not. The few that it cannot read, ranges
    of surrogates, stay unchecked: rather that than refuse what AWS accepts.
    """
    if pattern is None:
        return None
    try:
        return regex.compile(pattern, regex.UNICODE if r"\p" in pattern else regex.ASCII)
    except regex.error:
        return None
