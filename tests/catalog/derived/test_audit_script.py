"""The audit policy that events need, and the script that applies it: read and parsed, not run."""

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog import (
    EVENTS,
    AuditSubcategory,
    CatalogError,
    Field,
    Outcome,
    SecurityEvent,
    event,
    object_handle_requested,
    pack,
)
from catalog.derived.audit_script import (
    FILE_RIGHTS,
    REGISTRY_RIGHTS,
    SECURITY_LOG_BYTES,
    audit_policy_data,
    audit_requirements,
    audit_script,
    auditpol_commands,
    watched_paths,
)
from catalog.model.prerequisite import Prerequisite
from catalog.model.windows_path import path_problems

TEMPLATE = Path(__file__).parents[3] / "catalog" / "derived" / "audit_policy.ps1"


def encoded_policy(script: str) -> Any:
    """Return what a script was given to apply."""
    (encoded,) = re.findall(r" -Policy '([A-Za-z0-9+/]+=*)'\n\Z", script)
    return json.loads(base64.b64decode(encoded, validate=True))


def watching(condition_value: str) -> SecurityEvent:
    """Return an event on an object that starts with some text."""
    base = event("object-handle-requested")
    return replace(base, where=(Field("ObjectName").starts_with(condition_value),), watched_field="")


# Audit subcategories


def test_each_subcategory_stands_once_with_the_outcomes_of_all_its_events() -> None:
    succeeded, failed = event("logon-succeeded-network"), event("logon-failed-network")
    assert succeeded.outcome is Outcome.SUCCESS
    assert failed.outcome is Outcome.FAILURE
    (logon,) = audit_requirements([succeeded, failed])
    assert logon.subcategory is AuditSubcategory.LOGON
    assert (logon.success, logon.failure) == (True, True)
    assert logon.events == (succeeded, failed)


def test_an_outcome_that_no_event_needs_is_not_required() -> None:
    (logon,) = audit_requirements([event("logon-failed-network")])
    assert (logon.success, logon.failure) == (False, True)


def test_an_event_that_is_always_written_requires_nothing() -> None:
    assert audit_requirements([replace(event("user-account-created"), audit=None)]) == ()


def test_the_requirements_do_not_depend_on_the_order_of_the_events() -> None:
    def needed(events: list[SecurityEvent]) -> list[tuple[AuditSubcategory, bool, bool]]:
        return [(r.subcategory, r.success, r.failure) for r in audit_requirements(events)]

    assert needed(list(EVENTS)) == needed(list(reversed(EVENTS)))


def test_the_commands_name_subcategories_by_guid_and_only_switch_on() -> None:
    events = [event("logon-failed-network"), event("user-account-created"), event("object-handle-requested")]
    assert auditpol_commands(events) == [
        'auditpol /set /subcategory:"{0CCE9215-69AE-11D9-BED3-505054503030}" /failure:enable',
        'auditpol /set /subcategory:"{0CCE921D-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable',
        'auditpol /set /subcategory:"{0CCE9223-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable',
        'auditpol /set /subcategory:"{0CCE9235-69AE-11D9-BED3-505054503030}" /success:enable',
    ]


def test_the_article_pack_needs_exactly_the_subcategories_of_its_events() -> None:
    policy = audit_policy_data(pack("article"))
    assert {found["guid"] for found in policy["subcategories"]} == {
        needed.value.guid for chosen in pack("article") for needed in chosen.audits
    }


@pytest.mark.parametrize("key", [each.key for each in EVENTS if each.event_id == 4656])
def test_what_opens_a_handle_is_audited_with_the_subcategory_of_handles_too(key: str) -> None:
    needed = [requirement.subcategory for requirement in audit_requirements([event(key)])]
    assert needed == [event(key).audit, AuditSubcategory.HANDLE_MANIPULATION]


def test_an_object_that_was_accessed_needs_no_audit_of_its_handle() -> None:
    (requirement,) = audit_requirements([event("object-accessed")])
    assert requirement.subcategory is AuditSubcategory.FILE_SYSTEM


# Watched paths


