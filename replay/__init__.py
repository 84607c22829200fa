"""Would it fire: real event logs, run through the same filters and alarms as a deployment, offline."""

from replay.engine.alarm_evaluation import Evaluation, State, evaluations
from replay.engine.finding import Finding
from replay.engine.outcome import Outcome, replay
from replay.engine.watch import Watch, of_account, of_catalog
from replay.readers.problems import Problem
from replay.readers.record import Record

__all__ = [
    "Evaluation",
    "Finding",
    "Outcome",
    "Problem",
    "Record",
    "State",
    "Watch",
    "evaluations",
    "of_account",
    "of_catalog",
    "replay",
]
