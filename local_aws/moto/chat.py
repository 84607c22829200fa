"""Amazon Q Developer in chat applications (AWS Chatbot): channels of Slack and Teams, which moto lacks.

A service of the whole account. Every workspace and team counts as authorized. A channel subscribes itself to
its topics; nothing is posted anywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.sns.models import sns_backends

from local_aws.calls import ApiError, Call, Handlers, kept

_ENDPOINT = "https://global.sns-api.chatbot.amazonaws.com"
_ANSWERED = "ChannelConfiguration"


@dataclass(frozen=True, slots=True)
class _ChannelKind:
    """What differs between the two kinds of channel: `identity` is what an account has once."""

    path: str
    identity: tuple[str, ...]
    answered: Mapping[str, str]


_SLACK = _ChannelKind(
    "slack-channel",
    ("SlackTeamId", "SlackChannelId"),
    {"SlackTeamName": "workspace", "SlackChannelName": "channel"},
)
_TEAMS = _ChannelKind("microsoft-teams-channel", ("TeamId", "ChannelId"), {})


def _records(account_id: str, kind: _ChannelKind) -> dict[str, Any]:
    """The channels of an account by their ARNs, kept in one region for all."""
    return kept(cloudwatch_backends[account_id]["us-east-1"], kind.path)


def _create(call: Call, kind: _ChannelKind) -> Mapping[str, Any]:
    given = call.parameters
    arn = f"arn:aws:chatbot::{call.account_id}:chat-configuration/{kind.path}/{given['ConfigurationName']}"
    records = _records(call.account_id, kind)
    if arn in records:
        raise ApiError("ConflictException", f"Resource with arn {arn} already exists.", 409)
    identity = [given[name] for name in kind.identity]
    if any([each[name] for name in kind.identity] == identity for each in records.values()):
        message = f"channel with ID {identity[1]} in team {identity[0]} has already been configured"
        raise ApiError("InvalidRequestException", f"{message} for AWS account {call.account_id}")
    _check_topics(given.get("SnsTopicArns", ()))
    records[arn] = {
        "ChatConfigurationArn": arn,
        "SnsTopicArns": [],
        "LoggingLevel": "NONE",
        "GuardrailPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
        "UserAuthorizationRequired": False,
        "Tags": [],
        "State": "ENABLED",
        **kind.answered,
        **given,
    }
    _subscribe(records[arn])
    return {_ANSWERED: records[arn]}


def _update(call: Call, kind: _ChannelKind) -> Mapping[str, Any]:
    record = _found(call, kind)
    _check_topics(call.parameters.get("SnsTopicArns", ()))
    _unsubscribe(record)
    record |= call.parameters
    _subscribe(record)
    return {_ANSWERED: record}


def _delete(call: Call, kind: _ChannelKind) -> Mapping[str, Any]:
    record = _found(call, kind)
    _unsubscribe(record)
    del _records(call.account_id, kind)[record["ChatConfigurationArn"]]
    return {}


def _found(call: Call, kind: _ChannelKind) -> dict[str, Any]:
    record = _records(call.account_id, kind).get(call.parameters["ChatConfigurationArn"])
    if record is None:
        raise ApiError("ResourceNotFoundException", "The channel configuration does not exist.", 404)
    found: dict[str, Any] = record
    return found


def _check_topics(arns: Any) -> None:
    for arn in arns:
        *_, region, account_id, _name = arn.split(":")
        if arn not in sns_backends[account_id][region].topics:
            raise ApiError("InvalidParameterException", f"the topic {arn} does not exist")


def _subscribe(record: Mapping[str, Any]) -> None:
    for arn in record["SnsTopicArns"]:
        *_, region, account_id, _name = arn.split(":")
        sns_backends[account_id][region].subscribe(arn, _ENDPOINT, "https")


def _unsubscribe(record: Mapping[str, Any]) -> None:
    for arn in record["SnsTopicArns"]:
        *_, region, account_id, _name = arn.split(":")
        backend = sns_backends[account_id][region]
        for subscription in list(backend.subscriptions.values()):
            if subscription.topic.arn == arn and subscription.endpoint == _ENDPOINT:
                backend.unsubscribe(subscription.arn)


def _describe_slack(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters.get("ChatConfigurationArn")
    found = _records(call.account_id, _SLACK).values()
    return {
        "SlackChannelConfigurations": [
            each for each in found if wanted in (None, each["ChatConfigurationArn"])
        ]
    }


def _list_teams(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters.get("TeamId")
    found = _records(call.account_id, _TEAMS).values()
    return {"TeamChannelConfigurations": [each for each in found if wanted in (None, each["TeamId"])]}


def _tagged(call: Call) -> dict[str, Any]:
    arn = call.parameters["ResourceARN"]
    for kind in (_SLACK, _TEAMS):
        if arn in (records := _records(call.account_id, kind)):
            found: dict[str, Any] = records[arn]
            return found
    raise ApiError("ResourceNotFoundException", f"{arn} does not exist", 404)


def _without(record: Mapping[str, Any], keys: Any) -> Iterator[Mapping[str, str]]:
    return (tag for tag in record["Tags"] if tag["TagKey"] not in keys)


def _tag(call: Call) -> Mapping[str, Any]:
    record, tags = _tagged(call), call.parameters["Tags"]
    record["Tags"] = [*_without(record, {tag["TagKey"] for tag in tags}), *tags]
    return {}


def _untag(call: Call) -> Mapping[str, Any]:
    record = _tagged(call)
    record["Tags"] = list(_without(record, call.parameters["TagKeys"]))
    return {}


HANDLERS: Handlers = {
    ("chatbot", "CreateSlackChannelConfiguration"): lambda call: _create(call, _SLACK),
    ("chatbot", "UpdateSlackChannelConfiguration"): lambda call: _update(call, _SLACK),
    ("chatbot", "DeleteSlackChannelConfiguration"): lambda call: _delete(call, _SLACK),
    ("chatbot", "DescribeSlackChannelConfigurations"): _describe_slack,
    ("chatbot", "CreateMicrosoftTeamsChannelConfiguration"): lambda call: _create(call, _TEAMS),
    ("chatbot", "UpdateMicrosoftTeamsChannelConfiguration"): lambda call: _update(call, _TEAMS),
    ("chatbot", "DeleteMicrosoftTeamsChannelConfiguration"): lambda call: _delete(call, _TEAMS),
    ("chatbot", "ListMicrosoftTeamsChannelConfigurations"): _list_teams,
    ("chatbot", "TagResource"): _tag,
    ("chatbot", "UntagResource"): _untag,
    ("chatbot", "ListTagsForResource"): lambda call: {"Tags": _tagged(call)["Tags"]},
}
