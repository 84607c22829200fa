"""Conditions on the data fields of an event, written as Python comparisons.

>>> Field("LogonType") == "3"
Condition(field='LogonType', operator=<Operator.EQUALS: 'equals'>, values=('3',), in_header=False)

A condition becomes a piece of the event's XML, closed on the side that must not go on: the pattern
language knows substrings only, and ``LogonType'>1`` would find logon types 10 and 11 as well. The end of a
value is tied to its field by the start of the next one, where that is always the same.
"""

import re
from dataclasses import dataclass
from enum import Enum

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
#: Such as ``LogonType``, or ``Threat Name`` of Microsoft Defender.
_FIELD_NAME = re.compile(r"\w+([ .-]\w+)*")


class Operator(Enum):
    """How a data field is compared; case-sensitive, as CloudWatch Logs compares."""

    EQUALS = "equals"
    NOT_EQUALS = "not equals"
    STARTS_WITH = "starts with"
    ENDS_WITH = "ends with"
    CONTAINS = "contains"
    NOT_STARTS_WITH = "not starts with"
    NOT_ENDS_WITH = "not ends with"
    NOT_CONTAINS = "not contains"

    @property
    def excludes(self) -> bool:
        """Whether a record that has the piece of text is left out rather than found."""
        return self.value.startswith("not ")


class Markup(Enum):
    """How a provider writes its values: ``str.format`` templates of an element's start and end."""

    EVENT_DATA = ("<Data Name='{field}'>", "</Data>")
    USER_DATA = ("<{field}>", "</{field}>")
    UNNAMED_DATA = ("<Data>", "</Data>")

    def tags(self, field: str) -> tuple[str, str]:
        """Return what stands before and after the value of a field."""
        start, end = (part.format(field=field) for part in self.value)
        return start, end


@dataclass(frozen=True, slots=True)
class Condition:
    """What one data field, or an element of the record's header, must or must not hold.

    With several ``values`` a positive condition holds when any of them does, and an excluding one when
    none does.
    """

    field: str
    operator: Operator
    values: tuple[str, ...]
    in_header: bool = False

    def markup(self, of_data: Markup) -> Markup:
        """Return how the field is written, given how the provider writes its data fields."""
        return Markup.USER_DATA if self.in_header else of_data

    def texts(self, markup: Markup = Markup.EVENT_DATA, follower: str | None = None) -> tuple[str, ...]:
        """Return, for each value, the text that stands in the event's XML where the field has it.

        Args:
            markup: How the event's provider writes its fields.
            follower: The field that directly follows in every record; None where that is not known.
        """
        start, end = self.markup(markup).tags(self.field)
        texts = []
        for value in map(escape, self.values):
            match self.operator:
                case Operator.EQUALS | Operator.NOT_EQUALS:
                    texts.append(f"{start}{value}{end}")
                case Operator.STARTS_WITH | Operator.NOT_STARTS_WITH:
                    texts.append(f"{start}{value}")
                case Operator.ENDS_WITH | Operator.NOT_ENDS_WITH:
                    texts.append(f"{value}{end}{markup.tags(follower)[0] if follower else ''}")
                case Operator.CONTAINS | Operator.NOT_CONTAINS:
                    texts.append(value)
        return tuple(texts)

    def is_wider(self, markup: Markup, follower: str | None) -> bool:
        """Return whether ``texts``, given the same, may stand where the field does not hold the value."""
        match self.operator:
            case Operator.CONTAINS | Operator.NOT_CONTAINS:
                return True
            case Operator.ENDS_WITH | Operator.NOT_ENDS_WITH:
                # An element that is called like its field ties the end of its value by itself.
                return self.markup(markup) is not Markup.USER_DATA and follower is None
        return False

    def problems(self) -> list[str]:
        """Return what would keep CloudWatch from ever matching this condition."""
        problems = []
        if not is_field_name(self.field):
            problems.append(f"{self.field!r} is not the name of a data field")
        if not self.values:
            problems.append(f"the condition on {self.field} has no value to compare with")
        for value in self.values:
            if not value:
                problems.append(f"the condition on {self.field} is empty: an empty field has two spellings")
            elif control := sorted(set(_CONTROL_CHARACTERS.findall(value))):
                problems.append(
                    f"the condition on {self.field} holds {', '.join(map(repr, control))}: "
                    "a pattern cannot hold control characters"
                )
        return problems


class Field:
    """A data field of an event, to be compared: ``Field("TargetSid") == "S-1-5-32-544"``.

    Args:
        name: The name in the provider's manifest, as it stands in ``<Data Name='...'>``.
        in_header: Whether it is an element of the record's header, such as ``Level``, and no data field.
    """

    __hash__ = None  # type: ignore[assignment]  # == builds a condition, so a Field is no key

    def __init__(self, name: str, *, in_header: bool = False) -> None:
        self.name = name
        self.in_header = in_header

    def _condition(self, operator: Operator, values: tuple[str, ...]) -> Condition:
        return Condition(self.name, operator, values, self.in_header)

    def __eq__(self, value: str) -> Condition:  # type: ignore[override]
        return self._condition(Operator.EQUALS, (value,))

    def __ne__(self, value: str) -> Condition:  # type: ignore[override]
        return self._condition(Operator.NOT_EQUALS, (value,))

    def one_of(self, *values: str) -> Condition:
        """The field equals one of the values: one filter pattern for each of them."""
        return self._condition(Operator.EQUALS, values)

    def none_of(self, *values: str) -> Condition:
        """The field equals none of the values."""
        return self._condition(Operator.NOT_EQUALS, values)

    def starts_with(self, *values: str) -> Condition:
        """The field begins with one of the values."""
        return self._condition(Operator.STARTS_WITH, values)

    def ends_with(self, *values: str) -> Condition:
        """The field ends with one of the values.

        Tied to the field where another one always follows it: ``-512</Data><Data Name='SubjectUserSid'>``.
        Elsewhere the condition is wider and holds where any field ends so: ``SecurityEvent.wider`` names
        such conditions. Use it there for an end that no other field of the event can have.
        """
        return self._condition(Operator.ENDS_WITH, values)

    def contains(self, *values: str) -> Condition:
        """The record holds one of the values, anywhere in its text.

        Always wider than the field, which only shows a reader where the value belongs: nothing before or
        after it can be tied to the field's tags. Use it for a value that means the same wherever it stands,
        such as the GUID of an access right in a list of them.
        """
        return self._condition(Operator.CONTAINS, values)

    def not_starts_with(self, *values: str) -> Condition:
        """The field begins with none of the values."""
        return self._condition(Operator.NOT_STARTS_WITH, values)

    def not_ends_with(self, *values: str) -> Condition:
        """The field ends with none of the values; where ``ends_with`` is wider, no field does."""
        return self._condition(Operator.NOT_ENDS_WITH, values)

    def not_contains(self, *values: str) -> Condition:
        """The record holds none of the values, anywhere in its text: wider, as ``contains`` is."""
        return self._condition(Operator.NOT_CONTAINS, values)


#: How much a record matters to its provider: 1 critical, 2 error, 3 warning, 4 information, 5 verbose.
LEVEL = Field("Level", in_header=True)


def is_field_name(name: str) -> bool:
    """Return whether a data field can be called so."""
    return _FIELD_NAME.fullmatch(name) is not None


def escape(value: str) -> str:
    """Return a value as it stands in the text of an event: ``&``, ``<`` and ``>`` escaped, quotes raw."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
