"""One call to the AWS API, read from an HTTP request, and the answers that AWS gives to it.

The wire formats are moto's business: its routers find the operation, its parsers read the parameters by
botocore's service models, and its serializers write the results. Only errors are written here, because an
error may carry a code that the model of its service does not list.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.base_backend import BaseBackend
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import XFormedAttributePicker, get_serializer_class
from moto.iam.models import get_account_id_from
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

Environ = dict[str, Any]
WsgiApplication = Callable[[Environ, Any], Iterable[bytes]]

# The scope that every signed request names: .../Credential=KEY/DATE/REGION/SERVICE/aws4_request
_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")

# Services whose signing name is not the name of their model in botocore.
_SIGNING_NAMES = {"monitoring": "cloudwatch"}


@dataclass(frozen=True)
class Call:
    """A call to the AWS API.

    `service` is botocore's name of the service ("cloudwatch"), `operation` the name of the operation
    ("PutMetricAlarm"), `parameters` the request by the member names of the service model, `account_id` and
    `region` where the call acts, `protocol` the wire format of request and answer, `user_agent` what calls.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    account_id: str
    region: str
    protocol: str
    model: OperationModel
    user_agent: str = ""


class ApiError(Exception):
    """An error answer of the AWS API: its code, its text, and its HTTP status (default 400)."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


# Answers one operation: the members of its output, or None to leave the call to moto.
Handler = Callable[[Call], Mapping[str, Any] | None]
Handlers = Mapping[tuple[str, str], Handler]


def kept(backend: BaseBackend, name: str) -> dict[str, Any]:
    """The records called `name` beside moto's own data of one account and region: a reset empties both."""
    records: dict[str, Any] = vars(backend).setdefault(name, {})
    return records


def read_call(environ: Environ) -> Call | None:
    """The call that an HTTP request makes; None if it is not known, so that moto alone answers it.

    Not known are unsigned requests (browsers, presigned addresses), services and operations that botocore
    does not have, and bodies that are streamed or compressed. The body can be read again afterwards.
    """
    scope = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None or "HTTP_TRANSFER_ENCODING" in environ or "HTTP_CONTENT_ENCODING" in environ:
        return None
    service = _SIGNING_NAMES.get(scope["service"], scope["service"])
    if service == "s3" and environ["PATH_INFO"].startswith("/v20180820/"):
        service = "s3control"
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    request = Request({**environ, "wsgi.input": BytesIO(body)}, populate_request=False)
    try:
        model, path_parameters = get_service_router(service).match(request)
        protocol = determine_request_protocol(model.service_model, request.content_type)
    except (UnknownServiceError, NotFound, NotImplementedError):
        return None
    return Call(
        service=service,
        operation=str(model.name),
        parameters=_parameters(model, protocol, request, path_parameters),
        account_id=get_account_id_from(scope["key"]),
        region=scope["region"],
        protocol=protocol,
        model=model,
        user_agent=environ.get("HTTP_USER_AGENT", ""),
    )


def _parameters(
    model: OperationModel, protocol: str, request: Request, path_parameters: Mapping[str, Any]
) -> dict[str, Any]:
    parsed: dict[str, Any] = PROTOCOL_PARSERS[protocol](model).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.get_data(),
            "url_path": request.path,
            "url_params": dict(path_parameters),
        }
    )
    # A label of the path or a header that is not there reads as None.
    return {name: value for name, value in parsed.items() if value is not None}


def result(call: Call, members: Mapping[str, Any]) -> Response:
    """The answer that carries the members of the operation's output."""
    serializer = get_serializer_class(call.service, call.protocol)(
        operation_model=call.model, value_picker=XFormedAttributePicker()
    )
    answer = serializer.serialize(members)
    return Response(answer["body"], status=answer["status_code"], headers=dict(answer["headers"]))


def error(environ: Environ, problem: ApiError) -> Response:
    """The error answer, in the form that the caller's protocol reads.

    An XML error says the code twice, since S3 has it at the root and the query protocol one level down; a
    client reads the one it knows.
    """
    headers = {"x-amzn-errortype": problem.code}
    content_type = environ.get("CONTENT_TYPE", "")
    if "json" in content_type:
        body = json.dumps({"__type": problem.code, "message": problem.message})
        # Services that once spoke the query protocol give the old code in a header of its own.
        headers["x-amzn-query-error"] = f"{problem.code};{'Sender' if problem.status < 500 else 'Receiver'}"
        return Response(body, problem.status, headers, content_type="application/x-amz-json-1.1")
    fields = f"<Code>{escape(problem.code)}</Code><Message>{escape(problem.message)}</Message>"
    if "form-urlencoded" in content_type:
        body = f"<ErrorResponse><Error><Type>Sender</Type>{fields}</Error></ErrorResponse>"
    else:
        body = f"<Error>{fields}</Error>"
    return Response(body, problem.status, headers, content_type="text/xml")
