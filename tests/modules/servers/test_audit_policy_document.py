"""The document that applies the audit policy, and the association that runs it."""

import json
import re
from typing import Any

import pytest

from catalog import CatalogError, SecurityEvent, event, object_handle_requested
from catalog.derived.audit_script import AuditMode, audit_script
from deployment import AssociationSettings
from deployment.aws.limits import DOCUMENT_BYTES
from modules.servers.associations import ApplyAuditPolicy, AssociationArguments
from modules.servers.audit_policy_document import AuditPolicyDocument
from tests.modules.synthesis import new_stack, synthesized

EVENTS = (event("user-account-created"), object_handle_requested("C:\\Documents\\大切なファイル"))
ARGUMENTS: AssociationArguments = {
    "name": "apply-audit-policy",
    "targets": {"Monitoring": ["windows"]},
    "settings": AssociationSettings(schedule="rate(1 day)"),
    "region": "eu-west-1",
}


def document(**arguments: Any) -> dict[str, Any]:
    stack = new_stack()
    AuditPolicyDocument(stack, "document", **{"name": "audit-policy", "events": EVENTS} | arguments)
    return synthesized(stack).one("aws_ssm_document")


def content(**arguments: Any) -> Any:
    return json.loads(document(**arguments)["content"])


def association(events: tuple[SecurityEvent, ...] = EVENTS, **arguments: Any) -> dict[str, Any]:
    stack = new_stack()
    policy = AuditPolicyDocument(stack, "document", name="audit-policy", events=events)
    ApplyAuditPolicy(stack, "apply-audit-policy", document=policy, **arguments, **ARGUMENTS)
    return synthesized(stack).one("aws_ssm_association")


def watched(number: int, *, length: int) -> SecurityEvent:
    return object_handle_requested(f"C:\\{number:03}".ljust(length, "x"))


def test_it_is_a_command_document_of_schema_2_2() -> None:
    written = document()
    assert (written["name"], written["document_type"], written["document_format"]) == (
        "audit-policy",
        "Command",
        "JSON",
    )
    assert json.loads(written["content"])["schemaVersion"] == "2.2"


def test_its_only_step_runs_the_script_of_the_events_and_on_windows_alone() -> None:
    (step,) = content()["mainSteps"]
    assert step["action"] == "aws:runPowerShellScript"
    assert step["precondition"] == {"StringEquals": ["platformType", "Windows"]}
    assert "\n".join(step["inputs"]["runCommand"]) + "\n" == audit_script(EVENTS, mode="{{ mode }}")


def test_its_only_parameter_is_the_mode_and_takes_no_free_text() -> None:
    written = content()
    assert list(written["parameters"]) == ["mode"]
    assert written["parameters"]["mode"]["default"] == "apply"
    assert written["parameters"]["mode"]["allowedValues"] == ["apply", "report"]
    assert re.findall(r"\{\{.*?\}\}", json.dumps(written)) == ["{{ mode }}"]


def test_terraform_replaces_the_id_of_the_change_in_it_and_nothing_else() -> None:
    written = document(events=[object_handle_requested("C:\\${name}\\%{if}")])
    found = re.findall(r"[$%]\{.*?\}", written["content"])
    assert found == ["${terraform_data.document_content_E0223093.id}"]


def test_another_content_is_another_change() -> None:
    def change(**arguments: Any) -> Any:
        stack = new_stack()
        AuditPolicyDocument(stack, "document", **{"name": "audit-policy", "events": EVENTS} | arguments)
        return synthesized(stack).one("terraform_data")["triggers_replace"]

    assert change() == change()
    assert change() != change(security_log_bytes=2**28)


def test_the_size_of_the_security_log_reaches_the_script() -> None:
    (step,) = content(security_log_bytes=2**28)["mainSteps"]
    wanted = audit_script(EVENTS, mode="{{ mode }}", security_log_bytes=2**28)
    assert step["inputs"]["runCommand"] == wanted.splitlines()


def test_a_size_that_windows_cannot_set_is_refused() -> None:
    with pytest.raises(CatalogError, match="security_log_bytes"):
        document(security_log_bytes=1)


def test_a_hundred_watched_paths_fit() -> None:
    written = document(events=[watched(number, length=120) for number in range(100)])
    assert len(written["content"].encode()) <= DOCUMENT_BYTES


def test_a_document_over_the_limit_of_systems_manager_is_refused() -> None:
    with pytest.raises(ValueError, match=r"document audit-policy: it has .* over the 65,536"):
        document(events=[watched(number, length=400) for number in range(100)])


@pytest.mark.parametrize("mode", AuditMode)
def test_the_association_runs_the_document_in_the_asked_mode(mode: AuditMode) -> None:
    written = association(mode=mode)
    assert written["name"].startswith("${aws_ssm_document.")
    assert written["parameters"] == {"mode": mode.value}


def test_the_association_applies_unless_it_is_asked_to_report() -> None:
    assert association()["parameters"] == {"mode": "apply"}


def test_another_policy_changes_the_association_so_that_it_runs_again() -> None:
    first, same, other = association(), association(), association(events=EVENTS[:1])
    assert first == same
    assert first["association_name"] != other["association_name"]
    assert first["association_name"].startswith("apply-audit-policy-")
