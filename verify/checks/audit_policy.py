"""The audit policy document: it makes Windows write exactly the events that the deployment asks for."""

import json
from collections.abc import Iterator

from botocore.exceptions import ClientError

from catalog.derived.audit_script import audit_document
from deployment import RegionPlan
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.checks.check import Check, Status, judged


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the document that the servers run, in the version that an association takes."""
    settings = region.settings
    if not settings.associations.apply_audit_policy.enabled:
        return
    name = region.names.audit_policy_document
    try:
        found = account.client("ssm").get_document(Name=name, DocumentFormat="JSON")["Content"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidDocument":
            raise
        message = "does not exist, so that Windows may not write the events: apply the stack again"
        yield Check("audit policy", name, Status.FAILED, message)
        return
    wanted = audit_document(
        region.events,
        security_log_bytes=settings.audit_policy.security_log_bytes,
        prerequisites=settings.audit_policy.prerequisites,
    )
    failures = []
    if json.loads(found) != wanted:
        failures.append("its content is not the deployment's, and the servers run it: apply the stack again")
    yield judged("audit policy", name, failures=failures, ok="as deployed")
