"""CloudWatch Logs: what moto forgets about log groups and metric filters.

moto loses the class of a log group, gives it no other key than its first, keeps the filters of a deleted
group, adds a second filter of the same name where AWS replaces the first, and loses which records a filter
takes, and what a subscription filter chooses by fields. It lacks data protection policies and the policies of
single log groups; they are kept here, and mask or refuse nothing.
"""

from collections.abc import Mapping
from typing import Any

from moto.logs.models import LogsBackend, logs_backends

from local_aws.calls import Call, Handlers, kept


def log_group_class(backend: LogsBackend, name: str) -> str:
    """The class that a log group was created with; STANDARD if none was named."""
    return str(kept(backend, "log_group_classes").get(name, "STANDARD"))


def _data_protection(backend: LogsBackend) -> dict[str, str]:
    """The data protection policy of each log group that has one."""
    return kept(backend, "data_protection_policies")


def _account_policies(backend: LogsBackend) -> dict[str, dict[str, Any]]:
    """The data protection policies of the account, by name; other account policies are not known."""
    return kept(backend, "account_policies")


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
            own = {"dataProtectionStatus": "ACTIVATED"} if name in _data_protection(backend) else {}
            account = (
                {"inheritedProperties": ["ACCOUNT_DATA_PROTECTION"]} if _account_policies(backend) else {}
            )
            groups.append(
                {
                    **group.to_describe_dict(),
                    "logGroupClass": kind,
                    "metricFilterCount": len(filters),
                    **own,
                    **account,
                }
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


def _put_data_protection_policy(call: Call) -> Mapping[str, Any]:
    backend = logs_backends[call.account_id][call.region]
    name, document = call.parameters["logGroupIdentifier"], call.parameters["policyDocument"]
    _data_protection(backend)[name] = document
    return {"logGroupIdentifier": name, "policyDocument": document}


def _get_data_protection_policy(call: Call) -> Mapping[str, Any]:
    name = call.parameters["logGroupIdentifier"]
    document = _data_protection(logs_backends[call.account_id][call.region]).get(name)
    return {"logGroupIdentifier": name, **({"policyDocument": document} if document else {})}


def _delete_data_protection_policy(call: Call) -> Mapping[str, Any]:
    backend = logs_backends[call.account_id][call.region]
    _data_protection(backend).pop(call.parameters["logGroupIdentifier"], None)
    return {}


def _data_protection_only(call: Call) -> None:
    if call.parameters["policyType"] != "DATA_PROTECTION_POLICY":
        raise NotImplementedError(f"account policies of the type {call.parameters['policyType']}")


def _put_account_policy(call: Call) -> Mapping[str, Any]:
    _data_protection_only(call)
    policy = {**call.parameters, "accountId": call.account_id}
    _account_policies(logs_backends[call.account_id][call.region])[policy["policyName"]] = policy
    return {"accountPolicy": policy}


def _describe_account_policies(call: Call) -> Mapping[str, Any]:
    _data_protection_only(call)
    return {"accountPolicies": list(_account_policies(logs_backends[call.account_id][call.region]).values())}


def _delete_account_policy(call: Call) -> Mapping[str, Any]:
    _data_protection_only(call)
    _account_policies(logs_backends[call.account_id][call.region]).pop(call.parameters["policyName"], None)
    return {}


def _group_policies(call: Call) -> dict[str, dict[str, Any]]:
    """The resource policy of each log group that has one, by its ARN: a group has one at most."""
    return kept(logs_backends[call.account_id][call.region], "log_group_policies")


def _put_resource_policy(call: Call) -> Mapping[str, Any] | None:
    if (arn := call.parameters.get("resourceArn")) is None:
        return None
    policy = {
        "policyName": call.parameters.get("policyName", "policy"),
        "policyDocument": call.parameters["policyDocument"],
        "policyScope": "RESOURCE",
        "resourceArn": arn,
    }
    _group_policies(call)[arn] = policy
    return {"resourcePolicy": policy}


def _describe_resource_policies(call: Call) -> Mapping[str, Any] | None:
    if call.parameters.get("policyScope", "ACCOUNT") == "ACCOUNT":
        return None
    arn = call.parameters.get("resourceArn")
    found = [each for each in _group_policies(call).values() if arn in (None, each["resourceArn"])]
    return {"resourcePolicies": found}


def _delete_resource_policy(call: Call) -> Mapping[str, Any] | None:
    if (arn := call.parameters.get("resourceArn")) is None:
        return None
    _group_policies(call).pop(arn, None)
    return {}


# What moto forgets of a subscription filter.
_OF_SUBSCRIPTIONS = ("applyOnTransformedLogs", "fieldSelectionCriteria", "emitSystemFields")


def _subscriptions(call: Call) -> dict[str, dict[str, Any]]:
    name = call.parameters["logGroupName"]
    return kept(logs_backends[call.account_id][call.region], f"subscriptions of {name}")


def _put_subscription_filter(call: Call) -> None:
    forgotten = {name: call.parameters[name] for name in _OF_SUBSCRIPTIONS if name in call.parameters}
    _subscriptions(call)[call.parameters["filterName"]] = forgotten


def _describe_subscription_filters(call: Call) -> Mapping[str, Any] | None:
    """All filters on one page."""
    backend = logs_backends[call.account_id][call.region]
    name, prefix = call.parameters["logGroupName"], call.parameters.get("filterNamePrefix", "")
    if name not in backend.groups:
        return None  # moto refuses the call
    filters = [each.to_json() for each in backend.groups[name].subscription_filters.values()]
    return {
        "subscriptionFilters": [
            {
                **{member: value for member, value in each.items() if value is not None},
                **_subscriptions(call).get(each["filterName"], {}),
            }
            for each in filters
            if each["filterName"].startswith(prefix)
        ]
    }


HANDLERS: Handlers = {
    ("logs", "AssociateKmsKey"): _associate_kms_key,
    ("logs", "CreateLogGroup"): _create_log_group,
    ("logs", "DeleteLogGroup"): _delete_log_group,
    ("logs", "PutDataProtectionPolicy"): _put_data_protection_policy,
    ("logs", "GetDataProtectionPolicy"): _get_data_protection_policy,
    ("logs", "DeleteDataProtectionPolicy"): _delete_data_protection_policy,
    ("logs", "PutAccountPolicy"): _put_account_policy,
    ("logs", "DescribeAccountPolicies"): _describe_account_policies,
    ("logs", "DeleteAccountPolicy"): _delete_account_policy,
    ("logs", "PutResourcePolicy"): _put_resource_policy,
    ("logs", "DescribeResourcePolicies"): _describe_resource_policies,
    ("logs", "DeleteResourcePolicy"): _delete_resource_policy,
    ("logs", "PutSubscriptionFilter"): _put_subscription_filter,
    ("logs", "DescribeSubscriptionFilters"): _describe_subscription_filters,
    ("logs", "DescribeLogGroups"): _describe_log_groups,
    ("logs", "DisassociateKmsKey"): _disassociate_kms_key,
    ("logs", "PutMetricFilter"): _put_metric_filter,
}
