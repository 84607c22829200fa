"""What `modules.app.fast_start` promises: each program here runs as a process of its own."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

APP = Path(__file__).parents[3] / "modules" / "app"

STACK = """
import os
import sys
import tempfile
from pathlib import Path

from cdktf import App, AssetType, Fn, TerraformAsset, TerraformOutput, TerraformResourceLifecycle
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementPrincipals,
)
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderAssumeRole
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from cdktf_cdktf_provider_aws.ssm_association import SsmAssociation, SsmAssociationTargets
from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter

archived = Path(tempfile.mkdtemp()) / "archived.txt"
archived.write_text("監査")
os.utime(archived, (1_600_000_000, 1_600_000_000))

app = App(outdir=sys.argv[1])
for region in ("eu-central-1", "ap-northeast-1"):
    stack = TerraformStack(app, f"audit-{region}")
    AwsProvider(
        stack,
        "aws",
        region=region,
        assume_role=[AwsProviderAssumeRole(role_arn="arn:aws:iam::123456789012:role/audit")],
    )
    caller = DataAwsCallerIdentity(stack, "caller")
    key = KmsKey(stack, "key", description="監査", enable_key_rotation=True)
    topic = SnsTopic(stack, "topic", name_prefix="audit-", kms_master_key_id=key.arn, tags={"owner": "監査"})
    publishing = DataAwsIamPolicyDocument(
        stack,
        "publishing",
        statement=[
            DataAwsIamPolicyDocumentStatement(
                actions=["sns:Publish"],
                resources=[topic.arn],
                principals=[
                    DataAwsIamPolicyDocumentStatementPrincipals(
                        type="Service", identifiers=["cloudwatch.amazonaws.com"]
                    )
                ],
            )
        ],
    )
    SnsTopicPolicy(stack, "topic-policy", arn=topic.arn, policy=publishing.json)
    SnsTopicSubscription(stack, "mail", topic_arn=topic.arn, protocol="email", endpoint="soc@example.com")
    group = CloudwatchLogGroup(
        stack,
        "security",
        name="Security",
        retention_in_days=400,
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
    )
    CloudwatchLogMetricFilter(
        stack,
        "filter",
        name="logon",
        log_group_name=group.name,
        pattern='"<EventID>4624</EventID>" "<Data Name=\\'LogonType\\'>3</Data>"',
        metric_transformation=CloudwatchLogMetricFilterMetricTransformation(
            name="logon", namespace="audit", value="1", default_value="0"
        ),
    )
    alarm = CloudwatchMetricAlarm(
        stack,
        "alarm",
        alarm_name="logon",
        comparison_operator="GreaterThanOrEqualToThreshold",
        evaluation_periods=1,
        metric_name="logon",
        namespace="audit",
        period=300,
        statistic="Sum",
        threshold=1.5,
        alarm_actions=[topic.arn],
    )
    CloudwatchCompositeAlarm(
        stack, "composite", alarm_name="any", alarm_rule=Fn.join(" OR ", [f'ALARM("{alarm.alarm_name}")'])
    )
    CloudwatchQueryDefinition(
        stack, "query", name="logon", query_string="fields @message", log_group_names=[group.name]
    )
    role = IamRole(stack, "role", name="server", assume_role_policy=publishing.json)
    IamRolePolicyAttachment(stack, "agent", role=role.name, policy_arn="arn:aws:iam::aws:policy/X")
    IamInstanceProfile(stack, "profile", role=role.name)
    bucket = S3Bucket(stack, "bucket", bucket_prefix=f"audit-{caller.account_id}-")
    S3BucketPublicAccessBlock(stack, "private", bucket=bucket.id, block_public_acls=True)
    S3BucketLifecycleConfiguration(
        stack,
        "expiry",
        bucket=bucket.id,
        rule=[
            S3BucketLifecycleConfigurationRule(
                id="all",
                status="Enabled",
                expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=90)],
            )
        ],
    )
    parameter = SsmParameter(stack, "configuration", name="/cloudwatch", type="String", value="{}")
    SsmAssociation(
        stack,
        "install",
        name="AWS-ConfigureAWSPackage",
        targets=[SsmAssociationTargets(key="tag:OS", values=["Windows Server 2022"])],
        parameters={"configuration": parameter.name},
        depends_on=[parameter],
    )
    TerraformAsset(stack, "archive", path=str(archived.parent), type=AssetType.ARCHIVE)
    TerraformOutput(stack, "topic-arn", value=topic.arn)
