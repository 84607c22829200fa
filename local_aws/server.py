"""The local AWS as a server: moto behind the gateway, on a free port of this machine."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

import boto3
from botocore.config import Config
from moto import backends
from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.utils import method_names_from_class, utcnow
from moto.ec2.models import amis
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from local_aws.calls import WsgiApplication
from local_aws.gateway import Gateway
from local_aws.moto import bucket_policies
from local_aws.moto.topics import Mail, mails
from local_aws.records import Records, copy_records, put_back
from local_aws.strict.faults import Faults

HOST = "127.0.0.1"
"""An IP address, not a name: clients of S3 then put the bucket into the path, not into the host name."""

# A key that no account has issued belongs to moto's own account, 123456789012.
_ACCESS_KEY = {"AWS_ACCESS_KEY_ID": "LOCALAWS000000000000", "AWS_SECRET_ACCESS_KEY": "local-aws"}

# How soon the server notices that it is to stop.
_SHUTDOWN_POLL_SECONDS = 0.05


class _QuietRequestHandler(MotoRequestHandler):
    """moto's request handler, which would write a line for each request to standard error; errors it may."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _no_images_of_one_region() -> AbstractContextManager[Any]:
    """Have moto make only the EC2 images that every region has, Windows among them, while the context lasts.

    moto would make 1,300 for each account and region that is asked for its servers, and again at each reset.
    """
    return patch.object(amis, "load_resource", side_effect=FileNotFoundError)


@contextmanager
def _looked_up_once() -> Iterator[None]:
    """Have moto look up its folders and the methods of its classes once, and not again for each request."""
    folders = frozenset(backends.list_of_moto_modules())
    methods = cache(method_names_from_class)
    with (
        patch.object(backends, "list_of_moto_modules", lambda: folders),
        patch.object(responses, "method_names_from_class", methods),
    ):
        yield


class LocalAws:
    """An AWS on this machine, from entering the context to leaving it.

    All accounts and regions exist, each with its own resources. Whoever knows the endpoint may do anything:
    roles can be assumed without existing, policies are kept but not enforced.

    moto keeps its records in the process: one process holds one local AWS at a time.

    Args:
        port: The port to listen on; 0 takes a free one.
        region: The region of `environment` and `client`, where none is named.
        faults: Calls that fail for no fault of the caller; none by default.
        evaluate_every: How often alarms are evaluated, in seconds; CloudWatch evaluates metric alarms every
            minute, and log alarms on their schedules. By default they keep their states until
            `evaluate_alarms` is called.
    """

    _running = Lock()

    def __init__(
        self,
        *,
        port: int = 0,
        region: str = "us-east-1",
        faults: Faults | None = None,
        evaluate_every: float | None = None,
    ) -> None:
        self.port = port
        self.region = region
        self.faults = faults
        self.evaluate_every = evaluate_every
        self._stopped = Event()
        self._session = boto3.Session()
        self._making_a_client = Lock()
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._credentials: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        if not self._running.acquire(blocking=False):
            raise RuntimeError("this process already runs a local AWS, and moto keeps one set of records")
        with ExitStack() as undo:
            undo.callback(self._running.release)
            undo.callback(self.reset)
            undo.enter_context(bucket_policies.not_enforced())
            undo.enter_context(_no_images_of_one_region())
            undo.enter_context(_looked_up_once())
            self._gateway = Gateway(DomainDispatcherApplication(create_backend_app), self.faults)
            server = make_server(
                HOST, self.port, self._gateway, threaded=True, request_handler=_QuietRequestHandler
            )
            undo.callback(server.server_close)
            self.reset()
            self.port = server.server_port
            thread = Thread(target=server.serve_forever, args=(_SHUTDOWN_POLL_SECONDS,), daemon=True)
            thread.start()
            undo.callback(thread.join)
            undo.callback(server.shutdown)
            if self.evaluate_every is not None:
                self._stopped.clear()
                evaluation = Thread(target=self._evaluate_on_and_on, daemon=True)
                evaluation.start()
                undo.callback(evaluation.join)
                undo.callback(self._stopped.set)
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.close()

    @property
    def endpoint_url(self) -> str:
        """The address of every service, in every account and region."""
        return f"http://{HOST}:{self.port}"

    @property
    def application(self) -> WsgiApplication:
        """The WSGI application that answers every request."""
        return self._gateway

    def evaluate_alarms(self, at: datetime | None = None) -> None:
        """Evaluate every alarm as of a time, now by default, in place of CloudWatch's own clock.

        Records and metrics keep the times that they were given: "five minutes later" is a later `at`. A log
        alarm runs its query where its schedule has passed since its last run, or it has not run yet.
        """
        self._gateway.evaluate_alarms(at.astimezone(UTC).replace(tzinfo=None) if at else utcnow())

    def _evaluate_on_and_on(self) -> None:
        while not self._stopped.wait(self.evaluate_every):
            # This clock is faster than the schedules of log alarms, as it is than the minutes of the others.
            self._gateway.evaluate_alarms(utcnow(), ignore_schedule=True)

    def mails(self, account_id: str, region: str | None = None) -> list[Mail]:
        """Return the mails that alarms have sent in an account and region, the first one first."""
        return mails(account_id, region or self.region)

    def reset(self) -> None:
        """Empty all accounts. Credentials and clients from before act in none of them any more."""
        BackendDict.reset()
        reset_model_data()
        self._clients.clear()
        self._credentials.clear()

    def records(self) -> Records:
        """Return a copy of all that the accounts hold, for `restore`."""
        with self._gateway.one_at_a_time:
            return copy_records()

    def restore(self, records: Records) -> None:
        """Let the accounts hold what they did when these records were copied, and nothing else.

        Credentials and clients from before and after still act in their accounts.
        """
        with self._gateway.one_at_a_time:
            put_back(records)

    def environment(self, account_id: str | None = None, region: str | None = None) -> dict[str, str]:
        """The variables that point a program which uses an AWS SDK (terraform's provider too) here.

        Args:
            account_id: The account whose credentials the program holds. Default: an account that is none of
                yours, from which it assumes a role, as a pipeline does.
            region: The program's default region. Default: that of this local AWS.
        """
        region = region or self.region
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            # The user's own profiles must not reach in here.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), HOST])),
            **(_ACCESS_KEY if account_id is None else self._assume_role(account_id)),
        }

    def client(self, service: str, account_id: str, region: str | None = None) -> Any:
        """A boto3 client of a service ("ssm") that acts in an account, through sts:AssumeRole.

        It is made once, since that takes longer than most calls.
        """
        place = (service, account_id, region or self.region)
        if place not in self._clients:
            self._clients[place] = self._client(service, self._assume_role(account_id), place[-1])
        return self._clients[place]

    def _assume_role(self, account_id: str) -> dict[str, str]:
        if account_id in self._credentials:
            return self._credentials[account_id]
        sts = self._client("sts", _ACCESS_KEY, self.region)
        role = f"arn:aws:iam::{account_id}:role/local-aws"
        credentials = sts.assume_role(RoleArn=role, RoleSessionName="local-aws")["Credentials"]
        self._credentials[account_id] = {
            "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": credentials["SessionToken"],
        }
        return self._credentials[account_id]

    def _client(self, service: str, credentials: dict[str, str], region: str) -> Any:
        # A session makes one client at a time.
        with self._making_a_client:
            return self._session.client(
                service,
                region_name=region,
                endpoint_url=self.endpoint_url,
                aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
                config=Config(proxies={}),
            )
