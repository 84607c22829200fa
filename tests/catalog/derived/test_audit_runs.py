"""What the audit script does on servers where another policy decides: the logic of its own text is run."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

pytest.importorskip("tree_sitter", reason="reads PowerShell with a grammar: pip install tree-sitter")

from catalog import event
from catalog.derived.audit_script import _ABSENT, _ABSENT_PATH_FAILS, audit_script
from local_aws.servers.powershell import Machine, PowerShellError, run

#: The script's logic for one setting and for its exit status, without what reads and writes Windows.
_TEXT = audit_script([event("user-account-created")])
_LOGIC = (
    "$outcomes = @()\n"
    + re.search(r"\$memory = .*\n", _TEXT)[0]  # type: ignore[index]
    + re.search(r"function Confirm-Setting.*?\n\}\n", _TEXT, re.DOTALL)[0]  # type: ignore[index]
)
_EXIT = re.search(r"if \(\$outcomes -contains 'failed'\).*?exit 0\n", _TEXT, re.DOTALL)[0]  # type: ignore[index]


@dataclass
class Server:
    """A server with one setting, and a registry."""

    holds: bool = False
    obeys: bool = True
    registry: dict[tuple[str, str], Any] = field(default_factory=dict)

    def run(self, mode: str = "apply", lasting: str = "") -> tuple[list[str], int]:
        outcomes: list[str] = []
        lines: list[str] = []

        def write(outcome: str, setting: str) -> list[str]:
            outcomes.append(outcome)
            lines.append(f"{outcome} {setting}")
            return []

        def enable() -> list[str]:
            self.holds = self.obeys
            return []

        machine = Machine(
            commands={"Write-Outcome": write, "Get-Held": lambda: [self.holds], "Set-Held": enable},
            statics={
                "Microsoft.Win32.Registry::GetValue": lambda key, name, default: self.registry.get(
                    (key, name), default
                ),
                "Microsoft.Win32.Registry::SetValue": lambda key, name, value, kind: self.registry.update(
                    {(key, name): value}
                ),
            },
            variables={"mode": mode},
        )
        call = "Confirm-Setting 'audit Logon' { Get-Held } { Set-Held }" + lasting + "\n"
        run(_LOGIC + call, machine)
        machine.variables["outcomes"] = outcomes  # type: ignore[index]
        return lines, run(_EXIT, machine)[1]


def test_a_setting_that_is_off_is_set_and_then_unchanged() -> None:
    server = Server()
    assert server.run() == (["changed audit Logon"], 0)
    assert server.run() == (["unchanged audit Logon"], 0)


def test_a_setting_that_a_group_policy_switched_off_again_is_failed_as_overruled() -> None:
    server = Server()
    server.run()
    server.holds = False
    (line,), status = server.run()
    assert line.startswith("failed audit Logon: overruled by another policy")
    assert status == 1


def test_a_group_policy_is_reported_at_every_run() -> None:
    server = Server()
    server.run()
    for _ in range(3):
        server.holds = False
        assert server.run()[1] == 1


def test_an_overruled_setting_is_set_again_so_that_one_change_by_an_intruder_heals() -> None:
    server = Server()
    server.run()
    server.holds = False
    server.run()
    assert server.holds
    assert server.run() == (["unchanged audit Logon"], 0)


def test_a_setting_that_held_from_the_start_is_watched_too() -> None:
    server = Server(holds=True)
    server.run()
    server.holds = False
    assert server.run()[1] == 1


def test_a_setting_that_does_not_take_effect_at_once_is_failed() -> None:
    assert Server(obeys=False).run() == (["failed audit Logon: It was set and does not hold."], 1)


def test_report_changes_nothing_and_keeps_nothing() -> None:
    server = Server()
    assert server.run(mode="report") == (["would change audit Logon"], 2)
    server.holds = True
    server.run(mode="report")
    assert server.registry == {}


def test_an_audit_entry_that_is_lost_with_its_file_is_not_called_overruled() -> None:
    server = Server()
    server.run(lasting=" $false")
    server.holds = False
    assert server.run(lasting=" $false") == (["changed audit Logon"], 0)
    assert server.registry == {}


def test_only_audit_entries_may_be_lost_in_ordinary_work() -> None:
    assert _TEXT.count("} $false\n") == 1
    assert _TEXT.index("foreach ($watched in") < _TEXT.index("} $false\n")


@pytest.mark.parametrize(
    ("absent_fails", "lasting", "outcome"),
    [(False, "", "absent"), (False, " $false", "absent"), (True, "", "absent"), (True, " $false", "failed")],
)
def test_a_path_that_does_not_exist_is_absent_or_fails_as_wanted(
    absent_fails: bool, lasting: str, outcome: str
) -> None:
    server = Server()
    logic = _LOGIC.replace(_ABSENT, _ABSENT_PATH_FAILS) if absent_fails else _LOGIC

    def absent() -> list[str]:
        raise PowerShellError("none", "System.Management.Automation.ItemNotFoundException")

    lines: list[str] = []

    def write(outcome: str, setting: str) -> list[str]:
        lines.append(outcome)
        return []

    machine = Machine(
        commands={"Get-Held": absent, "Write-Outcome": write},
        variables={"mode": "apply"},
    )
    run(f"{logic}Confirm-Setting 'x' {{ Get-Held }} {{ Get-Held }}{lasting}\n", machine)
    assert (lines, server.registry) == ([outcome], {})


def test_the_script_for_paths_that_must_exist_differs_in_that_line_only() -> None:
    usual, strict = (audit_script([], absent_fails=fails).splitlines() for fails in (False, True))
    assert [line.strip() for line in strict if line not in usual] == [_ABSENT_PATH_FAILS]
