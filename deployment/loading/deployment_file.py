"""``deployment.yaml`` in, its plans out: or everything that is wrong with it, each with its line."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from catalog.events import EVENTS
from catalog.model.security_event import SecurityEvent
from deployment.loading import own_events_file, sigma_rules
from deployment.loading.deployment_plan import DeploymentPlan
from deployment.loading.fleet import member_place, notices, with_members
from deployment.loading.own_events_file import OwnEventsFile
from deployment.loading.sample_files import with_sample_files
from deployment.loading.sigma_rules import RuleEvents
from deployment.loading.sound_part import settings_problems, sound_part
from deployment.loading.sources import with_sources
from deployment.loading.yaml_file import Data, Node, read
from deployment.plans import examine
from deployment.problem import DeploymentError, KeyPath, Problem
from deployment.resolution.region_plan import RegionPlan
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
    return load_plan(path).deployment


def load_plan(
    path: str | Path,
    *,
    accounts: Sequence[str] = (),
    regions: Sequence[str] = (),
    continue_on_error: bool = False,
) -> DeploymentPlan:
    """Read a deployment file and return the plans of its regions, made out once.

    Args:
        path: The file; problems name it as it is spelt here.
        accounts: The names of the requested accounts; none: all of them.
        regions: The names of the requested regions; none: all of them.
        continue_on_error: Whether accounts that have errors are left out rather than refused. Of two accounts
            that collide the later one is left out.

    Raises:
        DeploymentError: The file must not be deployed, or has no such account or region. With
            ``continue_on_error``: something is wrong outside of a single account, or with all of them. It
            holds every problem, in the order of the lines.
    """
    examined = _examined(path)
    problems = examined.problems
    faulty = {problem: examined.account_of(problem) for problem in problems}
    left_out = tuple(dict.fromkeys(account for account in faulty.values() if account))
    problems_in_place = tuple(dict.fromkeys(map(examined.root.located, problems)))
    deployment = examined.deployment
    sound = {
        name: account
        for name, account in (deployment.accounts if deployment else {}).items()
        if name not in left_out
    }
    if deployment is None or not sound or None in faulty.values():
        raise DeploymentError(problems_in_place)
    plan = DeploymentPlan(
        deployment=deployment.model_copy(update={"accounts": sound}),
        regions=tuple(region for region in examined.regions if region.account in sound),
        left_out=left_out,
        problems=problems_in_place,
        notices=(*notices(deployment), *_unwatched(deployment, examined.regions), *examined.notices),
        is_incomplete=bool(left_out),
    )
    is_refused = bool(left_out) and not continue_on_error
    # A region that is not found may be one of the accounts left out.
    requested = plan.only(accounts, () if is_refused else regions)
    if is_refused:
        raise DeploymentError(problems_in_place)
    return requested


def _unwatched(deployment: Deployment, regions: Iterable[RegionPlan]) -> Iterator[str]:
    """Yield a notice of each own event that no account watches."""
    watched = {event.key for region in regions for event in region.events}
    for event in deployment.own_events:
        # An event that watches paths is one event for each of them, by keys of their own.
        if event.key not in watched and not event.watched_field:
            yield (
                f"no account watches the own event {event.key}: choose one of its packs "
                f"({', '.join(pack.value for pack in event.packs) or 'none'}), or set 'enabled: true' for it "
                "under events"
            )


@dataclass(frozen=True, slots=True)
class _Examined:
    """A deployment file that was read, without the accounts that are malformed.

    Args:
        root: What the files say.
        deployment: The settings; None where they are malformed outside of single accounts.
        regions: The plans, as far as they could be made out.
        problems: What is wrong, in the deployment file first, in the order of the lines.
        entries: The ids of the accounts that have an entry, by name; "" for an id that is unknown.
        notices: What should be known of its rules, a sentence each.
    """

    root: Node
    deployment: Deployment | None
    regions: tuple[RegionPlan, ...]
    problems: list[Problem]
    entries: Mapping[str, str]
    notices: tuple[str, ...] = ()

    def account_of(self, problem: Problem) -> str | None:
        """Return the account that a problem is of; None where it is of the whole."""
        organization = self.deployment.organization if self.deployment else None
        match problem.path:
            case ("organization", "export", "Accounts", int(index)) if organization:
                return str(organization.export.accounts[index])
            case ("accounts", str(name), *_) if self.deployment:
                # An entry whose id is unknown may be that of any account of the organization.
                known = self.entries.get(name, name in self.deployment.accounts)
                return name if known or not organization else None
        return None


def _examined(path: str | Path) -> _Examined:
    root, problems = with_sources(read(path))
    own, more = _own_events(root)
    problems += more
    # Without the own events the keys of events are unknown: the rest is checked as far as it can be.
    complete = not more
    rules, more = sigma_rules.read(root)
    problems += more
    complete &= not more
    keys = list(_event_keys(root.data, own, rules)) if complete else None
    data, unread = with_sample_files(root)
    deployment, more = _validated(data, keys)
    malformed = more
    problems += unread + [each for each in more if each.path not in {problem.path for problem in unread}]
    entries = _entries(root)
    regions: tuple[RegionPlan, ...] = ()
    if deployment is not None:
        deployment, members, more = with_members(deployment, entries)
        problems += more
        for name, index in members.items():
            line, member = root.part(*member_place(index)) or (1, root)
            root = root.with_part(("accounts", name), line, member)
    if deployment is not None and complete:
        written = (len(deployment.own_events), len(deployment.own_correlations))
        from_files = own.events if own else ()
        places = [(own.file, line) for line in own.lines] if own else []
        deployment = _with_files(deployment, root, from_files, rules)
        regions, found = examine(deployment, complete=not problems)
        elsewhere = ([*places, *rules.places], rules.correlation_places)
        problems += [_in_its_file(each, deployment, elsewhere, written) for each in found]
    if malformed and keys is not None and (part := sound_part(data, malformed, keys)):
        sound = _with_files(part.deployment, root, own.events if own else (), rules)
        _, found = examine(sound, complete=False)
        more = [problem for each in found if (problem := part.problem(each))]
        problems += [problem for problem in dict.fromkeys(more) if problem not in problems]
    return _Examined(root, deployment, regions, sorted(problems, key=_order(root)), entries, rules.notices)


def _with_files(
    deployment: Deployment, root: Node, from_file: Sequence[SecurityEvent], rules: RuleEvents
) -> Deployment:
    """Return a deployment with what stands in other files."""
    return deployment.model_copy(
        update={
            "own_events": (*deployment.own_events, *from_file, *rules.events),
            "own_correlations": (*deployment.own_correlations, *rules.correlations),
            "own_events_file": None,
            "sigma": (),
        }
    ).in_folder(Path(root.file).parent)


def _order(root: Node) -> Callable[[Problem], tuple[bool, str, int]]:
    def place(problem: Problem) -> tuple[bool, str, int]:
        found = root.located(problem)
        return found.file != root.file, found.file, found.line or 0

    return place


def _entries(root: Node) -> dict[str, str]:
    """Return the ids of the accounts that have an entry by name, "" for a value that is no id."""
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
        return None, []  # reported with the other settings, if it is there at all
    try:
        return own_events_file.read(path), []
    except DeploymentError as error:
        return None, list(error.problems)


def _event_keys(data: Data, own: OwnEventsFile | None, rules: RuleEvents) -> Iterator[str]:
    """Yield the keys that events have, those of malformed own events too."""
    yield from (event.key for event in (*EVENTS, *(own.events if own else ()), *rules.events))
    written = data.get("own_events") if isinstance(data, dict) else None
    for entry in written if isinstance(written, list) else ():
        if isinstance(entry, dict) and isinstance(key := entry.get("key"), str):
            yield key


def _in_its_file(
    problem: Problem,
    deployment: Deployment,
    places: tuple[Sequence[tuple[str, int | None]], Sequence[tuple[str, int | None]]],
    written: tuple[int, int],
) -> Problem:
    """Return a problem with its place in another file, if it is about what is from there.

    Args:
        problem: The problem.
        deployment: The deployment.
        places: The places of the own events and of the own correlations that are from other files.
        written: How many of each stand in the deployment file itself, before these.
    """
    match problem.path:
        case ("own_events", int(index), *_) if index >= written[0]:
            key, (file, line) = deployment.own_events[index].key, places[0][index - written[0]]
            return Problem((), f"event {key!r}: {problem.message}", file, line)
        case ("own_correlations", int(index), *_) if index >= written[1]:
            key, (file, line) = deployment.own_correlations[index].key, places[1][index - written[1]]
            return Problem((), f"correlation {key!r}: {problem.message}", file, line)
    return problem


def _validated(data: Data, keys: list[str] | None) -> tuple[Deployment | None, list[Problem]]:
    """Return the deployment, without the accounts that are malformed, and what is wrong with these."""
    try:
        return Deployment.model_validate(data, context=keys), []
    except ValidationError as error:
        problems = settings_problems(error)
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
