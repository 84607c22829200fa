"""Puts into the local AWS, by API, what an apply of a stack leaves there."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from catalog import agent_configuration, insights_query, minified
from catalog.derived.audit_script import audit_document
from deployment import RegionPlan, service_principal
from deployment.resources.alarms import AlarmSpec, alarm_specs, callers
from deployment.resources.association_failures import association_failure_rule
from deployment.resources.associations import STEPS, associations
from deployment.resources.buckets import output_bucket, refuse_plain_http
from deployment.resources.documents import server_document, server_document_parameters
from deployment.resources.log_alarms import LogAlarmSpec, log_alarm_roles
from deployment.resources.security_account import alarm_event_rule, observability_link
from local_aws import LocalAws
from verify.checks.alarms import compared_settings
from verify.checks.buckets import BLOCKED

HASH = "0a1b2c3d"


def deploy(aws: LocalAws, region: RegionPlan) -> None:
    """Make what the checks look at, as the constructs do, but for what goes to a security account."""
    client = clients(aws, region)
    put_roles(client("iam"), region)
    put_bucket(client("s3"), region)
    put_parameter(client("ssm"), region)
    put_document(client("ssm"), region)
    put_server_document(client("ssm"), region)
    for step in STEPS:
        put_association(client("ssm"), region, step)
    key_arn = put_key(client("kms"), region)
    put_log_groups(client("logs"), region, key_arn)
    for event in region.metric_events:
        put_metric_filters(client("logs"), region, event.key)
    for topic in region.topics:
        put_topic(client("sns"), region, topic.name, KmsMasterKeyId=key_arn)
    put_failure_rule(client, region)
    for alarm in alarm_specs(region).values():
        put_alarm(client("cloudwatch"), alarm)
    for function in callers(region, "lambda"):
        name = put_function(client, function.rpartition(":")[2])
        let_alarms_call(client("lambda"), region, name)
    put_dashboard(client("cloudwatch"), region)
    put_saved_queries(client("logs"), region)


def run_servers(aws: LocalAws, region: RegionPlan) -> str:
    """Start a server that ships an event of every log, and count it; return its id."""
    client = clients(aws, region)
    server = launch(client("ec2"), region)
    now = datetime.now(UTC)
    for channel, group in region.log_groups.items():
        ship(client("logs"), group, f"{server}/{channel}/0", now)
        count(client("cloudwatch"), "AWS/Logs", "IncomingLogEvents", 1000, [group])
    for event in region.events:
        count(client("cloudwatch"), region.settings.metric_namespace, event.metric_name, 7)
    return server


def clients(aws: LocalAws, region: RegionPlan) -> Callable[[str], Any]:
    """Return what gives the client of a service where a stack is, made once."""
    return cache(lambda service: aws.client(service, region.account_id, region.region_name))


def put_roles(iam: Any, region: RegionPlan) -> None:
    put_role(iam, region.names.server_role, ["AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"])
    iam.put_role_policy(
        RoleName=region.names.server_role,
        PolicyName=region.names.server_role,
        PolicyDocument=policy({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}),
    )
    for spec in log_alarm_roles(region):
        iam.create_role(RoleName=spec.name, AssumeRolePolicyDocument=spec.trust_policy)
        iam.put_role_policy(RoleName=spec.name, PolicyName=spec.name, PolicyDocument=spec.inline_policy)


def put_role(iam: Any, name: str, policies: list[str], service: str = "ec2.amazonaws.com") -> None:
    trust = policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    for each in policies:
        iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{each}")
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)


def put_bucket(s3: Any, region: RegionPlan) -> None:
    """Make the bucket for the output of associations, if the deployment makes one."""
    spec = output_bucket(region)
    if spec is None or spec.existing:
        return
    place = {"LocationConstraint": region.region_name}
    s3.create_bucket(Bucket=spec.name, CreateBucketConfiguration=place, ObjectOwnership="BucketOwnerEnforced")
    blocked = dict.fromkeys(BLOCKED, True)
    s3.put_public_access_block(Bucket=spec.name, PublicAccessBlockConfiguration=blocked)
    default = {"SSEAlgorithm": "aws:kms" if spec.encrypted else "AES256"}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    s3.put_bucket_encryption(Bucket=spec.name, ServerSideEncryptionConfiguration={"Rules": rules})
    s3.put_bucket_versioning(Bucket=spec.name, VersioningConfiguration={"Status": "Enabled"})
    refusal = refuse_plain_http(f"arn:aws:s3:::{spec.name}")
    s3.put_bucket_policy(Bucket=spec.name, Policy=policy(refusal))


def put_parameter(ssm: Any, region: RegionPlan, value: str | None = None) -> None:
    settings = region.settings
    derived = agent_configuration(
        region.events,
        collection=settings.collection,
        host_metrics=settings.host_metrics,
        log_groups=region.log_groups,
    )
    ssm.put_parameter(
        Name=region.names.agent_parameter, Value=value or minified(derived), Type="String", Overwrite=True
    )


def put_document(ssm: Any, region: RegionPlan) -> None:
    content = audit_document(
        region.events, security_log_bytes=region.settings.audit_policy.security_log_bytes
    )
    ssm.create_document(
        Name=region.names.audit_policy_document, DocumentType="Command", Content=json.dumps(content)
    )


def put_server_document(ssm: Any, region: RegionPlan) -> None:
    if spec := server_document(region):
        ssm.create_document(Name=spec.name, DocumentType="Command", Content=spec.content)


def put_association(ssm: Any, region: RegionPlan, step_name: str, **changes: Any) -> None:
    """Make the associations of one step; none where it has no servers to look for."""
    for planned in associations(region):
        if planned.step != step_name:
            continue
        hashes = (
            server_document_parameters(region) if planned.document == region.names.server_document else {}
        )
        arguments = {
            "Name": planned.document,
            "AssociationName": planned.name + (f"-{HASH}" if STEPS[step_name].hashed else ""),
            "Targets": [{"Key": f"tag:{k}", "Values": list(values)} for k, values in planned.targets.items()],
            "ScheduleExpression": planned.settings.schedule,
            "Parameters": {name: [value] for name, value in ({**planned.parameters, **hashes}).items()},
        }
        ssm.create_association(**arguments | changes)


def put_failure_rule(client: Callable[[str], Any], region: RegionPlan) -> None:
    """Make the rule that reports failed associations: all that exist."""
    if not (rule := association_failure_rule(region)):
        return
    made = client("ssm").list_associations()["Associations"]
    pattern = rule.pattern([each["AssociationId"] for each in made])
    client("events").put_rule(Name=rule.name, EventPattern=json.dumps(pattern))
    transformer = {"InputPathsMap": dict(rule.input_paths), "InputTemplate": rule.input_template}
    target = {"Id": rule.target_id, "Arn": rule.topic_arn, "InputTransformer": transformer}
    client("events").put_targets(Rule=rule.name, Targets=[target])


def put_key(kms: Any, region: RegionPlan, statements: Iterable[Any] | None = None) -> str:
    """Make the deployment's key, with other statements in its policy where a test says so; return its ARN."""
    allowed = key_statements(region) if statements is None else statements
    key = kms.create_key(Policy=policy(*allowed))["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/{region.names.key_alias}", TargetKeyId=key["KeyId"])
    return str(key["Arn"])


