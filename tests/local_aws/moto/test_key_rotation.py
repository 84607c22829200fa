from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def kms(client: Callable[[str], Any]) -> Any:
    return client("kms")


@pytest.fixture
def key(kms: Any) -> str:
    return str(kms.create_key()["KeyMetadata"]["Arn"])


def test_the_rotation_period_of_a_key_is_kept(kms: Any, key: str) -> None:
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)

    status = kms.get_key_rotation_status(KeyId=key)

    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 90)


def test_a_key_rotates_once_a_year_unless_told_otherwise(kms: Any, key: str) -> None:
    kms.enable_key_rotation(KeyId=key)

    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365


def test_a_key_that_does_not_rotate_has_no_period(kms: Any, key: str) -> None:
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    kms.disable_key_rotation(KeyId=key)

    status = kms.get_key_rotation_status(KeyId=key)

    assert not status["KeyRotationEnabled"]
    assert "RotationPeriodInDays" not in status
