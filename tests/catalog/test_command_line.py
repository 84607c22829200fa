"""``python -m catalog``."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import EVENTS, event, matches, pack
from catalog.__main__ import main
from catalog.derived.audit_script import audit_script
from catalog.docs import pages
from catalog.samples import samples_of

WITH_OWN_EVENT = """\
own_events:
  - key: task-enabled
    event_id: 4700
    title: Scheduled task enabled
    severity: low
    audit: OTHER_OBJECT_ACCESS_EVENTS
    runbook: Ask who enabled it.
    attack: [T1053.005]
accounts:
  a:
    id: 111122223333
    regions: [eu-west-1]
    packs: [remote-desktop]
    notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}
"""
REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_list_names_every_event_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(EVENTS)


def test_the_list_of_several_packs_has_the_events_of_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--pack", "article", "--pack", "remote-desktop", "--json"]) == 0
    keys = [record["key"] for record in json.loads(capsys.readouterr().out)]
    assert len(keys) == len(set(keys))
    assert set(keys) == {event.key for name in ("article", "remote-desktop") for event in pack(name)}


def test_the_json_of_an_event_has_the_keys_that_programs_rely_on(capsys: pytest.CaptureFixture[str]) -> None:
    main(["show", "administrators-member-added", "--json"])
    record = json.loads(capsys.readouterr().out)
    assert record["event_id"] == 4732
    assert record["channel"] == "Security"
    assert record["family"] == "group"
    assert record["severity"] == "high"
    assert record["alarm"] == {
        "threshold": 1,
        "period": 300,
        "evaluation_periods": 1,
        "datapoints_to_alarm": 1,
    }
    assert record["audit"] == {
        "subcategory": "Security Group Management",
        "guid": "{0CCE9237-69AE-11D9-BED3-505054503030}",
        "also_needed": [],
        "success": True,
        "failure": False,
        "default_on": True,
    }
    assert record["attack"] == ["T1098.007"]


def test_an_event_id_lists_its_events(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "4769", "--json"]) == 0
    assert {record["event_id"] for record in json.loads(capsys.readouterr().out)} == {4769}


def test_no_event_that_has_all_that_is_asked_for_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--id", "4769", "--severity", "critical"]) == 0
    assert capsys.readouterr() == ("", "no event has all that is asked for\n")


def test_own_events_of_a_deployment_are_listed_shown_and_in_the_layer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deployment.yaml"
    file.write_text(WITH_OWN_EVENT)
    assert main(["list", "--id", "4700", "--deployment", str(file)]) == 0
    assert capsys.readouterr().out.split()[:2] == ["4700", "task-enabled"]
    assert main(["show", "task-enabled", "--deployment", str(file)]) == 0
    assert "4700" in capsys.readouterr().out
    assert main(["attack", "--deployment", str(file), "--account", "a"]) == 0
    layer = json.loads(capsys.readouterr().out)
    assert layer["name"] == "Windows security events: a"
    assert "task-enabled" in {t["techniqueID"]: t for t in layer["techniques"]}["T1053.005"]["comment"]


def test_an_event_without_an_alarm_says_null(capsys: pytest.CaptureFixture[str]) -> None:
    main(["show", "special-privileges-assigned", "--json"])
    assert json.loads(capsys.readouterr().out)["alarm"] is None


def test_the_pattern_of_a_watched_path_is_printed_for_the_path_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["pattern", "object-handle-requested", "--path", r"D:\R&D"])
    assert (
        capsys.readouterr().out.strip().endswith(r""""<Data Name='ObjectName'>D:\\R&amp;D</Data>" """.strip())
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["show", "logon-failed-netwrok"],
            "logon-failed-netwrok: no such event; did you mean logon-failed-network?",
        ),
        (["list", "--pack", "artikle"], "artikle: no such pack; did you mean article?"),
        (
            ["pattern", "object-handle-requested", "--path", "relative"],
            "'relative' is not an absolute Windows path",
        ),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_the_agent_configuration_can_be_printed_minified(capsys: pytest.CaptureFixture[str]) -> None:
    main(["agent-config", "--pack", "article", "--collection", "levels", "--minified"])
    text = capsys.readouterr().out.strip()
    assert "\n" not in text
    assert json.loads(text)["logs"]


def test_a_reader_that_has_read_enough_ends_the_output_without_a_traceback() -> None:
    command = subprocess.Popen(
        [sys.executable, "-m", "catalog", "list", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with command:
        assert command.stdout
        assert command.stderr
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == 0


def test_importing_the_catalog_loads_no_third_party_package_and_no_jsii() -> None:
    script = (
        "import sys, sysconfig; before = set(sys.modules); import catalog; "
        "paths = sysconfig.get_paths(); "
        "print([n for n in set(sys.modules) - before if (f := getattr(sys.modules[n], '__file__', None)) "
        "and 'site-packages' in f])"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "[]"


def test_importing_the_catalog_loads_what_events_are_made_of_and_nothing_else() -> None:
    # 50 milliseconds were asked for. A time would judge the machine; what is loaded and called does not.
    script = (
        "import sys; before = set(sys.modules); import catalog; "
        "print(*{'.'.join(name.split('.')[:2]) for name in set(sys.modules) - before})"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert {name for name in loaded if name.startswith("catalog.")} == {
        "catalog.derived",
        "catalog.errors",
        "catalog.events",
        "catalog.filter_pattern",
        "catalog.model",
    }
    slow = {
        "argparse",
        "asyncio",
        "csv",
        "email",
        "http",
        "json",
        "logging",
        "pathlib",
        "socket",
        "subprocess",
    }
    assert loaded.isdisjoint(slow)


def test_importing_the_catalog_calls_fewer_than_200_functions_for_each_event() -> None:
    script = (
        "import dataclasses, enum, functools, re, sys, typing; calls = 0\n"
        "def count(frame, event, argument):\n"
        "    global calls\n"
        "    calls += event == 'call'\n"
        "sys.setprofile(count); import catalog; sys.setprofile(None)\n"
        "print(calls)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 200 * len(EVENTS)


def test_the_catalog_is_in_order_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 0
    assert capsys.readouterr().out == f"{len(EVENTS)} events, 0 findings\n"


def test_findings_are_told_with_status_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = replace(EVENTS[0], title="lower case")
    monkeypatch.setattr("catalog.__main__.EVENTS", (wrong,))
    assert main(["validate", "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["validator"], finding["event"], finding["field"]) == ("titles", wrong.key, "title")


def test_the_audit_policy_of_a_choice_is_its_auditpol_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit-policy", "--event", "process-created", "--event", "user-account-created"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        'auditpol /set /subcategory:"{0CCE922B-69AE-11D9-BED3-505054503030}" /success:enable',
        'auditpol /set /subcategory:"{0CCE9235-69AE-11D9-BED3-505054503030}" /success:enable',
    ]


def test_the_audit_policy_can_be_a_script_that_only_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit-policy", "--pack", "remote-desktop", "--script", "--mode", "report"]) == 0
    assert capsys.readouterr().out == audit_script(pack("remote-desktop"), mode="report")


def test_the_layer_of_a_pack_is_written_where_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "new" / "layer.json"
    assert main(["attack", "--pack", "article", "--output", str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8"))["name"] == "Windows security events: article"
    assert capsys.readouterr().out == f"{target} written\n"


def test_the_layer_of_all_events_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attack"]) == 0
    assert json.loads(capsys.readouterr().out)["techniques"]


def test_the_pages_are_written_into_a_folder(tmp_path: Path) -> None:
    assert main(["docs", "--output", str(tmp_path)]) == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == pages()


def test_what_cannot_be_written_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["docs", "--output", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a folder with packages of the project, and nothing else of it."""
    for package in ("catalog", "cli", "deployment"):
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("*.pyc"))
    return tmp_path


