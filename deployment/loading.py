"""``deployment.yaml`` in, a deployment out: or everything that is wrong with it, each with its line."""

from pathlib import Path

from pydantic import ValidationError

from deployment.problem import DeploymentError, KeyPath, Problem
from deployment.resolution import examine
from deployment.settings import Deployment
from deployment.yaml_file import Data, read


def load(path: str | Path) -> Deployment:
    """Read a deployment file.

    Args:
        path: The file; problems name it as it is spelt here.

    Raises:
        DeploymentError: The file cannot be read, or must not be deployed. It holds every problem,
            in the order of the lines.
    """
    file = read(path)
    deployment, problems = _validated(file.data)
    if deployment is not None:
        problems += examine(deployment, complete=not problems)[1]
    if deployment is None or problems:
        located = dict.fromkeys(file.located(problem) for problem in problems)
        raise DeploymentError(sorted(located, key=lambda problem: problem.line or 0)) from None
    return deployment


def _validated(data: Data) -> tuple[Deployment | None, list[Problem]]:
    """Return the deployment, without the accounts that are malformed, and what is wrong with these."""
    try:
        return Deployment.model_validate(data), []
    except ValidationError as error:
        problems = [Problem(_path(e["loc"]), e["msg"]) for e in error.errors(include_url=False)]
    faulty = {problem.path[:2] for problem in problems}
    accounts = data.get("accounts") if isinstance(data, dict) else None
    # An account that is malformed does not keep the others from being checked; anything else does.
    if isinstance(data, dict) and isinstance(accounts, dict) and all(map(_is_in_an_account, faulty)):
        sound = {name: account for name, account in accounts.items() if ("accounts", name) not in faulty}
        if sound:
            return Deployment.model_validate({**data, "accounts": sound}), problems
    return None, problems


def _is_in_an_account(path: KeyPath) -> bool:
    return len(path) > 1 and path[0] == "accounts"


def _path(location: KeyPath) -> KeyPath:
    """Return pydantic's location without its mark for what is wrong with a key rather than its value."""
    return location[:-1] if location[-1:] == ("[key]",) else location
