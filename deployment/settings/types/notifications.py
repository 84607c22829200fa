"""Topics, and the endpoints that they notify."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from deployment.settings.explanation import shown
from deployment.settings.types.text import NOT_ITS_ARN, matching

TopicName = Annotated[
    str,
    matching(
        r"[\w-]{1,256}",
        f"the name of an SNS topic: 1 to 256 ASCII letters, digits, - and _ {NOT_ITS_ARN}",
    ),
]
EmailAddress = Annotated[
    str,
    matching(r"[\w.!#$%&'*+/=?^`|~-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,63}", "an e-mail address"),
]
PhoneNumber = Annotated[
    str, matching(r"\+[1-9][0-9]{6,14}", "a telephone number with its country, such as +819012345678")
]
SlackWorkspaceId = Annotated[
    str, matching(r"T[A-Z0-9]{7,20}", "the id of a Slack workspace, such as T0123ABCDEF")
]
SlackChannelId = Annotated[
    str, matching(r"[CG][A-Z0-9]{7,20}", "the id of a Slack channel, such as C0123ABCDEF, not its name")
]
TeamsGuid = Annotated[
    str,
    matching(
        r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
        "an id of Microsoft Teams, such as 01234567-89ab-cdef-0123-456789abcdef",
    ),
]
TeamsChannelId = Annotated[
    str,
    matching(
        r"(?=.{1,255}$)[\w=+/.,-]*%3[aA][\w=+/.,-]*%40[\w=+/.,-]*",
        "the id of a Teams channel as it stands in its link, such as 19%3Aabc%40thread.tacv2, with %3A for : "
        "and %40 for @",
    ),
]


def _https_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        valid = parts.scheme == "https" and parts.port != 0 and re.search(r"\s", value) is None
    except ValueError:
        valid = False
    if not valid or not parts.hostname:
        raise ValueError(f"{shown(value)} is not an address that begins with https://")
    if parts.username is not None or parts.password is not None:
        # The message does not repeat them.
        raise ValueError(
            "has a user name or a password in the address: SNS hides it, so that every plan replaces the "
            "subscription, and everybody who reads the stack reads it. Subscribe a lambda function that "
            "reads the secret from Secrets Manager or a SecureString parameter and calls the address"
        )
    if not value.startswith("https://"):
        raise ValueError(f"{shown(value)} must begin with https:// in small letters: SNS refuses any other")
    if "{" in value or "}" in value:
        raise ValueError(
            f"{shown(value)} has a brace: write %7B for {{ and %7D for }}; nothing is filled in here"
        )
    if product := _incoming_webhook(parts.hostname, parts.path):
        raise ValueError(
            f"{parts.hostname} is an incoming webhook of {product}: it cannot confirm a subscription of SNS, "
            "so nothing would ever be delivered; subscribe a function (protocol lambda) that posts to it"
            + (f", or {_CHAT}" if product in ("Slack", "Microsoft Teams") else "")
        )
    return value


_CHAT = "name the channel under notifications.chat (Amazon Q Developer in chat applications)"


def _incoming_webhook(host: str, path: str) -> str:
    """Return the product whose incoming webhook an address is; empty for none."""
    if host in ("hooks.slack.com", "hooks.slack-gov.com"):
        return "Slack"
    teams = (".webhook.office.com", ".logic.azure.com", ".api.powerplatform.com")
    if host == "outlook.office.com" or host.endswith(teams):
        return "Microsoft Teams"
    if f".{host}".endswith((".discord.com", ".discordapp.com")) and path.startswith("/api/"):
        return "Discord" if "/webhooks/" in path else ""
    if host == "chat.googleapis.com":
        return "Google Chat"
    if host in ("webexapis.com", "api.ciscospark.com") and path.startswith("/v1/webhooks/incoming/"):
        return "Webex"
    return ""


HttpsUrl = Annotated[str, AfterValidator(_https_url)]
