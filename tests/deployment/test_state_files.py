"""Local states: moved from former places with their stack, and never mistaken for another deployment's."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deployment import load_plan
from deployment.state_files import StateFile, state_files

ACCOUNT = "111111111111"
STACK = "a-eu-central-1"
NAME = "windows-security"
NEW = f"state/{NAME}-{STACK}.tfstate"
FORMER = f"state/{STACK}.tfstate"
OUTPUT = Path("cdktf.out")

Write = Callable[[str], Path]
Files = Callable[..., StateFile]


def state(name: str = NAME, account: str = ACCOUNT) -> str:
    """A state as terraform writes it, with a role and a log group."""

    def resource(kind: str, arn: str, **attributes: Any) -> dict[str, Any]:
        instances = [{"attributes": {"arn": arn, **attributes}}]
        return {"mode": "managed", "type": kind, "name": "it", "instances": instances}

    role, group = f"{name}-eu-central-1-server", "Security"
    return json.dumps(
        {
            "version": 4,
            "serial": 7,
            "lineage": f"{name}-{account}",
            "resources": [
                resource("aws_iam_role", f"arn:aws:iam::{account}:role/{role}", name=role),
                resource(
                    "aws_cloudwatch_log_group",
                    f"arn:aws:logs:eu-central-1:{account}:log-group:{group}",
                    name=group,
                ),
            ],
        }
    )


EMPTY = json.dumps({"version": 4, "serial": 1, "resources": []})


def put(path: str, content: str) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def note(path: str, output: Path = OUTPUT) -> Path:
    """What terraform notes of the state that it used last; ``path`` begins in the current folder."""
    folder = output / "stacks" / STACK
    recorded = os.path.relpath(path, folder)
    content = {"backend": {"type": "local", "config": {"path": recorded, "workspace_dir": None}}}
    return put(os.fspath(folder / ".terraform" / "terraform.tfstate"), json.dumps(content))


@pytest.fixture
def of_stack(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Return the state file of the stack of a deployment with these settings, read in its folder."""
    monkeypatch.chdir(tmp_path)

    def read(settings: str = "", *, top: str = "", output: Path = OUTPUT) -> StateFile:
        path = write(
            f"{top}\ndefaults:\n  regions: [eu-central-1]\n  packs: [article]\n"
            "  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}\n"
            f"accounts: {{a: {{id: {ACCOUNT}, {settings}}}}}\n"
        )
        (file,) = state_files(load_plan(path.name).regions, output)
        return file

    return read


@pytest.mark.parametrize("former", [FORMER, f"build/{FORMER}", f"state/{NAME}s-{STACK}.tfstate"])
def test_state_of_the_stack_is_moved_from_a_former_place_with_its_backup(
    of_stack: Files, former: str
) -> None:
    put(former, state())
    put(f"{former}.backup", "the one before")
    file = of_stack(output=Path("build/cdktf.out"))

    assert file.move() == f"{STACK}: moved the state from {former} to {NEW}"
    assert Path(NEW).read_text() == state()
    assert Path(f"{NEW}.backup").read_text() == "the one before"
    assert not Path(former).exists()
    assert of_stack().move() == ""


def test_state_follows_a_changed_directory_from_where_terraform_used_it_last(of_stack: Files) -> None:
    put(NEW, state())
    note(NEW)

    file = of_stack("state: {type: local, directory: states}")

    assert file.move() == f"{STACK}: moved the state from {NEW} to states/{NAME}-{STACK}.tfstate"


@pytest.mark.parametrize(
    "content",
    [state("team-b"), state(account="222222222222"), EMPTY, "", "[]", '{"encrypted_data": "AAAA"}'],
)
def test_state_of_another_deployment_is_not_moved(of_stack: Files, content: str) -> None:
    put(FORMER, content)
    file = of_stack()

    assert (file.former, file.move(), file.problem) == (None, "", None)
    assert Path(FORMER).read_text() == content
    assert not Path(NEW).exists()


def test_state_at_the_right_place_is_never_overwritten(of_stack: Files) -> None:
    put(FORMER, state())
    put(NEW, EMPTY)
    file = of_stack()

    assert (file.former, file.move(), file.notice) == (None, "", "")
    assert Path(NEW).read_text() == EMPTY
    assert Path(FORMER).read_text() == state()


def test_state_of_a_renamed_deployment_is_moved_by_the_command_of_the_notice(of_stack: Files) -> None:
    put(NEW, state())
    file = of_stack(top="name: renamed")

    assert file.notice.startswith(
        f"{STACK}: state/renamed-{STACK}.tfstate begins as an empty state. If {NEW} "
    )
    _, _, command = file.notice.partition("first run: ")
    subprocess.run(command, shell=True, check=True)
    assert of_stack(top="name: renamed").notice == ""
    assert Path(f"state/renamed-{STACK}.tfstate").read_text() == state()


