import json
from collections.abc import Callable
from typing import Any

from catalog.derived.audit_script import audit_document
from deployment import RegionPlan
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import put_document, put_server_document
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.audit_policy import check

Client = Callable[[str], Any]
DOCUMENT = "windows-security-audit-policy"
OTHER: Any = {"schemaVersion": "2.2", "mainSteps": []}


def only(region: RegionPlan, account: AccountAccess) -> Check:
    return next(each for each in check(region, account, Window(24)) if each.resource == DOCUMENT)


def replace(ssm: Any, content: Any) -> None:
    """Make another content the document's default, as whoever edits it in the console does."""
    version = ssm.update_document(Name=DOCUMENT, Content=json.dumps(content), DocumentVersion="$LATEST")
    ssm.update_document_default_version(
        Name=DOCUMENT, DocumentVersion=version["DocumentDescription"]["DocumentVersion"]
    )


def test_a_document_as_deployed_is_in_order(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_document(client("ssm"), region)

    assert only(region, account).status is Status.OK


def test_the_ordered_document_is_compared_too(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_server_document(client("ssm"), region)
    ordered = region.names.server_document

    def status() -> Status:
        found = check(region, account, Window(24))
        return next(each.status for each in found if each.resource == ordered)

    assert status() is Status.OK
    version = client("ssm").update_document(
        Name=ordered,
        Content=json.dumps({"schemaVersion": "2.2", "mainSteps": []}),
        DocumentVersion="$LATEST",
    )["DocumentDescription"]["DocumentVersion"]
    client("ssm").update_document_default_version(Name=ordered, DocumentVersion=version)
    assert status() is Status.FAILED


def test_a_document_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess) -> None:
    found = only(region, account)

    assert (found.resource, found.status) == (DOCUMENT, Status.FAILED)
    assert "does not exist" in found.message


def test_a_document_that_does_something_else_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_document(client("ssm"), region)
    content = audit_document(region.events)
    content["mainSteps"][0]["inputs"]["runCommand"] = ["auditpol /clear /y"]
    replace(client("ssm"), content)

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "its content, which the servers run, is not as deployed" in found.message


def test_a_document_for_fewer_events_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_document(client("ssm"), region)
    replace(client("ssm"), audit_document(region.events[:1]))

    assert only(region, account).status is Status.FAILED


def test_the_size_of_the_security_log_counts(
    region: RegionPlan, region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    put_document(client("ssm"), region)

    other = region_of("audit_policy: {security_log_mebibytes: 2048}")

    assert only(other, account).status is Status.FAILED


def test_a_document_that_is_not_deployed_is_not_missed(
    region_of: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    region = region_of(
        "agent_configuration: {mode: replace}\n"
        "associations: {layout: separate, apply_audit_policy: {enabled: false}}"
    )

    assert list(check(region, account, Window(24))) == []


def test_a_document_whose_default_version_was_rolled_back_is_cured_as_advised(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    ssm = client("ssm")
    ssm.create_document(Name=DOCUMENT, DocumentType="Command", Content=json.dumps(OTHER))
    replace(ssm, audit_document(region.events))
    ssm.update_document_default_version(Name=DOCUMENT, DocumentVersion="1")

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "default version 1, which is not as deployed, instead of the latest one, 2" in found.message
    assert follow(aws, region, found.message) == ["update-document-default-version"]
    assert only(region, account).status is Status.OK


def test_a_rolled_back_document_whose_latest_version_differs_too_is_applied_again_afterwards(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    ssm = client("ssm")
    put_document(ssm, region)
    replace(ssm, OTHER)
    replace(ssm, {**OTHER, "description": "another"})
    ssm.update_document_default_version(Name=DOCUMENT, DocumentVersion="2")

    found = only(region, account)

    assert found.message.endswith("', then apply the stack again")
    follow(aws, region, found.message)
    assert only(region, account).message.endswith("is not as deployed: apply the stack again")


def test_a_version_that_is_not_the_default_and_not_of_the_deployment_is_deleted_as_advised(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_document(client("ssm"), region)
    client("ssm").update_document(Name=DOCUMENT, Content=json.dumps(OTHER), DocumentVersion="$LATEST")

    found = only(region, account)

    assert found.status is Status.WARNING
    assert "version 2 does not belong to the deployment and prevents the next change" in found.message
    assert follow(aws, region, found.message) == ["delete-document"]
    assert only(region, account).status is Status.OK
