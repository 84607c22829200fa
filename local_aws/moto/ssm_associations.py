"""Systems Manager: State Manager associations, which moto lacks.

An association is kept as the list of its versions, the last one being in force. Nothing runs here, since
there are no servers: an association stays pending.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from moto.ssm.exceptions import InvalidDocument
from moto.ssm.models import ssm_backends

from local_aws.calls import ApiError, Call, Handlers, kept

# Parameters of the documents that AWS publishes and this project's associations run, with the values that
# each allows (none: any text). Another published document is not checked.
_UPDATE_AGENT: Mapping[str, tuple[str, ...]] = {"version": (), "allowDowngrade": ("true", "false")}
PUBLISHED_DOCUMENTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AWS-UpdateSSMAgent": _UPDATE_AGENT,
    "AWS-UpdateEC2Config": _UPDATE_AGENT,
    "AWS-ConfigureAWSPackage": {
        "action": ("Install", "Uninstall"),
        "installationType": ("Uninstall and reinstall", "In-place update"),
        "name": (),
        "version": (),
        "additionalArguments": (),
    },
    "AmazonCloudWatch-ManageAgent": {
        "action": (
            *("configure", "configure (append)", "configure (remove)"),
            *("start", "status", "status-with-workloads", "stop"),
        ),
        "mode": ("ec2", "onPremise", "auto"),
        "optionalConfigurationSource": ("ssm", "default", "all"),
        "optionalConfigurationLocation": (),
        "optionalRestart": ("yes", "no"),
    },
    "AWS-RunPowerShellScript": {"commands": (), "workingDirectory": (), "executionTimeout": ()},
}
_PUBLISHERS = ("AWS-", "AWSEC2-", "Amazon")

# Members that a caller sets. UpdateAssociation replaces all of them: one that it leaves out is gone.
_SETTINGS = (
    *(
        "AlarmConfiguration",
        "ApplyOnlyAtCronInterval",
        "AssociationName",
        "AutomationTargetParameterName",
        "CalendarNames",
    ),
    *("ComplianceSeverity", "DocumentVersion", "Duration", "MaxConcurrency", "MaxErrors", "OutputLocation"),
    *("Parameters", "ScheduleExpression", "ScheduleOffset", "SyncCompliance"),
    *("TargetLocations", "TargetMaps", "Targets"),
)
# Members that no update changes.
_FIXED: tuple[str, ...] = ("AssociationId", "Name", "Date", "InstanceId")
# Members that a list shows, and by which it can be filtered.
_LISTED = (
    *("Name", "InstanceId", "AssociationId", "AssociationVersion", "DocumentVersion", "Targets", "Overview"),
    *("ScheduleExpression", "AssociationName", "ScheduleOffset", "Duration"),
)


def _associations(call: Call) -> dict[str, list[dict[str, Any]]]:
    return kept(ssm_backends[call.account_id][call.region], "associations_by_id")


def _tags(call: Call) -> dict[str, dict[str, str]]:
    return kept(ssm_backends[call.account_id][call.region], "association_tags")


def _missing() -> ApiError:
    return ApiError("AssociationDoesNotExist", "The specified association does not exist.")


def _versions(call: Call) -> list[dict[str, Any]]:
    """The versions of the association that the call names by id, or by document and instance."""
    associations = _associations(call)
    identifier = call.parameters.get("AssociationId")
    if identifier is not None:
        if identifier not in associations:
            raise _missing()
        return associations[identifier]
    named = (call.parameters.get("Name"), call.parameters.get("InstanceId"))
    for versions in associations.values():
        if (versions[-1]["Name"], versions[-1].get("InstanceId")) == named:
            return versions
    raise _missing()


def _version(call: Call, fixed: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A version as the call sets it, with the members that no version changes."""
    settings = {name: call.parameters[name] for name in _SETTINGS if name in call.parameters}
    _check_document(call, fixed["Name"], settings.get("Parameters", {}))
    return {
        "DocumentVersion": "$DEFAULT",
        **settings,
        **fixed,
        "AssociationVersion": str(number),
        "LastUpdateAssociationDate": datetime.now(UTC),
        "Overview": {"Status": "Pending", "DetailedStatus": "Creating"},
    }


def _check_document(call: Call, name: str, parameters: Mapping[str, list[str]]) -> None:
    """Refuse a document that is not there, and parameters that it does not take."""
    allowed: Mapping[str, tuple[str, ...]]
    if name in PUBLISHED_DOCUMENTS:
        allowed = PUBLISHED_DOCUMENTS[name]
    elif name.startswith(_PUBLISHERS):
        return
    else:
        allowed = _own_document_parameters(call, name)
    for parameter, values in parameters.items():
        if parameter not in allowed:
            message = f"{name} has no parameter {parameter}; it has {', '.join(allowed) or 'none'}."
            raise ApiError("InvalidParameters", message)
        refused = [value for value in values if allowed[parameter] and value not in allowed[parameter]]
        if refused:
            message = f"{parameter} of {name} is {refused[0]!r}, not one of {', '.join(allowed[parameter])}."
            raise ApiError("InvalidParameters", message)


