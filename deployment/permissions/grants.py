"""What must be allowed: actions on resources, and the statements of a policy that they become."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deployment.aws.limits import MANAGED_POLICY_CHARACTERS
from deployment.aws.policies import Statement, policy

ANY = ("*",)
"""The resources of an action that IAM cannot limit to some."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions that must be allowed on each of some resources.

    Args:
        actions: The actions, such as ``logs:CreateLogGroup``.
        resources: ARNs, in which ``*`` stands for any characters.
        condition: The condition of the statement; none by default.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ANY
    condition: Mapping[str, Any] | None = None

    @property
    def statement(self) -> Statement:
        """The statement of a policy."""
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Action": _single(self.actions),
            "Resource": _single(self.resources),
        }
        return statement if self.condition is None else {**statement, "Condition": self.condition}


def actions(text: str) -> tuple[str, ...]:
    """Return the actions of a text such as ``logs: CreateLogGroup DeleteLogGroup sns: Subscribe``."""
    found, service = [], ""
    for word in text.split():
        if word.endswith(":"):
            service = word
        else:
            found.append(f"{service}{word}")
    return tuple(found)


def merged(grants: Iterable[Grant]) -> list[Grant]:
    """Return as few grants as allow the same: one for the same resources, then one for the same actions."""
    by_resources: dict[str, Grant] = {}
    for grant in grants:
        if not grant.resources or not grant.actions:
            continue
        grant = replace(grant, resources=_unique(grant.resources))
        known = by_resources.setdefault(_key(grant.resources, grant.condition), replace(grant, actions=()))
        key = _key(grant.resources, grant.condition)
        by_resources[key] = replace(known, actions=_unique((*known.actions, *grant.actions)))
    by_actions: dict[str, Grant] = {}
    for grant in by_resources.values():
        key = _key(grant.actions, grant.condition)
        known = by_actions.setdefault(key, replace(grant, resources=()))
        by_actions[key] = replace(known, resources=_unique((*known.resources, *grant.resources)))
    return sorted(by_actions.values(), key=lambda grant: (grant.actions, grant.resources))


def policies(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """Return policies that allow it all, each no longer than a managed policy may be."""
    found: list[dict[str, Any]] = []
    for grant in _pieces(merged(grants)):
        for each in found:
            if characters(policy(*each["Statement"], grant.statement)) <= MANAGED_POLICY_CHARACTERS:
                each["Statement"].append(grant.statement)
                break
        else:
            found.append(policy(grant.statement))
    return found


def characters(document: Mapping[str, Any]) -> int:
    """Return how long IAM counts a policy: white space between its elements is none."""
    return len(json.dumps(document, separators=(",", ":")))


def _pieces(grants: Iterable[Grant]) -> Iterator[Grant]:
    """Halve the resources of what would exceed a policy by itself."""
    for grant in grants:
        if characters(policy(grant.statement)) <= MANAGED_POLICY_CHARACTERS:
            yield grant
        else:
            half = len(grant.resources) // 2
            yield from _pieces(
                [
                    replace(grant, resources=grant.resources[:half]),
                    replace(grant, resources=grant.resources[half:]),
                ]
            )


def _single(values: Sequence[str]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _key(values: Iterable[str], condition: Mapping[str, Any] | None) -> str:
    return json.dumps([list(values), condition])
