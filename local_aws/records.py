"""All that the accounts of the local AWS hold, copied, to return to it."""

import copyreg
from copy import deepcopy
from typing import Any, TypeAlias

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.ssm.models import ParameterDict

#: moto's records of each service, by account and region, and which account has which bucket.
Records: TypeAlias = tuple[list[tuple[Any, dict[str, dict[str, Any]]]], dict[str, Any]]

# Who calls is no record of an account: the credentials of the moment stay valid, and clients usable.
_CALLERS = "sts"


def _reduced(parameters: ParameterDict) -> tuple[Any, ...]:
    own = (parameters.account_id, parameters.region_name)
    return ParameterDict, own, vars(parameters), None, iter(parameters.items())


# It inherits from a dictionary that is made of something else.
copyreg.pickle(ParameterDict, _reduced)


def copy_records() -> Records:
    """Return a copy of the records of all accounts."""
    held = [
        (service, {account: dict(regions) for account, regions in service.items()})
        for service in _services()
        if service.service_name != _CALLERS
    ]
    return _copied((held, s3_backends.bucket_accounts))


def put_back(records: Records) -> None:
    """Replace the records of all accounts by these, of which a copy is taken."""
    iam: Any = iam_backends
    keys = {(account, place): backend.access_keys for account, place, backend in iam.iter_backends()}
    for service in _services():
        if service.service_name != _CALLERS:
            service.clear()
    reset_model_data()
    held, buckets = _copied(records)
    s3_backends.bucket_accounts = buckets
    for service, accounts in held:
        for account, regions in accounts.items():
            service[account].update(regions)
    for (account, place), issued in keys.items():
        iam[account][place].access_keys.update(issued)


def _services() -> list[Any]:
    services: list[Any] = vars(BackendDict)["_instances"]
    return services


def _copied(records: Records) -> Records:
    # Records name the services that they refer to.
    return deepcopy(records, {id(service): service for service in _services()})