def refusal(installed: Path, *arguments: str) -> str:
    """What a command of the installed packages says on standard error, writing nothing else and no file."""
    files = {path: path.read_bytes() for path in installed.rglob("*") if path.is_file()}
    environment = {"PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.run(
        [sys.executable, *arguments],
        cwd=installed,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stdout) == (2, "")
    assert {path: path.read_bytes() for path in installed.rglob("*") if path.is_file()} == files
    return process.stderr


@pytest.mark.parametrize("command", ["catalog docs", "catalog lock", "deployment schema --write"])
def test_files_of_the_repository_are_written_in_a_checkout_only(installed: Path, command: str) -> None:
    assert refusal(installed, "-m", *command.split()) == (
        f"{installed}: is no checkout of the repository, to which the file to be written belongs\n"
    )


def test_the_coverage_names_what_is_to_be_installed_for_it(installed: Path) -> None:
    without_yaml = (
        "import runpy, sys; sys.modules['yaml'] = None; runpy.run_module('catalog', run_name='__main__')"
    )
    assert refusal(installed, "-c", without_yaml, "coverage") == (
        "coverage: needs yaml, which is not installed: "
        'pip install "windows-security-monitoring[deployment]"\n'
    )


def test_a_command_names_what_is_to_be_installed_for_it(installed: Path) -> None:
    # Without its site-packages, Python has the standard library only.
    assert refusal(installed, "-S", "-m", "catalog", "list") == (
        'catalog: needs typer, which is not installed: pip install "windows-security-monitoring[cli]"\n'
    )


