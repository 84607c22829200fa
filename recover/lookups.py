"""How each kind of resource is found again that AWS does not simply take once more."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any

from botocore.exceptions import ClientError

from deployment.aws.arn import format_arn
from recover.synthesized_stack import Resource, SynthesizedStack
from verify.access.account import AccountAccess

Tags = Mapping[str, str]

#: How old a key without an alias may be to be taken for the killed apply's, after which recovery comes first:
#: a former key, of this deployment or another, looks the same but is older.
JUST_MADE = timedelta(days=1)


class UnwrittenError(Exception):
    """A resource cannot be looked for: what it is known by is not written in the stack, and terraform's."""


class DoubtError(Exception):
    """Something exists, and nothing shows whether the resource created it, or which of several did."""


@dataclass
class StackAccount:
    """The account and region of a stack, with the lists that many resources are looked up in."""

    stack: SynthesizedStack
    account: AccountAccess

    def client(self, service: str) -> Any:
        """Return the client of a service."""
        return self.account.client(service)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something in the account and region."""
        return format_arn(service, self.stack.region_name, self.stack.account_id, resource)

    def listed(
        self, service: str, operation: str, member: str, **parameters: Any
    ) -> Iterator[dict[str, Any]]:
        """Return the items of all pages of a list."""
        pages = self.client(service).get_paginator(operation).paginate(**parameters)
        return chain.from_iterable(page[member] for page in pages)

    @cached_property
    def buckets(self) -> frozenset[str]:
        """The buckets of the account, in all regions."""
        return frozenset(each["Name"] for each in self.listed("s3", "list_buckets", "Buckets"))

    @cached_property
    def key_ids(self) -> Mapping[str, str]:
        """The key of each alias; the aliases that AWS keeps for itself may have none."""
        aliases = self.listed("kms", "list_aliases", "Aliases")
        return {each["AliasName"]: each["TargetKeyId"] for each in aliases if "TargetKeyId" in each}

    @cached_property
    def saved_query_ids(self) -> Mapping[str, list[str]]:
        """The ids of the saved Logs Insights queries by their names, which need not be unique."""
        found: dict[str, list[str]] = {}
        for each in self.account.saved_queries():
            found.setdefault(each["name"], []).append(each["queryDefinitionId"])
        return found


def _only(account: StackAccount, resource: Resource, ids: Sequence[str]) -> str:
    """Return the only one; of what has no unique name, and holds nothing, surplus ones can be deleted."""
    if len(ids) > 1:
        raise DoubtError(
            f"{resource.address} exists {len(ids)} times: {', '.join(ids)}; delete all but the one in the "
            f"state (terraform -chdir={account.stack.folder} state show {resource.address})"
        )
    return ids[0]


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a kind of resource is found.

    Args:
        ids: Returns the id, as ``terraform import`` takes it, of each that a resource may have made.
        tags: Returns the tags of the one with an id; None for a kind that has none.
        tagged_later: Whether it gets its tags after it is made, so that one without any may be the stack's.
        choose: Returns which of those with the stack's tags, one at least, is the resource's; raises
            DoubtError where nothing shows it.
        instead: What to do about one of another owner that has the name.
    """

    ids: Callable[[StackAccount, Resource], Iterator[str]]
    tags: Callable[[StackAccount, str], Tags] | None = None
    tagged_later: bool = False
    choose: Callable[[StackAccount, Resource, Sequence[str]], str] = _only
    instead: str = "name it under adopt"


def _written(resource: Resource, argument: str) -> str:
    """Return an argument that is known before the apply."""
    value: str = resource.arguments.get(argument, "")
    if not value or "${" in value:
        raise UnwrittenError(f"its {argument} is {value or 'left to terraform'}")
    return value


def _by_name(
    service: str, operation: str, parameter: str, missing: str
) -> Callable[[StackAccount, Resource], Iterator[str]]:
    """Return how to find what one call describes by its unique name, which is its id as well."""

    def ids(account: StackAccount, resource: Resource) -> Iterator[str]:
        name = _written(resource, "name")
        if _exists(account, service, operation, missing, **{parameter: name}):
            yield name

    return ids


