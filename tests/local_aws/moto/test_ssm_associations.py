import json
from collections.abc import Callable
from typing import Any

import pytest

Refusal = Callable[..., tuple[str, str]]

SETTINGS: dict[str, Any] = {
    "AssociationName": "configure-agent",
    "Parameters": {"action": ["configure"], "optionalConfigurationLocation": ["AmazonCloudWatch-windows"]},
    "Targets": [{"Key": "tag:OS", "Values": ["Windows Server 2016", "Windows Server 2019"]}],
    "ScheduleExpression": "rate(1 day)",
    "OutputLocation": {"S3Location": {"OutputS3BucketName": "output", "OutputS3KeyPrefix": "ssm"}},
    "MaxConcurrency": "10%",
    "MaxErrors": "5%",
    "ComplianceSeverity": "HIGH",
    "SyncCompliance": "AUTO",
}


@pytest.fixture
def ssm(client: Callable[[str], Any]) -> Any:
    return client("ssm")


@pytest.fixture
def association_id(ssm: Any) -> str:
    created = ssm.create_association(
        Name="AmazonCloudWatch-ManageAgent", Tags=[{"Key": "team", "Value": "soc"}], **SETTINGS
    )
    return str(created["AssociationDescription"]["AssociationId"])


def test_an_association_is_read_back_as_it_was_made(ssm: Any, association_id: str) -> None:
    described = ssm.describe_association(AssociationId=association_id)["AssociationDescription"]

    assert {name: described[name] for name in SETTINGS} == SETTINGS
    assert described["Name"] == "AmazonCloudWatch-ManageAgent"
    assert described["AssociationVersion"] == "1"
    assert described["DocumentVersion"] == "$DEFAULT"


def test_what_was_not_set_is_not_read_back(ssm: Any) -> None:
    created = ssm.create_association(Name="AWS-UpdateSSMAgent")["AssociationDescription"]

    assert not {"Targets", "MaxErrors", "ComplianceSeverity", "OutputLocation", "Parameters"} & created.keys()


def test_an_update_makes_a_version_and_drops_what_it_leaves_out(ssm: Any, association_id: str) -> None:
    ssm.update_association(AssociationId=association_id, ScheduleExpression="rate(2 days)")

    described = ssm.describe_association(AssociationId=association_id)["AssociationDescription"]
    assert described["AssociationVersion"] == "2"
    assert described["ScheduleExpression"] == "rate(2 days)"
    assert "MaxErrors" not in described
    assert described["Name"] == "AmazonCloudWatch-ManageAgent"


def test_an_earlier_version_can_be_read(ssm: Any, association_id: str) -> None:
    ssm.update_association(AssociationId=association_id, MaxErrors="1")

    first = ssm.describe_association(AssociationId=association_id, AssociationVersion="1")
    versions = ssm.list_association_versions(AssociationId=association_id)["AssociationVersions"]

    assert first["AssociationDescription"]["MaxErrors"] == "5%"
    assert [version["AssociationVersion"] for version in versions] == ["1", "2"]


def test_a_version_that_never_was_is_an_error(ssm: Any, association_id: str, refusal: Refusal) -> None:
    code, _ = refusal(ssm.describe_association, AssociationId=association_id, AssociationVersion="7")

    assert code == "InvalidAssociationVersion"


def test_an_update_cannot_change_the_document(ssm: Any, association_id: str, refusal: Refusal) -> None:
    code, _ = refusal(ssm.update_association, AssociationId=association_id, Name="AWS-UpdateSSMAgent")

    assert code == "InvalidUpdate"


def test_a_deleted_association_does_not_exist(ssm: Any, association_id: str, refusal: Refusal) -> None:
    ssm.delete_association(AssociationId=association_id)

    for call in (ssm.describe_association, ssm.update_association, ssm.delete_association):
        assert refusal(call, AssociationId=association_id)[0] == "AssociationDoesNotExist"