SILENT = """\
defaults:
  regions: [eu-central-1]
  notifications: {subscriptions: [{protocol: email, endpoint: security@example.com}]}
accounts:
  a: {id: 111111111111, packs: [], events: {user-account-created: {enabled: true}}}
  b:
    id: 222222222222
    packs: []
    events: {scheduled-task-created: {enabled: true}}
    associations: {apply_audit_policy: {enabled: false}}
"""


@pytest.mark.parametrize(("account", "status"), [("a", 0), ("b", 1)])
def test_an_alarm_that_never_rings_is_told_with_status_1(
    account: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deployment.yaml"
    file.write_text(SILENT, encoding="utf-8")
    assert main(["coverage", "--deployment", str(file), "--account", account, "--json"]) == status
    (stack,) = json.loads(capsys.readouterr().out)
    assert stack["stack"] == f"{account}-eu-central-1"
    assert (stack["events"][0]["never_rings"] is not None) is bool(status)


def test_the_coverage_of_all_stacks_is_a_table_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deployment.yaml"
    file.write_text(SILENT, encoding="utf-8")
    assert main(["coverage", "--deployment", str(file)]) == 1
    assert capsys.readouterr().out.count("EVENT ") == 2
    assert main(["coverage", "--deployment", str(file), "--account", "a", "--account", "b"]) == 1
    assert capsys.readouterr().out.count("EVENT ") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--account", "bb"], "account bb: there is no such account; did you mean b?"),
        (["--deployment", "absent.yaml"], "absent.yaml"),
    ],
)
def test_the_coverage_of_what_is_not_there_is_status_2(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deployment.yaml"
    file.write_text(SILENT, encoding="utf-8")
    assert main(["coverage", "--deployment", str(file), *arguments]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_samples_are_printed_as_the_agent_ships_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", "administrators-member-added"]) == 0
    printed = capsys.readouterr().out
    assert printed == "\n".join(samples_of(event("administrators-member-added")).matches) + "\n"
    assert "<RenderingInfo" in printed


def test_samples_as_event_xml_have_no_rendering(capsys: pytest.CaptureFixture[str]) -> None:
    main(["sample", "administrators-member-added", "--format", "evtx-xml"])
    printed = capsys.readouterr().out
    assert "<RenderingInfo" not in printed
    assert printed.count("</EventData></Event>\n") == len(
        samples_of(event("administrators-member-added")).matches
    )


def test_samples_as_json_are_records_of_cloudwatch_logs(capsys: pytest.CaptureFixture[str]) -> None:
    main(["sample", "logon-failed-network", "--format", "json"])
    records = json.loads(capsys.readouterr().out)
    assert [record["message"] for record in records] == list(
        samples_of(event("logon-failed-network")).matches
    )
    assert {record["timestamp"] for record in records} == {1778022757349}


def test_near_misses_are_printed_instead_of_matching_samples(capsys: pytest.CaptureFixture[str]) -> None:
    main(["sample", "logon-failed-network", "--near-misses", "--format", "json"])
    records = json.loads(capsys.readouterr().out)
    assert not [
        r for r in records if any(matches(p, r["message"]) for p in event("logon-failed-network").patterns)
    ]


def test_samples_of_a_watched_path_are_printed_for_the_path_given(capsys: pytest.CaptureFixture[str]) -> None:
    main(["sample", "object-accessed", "--path", r"D:\R&D"])
    assert r"<Data Name='ObjectName'>D:\R&amp;D</Data>" in capsys.readouterr().out