def _exists(account: StackAccount, service: str, operation: str, missing: str, **parameters: str) -> bool:
    try:
        getattr(account.client(service), operation)(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] != missing:
            raise
        return False
    return True


def _log_group(account: StackAccount, resource: Resource) -> Iterator[str]:
    name = _written(resource, "name")
    groups = account.listed("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name)
    if any(group["logGroupName"] == name for group in groups):
        yield name


def _saved_query(account: StackAccount, resource: Resource) -> Iterator[str]:
    for identifier in account.saved_query_ids.get(_written(resource, "name"), ()):
        yield account.arn("logs", f"query-definition:{identifier}")


def _alias(account: StackAccount, resource: Resource) -> Iterator[str]:
    name = _written(resource, "name")
    if name in account.key_ids:
        yield name


def _key(account: StackAccount, resource: Resource) -> Iterator[str]:
    """Return the key of the resource's alias, or else every key without one that is made like it."""
    aliases = account.stack.of_type("aws_kms_alias")
    reference = resource.reference("key_id")
    named = [each.arguments["name"] for each in aliases if each.arguments["target_key_id"] == reference]
    for key_id in {account.key_ids[name] for name in named if name in account.key_ids}:
        if _key_metadata(account, key_id)["KeyState"] != "PendingDeletion":
            yield key_id
            return
    description, policy = _written(resource, "description"), _comparable_policy(_written(resource, "policy"))
    with_alias = set(account.key_ids.values())
    for key in account.listed("kms", "list_keys", "Keys"):
        if key["KeyId"] in with_alias:
            continue
        try:
            found = _key_metadata(account, key["KeyId"])
        except ClientError as error:
            # A key whose policy does not admit this account's own users is not one of these.
            if error.response["Error"]["Code"] != "AccessDeniedException":
                raise
            continue
        if found["KeyState"] == "PendingDeletion" or found["Description"] != description:
            continue
        if _key_policy(account, key["KeyId"]) == policy:
            yield key["KeyId"]


def _made_key(account: StackAccount, resource: Resource, ids: Sequence[str]) -> str:
    """Return the key of the resource's alias, or else the only one, if it has just been made.

    Encryption that is switched off leaves a key without an alias, made like that of every deployment of the
    same version. Past events may be encrypted with it, so that none may be deleted, nor imported by mistake.
    """
    if ids[0] in account.key_ids.values():
        return ids[0]
    made = {key_id: _key_metadata(account, key_id)["CreationDate"] for key_id in ids}
    if len(ids) == 1 and datetime.now(UTC) - made[ids[0]] < JUST_MADE:
        return ids[0]
    keys = " or ".join(
        f"{key} (made {date.astimezone(UTC):%Y-%m-%d %H:%M} UTC)" for key, date in made.items()
    )
    terraform = f"terraform -chdir={account.stack.folder}"
    raise DoubtError(
        f"{resource.address} may be {keys}, or none of these: where encryption was switched off, a former "
        "key stays and may still decrypt past events, so keep them all. If the killed apply made one, and "
        f"the state has no key ({terraform} state show {resource.address}), import that one before the next "
        f"apply ({terraform} import {resource.address} KEY)"
    )


def _key_policy(account: StackAccount, key_id: str) -> Any:
    return _comparable_policy(
        account.client("kms").get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]
    )


def _comparable_policy(policy: str) -> Any:
    return _comparable(json.loads(policy))


def _comparable(value: Any) -> Any:
    """Return a part of a policy such that equal ones are equal.

    AWS gives a list back in any order, and one of a single item as the item.
    """
    if isinstance(value, Mapping):
        return {name: _comparable(each) for name, each in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) == 1:
        return _comparable(value[0])
    return sorted(map(_comparable, value), key=lambda each: json.dumps(each, sort_keys=True))


def _key_metadata(account: StackAccount, key_id: str) -> Mapping[str, Any]:
    metadata: Mapping[str, Any] = account.client("kms").describe_key(KeyId=key_id)["KeyMetadata"]
    return metadata


