"""Requests to a local AWS of this process without a socket: most of their time is the socket's."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from urllib3 import HTTPResponse
from werkzeug.test import Client

from local_aws import LocalAws


@contextmanager
def without_sockets(aws: LocalAws) -> Iterator[None]:
    """Hand what boto3 sends to the server's address to the server's application, while the context lasts.

    Other addresses, and other processes, are reached as ever.
    """
    send_over_a_socket = URLLib3Session.send
    client = Client(aws.application, use_cookies=False)

    def send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        if not request.url.startswith(f"{aws.endpoint_url}/"):
            return send_over_a_socket(session, request)
        answer = client.open(
            request.url.removeprefix(aws.endpoint_url),
            base_url=aws.endpoint_url,
            method=request.method,
            headers=[
                (name, value.decode() if isinstance(value, bytes) else value)
                for name, value in request.headers.items()
            ],
            data=request.body,
        )
        body = HTTPResponse(
            BytesIO(answer.data),
            dict(answer.headers),
            answer.status_code,
            preload_content=False,
            # What HEAD is answered with has a length and no content.
            enforce_content_length=False,
        )
        response = AWSResponse(request.url, answer.status_code, body.headers, body)
        if not request.stream_output:
            _ = response.content  # botocore reads it at once, too
        return response

    with patch.object(URLLib3Session, "send", send):
        yield