def test_a_watched_file_is_audited_by_itself() -> None:
    (path,) = watched_paths([object_handle_requested("C:\\Finance\\payroll.xlsx")])
    assert path.path == "C:\\Finance\\payroll.xlsx"
    assert not path.below
    assert path.rights == FILE_RIGHTS


def test_a_path_that_ends_in_a_backslash_is_audited_with_all_below_it() -> None:
    (path,) = watched_paths([object_handle_requested("C:\\Finance\\")])
    assert (path.path, path.below) == ("C:\\Finance", True)


def test_the_root_of_a_drive_keeps_its_backslash() -> None:
    (path,) = watched_paths([object_handle_requested("D:\\")])
    assert (path.path, path.below) == ("D:\\", True)


def test_the_beginning_of_a_name_is_audited_through_its_folder() -> None:
    (path,) = watched_paths([watching("C:\\Finance\\pay")])
    assert (path.path, path.below) == ("C:\\Finance", True)


def test_a_registry_path_of_the_kernel_becomes_one_of_powershell() -> None:
    paths = watched_paths(
        [
            object_handle_requested("\\REGISTRY\\MACHINE\\SOFTWARE\\Contoso\\"),
            object_handle_requested("\\REGISTRY\\USER\\S-1-5-18\\Environment"),
        ]
    )
    assert [(path.path, path.below) for path in paths] == [
        ("Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\Contoso", True),
        ("Registry::HKEY_USERS\\S-1-5-18\\Environment", False),
    ]
    assert {path.rights for path in paths} == {REGISTRY_RIGHTS}


@pytest.mark.parametrize("path", ["\\\\server\\share\\file.txt", "\\Device\\HarddiskVolume2\\file.txt"])
def test_a_path_that_the_script_could_not_reach_is_left_out(path: str) -> None:
    assert watched_paths([object_handle_requested(path)]) == ()


def test_only_conditions_that_name_an_object_watch_a_path() -> None:
    excluded = replace(
        event("object-handle-requested"),
        where=(Field("ObjectName") != "C:\\Temp", Field("ProcessName") == "C:\\Windows\\explorer.exe"),
        watched_field="",
    )
    assert watched_paths([excluded]) == ()


def test_a_path_that_several_events_watch_stands_once_and_keeps_the_wider_watch() -> None:
    alone, with_all_below = object_handle_requested("C:\\Finance"), object_handle_requested("C:\\Finance\\")
    (path,) = watched_paths([alone, with_all_below])
    assert path.below
    assert path.events == (alone, with_all_below)


def test_each_of_several_values_is_watched() -> None:
    both = replace(
        event("object-handle-requested"),
        where=(Field("ObjectName").one_of("D:\\b.txt", "C:\\a.txt"),),
        watched_field="",
    )
    assert [path.path for path in watched_paths([both])] == ["C:\\a.txt", "D:\\b.txt"]


# The script


def test_the_script_carries_exactly_the_policy_of_its_events() -> None:
    events = [*EVENTS, object_handle_requested("C:\\Finance\\")]
    assert encoded_policy(audit_script(events)) == audit_policy_data(events)


def test_the_script_calls_the_file_in_the_asked_mode() -> None:
    script = audit_script([event("user-account-created")], mode="report")
    assert script.startswith("& {\n" + TEMPLATE.read_text(encoding="ascii") + "} -Mode 'report' -Policy '")


def test_the_size_of_the_security_log_is_one_gibibyte_unless_said_otherwise() -> None:
    assert audit_policy_data([])["security_log_bytes"] == SECURITY_LOG_BYTES == 2**30
    assert encoded_policy(audit_script([], security_log_bytes=2**27))["security_log_bytes"] == 2**27


@pytest.mark.parametrize("size", [0, -65_536, 1_000_000, 4_294_967_296])
def test_a_size_that_windows_cannot_set_is_refused(size: int) -> None:
    with pytest.raises(CatalogError, match=r"security_log_bytes .* is not a multiple of 65,536"):
        audit_script([], security_log_bytes=size)


