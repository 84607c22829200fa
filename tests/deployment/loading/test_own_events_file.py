from collections.abc import Callable
from pathlib import Path

import pytest

from catalog import EVENTS
from deployment import DeploymentError, RegionPlan, load, resolve
from deployment.loading import own_events_file, own_events_process
from deployment.loading.own_events_file import read

RECORD = """\
{name} = SecurityEvent(
    key="{key}",
    event_id=4624,
    title="Logon to {key}",
    title_ja="{key} へのログオン",
    family=Family.CUSTOM,
    severity=Severity.HIGH,
    runbook="Ask the owner.",
    runbook_ja="担当者に確認する。",
    where=(Field("TargetUserName") == "{key}",),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(),
)
"""
IMPORTS = "from catalog import AlarmDefaults, AuditSubcategory, Family, Field, SecurityEvent, Severity\n"
DEPLOYMENT = """\
own_events_file: my_events.py
defaults:
  regions: [eu-central-1]
  packs: [remote-desktop]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts:
  a:
    id: 111111111111
"""

Write = Callable[[str, str], Path]


def record(name: str, key: str) -> str:
    return RECORD.format(name=name, key=key)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of own events, and the deployment that names it."""

    def write_files(events: str, deployment: str = DEPLOYMENT) -> Path:
        (tmp_path / "my_events.py").write_text(events, encoding="utf-8")
        path = tmp_path / "deployment.yaml"
        path.write_text(deployment, encoding="utf-8")
        return path

    return write_files


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the file as its own process does, without the start of one."""
    monkeypatch.setattr(own_events_file, "_run", own_events_process.run)


@pytest.fixture
def problems_of(write: Write) -> Callable[..., list[str]]:
    def problems(events: str, deployment: str = DEPLOYMENT) -> list[str]:
        path = write(events, deployment)
        with pytest.raises(DeploymentError) as refused:
            load(path)
        return [str(problem).removeprefix(f"{path.parent}/") for problem in refused.value.problems]

    return problems


def own_keys(region: RegionPlan) -> list[str]:
    return [event.key for event in region.events if event not in EVENTS]


def test_the_records_at_the_top_level_are_own_events_in_their_order(write: Write) -> None:
    path = write(IMPORTS + record("PAYROLL", "payroll") + record("ARCHIVE", "archive"), DEPLOYMENT)
    (region,) = resolve(load(path))
    assert own_keys(region) == ["payroll", "archive"]


