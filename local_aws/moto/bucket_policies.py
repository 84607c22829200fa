"""Policies of buckets, which the local AWS keeps and does not enforce."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket


def not_enforced() -> AbstractContextManager[Any]:
    """Have moto leave bucket policies alone while the context lasts.

    moto denies whatever a statement denies and ignores its condition: a bucket that refuses plain HTTP would
    refuse everything, and terraform could keep no state in it.
    """
    return patch.object(FakeBucket, "get_permission", return_value=PermissionResult.NEUTRAL)
