"""Would it fire: real event logs, run through the same filters and alarms as a deployment, offline."""

from typing import TYPE_CHECKING

from cli.lazy import lazy_names

if TYPE_CHECKING:
    from replay.engine.alarm_evaluation import Evaluation, State, evaluations
    from replay.engine.event_result import EventResult
    from replay.engine.replay_result import ReplayResult, replay
    from replay.engine.watch import Watch, of_account, of_catalog
    from replay.readers.input_problem import InputProblem
    from replay.readers.record import Record
else:
    __getattr__ = lazy_names(__name__)

__all__ = [
    "Evaluation",
    "EventResult",
    "InputProblem",
    "Record",
    "ReplayResult",
    "State",
    "Watch",
    "evaluations",
    "of_account",
    "of_catalog",
    "replay",
]
