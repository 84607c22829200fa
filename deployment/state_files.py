"""The files of local states: which stack's each is, and the move of one from its former place.

A state belongs to a stack if resources in it have the account and the names of the stack: ``name`` of the
deployment is part of each. So no other deployment's state is moved or used.
"""

import fcntl
import json
import os
import re
import shlex
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from deployment.problem import Problem
from deployment.resolution.names import Names
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarms import alarms
from deployment.settings.state import LocalBackend, S3Backend

#: The attribute with the name, of resources of which an account and region has one a name.
_NAME_ATTRIBUTES = {
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_iam_role": "name",
    "aws_s3_bucket": "bucket",
    "aws_ssm_parameter": "name",
}
_ACCOUNT_IN_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):")


def output_folder() -> Path:
    """Return the folder of the synthesized stacks: CDKTF_OUTDIR, as cdktf sets it, or ``cdktf.out``."""
    return Path(os.environ.get("CDKTF_OUTDIR") or "cdktf.out")


@dataclass(frozen=True, slots=True)
class _Content:
    """What a state file holds.

    Args:
        accounts: The ids of the accounts of its resources.
        names: The names of its resources, as far as they tell deployments apart.
        is_empty: Whether it has no resource.
    """

    accounts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    is_empty: bool = False


@dataclass(frozen=True)
class StateFile:
    """The file with the state of one stack.

    Args:
        stack: The stack's name.
        region: Its account and region.
        state: Where the state is kept.
        output: The folder of the synthesized stacks.
    """

    stack: str
    region: RegionPlan
    state: LocalBackend
    output: Path

    @cached_property
    def problem(self) -> Problem | None:
        """Why the stack must not be planned with what is there; None where it may."""
        message = ""
        if self.state.file.exists():
            accounts = _content(self.state.file).accounts
            owner = ""
            if accounts and self.region.account_id not in accounts:
                owner = f"account {', '.join(sorted(accounts))}"
            elif namesake := self._namesake:
                owner = f"the deployment {namesake}"
            if owner:
                message = (
                    f"{self.state} is the state of {owner}: give this deployment another name, or its states "
                    "a folder of their own, such as 'state: {type: local, directory: state/other}'"
                )
        elif len(self._matching) > 1:
            message = (
                f"{' and '.join(map(str, self._matching))} are both states of this stack: move the one that "
                f"is in use to {self.state}, and the other away"
            )
        elif self.former and _is_in_use(self.former):
            message = f"{self.former} is in use by terraform: it is moved to {self.state} once that has ended"
        return Problem(("accounts", self.region.account), f"{self.stack}: {message}") if message else None

    @property
    def notice(self) -> str:
        """What should be known of a state at a former place that is not moved; empty where there is none."""
        if self.state.file.exists() or self._matching or not self._doubtful:
            return ""
        other, new = self._doubtful[0], self.state.file
        folder, source, target = (shlex.quote(str(path)) for path in (new.parent, other, new))
        return (
            f"{self.stack}: {new} begins as an empty state. If {other} is of this deployment, for example "
            f"because its name was changed, first run: mkdir -p {folder} && mv -n {source} {target}"
        )

    @property
    def former(self) -> Path | None:
        """Where the state still is, if the next synthesis moves it."""
        return self._matching[0] if self._matching else None

    def move(self) -> str:
        """Move the state from its former place, if it is there, and return a line that says so.

        Raises:
            OSError: It cannot be moved; it is where it was.
        """
        if (former := self.former) is None:
            return ""
        _move(former, self.state.file)
        backup = Path(f"{former}.backup")
        if backup.exists() and not (new := Path(f"{self.state.file}.backup")).exists():
            _move(backup, new)
        return f"{self.stack}: moved the state from {former} to {self.state}"

    def forget_other(self) -> None:
        """Delete terraform's note of the local state of another deployment, or of one that was moved.

        With it terraform would refuse to run, or offer to copy that state over. A note of a remote state, or
        of another file with this stack's state, stays: there terraform is right to ask.
        """
        recorded = self._recorded
        if recorded and not _is_same(recorded, self.state.file) and not self._is_of_stack(recorded):
            self._record.unlink()

    @cached_property
    def _matching(self) -> list[Path]:
        return [path for path in self._candidates if self._is_of_stack(path)]

    @cached_property
    def _doubtful(self) -> list[Path]:
        """Files at former places that may be of this stack, which their content does not show."""
        return [
            path
            for path in self._candidates
            if (path.is_symlink() or not (content := _content(path)).is_empty)
            and (path.is_symlink() or not content.accounts or self.region.account_id in content.accounts)
        ]

    @property
    def _candidates(self) -> Iterator[Path]:
        """Files at former places; none where there is a state at the right one."""
        if self.state.file.exists():
            return
        directory, name = Path(self.state.path).parent, f"{self.stack}.tfstate"
        folder = self.state.folder / directory
        beside_output = _as_seen_from_here(Path(os.path.realpath(self.output)).parent / directory / name)
        places = [folder / name, *sorted(folder.glob(f"*-{name}")), beside_output]
        found: list[Path] = []
        for place in (*places, *filter(None, [self._recorded])):
            if place.is_file() and not any(_is_same(place, each) for each in found):
                found.append(place)
                yield place

    @property
    def _folder(self) -> Path:
        """The folder in which terraform runs."""
        return self.output / "stacks" / self.stack

    @property
    def _record(self) -> Path:
        """Where terraform notes which state it used last."""
        return self._folder / (os.environ.get("TF_DATA_DIR") or ".terraform") / "terraform.tfstate"

    @property
    def _recorded(self) -> Path | None:
        """The local state that terraform used last in the stack's folder."""
        try:
            backend = json.loads(self._record.read_text(encoding="utf-8"))["backend"]
            path = backend["config"]["path"] if backend["type"] == "local" else None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return _as_seen_from_here(self._folder / path) if path else None

    @cached_property
    def _names(self) -> frozenset[str]:
        backend, names = self.region.state, self.region.names
        if isinstance(backend, S3Backend):
            return frozenset({backend.bucket})
        of_alarms = (alarm.name for alarm in alarms(self.region))
        return frozenset({names.agent_parameter, names.server_role, *of_alarms})

    @property
    def _namesake(self) -> str:
        """The deployment that has written the state, if its name and account's join to those of this one.

        ``a`` with the account ``b-c`` has the file of ``a-b`` with the account ``c``.
        """
        names, found = self.region.names, _content(self.state.file).names
        joined = f"{names.name}-{self.region.account}"
        if self.state is not self.region.state or _has_names(found, names):
            return ""
        others = (joined[:at] for at, character in enumerate(joined) if character == "-")
        return next((each for each in others if _has_names(found, replace(names, name=each))), "")

    def _is_of_stack(self, path: Path) -> bool:
        if path.is_symlink() or not path.is_file():
            return False
        content = _content(path)
        is_of_account = not content.accounts or self.region.account_id in content.accounts
        return is_of_account and not content.names.isdisjoint(self._names)


