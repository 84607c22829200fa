import ast
import json
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from moto.cloudformation.models import cloudformation_backends

import modules
from local_aws.calls import ApiError, Call
from recover import SynthesizedStack, recover
from recover.lookups import LOOKUPS, PUT_AGAIN
from tests.recover.conftest import ACCOUNT, REGION

Client = Callable[[str], Any]
StackOf = Callable[..., SynthesizedStack]

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
SINK = f"arn:aws:oam:{REGION}:{ACCOUNT}:sink/0"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}"
TAGS = {"Project": "windows-security", "Environment": "production"}
LISTED = [{"Key": key, "Value": value} for key, value in TAGS.items()]
TEAM = "01234567-89ab-cdef-0123-456789abcdef"
OURS = {"default_tags": [{"tags": TAGS}]}
DESCRIPTION = "Security monitoring"


def key_policy(*patterns: str) -> str:
    """The policy of a key for log groups of these names."""
    arns = [f"{LOGS}:log-group:{pattern}" for pattern in patterns]
    log_groups = {
        "Sid": "LogGroups",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{REGION}.amazonaws.com"},
        "Action": ["kms:Encrypt*", "kms:Decrypt*"],
        "Resource": "*",
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arns}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [log_groups]})


POLICY = key_policy("*Security", "*System")

# What each kind looks like in a stack, but for the link, whose sink has an ARN that nobody knows before.
ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "aws_chatbot_slack_channel_configuration": {"configuration_name": "windows-eu-west-1-soc"},
    "aws_chatbot_teams_channel_configuration": {"configuration_name": "windows-eu-west-1-soc"},
    "aws_cloudformation_stack": {"name": "windows-log--user-account-created"},
    "aws_cloudwatch_event_bus": {"name": "central"},
    "aws_cloudwatch_log_group": {"name": "Security"},
    "aws_cloudwatch_query_definition": {"name": "windows/failed"},
    "aws_iam_instance_profile": {"name": "server"},
    "aws_iam_role": {"name": "server"},
    "aws_kms_alias": {"name": "alias/windows", "target_key_id": "${aws_kms_key.it.key_id}"},
    "aws_kms_key": {"description": DESCRIPTION, "policy": POLICY},
    "aws_s3_bucket": {"bucket": "output"},
    "aws_sns_topic": {"name": "alarms"},
    "aws_ssm_association": {"association_name": "windows-update"},
    "aws_ssm_document": {"name": "windows-audit-policy"},
    "aws_ssm_parameter": {"name": "AmazonCloudWatch-windows"},
}