def test_the_file_is_looked_for_beside_the_deployment(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write(IMPORTS + record("PAYROLL", "payroll"), DEPLOYMENT)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert own_keys(resolve(load(path))[0]) == ["payroll"]


@pytest.mark.usefixtures("in_this_process")
def test_records_may_stand_in_a_list(write: Write) -> None:
    path = write(
        IMPORTS
        + record("FIRST", "payroll")
        + "from dataclasses import replace\n"
        + "REST = [replace(FIRST, key=f'k-{n}', where=(Field('TargetUserName') == n,)) for n in 'ab']\n",
        DEPLOYMENT,
    )
    assert own_keys(resolve(load(path))[0]) == ["payroll", "k-a", "k-b"]


@pytest.mark.usefixtures("in_this_process")
def test_a_record_under_two_names_is_one_event(write: Write) -> None:
    path = write(IMPORTS + record("PAYROLL", "payroll") + "ALIAS = PAYROLL\n", DEPLOYMENT)
    assert own_keys(resolve(load(path))[0]) == ["payroll"]


@pytest.mark.usefixtures("in_this_process")
def test_what_is_imported_from_the_catalog_is_no_own_event(write: Write) -> None:
    text = "from catalog.events.logon import *\nfrom catalog import event\nX = event('share-accessed')\n"
    path = write(IMPORTS + text + record("PAYROLL", "payroll"), DEPLOYMENT)
    assert own_keys(resolve(load(path))[0]) == ["payroll"]


@pytest.mark.usefixtures("in_this_process")
def test_events_of_the_file_follow_those_of_the_deployment(write: Write) -> None:
    path = write(
        IMPORTS + record("PAYROLL", "payroll"),
        "own_events:\n- {key: first, event_id: 4625, title: x, severity: low, runbook: x, audit: Logon, "
        "outcome: failure, where: {TargetUserName: x}}\n" + DEPLOYMENT,
    )
    assert own_keys(resolve(load(path))[0]) == ["first", "payroll"]


@pytest.mark.usefixtures("in_this_process")
def test_overrides_and_composite_alarms_take_keys_of_the_file(write: Write) -> None:
    path = write(
        IMPORTS + record("PAYROLL", "payroll"),
        DEPLOYMENT + "    events: {payroll: {threshold: 7}}\n"
        "    composite_alarms: {both: {title: x, all_of: [payroll, logon-succeeded-remote-desktop]}}\n",
    )
    (region,) = resolve(load(path))
    (event,) = (e for e in region.events if e.key == "payroll")
    assert event.alarm
    assert event.alarm.threshold == 7


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize(
    ("events", "problem"),
    [
        ("def (:\n", "my_events.py:1: is not Python: invalid syntax"),
        ("\n\nX = undefined\n", "my_events.py:3: NameError: name 'undefined' is not defined"),
        ("import nowhere_at_all\n", "my_events.py:1: ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("\nraise SystemExit(3)\n", "my_events.py:2: SystemExit: 3"),
        (
            "open('nothing')\n",
            "my_events.py:1: FileNotFoundError: [Errno 2] No such file or directory: 'nothing'",
        ),
        (
            "from catalog import event\nX = event('logon-failed-netwrok')\n",
            "my_events.py:2: logon-failed-netwrok: no such event; did you mean logon-failed-network?",
        ),
        ("X = 1\n", "my_events.py: defines no event: write SecurityEvent records at its top level"),
        ("", "my_events.py: defines no event: write SecurityEvent records at its top level"),
    ],
)
def test_what_is_wrong_with_the_file_is_told_with_its_line(
    problems_of: Callable[..., list[str]], events: str, problem: str
) -> None:
    assert problems_of(events) == [problem]


@pytest.mark.usefixtures("in_this_process")
def test_everything_wrong_with_a_record_is_told_at_its_line(problems_of: Callable[..., list[str]]) -> None:
    bad = record("PAYROLL", "payroll").replace("event_id=4624", "event_id=-4").replace("Ask the owner.", "")
    assert problems_of(IMPORTS + bad) == [
        "my_events.py:2: event 'payroll': event_id -4 is not from 0 to 65535",
        "my_events.py:2: event 'payroll': runbook is empty",
    ]


def test_an_error_in_a_function_is_told_at_the_files_own_last_line(
    problems_of: Callable[..., list[str]],
) -> None:
    text = IMPORTS + "\ndef made(key):\n    return int(key)\n\nX = made('x')\n"
    assert problems_of(text) == [
        "my_events.py:4: ValueError: invalid literal for int() with base 10: 'x'",
    ]


def test_a_file_that_is_not_there_is_told(write: Write) -> None:
    path = write("", DEPLOYMENT)
    (path.parent / "my_events.py").unlink()
    with pytest.raises(DeploymentError) as refused:
        load(path)
    assert str(refused.value) == f"{path.parent}/my_events.py: there is no such file"
    (path.parent / "my_events.py").mkdir()
    with pytest.raises(DeploymentError, match="is a folder, not a file"):
        load(path)


@pytest.mark.parametrize("name", ["/etc/events.py", "~/events.py", "''"])
def test_the_file_is_named_relative_to_the_deployment(
    problems_of: Callable[..., list[str]], name: str
) -> None:
    (problem,) = problems_of("", DEPLOYMENT.replace("my_events.py", name))
    assert problem.startswith("deployment.yaml:1: own_events_file: ")
    assert problem.endswith(" is not a relative path: the file is for every machine")


@pytest.mark.usefixtures("in_this_process")
def test_a_broken_file_hides_neither_other_problems_nor_calls_its_keys_unknown(
    problems_of: Callable[..., list[str]],
) -> None:
    assert problems_of("X =", DEPLOYMENT + "    events: {payroll: {threshold: 0}}\n    packs: x\n") == [
        "deployment.yaml:9: accounts.a.events.payroll.threshold: must be 1 or more, not 0",
        "deployment.yaml:10: accounts.a.packs: must be a list (a line '- value' for each), not 'x'",
        "my_events.py:1: is not Python: invalid syntax",
    ]


@pytest.mark.usefixtures("in_this_process")
def test_an_event_that_collides_is_told_at_the_line_of_its_record(
    problems_of: Callable[..., list[str]],
) -> None:
    twice = record("B", "payroll").replace("Logon to", "Also").replace('== "payroll"', '== "x"')
    text = IMPORTS + record("A", "payroll") + twice + record("C", "logon-failed-network")
    assert problems_of(text) == [
        "my_events.py:15: event 'payroll': own_events[0] has an event payroll: take another key",
        "my_events.py:28: event 'logon-failed-network': the catalog has an event logon-failed-network: take "
        "another key",
    ]


def test_reading_leaves_no_trace_in_the_process(tmp_path: Path) -> None:
    import sys

    path = tmp_path / "json.py"
    path.write_text(IMPORTS + record("PAYROLL", "payroll"), encoding="utf-8")
    before, folders = set(sys.modules), list(sys.path)
    assert [event.key for event in read(path).events] == ["payroll"]
    assert (set(sys.modules), sys.path) == (before, folders)
    assert not (tmp_path / "__pycache__").exists()


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("packs", '("article",)', "packs: must be of type Pack, not 'article'"),
        ("packs", "[]", "packs: must be a tuple: (value,)"),
        ("event_id", "4624.0", "event_id: must be a whole number, not 4624.0"),
        ("event_id", "True", "event_id: must be a whole number, not true"),
        ("family", '"custom"', "family: must be of type Family, not 'custom'"),
        ("domain_controllers_only", '"no"', "domain_controllers_only: must be true or false, not 'no'"),
    ],
)
def test_a_value_of_another_type_is_refused_at_the_line_of_its_record(
    problems_of: Callable[..., list[str]], field: str, value: str, message: str
) -> None:
    lines = [line for line in record("PAYROLL", "payroll").splitlines() if f" {field}=" not in line]
    text = IMPORTS + "\n".join([*lines[:-1], f"    {field}={value},", ")"])
    (problem,) = problems_of(text)
    assert problem.startswith(f"my_events.py:2: event 'payroll': {message}")


