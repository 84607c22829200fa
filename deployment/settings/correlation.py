"""Correlations: which rules over several records run in an account, and rules of the deployment's own."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PlainValidator, StrictBool, StrictInt, model_validator

from catalog.errors import CatalogError, UnknownNameError
from catalog.events import event
from catalog.model.audit_policy import Outcome
from catalog.model.correlation import CorrelatedRecord, Correlation, CorrelationType, record_of
from catalog.model.provider import SECURITY_AUDITING
from catalog.model.security_event import MOST_CONTRIBUTORS, Severity
from deployment.settings.model import Cascading, Model, explained
from deployment.settings.own_event import Conditions, OwnProvider, Subcategory, records_in
from deployment.settings.types.events import FieldValues
from deployment.settings.types.text import DISTINCT, Text

_Count = Annotated[StrictInt, Field(ge=1)]
_Timespan = Annotated[StrictInt, Field(ge=60, le=86_400)]


def _each_record(texts: Any) -> Any:
    """Return the records of a sequence, of which one text may hold several."""
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        return texts
    return [record for text in texts for record in records_in(text)]


RecordSequence = Annotated[
    tuple[Text, ...],
    Field(min_length=1),
    BeforeValidator(_each_record, json_schema_input_type=tuple[Text, ...]),
]


class CorrelationOverride(Cascading):
    """A correlation that runs, and what differs from the catalog."""

    enabled: StrictBool = True
    """Whether it runs. Default: true."""
    severity: Severity | None = None
    """How much an occurrence matters, which also decides the recipients. Default: as in the catalog."""
    threshold: _Count | None = None
    """The lowest count that is an alarm, for the types that count. Default: as in the catalog."""
    timespan: _Timespan | None = None
    """The seconds within which the records lie, from 60 to 86400. Default: as in the catalog."""
    minimum: Mapping[Text, _Count] | None = None
    """The lowest number of records of a step, for the types that do not count. Merged step by step. Default:
    as in the catalog."""
    left_out: Mapping[Text, FieldValues] | None = None
    """Values that take a record out, by name of a grouped or counted field, such as IpAddress: [10.0.0.5].
    They come beside those of the catalog. Merged name by name. Default: none."""


class OwnCorrelatedRecord(Model):
    """A kind of record that an own correlation looks for: that of an event of the catalog, or its own."""

    step: Text
    """What it stands for in the correlation, a word. Kinds of record of one step are alternatives."""
    event: Text | None = None
    """The key of an event of the catalog whose records these are. Default: none, event_id says which."""
    event_id: Annotated[StrictInt, Field(ge=0, le=65_535)] | None = None
    """The id in <EventID>. Default: that of event."""
    where: Mapping[Text, Conditions] = {}
    """Conditions on data fields, as those of an own event. Default: none."""
    provider: OwnProvider | None = None
    """Who writes it, and to which event log. Default: Microsoft-Windows-Security-Auditing, to Security."""
    fields: Mapping[Text, Text] = {}
    """The data field behind each name of the correlation. Default: the field that is called so."""
    audit: Subcategory | None = None
    """The audit subcategory that makes Windows write it. Default: none, it is always written."""
    outcome: Outcome = Outcome.SUCCESS
    """Whether it needs the subcategory's success or failure audits, or both. Default: success."""

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.event is None) is (self.event_id is None):
            raise ValueError("takes either event or event_id")
        if self.event and self.model_fields_set - {"step", "event", "fields"}:
            raise ValueError("with event, all but step and fields are that event's")
        if self.event:
            try:
                event(self.event)
            except UnknownNameError as error:
                raise ValueError(str(error)) from None
        return self

    def record(self) -> CorrelatedRecord:
        """Return it as the catalog knows it."""
        if self.event:
            return record_of(event(self.event), self.step, self.fields)
        return CorrelatedRecord(
            step=self.step,
            event_id=self.event_id or 0,
            where=tuple(c for field, each in self.where.items() for c in each.conditions(field)),
            provider=self.provider.provider() if self.provider else SECURITY_AUDITING,
            fields=self.fields,
            audit=self.audit,
            outcome=self.outcome,
        )


class OwnCorrelation(Model):
    """A rule over several records that the catalog does not have. It runs in every account that does not
    disable it under correlations."""

    key: Text
    """The name that overrides and alarms know it by: lower-case words joined by hyphens."""
    type: CorrelationType
    """event_count (records of a group), value_count (distinct values of a field), temporal (a record of each
    step) or temporal_ordered (a record of the last step after one of each step before it)."""
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
    records: Annotated[tuple[OwnCorrelatedRecord, ...], Field(min_length=1)]
    """The kinds of record that it looks at; for temporal_ordered the steps in their order."""
    group_by: Annotated[tuple[Text, ...], Field(min_length=1, max_length=MOST_CONTRIBUTORS), DISTINCT]
    """The fields whose values the records of a group share, one to five: data fields, Computer, or names that
    each kind of record explains under fields. Letter case is ignored."""
    timespan: _Timespan
    """The seconds within which the records lie, from 60 to 86400."""
    threshold: _Count = 1
    """The lowest count that is an alarm, for the types that count. Default: 1."""
    counted: Text | None = None
    """The field whose distinct values are counted, for value_count. Default: none."""
    minimum: Mapping[Text, _Count] = {}
    """The lowest number of records of a step, for the types that do not count. Default: 1 each."""
    left_out: Mapping[Text, FieldValues] = {}
    """Values that take a record out, by name of a grouped or counted field. Default: none."""
    hours: tuple[StrictInt, StrictInt] | None = None
    """From which hour to before which records count, by log_alarms.time_zone. Default: at any time."""
    attack: tuple[Text, ...] = ()
    """MITRE ATT&CK technique ids, such as T1110.003. Default: none."""
    domain_controllers_only: StrictBool = False
    """Whether only domain controllers write its records. Default: false."""
    samples: tuple[RecordSequence, ...] = ()
    """Sequences of records that it must find, each a list: the XML of a record as the agent ships it, or the
    name of a file beside this one that holds one or more. The records say when they were written; hours are
    those of UTC. Default: none."""
    near_misses: tuple[RecordSequence, ...] = ()
    """Sequences much like them that it must not find, written as samples are. Default: none."""

    def correlation(self) -> Correlation:
        """Return it as a record of the catalog.

        Raises:
            CatalogError: No correlation can be like that.
        """
        return Correlation(
            key=self.key,
            type=self.type,
            title=self.title,
            title_ja=self.title_ja or self.title,
            severity=self.severity,
            runbook=self.runbook,
            runbook_ja=self.runbook_ja or self.runbook,
            records=tuple(record.record() for record in self.records),
            group_by=self.group_by,
            timespan=self.timespan,
            threshold=self.threshold,
            counted=self.counted or "",
            minimum=self.minimum,
            left_out=self.left_out,
            hours=self.hours,
            attack=self.attack,
            domain_controllers_only=self.domain_controllers_only,
            samples=self.samples,
            near_misses=self.near_misses,
        )


def _correlation(value: Any) -> Correlation:
    if isinstance(value, Correlation):
        return value
    own = OwnCorrelation.model_validate(value)
    try:
        return own.correlation()
    except CatalogError as error:
        wrong = [
            (place[:1], problem)
            for place, problem in error.placed_problems
            if place[0] in own.model_fields_set
        ]
        raise explained(OwnCorrelation.__name__, wrong, value) from None


#: An own correlation: a mapping in a file, or a record of the catalog's type in Python.
OwnCorrelationRecord = Annotated[
    Correlation, PlainValidator(_correlation, json_schema_input_type=OwnCorrelation)
]
