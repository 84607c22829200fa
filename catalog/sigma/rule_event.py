"""A rule as events: records like those of the catalog, to deploy, replay and verify with them."""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.events import EVENTS
from catalog.filter_pattern import quote
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Markup, is_field_name
from catalog.model.event_fields import subcategories_of
from catalog.model.prerequisite import Prerequisite
from catalog.model.provider import SECURITY_AUDITING, Provider
from catalog.model.record import WindowsRecord
from catalog.model.security_event import Family, SecurityEvent, Severity, Volume
from catalog.model.selection import Selection
from catalog.sigma.clause import clause
from catalog.sigma.conversion import Conversion, Engine
from catalog.sigma.expression import Constant, Expression, Nothing, Presence, Test, Value, mapped, tests
from catalog.sigma.located import LocatedRule, LocatedTest
from catalog.sigma.log_sources import PROVIDER, Location, Place, security_provider
from catalog.sigma.oracle import holds
from catalog.sigma.reading import DetectionRule, RuleHead, SigmaError
from catalog.sigma.samples import read_samples

#: With a long name of a deployment, it fits into the 128 characters of a CloudFormation stack's name.
_LONGEST_KEY = 64
_COMMAND_LINE = Location(Place.EVENT_DATA, "CommandLine")
#: What writes very many records of other kinds, and is not needed where another subcategory writes the id.
_NOISY = {
    AuditSubcategory.FILTERING_PLATFORM_CONNECTION,
    AuditSubcategory.HANDLE_MANIPULATION,
    AuditSubcategory.KERNEL_OBJECT,
}
#: Ids that busy servers write by the thousand.
_FREQUENT = {4103, 4104, 4624, 4634, 4656, 4658, 4663, 4688, 4689, 4768, 4769, 5145, 5156, 5158}
#: The same of Sysmon: processes, connections, images, accesses, files, the registry and names looked up.
_FREQUENT_OF_SYSMON = {1, 3, 5, 7, 10, 11, 12, 13, 22}
_MARKUPS = {Place.EVENT_DATA: Markup.EVENT_DATA, Place.USER_DATA: Markup.USER_DATA}


@dataclass(frozen=True, slots=True)
class _IsMeant:
    """Whether a record is what a rule asks for."""

    expression: Expression

    def __call__(self, record: WindowsRecord) -> bool:
        return holds(self.expression, record)


def rule_key(rule: RuleHead) -> str:
    """Return the key of a rule's event: ``sigma-`` and the words of its title."""
    words = re.findall("[a-z0-9]+", rule.title.lower())
    key = "-".join(["sigma", *words])
    if len(key) > _LONGEST_KEY or not words:
        return f"{key[:_LONGEST_KEY].rstrip('-')}-{zlib.crc32(rule.title.encode()):08x}"
    return key


def rule_events(found: Conversion) -> tuple[SecurityEvent, ...]:
    """Return the events of a rule: one for each event log that its log source has, mostly one.

    Args:
        found: What the rule becomes. A rule for a filter can be deployed with either engine, one for a log
            alarm with the log engine.

    Raises:
        SigmaError: The rule is refused, or cannot be deployed; it says why.
        OSError: A sample beside the rule cannot be read.
    """
    rule, on_records = found.rule, found.located
    if found.engine is Engine.REFUSED or not isinstance(rule, DetectionRule) or on_records is None:
        raise SigmaError(found.refusal)
    if not found.query:
        raise SigmaError("has no query, which its saved query and its evaluation need")
    key, channels = rule_key(rule), on_records.source.channels
    samples = [(text, is_wanted) for _, text, is_wanted in read_samples(rule.file)]
    selection = _selection(found, on_records)
    return tuple(
        SecurityEvent(
            key=key if len(channels) == 1 else f"{key}-{_words(channel.rpartition('/')[2])}",
            event_id=on_records.event_ids[0],
            title=rule.title,
            title_ja=rule.title,
            family=Family.CUSTOM,
            severity=found.severity or Severity.MEDIUM,
            runbook=runbook(rule),
            runbook_ja=runbook(rule),
            provider=_provider(on_records, channel),
            audit=next(iter(selection.audits), None),
            outcome=_outcome(on_records.event_ids),
            alarm=AlarmDefaults(),
            attack=found.attack,
            volume=_volume(on_records),
            query_fields=_fields(on_records),
            selection=selection,
            samples=tuple(text for text, is_wanted in samples if is_wanted),
            near_misses=tuple(text for text, is_wanted in samples if not is_wanted),
        )
        for channel in channels
    )


