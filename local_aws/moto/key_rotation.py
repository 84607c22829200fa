"""KMS: the rotation period of a key, which moto loses."""

from collections.abc import Mapping
from typing import Any

from moto.kms.models import kms_backends

from local_aws.calls import Call, Handlers, kept

DEFAULT_PERIOD_DAYS = 365


def _key(call: Call) -> tuple[dict[str, Any], str, Any]:
    """The periods of all keys, the identifier of the call's key, and the key itself if it exists."""
    backend = kms_backends[call.account_id][call.region]
    identifier = backend.get_key_id(call.parameters["KeyId"])
    return kept(backend, "rotation_periods"), identifier, backend.keys.get(identifier)


def _enable_key_rotation(call: Call) -> None:
    periods, identifier, _ = _key(call)
    periods[identifier] = call.parameters.get("RotationPeriodInDays", DEFAULT_PERIOD_DAYS)


def _get_key_rotation_status(call: Call) -> Mapping[str, Any] | None:
    periods, identifier, key = _key(call)
    if key is None or not key.key_rotation_status:
        return None
    return {
        "KeyId": identifier,
        "KeyRotationEnabled": True,
        "RotationPeriodInDays": periods.get(identifier, DEFAULT_PERIOD_DAYS),
    }


HANDLERS: Handlers = {
    ("kms", "EnableKeyRotation"): _enable_key_rotation,
    ("kms", "GetKeyRotationStatus"): _get_key_rotation_status,
}
