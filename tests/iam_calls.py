"""Which actions of IAM a recorded call to AWS needs, and whether the policies of a role allow them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment import RegionPlan
from deployment.permissions import PermissionRole
from deployment.permissions.grants import policies
from deployment.permissions.roles import grants
from verify.access.policy import identity_effects

#: The actions that terraform needed in recordings, sorted: an apply of every type of resource, changes, and a
#: destroy.
CALLED_ACTIONS = Path(__file__).with_name("called_actions.txt")

#: Calls whose action has another name (service authorization reference).
ACTIONS = {
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
#: The action that tags what a call creates, by the call.
TAGGING = {
    "cloudformation:CreateStack": "cloudformation:TagResource",
    "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",
    "events:PutRule": "events:TagResource",
    "iam:CreateInstanceProfile": "iam:TagInstanceProfile",
    "iam:CreateRole": "iam:TagRole",
    "kms:CreateKey": "kms:TagResource",
    "logs:CreateLogGroup": "logs:TagResource",
    "oam:CreateLink": "oam:TagResource",
    "sns:CreateTopic": "sns:TagResource",
    "ssm:CreateAssociation": "ssm:AddTagsToResource",
    "ssm:CreateDocument": "ssm:AddTagsToResource",
    "ssm:PutParameter": "ssm:AddTagsToResource",
}
#: Calls that IAM allows on all resources only, or whose resources policies cannot name.
WITHOUT_RESOURCE = {
    *("cloudwatch:DescribeAlarms", "cloudwatch:PutCompositeAlarm", "cloudwatch:DescribeAlarmContributors"),
    *("cloudwatch:DescribeAlarmHistory", "kms:CreateKey", "logs:DescribeLogGroups"),
    *("ssm:DescribeParameters", "ssm:ListAssociations", "sns:GetSubscriptionAttributes"),
    *("sns:SetSubscriptionAttributes", "sns:Unsubscribe", "s3:ListAllMyBuckets"),
}
#: Calls that everybody may make.
FREE = {"sts:GetCallerIdentity"}
#: By what a call of a service names its resource: the parameter, and the ARN with its value.
_ARNS: Mapping[str, Mapping[str, str]] = {
    "cloudformation": {"StackName": "stack/{}/1"},
    "cloudwatch": {"AlarmName": "alarm:{}", "AlarmNames": "alarm:{}"},
    "events": {"Name": "rule/{}", "Rule": "rule/{}"},
    "kms": {"AliasName": "{}", "KeyId": "key/{}"},
    "lambda": {"FunctionName": "function:{}"},
    "logs": {"logGroupName": "log-group:{}:log-stream:"},
    "sns": {"Name": "{}", "TopicArn": "{}"},
    "sqs": {"QueueName": "{}", "QueueUrl": "{}"},
    "ssm": {"AssociationId": "association/{}", "ResourceId": "{}", "Name": "{}"},
}
_OF_SSM = {"Document": "document", "Parameter": "parameter", "Association": "association"}


@dataclass(frozen=True)
class RecordedCall:
    """A call: botocore's name of the service, the operation, its parameters, and where it acts."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    account_id: str
    region: str

    @property
    def action(self) -> str:
        name = f"{self.service}:{self.operation}"
        return ACTIONS.get(name, name)


@dataclass(frozen=True)
class Needed:
    """An action on a resource, under what IAM knows of it."""

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def needed(call: RecordedCall, path: str = "/") -> Iterator[Needed]:
    """Yield what a call needs; roles have the path."""
    if call.action in FREE:
        return
    given = call.parameters
    resources = list(_resources(call, path))
    context = tuple(
        (key, given[parameter])
        for key, parameter in (
            ("iam:PolicyARN", "PolicyArn"),
            ("iam:PermissionsBoundary", "PermissionsBoundary"),
        )
        if parameter in given
    )
    yield from (Needed(call.action, resource, context) for resource in resources)
    if call.action in TAGGING and (given.get("Tags") or given.get("tags")):
        created = f"arn:aws:kms:{call.region}:{call.account_id}:key/1"
        for resource in [created] if call.action == "kms:CreateKey" else resources[-1:]:
            yield Needed(TAGGING[call.action], resource)
    if call.action == "iam:AddRoleToInstanceProfile":
        role = f"arn:aws:iam::{call.account_id}:role{path}{given['RoleName']}"
        yield Needed("iam:PassRole", role, (("iam:PassedToService", "ec2.amazonaws.com"),))
    if call.action == "events:PutTargets":
        for role in (target["RoleArn"] for target in given["Targets"] if "RoleArn" in target):
            yield Needed("iam:PassRole", role, (("iam:PassedToService", "events.amazonaws.com"),))
    if call.action in ("cloudformation:CreateStack", "cloudformation:UpdateStack"):
        yield from _in_stack(call)
    # The key of AWS for parameters admits whoever may use Systems Manager.
    if call.action == "ssm:PutParameter" and given.get("KeyId", "").startswith("arn:"):
        yield Needed(
            "kms:Encrypt" if given.get("Tier") == "Standard" else "kms:GenerateDataKey", given["KeyId"]
        )
    if call.action == "ssm:GetParameter" and given.get("WithDecryption"):
        yield Needed("kms:Decrypt", f"arn:aws:kms:{call.region}:{call.account_id}:key/1")