def runbook(rule: RuleHead) -> str:
    """Return what to look at when a rule's alarm fires: what it is about, its author, id and link."""
    sentences = [rule.description or f"A record matches the Sigma rule {rule.title}."]
    if harmless := [each for each in rule.false_positives if each.lower() not in ("none", "unknown")]:
        sentences.append(f"Harmless causes: {'; '.join(harmless)}.")
    source = ", ".join(filter(None, (rule.id, rule.author and f"by {rule.author}")))
    sentences.append(f"Sigma rule {source}." if source else "A Sigma rule.")
    return " ".join([*sentences, *rule.references[:1]])


def _words(text: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", text.lower()))


def _selection(found: Conversion, rule: LocatedRule) -> Selection:
    said = clause(rule.expression)
    patterns = found.patterns.patterns if found.engine is Engine.FILTER and found.patterns else ()
    if found.patterns and found.patterns.counts_twice:
        patterns = ()
    return Selection(
        event_ids=rule.event_ids,
        clause=_with_ids(rule, said.condition),
        is_met=_IsMeant(rule.expression),
        reads=said.commands[:-1],
        patterns=patterns,
        audits=_audits(rule),
        prerequisites=tuple(_prerequisites(found, rule)),
    )


def _with_ids(rule: LocatedRule, condition: str) -> str:
    """Return the condition with the text of the one event id first: most records lack it, and it is cheap."""
    (first, *more) = rule.event_ids
    return condition if more else f"@message like {quote(f'>{first}</EventID>')} and ({condition})"


def _provider(rule: LocatedRule, channel: str) -> Provider:
    if channel == SECURITY_AUDITING.channel:
        return Provider(security_provider(rule.event_ids[0]), channel, implied=True)
    named = [
        "".join(map(str, test.matcher.parts))
        for test in tests(rule.expression)
        if isinstance(test, LocatedTest)
        and test.location == PROVIDER
        and isinstance(test.matcher, Value)
        and all(isinstance(part, str) for part in test.matcher.parts)
    ]
    markup = _MARKUPS.get(rule.source.place, Markup.EVENT_DATA)
    is_unnamed = rule.source.place is Place.UNNAMED
    # Where neither the rule nor its log source names one, any provider of the log may write the record.
    name = rule.source.provider or next(iter(named), channel)
    return Provider(name, channel, classic=is_unnamed, markup=markup)


def _volume(rule: LocatedRule) -> Volume:
    frequent = _FREQUENT_OF_SYSMON if rule.source.is_sysmon else _FREQUENT
    return Volume.HIGH if frequent.intersection(rule.event_ids) else Volume.LOW


def _audits(rule: LocatedRule) -> tuple[AuditSubcategory, ...]:
    if rule.source.channels != (SECURITY_AUDITING.channel,):
        return ()
    found: dict[AuditSubcategory, None] = {}
    for event_id in rule.event_ids:
        known = subcategories_of(security_provider(event_id), event_id) or ()
        found.update(dict.fromkeys([each for each in known if each not in _NOISY] or known))
    return tuple(found)


def _outcome(event_ids: Iterable[int]) -> Outcome:
    """Return the outcomes that the catalog's events of these ids need; both where it has none."""
    known = {event.outcome for event in EVENTS if event.event_id in event_ids and event.audit}
    return known.pop() if len(known) == 1 else Outcome.SUCCESS_AND_FAILURE


def _prerequisites(found: Conversion, rule: LocatedRule) -> Iterator[Prerequisite]:
    """Yield what servers must be set to write before a record can match at all."""
    for each in found.prerequisites:
        if each is not Prerequisite.COMMAND_LINES or _needs_command_lines(rule.expression):
            yield each


def _needs_command_lines(expression: Expression) -> bool:
    """Return whether no record without a command line can match: others may match by the process alone."""

    def without(test: Test) -> Expression:
        is_value = isinstance(test, LocatedTest) and test.location == _COMMAND_LINE
        return Constant(False) if is_value and not isinstance(test.matcher, Nothing | Presence) else test

    return mapped(expression, without) == Constant(False)


def _fields(rule: LocatedRule) -> tuple[str, ...]:
    """Return the fields that the rule asks for, each once: what its saved query shows."""
    places = [test.location for test in tests(rule.expression) if isinstance(test, LocatedTest)]
    names = [place.name for place in places if place and place.place is not Place.HEADER]
    return tuple(name for name in dict.fromkeys(names) if is_field_name(name))
