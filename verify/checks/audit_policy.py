"""The documents that the servers run: exactly those of the deployment, as their content is run there."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.documents import DocumentSpec, audit_policy_document, server_document
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.advice import aws_command
from verify.result import Check, Status, judged


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the documents that the servers run, in the version that an association takes."""
    if policy := audit_policy_document(region):
        effect = "so Windows may not write the events"
        yield _document_check(region, account, policy, "audit policy", effect)
    if ordered := server_document(region):
        effect = "so no server becomes watched"
        yield _document_check(region, account, ordered, "server document", effect)


def _document_check(
    region: RegionPlan, account: AccountAccess, spec: DocumentSpec, kind: str, effect: str
) -> Check:
    ssm = account.client("ssm")
    try:
        described = ssm.describe_document(Name=spec.name)["Document"]
        default, latest = described["DefaultVersion"], described["LatestVersion"]
        deployed = {
            version: spec.is_content(_content(ssm, spec.name, version)) for version in {default, latest}
        }
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidDocument":
            raise
        message = f"does not exist, {effect}: apply the stack again"
        return Check(kind, spec.name, Status.FAILED, message)
    failures, warnings = [], []
    if not deployed[default] and default == latest:
        failures.append("its content, which the servers run, is not as deployed: apply the stack again")
    elif not deployed[default]:
        # A plan compares the latest version, and an apply cannot add one while another is the default.
        cure = aws_command(
            region, "ssm update-document-default-version", name=spec.name, document_version=latest
        )
        failures.append(
            f"the servers run its default version {default}, which is not as deployed, instead of the latest "
            f"one, {latest}, and an apply alone does not change that: run {cure}"
            + ("" if deployed[latest] else ", then apply the stack again")
        )
    elif not deployed[latest]:
        cure = aws_command(region, "ssm delete-document", name=spec.name, document_version=latest)
        warnings.append(
            f"the servers run version {default}, as deployed; version {latest} does not belong to the "
            f"deployment and prevents the next change: run {cure}"
        )
    return judged(kind, spec.name, failures=failures, warnings=warnings, ok="as deployed")


def _content(ssm: Any, name: str, version: str) -> str:
    found = ssm.get_document(Name=name, DocumentFormat="JSON", DocumentVersion=version)
    return str(found["Content"])