app.synth()
"""

ENABLE = """
import fast_start
enabled = fast_start.enable()
"""

USE = """
import json, os, re, sys

import cdktf_cdktf_provider_aws as aws
import jsii
from cdktf import TerraformStack, Testing
from cdktf_cdktf_provider_aws import sqs_queue
from jsii._kernel.types import CreateRequest

def error_of(read):
    try:
        return str(read())
    except Exception as error:
        return f"{type(error).__name__}: {error}"

stack = TerraformStack(Testing.app(), "stack")
named = aws.sns_topic.SnsTopic(stack, "topic", name="topic")
# As a construct library written in TypeScript would: Python has not named the type.
jsii.kernel.provider.create(
    CreateRequest(fqn="@cdktf/provider-aws.dataAwsRegion.DataAwsRegion", args=[stack, "region"])
)
loaded = sorted(name for name in sys.modules if re.fullmatch(rf"{aws.__name__}\\.[a-z]\\w+", name))
print(json.dumps(
    {
        "enabled": enabled,
        "enabled again": fast_start.enable(),
        "loaded": loaded,
        "topic": type(named).__module__,
        "queue": sqs_queue.SqsQueue.__module__,
        "listed": [name for name in dir(aws) if not name.startswith("_")],
        "unknown": error_of(lambda: aws.no_such_resource),
        "unknown name": error_of(lambda: exec("from cdktf_cdktf_provider_aws import no_such_resource")),
        "from Node": type(stack.node.find_child("region")).__module__,
        "node options": os.environ.get("NODE_OPTIONS"),
    }
))
"""

# A user's own preload. At exit it tells what jsii's kernel has loaded, and what the process started by Python
# has read from it; the kernel prints, and so does a child of its.
PROBE = """
const { spawnSync } = require("child_process");
const { appendFileSync } = require("fs");

process.on("exit", () => {
  if (process.argv[1].endsWith("jsii-runtime.js")) tell({ bytesRead: process.stdin.bytesRead });
  if (!process.argv[1].endsWith("program.js")) return;
  tell({ loaded: Object.keys(require.cache) });
  console.log("printed in Node");
  spawnSync(process.execPath, ["-e", "console.log('by a child')"], { stdio: "inherit" });
});

