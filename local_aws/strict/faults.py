"""Calls that fail for no fault of the caller, as some do in a busy account: throttled, or with a 500."""

import random
from dataclasses import dataclass, field
from threading import Lock

from local_aws.calls import ApiError, Call

_THROTTLED = {
    "json": ApiError("ThrottlingException", "Rate exceeded"),
    "query": ApiError("Throttling", "Rate exceeded"),
    "rest-json": ApiError("TooManyRequestsException", "Rate exceeded", 429),
    "rest-xml": ApiError("SlowDown", "Please reduce your request rate.", 503),
}
_INTERNAL = ApiError("InternalFailure", "We encountered an internal error. Please try again.", 500)


@dataclass
class Faults:
    """A share of all calls that fails before AWS acts on them, in turn throttled and with status 500.

    `rate` is the share, from 0 to 1. Which calls fail follows from `seed` and their order of arrival.
    `struck` counts them.
    """

    rate: float
    seed: int = 0
    struck: int = field(default=0, init=False)
    _chance: random.Random = field(init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"the rate of faults is a share from 0 to 1, not {self.rate}")
        self._chance = random.Random(self.seed)

    def strike(self, call: Call) -> None:
        """Raise an error in place of the call's answer, if it is this call's turn."""
        with self._lock:
            if self._chance.random() >= self.rate:
                return
            self.struck += 1
            throttled = self.struck % 2 == 1
        raise _THROTTLED.get(call.protocol, _INTERNAL) if throttled else _INTERNAL
