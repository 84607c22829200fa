"""Events, the values of their data fields, and the paths that they watch."""

from collections.abc import Collection, Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from catalog.correlations import CORRELATIONS
from catalog.errors import did_you_mean
from catalog.events import EVENTS
from catalog.model.security_event import KEY_PATTERN
from catalog.model.windows_address import address_beginning
from catalog.model.windows_path import PathKind, is_on_drive, kind_of, path_problems, share_problems
from cli.text import command
from deployment.settings.explanation import shown
from deployment.settings.types.text import DISTINCT, Text


def no_such_event(key: str, known: Iterable[str]) -> str:
    """Return the message about a key that no event has."""
    return f"no such event{did_you_mean(key, known) or '; see ' + command('catalog list')}"


def _event_key(value: str, info: ValidationInfo) -> str:
    # Which keys there are depends on the deployment's own events: who validates a whole file says so.
    known: Collection[str] | None = info.context
    if known is not None and value not in known:
        raise ValueError(no_such_event(value, known))
    return value


def _key_schema(keys: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "anyOf": [{"enum": sorted(keys)}, {"pattern": f"^{KEY_PATTERN}$"}]}


#: The key of an event: one of the catalog's, which editors complete, or of an own event.
EVENT_KEY_SCHEMA = _key_schema(event.key for event in EVENTS)
EventKey = Annotated[str, AfterValidator(_event_key), WithJsonSchema(EVENT_KEY_SCHEMA)]

#: The key of a correlation: one of the catalog's, which editors complete, or of an own one.
CORRELATION_KEY_SCHEMA = _key_schema(each.key for each in CORRELATIONS)
CorrelationKey = Annotated[str, WithJsonSchema(CORRELATION_KEY_SCHEMA)]


def _as_values(value: Any) -> Any:
    return (value,) if value is None or isinstance(value, str | int) else value


#: Values of a data field; one alone needs no list.
FieldValues = Annotated[
    tuple[Text, ...],
    DISTINCT,
    BeforeValidator(_as_values, json_schema_input_type=Text | tuple[Text, ...]),
]


def _network(value: str) -> str:
    address_beginning(value)
    return value


#: Networks in CIDR notation that a text can stand for; one alone needs no list.
Networks = Annotated[
    tuple[Annotated[str, AfterValidator(_network)], ...],
    DISTINCT,
    BeforeValidator(_as_values, json_schema_input_type=str | tuple[str, ...]),
]


def _watched_path(value: str) -> str:
    kind = kind_of(value)
    if problems := share_problems(value) if kind is PathKind.SHARE else path_problems(value):
        raise ValueError("; ".join(problems))
    if kind is PathKind.FILE and not is_on_drive(value):
        raise ValueError(
            f"{shown(value)} cannot be given an audit entry (SACL), without which Windows writes no event of "
            r"it: name it by its drive on the server that holds it, such as D:\Finance\, or a whole share as "
            r"\\*\Finance"
        )
    return value


WatchedPath = Annotated[str, AfterValidator(_watched_path)]
