"""An event of the deployment's own: a record like those of the catalog, written in the deployment file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    StrictBool,
    StrictInt,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from catalog.errors import CatalogError, did_you_mean
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import LEVEL, Condition, Markup, Operator
from catalog.model.provider import SECURITY_AUDITING, Provider
from catalog.model.security_event import MOST_CONTRIBUTORS, Family, Pack, SecurityEvent, Severity, Volume
from deployment.problem import KeyPath
from deployment.settings.event_override import AlarmNumbers
from deployment.settings.explanation import shown
from deployment.settings.model import Model, explained
from deployment.settings.types.events import FieldValues
from deployment.settings.types.text import DISTINCT, Text


def _plain(title: str) -> str:
    return re.sub(r"[\W_]", "", title).lower()


_SUBCATEGORIES = {_plain(each.value.title): each for each in AuditSubcategory}


def _subcategory(value: Any) -> AuditSubcategory:
    if isinstance(value, AuditSubcategory):
        return value
    if found := _SUBCATEGORIES.get(_plain(str(value))):
        return found
    titles = [each.value.title for each in AuditSubcategory]
    hint = did_you_mean(str(value), titles) or "; 'auditpol /list /subcategory:*' lists them"
    raise ValueError(f"{shown(value)} is no audit subcategory{hint}")


#: An audit subcategory by its English name.
Subcategory = Annotated[
    AuditSubcategory,
    PlainValidator(_subcategory),
    WithJsonSchema({"type": "string", "enum": [each.value.title for each in AuditSubcategory]}),
]


class OwnProvider(Model):
    """Who writes an event."""

    name: Text
    """The provider's name, as it stands in the event: <Provider Name='...'."""
    channel: Text
    """The event log, as wevtutil lists it, such as Application or
    Microsoft-Windows-Windows Defender/Operational. It gets a log group of its own."""
    classic: StrictBool = False
    """Whether the event id has Qualifiers, <EventID Qualifiers='16384'>7045, as for providers from before
    Windows Vista. Default: false."""
    markup: Literal["event_data", "user_data"] = "event_data"
    """How the data fields are written: event_data for <Data Name='Field'>, user_data for <Field>. Default:
    event_data."""

    def provider(self) -> Provider:
        """Return it as the catalog knows it."""
        return Provider(self.name, self.channel, classic=self.classic, markup=Markup[self.markup.upper()])