def make(client: Client, *, tagged: bool = True) -> dict[str, str]:
    """Make one of each kind, and return its id by its type."""
    pairs: dict[str, Any] = {"Tags": LISTED} if tagged else {}
    content = json.dumps({"schemaVersion": "2.2", "description": "x", "mainSteps": []})
    key_tags = [{"TagKey": key, "TagValue": value} for key, value in TAGS.items() if tagged]
    key = client("kms").create_key(Description=DESCRIPTION, Tags=key_tags)["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName="alias/windows", TargetKeyId=key)
    topic_template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    client("cloudformation").create_stack(
        StackName="windows-log--user-account-created", TemplateBody=json.dumps(topic_template), **pairs
    )
    chat = {
        "ConfigurationName": "windows-eu-west-1-soc",
        "IamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/chat",
        "SnsTopicArns": [],
        **({"Tags": key_tags} if tagged else {}),
    }
    slack = client("chatbot").create_slack_channel_configuration(
        SlackTeamId="T0123ABCDEF", SlackChannelId="C0123ABCDEF", **chat
    )["ChannelConfiguration"]["ChatConfigurationArn"]
    client("chatbot").create_microsoft_teams_channel_configuration(
        TenantId=TEAM, TeamId=TEAM, ChannelId="19%3Aabc%40thread.tacv2", **chat
    )
    client("events").create_event_bus(Name="central", **pairs)
    client("logs").create_log_group(logGroupName="Security-archive")
    client("logs").create_log_group(logGroupName="Security", **({"tags": TAGS} if tagged else {}))
    query = client("logs").put_query_definition(name="windows/failed", queryString="limit 1")
    client("iam").create_instance_profile(InstanceProfileName="server", **pairs)
    client("iam").create_role(RoleName="server", AssumeRolePolicyDocument=TRUST, **pairs)
    make_bucket(client, TAGS if tagged else {"Owner": "payroll"})
    topic = client("sns").create_topic(Name="alarms", **pairs)["TopicArn"]
    association = client("ssm").create_association(
        Name="AWS-UpdateSSMAgent", AssociationName="windows-update", **pairs
    )["AssociationDescription"]["AssociationId"]
    client("ssm").create_document(
        Name="windows-audit-policy", Content=content, DocumentType="Command", DocumentFormat="JSON", **pairs
    )
    client("ssm").put_parameter(Name="AmazonCloudWatch-windows", Value="{}", Type="String", **pairs)
    return {
        "aws_chatbot_slack_channel_configuration": slack,
        "aws_chatbot_teams_channel_configuration": TEAM,
        "aws_cloudformation_stack": "windows-log--user-account-created",
        "aws_cloudwatch_event_bus": "central",
        "aws_cloudwatch_log_group": "Security",
        "aws_cloudwatch_query_definition": f"{LOGS}:query-definition:{query['queryDefinitionId']}",
        "aws_iam_instance_profile": "server",
        "aws_iam_role": "server",
        "aws_kms_alias": "alias/windows",
        "aws_kms_key": key,
        "aws_s3_bucket": "output",
        "aws_sns_topic": topic,
        "aws_ssm_association": association,
        "aws_ssm_document": "windows-audit-policy",
        "aws_ssm_parameter": "AmazonCloudWatch-windows",
    }


def make_bucket(client: Client, tags: Mapping[str, str]) -> None:
    client("s3").create_bucket(Bucket="output", CreateBucketConfiguration={"LocationConstraint": REGION})
    if tags:
        tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
        client("s3").put_bucket_tagging(Bucket="output", Tagging={"TagSet": tag_set})


def everything(stack_of: StackOf, **further: Any) -> SynthesizedStack:
    return stack_of({kind: {"it": arguments} for kind, arguments in ARGUMENTS.items()}, **further)


def test_every_kind_that_the_constructs_make_is_looked_up_or_known_to_be_put_again() -> None:
    made = {
        f"aws_{node.module.partition('.')[2]}"
        for file in Path(modules.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cdktf_cdktf_provider_aws.")
        if node.module
    }
    assert made - {"aws_provider"} == LOOKUPS.keys() | PUT_AGAIN
    assert not LOOKUPS.keys() & PUT_AGAIN


def test_every_kind_is_found_by_the_id_that_terraform_imports_it_by(
    client: Client, stack_of: StackOf
) -> None:
    made = make(client)
    recovery = recover(everything(stack_of, provider=OURS))
    assert recovery.failures == recovery.doubts == ()
    assert recovery.imports == {f"{kind}.it": identifier for kind, identifier in made.items()}
    assert {*made, "aws_oam_link"} == LOOKUPS.keys()


@pytest.mark.usefixtures("aws")
def test_in_an_empty_account_nothing_is_found(stack_of: StackOf) -> None:
    recovery = recover(everything(stack_of))
    assert (recovery.imports, recovery.failures, recovery.doubts) == ({}, (), ())


def test_what_lacks_the_tags_of_the_stack_is_somebody_elses_and_told(
    client: Client, stack_of: StackOf
) -> None:
    made = make(client, tagged=False)
    recovery = recover(everything(stack_of, provider=OURS))
    # A saved query cannot have any.
    assert set(recovery.imports) == {"aws_cloudwatch_query_definition.it"}
    not_imported = [each for each in recovery.notices if "without the tags of this stack" in each]
    assert len(not_imported) == len(made) - len(recovery.imports)
    assert (recovery.failures, recovery.doubts) == ((), ())


def test_a_type_that_cannot_have_tags_is_identified_by_its_name_alone(
    client: Client, stack_of: StackOf
) -> None:
    make(client)
    (notice,) = recover(everything(stack_of, provider=OURS)).notices
    assert notice.startswith(
        "without tags, and so identified by name alone: aws_cloudwatch_query_definition; look"
    )


BUCKET = {"aws_s3_bucket": {"it": ARGUMENTS["aws_s3_bucket"]}}


def test_a_bucket_without_any_tags_yet_is_identified_by_its_name(client: Client, stack_of: StackOf) -> None:
    make_bucket(client, {})
    recovery = recover(stack_of(BUCKET, provider=OURS))
    assert recovery.imports == {"aws_s3_bucket.it": "output"}
    (notice,) = recovery.notices
    assert "identified by name alone: aws_s3_bucket;" in notice


def test_a_bucket_with_other_tags_is_not_imported_with_the_setting_that_uses_it(
    client: Client, stack_of: StackOf
) -> None:
    make_bucket(client, TAGS | {"Environment": "development"})
    recovery = recover(stack_of(BUCKET, provider=OURS))
    assert recovery.imports == {}
    (notice,) = recovery.notices
    assert notice.startswith("aws_s3_bucket.it: output exists without the tags of this stack")
    assert "output_bucket.existing" in notice


def test_a_bucket_whose_tags_may_not_be_read_is_a_failure(
    client: Client, stack_of: StackOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(call: Call) -> None:
        if call.operation == "GetBucketTagging":
            raise ApiError("AccessDenied", "not authorized to perform s3:GetBucketTagging")

    make_bucket(client, {})
    monkeypatch.setattr("local_aws.gateway.validate", denied)
    (failure,) = recover(stack_of(BUCKET, provider=OURS)).failures
    assert failure.startswith("aws_s3_bucket cannot be looked for: ")


def test_more_tags_than_the_stack_gives_do_not_matter(client: Client, stack_of: StackOf) -> None:
    client("logs").create_log_group(logGroupName="Security", tags=TAGS | {"Owner": "soc"})
    recovery = recover(stack_of({"aws_cloudwatch_log_group": {"it": {"name": "Security"}}}, provider=OURS))
    assert recovery.imports == {"aws_cloudwatch_log_group.it": "Security"}


def test_a_stack_without_tags_is_a_notice(client: Client, stack_of: StackOf) -> None:
    client("logs").create_log_group(logGroupName="Security")
    recovery = recover(stack_of({"aws_cloudwatch_log_group": {"it": {"name": "Security"}}}))
    assert recovery.imports == {"aws_cloudwatch_log_group.it": "Security"}
    (notice,) = recovery.notices
    assert "gives no tags" in notice


def test_a_link_is_found_by_its_sink(client: Client, stack_of: StackOf) -> None:
    sinks = client("oam").create_sink(Name="central")["Arn"]
    link = client("oam").create_link(
        LabelTemplate="$AccountName", ResourceTypes=["AWS::Logs::LogGroup"], SinkIdentifier=sinks
    )["Arn"]
    stack = stack_of(
        {"aws_oam_link": {"it": {"sink_identifier": sinks}, "other": {"sink_identifier": SINK}}},
    )
    assert recover(stack).imports == {"aws_oam_link.it": link}


KEY = {"aws_kms_key": {"it": ARGUMENTS["aws_kms_key"]}, "aws_kms_alias": {"it": ARGUMENTS["aws_kms_alias"]}}


def make_key(client: Client, policy: str = POLICY) -> str:
    """Make a key without an alias, and return its id."""
    made = client("kms").create_key(Description=DESCRIPTION, Policy=policy)
    identifier: str = made["KeyMetadata"]["KeyId"]
    return identifier


def test_a_key_whose_alias_was_not_made_is_known_by_its_description_policy_and_age(
    client: Client, stack_of: StackOf
) -> None:
    kms = client("kms")
    made = make_key(client)
    kms.create_key(Description="payroll", Policy=POLICY)
    kms.create_alias(AliasName="alias/another-instance", TargetKeyId=make_key(client))
    kms.schedule_key_deletion(KeyId=make_key(client))
    assert recover(stack_of(KEY)).imports == {"aws_kms_key.it": made}


def test_a_key_of_another_policy_is_not_the_stacks(client: Client, stack_of: StackOf) -> None:
    make_key(client, key_policy("Security", "System"))
    made = make_key(client)
    recovery = recover(stack_of(KEY))
    assert (recovery.imports, recovery.doubts) == ({"aws_kms_key.it": made}, ())


def test_a_policy_is_the_same_in_whatever_order_and_form_aws_gives_its_lists(
    client: Client, stack_of: StackOf
) -> None:
    given = json.loads(key_policy("*System", "*Security"))
    (statement,) = given["Statement"]
    statement["Principal"] = {"Service": [statement["Principal"]["Service"]]}
    made = make_key(client, json.dumps(given))
    assert recover(stack_of(KEY)).imports == {"aws_kms_key.it": made}


def test_a_key_that_is_too_old_to_be_the_killed_applys_is_named_and_not_imported(
    client: Client, stack_of: StackOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = make_key(client)
    monkeypatch.setattr("recover.lookups.JUST_MADE", timedelta(0))
    recovery = recover(stack_of(KEY))
    assert recovery.imports == {}
    (doubt,) = recovery.doubts
    assert doubt.startswith(f"aws_kms_key.it may be {former} (made 20")


def test_a_key_with_the_stacks_alias_is_its_own_however_old_it_is_and_whatever_its_policy(
    client: Client, stack_of: StackOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = make_key(client, key_policy("of-an-earlier-version"))
    client("kms").create_alias(AliasName="alias/windows", TargetKeyId=key)
    make_key(client)
    monkeypatch.setattr("recover.lookups.JUST_MADE", timedelta(0))
    assert recover(stack_of(KEY)).imports == {"aws_kms_key.it": key, "aws_kms_alias.it": "alias/windows"}


def test_a_key_that_waits_for_its_deletion_is_gone_even_if_its_alias_is_there(
    client: Client, stack_of: StackOf
) -> None:
    kms = client("kms")
    doomed = kms.create_key(Description=DESCRIPTION)["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/windows", TargetKeyId=doomed)
    kms.schedule_key_deletion(KeyId=doomed)
    assert recover(stack_of(KEY)).imports == {"aws_kms_alias.it": "alias/windows"}


def test_two_keys_that_may_be_it_are_dated_and_neither_is_imported_or_to_be_deleted(
    client: Client, stack_of: StackOf
) -> None:
    keys = [make_key(client) for _ in range(2)]
    stack = stack_of(KEY)
    recovery = recover(stack)
    assert recovery.imports == {}
    (doubt,) = recovery.doubts
    for key in keys:
        made = client("kms").describe_key(KeyId=key)["KeyMetadata"]["CreationDate"].astimezone(UTC)
        assert f"{key} (made {made:%Y-%m-%d %H:%M} UTC)" in doubt
    assert "may still decrypt past events, so keep them all" in doubt
    assert f"terraform -chdir={stack.folder} import aws_kms_key.it KEY" in doubt
    assert "delete" not in doubt


def test_a_key_that_two_resources_may_have_made_is_named_and_not_imported(
    client: Client, stack_of: StackOf
) -> None:
    key = make_key(client)
    arguments = ARGUMENTS["aws_kms_key"]
    recovery = recover(stack_of({"aws_kms_key": {"one": arguments, "other": arguments}}))
    assert recovery.imports == {}
    assert recovery.doubts == (
        f"{key} may be aws_kms_key.one or aws_kms_key.other; import it yourself (terraform import)",
    )


def test_what_was_made_twice_is_named_and_the_rest_is_imported(client: Client, stack_of: StackOf) -> None:
    for _ in range(2):
        client("logs").put_query_definition(name="windows/failed", queryString="limit 1")
        client("ssm").create_association(Name="AWS-UpdateSSMAgent", AssociationName="windows-update")
    client("iam").create_role(RoleName="server", AssumeRolePolicyDocument=TRUST)
    recovery = recover(everything(stack_of))
    assert recovery.imports == {"aws_iam_role.it": "server"}
    assert [doubt.split()[0] for doubt in recovery.doubts] == [
        "aws_cloudwatch_query_definition.it",
        "aws_ssm_association.it",
    ]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("arguments", [{}, {"name": "${aws_sns_topic.t.name}"}])
def test_what_has_no_name_before_the_apply_is_not_looked_for(
    stack_of: StackOf, arguments: Mapping[str, str]
) -> None:
    recovery = recover(stack_of({"aws_iam_role": {"it": arguments}}))
    (notice,) = recovery.notices
    assert notice.startswith("aws_iam_role.it is not looked for: its name is ")


@pytest.mark.usefixtures("aws")
def test_a_kind_that_the_project_does_not_make_is_told(stack_of: StackOf) -> None:
    recovery = recover(stack_of({"aws_sqs_queue": {"it": {"name": "q"}}}))
    assert recovery.notices == (
        "aws_sqs_queue is not looked for: it is none of the types that this project creates",
    )


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("CREATE_IN_PROGRESS", "recover again in a minute"),
        (
            "ROLLBACK_COMPLETE",
            "(aws cloudformation delete-stack --stack-name windows-log--user-account-created)",
        ),
    ],
)
def test_a_cloudformation_stack_that_no_apply_could_change_is_doubtful(
    client: Client, stack_of: StackOf, status: str, advice: str
) -> None:
    make(client)
    stacks = cloudformation_backends[ACCOUNT][REGION].stacks
    (found,) = stacks.values()
    found.status = status
    kind = "aws_cloudformation_stack"
    recovery = recover(stack_of({kind: {"it": ARGUMENTS[kind]}}, provider=OURS))
    assert recovery.imports == {}
    (doubt,) = recovery.doubts
    assert status in doubt
    assert advice in doubt
