"""``deployment.yaml`` in, a deployment out: or everything that is wrong with it, each with its line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from catalog.events import EVENTS
from deployment.loading import own_events_file
from deployment.loading.fleet import member_place, with_members
from deployment.loading.own_events_file import OwnEventsFile
from deployment.loading.sources import with_sources
from deployment.loading.yaml_file import Data, Node, read
from deployment.problem import DeploymentError, KeyPath, Problem
from deployment.resolution.plans import examine
from deployment.settings.deployment import Deployment
from deployment.settings.types.text import RelativePath

_ACCOUNT_ID = re.compile("[0-9]{12}", re.ASCII)
_RELATIVE_FILE: TypeAdapter[str] = TypeAdapter(RelativePath)


def load(path: str | Path) -> Deployment:
    """Read a deployment file, and the files that it takes accounts and own events from.

    Args:
        path: The file; problems name it as it is spelt here.

    Returns:
        The deployment: the events of the file that it names are among its own events, the accounts of the
        folder and of the organization among its accounts.

    Raises:
        DeploymentError: A file cannot be read, or must not be deployed. It holds every problem,
            in the order of the lines.
    """
    found = _examined(path)
    if found.deployment is None or found.problems:
        raise DeploymentError(found.told)
    return found.deployment


def load_sound(path: str | Path) -> tuple[Deployment, Mapping[str, tuple[Problem, ...]]]:
    """Read a deployment file as ``load`` does, but without the accounts that something is wrong with.

    Of two accounts that collide the later one is left out.

    Returns:
        The deployment, and the accounts left out, each with its problems; an account of the organization as
        it is called there, with its id.

    Raises:
        DeploymentError: Something is wrong outside of a single account, or with all of them.
    """
    found = _examined(path)
    left_out: dict[str, tuple[Problem, ...]] = {}
    for problem in found.in_order:
        if (account := found.account_of(problem)) is None:
            raise DeploymentError(found.told)
        left_out[account] = (*left_out.get(account, ()), found.root.located(problem))
    accounts = found.deployment.accounts if found.deployment else {}
    sound = {name: account for name, account in accounts.items() if name not in left_out}
    if found.deployment is None or not sound:
        raise DeploymentError(found.told)
    return found.deployment.model_copy(update={"accounts": sound}), left_out


@dataclass(frozen=True, slots=True)
class _Examined:
    """A deployment file that was read, without the accounts that are malformed, and what is wrong with it."""

    root: Node
    deployment: Deployment | None
    problems: list[Problem]
    #: The ids of the accounts that have an entry, by name; "" where nobody knows it.
    entries: Mapping[str, str]

    @property
    def in_order(self) -> list[Problem]:
        """The problems, those of the deployment file first, in the order of the lines."""
        return sorted(self.problems, key=self._place)

    @property
    def told(self) -> list[Problem]:
        """The problems in order, each once, with their places."""
        return list(dict.fromkeys(map(self.root.located, self.in_order)))

    def _place(self, problem: Problem) -> tuple[bool, str, int]:
        found = self.root.located(problem)
        return found.file != self.root.file, found.file, found.line or 0

    def account_of(self, problem: Problem) -> str | None:
        """Return the account that a problem is of; None where it is of the whole."""
        organization = self.deployment.organization if self.deployment else None
        match problem.path:
            case ("organization", "export", "Accounts", int(index)) if organization:
                return str(organization.export.accounts[index])
            case ("accounts", str(name), *_) if self.deployment:
                # An entry whose id nobody knows may be that of any account of the organization.
                known = self.entries.get(name, name in self.deployment.accounts)
                return name if known or not organization else None
        return None


def _examined(path: str | Path) -> _Examined:
    root, problems = with_sources(read(path))
    own, more = _own_events(root)
    problems += more
    # Without the own events nobody knows which keys there are: the rest is checked as far as it can be.
    complete = not more
    keys = list(_event_keys(root.data, own)) if complete else None
    deployment, more = _validated(root.data, keys)
    problems += more
    entries = _entries(root)
    if deployment is None:
        return _Examined(root, None, problems, entries)
    deployment, members, more = with_members(deployment, entries)
    problems += more
    for name, index in members.items():
        line, member = root.part(*member_place(index)) or (1, root)
        root = root.with_part(("accounts", name), line, member)
    if complete:
        written = len(deployment.own_events)
        if own:
            deployment = deployment.model_copy(
                update={"own_events": (*deployment.own_events, *own.events), "own_events_file": None}
            )
        examined = examine(deployment, complete=not problems)[1]
        problems += [_in_own_file(problem, own, written) if own else problem for problem in examined]
    return _Examined(root, deployment, problems, entries)


def _entries(root: Node) -> dict[str, str]:
    """Return the ids of the accounts that have an entry by name, "" for an id that is none."""
    _, accounts = root.part("accounts") or (1, Node(root.file, {}))
    written = {str(name): account.part("id") for name, (_, account) in accounts.parts.items()}
    ids = {name: str(found[1].data) if found else "" for name, found in written.items()}
    return {name: own_id if _ACCOUNT_ID.fullmatch(own_id) else "" for name, own_id in ids.items()}


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
        if sound or data.get("organization"):
            return Deployment.model_validate({**data, "accounts": sound}, context=keys), problems
    return None, problems


def _is_in_an_account(path: KeyPath) -> bool:
    return len(path) > 1 and path[0] == "accounts"


def _path(location: KeyPath) -> KeyPath:
    """Return pydantic's location without its mark for what is wrong with a key rather than its value."""
    return location[:-1] if location[-1:] == ("[key]",) else location
