import json

from local_aws import LocalAws, inventory

ACCOUNT = "111122223333"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def fill(aws: LocalAws, region: str) -> None:
    logs, cloudwatch, sns, ssm, s3, kms = (
        aws.client(service, ACCOUNT, region) for service in ("logs", "cloudwatch", "sns", "ssm", "s3", "kms")
    )
    logs.create_log_group(logGroupName="Security")
    logs.put_metric_filter(
        logGroupName="Security",
        filterName="failed",
        filterPattern="",
        metricTransformations=[{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}],
    )
    logs.put_query_definition(name="windows/failed", queryString="limit 1")
    cloudwatch.put_metric_alarm(
        AlarmName="failed",
        MetricName="m",
        Namespace="n",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(failed)")
    cloudwatch.put_dashboard(DashboardName="windows", DashboardBody=json.dumps({"widgets": []}))
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="soc@example.com")
    ssm.put_parameter(Name="AmazonCloudWatch-windows", Value="{}", Type="String")
    ssm.create_association(Name="AWS-UpdateSSMAgent")
    key_id = kms.create_key(Description="events")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/windows", TargetKeyId=key_id)
    doomed = kms.create_key(Description="doomed")["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=doomed)
    s3.create_bucket(
        Bucket=f"output-{region}",
        **({} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}),
    )


def test_everything_in_an_account_and_region_is_named(aws: LocalAws) -> None:
    aws.client("iam", ACCOUNT).create_role(RoleName="server", AssumeRolePolicyDocument=TRUST)
    fill(aws, "eu-west-1")

    found = inventory(aws, ACCOUNT, "eu-west-1")

    assert {kind: names for kind, names in found.items() if names} == {
        "roles": ["server"],
        "parameters": ["AmazonCloudWatch-windows"],
        "associations": ["AWS-UpdateSSMAgent"],
        "log groups": ["Security"],
        "metric filters": ["failed"],
        "saved queries": ["windows/failed"],
        "metric alarms": ["failed"],
        "composite alarms": ["both"],
        "dashboards": ["windows"],
        "topics": ["alarms"],
        "subscriptions": ["alarms: email soc@example.com"],
        "buckets": ["output-eu-west-1"],
        "keys": ["events"],
        "key aliases": ["alias/windows"],
    }


def test_another_region_is_not_counted(aws: LocalAws) -> None:
    fill(aws, "us-east-1")

    assert not any(inventory(aws, ACCOUNT, "eu-west-1").values())
    assert inventory(aws, ACCOUNT, "us-east-1")["buckets"] == ["output-us-east-1"]


def test_an_empty_account_has_every_kind_and_nothing_of_it(aws: LocalAws) -> None:
    found = inventory(aws, ACCOUNT, "eu-west-1")

    assert {"roles", "log groups", "buckets"} <= found.keys()
    assert not any(found.values())
