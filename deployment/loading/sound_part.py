"""The part of a malformed deployment file that is sound: what is wrong with that is reported as well."""

from collections.abc import Collection, Iterable
from copy import deepcopy
from dataclasses import dataclass

from pydantic import ValidationError

from deployment.loading.yaml_file import Data
from deployment.problem import KeyPath, Problem
from deployment.settings.deployment import Deployment

#: Settings whose entries are left out one by one; of other lists nothing is kept.
_RECORDS = ("own_events", "own_correlations")
#: What is left out may be what another setting needs, and so on.
_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class SoundPart:
    """What is left of a deployment without the settings that are malformed.

    Args:
        deployment: It, with the sound settings only.
        kept: Which of the own events and own correlations are in it, by their places in the file.
    """

    deployment: Deployment
    kept: dict[str, list[int]]
    _all_kept: frozenset[str]

    def problem(self, found: Problem) -> Problem | None:
        """Return a problem of this part, in its place; None where it may follow from what is left out."""
        path = found.path
        if path[:1] == ("accounts",) or path[:2] == ("organization", "rules"):
            setting = path[2:] if path[0] == "accounts" else path[3:]
        else:
            setting = path[1:] if path[:1] == ("defaults",) else path
        match setting:
            case ("events", _, "exclude", *_):
                return found
            case ("correlations", _, *_) if "own_correlations" in self._all_kept:
                return found
            case ("own_events", int(index), name, *_) if name != "key" or "own_events" in self._all_kept:
                return self._placed(found, "own_events", index)
            case ("own_correlations", int(index), *_) if len(self._all_kept) == len(_RECORDS):
                return self._placed(found, "own_correlations", index)
        return None

    def _placed(self, found: Problem, name: str, index: int) -> Problem | None:
        kept = self.kept.get(name, [])
        if index >= len(kept):
            return None  # from a file of its own
        return Problem((name, kept[index], *found.path[2:]), found.message)


def settings_problems(error: ValidationError) -> list[Problem]:
    """Return what is wrong with settings, without pydantic's mark for a key that is wrong, not its value."""
    found = [(each["loc"], each["msg"]) for each in error.errors(include_url=False)]
    return [Problem(path[:-1] if path[-1:] == ("[key]",) else path, text) for path, text in found]


def sound_part(data: Data, problems: Iterable[Problem], keys: Collection[str]) -> SoundPart | None:
    """Return the sound part of a malformed file; None where hardly anything is left.

    Args:
        data: What the file says.
        problems: What is wrong with it.
        keys: The keys of all events.
    """
    if not isinstance(data, dict):
        return None
    left = deepcopy(data)
    paths = {problem.path for problem in problems}
    kept: dict[str, list[int]] = {}
    for name in _RECORDS:
        records = left.get(name)
        if isinstance(records, list):
            kept[name] = [index for index in range(len(records)) if not _is_faulty((name, index), paths)]
            left[name] = [records[index] for index in kept[name]]
    all_kept = frozenset(name for name in _RECORDS if not any(path[:1] == (name,) for path in paths))
    paths = {path for path in paths if len(path) < 2 or path[0] not in kept}
    for _ in range(_ROUNDS):
        if () in paths:
            return None
        for path in paths:
            _leave_out(left, path)
        try:
            return SoundPart(Deployment.model_validate(left, context=keys), kept, all_kept)
        except ValidationError as error:
            paths = {problem.path for problem in settings_problems(error)}
    return None


def _is_faulty(record: KeyPath, paths: Iterable[KeyPath]) -> bool:
    return any(path[: len(record)] == record for path in paths)


def _leave_out(data: Data, path: KeyPath) -> None:
    """Leave out of nested mappings the value at a path, or what comes nearest to it."""
    holder: dict[str, Data] | None = None
    key = ""
    for step in path:
        if not isinstance(data, dict) or step not in data:
            break
        holder, key = data, str(step)
        data = data[key]
    if holder is not None:
        holder.pop(key, None)