def _link(account: StackAccount, resource: Resource) -> Iterator[str]:
    sink = _written(resource, "sink_identifier")
    for link in account.listed("oam", "list_links", "Items"):
        if link["SinkArn"] == sink:
            yield link["Arn"]


def _bucket(account: StackAccount, resource: Resource) -> Iterator[str]:
    name = _written(resource, "bucket")
    if name in account.buckets:
        yield name


def _bucket_tags(account: StackAccount, name: str) -> Tags:
    try:
        found = account.client("s3").get_bucket_tagging(Bucket=name)["TagSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchTagSet":
            raise
        return {}
    return {tag["Key"]: tag["Value"] for tag in found}


def _topic(account: StackAccount, resource: Resource) -> Iterator[str]:
    arn = account.arn("sns", _written(resource, "name"))
    if _exists(account, "sns", "get_topic_attributes", "NotFound", TopicArn=arn):
        yield arn


def _association(account: StackAccount, resource: Resource) -> Iterator[str]:
    named = {"key": "AssociationName", "value": _written(resource, "association_name")}
    found = account.listed("ssm", "list_associations", "Associations", AssociationFilterList=[named])
    for association in found:
        yield association["AssociationId"]


def _cloudformation_stack(account: StackAccount, resource: Resource) -> Iterator[str]:
    name = _written(resource, "name")
    if _exists(account, "cloudformation", "describe_stacks", "ValidationError", StackName=name):
        yield name


def _settled_stack(account: StackAccount, resource: Resource, ids: Sequence[str]) -> str:
    """Return the CloudFormation stack, which no apply could change while it changes, or after it failed."""
    name = _only(account, resource, ids)
    (found,) = account.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    status = found["StackStatus"]
    if status.endswith("_IN_PROGRESS"):
        raise DoubtError(f"{resource.address}: {name} is in {status}; recover again in a minute")
    if status.startswith("ROLLBACK_") or status.endswith("_FAILED"):
        raise DoubtError(
            f"{resource.address}: {name} is in {status} and holds nothing that could be changed; delete it "
            f"before the next apply (aws cloudformation delete-stack --stack-name {name})"
        )
    return name


def _cloudformation_stack_tags(account: StackAccount, name: str) -> Tags:
    (found,) = account.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}


def _tags(
    service: str, operation: str, member: str, request: Callable[[StackAccount, str], Mapping[str, str]]
) -> Callable[[StackAccount, str], Tags]:
    """Return how to ask for the tags of the one with an id, which ``request`` puts into the call.

    ``member`` is the path to them in the answer; an answer may leave them out where there are none.
    """

    def tags(account: StackAccount, identifier: str) -> Tags:
        found = getattr(account.client(service), operation)(**request(account, identifier))
        for name in member.split("."):
            found = found.get(name, ())
        if isinstance(found, Mapping):
            return found
        # KMS calls them otherwise.
        return {tag.get("Key", tag.get("TagKey")): tag.get("Value", tag.get("TagValue")) for tag in found}

    return tags


def _ssm_tags(resource_type: str) -> Callable[[StackAccount, str], Tags]:
    return _tags(
        *("ssm", "list_tags_for_resource", "TagList"),
        lambda _, identifier: {"ResourceType": resource_type, "ResourceId": identifier},
    )


def _chat_channel(kind: str) -> Callable[[StackAccount, Resource], Iterator[str]]:
    """Return how to find a chat channel by its name; that of Teams is imported by its team."""

    def ids(account: StackAccount, resource: Resource) -> Iterator[str]:
        ending = f":chat-configuration/{kind}/{_written(resource, 'configuration_name')}"
        for each in account.account.chat_configurations():
            if each["ChatConfigurationArn"].endswith(ending):
                yield each.get("TeamId", each["ChatConfigurationArn"])

    return ids


def _chat_tags(account: StackAccount, identifier: str) -> Tags:
    (found,) = [
        each
        for each in account.account.chat_configurations()
        if identifier in (each.get("TeamId"), each["ChatConfigurationArn"])
    ]
    return {tag["TagKey"]: tag["TagValue"] for tag in found.get("Tags", ())}


