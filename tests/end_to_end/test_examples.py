"""Every example, as it stands in its folder."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from catalog import event
from deployment.__main__ import main
from local_aws import LocalAws, Terraform, inventory
from tests.end_to_end.project import REPOSITORY, Project
from tests.in_process import run_in_process

EXAMPLES = REPOSITORY / "examples"

# The stacks that each deployment file comes to.
DEPLOYMENTS = {
    "minimal": {"production-eu-central-1"},
    "article": {"production-ap-northeast-1"},
    "s3_state": {
        "production-eu-central-1",
        "production-eu-central-1-state",
        "production-eu-west-1",
        "production-eu-west-1-state",
        "development-eu-central-1",
    },
    "own_events": {"production-eu-central-1"},
    "sigma_rules": {"production-eu-central-1"},
    "central_topic": {"production-eu-central-1", "production-ap-northeast-1", "development-eu-central-1"},
    "terraform_cloud": {"production-eu-central-1", "production-eu-west-1", "staging-eu-central-1"},
}

pytestmark = pytest.mark.usefixtures("one_provider")


def run(*arguments: str | Path, folder: Path, **variables: str) -> str:
    """What a Python program writes to standard output."""
    process = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_every_deployment_file_among_the_examples_is_tested() -> None:
    assert {file.parent.name for file in EXAMPLES.glob("*/deployment.yaml")} == set(DEPLOYMENTS)


@pytest.mark.parametrize("example", DEPLOYMENTS)
def test_an_example_deployment_is_in_order_and_becomes_its_stacks(example: str, project: Project) -> None:
    file = EXAMPLES / example / "deployment.yaml"

    check = run_in_process(main, ["deployment", "check", str(file)], folder=REPOSITORY)
    assert check.returncode == 0, check.stderr
    checked = check.stdout.splitlines()
    made_by_us = {name for name in DEPLOYMENTS[example] if not name.endswith("-state")}
    first_words = [line.split()[0] for line in checked[1:]]
    # What should be known of an account follows the table.
    assert {word for word in first_words if not word.endswith(":")} == made_by_us

    process = project.main(DEPLOYMENT=str(file))
    assert process.returncode == 0, process.stderr
    assert set(project.stacks()) == DEPLOYMENTS[example]


@pytest.mark.parametrize("example", DEPLOYMENTS)
def test_an_editor_finds_the_schema_of_an_example_deployment(example: str) -> None:
    first_line = (EXAMPLES / example / "deployment.yaml").read_text(encoding="utf-8").partition("\n")[0]
    schema = EXAMPLES / example / first_line.removeprefix("# yaml-language-server: $schema=")

    assert schema.resolve() == REPOSITORY / "deployment" / "deployment.schema.json"


# As a user runs it: each command starts the whole provider.
@pytest.mark.usefixtures("own_providers")
def test_the_article_as_published_is_applied_with_all_that_it_clicks_together(
    project: Project, aws: LocalAws
) -> None:
    account, region = "111111111111", "ap-northeast-1"
    project.synthesize((EXAMPLES / "article" / "deployment.yaml").read_text(encoding="utf-8"))
    terraform = Terraform(project.stacks()["production-ap-northeast-1"], aws.environment(account))
    terraform.init()
    terraform.apply()
    assert terraform.plan().is_empty

    found = inventory(aws, account, region)
    assert found["roles"] == ["windows-ap-northeast-1-configuration-admin", "windows-ap-northeast-1-server"]
    assert found["log groups"] == ["Security", "System"]
    assert len(found["metric filters"]) == 11
    assert found["topics"] == ["windows-alarms"]
    assert found["subscriptions"] == ["windows-alarms: email security@example.com"]
    assert found["buckets"] == [f"windows-output-{account}-{region}"]
    documents = {
        each["Name"] for each in aws.client("ssm", account, region).list_associations()["Associations"]
    }
    assert documents == {
        "AWS-UpdateSSMAgent",
        "AWS-UpdateEC2Config",
        "AWS-ConfigureAWSPackage",
        "AmazonCloudWatch-ManageAgent",
    }

    parameter = aws.client("ssm", account, region).get_parameter(
        Name="AmazonCloudWatch-windows", WithDecryption=True
    )
    wizard = json.loads(parameter["Parameter"]["Value"])
    assert [
        (entry["event_name"], len(entry["event_levels"]))
        for entry in wizard["logs"]["logs_collected"]["windows_events"]["collect_list"]
    ] == [("System", 5), ("Security", 5)]
    assert len(wizard["metrics"]["metrics_collected"]) == 8


#: The folders of the repository that the package has.
PACKAGES = ("catalog", "cli", "deployment", "modules", "replay", "verify", "recover")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the project was installed, as pip does it for another team."""
    # Building leaves folders behind: not in the repository.
    source = tmp_path_factory.mktemp("source")
    for path in [REPOSITORY / name for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE")]:
        shutil.copy(path, source)
    for package in PACKAGES:
        shutil.copytree(REPOSITORY / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    site = tmp_path_factory.mktemp("site")
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    run(*pip, "--no-deps", "--no-build-isolation", "--no-compile", "--target", site, source, folder=source)
    return site


def test_everything_in_the_packages_is_installed(installed: Path) -> None:
    for package in PACKAGES:
        files = [path for path in (REPOSITORY / package).rglob("*") if path.is_file()]
        kept = [path.relative_to(REPOSITORY) for path in files if "__pycache__" not in path.parts]
        assert [path for path in kept if not (installed / "windows_security" / path).exists()] == []


def synthesized(example: str, installed: Path, folder: Path) -> Path:
    """The only stack of another team's app, run as its cdktf.json says, beside nothing of this repository."""
    app = shutil.copytree(EXAMPLES / example, folder / example)
    # As the README of the example says.
    program = (app / "main.py").read_text(encoding="utf-8")
    names = rf"^from (?=(?:{'|'.join(PACKAGES)}) import )"
    (app / "main.py").write_text(re.sub(names, "from windows_security.", program, flags=re.MULTILINE))
    command: str = json.loads((app / "cdktf.json").read_text())["app"]
    run(*command.split()[1:], folder=app, PYTHONPATH=str(installed))
    (stack,) = (app / "cdktf.out" / "stacks").iterdir()
    terraform = Terraform(stack, {})
    terraform.init("-backend=false")
    terraform.validate()
    return stack


def resources(stack: Path) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = json.loads((stack / "cdk.tf.json").read_text())["resource"]
    return found


def test_another_team_watches_an_event_of_its_own_beside_those_of_the_installed_catalog(
    installed: Path, tmp_path: Path
) -> None:
    found = resources(synthesized("importing_the_catalog", installed, tmp_path))

    alarms = [alarm["alarm_name"] for alarm in found["aws_cloudwatch_metric_alarm"].values()]
    assert "payroll-111111111111-eu-central-1-payroll-administrator-added" in alarms
    assert len(alarms) > 10
    (parameter,) = found["aws_ssm_parameter"].values()
    assert "4728" in json.dumps(parameter)


def test_one_construct_of_the_installed_package_adds_its_filter_and_alarm_and_nothing_else(
    installed: Path, tmp_path: Path
) -> None:
    found = resources(synthesized("one_construct", installed, tmp_path))

    assert {kind: len(named) for kind, named in found.items()} == {
        "aws_cloudwatch_log_group": 1,
        "aws_sns_topic": 1,
        "aws_cloudwatch_log_metric_filter": 1,
        "aws_cloudwatch_metric_alarm": 1,
    }


def test_a_script_needs_the_catalog_and_no_package_at_all(tmp_path: Path) -> None:
    folder = EXAMPLES / "catalog_only"
    shutil.copytree(REPOSITORY / "catalog", tmp_path / "catalog")

    with (folder / "alarm.json").open() as notification:
        process = subprocess.run(
            [sys.executable, "-S", folder / "chat_message.py"],
            env={"PYTHONPATH": str(tmp_path)},
            stdin=notification,
            capture_output=True,
            text=True,
            check=True,
        )

    assert process.stdout.startswith("[high] Member added to the local Administrators group")
    assert "<EventID>4732</EventID>" in process.stdout


@pytest.mark.parametrize(
    ("for_what", "beginning"),
    [
        ("logon-failed-network", "[medium]"),
        ("logon-failed-network-slow", "[medium]"),
        ("silent-security", None),
        ("composite-logon-failed-network", None),
    ],
)
def test_the_message_of_an_alarm_has_the_runbook_of_its_event_for_a_variant_too(
    for_what: str, beginning: str | None
) -> None:
    name = f"windows-security-111111111111-eu-central-1-{for_what}"
    alarm = {
        "AlarmName": name,
        "AWSAccountId": "111111111111",
        "NewStateReason": "Threshold Crossed",
        "StateChangeTime": "2025-06-02T09:15:42.000+0000",
        "Region": "EU (Frankfurt)",
    }
    messages = chat_message(json.dumps({"Records": [{"Sns": {"Message": json.dumps(alarm)}}]}))
    if beginning:
        assert messages.startswith(beginning)
        assert event("logon-failed-network").runbook in messages
    else:
        assert messages.startswith(f"{name}: Threshold Crossed")


def chat_message(notification: str) -> str:
    process = subprocess.run(
        [sys.executable, EXAMPLES / "catalog_only" / "chat_message.py"],
        env={"PYTHONPATH": str(REPOSITORY)},
        input=notification,
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout


def test_a_reader_that_has_read_enough_of_the_messages_ends_the_script_without_a_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with (EXAMPLES / "catalog_only" / "alarm.json").open() as notification:
        process = subprocess.run(
            [sys.executable, EXAMPLES / "catalog_only" / "chat_message.py"],
            env={"PYTHONPATH": str(REPOSITORY)},
            stdin=notification,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
    os.close(writer)
    assert process.stderr == b""
