"""Which value counts: an account's before the defaults', the defaults' before the built-in one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from deployment.problem import KeyPath
from deployment.settings.deployment import Account, Deployment, Settings
from deployment.settings.model import Cascading, Model

_Group = TypeVar("_Group", bound=Cascading)


def merged(base: _Group, over: Cascading) -> _Group:
    """Return ``base`` with what is written in ``over``; nothing is copied that does not differ.

    Groups are merged setting by setting and mappings name by name, but for those of ``replaced``; anything
    else that is written replaces what was there, null included.
    """
    updates = {}
    for name in over.model_fields_set & type(base).model_fields.keys():
        value = getattr(over, name)
        updates[name] = value if name in base.replaced else _merged_value(getattr(base, name), value)
    return base.model_copy(update=updates) if updates else base


def _merged_value(base: Any, over: Any) -> Any:
    if isinstance(base, Cascading) and isinstance(over, Cascading):
        return merged(base, over)
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        return {**base, **{k: _merged_value(base[k], v) if k in base else v for k, v in over.items()}}
    return over


def written(deployment: Deployment) -> Iterator[tuple[KeyPath, Settings]]:
    """Yield all settings that are written, with their places."""
    yield from shared(deployment)
    for name, account in deployment.accounts.items():
        yield ("accounts", name), account


def shared(deployment: Deployment) -> Iterator[tuple[KeyPath, Settings]]:
    """Yield the settings that are written for several accounts, with their places."""
    yield ("defaults",), deployment.defaults
    rules = deployment.organization.rules if deployment.organization else ()
    for index, rule in enumerate(rules):
        yield ("organization", "rules", index, "settings"), rule.settings


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the settings that count for one account are written."""

    deployment: Deployment
    account: str

    def location_of(self, *setting: str | int) -> KeyPath:
        """Return the place of a setting, or the nearest place where a person would look for it."""
        while setting:
            for place, settings in reversed(self.layers):
                if is_written(settings, setting):
                    return (*place, *setting)
            setting = setting[:-1]
        return self.here

    @property
    def layers(self) -> tuple[tuple[KeyPath, Settings], ...]:
        """What is written for the account, and where: the defaults first, what wins over all last."""
        defaults, *rules = shared(self.deployment)
        organization = self.deployment.organization
        matching = organization.rules_of(self.own.id) if organization else ()
        return (defaults, *(rules[index] for index in matching), (self.here, self.own))

    @property
    def own(self) -> Account:
        """The account's own settings."""
        return self.deployment.accounts[self.account]

    @property
    def here(self) -> KeyPath:
        """The place of the account itself."""
        return ("accounts", self.account)


def is_written(value: Any, path: KeyPath) -> bool:
    """Return whether a model holds a value at this path that is not merely a default."""
    for step in path:
        match value:
            case Model() if step in value.model_fields_set:
                value = getattr(value, str(step))
            case Mapping():
                entries = {getattr(key, "value", key): entry for key, entry in value.items()}
                if step not in entries:
                    return False
                value = entries[step]
            case tuple() if isinstance(step, int) and step < len(value):
                value = value[step]
            case _:
                return False
    return True
