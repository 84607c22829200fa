"""KMS: whether a key lets CloudWatch Logs encrypt a log group, which AWS asks when the group gets the key."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from moto.kms.models import kms_backends
from moto.utilities.utils import get_partition

from local_aws.calls import ApiError, Call

_NEEDED = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")
_CONTEXT_KEY = "kms:EncryptionContext:aws:logs:arn"


def log_group_key(call: Call) -> ApiError | None:
    """Refuse a key that does not exist, is not enabled, or whose policy does not admit CloudWatch Logs."""
    given = call.parameters
    if not (key_arn := given.get("kmsKeyId")):
        return None
    partition = get_partition(call.region)
    group = f"arn:{partition}:logs:{call.region}:{call.account_id}:log-group:{given.get('logGroupName', '*')}"
    message = (
        f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}' "
        f"(KMS key: {key_arn})"
    )
    key = _key(call, key_arn)
    if key is None or key.key_state != "Enabled" or not _admits(json.loads(key.policy), call, group):
        return ApiError("AccessDeniedException", message)
    return None


def _key(call: Call, arn: str) -> Any:
    parts = arn.split(":")
    if len(parts) != 6 or parts[3] != call.region or not parts[5].startswith("key/"):
        return None
    return kms_backends[parts[4]][parts[3]].keys.get(parts[5].removeprefix("key/"))


def _admits(policy: Mapping[str, Any], call: Call, group: str) -> bool:
    """Return whether all that CloudWatch Logs needs is allowed, and nothing of it denied."""
    context = {
        _CONTEXT_KEY.lower(): group,
        "aws:sourceaccount": call.account_id,
        "aws:sourcearn": group,
        "aws:securetransport": "true",
        "aws:principalisawsservice": "true",
    }
    of_service = [each for each in _listed(policy["Statement"]) if _names(each, f"logs.{call.region}.")]
    for action in _NEEDED:
        effects = {
            each["Effect"]
            for each in of_service
            if any(_like(action.lower(), pattern.lower()) for pattern in _listed(each.get("Action", [])))
            and all(
                _holds(operator, context.get(key.lower()), list(_listed(wanted)))
                for operator, tests in each.get("Condition", {}).items()
                for key, wanted in tests.items()
            )
        }
        if effects != {"Allow"}:
            return False
    return True


def _names(statement: Mapping[str, Any], service: str) -> bool:
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    services = _listed(principal.get("Service", []))
    return "*" in _listed(principal.get("AWS", [])) or any(each.startswith(service) for each in services)


def _holds(operator: str, value: str | None, wanted: list[Any]) -> bool:
    """Return whether one test of a condition holds; of operators, those on texts, ARNs and Bool are known."""
    name = operator.rpartition(":")[2].removesuffix("IfExists")
    if name == "Null":
        return (value is None) == (str(wanted[0]).lower() == "true")
    is_negated = "Not" in name
    if value is None:
        return is_negated or operator.endswith("IfExists")
    is_pattern = name.startswith("Arn") or name.endswith("Like")
    texts = [str(each).lower() if name == "Bool" else str(each) for each in wanted]
    return any(_like(value, each) if is_pattern else value == each for each in texts) is not is_negated


def _like(value: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), value) is not None


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]
