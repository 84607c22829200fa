"""Follows the commands that a message advises, on the local AWS."""

import re
import shlex
from typing import Any

from botocore import xform_name

from deployment import RegionPlan
from local_aws import LocalAws

_COMMAND = re.compile(r"run 'aws (.+?)'(?=, then |; | first\.|$)")


def follow(aws: LocalAws, region: RegionPlan, message: str) -> list[str]:
    """Run every command of a message as the AWS CLI would; return their operations, of which there is one."""
    commands = [shlex.split(each) for each in _COMMAND.findall(message)]
    assert commands, message
    return [_run(aws, region, *command) for command in commands]


def _run(aws: LocalAws, region: RegionPlan, service: str, operation: str, *options: str) -> str:
    if operation == "wait":
        return "wait"  # the local AWS has done what it was asked for once it answers
    given: dict[str, list[str]] = {}
    for option in options:
        if option.startswith("--"):
            name = option.removeprefix("--")
            given[name] = []
        else:
            given[name].append(option)
    (region_name,) = given.pop("region")
    client: Any = aws.client(service, region.account_id, region_name)
    method = operation.replace("-", "_")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
    members = {xform_name(name, "-"): (name, member) for name, member in shape.members.items()}
    arguments = {}
    for option, values in given.items():
        name, member = members[option]
        arguments[name] = values if member.type_name == "list" else values[0]
    getattr(client, method)(**arguments)
    return operation