def _own_document_parameters(call: Call, name: str) -> Mapping[str, tuple[str, ...]]:
    try:
        document = ssm_backends[call.account_id][call.region].describe_document(name, "", "")
    except InvalidDocument:
        raise ApiError("InvalidDocument", f"The document {name} does not exist.") from None
    return {
        parameter["Name"]: tuple(parameter.get("AllowedValues", ()))
        for parameter in document.get("Parameters") or []
    }


def _create_association(call: Call) -> Mapping[str, Any]:
    identifier = str(uuid4())
    fixed = {
        "AssociationId": identifier,
        "Name": call.parameters["Name"],
        "Date": datetime.now(UTC),
        **({"InstanceId": call.parameters["InstanceId"]} if "InstanceId" in call.parameters else {}),
    }
    association = _version(call, fixed, 1)
    _associations(call)[identifier] = [association]
    _tags(call)[identifier] = {tag["Key"]: tag["Value"] for tag in call.parameters.get("Tags", [])}
    return {"AssociationDescription": association}


def _update_association(call: Call) -> Mapping[str, Any]:
    versions = _associations(call).get(call.parameters["AssociationId"])
    if versions is None:
        raise _missing()
    fixed = {name: versions[-1][name] for name in _FIXED if name in versions[-1]}
    if call.parameters.get("Name", fixed["Name"]) != fixed["Name"]:
        raise ApiError("InvalidUpdate", "The document of an association cannot be changed.")
    versions.append(_version(call, fixed, len(versions) + 1))
    return {"AssociationDescription": versions[-1]}


def _describe_association(call: Call) -> Mapping[str, Any]:
    versions = _versions(call)
    wanted = call.parameters.get("AssociationVersion", "$LATEST")
    if wanted == "$LATEST":
        return {"AssociationDescription": versions[-1]}
    for version in versions:
        if version["AssociationVersion"] == wanted:
            return {"AssociationDescription": version}
    raise ApiError("InvalidAssociationVersion", f"The association has no version {wanted}.")


def _delete_association(call: Call) -> Mapping[str, Any]:
    identifier = _versions(call)[-1]["AssociationId"]
    del _associations(call)[identifier], _tags(call)[identifier]
    return {}


def _list_associations(call: Call) -> Mapping[str, Any]:
    """All associations on one page."""
    found = [versions[-1] for versions in _associations(call).values()]
    for wanted in call.parameters.get("AssociationFilterList", []):
        if wanted["key"] not in _LISTED:
            raise ApiError("ValidationException", f"the local AWS has no filter {wanted['key']}")
        found = [each for each in found if each.get(wanted["key"]) == wanted["value"]]
    return {"Associations": [{name: each[name] for name in _LISTED if name in each} for each in found]}


def _list_association_versions(call: Call) -> Mapping[str, Any]:
    return {"AssociationVersions": _versions(call)}


def _tagged(call: Call) -> dict[str, str] | None:
    """The tags of the association that the call names; None if it names a resource of another type."""
    if call.parameters["ResourceType"] != "Association":
        return None
    tags = _tags(call).get(call.parameters["ResourceId"])
    if tags is None:
        raise ApiError("InvalidResourceId", "The resource ID is not valid.")
    return tags


def _add_tags(call: Call) -> Mapping[str, Any] | None:
    tags = _tagged(call)
    if tags is None:
        return None
    tags.update({tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]})
    return {}


def _remove_tags(call: Call) -> Mapping[str, Any] | None:
    tags = _tagged(call)
    if tags is None:
        return None
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}


def _list_tags(call: Call) -> Mapping[str, Any] | None:
    tags = _tagged(call)
    if tags is None:
        return None
    return {"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]}


HANDLERS: Handlers = {
    ("ssm", "CreateAssociation"): _create_association,
    ("ssm", "UpdateAssociation"): _update_association,
    ("ssm", "DescribeAssociation"): _describe_association,
    ("ssm", "DeleteAssociation"): _delete_association,
    ("ssm", "ListAssociations"): _list_associations,
    ("ssm", "ListAssociationVersions"): _list_association_versions,
    ("ssm", "AddTagsToResource"): _add_tags,
    ("ssm", "RemoveTagsFromResource"): _remove_tags,
    ("ssm", "ListTagsForResource"): _list_tags,
}
