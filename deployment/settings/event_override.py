"""How one deployment, or one account, watches an event otherwise than the catalog proposes."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, model_validator

from catalog.model.alarm_rule import PERIOD_UNIT, AlarmDefaults
from catalog.model.condition import Condition, Operator
from catalog.model.security_event import MOST_CONTRIBUTORS, SecurityEvent, Severity
from catalog.model.spelling import windows_spelling
from catalog.model.windows_address import address_beginning
from deployment.settings.log_alarms import AlarmEngine
from deployment.settings.model import Cascading, Model
from deployment.settings.types.arns import AlarmActionArn
from deployment.settings.types.cloudwatch import LateArrival, VariantName
from deployment.settings.types.events import FieldValues, Networks
from deployment.settings.types.text import DISTINCT, Text

_Count = Annotated[StrictInt, Field(ge=1)]
#: ``AlarmDefaults`` says what is wrong with one; the JSON schema states the limits for editors.
_Period = Annotated[StrictInt, Field(json_schema_extra={"minimum": PERIOD_UNIT, "multipleOf": PERIOD_UNIT})]


class AlarmNumbers(Cascading):
    """When the number of an event's records is an alarm."""

    threshold: _Count | None = None
    """The lowest number of records in a period that counts. Default: that of the event's alarm, else 1."""
    period: _Period | None = None
    """Length of a period in seconds: a multiple of 60. Default: that of the event's alarm, else 300."""
    evaluation_periods: _Count | None = None
    """How many of the latest periods are looked at. Default: that of the event's alarm, else 1."""
    datapoints_to_alarm: _Count | None = None
    """How many of these periods must reach the threshold. Default: that of the event's alarm, else 1."""

    @property
    def alarm_values(self) -> dict[str, int]:
        """The fields of ``AlarmDefaults`` that are given."""
        return {name: value for name in ALARM_FIELDS if (value := getattr(self, name)) is not None}


#: The settings of an override that are the alarm's.
ALARM_FIELDS = tuple(AlarmDefaults.__dataclass_fields__)

_Actions = Annotated[tuple[AlarmActionArn, ...], Field(min_length=1, max_length=5), DISTINCT]


class AdditionalAlarmSettings(AlarmNumbers):
    """An additional alarm over the same metric, such as a slow one. It costs an alarm, and no filter."""

    severity: Severity | None = None
    """How much it matters, which also decides the recipients. Default: that of the event."""
    actions: _Actions | None = None
    """ARNs that this alarm calls, as those of the event. Default: those of the event; where this alarm has a
    severity of its own, that severity's topic."""


