"""A real terraform over a stack of every kind of resource; a stand-in for it where that is enough."""

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_aws import (
    Change,
    LocalAws,
    Terraform,
    TerraformError,
    binary_name,
    find_provider_mirror,
    inventory,
    terraform_environment,
)
from local_aws.calls import Call, Environ, read_call
from tests.end_to_end.provider import VARIABLE, running_provider

ACCOUNT = "111122223333"
REGION = "eu-west-1"

needs_terraform = pytest.mark.skipif(
    shutil.which(binary_name()) is None, reason=f"{binary_name()} is not installed"
)


def policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


TRUST = policy(Principal={"Service": "ec2.amazonaws.com"}, Action="sts:AssumeRole")
PUBLISH = policy(
    Principal={"Service": "cloudwatch.amazonaws.com"},
    Action="SNS:Publish",
    Resource="${aws_sns_topic.alarms.arn}",
    Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"}},
)
TLS_ONLY = policy(
    Effect="Deny",
    Principal="*",
    Action="s3:*",
    Resource="${aws_s3_bucket.output.arn}/*",
    Condition={"Bool": {"aws:SecureTransport": "false"}},
)

RESOURCES: dict[str, dict[str, dict[str, Any]]] = {
    "aws_iam_role": {"server": {"name": "server", "assume_role_policy": TRUST}},
    "aws_iam_instance_profile": {"server": {"name": "server", "role": "${aws_iam_role.server.name}"}},
    "aws_iam_role_policy_attachment": {
        "core": {
            "role": "${aws_iam_role.server.name}",
            "policy_arn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        }
    },
    "aws_ssm_parameter": {
        "agent": {
            "name": "AmazonCloudWatch-windows",
            "type": "String",
            "tier": "Intelligent-Tiering",
            "value": "{}",
        }
    },
    "aws_ssm_association": {
        "agent": {
            "name": "AmazonCloudWatch-ManageAgent",
            "association_name": "configure-agent",
            "parameters": {
                "action": "configure",
                "optionalConfigurationLocation": "${aws_ssm_parameter.agent.name}",
            },
            "targets": [{"key": "tag:OS", "values": ["Windows Server 2016", "Windows Server 2019"]}],
            "schedule_expression": "rate(1 day)",
            "output_location": [{"s3_bucket_name": "${aws_s3_bucket.output.bucket}", "s3_key_prefix": "ssm"}],
            "max_concurrency": "10%",
            "max_errors": "5%",
            "compliance_severity": "HIGH",
            "sync_compliance": "AUTO",
        },
        "update": {"name": "AWS-UpdateSSMAgent", "targets": [{"key": "InstanceIds", "values": ["*"]}]},
    },
    "aws_cloudwatch_log_group": {
        "security": {"name": "Security", "retention_in_days": 365, "log_group_class": "STANDARD"},
    },
    "aws_cloudwatch_log_metric_filter": {
        "failed": {
            "name": "logon-failed",
            "log_group_name": "${aws_cloudwatch_log_group.security.name}",
            "pattern": '"<EventID>4625</EventID>" "<Data Name=\'LogonType\'>3</Data>"',
            "metric_transformation": [
                {"name": "Windows-Logon-Fail", "namespace": "Windows", "value": "1", "default_value": "0"}
            ],
        }
    },
    "aws_cloudwatch_metric_alarm": {
        "failed": {
            "alarm_name": "logon-failed",
            "alarm_description": "ログオン失敗",
            "namespace": "Windows",
            "metric_name": "Windows-Logon-Fail",
            "statistic": "Sum",
            "period": 300,
            "evaluation_periods": 1,
            "threshold": 5,
            "comparison_operator": "GreaterThanOrEqualToThreshold",
            "treat_missing_data": "notBreaching",
            "alarm_actions": ["${aws_sns_topic.alarms.arn}"],
        }
    },
    "aws_cloudwatch_composite_alarm": {
        "high": {
            "alarm_name": "high",
            "alarm_rule": 'ALARM("${aws_cloudwatch_metric_alarm.failed.alarm_name}")',
            "alarm_actions": ["${aws_sns_topic.alarms.arn}"],
            "actions_suppressor": [
                {
                    "alarm": "${aws_cloudwatch_metric_alarm.failed.alarm_name}",
                    "wait_period": 60,
                    "extension_period": 60,
                }
            ],
        }
    },
    "aws_cloudwatch_query_definition": {
        "failed": {
            "name": "windows/logon-failed",
            "log_group_names": ["${aws_cloudwatch_log_group.security.name}"],
            "query_string": "fields @timestamp\n| limit 20",
        }
    },
    "aws_cloudwatch_dashboard": {
        "windows": {
            "dashboard_name": "windows",
            "dashboard_body": json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "#"}}]}),
        }
    },
    "aws_sns_topic": {"alarms": {"name": "alarms"}},
    "aws_sns_topic_policy": {"alarms": {"arn": "${aws_sns_topic.alarms.arn}", "policy": PUBLISH}},
    "aws_sns_topic_subscription": {
        "mail": {
            "topic_arn": "${aws_sns_topic.alarms.arn}",
            "protocol": "email",
            "endpoint": "soc@example.com",
        },
        "queue": {
            "topic_arn": "${aws_sns_topic.alarms.arn}",
            "protocol": "sqs",
            "endpoint": f"arn:aws:sqs:{REGION}:{ACCOUNT}:alarms",
        },
    },
    "aws_s3_bucket": {"output": {"bucket": f"output-{ACCOUNT}"}},
    "aws_s3_bucket_public_access_block": {
        "output": {
            "bucket": "${aws_s3_bucket.output.id}",
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        }
    },
    "aws_s3_bucket_versioning": {
        "output": {
            "bucket": "${aws_s3_bucket.output.id}",
            "versioning_configuration": [{"status": "Enabled"}],
        }
    },
    "aws_s3_bucket_server_side_encryption_configuration": {
        "output": {
            "bucket": "${aws_s3_bucket.output.id}",
            "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}],
        }
    },
    "aws_s3_bucket_policy": {"output": {"bucket": "${aws_s3_bucket.output.id}", "policy": TLS_ONLY}},
    "aws_oam_sink": {"security": {"name": "security"}},
}


