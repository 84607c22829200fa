"""The deployments to measure, and the stacks that become of them."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog import EVENTS
from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP

_DEFAULTS: Mapping[str, Any] = {
    "regions": ["eu-central-1"],
    "assume_role": "security-deployment",
    "targets": {"OS": ["Windows Server 2022"]},
    "notifications": {"subscriptions": [{"protocol": "email", "endpoint": "security@example.com"}]},
}


def fleet(accounts: int, **settings: Any) -> dict[str, Any]:
    """Return a deployment of so many accounts with the default pack, or what the settings say instead."""
    return {
        "defaults": {**_DEFAULTS, **settings},
        "accounts": {f"account-{number:03}": {"id": f"{number:012}"} for number in range(1, accounts + 1)},
    }


def all_that_fits() -> list[str]:
    """Return the keys of as much of the catalog as fits: no log group takes all of its metric filters."""
    filters: Counter[str] = Counter()
    keys = []
    for event in EVENTS:
        needed = filters[event.channel] + len(event.patterns)
        # An event that watches paths has no filter without them.
        if needed <= METRIC_FILTERS_A_LOG_GROUP and not event.watched_field:
            filters[event.channel] = needed
            keys.append(event.key)
    return keys


def full_catalog() -> dict[str, Any]:
    """Return a deployment of one account that watches all that fits."""
    return fleet(1, packs=[], events={key: {"enabled": True} for key in all_that_fits()})


def stacks(output: Path) -> dict[str, bytes]:
    """Return what a ``cdktf.out`` has terraform read, by the name of the stack."""
    return {file.parent.name: file.read_bytes() for file in output.glob("stacks/*/cdk.tf.json")}