def test_an_association_with_one_instance_is_found_by_its_document(ssm: Any, refusal: Refusal) -> None:
    instance = {"Name": "AWS-UpdateSSMAgent", "InstanceId": "i-0123456789abcdef0"}
    ssm.create_association(**instance)

    assert ssm.describe_association(**instance)["AssociationDescription"]["InstanceId"]
    assert refusal(ssm.describe_association, Name="AWS-UpdateEC2Config")[0] == "AssociationDoesNotExist"


def test_associations_are_listed_by_a_filter(ssm: Any, association_id: str, refusal: Refusal) -> None:
    ssm.create_association(Name="AWS-UpdateSSMAgent")
    by_name = [{"key": "AssociationName", "value": "configure-agent"}]

    assert len(ssm.list_associations()["Associations"]) == 2
    found = ssm.list_associations(AssociationFilterList=by_name)["Associations"]
    assert [each["AssociationId"] for each in found] == [association_id]
    by_status = [{"key": "AssociationStatusName", "value": "Success"}]
    assert refusal(ssm.list_associations, AssociationFilterList=by_status)[0] == "ValidationException"


def test_tags_of_an_association_can_be_changed(ssm: Any, association_id: str) -> None:
    resource = {"ResourceType": "Association", "ResourceId": association_id}
    ssm.add_tags_to_resource(**resource, Tags=[{"Key": "stage", "Value": "live"}])
    ssm.remove_tags_from_resource(**resource, TagKeys=["team"])

    assert ssm.list_tags_for_resource(**resource)["TagList"] == [{"Key": "stage", "Value": "live"}]


def test_tags_of_an_association_that_is_not_there_are_an_error(ssm: Any, refusal: Refusal) -> None:
    resource = {"ResourceType": "Association", "ResourceId": "00000000-0000-0000-0000-000000000000"}

    assert refusal(ssm.list_tags_for_resource, **resource)[0] == "InvalidResourceId"


def test_tags_of_other_resources_are_still_motos(ssm: Any) -> None:
    ssm.put_parameter(Name="name", Value="1", Type="String", Tags=[{"Key": "a", "Value": "b"}])

    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="name")["TagList"]

    assert tags == [{"Key": "a", "Value": "b"}]


def test_a_published_document_takes_only_its_own_parameters(ssm: Any, refusal: Refusal) -> None:
    code, message = refusal(
        ssm.create_association, Name="AmazonCloudWatch-ManageAgent", Parameters={"location": ["x"]}
    )

    assert code == "InvalidParameters"
    assert "location" in message
    assert "optionalConfigurationLocation" in message


def test_a_published_document_takes_only_the_values_it_allows(ssm: Any, refusal: Refusal) -> None:
    code, message = refusal(
        ssm.create_association, Name="AWS-ConfigureAWSPackage", Parameters={"action": ["Upgrade"]}
    )

    assert code == "InvalidParameters"
    assert "'Upgrade', not one of Install, Uninstall" in message


def test_a_published_document_that_is_not_known_here_is_not_checked(ssm: Any) -> None:
    assert ssm.create_association(Name="AWS-GatherSoftwareInventory", Parameters={"files": ["x"]})


def test_a_document_of_ones_own_must_exist_and_take_the_parameters(ssm: Any, refusal: Refusal) -> None:
    assert refusal(ssm.create_association, Name="audit-policy")[0] == "InvalidDocument"

    content = {
        "schemaVersion": "2.2",
        "description": "Set the audit policy",
        "parameters": {"mode": {"type": "String", "default": "set"}},
        "mainSteps": [
            {"action": "aws:runPowerShellScript", "name": "run", "inputs": {"runCommand": ["dir"]}}
        ],
    }
    ssm.create_document(Name="audit-policy", DocumentType="Command", Content=json.dumps(content))

    assert ssm.create_association(Name="audit-policy", Parameters={"mode": ["check"]})
    assert (
        refusal(ssm.create_association, Name="audit-policy", Parameters={"x": ["y"]})[0]
        == "InvalidParameters"
    )
