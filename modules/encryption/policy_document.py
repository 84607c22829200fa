"""A policy as AWS takes it: for roles, topics, buckets, keys and event buses alike."""

import json
from collections.abc import Mapping
from typing import Any


def policy_document(*statements: Mapping[str, Any]) -> str:
    """Return the JSON of a policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