def test_a_file_that_ends_python_is_refused(problems_of: Callable[..., list[str]]) -> None:
    assert problems_of("import os\nos._exit(0)\n") == [
        "my_events.py: ended Python with exit status 0: it must define records only"
    ]


def test_a_file_that_does_not_end_is_refused(
    problems_of: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_events_file, "_MOST_SECONDS", 0.5)
    assert problems_of("while True: pass\n") == [
        "my_events.py: was still running after 0.5 seconds: it must define records only"
    ]


def test_what_a_file_prints_is_not_taken_for_its_events(write: Write) -> None:
    path = write(f"print('hello')\n{IMPORTS}{record('PAYROLL', 'payroll')}", DEPLOYMENT)
    assert own_keys(resolve(load(path))[0]) == ["payroll"]


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("token", ["${TfToken[TOKEN.0]}", "#{TfToken[TOKEN.0]}"])
@pytest.mark.parametrize("place", ["Logon to payroll", "Ask the owner", '== "payroll"'])
def test_reference_of_cdktf_in_a_text_is_refused(
    problems_of: Callable[..., list[str]], token: str, place: str
) -> None:
    text = record("PAYROLL", "payroll").replace(place, place.replace("payroll", token).replace("Ask", token))

    assert problems_of(IMPORTS + text, DEPLOYMENT) == [
        "my_events.py:2: event 'payroll': 'TfToken[' must not be in a text: CDKTF would take it for a "
        "reference"
    ]


@pytest.mark.usefixtures("in_this_process")
def test_control_character_in_a_text_is_refused(problems_of: Callable[..., list[str]]) -> None:
    text = record("PAYROLL", "payroll").replace("Logon to", "Logon\\x1b[31m to")

    assert problems_of(IMPORTS + text, DEPLOYMENT) == [
        "my_events.py:2: event 'payroll': the control character U+001B must not be in a text"
    ]