def write_stack(directory: Path, resources: dict[str, Any]) -> Path:
    """A stack as cdktf would write it, whose state lies beside it."""
    directory.mkdir(parents=True, exist_ok=True)
    stack = {
        "terraform": {
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}},
            "backend": {"local": {"path": "state/terraform.tfstate"}},
        },
        "provider": {
            "aws": [
                {
                    "region": REGION,
                    "allowed_account_ids": [ACCOUNT],
                    "assume_role": [{"role_arn": f"arn:aws:iam::{ACCOUNT}:role/deployer"}],
                    "default_tags": [{"tags": {"project": "monitoring"}}],
                }
            ]
        },
        "resource": resources,
    }
    if "aws_sns_topic" in resources:
        stack["output"] = {"topic": {"value": "${aws_sns_topic.alarms.arn}"}}
    (directory / "cdk.tf.json").write_text(json.dumps(stack))
    return directory


@pytest.fixture
def provider(aws: LocalAws) -> Iterator[str]:
    """One process of the provider for all commands of a test."""
    with running_provider(aws.environment()) as value:
        yield value


@pytest.mark.slow
@needs_terraform
def test_a_stack_of_every_kind_is_applied_unchanged_and_destroyed_without_a_trace(
    aws: LocalAws, provider: str, tmp_path: Path
) -> None:
    directory = write_stack(tmp_path / "stacks" / "security", RESOURCES)
    text = (directory / "cdk.tf.json").read_text()
    lines: list[str] = []
    environment = {**aws.environment(), VARIABLE: provider}
    terraform = Terraform(directory, environment, progress=lines.append)

    terraform.init()
    terraform.validate()
    plan = terraform.plan()
    assert {change.address for change in plan.changes} == {
        f"{kind}.{name}" for kind, named in RESOURCES.items() for name in named
    }
    assert {change.actions for change in plan.changes} == {("create",)}

    terraform.apply()
    assert terraform.plan().is_empty
    assert terraform.output() == {"topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"}
    assert (directory / "state" / "terraform.tfstate").exists()
    assert (directory / "cdk.tf.json").read_text() == text
    assert any("Creation complete" in line for line in lines)
    found = inventory(aws, ACCOUNT, REGION)
    assert found["composite alarms"] == ["high"]
    assert found["associations"] == ["AWS-UpdateSSMAgent", "configure-agent"]
    assert found["buckets"] == [f"output-{ACCOUNT}"]

    terraform.destroy()
    assert not any(inventory(aws, ACCOUNT, REGION).values())