def key_statements(region: RegionPlan) -> list[Any]:
    """The statements of the key's policy: of the account, CloudWatch Logs, and CloudWatch."""
    where = f"{region.region_name}:{region.account_id}"
    allowed = {"Effect": "Allow", "Resource": "*"}
    return [
        allowed
        | {"Principal": {"AWS": f"arn:{region.partition}:iam::{region.account_id}:root"}, "Action": "kms:*"},
        allowed
        | {
            "Principal": {"Service": service_principal("logs", region.region_name)},
            "Action": ["kms:Decrypt*", "kms:Encrypt*", "kms:GenerateDataKey*"],
            "Condition": {
                "ArnEquals": {
                    "kms:EncryptionContext:aws:logs:arn": [
                        f"arn:{region.partition}:logs:{where}:log-group:{name}"
                        for name in region.log_groups.values()
                    ]
                }
            },
        },
        allowed
        | {
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Condition": {"ArnLike": {"aws:SourceArn": f"arn:{region.partition}:cloudwatch:{where}:alarm:*"}},
        },
        allowed
        | {
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        },
    ]


def put_log_groups(logs: Any, region: RegionPlan, key_arn: str = "") -> None:
    for name in region.log_groups.values():
        logs.create_log_group(logGroupName=name, **({"kmsKeyId": key_arn} if key_arn else {}))
        logs.put_retention_policy(logGroupName=name, retentionInDays=region.settings.retention_days)


def put_metric_filters(logs: Any, region: RegionPlan, event_key: str, **changes: Any) -> None:
    (event,) = (each for each in region.events if each.key == event_key)
    transformation = {
        "metricName": event.metric_name,
        "metricNamespace": region.settings.metric_namespace,
        "metricValue": "1",
        "defaultValue": 0,
    }
    for number, pattern in enumerate(event.patterns):
        logs.put_metric_filter(
            logGroupName=region.log_groups[event.channel],
            filterName=region.names.metric_filter(event_key, number),
            filterPattern=changes.get("filterPattern", pattern),
            metricTransformations=[
                {k: v for k, v in (transformation | changes).items() if k in transformation and v is not None}
            ],
        )


def put_topic(sns: Any, region: RegionPlan, name: str, **attributes: str) -> str:
    (topic,) = (each for each in region.topics if each.name == name)
    arn: str = sns.create_topic(Name=name)["TopicArn"]
    attributes = {"Policy": published_by_alarms(arn, region), **attributes}
    for attribute, value in attributes.items():
        sns.set_topic_attributes(TopicArn=arn, AttributeName=attribute, AttributeValue=value)
    for each in topic.subscriptions:
        sns.subscribe(TopicArn=arn, Protocol=each.protocol.value, Endpoint=each.endpoint)
    return arn


