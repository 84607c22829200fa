"""``deployment.yaml`` in, a deployment out: or everything that is wrong with it, each with its line."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from catalog.events import EVENTS
from deployment import own_events_file
from deployment.own_events_file import OwnEventsFile
from deployment.problem import DeploymentError, KeyPath, Problem
from deployment.resolution import examine
from deployment.settings import Deployment
from deployment.values import RelativeFile
from deployment.yaml_file import Data, Node, read

_RELATIVE_FILE: TypeAdapter[str] = TypeAdapter(RelativeFile)


def load(path: str | Path) -> Deployment:
    """Read a deployment file, and the file of own events that it names.

    Args:
        path: The file; problems name it as it is spelt here.

    Returns:
        The deployment; the events of the file that it names are among its own events.

    Raises:
        DeploymentError: A file cannot be read, or must not be deployed. It holds every problem,
            in the order of the lines.
    """
    file = read(path)
    own, problems = _own_events(file)
    # Without the own events nobody knows which keys there are: the rest is checked as far as it can be.
    complete = not problems
    keys = list(_event_keys(file.data, own)) if complete else None
    deployment, found = _validated(file.data, keys)
    problems += found
    if deployment is not None and complete:
        written = len(deployment.own_events)
        if own:
            deployment = deployment.model_copy(
                update={"own_events": (*deployment.own_events, *own.events), "own_events_file": None}
            )
        examined = examine(deployment, complete=not problems)[1]
        problems += [_in_own_file(problem, own, written) if own else problem for problem in examined]
    if deployment is None or problems:
        located = dict.fromkeys(map(file.located, problems))
        raise DeploymentError(sorted(located, key=lambda p: (p.file != file.file, p.file, p.line or 0)))
    return deployment


def _own_events(file: Node) -> tuple[OwnEventsFile | None, list[Problem]]:
    """Return the file of own events, if the deployment names one, and what is wrong with it."""
    name = file.data.get("own_events_file") if isinstance(file.data, dict) else None
    try:
        path = Path(file.file).parent / _RELATIVE_FILE.validate_python(name)
    except ValidationError:
        return None, []  # told with the other settings, if it is there at all
    try:
        return own_events_file.read(path), []
    except DeploymentError as error:
        return None, list(error.problems)


def _event_keys(data: Data, own: OwnEventsFile | None) -> Iterator[str]:
    """Yield the keys that events have, those of malformed own events too."""
    yield from (event.key for event in (*EVENTS, *(own.events if own else ())))
    written = data.get("own_events") if isinstance(data, dict) else None
    for entry in written if isinstance(written, list) else ():
        if isinstance(entry, dict) and isinstance(key := entry.get("key"), str):
            yield key


def _in_own_file(problem: Problem, own: OwnEventsFile, written: int) -> Problem:
    """Return a problem with its place in the file of own events, where it is about one of these."""
    match problem.path:
        case ("own_events", int(index), *_) if index >= written:
            event, line = own.events[index - written], own.lines[index - written]
            return Problem((), f"event {event.key!r}: {problem.message}", own.file, line)
    return problem


def _validated(data: Data, keys: list[str] | None) -> tuple[Deployment | None, list[Problem]]:
    """Return the deployment, without the accounts that are malformed, and what is wrong with these."""
    try:
        return Deployment.model_validate(data, context=keys), []
    except ValidationError as error:
        problems = [Problem(_path(e["loc"]), e["msg"]) for e in error.errors(include_url=False)]
    faulty = {problem.path[:2] for problem in problems}
    accounts = data.get("accounts") if isinstance(data, dict) else None
    # An account that is malformed does not keep the others from being checked; anything else does.
    if isinstance(data, dict) and isinstance(accounts, dict) and all(map(_is_in_an_account, faulty)):
        sound = {name: account for name, account in accounts.items() if ("accounts", name) not in faulty}
        if sound:
            return Deployment.model_validate({**data, "accounts": sound}, context=keys), problems
    return None, problems


def _is_in_an_account(path: KeyPath) -> bool:
    return len(path) > 1 and path[0] == "accounts"


def _path(location: KeyPath) -> KeyPath:
    """Return pydantic's location without its mark for what is wrong with a key rather than its value."""
    return location[:-1] if location[-1:] == ("[key]",) else location