class Exclusion(Model):
    """The values of a data field for which a record does not count. Upper and lower case count."""

    equals: FieldValues = ()
    """The whole of the field, as Windows writes it. Default: none."""
    starts_with: FieldValues = ()
    """What it begins with, such as svc-. Default: none."""
    ends_with: FieldValues = ()
    """What it ends with: $ for the accounts of computers. Where the field that follows is not always the
    same, a record is left out in which any field ends so: the coverage report names such conditions. Default:
    none."""
    contains: FieldValues = ()
    """What stands in it, or anywhere else in the record. Default: none."""
    cidr: Networks = ()
    """The networks of its addresses, such as 10.0.0.0/8: of IPv4 /8, /16, /24 and /32, of IPv6 those whose
    beginning is always written alike, such as 2001:db8::/32. Default: none."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("says nothing: give a value, or one of equals, starts_with, ends_with, ...")
        return self

    def conditions(self, field: str, event: SecurityEvent) -> Iterator[Condition]:
        """Yield the conditions that leave the values out of an event."""
        for name, operator in _EXCLUDING.items():
            if values := getattr(self, name):
                yield Condition(field, operator, values)
        for network in self.cidr:
            beginning = address_beginning(network)
            address = network.partition("/")[0]
            # Kerberos writes addresses of IPv4 as such of IPv6.
            spelt = windows_spelling(event.provider.name, event.event_id, field, address) or address
            operator = Operator.NOT_EQUALS if beginning == address else Operator.NOT_STARTS_WITH
            yield Condition(field, operator, (spelt.removesuffix(address) + beginning,))


_EXCLUDING: Mapping[str, Operator] = {
    "equals": Operator.NOT_EQUALS,
    "starts_with": Operator.NOT_STARTS_WITH,
    "ends_with": Operator.NOT_ENDS_WITH,
    "contains": Operator.NOT_CONTAINS,
}


def _exclusion(value: Any) -> Any:
    return value if isinstance(value, dict | Exclusion) else {"equals": value}


_Exclusion = Annotated[Exclusion, BeforeValidator(_exclusion, json_schema_input_type=FieldValues | Exclusion)]


class EventOverride(AlarmNumbers):
    """What differs from the catalog for one event. What is left out, or null, is as in the catalog."""

    enabled: StrictBool | None = None
    """Whether the event is watched at all. true adds it where none of the packs has it, false leaves it out.
    Default: whether one of the packs has it."""
    alarm: StrictBool | None = None
    """Whether its number raises an alarm. false makes it metric only. true gives an
    event that is metric only in the catalog an alarm. Default: as in the catalog; true where threshold,
    period, evaluation_periods or datapoints_to_alarm is given."""
    severity: Severity | None = None
    """How much an occurrence matters, which also decides the recipients. Default: as in the catalog."""
    actions: _Actions | None = None
    """ARNs that the alarm calls in place of its severity's topic, one to five. {region}, {account_id} and
    {partition} are filled in. A Lambda function of the stack's account is given the permission to be called;
    one of another account needs a policy that lets lambda.alarms.cloudwatch.amazonaws.com invoke it. Default:
    the severity's topic."""
    exclude: Mapping[Text, _Exclusion] | None = None
    """Records to leave out: data fields, each with the values for which a record does not count, such as
    TargetUserName: [svc-backup], or with a mapping such as {starts_with: svc-}, {ends_with: $},
    {cidr: 10.0.0.0/8}. Upper and lower case are as Windows writes them; each value makes the event's filter
    pattern longer, which takes 1024 characters. Merged field by field; an empty list leaves nothing out.
    Default: nothing."""
    late_arrival: LateArrival | None = None
    """By how many minutes its records may come late and still count: its metric alarms, variants too, look
    at as many more periods, and stay in ALARM for as long. Default: that of the account, and at least 15 for
    what Windows writes while it starts; none where evaluation_periods is given. Log
    alarms have log_alarms.lateness instead."""
    engine: AlarmEngine | None = None
    """metric or log: what finds its records and raises its alarm. Default: that of pack_engines, else that of
    the account."""
    contributors: (
        Annotated[tuple[Text, ...], Field(min_length=1, max_length=MOST_CONTRIBUTORS), DISTINCT] | None
    ) = None
    """The data fields, or Computer, that tell the contributors of its log alarm apart, one to five: each
    combination of values is judged and notified by itself. Default: Computer and the account that acts; of an
    alarm with a threshold above 1, Computer."""
    variants: Mapping[VariantName, AdditionalAlarmSettings | None] | None = None
    """Additional alarms over the event's metric, each under a name of your own, such as slow:
    {threshold: 100, period: 86400}. Merged name by name; null takes one of the defaults' away.
    Default: none."""

    @property
    def effective_variants(self) -> Mapping[str, AdditionalAlarmSettings]:
        """The variants without those that are taken away again."""
        return {name: variant for name, variant in (self.variants or {}).items() if variant}

    def actions_of(self, variant: AdditionalAlarmSettings) -> tuple[str, ...]:
        """Return the ARNs that a variant calls; none where its severity's topic is notified."""
        return variant.actions or (() if variant.severity else self.actions or ())
