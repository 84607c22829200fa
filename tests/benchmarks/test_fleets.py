from collections import Counter
from pathlib import Path

import pytest
import yaml

from benchmarks.fleets import all_that_fits, fleet, full_catalog, stacks
from catalog import event
from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP
from deployment import load, resolve


def resolved(content: object, folder: Path) -> list[tuple[str, ...]]:
    file = folder / "deployment.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return [tuple(each.key for each in region.events) for region in resolve(load(file))]


@pytest.mark.parametrize("accounts", [1, 100])
def test_a_fleet_is_a_deployment_with_a_stack_for_each_account(accounts: int, tmp_path: Path) -> None:
    regions = resolved(fleet(accounts), tmp_path)

    assert len(regions) == accounts
    assert all(regions)


def test_of_the_full_catalog_as_much_is_watched_as_a_log_group_takes(tmp_path: Path) -> None:
    (watched,) = resolved(full_catalog(), tmp_path)

    filters = Counter[str]()
    for key in watched:
        filters[event(key).channel] += len(event(key).patterns)
    assert set(watched) == set(all_that_fits())
    assert filters["Security"] == METRIC_FILTERS_A_LOG_GROUP


def test_the_stacks_of_an_output_are_found_by_name(tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder = tmp_path / "stacks" / name
        folder.mkdir(parents=True)
        (folder / "cdk.tf.json").write_text(name)
    (tmp_path / "manifest.json").write_text("{}")

    assert stacks(tmp_path) == {"a": b"a", "b": b"b"}
