"""The front door of the local AWS: every request passes it on its way to moto."""

import logging
import warnings
from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import Any

from moto.core.exceptions import JsonRESTError
from werkzeug.wrappers import Response

from local_aws import cloudformation
from local_aws.calls import ApiError, Call, Environ, Handlers, WsgiApplication, error, read_call, result
from local_aws.moto import (
    alarm_states,
    chat,
    composite_alarms,
    filter_policies,
    key_rotation,
    log_alarms,
    log_groups,
    managed_policies,
    metric_filters,
    mute_rules,
    observability_links,
    query_definitions,
    queues,
    ssm_associations,
)
from local_aws.strict.faults import Faults
from local_aws.strict.request_validation import validate
from local_aws.strict.service_rules import check_rules

HANDLERS: Handlers = {
    **ssm_associations.HANDLERS,
    **composite_alarms.HANDLERS,
    **alarm_states.HANDLERS,
    **mute_rules.HANDLERS,
    # After the other alarms, whose calls it passes on.
    **log_alarms.HANDLERS,
    **cloudformation.HANDLERS,
    **filter_policies.HANDLERS,
    **log_groups.HANDLERS,
    **metric_filters.HANDLERS,
    **query_definitions.HANDLERS,
    **managed_policies.HANDLERS,
    **key_rotation.HANDLERS,
    **observability_links.HANDLERS,
    **queues.HANDLERS,
    **chat.HANDLERS,
}
"""What moto lacks, or answers in a way that terraform would read as a change."""

# How moto answers a path that none of its services has.
_NO_SUCH_PAGE = b"<!doctype html"

# More than the calls of a client at any time.
_KEPT_ANSWERS = 1000

_log = logging.getLogger(__name__)


class Gateway:
    """A WSGI application before moto's.

    It injects faults, refuses what AWS would refuse, and answers what moto lacks. Whatever moto cannot do is
    answered with status 400: on a 500 terraform would try again for minutes.
    """

    def __init__(self, moto: WsgiApplication, faults: Faults | None = None) -> None:
        self._moto = moto
        self._faults = faults
        # moto's records are plain dictionaries, and terraform sends ten calls at a time.
        self.one_at_a_time = Lock()
        self._answers: dict[str, Response] = {}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        try:
            with self.one_at_a_time:
                answer = self._answer_once(environ)
        except ApiError as problem:
            answer = error(environ, problem)
        except JsonRESTError as problem:  # moto's own, of a handler that goes on to moto's records
            answer = error(environ, ApiError(problem.error_type, problem.message))
        except NotImplementedError as problem:
            lacking = ApiError("UnknownOperationException", f"the local AWS lacks this: {problem}")
            answer = error(environ, lacking)
        except Exception as problem:
            _log.exception("moto failed on %s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            answer = error(environ, ApiError("InternalFailure", f"the local AWS failed: {problem!r}"))
        return answer(environ, start_response)

    def evaluate_alarms(self, at: datetime, *, ignore_schedule: bool = False) -> None:
        """Evaluate every alarm as of a time in UTC, between two requests.

        Args:
            at: The time.
            ignore_schedule: Whether log alarms run their queries also before their schedule has passed.
        """
        with self.one_at_a_time:
            alarm_states.evaluate_alarms(at)
            log_alarms.evaluate_log_alarms(at, ignore_schedule=ignore_schedule)

    def _answer_once(self, environ: Environ) -> Response:
        """Return the answer to a request; to one that an SDK repeats, the answer that did not reach it.

        On a busy machine a connection breaks now and then after its call has made something: what the
        repeated call made would be left by every destroy.
        """
        identifier = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if identifier in self._answers:
            return self._answers[identifier]
        answer = self._answer(environ)
        if identifier and answer.status_code < 400:
            self._answers[identifier] = answer
            if len(self._answers) > _KEPT_ANSWERS:
                del self._answers[next(iter(self._answers))]
        return answer

    def _answer(self, environ: Environ) -> Response:
        call = read_call(environ)
        if call is not None:
            members = self._own_answer(call)
            if members is not None:
                return result(call, members)
        # moto warns of error codes that botocore's models lack: no news to a caller, and a test run may turn
        # warnings into errors.
        with warnings.catch_warnings(action="ignore"):
            answer = Response.from_app(self._moto, environ, buffered=True)
        if answer.get_data().startswith(_NO_SUCH_PAGE):
            raise NotImplementedError(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return answer

    def _own_answer(self, call: Call) -> Any:
        if self._faults is not None:
            self._faults.strike(call)
        validate(call)
        check_rules(call)
        handler = HANDLERS.get((call.service, call.operation))
        return None if handler is None else handler(call)
