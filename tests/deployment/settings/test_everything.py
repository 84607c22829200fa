"""The deployment file of the tests that look at all there is writes every setting.

A new setting fails here first: it needs a place in ``everything.yaml``, whose stacks are compared between the
versions of CDKTF and whose resources are all stated and checked.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from deployment import load
from deployment.settings.correlation import OwnCorrelation
from deployment.settings.deployment import Organization, Rule
from deployment.settings.model import Model
from deployment.settings.organization import Export, Member, MemberPattern
from deployment.settings.own_event import OwnEvent
from deployment.settings.sigma import SigmaRules

EVERYTHING = Path(__file__).parents[2] / "compatibility" / "everything.yaml"

#: They say where accounts come from, and nothing of what becomes of one.
SOURCES = {Export, Member, MemberPattern, Organization, Rule}
SOURCE_SETTINGS = {"accounts_folder", "organization"}
#: What is a record of the catalog's type once it is loaded.
RECORDS: dict[str, type[Model]] = {
    "own_events": OwnEvent,
    "own_correlations": OwnCorrelation,
    "sigma": SigmaRules,
}


def test_everything_writes_every_setting() -> None:
    content = yaml.safe_load(EVERYTHING.read_bytes())
    records = tuple(kind.model_validate(each) for key, kind in RECORDS.items() for each in content[key])
    written = {
        (declaring, name)
        for model in (*models(load(EVERYTHING)), *models(records))
        for declaring in type(model).__mro__
        for name in model.model_fields_set
    }
    assert [
        f"{model.__name__}.{name}"
        for model in subclasses(Model)
        for name in model.__annotations__.keys() & model.model_fields
        if (model, name) not in written and model not in SOURCES and name not in SOURCE_SETTINGS
    ] == []


def models(value: Any) -> Iterator[Model]:
    """The settings in a value, and those in them."""
    match value:
        case Model():
            yield value
            for name in value.model_fields_set:
                yield from models(getattr(value, name))
        case Mapping():
            for entry in value.values():
                yield from models(entry)
        case tuple():
            for entry in value:
                yield from models(entry)


def subclasses(model: type[Model]) -> Iterator[type[Model]]:
    for each in model.__subclasses__():
        yield each
        yield from subclasses(each)
