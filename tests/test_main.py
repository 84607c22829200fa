"""The contract of `python main.py`: a deployment file in, `cdktf.out` out, or everything that is wrong."""

import errno
import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from modules.app.app import REQUIRED_VERSIONS
from tests.end_to_end.project import REPOSITORY, Project, deployment
from tests.main_in_process import ProjectInProcess

TWO_ACCOUNTS = deployment(
    {
        "production": {"id": "111111111111", "regions": ["eu-central-1", "ap-northeast-1"]},
        "staging": {"id": "222222222222", "regions": ["eu-central-1"]},
    }
)

WRONG = """\
defaults:
  regions: [eu-central-1]
  retention_days: 100
  notifications:
    subscriptions: [{protocol: email, endpoint: security@example.com}]
accounts:
  production:
    id: 12345
  staging:
    id: 222222222222
    events:
      logon-failed-netwrok: {threshold: 3}
"""

S3 = {"type": "s3", "prefix": "fleet"}
CLOUD = {"type": "cloud", "organization": "example", "workspace": "security-{account}-{region}"}
#: The state of each of the two accounts.
STATES: Mapping[str, tuple[Any, Any]] = {"local": ("local", "local"), "remote": (S3, CLOUD)}
SECRETS = {
    "TF_TOKEN_app_terraform_io": "the-token-of-terraform-cloud",
    "AWS_SECRET_ACCESS_KEY": "the-key-of-the-caller",
    "AWS_SESSION_TOKEN": "the-session-of-the-caller",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return ProjectInProcess(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """The two accounts with a kind of state, built once in a process of its own, which has secrets."""

    @cache
    def build(state: str) -> Project:
        project = Project(tmp_path_factory.mktemp(state))
        accounts = TWO_ACCOUNTS["accounts"].items()
        states = zip(accounts, STATES[state], strict=True)
        project.write(deployment({name: {**account, "state": each} for (name, account), each in states}))
        run = project.main(**SECRETS)
        assert run.returncode == 0, run.stderr
        return project

    return build


def written(project: Project) -> dict[Path, bytes]:
    """The content of every file that there is, but for the deployment file."""
    files = [path for path in project.folder.rglob("*") if path.is_file() and path.suffix != ".yaml"]
    return {path: path.read_bytes() for path in files}


def stack(project: Project, name: str) -> dict[str, Any]:
    return stack_content(project.stacks()[name])


def stack_content(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "cdk.tf.json").read_text())
    return content


def manifest(project: Project) -> Mapping[str, Mapping[str, Any]]:
    stacks: Mapping[str, Mapping[str, Any]]
    stacks = json.loads((project.folder / "cdktf.out" / "manifest.json").read_text())["stacks"]
    return stacks


def test_each_account_and_region_becomes_a_stack_of_its_own(built: Callable[[str], Project]) -> None:
    project = built("local")
    stacks = project.stacks()

    assert set(stacks) == {"production-eu-central-1", "production-ap-northeast-1", "staging-eu-central-1"}
    assert set(manifest(project)) == set(stacks)
    for name, account_id in (
        ("production-ap-northeast-1", "111111111111"),
        ("staging-eu-central-1", "222222222222"),
    ):
        (provider,) = stack(project, name)["provider"]["aws"]
        assert name.endswith(provider["region"])
        assert provider["allowed_account_ids"] == [account_id]
        assert provider["assume_role"] == [
            {"role_arn": f"arn:aws:iam::{account_id}:role/security-deployment"}
        ]


def test_the_same_file_gives_the_same_bytes(project: Project) -> None:
    project.synthesize(TWO_ACCOUNTS)
    first = written(project)

    project.synthesize(TWO_ACCOUNTS)

    assert written(project) == first


def test_a_file_that_is_wrong_is_told_in_full_and_an_earlier_output_stays_as_it_was(project: Project) -> None:
    project.synthesize(TWO_ACCOUNTS)
    before = written(project)

    project.write(WRONG)
    run = project.main()

    assert run.returncode == 2
    problems = run.stderr.splitlines()
    assert [problem.split(" ")[:2] for problem in problems] == [
        ["deployment.yaml:3:", "defaults.retention_days:"],
        ["deployment.yaml:8:", "accounts.production.id:"],
        ["deployment.yaml:12:", "accounts.staging.events.logon-failed-netwrok:"],
    ]
    assert "did you mean logon-failed-network?" in problems[2]
    assert run.stdout == ""
    assert written(project) == before


def test_a_file_that_is_wrong_writes_nothing(project: Project) -> None:
    project.write(WRONG)

    assert project.main().returncode == 2
    assert written(project) == {}


@pytest.mark.parametrize("content", ["", "accounts: [", "\t", "accounts: {production: {id: 1}}\n" * 2])
def test_what_is_no_deployment_at_all_is_told_without_a_traceback(project: Project, content: str) -> None:
    project.write(content)
    run = project.main()

    assert run.returncode == 2
    assert run.stderr.startswith("deployment.yaml:")
    assert "Traceback" not in run.stderr


def test_a_file_that_is_missing_is_named(project: Project) -> None:
    run = project.main(DEPLOYMENT="europe.yaml")

    assert run.returncode == 2
    assert run.stderr.startswith("europe.yaml: ")
    assert "Traceback" not in run.stderr


def test_the_variable_deployment_names_another_file(project: Project) -> None:
    project.write(TWO_ACCOUNTS)
    (project.folder / "deployment.yaml").rename(project.folder / "europe.yaml")

    assert project.main(DEPLOYMENT="europe.yaml").returncode == 0
    assert "staging-eu-central-1" in project.stacks()


def test_the_output_goes_where_cdktf_says(project: Project) -> None:
    project.write(TWO_ACCOUNTS)

    assert project.main(CDKTF_OUTDIR=str(project.folder / "elsewhere")).returncode == 0
    assert (project.folder / "elsewhere" / "stacks" / "staging-eu-central-1" / "cdk.tf.json").exists()
    assert not (project.folder / "cdktf.out").exists()


def test_an_account_that_is_gone_is_no_stack_any_more(project: Project) -> None:
    project.synthesize(TWO_ACCOUNTS)

    project.synthesize({**TWO_ACCOUNTS, "accounts": {"staging": TWO_ACCOUNTS["accounts"]["staging"]}})

    assert set(manifest(project)) == {"staging-eu-central-1"}


def test_what_lies_beside_an_earlier_stack_for_terraform_to_read_is_removed_and_its_own_notes_stay(
    project: Project,
) -> None:
    folder = project.synthesize(TWO_ACCOUNTS)["staging-eu-central-1"]
    (folder / "recovered.tf.json").write_text('{"import": []}')
    (folder / ".terraform.lock.hcl").touch()

    project.synthesize(TWO_ACCOUNTS)

    written_anew = {"cdk.tf.json", *REQUIRED_VERSIONS}
    assert {path.name for path in folder.iterdir()} == {*written_anew, ".terraform.lock.hcl"}


def test_each_stack_requires_the_terraform_that_the_setup_requires(built: Callable[[str], Project]) -> None:
    script = (REPOSITORY / "preflight.sh").read_text(encoding="utf-8")
    for folder in built("local").stacks().values():
        for file, program in (("versions.tf", "Terraform"), ("versions.tofu", "OpenTofu")):
            required = re.search(r'required_version = ">= ([0-9.]+)"', (folder / file).read_text())
            assert required
            assert f"need {program} {required[1]} " in script
        # checkov would read nothing of the stack.
        assert "required_version" not in stack_content(folder)["terraform"]


def test_what_should_be_known_is_told_of_each_stack(project: Project) -> None:
    content = deployment({"production": {"id": "111111111111", "regions": ["eu-central-1"]}})
    content["defaults"]["events"] = {
        **content["defaults"]["events"],
        "object-handle-requested": {"enabled": True},
        "scheduled-task-created": {"enabled": True},
    }
    content["defaults"]["associations"] = {"apply_audit_policy": {"enabled": False}}
    project.write(content)
    run = project.main()

    assert run.returncode == 0
    assert "production-eu-central-1: object-handle-requested is left out" in run.stderr
    assert "production-eu-central-1: can never fire: scheduled-task-created; python -m catalog" in run.stderr


def test_local_state_is_a_file_for_each_stack_beside_the_deployment_file(
    built: Callable[[str], Project],
) -> None:
    assert stack(built("local"), "staging-eu-central-1")["terraform"]["backend"] == {
        "local": {"path": "../../../state/windows-security-staging-eu-central-1.tfstate"}
    }


def test_s3_state_comes_with_a_stack_that_makes_each_bucket(project: Project) -> None:
    project.synthesize({**TWO_ACCOUNTS, "defaults": {**TWO_ACCOUNTS["defaults"], "state": S3}})

    states = {name for name in project.stacks() if name.endswith("-state")}
    assert states == {
        "production-eu-central-1-state",
        "production-ap-northeast-1-state",
        "staging-eu-central-1-state",
    }
    assert manifest(project)["staging-eu-central-1"]["dependencies"] == ["staging-eu-central-1-state"]
    backend = stack(project, "staging-eu-central-1")["terraform"]["backend"]["s3"]
    assert backend == {
        "bucket": "windows-security-state-222222222222-eu-central-1",
        "key": "fleet/staging/eu-central-1/terraform.tfstate",
        "region": "eu-central-1",
        "encrypt": True,
        "skip_region_validation": True,
        "use_lockfile": True,
    }
    (bucket,) = stack(project, "staging-eu-central-1-state")["resource"]["aws_s3_bucket"].values()
    assert bucket["bucket"] == backend["bucket"]


def test_a_state_bucket_that_exists_already_gets_no_stack(project: Project) -> None:
    state = {**S3, "create_bucket": False}
    stacks = project.synthesize({**TWO_ACCOUNTS, "defaults": {**TWO_ACCOUNTS["defaults"], "state": state}})

    assert not [name for name in stacks if name.endswith("-state")]


@pytest.mark.parametrize("state", STATES)
def test_neither_a_token_nor_a_path_of_this_machine_is_written(
    built: Callable[[str], Project], state: str
) -> None:
    project = built(state)

    foreign = [*SECRETS.values(), os.fspath(REPOSITORY), os.fspath(project.folder), sys.prefix]
    content = b"".join(written(project).values()).decode()
    assert "staging-eu-central-1" in content
    assert [text for text in foreign if text in content] == []


def test_killed_publication_leaves_nothing_to_act_on_until_the_next_synthesis(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.synthesize(TWO_ACCOUNTS)
    complete = written(project)
    replace, moved = Path.replace, list[Path]()

    def killed(path: Path, target: Path) -> Path:
        if moved:
            raise SystemExit(137)
        moved.append(path)
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        assert project.main().returncode == 137
    assert moved
    assert not (project.folder / "cdktf.out" / "manifest.json").exists()

    assert project.main().returncode == 0
    assert written(project) == complete


def test_error_in_the_middle_of_publishing_leaves_everything_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.synthesize(TWO_ACCOUNTS)
    complete = written(project)
    project.write({**TWO_ACCOUNTS, "name": "another"})
    replace, moved = Path.replace, list[Path]()

    def refused(path: Path, target: Path) -> Path:
        # Half of the files, then one that cannot be moved.
        if path.name == "cdk.tf.json" and "stacks" not in target.parts:
            return replace(path, target)
        moved.append(path)
        if len(moved) == 6:
            raise OSError(errno.EACCES, "Permission denied", str(target))
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refused)
        run = project.main()

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.endswith(": Permission denied\n")
    assert len(moved) > 6
    assert written(project) == complete


def test_leftovers_of_a_killed_synthesis_are_removed_and_those_of_another_at_work_are_not(
    project: Project,
) -> None:
    left, used = project.folder / ".cdktf-left", project.folder / ".cdktf-used"
    for folder in (left, used):
        (folder / "0").mkdir(parents=True)
    descriptor = os.open(used, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)

    project.synthesize(TWO_ACCOUNTS)

    os.close(descriptor)
    assert [path.name for path in project.folder.glob(".cdktf-*")] == [".cdktf-used"]


def test_full_standard_output_is_one_sentence_where_everything_was_written(project: Project) -> None:
    project.write(TWO_ACCOUNTS)
    environment = {k: v for k, v in os.environ.items() if k not in ("DEPLOYMENT", "CDKTF_OUTDIR")}
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-O", REPOSITORY / "main.py"],
            cwd=project.folder,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )

    assert (run.returncode, run.stderr) == (0, "Standard output: No space left on device\n")
    assert len(manifest(project)) == 3
