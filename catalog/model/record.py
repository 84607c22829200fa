"""A record by its parts, for the evaluation of rules and correlations on fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from catalog.model.condition import Condition, Operator
from catalog.model.provider import UNNAMED

#: What Windows writes where there is nothing to write.
NOTHING = ("-", "")


@dataclass(frozen=True, slots=True)
class WindowsRecord:
    """A record.

    Args:
        provider: The name of the provider.
        event_id: The event id.
        header: The elements of ``System`` with a text, by name.
        fields: The data fields by name; of two with one name the first.
        unnamed: The data without a name.
        rendering: The texts of ``RenderingInfo``: what the event says in the server's language.
    """

    provider: str
    event_id: int
    header: Mapping[str, str]
    fields: Mapping[str, str]
    unnamed: tuple[str, ...] = ()
    rendering: tuple[str, ...] = ()

    def values_of(self, condition: Condition) -> tuple[str, ...]:
        """Return the values that a condition is about: several only of data without a name."""
        named = self.header if condition.in_header else self.fields
        if condition.field in named:
            return (named[condition.field],)
        return self.unnamed if condition.field == UNNAMED and not condition.in_header else ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the record, in which a keyword may stand."""
        return (*self.header.values(), *self.fields.values(), *self.unnamed, *self.rendering)

    def meets(self, condition: Condition) -> bool:
        """Return whether it meets a condition, case-sensitively."""
        return any(_is_met(condition, value) for value in self.values_of(condition)) is not (
            condition.operator.excludes
        )


def _is_met(condition: Condition, value: str) -> bool:
    """Return whether a value is one of those that a condition asks for, or excludes."""
    match condition.operator:
        case Operator.EQUALS | Operator.NOT_EQUALS:
            return value in condition.values
        case Operator.STARTS_WITH | Operator.NOT_STARTS_WITH:
            return value.startswith(condition.values)
        case Operator.ENDS_WITH | Operator.NOT_ENDS_WITH:
            return value.endswith(condition.values)
        case Operator.CONTAINS | Operator.NOT_CONTAINS:
            return any(part in value for part in condition.values)


def windows_record(message: str) -> WindowsRecord:
    """Return a record from its text as the agent ships it, or from the same without ``RenderingInfo``.

    Raises:
        xml.etree.ElementTree.ParseError: It is no XML.
        ValueError: It is no record of Windows.
    """
    event = ElementTree.fromstring(message)  # text of a log that was read as XML before
    parts = {_tag(part): part for part in event}
    if "System" not in parts:
        raise ValueError("has no System part: is no record of Windows")
    header = {_tag(part): part for part in parts["System"]}
    fields: dict[str, str] = {}
    unnamed: list[str] = []
    data = parts.get("EventData")
    for part in data if data is not None else (p for child in parts.get("UserData", ()) for p in child):
        name = part.get("Name") if data is not None and _tag(part) == "Data" else _tag(part)
        if name is None:
            unnamed.append(part.text or "")
        else:
            fields.setdefault(name, part.text or "")
    return WindowsRecord(
        provider=header["Provider"].get("Name", ""),
        event_id=int(header["EventID"].text or 0),
        header={name: part.text for name, part in header.items() if part.text},
        fields=fields,
        unnamed=tuple(unnamed),
        rendering=tuple(part.text for part in parts.get("RenderingInfo", ()) if part.text),
    )


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
