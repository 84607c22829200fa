"""What a replay says of one event: what its metric counts, and what its alarm makes of that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from catalog import SecurityEvent
from replay.engine.alarm_evaluation import Evaluation, State, evaluations


@dataclass(frozen=True)
class EventResult:
    """One event's metric and alarm, or a further alarm over the same metric.

    Args:
        event: The event, tuned as its account says.
        counts: What its metric counts: the number of records by minute since 1970.
        variant: The name of the further alarm; empty for the event's own.
        late: How many of the records arrived later: numbers by the minute and that of the arrival.
    """

    event: SecurityEvent
    counts: Mapping[int, int]
    variant: str = ""
    late: Mapping[tuple[int, int], int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What reports call it: the event's key, or ``<key>.<variant>``."""
        return f"{self.event.key}.{self.variant}" if self.variant else self.event.key

    @cached_property
    def matches(self) -> int:
        """How many records the metric counts."""
        return sum(self.counts.values())

    @property
    def evaluations(self) -> Iterator[Evaluation]:
        """The evaluations of the alarm, minute by minute; none where the event has no alarm."""
        return evaluations(self.event.alarm, self.counts, self.late) if self.event.alarm else iter(())

    @cached_property
    def transitions(self) -> tuple[Evaluation, ...]:
        """The evaluations that change the alarm's state, and so call its actions. It starts as OK."""
        state = State.OK
        changes = []
        for evaluation in self.evaluations:
            if evaluation.state is not state:
                state = evaluation.state
                changes.append(evaluation)
        return tuple(changes)

    @property
    def raised(self) -> tuple[int, ...]:
        """When the alarm was raised, in seconds since 1970."""
        return tuple(change.at for change in self.transitions if change.state is State.ALARM)

    @cached_property
    def peak(self) -> int:
        """The most records in one period of the alarm."""
        return max((evaluation.count for evaluation in self.evaluations), default=0)
