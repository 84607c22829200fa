import pytest

from catalog import EVENTS, event
from catalog.derived.compliance import Control, controls
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.security_event import Family

BY_NUMBER = {(each.framework, each.number): each for each in controls()}


def test_a_control_occurs_once() -> None:
    assert len(BY_NUMBER) == len(controls())


def test_every_framework_is_there() -> None:
    assert {framework for framework, _ in BY_NUMBER} == {"CIS", "PCI DSS", "NIST 800-53", "ISO 27001"}


@pytest.mark.parametrize("control", controls(), ids=lambda each: f"{each.framework} {each.number}")
def test_what_a_control_names_exists(control: Control) -> None:
    titles = {each.value.title for each in AuditSubcategory}
    for kind, value in control.selectors:
        name, _, outcomes = value.partition("=")
        match kind:
            case "audit":
                assert name in titles
                assert set(outcomes.split(",")) <= {"success", "failure", ""}
            case "family":
                assert Family(value)
            case "attack":
                assert any(each.startswith(value) for known in EVENTS for each in known.attack)
            case _:
                assert (kind, value) in {("any", ""), ("alarm", "any"), ("outcome", "failure")}


@pytest.mark.parametrize(
    ("framework", "number", "key", "answers"),
    [
        ("CIS", "17.2.6", "user-account-created", True),
        ("CIS", "17.2.6", "logon-failed-network", False),
        ("CIS", "17.7.1", "audit-policy-weakened", True),
        ("PCI DSS", "10.2.1.4", "logon-failed-network", True),
        ("PCI DSS", "10.2.1.5", "administrators-member-added", True),
        ("PCI DSS", "10.2.1.6", "security-log-cleared", True),
        ("NIST 800-53", "AC-2(4)", "user-account-created", True),
        ("ISO 27001", "A.8.16", "event-log-service-stopped", False),
        ("ISO 27001", "A.8.15", "event-log-service-stopped", True),
    ],
)
def test_an_event_answers_to_a_control(framework: str, number: str, key: str, answers: bool) -> None:
    assert BY_NUMBER[framework, number].answered_by(event(key)) is answers


def test_an_outcome_that_no_event_needs_is_said_to_be_not_audited() -> None:
    logon = BY_NUMBER["CIS", "17.5.4"]
    assert logon.not_audited(EVENTS) == ()
    assert logon.not_audited([event("logon-succeeded-network")]) == ("failure",)
    assert logon.events([event("logon-succeeded-network")]) == (event("logon-succeeded-network"),)