def published_by_alarms(topic_arn: str, region: RegionPlan) -> str:
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {
                "ArnLike": {
                    "aws:SourceArn": f"arn:aws:cloudwatch:{region.region_name}:{region.account_id}:alarm:*"
                },
                "StringEquals": {"aws:SourceAccount": region.account_id},
            },
        },
        {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic_arn,
        },
    )


def put_alarm(cloudwatch: Any, alarm: AlarmSpec, **changes: Any) -> None:
    """Make one alarm, with other settings where a test says so."""
    if isinstance(alarm, LogAlarmSpec):
        cloudwatch.put_log_alarm(**alarm.properties | changes)
        return
    settings = {name: value for name, value in compared_settings(alarm).items() if value is not None}
    actions = {"AlarmActions": list(alarm.actions), "OKActions": list(alarm.ok_actions)}
    put = cloudwatch.put_composite_alarm if "AlarmRule" in settings else cloudwatch.put_metric_alarm
    put(**{"AlarmName": alarm.name} | settings | actions | changes)


def put_function(client: Callable[[str], Any], name: str) -> str:
    """Make a function that nobody may call; return its name."""
    put_role(client("iam"), f"{name}-function", [], service="lambda.amazonaws.com")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("function.py", "")
    made = client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=f"arn:aws:iam::111122223333:role/{name}-function",
        Handler="function.handler",
        Code={"ZipFile": code.getvalue()},
    )
    return str(made["FunctionName"])


def let_alarms_call(functions: Any, region: RegionPlan, name: str) -> None:
    functions.add_permission(
        FunctionName=name,
        StatementId="alarms",
        Action="lambda:InvokeFunction",
        Principal="lambda.alarms.cloudwatch.amazonaws.com",
        SourceArn=f"arn:aws:cloudwatch:{region.region_name}:{region.account_id}:alarm:*",
        SourceAccount=region.account_id,
    )


def put_central(client: Callable[[str], Any], region: RegionPlan) -> None:
    """Make what sends to a security account; no event may be shipped afterwards.

    The local AWS looks for the streams of a log group where a subscription names a destination.
    """
    central = region.settings.central
    if central.event_bus:
        put_event_rule(client, region, central.event_bus)
    if central.log_destination:
        for group in region.log_groups.values():
            client("logs").put_subscription_filter(
                logGroupName=group,
                filterName=region.names.central_subscription,
                filterPattern="",
                destinationArn=central.log_destination,
            )
    if link := observability_link(region):
        client("oam").create_link(
            LabelTemplate=link.label_template,
            ResourceTypes=link.resource_types,
            SinkIdentifier=link.sink_arn,
            LinkConfiguration={
                "LogGroupConfiguration": {"Filter": link.log_group_filter},
                "MetricConfiguration": {"Filter": link.metric_filter},
            },
        )


def put_event_rule(client: Callable[[str], Any], region: RegionPlan, bus: str) -> None:
    rule = alarm_event_rule(region)
    assert rule
    name, role = rule.name, rule.role.name
    made = client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=rule.role.trust_policy)["Role"]
    client("iam").put_role_policy(RoleName=role, PolicyName=role, PolicyDocument=rule.role.inline_policy)
    client("events").put_rule(Name=name, EventPattern=json.dumps(rule.pattern))
    client("events").put_targets(
        Rule=name, Targets=[{"Id": "central-event-bus", "Arn": bus, "RoleArn": made["Arn"]}]
    )


def put_dashboard(cloudwatch: Any, region: RegionPlan) -> None:
    cloudwatch.put_dashboard(DashboardName=region.names.dashboard, DashboardBody='{"widgets": []}')


def put_saved_queries(logs: Any, region: RegionPlan) -> None:
    for event in region.events:
        logs.put_query_definition(
            name=region.names.saved_query(event.family, event.key), queryString=insights_query(event)
        )


def topic_arn(region: RegionPlan, name: str) -> str:
    return f"arn:aws:sns:{region.region_name}:{region.account_id}:{name}"


def policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def launch(ec2: Any, region: RegionPlan, setting: str = "targets", **arguments: Any) -> str:
    """Start a server with the tags of a setting and the instance profile; return its id."""
    tags = [{"Key": key, "Value": values[0]} for key, values in getattr(region.settings, setting).items()]
    profile = {"IamInstanceProfile": {"Name": region.names.server_role}}
    (server,) = ec2.run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        **profile | arguments,
    )["Instances"]
    return str(server["InstanceId"])


def ship(logs: Any, group: str, stream: str, time: datetime) -> None:
    """Put one event into a stream of its own."""
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    logs.put_log_events(
        logGroupName=group,
        logStreamName=stream,
        logEvents=[{"timestamp": int(time.timestamp() * 1000), "message": "<Event/>"}],
    )


def count(
    cloudwatch: Any, namespace: str, name: str, value: float, log_groups: list[str] | None = None
) -> None:
    """Put one value of a metric."""
    dimensions = [{"Name": "LogGroupName", "Value": group} for group in log_groups or []]
    datum = {"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": "None"}
    datum["Timestamp"] = datetime.now(UTC) - timedelta(minutes=5)
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])