@needs_terraform
def test_what_aws_would_refuse_fails_at_once_in_the_words_of_aws(
    aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()

    def read(environ: Environ) -> Call | None:
        call = read_call(environ)
        calls[call.operation if call else ""] += 1
        return call

    monkeypatch.setattr("local_aws.gateway.read_call", read)
    refused = {
        "aws_ssm_association": {
            "often": {"name": "AWS-UpdateSSMAgent", "schedule_expression": "rate(5 minutes)"}
        },
        "aws_cloudwatch_log_group": {"lacking": {"name": "Security"}},
        "aws_cloudwatch_log_anomaly_detector": {
            "lacking": {"enabled": True, "log_group_arn_list": ["${aws_cloudwatch_log_group.lacking.arn}"]}
        },
    }
    terraform = Terraform(write_stack(tmp_path, refused), aws.environment())
    terraform.init()

    with pytest.raises(TerraformError) as caught:
        terraform.apply()

    assert "InvalidSchedule: rate(5 minutes) must be at least 30 minutes" in caught.value.message
    assert "the local AWS lacks this" in " ".join(caught.value.message.split())
    # The provider would try again what may succeed later.
    assert (calls["CreateAssociation"], calls["CreateLogAnomalyDetector"]) == (1, 1)


STAND_IN = """#!{python}
import json, os, sys
print(json.dumps({{"arguments": sys.argv[1:], "directory": os.getcwd(), "environment": dict(os.environ)}}))
if os.path.exists("fail"):
    sys.exit("╷\\n│ Error: no luck\\n│ \\n│ none at all\\n╵")
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of terraform, a script that says how it was called."""
    script = tmp_path / "tofu"
    script.write_text(STAND_IN.format(python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", str(script))
    return script


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mirror"
    (folder / "registry.terraform.io" / "hashicorp" / "aws").mkdir(parents=True)
    monkeypatch.setenv("TF_PLUGIN_MIRROR", str(folder))
    return folder


@pytest.fixture
def no_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("TF_PLUGIN_MIRROR", raising=False)
    monkeypatch.setattr("local_aws.terraform.SYSTEM_MIRRORS", ())


def called(terraform: Terraform) -> dict[str, Any]:
    """How the stand-in is called by an apply."""
    lines: list[str] = []
    terraform = Terraform(terraform.directory, {"AWS_REGION": REGION}, progress=lines.append)
    terraform.apply("-parallelism=2")
    call: dict[str, Any] = json.loads(lines[0])
    return call


def test_another_binary_can_be_named(stand_in: Path, tmp_path: Path) -> None:
    call = called(Terraform(tmp_path, {}))

    assert call["arguments"] == ["apply", "-input=false", "-no-color", "-auto-approve", "-parallelism=2"]


def test_terraform_runs_in_the_stacks_own_folder(stand_in: Path, tmp_path: Path) -> None:
    assert Path(called(Terraform(write_stack(tmp_path / "stack", {}), {}))["directory"]) == tmp_path / "stack"


def test_terraform_runs_in_a_copy_where_a_working_directory_is_named(stand_in: Path, tmp_path: Path) -> None:
    stack = write_stack(tmp_path / "stack", {})

    terraform = Terraform(stack, {}, tmp_path / "work" / "here")

    assert Path(called(terraform)["directory"]) == tmp_path / "work" / "here"
    assert (tmp_path / "work" / "here" / "cdk.tf.json").exists()
    assert [path.name for path in stack.iterdir()] == ["cdk.tf.json"]


def test_the_callers_credentials_and_settings_do_not_reach_terraform(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "TF_WORKSPACE",
        "TF_DATA_DIR",
        "TF_CLI_ARGS_apply",
        "TF_VAR_x",
    ):
        monkeypatch.setenv(name, "mine")

    environment = called(Terraform(tmp_path, {}))["environment"]

    assert "mine" not in environment.values()
    assert environment["AWS_REGION"] == REGION
    assert environment["PATH"] == os.environ["PATH"]


def test_a_failure_says_the_command_the_exit_code_and_terraforms_words(
    stand_in: Path, tmp_path: Path
) -> None:
    (tmp_path / "fail").touch()

    with pytest.raises(TerraformError) as caught:
        Terraform(tmp_path, {}).init()

    assert caught.value.exit_code == 1
    assert caught.value.message == "Error: no luck\n\nnone at all"
    assert f"init in {tmp_path} failed with exit code 1:\nError: no luck" in str(caught.value)


def test_a_terraform_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "no-such-terraform")

    with pytest.raises(TerraformError, match="no-such-terraform is not installed"):
        Terraform(tmp_path, {}).init()


def test_an_override_lies_beside_the_stack_until_it_is_no_longer_asked_for(tmp_path: Path) -> None:
    override = {"provider": {"aws": {"max_retries": 1}}}

    Terraform(tmp_path, {}, override=override)
    written = json.loads((tmp_path / "local_aws_override.tf.json").read_text())
    Terraform(tmp_path, {})

    assert written == override
    assert not list(tmp_path.glob("*.tf.json"))


def test_the_mirror_is_the_folder_that_the_variable_names(mirror: Path) -> None:
    assert find_provider_mirror() == mirror


def test_a_named_folder_without_the_provider_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_PLUGIN_MIRROR", str(tmp_path))

    assert find_provider_mirror() != tmp_path


def test_the_users_own_plugin_folder_is_a_mirror(no_mirror: None, tmp_path: Path) -> None:
    assert find_provider_mirror() is None

    folder = tmp_path / ".terraform.d" / "plugins"
    (folder / "registry.terraform.io" / "hashicorp" / "aws").mkdir(parents=True)

    assert find_provider_mirror() == folder


def test_terraform_is_told_of_the_mirror(mirror: Path, tmp_path: Path) -> None:
    environment = terraform_environment(tmp_path)

    configuration = Path(environment["TF_CLI_CONFIG_FILE"])
    assert configuration.parent == tmp_path
    assert f'path    = "{mirror}"' in configuration.read_text()
    assert environment["TF_CLI_ARGS_providers_lock"] == f"-fs-mirror={mirror}"


def test_without_a_mirror_terraform_keeps_the_users_configuration(
    no_mirror: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = tmp_path / "own.tfrc"
    configuration.touch()
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(configuration))

    assert "TF_CLI_CONFIG_FILE" not in terraform_environment(tmp_path)


def test_a_configuration_that_is_named_but_missing_is_not_passed_on(
    no_mirror: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "missing.tfrc"))

    assert terraform_environment(tmp_path)["TF_CLI_CONFIG_FILE"] == ""


PLANNED = [
    ("aws_sns_topic.same", "managed", {"actions": ["no-op"]}),
    ("aws_sns_topic.adopted", "managed", {"actions": ["no-op"], "importing": {"id": "x"}}),
    ("aws_sns_topic.renamed", "managed", {"actions": ["delete", "create"]}),
    ("data.aws_region.here", "data", {"actions": ["read"]}),
]
PLANNER = """#!{python}
import sys
if sys.argv[1] == "plan":
    sys.exit(2)
print({text!r})
"""


def test_a_plan_tells_what_is_imported_and_replaced_and_leaves_out_what_stays(
    stand_in: Path, tmp_path: Path
) -> None:
    changes = [{"address": name, "mode": mode, "change": change} for name, mode, change in PLANNED]
    text = json.dumps({"resource_changes": changes})
    stand_in.write_text(PLANNER.format(python=sys.executable, text=text))

    plan = Terraform(tmp_path, {}).plan()

    assert not plan.is_empty
    assert plan.changes == (
        Change("aws_sns_topic.adopted", ("import",)),
        Change("aws_sns_topic.renamed", ("delete", "create")),
    )
