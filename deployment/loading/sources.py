"""What a deployment file takes from files beside it: a folder of accounts, the export of an organization."""

from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from deployment.loading.yaml_file import Node, read, reason
from deployment.problem import DeploymentError, KeyPath, Problem
from deployment.settings.types.text import RelativePath

_AN_ACCOUNT = "id, and the settings that differ from the defaults"
_AN_EXPORT = "Accounts, as 'aws organizations list-accounts' prints it"
_RELATIVE_PATH: TypeAdapter[str] = TypeAdapter(RelativePath)


def with_sources(root: Node) -> tuple[Node, list[Problem]]:
    """Return a deployment file with what it takes from others, and what is wrong with their accounts.

    Raises:
        DeploymentError: The folder or the export cannot be read.
    """
    root = _with_export(root)
    return _with_folder(root)


def _with_export(root: Node) -> Node:
    place = ("organization", "export")
    if (file := _path(root, *place)) is None:
        return root
    return root.with_part(place, 1, read(file, holds=_AN_EXPORT))


def _with_folder(root: Node) -> tuple[Node, list[Problem]]:
    own = root.part("accounts")
    if (folder := _path(root, "accounts_folder")) is None or (own and not isinstance(own[1].data, dict)):
        return root, []
    problems: list[Problem] = []
    whole = root
    for file in _files(root, folder):
        here = ("accounts", file.stem)
        try:
            account = read(file, holds=_AN_ACCOUNT)
            _refuse_twice(here, account, before=root, beside=whole)
        except DeploymentError as error:
            problems += [replace(problem, path=here) for problem in error.problems]
        else:
            whole = whole.with_part(here, 1, account)
    if not whole.part("accounts"):
        raise DeploymentError(problems)
    return whole, problems


def _files(root: Node, folder: Path) -> list[Path]:
    """Return the accounts' files: what else lies in the folder must not look like one that is left out."""
    place = ("accounts_folder",)
    try:
        files = sorted(f for f in folder.iterdir() if f.stem.upper() != "README" and f.name[0] != ".")
    except OSError as error:
        why = "there is no such folder" if isinstance(error, FileNotFoundError) else reason(error)
        raise DeploymentError([root.located(Problem(place, f"{folder}: {why}"))]) from None
    problems = [
        Problem(
            (), "is no account, which is a file NAME.yaml: move it, or let its name begin with a dot", str(f)
        )
        for f in files
        if f.suffix not in (".yaml", ".yml")
    ]
    if not files:
        problems.append(root.located(Problem(place, f"{folder} has no file NAME.yaml: an account each")))
    if problems:
        raise DeploymentError(problems)
    return files


def _refuse_twice(here: KeyPath, account: Node, *, before: Node, beside: Node) -> None:
    """Refuse an account whose name is taken, or whose id has an entry in the deployment file itself."""
    if found := beside.part(*here):
        line, other = found
        raise DeploymentError([Problem(here, f"is in {other.file}:{line} already", account.file, 1)])
    line, own_id = account.part("id") or (1, None)
    _, entries = before.part("accounts") or (1, None)
    for name in entries.parts if own_id and entries else ():
        other_line, other_id = before.part("accounts", name, "id") or (1, None)
        if own_id and other_id and str(other_id.data) == str(own_id.data):
            message = (
                f"the id {own_id.data} is that of accounts.{name} in {other_id.file}:{other_line} already"
            )
            raise DeploymentError([Problem(here, message, account.file, line)])


def _path(root: Node, *place: str) -> Path | None:
    """Return the path that is written there; None where there is none, or one that the settings refuse."""
    _, node = root.part(*place) or (1, None)
    try:
        return Path(root.file).parent / _RELATIVE_PATH.validate_python(node.data if node else None)
    except ValidationError:
        return None
