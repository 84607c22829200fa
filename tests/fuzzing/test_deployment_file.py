"""Whatever the deployment file says: an answer, with the place of what is wrong; never a traceback.

The same few dozen files in each usual run; thousands of new ones with ``HYPOTHESIS_PROFILE=thorough``
(``make fuzz``).
"""

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from deployment.__main__ import main
from tests.fuzzing.mutations import mutated

ROOT = Path(__file__).parents[2]
CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())

EXAMPLE = (ROOT / "deployment.yaml").read_text(encoding="utf-8")
#: Every source of accounts, in a file that is small enough for a change to hit what matters.
FLEET = """\
defaults:
  regions: [eu-central-1]
  packs: [article]
  watched_paths: ['C:\\Secret\\']
  state: {type: s3, prefix: fleet}
  notifications:
    subscriptions: [{protocol: email, endpoint: security@example.com}]
accounts_folder: accounts
organization:
  export: list-accounts.json
  unmatched: leave-out
  rules:
    - organizational_unit: Root/Workloads
      settings: {retention_days: 90, events: {logon-failed-network: {threshold: 5}}}
    - name: Sand*
      tags: {Owner: '*'}
      skip: true
accounts:
  production: {id: 111111111111, tags: {Environment: production}}
"""
ACCOUNT = """\
id: 222222222222
regions: [ap-northeast-1, eu-west-1]
assume_role: {role: security, external_id: 12345}
composite_alarms:
  guessing: {title: Guessed, all_of: [logon-failed-network, user-account-locked-out]}
"""
EXPORT = """\
{"Accounts": [
  {"Id": "111111111111", "Name": "Production", "Status": "ACTIVE",
   "OrganizationalUnit": "Root/Workloads/Production", "Tags": {}},
  {"Id": "333333333333", "Name": "Prod EU", "State": "ACTIVE",
   "OrganizationalUnit": "Root/Workloads", "Tags": {"Owner": "a"}},
  {"Id": "444444444444", "Name": "Sandbox", "Status": "SUSPENDED", "OrganizationalUnit": "Root", "Tags": {}}
]}
"""
FILES = {"deployment.yaml": FLEET, "accounts/tokyo.yaml": ACCOUNT, "list-accounts.json": EXPORT}

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def fuzzed(examples: int) -> settings:
    return settings(
        max_examples=examples if THOROUGH else examples // 100,
        derandomize=not THOROUGH,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@contextlib.contextmanager
def folder_with(files: Mapping[str, str | bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, content in files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        yield folder


def answer(files: Mapping[str, str | bytes], *options: str) -> tuple[int, str, list[str]]:
    """Check a deployment; return the status, what was printed, and the problems without the folder's name."""
    with folder_with(files) as folder:
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(["check", str(folder / "deployment.yaml"), *options])
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
        messages = err.getvalue().splitlines()
        problems = [line for line in messages if not line.startswith("left out: ")]
        misplaced = [line for line in problems if not line.startswith(f"{folder}/")]
        assert not misplaced
        if status == 0:
            assert not messages
        elif status == 1:
            assert "--keep-going" in options
            assert problems
            assert messages[-1].startswith("left out: ")
        else:
            assert status == 2
            assert problems == messages != []
            assert not out.getvalue()
        return status, out.getvalue(), [line.replace(f"{folder}/", "") for line in problems]


def test_the_files_that_are_changed_here_are_in_order() -> None:
    assert answer({"deployment.yaml": EXAMPLE})[0] == 0
    assert answer(FILES)[0] == 0


@given(mutated(EXAMPLE))
@fuzzed(2400)
def test_a_changed_example_is_answered(text: str) -> None:
    answer({"deployment.yaml": text})


@given(mutated(FLEET))
@fuzzed(1800)
def test_a_changed_fleet_is_answered(text: str) -> None:
    status, _, problems = answer({**FILES, "deployment.yaml": text})
    lenient, _, messages = answer({**FILES, "deployment.yaml": text}, "--keep-going")
    assert (lenient == 0) == (status == 0)
    assert set(messages) == set(problems)


@given(mutated(ACCOUNT))
@fuzzed(900)
def test_a_changed_file_of_an_account_is_answered(text: str) -> None:
    answer({**FILES, "accounts/tokyo.yaml": text})
    answer({**FILES, "accounts/tokyo.yaml": text}, "--keep-going")


@given(mutated(EXPORT))
@fuzzed(900)
def test_a_changed_export_is_answered(text: str) -> None:
    answer({**FILES, "list-accounts.json": text})


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_a_broken_file_is_refused_with_a_place(path: Path) -> None:
    assert answer({"deployment.yaml": path.read_bytes()})[0] == 2
