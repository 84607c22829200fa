"""CloudWatch Observability Access Manager: sinks and links between accounts, a service that moto lacks.

The records are kept beside CloudWatch's. A sink's policy is kept and shown but admits everyone.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from moto.cloudwatch.models import cloudwatch_backends
from moto.utilities.utils import get_partition

from local_aws.calls import ApiError, Call, Handlers, kept

_MOST_LINKS = 5


def _records(call: Call, kind: str) -> dict[str, Any]:
    """The sinks or links of the call's account and region by their ARNs."""
    return kept(cloudwatch_backends[call.account_id][call.region], f"observability_{kind}s")


def _create(call: Call, kind: str, **members: Any) -> Mapping[str, Any]:
    identifier = str(uuid4())
    partition = get_partition(call.region)
    arn = f"arn:{partition}:oam:{call.region}:{call.account_id}:{kind}/{identifier}"
    record = {"Arn": arn, "Id": identifier, "Tags": dict(call.parameters.get("Tags", {})), **members}
    _records(call, kind)[arn] = record
    return record


def _find(call: Call, arn: str) -> dict[str, Any]:
    """The sink or link with this ARN, wherever it is: a link names the sink of another account."""
    _, _, _, region, account_id, name = (arn.split(":", 5) + [""] * 6)[:6]
    kind = name.partition("/")[0]
    if account_id and kind in ("sink", "link"):
        record = kept(cloudwatch_backends[account_id][region], f"observability_{kind}s").get(arn)
        if record is not None:
            found: dict[str, Any] = record
            return found
    raise ApiError("ResourceNotFoundException", f"{arn} does not exist.", 404)


def _create_sink(call: Call) -> Mapping[str, Any]:
    if _records(call, "sink"):
        raise ApiError("ConflictException", "An account has one sink in a region.", 409)
    return _create(call, "sink", Name=call.parameters["Name"])


def _create_link(call: Call) -> Mapping[str, Any]:
    sink = _find(call, call.parameters["SinkIdentifier"])
    links = _records(call, "link")
    if any(link["SinkArn"] == sink["Arn"] for link in links.values()):
        raise ApiError("ConflictException", f"A link to {sink['Arn']} exists.", 409)
    if len(links) >= _MOST_LINKS:
        raise ApiError("ServiceQuotaExceededException", f"More than {_MOST_LINKS} links.", 429)
    template = call.parameters["LabelTemplate"]
    return _create(
        call,
        "link",
        SinkArn=sink["Arn"],
        LabelTemplate=template,
        Label=template.replace("$AccountName", call.account_id),
        ResourceTypes=call.parameters["ResourceTypes"],
        LinkConfiguration=call.parameters.get("LinkConfiguration"),
    )


def _get(call: Call) -> Mapping[str, Any]:
    return _find(call, call.parameters["Identifier"])


def _delete_sink(call: Call) -> Mapping[str, Any]:
    sink = _find(call, call.parameters["Identifier"])
    if _links_to(sink):
        raise ApiError("ConflictException", "Links to this sink exist.", 409)
    del _records(call, "sink")[sink["Arn"]]
    return {}


def _delete_link(call: Call) -> Mapping[str, Any]:
    del _records(call, "link")[_find(call, call.parameters["Identifier"])["Arn"]]
    return {}


def _update_link(call: Call) -> Mapping[str, Any]:
    link = _find(call, call.parameters["Identifier"])
    link["ResourceTypes"] = call.parameters["ResourceTypes"]
    link["LinkConfiguration"] = call.parameters.get("LinkConfiguration")
    return link


def _links_to(sink: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The links of all accounts to a sink; a link lies in the sink's region."""
    region = sink["Arn"].split(":")[3]
    return [
        link
        for account in list(cloudwatch_backends.values())
        for link in kept(account[region], "observability_links").values()
        if link["SinkArn"] == sink["Arn"]
    ]


def _list_attached_links(call: Call) -> Mapping[str, Any]:
    links = _links_to(_find(call, call.parameters["SinkIdentifier"]))
    return {"Items": [{**link, "LinkArn": link["Arn"]} for link in links]}


def _put_sink_policy(call: Call) -> Mapping[str, Any]:
    _find(call, call.parameters["SinkIdentifier"])["Policy"] = call.parameters["Policy"]
    return _get_sink_policy(call)


def _get_sink_policy(call: Call) -> Mapping[str, Any]:
    sink = _find(call, call.parameters["SinkIdentifier"])
    if "Policy" not in sink:
        raise ApiError("ResourceNotFoundException", "The sink has no policy.", 404)
    return {"SinkArn": sink["Arn"], "SinkId": sink["Id"], "Policy": sink["Policy"]}


def _tag(call: Call) -> Mapping[str, Any]:
    _find(call, call.parameters["ResourceArn"])["Tags"].update(call.parameters["Tags"])
    return {}


def _untag(call: Call) -> Mapping[str, Any]:
    tags = _find(call, call.parameters["ResourceArn"])["Tags"]
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}


def _list_tags(call: Call) -> Mapping[str, Any]:
    return {"Tags": _find(call, call.parameters["ResourceArn"])["Tags"]}


HANDLERS: Handlers = {
    ("oam", "CreateSink"): _create_sink,
    ("oam", "GetSink"): _get,
    ("oam", "ListSinks"): lambda call: {"Items": list(_records(call, "sink").values())},
    ("oam", "DeleteSink"): _delete_sink,
    ("oam", "PutSinkPolicy"): _put_sink_policy,
    ("oam", "GetSinkPolicy"): _get_sink_policy,
    ("oam", "CreateLink"): _create_link,
    ("oam", "GetLink"): _get,
    ("oam", "ListLinks"): lambda call: {"Items": list(_records(call, "link").values())},
    ("oam", "ListAttachedLinks"): _list_attached_links,
    ("oam", "UpdateLink"): _update_link,
    ("oam", "DeleteLink"): _delete_link,
    ("oam", "TagResource"): _tag,
    ("oam", "UntagResource"): _untag,
    ("oam", "ListTagsForResource"): _list_tags,
}
