"""The audit policy document: it makes Windows write exactly the events of the deployment."""

import json
from collections.abc import Iterator

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.audit_policy import audit_policy_document
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.result import Check, Status, judged


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the document that the servers run, in the version that an association takes."""
    spec = audit_policy_document(region)
    if spec is None:
        return
    try:
        found = account.client("ssm").get_document(Name=spec.name, DocumentFormat="JSON")["Content"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidDocument":
            raise
        message = "does not exist, so Windows may not write the events: apply the stack again"
        yield Check("audit policy", spec.name, Status.FAILED, message)
        return
    failures = []
    if json.loads(found) != json.loads(spec.content):
        failures.append("its content, which the servers run, is not as deployed: apply the stack again")
    yield judged("audit policy", spec.name, failures=failures, ok="as deployed")
