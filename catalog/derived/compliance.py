"""Which controls of a compliance framework a choice of events answers to, from ``compliance.tsv``.

The table has a row for each control: the framework, the control's number, what it asks for in our own words,
and which events answer to it, any of several: ``audit:`` an audit subcategory, ``=`` with the outcomes to be
audited, ``family:`` a family, ``attack:`` a technique with its sub-techniques, ``outcome:`` failure audits,
``alarm:any`` any event with an alarm, ``any`` any event. A control asks for more than events, such as for
people who read them: the table says what the events contribute.

Sources: CIS Microsoft Windows Server 2019 and 2022 Benchmarks, section 17; PCI DSS v4.0, requirements 5 and
10; NIST SP 800-53 revision 5; ISO/IEC 27001:2022, annex A.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from catalog.model.security_event import SecurityEvent


@dataclass(frozen=True, slots=True)
class Control:
    """A control of a framework.

    Args:
        framework: The framework, such as ``CIS``.
        number: What it calls the control, such as ``17.5.4``.
        asks_for: What the control asks for, as far as Windows' events go.
        selectors: Which events answer to it; each is a kind and a value.
    """

    framework: str
    number: str
    asks_for: str
    selectors: tuple[tuple[str, str], ...]

    @property
    def is_general(self) -> bool:
        """Whether any event, or any event with an alarm, answers to it."""
        return any(kind in ("any", "alarm") for kind, _ in self.selectors)

    def answered_by(self, event: SecurityEvent) -> bool:
        """Return whether an event answers to it."""
        return any(_is_selected(event, kind, value) for kind, value in self.selectors)

    def events(self, events: Iterable[SecurityEvent]) -> tuple[SecurityEvent, ...]:
        """Return those of the events that answer to it."""
        return tuple(filter(self.answered_by, events))

    def not_audited(self, events: Iterable[SecurityEvent]) -> tuple[str, ...]:
        """Return the outcomes that it wants audited and that none of the events needs."""
        wanted = [each for _, value in self.selectors for each in value.partition("=")[2].split(",") if each]
        needed = {each for event in self.events(events) for each in _outcomes(event)}
        return tuple(each for each in wanted if each not in needed)


@cache
def controls() -> tuple[Control, ...]:
    """Return every control, in the order of the table."""
    lines = (files(__package__) / "compliance.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple(
        Control(framework, number, asks_for, tuple(_selectors(selectors)))
        for framework, number, asks_for, selectors in (line.split("\t") for line in lines)
    )


def _selectors(text: str) -> Iterable[tuple[str, str]]:
    for word in text.split(";"):
        kind, _, value = word.partition(":")
        yield kind, value


def _is_selected(event: SecurityEvent, kind: str, value: str) -> bool:
    match kind:
        case "audit":
            title, _, outcomes = value.partition("=")
            is_audited = not outcomes or not _outcomes(event).isdisjoint(outcomes.split(","))
            return is_audited and any(title == each.value.title for each in event.audits)
        case "family":
            return event.family.value == value
        case "attack":
            return any(each.partition(".")[0] == value or each == value for each in event.attack)
        case "outcome":
            return event.audit is not None and event.outcome.failure
        case "alarm":
            return event.alarm is not None
        case "any":
            return True
    raise ValueError(f"compliance.tsv: {kind!r} chooses no events")


def _outcomes(event: SecurityEvent) -> frozenset[str]:
    needed = {"success": event.outcome.success, "failure": event.outcome.failure}
    return frozenset(name for name, is_needed in needed.items() if is_needed)