def state_files(regions: Iterable[RegionPlan], output: Path) -> list[StateFile]:
    """Return the files of the local states, those of the stacks that create state buckets among them.

    Args:
        regions: The accounts and regions.
        output: The folder of the synthesized stacks.
    """
    files: dict[Path, StateFile] = {}
    for region in regions:
        match region.state:
            case LocalBackend() as state:
                files[state.file] = StateFile(region.stack_name, region, state, output)
            case S3Backend(create_bucket=True, bucket_stack=stack, bucket_state=state):
                files.setdefault(state.file, StateFile(stack, region, state, output))
    return list(files.values())


def _content(path: Path) -> _Content:
    """Return what a state holds; nothing that is known where terraform has another format for it."""
    accounts, names = set[str](), set[str]()
    try:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
        managed = [resource for resource in resources if resource["mode"] == "managed"]
        for resource in managed:
            if name := _NAME_ATTRIBUTES.get(resource["type"]):
                for attributes in (instance["attributes"] for instance in resource["instances"]):
                    names.add(attributes[name])
                    if account := _ACCOUNT_IN_ARN.match(attributes["arn"]):
                        accounts.add(account[1])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Content()
    return _Content(frozenset(accounts), frozenset(names), is_empty=not managed)


def _has_names(found: Iterable[str], names: Names) -> bool:
    """Return whether resources are among these that have names of a deployment."""
    own = {names.agent_parameter, names.server_role, names.output_bucket}
    return any(name in own or name.startswith(names.alarm_prefix) for name in found)


def _as_seen_from_here(path: Path) -> Path:
    return Path(os.path.relpath(os.path.realpath(path)))


def _is_same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return os.path.realpath(one) == os.path.realpath(other)


def _is_in_use(path: Path) -> bool:
    """Return whether terraform has a state open: it locks the file for as long."""
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _move(former: Path, new: Path) -> None:
    """Move a file, and never over another."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(former, new)
    except FileExistsError:
        raise
    except OSError:
        # Another file system, or one without hard links.
        copy = new.with_name(f".{new.name}.new")
        shutil.copy2(former, copy)
        copy.rename(new)
    former.unlink()