def test_state_of_another_account_gives_no_notice(of_stack: Files) -> None:
    put(FORMER, state(account="222222222222"))
    assert of_stack().notice == ""


def test_state_of_another_account_in_its_place_is_a_problem_that_the_advice_cures(of_stack: Files) -> None:
    put(NEW, state(account="222222222222"))

    problem = of_stack().problem

    assert problem
    assert str(problem).startswith(f"accounts.a: {STACK}: {NEW} is the state of account 222222222222: ")
    _, _, advice = problem.message.partition("such as '")
    assert of_stack(advice.rstrip("'")).problem is None
    assert of_stack(top="name: other").problem is None


def test_state_of_a_deployment_whose_name_and_account_join_alike_is_a_problem_that_the_advice_cures(
    of_stack: Files,
) -> None:
    # The deployment windows with the account security-a has the same file.
    put(NEW, state("windows"))

    problem = of_stack().problem

    assert problem
    assert problem.message.startswith(f"{STACK}: {NEW} is the state of the deployment windows: ")
    _, _, advice = problem.message.partition("such as '")
    assert of_stack(advice.rstrip("'")).problem is None
    assert of_stack(top="name: other").problem is None


def test_two_former_states_of_a_stack_are_a_problem(of_stack: Files) -> None:
    put(FORMER, state())
    put(f"build/{FORMER}", state())

    problem = of_stack(output=Path("build/cdktf.out")).problem

    assert problem
    assert "are both states of this stack: move the one that is in use to" in problem.message


def test_state_in_use_is_a_problem(of_stack: Files) -> None:
    put(FORMER, state())
    program = (
        "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); "
        "print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        ["python3", "-c", program, FORMER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as terraform:
        assert terraform.stdout
        terraform.stdout.readline()
        problem = of_stack().problem
        terraform.communicate()

    assert problem
    assert f"{FORMER} is in use by terraform: it is moved to {NEW} once that has ended" in problem.message
    assert of_stack().problem is None


def test_state_is_moved_to_another_file_system(of_stack: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    put(FORMER, state())
    monkeypatch.setattr(os, "link", link)
    of_stack().move()

    assert [path.name for path in Path("state").iterdir()] == [Path(NEW).name]
    assert Path(NEW).read_text() == state()


@pytest.mark.parametrize("recorded", [FORMER, "state/team-b-a-eu-central-1.tfstate", "gone/x.tfstate"])
def test_note_of_another_local_state_is_deleted(of_stack: Files, recorded: str) -> None:
    put(NEW, state())
    put("state/team-b-a-eu-central-1.tfstate", state("team-b"))
    record = note(recorded)

    of_stack().forget_other()

    assert not record.exists()


@pytest.mark.parametrize(
    "content",
    [
        {"backend": {"type": "s3", "config": {"bucket": "states"}}},
        {"backend": {"type": "local", "config": {"path": f"../../../{NEW}"}}},
        # Another state of this very stack: terraform is right to ask which one counts.
        {"backend": {"type": "local", "config": {"path": f"../../../{FORMER}"}}},
    ],
)
def test_note_of_any_other_state_stays(of_stack: Files, content: dict[str, Any]) -> None:
    put(NEW, state())
    put(FORMER, state())
    record = note(NEW)
    record.write_text(json.dumps(content))

    of_stack().forget_other()

    assert json.loads(record.read_text()) == content


def test_stack_of_a_state_bucket_has_a_state_file_that_is_moved_too(of_stack: Files) -> None:
    bucket = f"{NAME}-state-{ACCOUNT}-eu-central-1"
    attributes = {"bucket": bucket, "arn": f"arn:aws:s3:::{bucket}"}
    resource = {"mode": "managed", "type": "aws_s3_bucket", "instances": [{"attributes": attributes}]}
    put(f"state/{STACK}-state.tfstate", json.dumps({"resources": [resource]}))

    message = of_stack("state: {type: s3}").move()

    new = f"state/{NAME}-{STACK}-state.tfstate"
    assert message == f"{STACK}-state: moved the state from state/{STACK}-state.tfstate to {new}"


@pytest.mark.parametrize(
    "settings",
    ["state: {type: cloud, organization: example}", "state: {type: s3, create_bucket: false}"],
)
def test_remote_state_has_no_file(write: Write, settings: str) -> None:
    path = write(
        "defaults: {regions: [eu-central-1], notifications: {subscriptions: "
        "[{protocol: email, endpoint: a@example.com}]}}\n"
        f"accounts: {{a: {{id: {ACCOUNT}, {settings}}}}}\n"
    )
    assert state_files(load_plan(path).regions, OUTPUT) == []