#: What AWS refuses to make because it exists, or makes once more. A topic is refused only where its tags or
#: attributes have changed since.
LOOKUPS: Mapping[str, Lookup] = {
    "aws_chatbot_slack_channel_configuration": Lookup(
        _chat_channel("slack-channel"), _chat_tags, instead="give the channel another name"
    ),
    "aws_chatbot_teams_channel_configuration": Lookup(
        _chat_channel("microsoft-teams-channel"), _chat_tags, instead="give the channel another name"
    ),
    "aws_cloudformation_stack": Lookup(
        _cloudformation_stack,
        _cloudformation_stack_tags,
        choose=_settled_stack,
        instead="delete it, or give this deployment another name",
    ),
    "aws_cloudwatch_event_bus": Lookup(
        _by_name("events", "describe_event_bus", "Name", "ResourceNotFoundException"),
        _tags(
            *("events", "list_tags_for_resource", "Tags"),
            lambda account, name: {"ResourceARN": account.arn("events", f"event-bus/{name}")},
        ),
    ),
    "aws_cloudwatch_log_group": Lookup(
        _log_group,
        _tags(
            *("logs", "list_tags_for_resource", "tags"),
            lambda account, name: {"resourceArn": account.arn("logs", f"log-group:{name}")},
        ),
    ),
    "aws_cloudwatch_query_definition": Lookup(_saved_query),
    "aws_iam_instance_profile": Lookup(
        _by_name("iam", "get_instance_profile", "InstanceProfileName", "NoSuchEntity"),
        _tags(
            "iam",
            "get_instance_profile",
            "InstanceProfile.Tags",
            lambda _, name: {"InstanceProfileName": name},
        ),
    ),
    "aws_iam_role": Lookup(
        _by_name("iam", "get_role", "RoleName", "NoSuchEntity"),
        _tags("iam", "get_role", "Role.Tags", lambda _, name: {"RoleName": name}),
    ),
    # An alias has no tags of its own; its key shows whose it is.
    "aws_kms_alias": Lookup(
        _alias,
        _tags("kms", "list_resource_tags", "Tags", lambda account, name: {"KeyId": account.key_ids[name]}),
    ),
    "aws_kms_key": Lookup(
        _key,
        _tags("kms", "list_resource_tags", "Tags", lambda _, key_id: {"KeyId": key_id}),
        choose=_made_key,
    ),
    "aws_oam_link": Lookup(
        _link, _tags("oam", "list_tags_for_resource", "Tags", lambda _, arn: {"ResourceArn": arn})
    ),
    "aws_s3_bucket": Lookup(
        _bucket,
        _bucket_tags,
        tagged_later=True,
        instead="name it under output_bucket.existing, or set create_bucket: false for one that keeps states",
    ),
    "aws_sns_topic": Lookup(
        _topic, _tags("sns", "list_tags_for_resource", "Tags", lambda _, arn: {"ResourceArn": arn})
    ),
    "aws_ssm_association": Lookup(_association, _ssm_tags("Association")),
    "aws_ssm_document": Lookup(
        _by_name("ssm", "describe_document", "Name", "InvalidDocument"), _ssm_tags("Document")
    ),
    "aws_ssm_parameter": Lookup(
        _by_name("ssm", "get_parameter", "Name", "ParameterNotFound"), _ssm_tags("Parameter")
    ),
}

#: What AWS takes any number of times: a call puts it in the state that is asked for.
PUT_AGAIN = frozenset(
    {
        "aws_cloudwatch_composite_alarm",
        "aws_cloudwatch_dashboard",
        "aws_cloudwatch_event_bus_policy",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_cloudwatch_log_metric_filter",
        "aws_cloudwatch_log_subscription_filter",
        "aws_cloudwatch_metric_alarm",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        # Each has a statement id of its own, which the provider makes up; but what they allow is the same,
        # and one whose function is named by an ARN is not imported without being replaced.
        "aws_lambda_permission",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
        "aws_sns_topic_policy",
        # SNS answers with the subscription that is there; a pending one gets its mail once more.
        "aws_sns_topic_subscription",
    }
)
