"""CloudWatch Logs: saved Logs Insights queries, which moto lacks."""

from collections.abc import Mapping
from time import time
from typing import Any
from uuid import uuid4

from moto.logs.models import logs_backends

from local_aws.calls import ApiError, Call, Handlers, kept


def _definitions(call: Call) -> dict[str, Any]:
    return kept(logs_backends[call.account_id][call.region], "query_definitions")


def _existing(call: Call, identifier: str) -> str:
    if identifier not in _definitions(call):
        raise ApiError("ResourceNotFoundException", "The specified query definition does not exist.")
    return identifier


def _new_identifier(call: Call) -> str:
    """Return a new id; of a call that a client repeats, with the same token, the one that it had."""
    tokens = kept(logs_backends[call.account_id][call.region], "query_definition_tokens")
    new = str(uuid4())
    return str(tokens.setdefault(call.parameters.get("clientToken", new), new))


def _put_query_definition(call: Call) -> Mapping[str, Any]:
    given = call.parameters.get("queryDefinitionId")
    identifier = _new_identifier(call) if given is None else _existing(call, given)
    _definitions(call)[identifier] = {
        "queryDefinitionId": identifier,
        "queryLanguage": call.parameters.get("queryLanguage", "CWLI"),
        "name": call.parameters["name"],
        "queryString": call.parameters["queryString"],
        "logGroupNames": call.parameters.get("logGroupNames", []),
        "lastModified": int(time() * 1000),
    }
    return {"queryDefinitionId": identifier}


def _describe_query_definitions(call: Call) -> Mapping[str, Any]:
    """All definitions on one page."""
    prefix = call.parameters.get("queryDefinitionNamePrefix", "")
    found = [each for each in _definitions(call).values() if each["name"].startswith(prefix)]
    return {"queryDefinitions": sorted(found, key=lambda each: str(each["name"]))}


def _delete_query_definition(call: Call) -> Mapping[str, Any]:
    del _definitions(call)[_existing(call, call.parameters["queryDefinitionId"])]
    return {"success": True}


HANDLERS: Handlers = {
    ("logs", "PutQueryDefinition"): _put_query_definition,
    ("logs", "DescribeQueryDefinitions"): _describe_query_definitions,
    ("logs", "DeleteQueryDefinition"): _delete_query_definition,
}
