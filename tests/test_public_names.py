"""Who uses a construct or record finds everything that it takes where it was found itself."""

import enum
import inspect
import typing
from collections.abc import Iterator
from typing import Any

import pytest

import catalog
import deployment
import modules  # before anything imports constructs: the start is quick then

from constructs import Construct  # isort: skip

PACKAGES = (catalog, deployment, modules)
OURS = tuple(f"{package.__name__}." for package in PACKAGES)
CLASSES = [
    taking
    for package in (catalog, modules)
    for name in package.__all__
    if inspect.isclass(taking := getattr(package, name)) and not issubclass(taking, enum.Enum | Exception)
]


@pytest.mark.parametrize("taking", CLASSES, ids=lambda taking: f"{taking.__module__}.{taking.__name__}")
def test_every_type_that_a_public_class_takes_is_public(taking: type) -> None:
    hints = typing.get_type_hints(inspect.getattr_static(taking, "__init__"))
    missing = {each for hint in hints.values() for each in _own_types(hint) if not _is_public(each)}
    assert not missing


def test_the_constructs_are_among_these_classes() -> None:
    assert sum(issubclass(each, Construct) for each in CLASSES) > 20


def _own_types(hint: Any) -> Iterator[type]:
    """Yield the classes of this project that a type is made of."""
    is_dictionary = typing.is_typeddict(hint)
    for each in typing.get_type_hints(hint).values() if is_dictionary else typing.get_args(hint):
        yield from _own_types(each)
    if inspect.isclass(hint) and not is_dictionary and hint.__module__.startswith(OURS):
        yield hint


def _is_public(each: type) -> bool:
    return any(getattr(package, name) is each for package in PACKAGES for name in package.__all__)