@given(
    st.text(
        st.one_of(
            st.sampled_from("'’‘\"$`{}&;|\\"),
            st.characters(exclude_categories=["Cc", "Cs"]),
        ).filter(lambda character: character not in '/*?"<>|'),
        min_size=1,
        max_size=80,
    )
)
def test_no_path_can_change_the_script_or_be_changed_by_it(name: str) -> None:
    path = "C:\\" + name
    assume(not path_problems(path))
    script = audit_script([object_handle_requested(path)])
    before, _, after = script.partition("-Policy '")
    assert before == audit_script([]).partition("-Policy '")[0]
    assert re.fullmatch(r"[A-Za-z0-9+/=]+'\n", after)
    (watched,) = encoded_policy(script)["paths"]
    assert watched["path"] == (path.rstrip("\\") if name.strip("\\") else "C:\\")
    assert watched["below"] == path.endswith("\\")


def test_neither_systems_manager_nor_terraform_finds_anything_to_replace() -> None:
    script = audit_script([*EVENTS, object_handle_requested("C:\\{{ mode }}\\${name}\\%{if}")])
    assert script.isascii()
    assert not re.search(r"\{\{|\}\}|\$\{|%\{", script)


def test_the_script_knows_everything_that_the_policy_says() -> None:
    policy = audit_policy_data([event("user-account-created"), object_handle_requested("C:\\Finance")])
    script = TEMPLATE.read_text(encoding="ascii")
    for variable, record in (
        ("wanted", policy),
        ("subcategory", policy["subcategories"][0]),
        ("watched", policy["paths"][0]),
    ):
        assert set(re.findall(rf"(?i)\${variable}\.(\w+)", script)) == set(record)


def test_the_script_holds_no_name_that_windows_translates() -> None:
    script = re.sub(
        r"<#.*?#>|^ *#.*?$", "", TEMPLATE.read_text(encoding="ascii"), flags=re.DOTALL | re.MULTILINE
    )
    for subcategory in AuditSubcategory:
        assert f"'{subcategory.value.title}'" not in script
    assert "'Everyone'" not in script
    assert "'S-1-1-0'" in script
    assert "/r" not in script.split()


def test_the_script_switches_nothing_off() -> None:
    script = TEMPLATE.read_text(encoding="ascii").lower()
    for word in (":disable", "/clear", "/remove", "/restore", "removeaudit", "setaudit", "purgeaudit"):
        assert word not in script


def test_a_registry_value_is_set_where_it_is_asked_for() -> None:
    script = audit_script([], prerequisites=[Prerequisite.COMMAND_LINES, Prerequisite.RESPONDER_AUDIT])
    (value,) = encoded_policy(script)["registry_values"]
    assert value == {
        "key": r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit",
        "name": "ProcessCreationIncludeCmdLine_Enabled",
        "kind": "DWord",
        "data": 1,
    }
    assert set(re.findall(r"\$value\.(\w+)", script)) == set(value)
    assert script.index("$wanted.registry_values") < script.index("{ exit 1 }")


def test_the_filter_of_an_authority_is_set_below_the_key_that_is_active() -> None:
    script = audit_script([], prerequisites=[Prerequisite.CA_AUDIT_FILTER])
    (value,) = encoded_policy(script)["registry_values"]
    assert value["key"].endswith(r"\CertSvc\Configuration\*")
    assert (value["name"], value["data"]) == ("AuditFilter", 127)
    assert ".GetValue('Active')" in script


def test_module_logging_is_two_values_one_of_which_is_a_text() -> None:
    script = audit_script([], prerequisites=[Prerequisite.MODULE_LOGGING])
    values = encoded_policy(script)["registry_values"]
    assert [(value["name"], value["kind"], value["data"]) for value in values] == [
        ("EnableModuleLogging", "DWord", 1),
        ("*", "String", "*"),
    ]
    assert "[string] $value.data" in script


