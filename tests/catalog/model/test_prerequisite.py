"""What events need beside their audit subcategory."""

from dataclasses import replace

from catalog import EVENTS, Family, Field, event
from catalog.model.prerequisite import Prerequisite

STARTED = event("process-created")


def test_a_condition_on_a_command_line_needs_command_lines() -> None:
    asking = replace(STARTED, where=(Field("CommandLine").contains("delete shadows"),))
    assert asking.prerequisites == (Prerequisite.COMMAND_LINES,)
    assert STARTED.prerequisites == ()


def test_leaving_out_a_command_line_needs_none() -> None:
    assert replace(STARTED, where=(Field("CommandLine").not_contains("delete"),)).prerequisites == ()


def test_the_use_of_a_right_that_windows_leaves_out_needs_full_privilege_auditing() -> None:
    assert event("debug-privilege-used").prerequisites == (Prerequisite.FULL_PRIVILEGE_AUDITING,)
    assert event("driver-load-privilege-used").prerequisites == ()


def test_certification_authorities_and_responders_need_audits_of_their_own() -> None:
    needed = {e.prerequisites for e in EVENTS if e.family is Family.CERTIFICATE_SERVICES}
    assert needed == {(Prerequisite.CA_AUDIT_FILTER,), (Prerequisite.RESPONDER_AUDIT,)}
    assert event("online-responder-started").prerequisites == (Prerequisite.RESPONDER_AUDIT,)


def test_access_to_objects_needs_an_audit_entry() -> None:
    assert event("object-accessed").prerequisites == (Prerequisite.OBJECT_AUDIT_ENTRY,)
    assert event("directory-secrets-replicated").prerequisites == (Prerequisite.DIRECTORY_AUDIT_ENTRY,)
    assert event("logon-succeeded-network").prerequisites == ()


def test_the_manual_command_sets_the_same_registry_value() -> None:
    for each in Prerequisite:
        for value in each.value.registry:
            assert each.value.setting
            assert value.name in each.value.manually
            assert value.command in each.value.manually or value.key.endswith("*")
    assert Prerequisite.FULL_PRIVILEGE_AUDITING.value.manually.endswith("/t REG_BINARY /d 01 /f")


def test_an_event_of_a_log_that_windows_leaves_off_needs_it_enabled() -> None:
    assert event("task-registered").prerequisites == (Prerequisite.TASK_SCHEDULER_LOG,)
    assert event("printer-driver-added").prerequisites == (Prerequisite.PRINT_SERVICE_LOG,)
    assert event("print-plugin-failed").prerequisites == ()
