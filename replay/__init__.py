"""Would it fire: real event logs, run through the same filters and alarms as a deployment, offline."""

from replay.alarm_evaluation import Evaluation, State, evaluations
from replay.finding import Finding
from replay.outcome import Outcome, replay
from replay.problems import Problem
from replay.record import Record
from replay.watch import Watch, of_account, of_catalog

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
