"""IAM: the policies that AWS manages, and the tags of instance profiles, which moto keeps and does not list.

moto can load all of them (MOTO_IAM_LOAD_MANAGED_POLICIES), but does so for every partition of every account:
most of a second for each account. Here the policy that a call names is published when it is first named, and
all of them when they are listed.
"""

import json
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends
from moto.utilities.utils import get_partition

from local_aws.calls import ApiError, Call, Handlers


@cache
def _policies() -> dict[str, Any]:
    """Each policy by its path and name: "/AmazonSSMManagedInstanceCore"."""
    data: dict[str, Any] = json.loads(aws_managed_policies_data)
    return {policy["Path"] + name: {**policy, "Name": name} for name, policy in data.items()}


def _publish(call: Call, *names: str) -> None:
    backend = iam_backends[call.account_id][get_partition(call.region)]
    for name in names:
        data = _policies()[name]
        policy = AWSManagedPolicy.from_data(data["Name"], call.account_id, call.region, data)
        if policy.arn not in backend.managed_policies:
            backend.managed_policies[policy.arn] = policy
            backend.aws_managed_policies.append(policy)


def _publish_named(call: Call) -> None:
    owner, _, name = call.parameters["PolicyArn"].partition(":policy")
    if owner.endswith(":iam::aws") and name in _policies():
        _publish(call, name)


def _publish_all(call: Call) -> None:
    if call.parameters.get("Scope") != "Local":
        _publish(call, *_policies())


def _list_instance_profile_tags(call: Call) -> dict[str, Any]:
    """All tags on one page."""
    backend = iam_backends[call.account_id][get_partition(call.region)]
    name = call.parameters["InstanceProfileName"]
    profile = next((each for each in backend.instance_profiles.values() if each.name == name), None)
    if profile is None:
        raise ApiError("NoSuchEntity", f"Instance Profile {name} cannot be found.", 404)
    return {"Tags": profile.tags, "IsTruncated": False}


HANDLERS: Handlers = {
    ("iam", "ListInstanceProfileTags"): _list_instance_profile_tags,
    ("iam", "AttachGroupPolicy"): _publish_named,
    ("iam", "AttachRolePolicy"): _publish_named,
    ("iam", "AttachUserPolicy"): _publish_named,
    ("iam", "GetPolicy"): _publish_named,
    ("iam", "GetPolicyVersion"): _publish_named,
    ("iam", "ListEntitiesForPolicy"): _publish_named,
    ("iam", "ListPolicyVersions"): _publish_named,
    ("iam", "ListPolicies"): _publish_all,
}