const tell = (facts) => appendFileSync(process.env.PROBE_RESULT, JSON.stringify(facts) + "\\n");
"""

ES_MODULE = 'Object.defineProperty(exports, "__esModule", { value: true });\n'


def run(program: str, *arguments: str, **environment: str) -> str:
    process = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | {"PYTHONPATH": str(APP)} | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def output(setup: str, folder: Path, **environment: str) -> dict[str, bytes]:
    """What STACK writes after `setup`: every file's contents by its path."""
    run(setup + STACK, str(folder), **environment)
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def use(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a program sees that enables fast start, in an awkwardly named folder and with NODE_OPTIONS set."""
    folder = tmp_path_factory.mktemp('a user\'s "folder" \\ ')
    for file in APP.glob("fast_start.*"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "probe.cjs").write_text(PROBE)
    escaped = str(folder / "probe.cjs").replace("\\", "\\\\").replace('"', '\\"')
    node_options = f'--max-http-header-size=16384 --require "{escaped}"'
    result = folder / "probe.json"
    printed = run(ENABLE + USE, PYTHONPATH=str(folder), NODE_OPTIONS=node_options, PROBE_RESULT=str(result))
    seen, *rest = printed.splitlines()
    probed = [json.loads(line) for line in result.read_text().splitlines()] if result.exists() else []
    return {
        **json.loads(seen),
        "printed": rest,
        "node options before": node_options,
        "Node": {name: fact for facts in probed for name, fact in facts.items()},
    }


@pytest.fixture(scope="module")
def fast_output(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return output(f"{ENABLE}assert enabled", tmp_path_factory.mktemp("fast"))


@pytest.mark.slow
def test_the_output_is_the_same_byte_for_byte_with_fast_start_on_and_off(
    fast_output: dict[str, bytes], tmp_path: Path
) -> None:
    assert "stacks/audit-eu-central-1/cdk.tf.json" in fast_output
    assert fast_output == output(f"{ENABLE}assert not enabled", tmp_path, CDKTF_FAST_START="off")


def test_python_loads_only_the_submodules_that_are_named(use: dict[str, Any]) -> None:
    assert use["enabled"]
    assert use["loaded"] == ["cdktf_cdktf_provider_aws.sns_topic", "cdktf_cdktf_provider_aws.sqs_queue"]


def test_node_loads_only_the_submodules_that_are_used(use: dict[str, Any]) -> None:
    loaded = {Path(file) for file in use["Node"]["loaded"]}
    assert {file.parent.name for file in loaded if "provider-aws" in file.parts} == {
        "lib",
        "sns-topic",
        "data-aws-region",
    }
    assert not [file for file in loaded if "archiver" in file.parts]


def test_a_submodule_is_an_attribute_of_the_package_and_can_be_imported_from_it(use: dict[str, Any]) -> None:
    assert use["topic"] == "cdktf_cdktf_provider_aws.sns_topic"
    assert use["queue"] == "cdktf_cdktf_provider_aws.sqs_queue"


def test_dir_lists_what_the_package_itself_declares(use: dict[str, Any]) -> None:
    spec = importlib.util.find_spec("cdktf_cdktf_provider_aws")
    assert spec is not None
    assert spec.origin is not None
    declared = re.search(r"__all__ = (\[[^]]+\])", Path(spec.origin).read_text())
    assert declared is not None
    assert use["listed"] == sorted(ast.literal_eval(declared[1]))


def test_a_name_that_the_provider_does_not_have_is_the_usual_error(use: dict[str, Any]) -> None:
    assert use["unknown"].startswith("AttributeError: module 'cdktf_cdktf_provider_aws' has no attribute")
    assert use["unknown name"].startswith("ImportError: cannot import name 'no_such_resource'")


def test_an_object_from_node_has_its_type_though_python_never_named_it(use: dict[str, Any]) -> None:
    assert use["from Node"] == "cdktf_cdktf_provider_aws.data_aws_region"


def test_what_python_says_goes_straight_to_the_kernel(use: dict[str, Any]) -> None:
    assert use["Node"]["bytesRead"] == 0


def test_what_is_printed_in_node_is_printed(use: dict[str, Any]) -> None:
    assert use["printed"] == ["printed in Node", "by a child"]


def test_the_users_node_options_apply_and_are_left_as_they_were(use: dict[str, Any]) -> None:
    assert use["Node"], "the user's own preload was not run"
    assert use["node options"] == use["node options before"]


def test_node_options_that_were_not_set_are_not_set_afterwards() -> None:
    program = ENABLE + "import os; print(enabled, os.environ.get('NODE_OPTIONS'))"
    assert run(f"import os; os.environ.pop('NODE_OPTIONS', None)\n{program}") == "True None\n"


def test_that_node_20_is_old_is_not_told_unless_somebody_wants_to_hear_it() -> None:
    name = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"
    program = f"import os; os.environ.pop('{name}', None)\n{ENABLE}"
    process = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(APP)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stderr == ""
    assert run(f"{ENABLE}import os; print(os.environ['{name}'])", **{name: "18"}) == "18\n"


def test_enabling_twice_is_enabling_once(use: dict[str, Any]) -> None:
    assert use["enabled again"] is True


@pytest.mark.parametrize("switch", ["off", "OFF", "0", "false", "no"])
def test_the_switch_leaves_everything_alone(switch: str) -> None:
    program = ENABLE + "import sys; print(enabled, {'constructs', fast_start.PROVIDER} & set(sys.modules))"
    assert run(program, CDKTF_FAST_START=switch) == "False set()\n"


@pytest.mark.parametrize("distribution", ["cdktf", "cdktf-cdktf-provider-aws", "jsii"])
def test_with_another_version_everything_is_left_alone(distribution: str) -> None:
    program = f"""
import fast_start, importlib.metadata, sys
version = importlib.metadata.version
importlib.metadata.version = lambda name: "99.0.0" if name == {distribution!r} else version(name)
print(fast_start.enable(), {{"constructs", fast_start.PROVIDER}} & set(sys.modules))
"""
    assert run(program) == "False set()\n"


def test_a_provider_that_is_already_imported_is_left_alone() -> None:
    program = """
import sys, types
import fast_start
provider = sys.modules[fast_start.PROVIDER] = types.ModuleType(fast_start.PROVIDER)
print(fast_start.enable(), sys.modules[fast_start.PROVIDER] is provider, "constructs" in sys.modules)
"""
    assert run(program) == "False True False\n"


@pytest.mark.slow
def test_where_node_is_running_already_the_output_is_the_same(
    fast_output: dict[str, bytes], tmp_path: Path
) -> None:
    assert fast_output == output(f"import cdktf\n{ENABLE}assert enabled", tmp_path)


@pytest.mark.slow
def test_the_first_program_with_an_empty_cache_leaves_the_index_that_makes_the_next_one_fast(
    tmp_path: Path,
) -> None:
    try:
        run(
            f"{ENABLE}from cdktf_cdktf_provider_aws import sns_topic",
            JSII_RUNTIME_PACKAGE_CACHE_ROOT=str(tmp_path),
        )
        manifests = tmp_path.glob("@cdktf/provider-aws/*/*/.jsii.runtime.v*.json")
        assert [json.loads(file.read_text())["assemblyMetadata"]["name"] for file in manifests] == [
            "@cdktf/provider-aws"
        ]
    finally:
        shutil.rmtree(tmp_path)  # 300 MB


def test_without_the_preload_python_alone_is_fast(tmp_path: Path) -> None:
    (tmp_path / "fast_start.py").write_bytes((APP / "fast_start.py").read_bytes())
    assert run(f"{ENABLE}print(enabled)", PYTHONPATH=str(tmp_path)) == "True\n"


def test_a_preload_that_node_refuses_leaves_the_program_working(tmp_path: Path) -> None:
    (tmp_path / "fast_start.py").write_bytes((APP / "fast_start.py").read_bytes())
    (tmp_path / "fast_start.cjs").write_text("throw new Error('refused');")
    program = ENABLE + "import cdktf; print(cdktf.Token.is_unresolved('text'))"
    assert run(program, PYTHONPATH=str(tmp_path)) == "False\n"
    assert (
        run(f"{ENABLE}import cdktf; print('nothing is built')", PYTHONPATH=str(tmp_path))
        == "nothing is built\n"
    )


def test_python_goes_on_while_node_starts(tmp_path: Path) -> None:
    # Node waits for Python; only where Python waits for it, it goes on for itself, so that the test ends.
    (tmp_path / "probe.cjs").write_text("""
        const { existsSync, writeFileSync } = require("fs");
        const unchanged = new Int32Array(new SharedArrayBuffer(4));
        for (let i = 0; i < 1200 && !existsSync(`${__dirname}/imported`); i++)
          Atomics.wait(unchanged, 0, 0, 100);
        writeFileSync(`${__dirname}/started`, "");
    """)
    program = f"""
from pathlib import Path
{ENABLE}
folder = Path({str(tmp_path)!r})
import cdktf_cdktf_provider_aws.sns_topic, cdktf
before = (folder / "started").exists()
(folder / "imported").touch()
cdktf.App()
print(enabled, before, (folder / "started").exists())
"""
    assert run(program, NODE_OPTIONS=f"--require {tmp_path / 'probe.cjs'}") == "True False True\n"


def test_a_package_that_cannot_be_loaded_is_jsiis_own_error() -> None:
    program = f"""
{ENABLE}
import jsii, cdktf
try:
    jsii.kernel.load("no-such-package", "1.0.0", "/no-such-file")
    cdktf.App()
except Exception as error:
    print(type(error).__name__, error)
"""
    assert "no-such-file" in run(program)


@pytest.mark.parametrize(
    ("index", "loaded_at_once"),
    [
        (f'{ES_MODULE}exports.a = require("./a");\nexports.b = require("./b");\n', []),
        (f'{ES_MODULE}exports.a = require("./a");\nexports.b = Object(require("./b"));\n', ["b"]),
        ('exports.a = require("./a");\nexports.b = require("./b");\n', ["a", "b"]),
    ],
    ids=["as known", "with an export written differently", "written differently"],
)
def test_of_an_index_only_what_is_as_known_is_loaded_on_demand(
    tmp_path: Path, index: str, loaded_at_once: list[str]
) -> None:
    library = tmp_path / "node_modules" / "@cdktf" / "provider-aws" / "lib"
    library.mkdir(parents=True)
    (library / "index.js").write_text(index)
    for name in ("a", "b"):
        (library / f"{name}.js").write_text(f'loaded.push("{name}"); exports.name = "{name}";')
    program = """
globalThis.loaded = [];
const provider = require(process.argv[1]);
console.log(JSON.stringify({ atOnce: [...loaded], exported: { ...provider } }));
"""
    answer = subprocess.run(
        [
            os.environ.get("JSII_NODE", "node"),
            "--require",
            APP / "fast_start.cjs",
            "-e",
            program,
            library,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(answer.stdout) == {
        "atOnce": loaded_at_once,
        "exported": {"a": {"name": "a"}, "b": {"name": "b"}},
    }
