"""What a rule means: evaluated on the parsed fields of a record, without any text of filters or queries."""

from catalog.model.record import WindowsRecord
from catalog.sigma.expression import (
    All,
    AnyOf,
    Constant,
    Expression,
    Not,
    Nothing,
    OtherField,
    Presence,
    Test,
)
from catalog.sigma.located import LocatedTest
from catalog.sigma.log_sources import Location, Place


def holds(expression: Expression, record: WindowsRecord) -> bool:
    """Return whether a record is what a located rule asks for."""
    match expression:
        case LocatedTest():
            return _test(expression, record)
        case Constant(value):
            return value
        case Not(part):
            return not holds(part, record)
        case All(parts):
            return all(holds(part, record) for part in parts)
        case AnyOf(parts):
            return any(holds(part, record) for part in parts)
        case Test():
            raise TypeError("the rule's fields are not located yet")


def values(location: Location, record: WindowsRecord) -> tuple[str, ...]:
    """Return the values of a field: none where the record lacks it, several only for unnamed data."""
    if location.place is Place.UNNAMED:
        return record.unnamed
    if location.place is Place.HEADER:
        found = record.provider if location.name == "Provider" else record.header.get(location.name)
    elif location.place is Place.REGISTRY:
        key, name = record.fields.get("ObjectName"), record.fields.get("ObjectValueName")
        found = None if key is None or name is None else f"{key}\\{name}"
    else:
        found = record.fields.get(location.name)
    return () if found is None else (found,)


def _test(test: LocatedTest, record: WindowsRecord) -> bool:
    found = record.texts if test.location is None else values(test.location, record)
    match test.matcher:
        case Presence(is_present):
            return bool(found) is is_present
        case Nothing():
            return not any(found)
        case OtherField() as other:
            others = values(test.other, record) if test.other else ()
            return any(other.matches(value, each) for value in found for each in others)
        case matcher if test.location is None:
            return any(matcher.is_found_in(text) for text in found)  # type: ignore[union-attr]
        case matcher:
            return any(matcher.matches(value) for value in found)