def test_an_event_log_that_windows_leaves_off_is_enabled_where_an_event_needs_it() -> None:
    needs = [Prerequisite.TASK_SCHEDULER_LOG, Prerequisite.PRINT_SERVICE_LOG]
    script = audit_script([event("task-registered")], prerequisites=needs)
    assert encoded_policy(script)["event_logs"] == ["Microsoft-Windows-TaskScheduler/Operational"]
    assert script.index("$wanted.event_logs") < script.index("{ exit 1 }")
    assert "event_logs" not in audit_script([event("task-registered")])
    assert "event_logs" not in audit_script([event("process-created")], prerequisites=needs)


def test_without_registry_values_the_script_is_as_before() -> None:
    assert "registry_values" not in audit_script(EVENTS, prerequisites=[Prerequisite.RESPONDER_AUDIT])
    assert "registry_values" not in audit_policy_data(EVENTS)


# The script's syntax, read with a grammar of PowerShell


class Syntax:
    """The syntax tree of the script: every node, in the order of the text."""

    def __init__(self, text: str) -> None:
        reason = "reads PowerShell with a grammar: pip install tree-sitter tree-sitter-powershell"
        tree_sitter = pytest.importorskip("tree_sitter", reason=reason)
        grammar = pytest.importorskip("tree_sitter_powershell", reason=reason)
        parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
        self.nodes = list(_descendants(parser.parse(text.encode()).root_node))

    def texts(self, kind: str, where: Callable[[Any], bool] = lambda node: True) -> set[str]:
        return {node.text.decode() for node in self.nodes if node.type == kind and where(node)}


def _descendants(node: Any) -> Iterator[Any]:
    yield node
    for child in node.children:
        yield from _descendants(child)


def _inside(*kinds: str) -> Callable[[Any], bool]:
    def is_inside(node: Any) -> bool:
        return node.parent is not None and (node.parent.type in kinds or is_inside(node.parent))

    return is_inside


@pytest.fixture(scope="module")
def syntax() -> Syntax:
    events = [*EVENTS, object_handle_requested("C:\\it's $here`\\")]
    return Syntax(audit_script(events, prerequisites=Prerequisite))


def test_the_script_has_no_syntax_error(syntax: Syntax) -> None:
    assert [node.start_point for node in syntax.nodes if node.is_error or node.is_missing] == []


def test_the_grammar_would_find_a_syntax_error() -> None:
    broken = audit_script([]).replace("} else {", "} else (", 1)
    assert any(node.is_error or node.is_missing for node in Syntax(broken).nodes)


def test_the_script_calls_only_its_own_functions_and_commands_of_windows_powershell_4(syntax: Syntax) -> None:
    commands = {
        "ConvertFrom-Json",
        "ForEach-Object",
        "Get-Item",
        "Join-Path",
        "New-Object",
        "Remove-Item",
        "Set-Acl",
        "Set-StrictMode",
        "Write-Verbose",
    }
    assert syntax.texts("command_name") - syntax.texts("function_name") <= commands


def test_every_function_of_the_script_is_called(syntax: Syntax) -> None:
    assert syntax.texts("function_name") <= syntax.texts("command_name")


def test_the_script_reads_no_variable_that_it_does_not_set(syntax: Syntax) -> None:
    automatic = {"$_", "$env:systemroot", "$false", "$lastexitcode", "$matches", "$null", "$true"}
    set_by_a_loop = {
        next(child for child in node.children if child.type == "variable").text.decode()
        for node in syntax.nodes
        if node.type == "foreach_statement"
    }
    given = syntax.texts("variable", _inside("script_parameter", "left_assignment_expression"))
    known = {name.lower() for name in given | set_by_a_loop} | automatic
    assert {name.lower() for name in syntax.texts("variable")} <= known


@pytest.mark.skipif(not shutil.which("pwsh"), reason="PowerShell is not installed")
def test_powershell_itself_finds_no_syntax_error() -> None:
    parse = (
        "$errors = $null; $null = [Management.Automation.Language.Parser]::ParseInput("
        "[Console]::In.ReadToEnd(), [ref] $null, [ref] $errors); $errors | Out-String; exit $errors.Count"
    )
    found = subprocess.run(
        ["pwsh", "-NoProfile", "-NonInteractive", "-Command", parse],
        input=audit_script(EVENTS, prerequisites=Prerequisite),
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stdout.strip()) == (0, "")
