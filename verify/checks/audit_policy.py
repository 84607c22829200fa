"""The documents that the servers run: exactly those of the deployment, as their content is run there."""

import json
from collections.abc import Iterator

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.documents import DocumentSpec, audit_policy_document, server_document
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.result import Check, Status, judged


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the documents that the servers run, in the version that an association takes."""
    if policy := audit_policy_document(region):
        effect = "so Windows may not write the events"
        yield _document_check(account, policy, "audit policy", effect)
    if ordered := server_document(region):
        yield _document_check(account, ordered, "server document", "so no server becomes watched")


def _document_check(account: AccountAccess, spec: DocumentSpec, kind: str, effect: str) -> Check:
    try:
        found = account.client("ssm").get_document(Name=spec.name, DocumentFormat="JSON")["Content"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidDocument":
            raise
        message = f"does not exist, {effect}: apply the stack again"
        return Check(kind, spec.name, Status.FAILED, message)
    failures = []
    if json.loads(found) != json.loads(spec.content):
        failures.append("its content, which the servers run, is not as deployed: apply the stack again")
    return judged(kind, spec.name, failures=failures, ok="as deployed")
