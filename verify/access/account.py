"""The way into an account: the credentials and the role of Terraform, and proof that it is the right one."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import create_loader

from deployment import AssumedRole

_CONFIG = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 6})
_SESSION_NAME = "windows-security-verify"
#: The descriptions of the services, which take longer to read than most answers; read once for all accounts.
_LOADER = create_loader()
#: The most that DescribeQueryDefinitions answers at a time.
_SAVED_QUERIES_A_PAGE = 1000
#: The regions with an endpoint for chat channels, each of which answers for the whole account.
_CHAT_REGIONS = ("us-west-2", "us-east-2", "eu-west-1", "ap-southeast-1")
#: Accounts that are asked at a time: nearly all of the time is spent waiting for answers.
ACCOUNTS_AT_A_TIME = 8


class AccountError(Exception):
    """The account cannot be entered; the text says why, and what to do."""


class AccountTarget(Protocol):
    """An account and region, and the way in: a ``RegionPlan``, for one."""

    @property
    def account_id(self) -> str:
        """12 digits."""

    @property
    def region_name(self) -> str:
        """The region's name."""

    @property
    def assume_role(self) -> AssumedRole | None:
        """The role to enter the account by; None for the caller's own credentials."""


class AccountAccess:
    """The services of one account and region.

    Args:
        session: Credentials and region.
    """

    def __init__(self, session: boto3.Session) -> None:
        self._session = session
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """Return the client of a service (``logs``), made once."""
        if service not in self._clients:
            region = self._session.region_name
            if service == "chatbot" and region not in _CHAT_REGIONS:
                region = _CHAT_REGIONS[0]
            self._clients[service] = self._session.client(service, region_name=region, config=_CONFIG)
        return self._clients[service]

    @cached_property
    def identity(self) -> dict[str, str]:
        """Who asks: ``Account`` and ``Arn``, as ``sts:GetCallerIdentity`` says."""
        identity: dict[str, str] = self.client("sts").get_caller_identity()
        return identity

    def saved_queries(self, prefix: str = "") -> Iterator[Mapping[str, Any]]:
        """Return the saved Logs Insights queries with this prefix, which botocore has no paginator for."""
        given = {"queryDefinitionNamePrefix": prefix} if prefix else {}
        while True:
            page = self.client("logs").describe_query_definitions(maxResults=_SAVED_QUERIES_A_PAGE, **given)
            yield from page["queryDefinitions"]
            if not page.get("nextToken"):
                return
            given["nextToken"] = page["nextToken"]

    def chat_configurations(self) -> Iterator[Mapping[str, Any]]:
        """Return the configurations of the account's chat channels, of all regions."""
        chat = self.client("chatbot")
        for operation, member in (
            ("describe_slack_channel_configurations", "SlackChannelConfigurations"),
            ("list_microsoft_teams_channel_configurations", "TeamChannelConfigurations"),
        ):
            for page in chat.get_paginator(operation).paginate():
                yield from page.get(member, [])


def enter(target: AccountTarget, *, session_name: str = _SESSION_NAME) -> AccountAccess:
    """Return an account, entered by a role or the caller's credentials.

    Args:
        target: The account and region, and the role to assume.
        session_name: What CloudTrail calls the session of a role for which no session name is set.

    Raises:
        AccountError: There are no credentials, the role may not be assumed, or they are those of another
            account.
    """
    try:
        account = reach(target.region_name, target.assume_role, session_name=session_name)
        found = account.identity["Account"]
    except (BotoCoreError, ClientError) as error:
        raise AccountError(f"{error}: {_advice(target)}") from error
    if found != target.account_id:
        raise AccountError(
            f"the credentials are those of {account.identity['Arn']} in account {found}, not of "
            f"{target.account_id}: {_advice(target)}"
        )
    return account


def caller(region_name: str) -> AccountAccess:
    """Return the account of the credentials at hand, whichever it is; they may turn out not to be valid."""
    return AccountAccess(_session(region_name))


def reach(region_name: str, role: AssumedRole | None, *, session_name: str = _SESSION_NAME) -> AccountAccess:
    """Return an account, whichever it is, entered by a role or, without one, the caller's credentials.

    Raises:
        BotoCoreError: There are no credentials.
        ClientError: The role may not be assumed.
    """
    account = caller(region_name)
    return _assume(account, region_name, role, session_name) if role else account


def _session(region: str, **credentials: str) -> boto3.Session:
    core = botocore.session.get_session()
    core.register_component("data_loader", _LOADER)
    return boto3.Session(botocore_session=core, region_name=region, **credentials)


def _assume(caller: AccountAccess, region_name: str, role: AssumedRole, session_name: str) -> AccountAccess:
    external_id = {"ExternalId": role.external_id} if role.external_id else {}
    credentials = caller.client("sts").assume_role(
        RoleArn=role.arn, RoleSessionName=role.session_name or session_name, **external_id
    )["Credentials"]
    return AccountAccess(
        _session(
            region_name,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
        )
    )


def _advice(target: AccountTarget) -> str:
    if target.assume_role:
        return f"use credentials (AWS_PROFILE, ...) that may assume {target.assume_role.arn}"
    return f"use credentials (AWS_PROFILE, ...) of account {target.account_id}, or set assume_role"