class FieldConditions(Model):
    """What one data field must, or must not, hold: all of it. Upper and lower case count."""

    equals: FieldValues = ()
    """It is one of these values: a metric filter for each of them. Default: any."""
    not_: FieldValues = Field(default=(), alias="not")
    """It is none of these values. Default: none."""
    starts_with: FieldValues = ()
    """It begins with one of these. Default: any."""
    ends_with: FieldValues = ()
    """It ends with one of these. Where the field that follows is not always the same, another field that ends
    so is taken for it: the coverage report names such conditions. Default: any."""
    contains: FieldValues = ()
    """One of these stands in it, or anywhere else in the record. Default: any."""
    not_starts_with: FieldValues = ()
    """It begins with none of these. Default: none."""
    not_ends_with: FieldValues = ()
    """It ends with none of these: $ leaves out the accounts of computers. Where ends_with takes another field
    for it, this does too, and leaves out more. Default: none."""
    not_contains: FieldValues = ()
    """None of these stands in it, nor anywhere else in the record. Default: none."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("says nothing: give a value, or one of equals, not, starts_with, ends_with, ...")
        return self

    def conditions(self, field: str) -> Iterator[Condition]:
        """Yield the conditions on a field."""
        for name in type(self).model_fields:
            if name in self.model_fields_set:
                yield Condition(field, _OPERATORS[name], getattr(self, name))


_OPERATORS: Mapping[str, Operator] = {
    "equals": Operator.EQUALS,
    "not_": Operator.NOT_EQUALS,
    "starts_with": Operator.STARTS_WITH,
    "ends_with": Operator.ENDS_WITH,
    "contains": Operator.CONTAINS,
    "not_starts_with": Operator.NOT_STARTS_WITH,
    "not_ends_with": Operator.NOT_ENDS_WITH,
    "not_contains": Operator.NOT_CONTAINS,
}


#: The settings that hold records for trying an event.
SAMPLE_LISTS = ("samples", "near_misses")


def is_event_text(value: str) -> bool:
    """Return whether a value is the XML of an event rather than the name of a file."""
    return value.lstrip().startswith("<")


def records_in(text: str) -> list[str]:
    """Return the XML of each record in a text, and what stands before them if it is none."""
    before, *records = re.split(r"(?=<Event[ >])", text.strip().removesuffix("</Events>"))
    before = re.sub(r"^(<\?xml[^>]*>)?\s*(<Events[^>]*>)?", "", before).strip()
    return [before] * bool(before) + [record.strip() for record in records]


def _from_values(value: Any) -> Any:
    return value if isinstance(value, dict | FieldConditions) else {"equals": value}


Conditions = Annotated[
    FieldConditions,
    BeforeValidator(_from_values, json_schema_input_type=FieldValues | FieldConditions),
]


class OwnEvent(Model):
    """An event that the catalog does not have. It is watched in every account that does not disable it."""

    key: Text
    """The name that overrides, metrics and alarms know it by: lower-case words joined by hyphens."""
    event_id: StrictInt
    """The id in <EventID>."""
    title: Text
    """What happened."""
    title_ja: Text | None = None
    """The same in Japanese. Default: the title."""
    severity: Severity
    """How much an occurrence matters, which also decides whom its alarm notifies."""
    runbook: Text
    """What to look at and do when the alarm fires."""
    runbook_ja: Text | None = None
    """The same in Japanese. Default: the runbook."""
    level: Annotated[StrictInt, Field(ge=0, le=5)] | None = None
    """The level in the header of its records: 1 critical, 2 error, 3 warning, 4 or 0 information, 5 verbose.
    Where all events of an id ask for a level, only records of these levels leave the servers. Default:
    any."""
    where: Mapping[Text, Conditions] = {}
    """Conditions on data fields, all of which must hold: a field with its value, with a list of values of
    which it must have one, or with a mapping such as {not: [...]}, {starts_with: ...}. Data, with a
    provider that is classic, stands for the data without a name that such providers write. Default: none."""
    provider: OwnProvider | None = None
    """Who writes it, and to which event log. Default: Microsoft-Windows-Security-Auditing, to Security."""
    audit: Subcategory | None = None
    """The audit subcategory that makes Windows write it, in English, such as Logon. Default: none, it is
    always written."""
    outcome: Outcome = Outcome.SUCCESS
    """Whether it needs the subcategory's success or failure audits, or both. Default: success."""
    alarm: AlarmNumbers | None = None
    """When its number is an alarm: {} for each occurrence, or threshold, period, ... Default: metric
    only, no alarm."""
    attack: tuple[Text, ...] = ()
    """MITRE ATT&CK technique ids, such as T1098.007. Default: none."""
    family: Family = Family.CUSTOM
    """What it is about: the folder of its saved query, and its widget on the dashboard. Default: custom."""
    packs: Annotated[tuple[Pack, ...], DISTINCT] = ()
    """The packs it belongs to: only accounts with one of them watch it. Default: none, every account does."""
    volume: Literal["rare", "low", "medium", "high"] = "rare"
    """How often a busy server writes it: high gets an entry of its own in the agent's configuration. Default:
    rare."""
    domain_controllers_only: StrictBool = False
    """Whether only domain controllers write it. Default: false."""
    query_fields: tuple[Text, ...] = ()
    """The data fields that its saved query shows. Default: those that show who and from where in most
    events."""
    contributors: Annotated[tuple[Text, ...], Field(max_length=MOST_CONTRIBUTORS), DISTINCT] = ()
    """The data fields, or Computer, that tell the contributors of its log alarm apart, at most five. Default:
    those of the catalog's events."""

    samples: tuple[Text, ...] = ()
    """Records that it must find: each the XML of one as the agent ships it, or the name of a file beside this
    one that holds it. Default: none."""
    near_misses: tuple[Text, ...] = ()
    """Records much like them that it must not find, written as samples are. Default: none."""

    def record(self) -> SecurityEvent:
        """Return it as a record of the catalog.

        Raises:
            CatalogError: No record can be like that.
        """
        return SecurityEvent(
            key=self.key,
            event_id=self.event_id,
            title=self.title,
            title_ja=self.title if self.title_ja is None else self.title_ja,
            family=self.family,
            severity=self.severity,
            runbook=self.runbook,
            runbook_ja=self.runbook if self.runbook_ja is None else self.runbook_ja,
            where=(
                *(() if self.level is None else (LEVEL.one_of(str(self.level)),)),
                *(
                    condition
                    for field, conditions in self.where.items()
                    for condition in conditions.conditions(field)
                ),
            ),
            provider=self.provider.provider() if self.provider else SECURITY_AUDITING,
            audit=self.audit,
            outcome=self.outcome,
            alarm=AlarmDefaults(**self.alarm.alarm_values) if self.alarm else None,
            attack=self.attack,
            packs=self.packs,
            volume=Volume[self.volume.upper()],
            domain_controllers_only=self.domain_controllers_only,
            query_fields=self.query_fields,
            contributors=self.contributors,
            samples=tuple(sample.strip() for sample in self.samples),
            near_misses=tuple(sample.strip() for sample in self.near_misses),
        )


#: Settings of a record that are right or wrong whatever the others are, and what stands in for the others.
_ALONE = frozenset(("key", "event_id", "title", "title_ja", "runbook", "runbook_ja", "attack"))
_STAND_INS = {"key": "own-event", "event_id": 1, "title": "-", "severity": "low", "runbook": "-"}


def _also_wrong(value: Any, known: Iterable[tuple[KeyPath, str]]) -> Iterator[tuple[KeyPath, str]]:
    """Yield what a record would say of the other settings of a malformed one."""
    faulty = {place[0] for place, _ in known if place}
    alone = (
        {name: value[name] for name in _ALONE - faulty if name in value} if isinstance(value, dict) else {}
    )
    try:
        OwnEvent.model_validate(_STAND_INS | alone).record()
    except CatalogError as error:
        yield from (each for each in error.placed_problems if each[0][0] in alone)


def _record(value: Any) -> SecurityEvent:
    if isinstance(value, SecurityEvent):
        return value
    try:
        own = OwnEvent.model_validate(value)
    except ValidationError as error:
        wrong = [(each["loc"], each["msg"]) for each in error.errors(include_url=False)]
        raise explained(OwnEvent.__name__, [*wrong, *_also_wrong(value, wrong)], value) from None
    try:
        record = own.record()
    except CatalogError as error:
        # What stands in for a text that is left out is not wrong itself.
        wrong = [
            (place, problem) for place, problem in error.placed_problems if place[0] in own.model_fields_set
        ]
        raise explained(OwnEvent.__name__, wrong, value) from None
    return record


#: An own event: a mapping in a file, or a record of the catalog's type in Python.
OwnRecord = Annotated[SecurityEvent, PlainValidator(_record, json_schema_input_type=OwnEvent)]