def _in_stack(call: RecordedCall) -> Iterator[Needed]:
    """Yield what CloudFormation calls in the caller's name for a log alarm."""
    for resource in json.loads(call.parameters["TemplateBody"])["Resources"].values():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::CloudWatch::LogAlarm":
            alarm = f"arn:aws:cloudwatch:{call.region}:{call.account_id}:alarm:{properties['AlarmName']}"
            yield Needed("cloudwatch:PutLogAlarm", alarm)
            role = properties["ScheduledQueryConfiguration"]["ScheduledQueryRoleARN"]
            yield Needed("iam:PassRole", role, (("iam:PassedToService", "logs.amazonaws.com"),))


def _resources(call: RecordedCall, path: str) -> Iterator[str]:
    given, service = call.parameters, call.service
    if call.action in WITHOUT_RESOURCE:
        yield "*"
    elif service == "s3":
        key = f"/{given['Key']}" if "Key" in given else ""
        yield f"arn:aws:s3:::{given['Bucket']}{key}" if "Bucket" in given else "*"
    elif service == "iam":
        yield _of_iam(call, path)
    elif call.operation in ("DeleteDashboards", "GetDashboard", "PutDashboard"):
        for name in given.get("DashboardNames") or [given["DashboardName"]]:
            yield f"arn:aws:cloudwatch::{call.account_id}:dashboard/{name}"
    elif service == "oam" and call.operation == "CreateLink":
        yield given["SinkIdentifier"]
        yield f"arn:aws:oam:{call.region}:{call.account_id}:link/1"
    elif service == "ssm" and "ResourceType" in given:
        yield _arn(call, f"{_OF_SSM[given['ResourceType']]}/{given['ResourceId']}")
    elif call.action in ("ssm:CreateAssociation", "ssm:UpdateAssociation") and "Name" in given:
        owner = "" if given["Name"].startswith(("AWS-", "Amazon")) else call.account_id
        yield f"arn:aws:ssm:{call.region}:{owner}:document/{given['Name']}"
        yield _arn(call, "association/1")
    elif service == "ssm" and "Association" not in call.operation and "Name" in given:
        kind = "document" if "Document" in call.operation else "parameter"
        yield _arn(call, f"{kind}/{given['Name'].removeprefix('/')}")
    elif arn := next((given[name] for name in ("resourceArn", "ResourceArn", "ResourceARN", "Identifier")
                      if name in given), None):  # fmt: skip
        yield arn
    else:
        yield from _named(call)


def _named(call: RecordedCall) -> Iterator[str]:
    found = False
    for parameter, pattern in _ARNS.get(call.service, {}).items():
        value = call.parameters.get(parameter)
        for each in value if isinstance(value, list) else [value] if value else []:
            found = True
            name = each.rpartition("/")[2] if parameter == "QueueUrl" else each
            yield name if name.startswith("arn:") else _arn(call, pattern.format(name))
    if not found:
        yield "*"


def _of_iam(call: RecordedCall, path: str) -> str:
    given, prefix = call.parameters, f"arn:aws:iam::{call.account_id}"
    if "InstanceProfileName" in given:
        return f"{prefix}:instance-profile{path}{given['InstanceProfileName']}"
    if "RoleName" in given:
        return f"{prefix}:role{path}{given['RoleName']}"
    return str(given.get("PolicyArn") or given.get("PolicySourceArn") or "*")


def _arn(call: RecordedCall, resource: str) -> str:
    return f"arn:aws:{call.service}:{call.region}:{call.account_id}:{resource}"


def denied(
    calls: Iterable[RecordedCall], regions: Iterable[RegionPlan], role: PermissionRole, path: str = "/"
) -> set[str]:
    """What calls in the accounts of these regions need, and the policies of a role do not allow."""
    plans = list(regions)
    accounts = {plan.account_id for plan in plans}
    documents = policies(grant for plan in plans for grant in grants(plan, role))
    wanted = {each for call in calls if call.account_id in accounts for each in needed(call, path)}
    if not any(plan.settings.encryption.customer_managed for plan in plans):
        # A parameter is a plain String then, whatever the call asks for.
        wanted = {each for each in wanted if each.action != "kms:Decrypt"}
    return {str(each) for each in wanted if not any(_allows(document, each) for document in documents)}


def _allows(document: Mapping[str, Any], each: Needed) -> bool:
    effects = identity_effects(
        document, action=each.action, resource=each.resource, context=dict(each.context)
    )
    # By which service a key is used, a call does not say, nor which boundary a role has.
    unsaid = each.action.startswith("kms:") or each.action == "iam:PutRolePolicy"
    return "Allow" in effects or (unsaid and "Allow?" in effects)
