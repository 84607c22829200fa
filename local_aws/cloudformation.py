"""CloudFormation: log alarms and mute rules in moto's stacks, by the checks and the code of their own calls.

moto passes over a resource type that it lacks; here a template with one is refused.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from moto.cloudformation.parsing import get_model_map
from moto.core.common_models import CloudFormationModel
from moto.core.utils import get_service_model

from local_aws.calls import ApiError, Call, Handlers
from local_aws.moto import log_alarms, mute_rules
from local_aws.moto.log_alarms import LOG_ALARM
from local_aws.strict.request_validation import validate
from local_aws.strict.service_rules import check_rules

TEMPLATE_BYTES, TEMPLATE_RESOURCES = 51_200, 500
"""The longest template that a call takes, and its most resources (CloudFormation quotas)."""

_HANDLERS = {**log_alarms.HANDLERS, **mute_rules.HANDLERS}
# What DescribeAlarms returns, and no request has.
_READ_ONLY = ("QueryARN",)


class _CloudWatchResource:
    """A resource whose properties are the members of a Put operation of CloudWatch.

    Args:
        name: Its name, which is the physical id.
        arn: Its ARN, the attribute `Arn`.
    """

    TYPE: ClassVar[str]
    """The type's last part."""
    NAME: ClassVar[str]
    """The property that names it."""

    def __init__(self, name: str, arn: str) -> None:
        self.physical_resource_id = name
        self._arn = arn

    @classmethod
    def _arn_of(cls, name: str, account_id: str, region_name: str) -> str:
        raise NotImplementedError

    @classmethod
    def _delete(cls, name: str, account_id: str, region_name: str) -> None:
        raise NotImplementedError

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Whether `Fn::GetAtt` finds an attribute."""
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return an attribute."""
        if not self.has_cfn_attr(attribute_name):
            raise ApiError("ValidationError", f"{self.TYPE} has no attribute {attribute_name}")
        return self._arn

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> Self:
        """Create it."""
        properties = {**cloudformation_json["Properties"], cls.NAME: resource_name}
        call = _call(f"Put{cls.TYPE}", properties, account_id, region_name)
        if unknown := list(_unknown(call.model.input_shape, properties, "")):
            raise ApiError("ValidationError", f"extraneous key [{', '.join(unknown)}] is not permitted")
        _answer(call)
        return cls(resource_name, cls._arn_of(resource_name, account_id, region_name))

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Self,
        new_resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
    ) -> Self:
        """Give it its new settings; one of another name replaces it."""
        made = cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )
        before = original_resource.physical_resource_id
        if before != new_resource_name:
            cls._delete(before, account_id, region_name)
        return made

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Mapping[str, Any], account_id: str, region_name: str
    ) -> None:
        """Delete it."""
        cls._delete(resource_name, account_id, region_name)

    def is_created(self) -> bool:
        """Whether it exists: as soon as it is created."""
        return True


# moto knows the direct subclasses of its own class only.
class LogAlarmResource(_CloudWatchResource, CloudFormationModel):
    """A resource of type `AWS::CloudWatch::LogAlarm`."""

    TYPE, NAME = LOG_ALARM, "AlarmName"

    @staticmethod
    def cloudformation_name_type() -> str:
        """The property that names the resource; without it, CloudFormation makes a name up."""
        return LogAlarmResource.NAME

    @staticmethod
    def cloudformation_type() -> str:
        """The type's name in a template."""
        return f"AWS::CloudWatch::{LogAlarmResource.TYPE}"

    @classmethod
    def _arn_of(cls, name: str, account_id: str, region_name: str) -> str:
        named = {"AlarmNames": [name], "AlarmTypes": [LOG_ALARM]}
        found = _answer(_call("DescribeAlarms", named, account_id, region_name))
        arn: str = found["LogAlarms"][0]["AlarmArn"]
        return arn

    @classmethod
    def _delete(cls, name: str, account_id: str, region_name: str) -> None:
        _answer(_call("DeleteAlarms", {"AlarmNames": [name]}, account_id, region_name))


class MuteRuleResource(_CloudWatchResource, CloudFormationModel):
    """A resource of type `AWS::CloudWatch::AlarmMuteRule`."""

    TYPE, NAME = "AlarmMuteRule", "Name"

    @staticmethod
    def cloudformation_name_type() -> str:
        """The property that names the resource; without it, CloudFormation makes a name up."""
        return MuteRuleResource.NAME

    @staticmethod
    def cloudformation_type() -> str:
        """The type's name in a template."""
        return f"AWS::CloudWatch::{MuteRuleResource.TYPE}"

    @classmethod
    def _arn_of(cls, name: str, account_id: str, region_name: str) -> str:
        found = _answer(_call("GetAlarmMuteRule", {"AlarmMuteRuleName": name}, account_id, region_name))
        arn: str = found["AlarmMuteRuleArn"]
        return arn

    @classmethod
    def _delete(cls, name: str, account_id: str, region_name: str) -> None:
        _answer(_call("DeleteAlarmMuteRule", {"AlarmMuteRuleName": name}, account_id, region_name))


def _call(operation: str, parameters: Mapping[str, Any], account_id: str, region: str) -> Call:
    model = get_service_model("cloudwatch").operation_model(operation)
    return Call("cloudwatch", operation, parameters, account_id, region, "query", model)


def _answer(call: Call) -> Mapping[str, Any]:
    validate(call)
    check_rules(call)
    return _HANDLERS[call.service, call.operation](call) or {}


def _unknown(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Yield the path of each property that the API does not have in a request."""
    if shape.type_name == "structure":
        for name, member in value.items():
            if name not in shape.members or name in _READ_ONLY:
                yield f"{path}{name}"
            else:
                yield from _unknown(shape.members[name], member, f"{path}{name}/")
    elif shape.type_name == "list":
        for number, member in enumerate(value):
            yield from _unknown(shape.member, member, f"{path}{number}/")


def _check_template(call: Call) -> None:
    """Refuse a template that is too long or holds what would not be created; moto does the rest."""
    body = call.parameters.get("TemplateBody")
    if body is None:
        return
    if len(body.encode()) > TEMPLATE_BYTES:
        message = f"Member must have length less than or equal to {TEMPLATE_BYTES}"
        raise ApiError("ValidationError", f"'templateBody' failed to satisfy constraint: {message}")
    try:
        resources = json.loads(body)["Resources"]
    except (ValueError, KeyError, TypeError) as error:
        raise ApiError(
            "ValidationError", f"Template format error: no JSON with Resources: {error}"
        ) from error
    if len(resources) > TEMPLATE_RESOURCES:
        message = f"Template format error: Number of resources, {len(resources)}, is greater than maximum"
        raise ApiError("ValidationError", f"{message} allowed, {TEMPLATE_RESOURCES}")
    if lacking := sorted({each["Type"] for each in resources.values()} - set(get_model_map())):
        message = f"Template format error: Unrecognized resource types: [{', '.join(lacking)}]"
        raise ApiError("ValidationError", message)


HANDLERS: Handlers = {
    ("cloudformation", "CreateStack"): _check_template,
    ("cloudformation", "UpdateStack"): _check_template,
}
