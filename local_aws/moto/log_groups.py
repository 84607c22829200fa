"""CloudWatch Logs: what moto forgets about log groups and metric filters.

moto loses the class of a log group, gives it no other key than its first, keeps the filters of a deleted
group, adds a second filter of the same name where AWS replaces the first, and loses which records a filter
takes.
"""

from collections.abc import Mapping
from typing import Any

from moto.logs.models import LogsBackend, logs_backends

from local_aws.calls import Call, Handlers, kept


def log_group_class(backend: LogsBackend, name: str) -> str:
    """The class that a log group was created with; STANDARD if none was named."""
    return str(kept(backend, "log_group_classes").get(name, "STANDARD"))


def _create_log_group(call: Call) -> None:
    backend = logs_backends[call.account_id][call.region]
    name = call.parameters["logGroupName"]
    if name not in backend.groups:
        kept(backend, "log_group_classes")[name] = call.parameters.get("logGroupClass", "STANDARD")


def _delete_log_group(call: Call) -> None:
    backend = logs_backends[call.account_id][call.region]
    backend.filters.metric_filters = [
        each
        for each in backend.filters.metric_filters
        if each["logGroupName"] != call.parameters["logGroupName"]
    ]


def _describe_log_groups(call: Call) -> Mapping[str, Any]:
    """All groups on one page."""
    backend = logs_backends[call.account_id][call.region]
    wanted = call.parameters
    groups = []
    for name, group in sorted(backend.groups.items()):
        kind = log_group_class(backend, name)
        if (
            name.startswith(wanted.get("logGroupNamePrefix", ""))
            and wanted.get("logGroupNamePattern", "").lower() in name.lower()
            and wanted.get("logGroupClass", kind) == kind
        ):
            filters = backend.describe_metric_filters(log_group_name=name)
            groups.append(
                {**group.to_describe_dict(), "logGroupClass": kind, "metricFilterCount": len(filters)}
            )
    return {"logGroups": groups}


def _associate_kms_key(call: Call) -> Mapping[str, Any]:
    logs_backends[call.account_id][call.region].groups[
        call.parameters["logGroupName"]
    ].kms_key_id = call.parameters["kmsKeyId"]
    return {}


def _disassociate_kms_key(call: Call) -> Mapping[str, Any]:
    logs_backends[call.account_id][call.region].groups[call.parameters["logGroupName"]].kms_key_id = None
    return {}


def _put_metric_filter(call: Call) -> Mapping[str, Any]:
    backend = logs_backends[call.account_id][call.region]
    name, group = call.parameters["filterName"], call.parameters["logGroupName"]
    others = [
        each
        for each in backend.filters.metric_filters
        if (each["filterName"], each["logGroupName"]) != (name, group)
    ]
    backend.filters.metric_filters = [*others, dict(call.parameters)]
    return {}


HANDLERS: Handlers = {
    ("logs", "AssociateKmsKey"): _associate_kms_key,
    ("logs", "CreateLogGroup"): _create_log_group,
    ("logs", "DeleteLogGroup"): _delete_log_group,
    ("logs", "DescribeLogGroups"): _describe_log_groups,
    ("logs", "DisassociateKmsKey"): _disassociate_kms_key,
    ("logs", "PutMetricFilter"): _put_metric_filter,
}
